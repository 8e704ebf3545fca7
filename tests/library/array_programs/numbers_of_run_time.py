"""x.resize, texts of ints, powers of matrices and a polynomial by what the command line gives."""

import sys

import numpy as np

n = int(sys.argv[1])
a = np.arange(n)
a.resize((2, n), refcheck=False)
a[1, 0] = 7
print(a, a.base, np.pad(np.ones((n, 2)).T, 1), np.binary_repr(-n, 8), np.base_repr(n + 30, 16))
print(np.linalg.matrix_power(np.array([[1, 1], [1, 0]]), n))
p = np.polynomial.Polynomial([1.0, 2.0 * n, -3.0])
print(p, p(n), p.deriv().coef, np.emath.sqrt(np.array([-4.0, 9.0]) * n))
