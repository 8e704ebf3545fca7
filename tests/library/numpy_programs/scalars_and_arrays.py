import numpy as np
a = np.array([1.0, 2.0, np.nan]); b = np.arange(4); m = np.arange(6).reshape(2, 3)
show = lambda *x: print(*map(repr, x))
show(np.median(b), np.quantile(b, 0.5), np.percentile(a, 50), np.nanmax(a), np.nanmin(a), np.nanvar(a), np.nanstd(a), np.nanmedian(a), np.nanmean(a), np.nan_to_num(3.0), np.nanquantile(a, 0.3))
show(np.einsum("i,i", b, b), np.einsum("ii", np.eye(2)), np.interp(2.5, [1, 2, 3], [3, 2, 0]), np.cross([1, 2], [4, 5]) if False else 0, np.dot(b, b), np.inner(b, b), np.vdot(b, b), np.tensordot(b, b, 1), np.trapezoid(b), np.polyval([1, 2], 3), np.linalg.norm(b), np.linalg.det(np.eye(2)), np.trace(m), np.average(b), np.ptp(b))
show(np.asanyarray(a) is a, np.asarray(a) is a, np.asfortranarray(m).flags["F_CONTIGUOUS"], np.packbits([1, 0]), np.cov(b), np.corrcoef(b), np.cumulative_sum(b), np.linalg.cond(np.eye(2)), np.linalg.matrix_rank(np.eye(2)), np.unravel_index(3, (2, 2)), np.count_nonzero(b), np.kron(2, 3), np.outer(2, 3), np.array_equal(a, a), np.allclose(b, b))
show(np.linalg.slogdet(np.eye(2)), np.poly1d([1, 2]) == np.poly1d([1, 2]), np.convolve([1, 2], [3]), np.diff(b), np.vecdot(b, b), np.matvec(m, [1, 2, 3]))
