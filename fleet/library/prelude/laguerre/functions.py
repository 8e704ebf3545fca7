"""numpy.polynomial.laguerre: series in the Laguerre polynomials L_n."""
from primitives import dtype_of, is_known, known

lagdomain = array([0.0, 1.0])
lagzero = array([0])
lagone = array([1])
lagx = array([1, -1])


def lag_first(x):
    return 1 - x


def lag_down(c, nd):
    return c * (nd - 1) / nd


def lag_up(c, x, nd):
    return c * (2 * nd - 1 - x) / nd


def lagval(x, c, tensor=True):
    return family_value(x, c, tensor, lag_first, lag_down, lag_up)


def lagval2d(x, y, c):
    return family_values(lagval, c, x, y)


def lagval3d(x, y, z, c):
    return family_values(lagval, c, x, y, z)


def laggrid2d(x, y, c):
    return family_grid(lagval, c, x, y)


def laggrid3d(x, y, z, c):
    return family_grid(lagval, c, x, y, z)


def lag_step(before, last, x, i):
    return (last * (2 * i - 1 - x) - before * (i - 1)) / i


def lagvander(x, deg):
    return family_vander(x, deg, lag_first, lag_step)


def lagvander2d(x, y, deg):
    return family_vanders(lagvander, (x, y), deg)


def lagvander3d(x, y, z, deg):
    return family_vanders(lagvander, (x, y, z), deg)


def lagfit(x, y, deg, rcond=None, full=False, w=None):
    return family_fit(lagvander, x, y, deg, rcond, full, w)


def lagadd(c1, c2):
    return power_series_polyadd(c1, c2)


def lagsub(c1, c2):
    return power_series_polysub(c1, c2)


def lagmulx(c):
    (c,) = series_of(c)
    n = c.shape[0]
    if n == 1 and c[0] == 0:
        return c
    made, at = zeros((n + 1,), dtype_of(c)), arange(n)
    made[1:] = -c * (at + 1)
    made[:-1] = made[:-1] + c * (2 * at + 1)
    made[:-2] = made[:-2] - (c * at)[1:]
    return made


def lag_of_product(c, times_x, nd):
    return power_series_polysub((2 * nd - 1) * c, times_x) / nd


def lagmul(c1, c2):
    return family_product(
        c1, c2, lagmulx, lambda c, nd: c * (nd - 1) / nd, lag_of_product,
        lambda c, times_x: power_series_polysub(c, times_x),
    )  # fmt: skip


def lagdiv(c1, c2):
    return family_quotient(lagmul, c1, c2)


def lagpow(c, pow, maxpower=16):
    return family_power(lagmul, c, pow, maxpower)


def lag_lowered(c, n):
    made = zeros((n, *c.shape[1:]), dtype_of(c))
    for step in range(n):
        j = n - step
        made[j - 1] = -c[j]
        if j > 1:
            c[j - 1] = c[j - 1] + c[j]
    return made


def lagder(c, m=1, scl=1, axis=0):
    return family_derivative(c, m, scl, axis, lag_lowered)


def lag_raised(c, n, made):
    made[:-1] = c
    made[1:] = made[1:] - c


def lagint(c, m=1, k=(), lbnd=0, scl=1, axis=0):
    return family_integral(c, m, k, lbnd, scl, axis, lag_raised, lagval)


def lagline(off, scl):
    return family_line(off + scl if scl != 0 else off, -scl, scl)


def lagfromroots(roots):
    return family_from_roots(roots, lagline, lagmul)


def poly2lag(pol):
    return family_of_powers(pol, lagmulx)


def lag_of_powers(c, times_x, i):
    return power_series_polysub((2 * i - 1) * c, times_x) / i


def lag2poly(c):
    return powers_of_family(
        c, lambda c, i: c * (i - 1) / i, lag_of_powers,
        lambda c, times_x: power_series_polysub(c, times_x),
    )  # fmt: skip


def lagtrim(c, tol=0):
    return polytrim(c, tol)


def lagcompanion(c):
    return family_companion(
        c, lambda c: 1 + c[0] / c[1], lambda n: -arange(1, n),
        lambda n: 2.0 * arange(n) + 1.0, lambda c, n: c[:-1] / c[-1] * n,
    )  # fmt: skip


def lagroots(c):
    return family_roots("polynomial.laguerre.lagroots", c, lagcompanion)


def laggauss(deg):
    if is_known(deg):
        return known("polynomial.laguerre.laggauss", deg)
    x, w = rule_of_series(degree_of_rule(deg), lagcompanion, lagval, lagder)
    return x, w / w.sum()


def lagweight(x):
    return exp(-x)
