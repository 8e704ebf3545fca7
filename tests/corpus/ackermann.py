# args: 2 3
import sys


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


m, n = map(int, sys.argv[1:3])
print(f"A({m}, {n}) = {ackermann(m, n)}")
