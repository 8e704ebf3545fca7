"""Eigenvalues and vectors of complex matrices that only run time knows, in NumPy's order."""

import sys

import numpy as np

n = int(sys.argv[1]) if len(sys.argv) > 1 else 4
at = np.arange(n * n).reshape(n, n) + len(sys.argv)
a = np.sin(at * 1.7) + 1j * np.cos(at * at * 0.3)


def shown(x):
    return np.round(x, 6) + 0.0


values, vectors = np.linalg.eig(a)
print(shown(values))
print(shown(vectors))
print(np.allclose(a @ vectors, vectors * values))
triangular = np.triu(a) * 1000 + np.diag(np.arange(n) * 1j)
print(shown(np.linalg.eigvals(np.stack([triangular, np.eye(n) * 1j]))))
try:
    np.linalg.eig(a / (a - a))
except np.linalg.LinAlgError as error:
    print(error)
