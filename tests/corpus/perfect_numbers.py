# args: 500
import sys

limit = int(sys.argv[1])
for n in range(2, limit + 1):
    total = 1
    d = 2
    while d * d <= n:
        if n % d == 0:
            total += d
            if d != n // d:
                total += n // d
        d += 1
    if total == n:
        print(n, "is perfect")
