import numpy as np
import sys
n = len(sys.argv) + 2   # 3 at run time
a = np.arange(12.0).reshape(3, 4) * np.sqrt(np.arange(12.0).reshape(3, 4))  # rounded alike on every processor, as powers are not
i3 = np.arange(24).reshape(2, 3, 4)
d = np.arange(n) * 1.5 + 1
f = a.astype(np.float32)
x = np.array([1.0, np.nan, 3.0, -2.0])
m = np.array([[1.0, np.nan, 3.0], [4.0, 5.0, np.nan]])
print(np.average(a), np.average(a, 1), np.average(a, axis=0, weights=[1, 2, 3]), np.average(a, weights=a + 1), np.average(a, 1, returned=True))
print(np.average(i3, axis=(0, 1), weights=np.ones((2, 3))), np.average(d), np.average(a, axis=1, keepdims=True))
print(np.cov(a), np.cov(d, d * d), np.cov(a, rowvar=False), np.cov(a, bias=True), np.cov(d), np.cov(a, fweights=[1, 2, 1, 1]), np.cov(a, aweights=[1, 2, 1, .5]))
print(np.corrcoef(a), np.corrcoef(d, -d))
print(np.nansum(m), np.nansum(m, 0), np.nanprod(m, 1), np.nanmax(m, 0), np.nanmin(m), np.nanmean(m, 1), np.nanvar(m, 0), np.nanstd(m), np.nanargmax(m, 1), np.nanargmin(m), np.nancumsum(m))
print(np.nan_to_num(np.array([np.nan, np.inf, -np.inf, 1])), np.nan_to_num([np.nan, np.inf], nan=1, posinf=9), np.nan_to_num(3))
print(np.diff(a), np.diff(a, axis=0), np.diff([1, 3, 8], 2), np.diff([1, 3], prepend=0, append=[5, 9]), np.diff([True, False]), np.diff(d))
print(np.gradient(d), np.gradient(a), np.gradient(a, 2.0, axis=1), np.gradient(d, d * d), np.gradient(a[0] + 1, edge_order=2), np.gradient([1, 4, 9, 16], [0., 1, 3, 4], edge_order=2))
print(np.trapezoid([1, 2, 3]), np.trapezoid(a), np.trapezoid(a, axis=0), np.trapezoid(d, d * 2), np.trapezoid([1, 2, 3], x=[4, 6, 8]), np.trapezoid(a, dx=.5))
print(np.unwrap([0, 3.0, 6.5, 13, -1]), np.unwrap([1, 3, 1, 5], period=4))
print(np.convolve([1, 2, 3], [0, 1, 0.5]), np.convolve([1, 2, 3], [0, 1, 0.5], "same"), np.convolve([1, 2, 3], [0, 1, 0.5], "valid"), np.convolve(d, [1, 2]), np.convolve([1, 2], [1, 2, 3, 4], "same"))
print(np.correlate([1, 2, 3], [0, 1, 0.5]), np.correlate([1, 2, 3], [0, 1, 0.5], "same"), np.correlate([1, 2, 3], [0, 1, 0.5], "full"), np.correlate([1, 2], [1, 2, 3], "full"), np.correlate([1, 2], [1, 2, 3,4], "same"), np.correlate(d, d))
print(np.bartlett(5), np.blackman(5), np.hamming(4), np.hanning(n), np.kaiser(4, 8.6))
print(np.vectorize(lambda v, w: v + w if v > w else v - w)([1, 2, 3, 4], 2), np.vectorize(lambda v: v * 2.5)(d), np.vectorize(lambda v: (v, -v))(a[0]), np.vectorize(abs, otypes=[float])([1, -2]))
def poly(p, x):
    return p[0] + p[1] * x
print(np.vectorize(poly, excluded={0})([1, 2], d), np.vectorize(poly, excluded=["p"])(p=[1, 2], x=[3, 4]))
print(np.apply_along_axis(lambda v: v.sum(), 0, a), np.apply_along_axis(lambda v: v - v.mean(), 1, a), np.apply_along_axis(np.diag, -1, i3[0]), np.apply_over_axes(np.sum, i3, [0, 2]))
print(np.dot(a, a.T), np.vdot(a, a), np.inner(a, a), np.inner(i3, [1, 2, 3, 4]), np.outer(d, d), np.tensordot(i3, i3, ([0, 1], [0, 1])), np.tensordot(a, a, 0).shape, np.tensordot(i3, np.ones((4, 2)), 1).shape)
print(np.kron([1, 10], [1, 2, 3]), np.kron(np.eye(2), np.ones((2, 2))), np.cross([1, 2, 3], [4, 5, 6]), np.cross([[1, 2, 3], [4, 5, 6.]], [1, 0, 0]), np.vecdot(a, a), np.matvec(a, [1, 2, 3, 4]), np.vecmat([1, 2, 3], a))
print(np.isclose([1, 1e-9, np.nan], [1 + 1e-9, 0, np.nan]), np.isclose([np.nan], [np.nan], equal_nan=True), np.allclose(a, a + 1e-9), np.array_equal(a, a), np.array_equal([1], [1, 2]), np.array_equiv([1, 2], [[1, 2], [1, 2]]), np.array_equal(x, x, equal_nan=True))
print(np.ptp(a), np.ptp(a, 0), np.count_nonzero([[0, 1], [2, 0]], axis=0), np.std(a, ddof=1), np.var(f), np.count_nonzero(a > 3))
print(np.einsum("ij,jk->ik", a, a.T), np.einsum("ii", a[:, :3]), np.einsum("ij->j", a), np.einsum("i,j", d, d), np.einsum("...j,j->...", i3, [1, 2, 3, 4]), np.einsum("ij,ij->", a, a), np.einsum("ii->i", a[:, :3]), np.einsum("ijk,kl,lm->ijm", i3, np.ones((4, 2)), np.ones((2, 2))), np.einsum("ij,jk,kl", np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 2)), optimize=True))
