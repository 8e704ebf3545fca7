import sys
import numpy as np
n = int(sys.argv[1]) if len(sys.argv) > 1 else len(sys.argv) + 4
a = np.arange(n) * 1.5 - 2
b = np.ones(n)
m = a > 0
out = np.zeros(n)
np.add(a, b, out=out); print(out)
np.divide(1, a, out=out, where=m); print(out)
r = np.log(a, where=m, out=np.full(n, -1.0)); print(r)
print(np.add.reduce(a), np.maximum.reduce(a, initial=3), np.multiply.accumulate(a), np.subtract.accumulate(a), np.add.accumulate(a))
print(a.sum(where=m), a.mean(where=m), np.std(a, where=m), a.max(initial=0, where=m))
i = np.arange(n) % 3
c = np.zeros(3)
np.add.at(c, i, a); print(c)
d = np.zeros((n, 2), int)
np.add.at(d, (i, 1), 1); print(d)
print(np.logical_or.reduce(m), np.logical_and.reduce(m), np.bitwise_xor.reduce(i), np.subtract.reduce(a), np.fmin.reduce(a))
print(np.multiply.outer(a, i), np.add.outer(i, i))
print(np.gcd(i, 4), np.lcm(i, 3), np.divmod(a, 2), np.frexp(a), np.modf(a))
print(np.gcd.reduce(i + 2), np.add.reduceat(a, [0, 2]), np.hypot.reduce(a))
x = a.reshape(-1, 1) * np.ones((1, 2))
print(np.sum(x, axis=0, out=np.zeros(2)), np.cumsum(x, axis=0), np.mean(x, axis=1), np.ptp(x), x.var(axis=0, ddof=1))
o = np.empty_like(a)
np.sqrt(np.abs(a), o); print(o)
np.multiply(o[1:], 2, out=o[:-1]); print(o)
try:
    np.add(a, b, out=np.zeros(n + 1))
except ValueError as e:
    print(e)
np.clip(a, 0, 1, out=a); print(a)
np.exp(a, out=a); print(a)
np.negative(a, out=a, where=i == 1); print(a)
a[...] = 3
np.power(a, 2, out=a); print(a)
with np.printoptions(precision=2, suppress=True):
    print(a / 7, np.arange(n) / 3)
for k in (1, 3):
    with np.printoptions(precision=k):
        print(a[:2] / 7)
    np.add(out, k, out=out)
print(out, np.array2string(a / 3, precision=3, separator=","))
print(np.count_nonzero(m), np.any(m, where=i == 0), np.all(x > -3, axis=0), np.median(a), np.average(a))
f = a.astype(np.float32)
f *= 2
np.add(f, 1, out=f, casting="same_kind"); print(f, f.dtype)
np.add(f, a, out=f, casting="unsafe"); print(f)
