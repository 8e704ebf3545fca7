# args: 0 3
import math
import sys


def bisect(f, lo, hi, eps=1e-9):
    if f(lo) * f(hi) > 0:
        raise ValueError(f"no sign change between {lo} and {hi}")
    while hi - lo > eps:
        mid = (lo + hi) / 2
        if f(lo) * f(mid) <= 0:
            hi = mid
        else:
            lo = mid
    return (lo + hi) / 2


lo, hi = float(sys.argv[1]), float(sys.argv[2])
print(f"{bisect(math.cos, lo, hi):.6f}")
print(f"{bisect(lambda x: x**3 - x - 2, lo, hi):.6f}")
try:
    bisect(math.exp, lo, hi)
except ValueError as error:
    print("error:", error)
