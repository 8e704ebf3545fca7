"""np.polynomial's families, as arrays of coefficients and as objects."""

import sys

import numpy as np
from numpy.polynomial import (
    Chebyshev,
    Hermite,
    HermiteE,
    Laguerre,
    Legendre,
    Polynomial,
    chebyshev,
    hermite,
    hermite_e,
    laguerre,
    legendre,
)

n = int(sys.argv[1])
for m, p in ((chebyshev, "cheb"), (legendre, "leg"), (hermite, "herm"), (hermite_e, "herme"), (laguerre, "lag")):
    f = lambda name: getattr(m, p + name)
    c = np.arange(1.0, n + 1)
    d = np.array([1.0, -2.0, 0.5 * n])
    x = np.linspace(-0.9, 0.9, n + 1)
    print(p, f("val")(x, c), f("val")(0.5, d), f("val")(x, [1, 2, 3]), f("val")(x, [3]), f("val")(0.25, [1, 2]))
    print(f("mulx")(c), f("add")(c, d), f("sub")(c, d), f("mul")(c, d))
    print(f("div")(c, d), f("pow")(d, 3))
    print(f("der")(c), f("der")(d, 2), f("int")(c), f("int")(d, 2, [1, n]), f("int")(d, 1, scl=2, lbnd=-1))
    print(f("vander")(x, n), f("vander2d")(x, x, [1, 2]), f("val2d")(0.5, 0.25, np.ones((2, n))), f("grid2d")([0.5, 1], [2, 3.0], np.ones((2, 2))))
    print(f("line")(n, 2), f("line")(n, 0), f("fromroots")([n, 0.5, -1]), getattr(m, "poly2" + p)(c), getattr(m, p + "2poly")(c), f("trim")([1, n, 0, 0]))
    print(f("companion")(c), f("weight")(x / 2 + 0.1))
print(chebyshev.chebpts1(n), chebyshev.chebpts2(n + 1), chebyshev.chebdomain, legendre.legx)
t = np.linspace(0, 1, 9)
print(chebyshev.chebfit(t, np.exp(t), n).round(8), chebyshev.chebinterpolate(np.cos, n).round(10))
for rule in (legendre.leggauss, hermite.hermgauss, hermite_e.hermegauss, laguerre.laggauss, chebyshev.chebgauss):
    print(*[one.round(9) for one in rule(n)])
print(chebyshev.chebroots([1.0, 2, n]).round(10), legendre.legroots(np.arange(1.0, n + 1)).round(9))
print(Polynomial.fit(t, np.exp(t), n).convert().coef.round(6), Chebyshev.interpolate(np.exp, n).coef.round(9))
for C in (Polynomial, Chebyshev, Legendre, HermiteE, Laguerre, Hermite):
    p = C([1, 2, 3.0 * n]); q = C([0.5, n])
    print(p, repr(q), f"{p:ascii}")
    print(p(0.5), p + q, (p * q).coef, (p // q).coef, (p % q).coef, (q ** 2).coef, p.deriv(), p.integ(1), p == q, p.degree(), p(np.linspace(0, 1, 3)))
    print(C.basis(3), C.identity(), p.convert(kind=Polynomial), C.basis(n)(0.25), C([1, 2], domain=[0, n]), p.trim(), -q, q - 1, 2 * q)
try:
    print(Chebyshev([1, 2]) + Legendre([1, 2]))
except TypeError as e:
    print(e)
