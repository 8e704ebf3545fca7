# args: 360 97 1001
import sys


def factors(n):
    found = {}
    d = 2
    while n > 1:
        while n % d == 0:
            found[d] = found.get(d, 0) + 1
            n //= d
        d += 1
        if d * d > n > 1:
            found[n] = found.get(n, 0) + 1
            break
    return found


for text in sys.argv[1:]:
    n = int(text)
    parts = [f"{p}^{k}" if k > 1 else str(p) for p, k in factors(n).items()]
    print(n, "=", " * ".join(parts))
