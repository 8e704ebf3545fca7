"""numpy.polynomial.hermite: series in the Hermite polynomials H_n."""
from primitives import dtype_of, is_known, known

hermdomain = array([-1.0, 1.0])
hermzero = array([0])
hermone = array([1])
hermx = array([0, 0.5])


def herm_first(x):
    return x * 2


def herm_down(c, nd):
    return c * (2 * (nd - 1))


def herm_up(c, x, nd):
    return c * (x * 2)


def hermval(x, c, tensor=True):
    return family_value(x, c, tensor, herm_first, herm_down, herm_up)


def hermval2d(x, y, c):
    return family_values(hermval, c, x, y)


def hermval3d(x, y, z, c):
    return family_values(hermval, c, x, y, z)


def hermgrid2d(x, y, c):
    return family_grid(hermval, c, x, y)


def hermgrid3d(x, y, z, c):
    return family_grid(hermval, c, x, y, z)


def herm_step(before, last, x, i):
    return last * (x * 2) - before * (2 * (i - 1))


def hermvander(x, deg):
    return family_vander(x, deg, herm_first, herm_step)


def hermvander2d(x, y, deg):
    return family_vanders(hermvander, (x, y), deg)


def hermvander3d(x, y, z, deg):
    return family_vanders(hermvander, (x, y, z), deg)


def hermfit(x, y, deg, rcond=None, full=False, w=None):
    return family_fit(hermvander, x, y, deg, rcond, full, w)


def hermadd(c1, c2):
    return power_series_polyadd(c1, c2)


def hermsub(c1, c2):
    return power_series_polysub(c1, c2)


def hermmulx(c):
    (c,) = series_of(c)
    n = c.shape[0]
    if n == 1 and c[0] == 0:
        return c
    made = zeros((n + 1,), dtype_of(c))
    made[1:] = c / 2
    made[:-2] = made[:-2] + (c * arange(n))[1:]
    return made


def herm_of_product(c, times_x, nd):
    return times_x * 2


def hermmul(c1, c2):
    return family_product(
        c1, c2, hermmulx, lambda c, nd: c * (2 * (nd - 1)), herm_of_product,
        lambda c, times_x: times_x * 2,
    )  # fmt: skip


def hermdiv(c1, c2):
    return family_quotient(hermmul, c1, c2)


def hermpow(c, pow, maxpower=16):
    return family_power(hermmul, c, pow, maxpower)


def herm_lowered(c, n):
    return c[1:] * along_first(2 * arange(1, n + 1), c)


def hermder(c, m=1, scl=1, axis=0):
    return family_derivative(c, m, scl, axis, herm_lowered)


def herm_raised(c, n, made):
    made[1:] = c / along_first(2 * arange(1, n + 1), c)


def hermint(c, m=1, k=(), lbnd=0, scl=1, axis=0):
    return family_integral(c, m, k, lbnd, scl, axis, herm_raised, hermval)


def hermline(off, scl):
    return family_line(off, scl / 2, scl)


def hermfromroots(roots):
    return family_from_roots(roots, hermline, hermmul)


def poly2herm(pol):
    return family_of_powers(pol, hermmulx)


def herm_of_powers(c, times_x, i):
    return times_x * 2


def herm2poly(c):
    return powers_of_family(
        c, lambda c, i: c * (2 * (i - 1)), herm_of_powers, lambda c, times_x: times_x * 2
    )  # fmt: skip


def hermtrim(c, tol=0):
    return polytrim(c, tol)


def herm_scales(n):
    return cumprod(hstack((1.0, 1.0 / sqrt(2.0 * arange(n - 1, 0, -1)))))[::-1]


def herm_last(c, n):
    scales = herm_scales(n)
    return -(scales * c[:-1] / (2.0 * c[-1]))


def hermcompanion(c):
    return family_companion(
        c, lambda c: -0.5 * c[0] / c[1], lambda n: sqrt(0.5 * arange(1, n)), None, herm_last
    )  # fmt: skip


def hermroots(c):
    return family_roots("polynomial.hermite.hermroots", c, hermcompanion)


def hermgauss(deg):
    if is_known(deg):
        return known("polynomial.hermite.hermgauss", deg)
    degree = degree_of_rule(deg)
    x, w = rule_of_normed(degree, hermcompanion, normed_hermite, sqrt(2 * degree))
    return symmetric_rule(x, w, sqrt(pi))


def normed_hermite(x, n):
    return normed_value(x, n, 1 / sqrt(sqrt(pi)), 2.0, sqrt(2))


def hermweight(x):
    return exp(-(x**2))
