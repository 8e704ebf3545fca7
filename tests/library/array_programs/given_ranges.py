"""Arrays made between ends, and filled: the dtypes, steps and words of mixed ends and fillings."""
import sys
import numpy as np
n = int(sys.argv[1])
one, half = n - 2, n - 2.5
f = np.array([1, 2.5, 8], np.float32) + np.float32(n - 3)
h, u, m = f.astype(np.float16), f.astype(np.uint8), np.arange(6).reshape(2, 3) * one
s, c = f[0], f + 2j


def show(*results):
    for r in results:
        if isinstance(r, tuple):
            show(*r)
        else:
            print(type(r).__name__, getattr(r, "dtype", ""), getattr(r, "shape", ""), r)


def tell(function, *arguments, **options):
    try:
        show(function(*arguments, **options))
    except (TypeError, ValueError, ZeroDivisionError) as error:
        print(type(error).__name__, error)


show(np.full_like(m, f), np.full_like(f, [[one], [2]], shape=(2, 3)), np.full_like(u, m[1], float))
show(np.full((2, 3), f, int), np.full((2, 3), m.T[:, 0]), np.full(3, np.array(half)), np.full(2, s))
show(np.full_like(m.T, 5).flags.f_contiguous, np.ones_like(m.T).sum(0))
tell(np.full_like, m, u[:2])
for ends in ((f, 10), (0, f), (s, 5), (h, 5), (u, s), (c, 2), (f, [1.5, one, 3]), (m, f), (u, one)):
    show(np.linspace(*ends, 3), np.linspace(*ends, 3, False, True))
show(np.linspace(f, 10, 3, retstep=True, axis=-1), np.linspace(m, 10, 2, axis=1))
show(np.linspace(f, 10, 1, retstep=True), np.linspace(half, 10, 0), np.linspace(one, 9, 1, False, True))
show(np.linspace(-half, -10, 4, dtype=np.int8), np.linspace([one, 2], [one, 9], 7, retstep=True))
show(np.log10(np.logspace(f, 2, 3)).round(3), np.logspace(half, 2, 3, base=f), np.logspace(f, 2, 3, base=f, axis=-1))
show(np.geomspace(f, 1, 4), np.geomspace(-f, -1, 3, dtype=np.float32), np.geomspace(s, 100, 3))
tell(np.linspace, one, 5, 2.0)
tell(np.linspace, one, 5, half)
show(np.arange(s, 5), np.arange(u[0], 7), np.arange(h[0], 4, 0.5), np.arange(5, s, -1))
show(np.arange(half, 4, 0.75, dtype=int), np.arange(half, 1.2, 0.1)[-3:] - 1, np.arange(one, 3, dtype=bool))
show(np.arange(5, -one, -one), np.arange(half, 2, 0.1, dtype=np.float32))
for step in (n - n, 0.0 * n):
    tell(np.arange, one, 5, step)
tell(np.arange, one, one + 3, dtype=bool)
for second in (one, -one, 300, half, [one, 2], s):
    show(np.union1d(u, second), np.union1d(f, second))
show(np.setxor1d(u, one, True), np.concatenate((half, u), axis=None), np.isin(one, u), np.isin(c, [c[1]]))
