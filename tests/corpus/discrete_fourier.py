# args: 16
import cmath
import math
import sys

n = int(sys.argv[1])
x = [math.sin(2 * math.pi * 3 * k / n) + 0.5 for k in range(n)]
for f in range(n // 2 + 1):
    total = 0j
    for k in range(n):
        total += x[k] * cmath.exp(-2j * cmath.pi * f * k / n)
    print(f"{f:2d} {abs(total) / n:.4f}")
