import numpy as np
import sys
n = len(sys.argv) + 4
rng = np.random.default_rng(3)
a = rng.random((4, 5)); x = np.array([3, 1, 4, 1, 5, 9, 2]); d = np.arange(n) ** 1.3
m = a.copy(); m[0, 1] = np.nan; m[2] = np.nan; f = a.astype(np.float32)
print(np.median(a), np.median(a, 0), np.median(x), np.median(a, (0, 1)), np.median(m, 1), np.median(d), np.median(f, axis=1), np.median(a, axis=1, keepdims=True))
for k in "inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen weibull linear median_unbiased normal_unbiased lower higher midpoint nearest".split():
    print(k, np.quantile(a, [0.1, 0.5, 0.77, 1], method=k), np.percentile(x, 30, method=k), np.quantile(a, 0.3, axis=1, method=k))
print(np.percentile(a, [25, 75]), np.percentile(f, 30), np.percentile(f, [30, 60], axis=0).dtype, np.quantile(x, 0), np.quantile(x, 1.0), np.percentile(m, 50, axis=1), np.percentile(d, [10, 90]), np.quantile(a, [[0.1, 0.2], [0.3, 0.4]]))
print(np.quantile(a, [0.1, 0.2], axis=0, keepdims=True).shape, np.quantile(a, 0.25, axis=(0, 1), keepdims=True))
print(np.quantile(x, 0.3, weights=[1, 2, 1, 1, 0, 3, 1], method="inverted_cdf"))
print(np.nanmedian(m), np.nanmedian(m, 0), np.nanmedian(m, 1), np.nanpercentile(m, 30), np.nanpercentile(m, [30, 60], axis=0), np.nanquantile(m, 0.3, axis=1, keepdims=True), np.nanmedian(x))
print(np.interp(2.5, [1, 2, 3], [3, 2, 0]), np.interp([0, 1, 1.5, 2.72, 3.14, np.nan], [1, 2, 3], [3, 2, 0]), np.interp([-180, 170, 185, 355], [190, -190, 350, -350], [5, 10, 3, 4], period=360), np.interp(d, d, d * 2), np.interp([0, 9], [1, 2], [1, 2], left=-1, right=-2), np.interp(3, [1], [7]))
print(np.repeat(d, np.arange(n)), np.pad(a[0], 2, "median"), np.pad(a, 1, "minimum"), np.mask_indices(3, np.triu), np.tril_indices(n), np.ix_([True, False, True], [0, 1]))
print(np.piecewise(d, [d < 2, d >= 2], [lambda v: -v, lambda v: v * 2]), np.select([d < 1, d > 3], [d, -d], 9))
print(np.corrcoef(f), np.cov(f).dtype, np.histogram(a, 3), np.unique(x), np.bincount(x))
