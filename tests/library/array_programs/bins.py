import sys
import numpy as np
n = int(sys.argv[1])
a = (np.arange(n) * 7919 % 13) / 2
for x in (a, (a * 2).astype(int)):
    print(np.histogram(x, bins='auto'), np.histogram(x, 'sturges'), np.histogram(x, 'fd')[1], np.histogram(x, 'rice')[0], np.histogram(x, 'scott')[0], np.histogram_bin_edges(x, 'sqrt', range=(1, 5)))
print(np.histogram(a), np.bincount([0, 1, 1, 3]), np.digitize([0.5, 2], [0, 1, 2]))


def tell(function, *arguments, **options):
    try:
        for r in function(*arguments, **options):
            print(*[(x.dtype, x) for x in (r if isinstance(r, list) else [r])])
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)


nan = np.array([1.0, np.nan, 3.0, np.nan]) + n
f, g, i = (nan[:1] - a).astype(np.float32), a[::-1] * 2, (a * 2).astype(int)
w = i % 3
for bins in (nan, nan[2:], nan[:2], nan[1:3], nan[1::-1], nan[:1], nan[:0], a[:2], [n, n, 9, 7]):
    tell(np.digitize, f, bins)
    tell(np.digitize, np.append(nan, n), bins, True)
print(repr(np.digitize(n, [1, 2, n])))
tell(np.digitize, f, i.reshape(2, -1))
tell(np.digitize, f, f + 1j)
tell(np.digitize, f + 1j, f)
for table in (a, i, nan, f > 15, f.astype(np.float16), a + 1j):
    print(np.searchsorted(table, table[::-1]), np.searchsorted(table, table, "right"))
tell(np.searchsorted, f, 3, sorter=[0, 1])
tell(np.searchsorted, f, 3, sorter=f)
for bins in (2, [2, 3], [2, [0, 1, n]], f[[9, 8, 3]].clip(9, 12), [0, 2], [[2, 1], 2], 2.5, [1, 2, 3.5]):
    tell(np.histogram2d, f, g, bins)
tell(np.histogram2d, f, f, 2, range=[[0, n], None], density=True, weights=w)
tell(np.histogram2d, i, f, 2, range=[[0, n]])
tell(np.histogram2d, f, g, 2, weights=w[1:])
tell(np.histogramdd, f.reshape(-1, 2), (2, 3), density=True)
tell(np.histogramdd, f.reshape(-1, 2), (2, 3, 4))
tell(np.histogramdd, f, 3)
tell(np.histogram, f, 3, range=(0, n / 2), weights=w * 1j + 1)
tell(np.histogram, i.astype(np.uint8), 3, range=(0, f[0]))
tell(np.histogram, f, 2.5)
tell(np.histogram, f, i.reshape(2, -1))
tell(np.bincount, i, w + 1j)
tell(np.bincount, i, minlength=2.0)
tell(np.bincount, i[:0], minlength=n % 7)
