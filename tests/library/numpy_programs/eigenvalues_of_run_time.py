"""Eigenvalues and roots of what only run time knows: real or complex, as the values say."""

import sys

import numpy as np

rng = np.random.default_rng(3)
scale = float(len(sys.argv))
whole = rng.normal(size=(6, 6)) * scale
cases = {
    "some complex": whole,
    "triangular": np.tril(whole),
    "symmetric": whole @ whole.T,
    "cyclic": np.roll(np.eye(6), 1, 0) * scale,
    "zero": whole * 0,
}
for name, a in cases.items():
    values, vectors = np.linalg.eig(a)
    print(name, values.dtype, vectors.dtype)
    print(values.round(8) + 0.0)
    print(np.abs(a @ vectors - values * vectors).max() < 1e-12)
    print(np.abs(np.linalg.norm(vectors, axis=0) - 1).max() < 1e-12)
    if values.dtype == float:
        print(vectors.round(8) + 0.0)
print(np.roots(np.array([1.0, -6, 11, -6]) * scale).round(8))
print(np.roots(np.array([0, 1.0, 0, 4, 0, 0]) * scale).round(8) + 0.0)
print(np.roots(np.array([0.0, 3, 0]) * scale), np.roots(np.zeros(3) * scale))
print(np.real_if_close(np.array([2.1 + 4e-14j, 5.2]) * scale, tol=1000))
print(np.real_if_close(np.array([2.1 + 4e-11j, 5.2]) * scale), np.real_if_close(whole[0, :2]))
print(np.common_type(np.arange(4), np.array([6.0j])), np.common_type(np.ones(2, "f2")))
