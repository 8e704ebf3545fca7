import sys
import numpy as np
z = len(sys.argv) - 1
a = np.array([[3., 1., 4.], [1., 5., 9.]]) + z
i = np.array([[3, 1, 4], [1, 5, 9]]) + z
i8 = np.array([100, 27, -128, 3], np.int8) + np.int8(z)
b = a > 2
print(np.subtract.reduce(a), np.subtract.reduce(a, axis=1), np.divide.reduce(i, axis=1))
print(np.add.reduce(a, axis=(0, 1)), np.add.reduce(a, axis=None, keepdims=True), np.add.reduce(i8), np.multiply.reduce(i8, dtype=np.int8))
print(np.logical_and.reduce(b), np.logical_or.reduce(b, axis=1), np.logical_xor.reduce(b, axis=None))
print(np.maximum.reduce(a, axis=1, initial=4.5), np.minimum.reduce(a, axis=None), np.maximum.reduce(i, axis=(0, 1), keepdims=True))
print(np.bitwise_or.reduce(i, axis=1), np.bitwise_and.reduce(i), np.bitwise_xor.reduce(i, axis=None), np.gcd.reduce(i * 6, axis=1), np.lcm.reduce(i, axis=0))
print(np.power.reduce(np.array([2, 3, 2]) + z), np.hypot.reduce(a, axis=1), np.fmax.reduce(a, axis=1), np.logaddexp.reduce(a, axis=None))
print(np.add.accumulate(a), np.add.accumulate(a, axis=1), np.multiply.accumulate(i, axis=1), np.maximum.accumulate(i, 1), np.subtract.accumulate(a, 1))
print(np.add.reduceat(np.arange(8) + z, [0, 4, 1, 5, 2, 6, 3, 7]), np.add.reduceat(a, [0, 2], axis=1), np.multiply.reduceat(i, [0, 1, 2], axis=1))
c = np.zeros(5) + z
np.add.at(c, [0, 1, 1, 3], 1)
print(c)
np.subtract.at(c, np.array([0, 0, 4]), np.array([1., 2., 3.]))
print(c)
np.negative.at(c, [0, 1])
print(c)
np.multiply.at(i, (np.array([0, 1, 0]), np.array([0, 2, 0])), 10)
print(i)
np.add.at(i, [0, 0], [1, 2, 3])
print(i)
print(np.add.outer(a[0], a[1]), np.multiply.outer(a, [1, 2]).shape, np.less.outer(a[0], a[1]), np.subtract.outer(2, a[0]))
print(np.sum(a, where=b), np.sum(a, axis=0, where=b), np.sum(a, initial=10), np.sum(a, where=[True, False, True], axis=1, keepdims=True))
print(np.max(a, initial=6, where=b), np.min(a, axis=1, initial=2, where=b), a.max(initial=100), a.min(axis=0, initial=-1))
print(np.mean(a, where=b), a.mean(axis=1, where=b), np.var(a, where=b), np.std(a, axis=1, where=b), np.std(a, ddof=1), np.var(a, correction=1))
print(np.prod(a, where=b, axis=1), np.prod(i, initial=2), np.all(a, where=b), np.any(a > 8, axis=1, where=b))
o = np.zeros(3) + z
r = np.sum(a, axis=0, out=o)
print(r is o, o)
np.mean(a, axis=0, out=o); print(o)
np.max(a, axis=0, out=o); print(o)
np.cumsum(a[0], out=o); print(o)
w = np.zeros(3, np.int64) + z
np.add(i[0], i[1], out=w); print(w)
np.add(i[0], i[1], w); print(w)
np.divide(a[0], a[1], out=o, where=a[0] > 2); print(o)
np.multiply(o[:-1], 2, out=o[1:]); print(o)
np.add(o, o[::-1], out=o); print(o)
print(np.add(i8, 1, dtype=np.int32), np.add(a, 1, dtype=np.float32).dtype, np.sqrt(i, dtype=np.float32))
print(np.add(i8, 100), np.multiply(i8, i8))
x, y = np.divmod(i, 4); print(x, y)
x, y = np.modf(a / 3 - 2); print(x, y)
x, y = np.frexp(a / 7); print(x, y)
x, y = np.divmod(a, -2.5); print(x, y)
print(divmod(a, 2), divmod(i8, np.int8(7)))
print(np.ldexp(a, i[0, 1]), np.nextafter(a, 4), np.spacing(a), np.copysign(a, -1), np.signbit(-a), np.heaviside(a - 4, .5))
print(np.gcd(i, 6), np.lcm(i, 4), np.gcd(i8, 12), np.bitwise_count(i), np.bitwise_count(i8))
print(np.fabs(-a), np.float_power(i, 2), np.fmax(a, 3), np.fmin(a, 3), np.rad2deg(a), np.deg2rad(a), np.positive(a))
ints = np.array([5, -5, 7]) + z
floats = np.array([5.5, -0.0, 2]) + z
small = np.array([100, -128], np.int8) + np.int8(z)
print(divmod(ints, 3), divmod(7, ints), divmod(floats, 2), divmod(floats[0], 2), divmod(ints[0], 3), divmod(3, ints[0]), divmod(small, 7), divmod(small[0], np.int8(7)), divmod(z + 7, 2), divmod(7.5 + z, 2))
