"""numpy.polynomial.hermite_e: series in the Hermite polynomials He_n."""
from primitives import dtype_of, is_known, known

hermedomain = array([-1.0, 1.0])
hermezero = array([0])
hermeone = array([1])
hermex = array([0, 1])


def herme_first(x):
    return x


def herme_down(c, nd):
    return c * (nd - 1)


def herme_up(c, x, nd):
    return c * x


def hermeval(x, c, tensor=True):
    return family_value(x, c, tensor, herme_first, herme_down, herme_up)


def hermeval2d(x, y, c):
    return family_values(hermeval, c, x, y)


def hermeval3d(x, y, z, c):
    return family_values(hermeval, c, x, y, z)


def hermegrid2d(x, y, c):
    return family_grid(hermeval, c, x, y)


def hermegrid3d(x, y, z, c):
    return family_grid(hermeval, c, x, y, z)


def herme_step(before, last, x, i):
    return last * x - before * (i - 1)


def hermevander(x, deg):
    return family_vander(x, deg, herme_first, herme_step)


def hermevander2d(x, y, deg):
    return family_vanders(hermevander, (x, y), deg)


def hermevander3d(x, y, z, deg):
    return family_vanders(hermevander, (x, y, z), deg)


def hermefit(x, y, deg, rcond=None, full=False, w=None):
    return family_fit(hermevander, x, y, deg, rcond, full, w)


def hermeadd(c1, c2):
    return power_series_polyadd(c1, c2)


def hermesub(c1, c2):
    return power_series_polysub(c1, c2)


def hermemulx(c):
    (c,) = series_of(c)
    n = c.shape[0]
    if n == 1 and c[0] == 0:
        return c
    made = zeros((n + 1,), dtype_of(c))
    made[1:] = c
    made[:-2] = made[:-2] + (c * arange(n))[1:]
    return made


def herme_of_product(c, times_x, nd):
    return times_x


def hermemul(c1, c2):
    return family_product(
        c1, c2, hermemulx, lambda c, nd: c * (nd - 1), herme_of_product,
        lambda c, times_x: times_x,
    )  # fmt: skip


def hermediv(c1, c2):
    return family_quotient(hermemul, c1, c2)


def hermepow(c, pow, maxpower=16):
    return family_power(hermemul, c, pow, maxpower)


def herme_lowered(c, n):
    return c[1:] * along_first(arange(1, n + 1), c)


def hermeder(c, m=1, scl=1, axis=0):
    return family_derivative(c, m, scl, axis, herme_lowered)


def herme_raised(c, n, made):
    made[1:] = c / along_first(arange(1, n + 1), c)


def hermeint(c, m=1, k=(), lbnd=0, scl=1, axis=0):
    return family_integral(c, m, k, lbnd, scl, axis, herme_raised, hermeval)


def hermeline(off, scl):
    return family_line(off, scl, scl)


def hermefromroots(roots):
    return family_from_roots(roots, hermeline, hermemul)


def poly2herme(pol):
    return family_of_powers(pol, hermemulx)


def herme_of_powers(c, times_x, i):
    return times_x


def herme2poly(c):
    return powers_of_family(
        c, lambda c, i: c * (i - 1), herme_of_powers, lambda c, times_x: times_x
    )  # fmt: skip


def hermetrim(c, tol=0):
    return polytrim(c, tol)


def herme_scales(n):
    return cumprod(hstack((1.0, 1.0 / sqrt(arange(n - 1, 0, -1)))))[::-1]


def herme_last(c, n):
    scales = herme_scales(n)
    return -(scales * c[:-1] / c[-1])


def hermecompanion(c):
    return family_companion(
        c, lambda c: -c[0] / c[1], lambda n: sqrt(arange(1, n)), None, herme_last
    )  # fmt: skip


def hermeroots(c):
    return family_roots("polynomial.hermite_e.hermeroots", c, hermecompanion)


def hermegauss(deg):
    if is_known(deg):
        return known("polynomial.hermite_e.hermegauss", deg)
    degree = degree_of_rule(deg)
    x, w = rule_of_normed(degree, hermecompanion, normed_hermite_e, sqrt(degree))
    return symmetric_rule(x, w, sqrt(2 * pi))


def normed_hermite_e(x, n):
    return normed_value(x, n, 1 / sqrt(sqrt(2 * pi)), 1.0, 1.0)


def hermeweight(x):
    return exp(-0.5 * x**2)
