# args: 500
import random
import sys

random.seed(12)
inside = 0
n = int(sys.argv[1])
for i in range(n):
    x = random.random()
    y = random.random()
    if x**2 + y**2 < 1:
        inside += 1
    if (i + 1) % 100 == 0:
        print(i + 1, 4 * inside / (i + 1))
