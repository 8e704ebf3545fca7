# args: 20
import sys
from math import isqrt, gcd, factorial, comb


def sieve(n):
    flags = [True] * (n + 1)
    flags[0:2] = [False, False]
    for p in range(2, isqrt(n) + 1):
        if flags[p]:
            flags[p * p::p] = [False] * len(flags[p * p::p])
    return [i for i, f in enumerate(flags) if f]


def factors(n):
    out = {}
    p = 2
    while p * p <= n:
        while n % p == 0:
            out[p] = out.get(p, 0) + 1
            n //= p
        p += 1 if p == 2 else 2
    if n > 1:
        out[n] = out.get(n, 0) + 1
    return out


def collatz(n):
    steps = [n]
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps.append(n)
    return steps


def is_perfect(n):
    return n > 1 and sum(d for d in range(1, n) if n % d == 0) == n


n = int(sys.argv[1])
ps = sieve(n)
print(ps)
print(" * ".join(f"{p}^{k}" if k > 1 else str(p) for p, k in factors(n).items()))
c = collatz(n)
print(len(c) - 1, max(c), c[:5])
print([k for k in range(1, n + 1) if is_perfect(k)])
print([(a, b) for a in range(2, min(n, 6)) for b in range(a + 1, 7) if gcd(a, b) == 1])
print(factorial(min(n, 15)), comb(n, 2), bin(n)[2:].zfill(8), hex(n), oct(n))
twins = [(p, q) for p, q in zip(ps, ps[1:]) if q - p == 2]
print(twins)
row = [1]
for _ in range(min(n, 8)):
    print(" ".join(map(str, row)).center(40))
    row = [a + b for a, b in zip([0] + row, row + [0])]
