"""numpy.polynomial.legendre: series in the Legendre polynomials P_n."""
from primitives import dtype_of, is_known, known

legdomain = array([-1.0, 1.0])
legzero = array([0])
legone = array([1])
legx = array([0, 1])


def leg_first(x):
    return x


def leg_down(c, nd):
    return c * ((nd - 1) / nd)


def leg_up(c, x, nd):
    return c * x * ((2 * nd - 1) / nd)


def legval(x, c, tensor=True):
    return family_value(x, c, tensor, leg_first, leg_down, leg_up)


def legval2d(x, y, c):
    return family_values(legval, c, x, y)


def legval3d(x, y, z, c):
    return family_values(legval, c, x, y, z)


def leggrid2d(x, y, c):
    return family_grid(legval, c, x, y)


def leggrid3d(x, y, z, c):
    return family_grid(legval, c, x, y, z)


def leg_step(before, last, x, i):
    return (last * x * (2 * i - 1) - before * (i - 1)) / i


def legvander(x, deg):
    return family_vander(x, deg, leg_first, leg_step)


def legvander2d(x, y, deg):
    return family_vanders(legvander, (x, y), deg)


def legvander3d(x, y, z, deg):
    return family_vanders(legvander, (x, y, z), deg)


def legfit(x, y, deg, rcond=None, full=False, w=None):
    return family_fit(legvander, x, y, deg, rcond, full, w)


def legadd(c1, c2):
    return power_series_polyadd(c1, c2)


def legsub(c1, c2):
    return power_series_polysub(c1, c2)


def legmulx(c):
    (c,) = series_of(c)
    n = c.shape[0]
    if n == 1 and c[0] == 0:
        return c
    made = zeros((n + 1,), dtype_of(c))
    at = arange(n)
    made[1:] = c * (at + 1) / (2 * at + 1)
    made[:-2] = made[:-2] + (c * at / (2 * at + 1))[1:]
    return made


def leg_of_product(c, times_x, nd):
    return times_x * (2 * nd - 1) / nd


def legmul(c1, c2):
    return family_product(
        c1, c2, legmulx, lambda c, nd: c * (nd - 1) / nd, leg_of_product,
        lambda c, times_x: times_x,
    )  # fmt: skip


def legdiv(c1, c2):
    return family_quotient(legmul, c1, c2)


def legpow(c, pow, maxpower=16):
    return family_power(legmul, c, pow, maxpower)


def leg_lowered(c, n):
    made = zeros((n, *c.shape[1:]), dtype_of(c))
    for step in range(n):
        j = n - step
        made[j - 1] = (2 * j - 1) * c[j]
        if j > 2:
            c[j - 2] = c[j - 2] + c[j]
    return made


def legder(c, m=1, scl=1, axis=0):
    return family_derivative(c, m, scl, axis, leg_lowered)


def leg_raised(c, n, made):
    made[1] = c[0]
    for j in range(1, n):
        part = c[j] / (2 * j + 1)
        made[j + 1] = part
        if j > 1:
            made[j - 1] = made[j - 1] - part


def legint(c, m=1, k=(), lbnd=0, scl=1, axis=0):
    return family_integral(c, m, k, lbnd, scl, axis, leg_raised, legval)


def legline(off, scl):
    return family_line(off, scl, scl)


def legfromroots(roots):
    return family_from_roots(roots, legline, legmul)


def poly2leg(pol):
    return family_of_powers(pol, legmulx)


def leg_of_powers(c, times_x, i):
    return times_x * (2 * i - 1) / i


def leg2poly(c):
    return powers_of_family(
        c, lambda c, i: c * (i - 1) / i, leg_of_powers, lambda c, times_x: times_x
    )  # fmt: skip


def legtrim(c, tol=0):
    return polytrim(c, tol)


def leg_scales(n):
    return 1.0 / sqrt(2 * arange(n) + 1)


def leg_beside(n):
    scales = leg_scales(n)
    return arange(1, n) * scales[: n - 1] * scales[1:n]


def leg_last(c, n):
    scales = leg_scales(n)
    return -(c[:-1] / c[-1] * (scales / scales[-1]) * (n / (2 * n - 1)))


def legcompanion(c):
    return family_companion(
        c, lambda c: -c[0] / c[1], leg_beside, None, leg_last
    )  # fmt: skip


def legroots(c):
    return family_roots("polynomial.legendre.legroots", c, legcompanion)


def leggauss(deg):
    if is_known(deg):
        return known("polynomial.legendre.leggauss", deg)
    x, w = rule_of_series(degree_of_rule(deg), legcompanion, legval, legder)
    return symmetric_rule(x, w, 2.0)


def legweight(x):
    return x * 0.0 + 1.0
