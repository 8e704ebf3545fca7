import numpy as np, sys
z = len(sys.argv) - 1
a = np.arange(6, dtype=np.float32).reshape(2, 3) + np.float32(z)
i = np.arange(3) + z
print(np.finfo(np.float32).eps, np.finfo(np.float64).max, np.finfo(float).tiny, np.finfo("float16").bits, np.finfo(a.dtype).resolution)
print(np.iinfo(np.int8).min, np.iinfo("uint16").max, np.iinfo(int), np.iinfo(i.dtype).bits, np.finfo(np.float32).dtype)
print(np.can_cast(np.int32, np.float64), np.can_cast("f8", "i4", "same_kind"), np.can_cast(i.dtype, float), np.can_cast(np.int64, np.int32))
print(np.result_type(np.int8, np.float32), np.result_type(a, i), np.result_type(a, 1.0), np.result_type(i, np.float32(1)), np.result_type("i1", "u1"))
print(np.promote_types("i4", "f4"), np.promote_types(np.uint8, np.int8), np.min_scalar_type(300), np.min_scalar_type(-1), np.min_scalar_type(1e50))
print(np.issubdtype(np.int32, np.integer), np.issubdtype(a.dtype, np.floating), np.issubdtype(i.dtype, np.signedinteger), np.issubdtype(np.uint8, np.unsignedinteger), np.issubdtype(float, np.inexact))
print(np.isdtype(a.dtype, "real floating"), np.isdtype(np.int8, ("integral", "bool")))
d = a.dtype
print(d, repr(d), d.name, d.kind, d.char, d.num, d.itemsize, d.alignment, d.str, d.type, d.byteorder, d.isnative, d.shape, d.ndim, d.hasobject, d.fields, d.names, d.subdtype, d.base)
print(d == np.float32, d == "float32", d == float, d is np.dtype("f4"), d != np.float64, hash(d) == hash(np.dtype("f4")))
for s in "bool int8 i2 <i4 int64 uint8 u2 f2 f4 f8 float double single half ? b B h l L q e d intp longlong".split():
    print(s, np.dtype(s), np.dtype(s).itemsize, end="; ")
print()
print(np.dtype(int), np.dtype(float), np.dtype(bool), np.dtype(np.int16), np.float32, np.int64, np.bool_, type(a[0, 0]), type(i), np.dtype("int32").type(3))
print({np.dtype("i4"): 1}[np.dtype(np.int32)], np.dtype("f4") < np.dtype("f8"), isinstance(a.dtype, np.dtype), isinstance(a[0, 0], np.floating), isinstance(i[0], np.integer), isinstance(i[0], (int, np.integer)), isinstance(a, np.ndarray), isinstance(a[0,0], np.generic), isinstance(np.float64(z), float))
print(a.astype("i4").dtype, a.astype(int).dtype, a.astype(np.uint8), a.astype(bool), (a * 100).astype(np.int8), (-a).astype(np.uint8))
try:
    a.astype(int, casting="safe")
except TypeError as e:
    print(e)
print(np.int8(127) + np.int8(1) if False else 0, np.uint8(200) * np.uint8(2) if False else 0)
u = np.array([2**63, 2**64 - 1, 5], np.uint64) + np.uint64(z)
print(u, u >> np.uint64(1), u // np.uint64(3), u % 7, u * 2, u + 2**63, u == 2**64 - 1, u > 2**63, -u, ~u, u.sum(), u.max())
print(np.uint64(18446744073709551615) - u[1], u[0] + np.uint64(1), repr(u[1]), float(u[1]), u.astype(float), u.astype(np.int64), u / 2)
s = np.array([1, -1, 100], np.int8) + np.int8(z)
print(s << 1, s << 7, s << 8, s >> 1, s >> 9, s << np.int8(3), np.left_shift(s, 70), 1 << i, i >> 1, s ** 2, s ** np.array([0, 1, 5], np.int8))
for f in (lambda: i ** -1, lambda: i ** np.array([-1, 0, 1]), lambda: 2 ** -i - 5, lambda: s + 300, lambda: np.array([1, 2], np.uint8) + z - 1000, lambda: np.uint8(3) + 256, lambda: np.array([300, 1], np.uint8), lambda: np.uint8(-1), lambda: np.int8(200), lambda: s & 1.5, lambda: ~a, lambda: a << 1, lambda: -(i > 1), lambda: (i > 1) - (i > 0), lambda: np.full(3, 300, np.int8), lambda: i.__iadd__(1.5) if False else np.add(i, 1.5, out=i)):
    try:
        print(f())
    except (ValueError, TypeError, OverflowError) as e:
        print(type(e).__name__, e)
x = i
try:
    x += 1.5
except TypeError as e:
    print(type(e).__name__, e)
x += True
x *= 3
x //= 2
x **= 2
x <<= 1
x |= 1
x %= 5
print(x, i)
f = a
f += 1
f /= 3
f -= np.float64(0.5)
f **= 2
print(f, f.dtype)
print(np.isposinf(a), np.isneginf(-a), np.isscalar(3), np.isscalar(a[0, 0]), np.isscalar(a), np.sinc(a / 3), np.trunc(a * 1.5), np.fix(a * -1.5), np.rint(a * .5), np.around(a / 3, 2), np.nan_to_num(a / 0 if False else a))
print(np.maximum(a, np.nan), np.fmax(a, np.nan), np.sign(a - 1), np.heaviside(a - 1, .5), np.clip(a, .2, .9), a.clip(max=.5), np.clip(i, None, 2), np.abs(-i), np.absolute(s))
print(np.vecdot(a, a), np.matvec(a, a[0]), np.vecmat(a[0, :2], a))
