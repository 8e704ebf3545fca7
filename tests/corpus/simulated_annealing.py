# args: 300
import math
import random
import sys

random.seed(1)


def energy(x):
    return x * x / 10 + 3 * math.sin(3 * x)


x = 8.0
best = x
temperature = 5.0
for _ in range(int(sys.argv[1])):
    candidate = x + random.uniform(-1, 1)
    difference = energy(candidate) - energy(x)
    if difference < 0 or random.random() < math.exp(-difference / temperature):
        x = candidate
        if energy(x) < energy(best):
            best = x
    temperature *= 0.98
print(f"best {best:.4f} energy {energy(best):.4f}")
