# args: 100
import random
import sys

random.seed(2024)
rolls = [random.randint(1, 6) + random.randint(1, 6) for _ in range(int(sys.argv[1]))]
counts = {total: 0 for total in range(2, 13)}
for roll in rolls:
    counts[roll] += 1
for total, count in counts.items():
    print(f"{total:2d} {count:3d} {'*' * count}")
