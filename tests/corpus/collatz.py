# args: 27
import sys


def collatz(n):
    while n != 1:
        yield n
        n = n // 2 if n % 2 == 0 else 3 * n + 1
    yield 1


start = int(sys.argv[1])
steps = -1
highest = 0
for value in collatz(start):
    steps += 1
    highest = max(highest, value)
print(f"{start} takes {steps} steps and climbs to {highest}")
best = max(range(1, 30), key=lambda k: sum(1 for _ in collatz(k)))
print("longest below 30:", best)
