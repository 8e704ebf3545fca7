"""np.polynomial and np.emath of what the command line gives."""

import sys

import numpy as np
from numpy.polynomial import Polynomial
from numpy.polynomial import polynomial as series

n = int(sys.argv[1])
p, q = Polynomial([1.0, 2.0, 3.0]), Polynomial([0, 1.0 * n])
print(p + q, p - q, p * q, p // q, p % q, p**2, -p, 2 * p, p / 2, 1 - p)
print(repr(p), p == q, p == Polynomial([1, 2, 3]), len(p), p.degree(), p.mapparms())
print(p(n), p(np.arange(n)), p.deriv(), p.integ(), q.integ(2, k=[1, n], lbnd=1), q.roots())
print(Polynomial([1e-9, -1, 1e10 * n]), f"{Polynomial([1, 2, n]):ascii}", Polynomial([1 + 2j, n]))
print(Polynomial([1, 2], domain=[0, 4 * n]), Polynomial(np.arange(14) * 1.5), q.truncate(1))
c = np.arange(1.0, n + 2)
print(series.polyval(2.0, c), series.polyder(c), series.polyint(c), series.polydiv(c, [1, 1]))
print(series.polysub(c, c), series.polypow([1, n], 3), series.polyvander(np.arange(n), 2))
print(series.polyfromroots([1, n, 3]), series.polyval2d(n, 2.0, np.ones((2, 2))))

x = np.array([-4.0, 9.0]) * n
print(np.emath.sqrt(x), np.emath.sqrt(abs(x)), np.emath.arcsin(x / 12), np.emath.power([2, n], -2))
