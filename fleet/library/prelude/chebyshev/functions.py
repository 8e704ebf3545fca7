"""numpy.polynomial.chebyshev: series in the Chebyshev polynomials T_n."""
from primitives import dtype_of, is_known, known

chebdomain = array([-1.0, 1.0])
chebzero = array([0])
chebone = array([1])
chebx = array([0, 1])


def cheb_first(x):
    return x


def cheb_down(c, nd):
    return c


def cheb_up(c, x, nd):
    return c * (2 * x)


def chebval(x, c, tensor=True):
    return family_value(x, c, tensor, cheb_first, cheb_down, cheb_up)


def chebval2d(x, y, c):
    return family_values(chebval, c, x, y)


def chebval3d(x, y, z, c):
    return family_values(chebval, c, x, y, z)


def chebgrid2d(x, y, c):
    return family_grid(chebval, c, x, y)


def chebgrid3d(x, y, z, c):
    return family_grid(chebval, c, x, y, z)


def cheb_step(before, last, x, i):
    return last * (2 * x) - before


def chebvander(x, deg):
    return family_vander(x, deg, cheb_first, cheb_step)


def chebvander2d(x, y, deg):
    return family_vanders(chebvander, (x, y), deg)


def chebvander3d(x, y, z, deg):
    return family_vanders(chebvander, (x, y, z), deg)


def chebfit(x, y, deg, rcond=None, full=False, w=None):
    return family_fit(chebvander, x, y, deg, rcond, full, w)


def chebadd(c1, c2):
    return power_series_polyadd(c1, c2)


def chebsub(c1, c2):
    return power_series_polysub(c1, c2)


def chebmulx(c):
    (c,) = series_of(c)
    n = c.shape[0]
    if n == 1 and c[0] == 0:
        return c
    made = zeros((n + 1,), dtype_of(c))
    made[1] = c[0]
    made[2:] = c[1:] / 2
    made[:-2] = made[:-2] + c[1:] / 2
    return made


def both_sides(c):
    """Coefficients of z**-n to z**n, where x is (z + 1 / z) / 2."""
    half = c / 2
    rest = half[:0:-1]
    return concatenate((rest, half[:1] + half[:1], half[1:]))


def one_side(z):
    n = (z.shape[0] + 1) // 2
    return concatenate((z[n - 1 : n], z[n:] * 2))


def chebmul(c1, c2):
    left, right = series_of(c1, c2)
    return without_zeros(one_side(convolve(both_sides(left), both_sides(right))))


def chebdiv(c1, c2):
    rest, divisor = series_of(c1, c2)
    if divisor[-1] == 0:
        raise ZeroDivisionError
    m, n = rest.shape[0], divisor.shape[0]
    if m < n:
        return rest[:1] * 0, rest
    if n == 1:
        return rest / divisor[-1], rest[:1] * 0
    z, by = copy_array(both_sides(rest)), both_sides(divisor)
    scale, wide, span = by[0], by.shape[0], z.shape[0] - by.shape[0]
    by, made = by / scale, zeros((span + 1,), dtype_of(rest))
    half = (span + 1) // 2
    for i in range(half):
        j, top = span - i, z[i] * 1
        made[i] = top
        made[j] = top
        z[i : i + wide] = z[i : i + wide] - top * by
        z[j : j + wide] = z[j : j + wide] - top * by
    if span % 2 == 0:
        top = z[half] * 1
        made[half] = top
        z[half : half + wide] = z[half : half + wide] - top * by
    last = half if span % 2 == 0 else half - 1 + 0 * half
    left = z[half + 1 : half - 1 + wide] if span % 2 == 0 else z[last + 1 : last - 1 + wide]
    return without_zeros(one_side(made / scale)), without_zeros(one_side(left))


def chebpow(c, pow, maxpower=16):
    (c,) = series_of(c)
    power = int(pow)
    if power != pow or power < 0:
        raise ValueError("Power must be a non-negative integer.")
    if maxpower is not None and power > maxpower:
        raise ValueError("Power is too large")
    if power == 0:
        return ones((1,), dtype_of(c))
    if power == 1:
        return c
    z = both_sides(c)
    made = z
    for _ in range(2, power + 1):
        made = convolve(made, z)
    return one_side(made)


def cheb_lowered(c, n):
    made = zeros((n, *c.shape[1:]), dtype_of(c))
    for step in range(n):
        j = n - step
        made[j - 1] = 2 * j * c[j]
        if j > 2:
            c[j - 2] = c[j - 2] + j * c[j] / (j - 2)
    made[0] = c[1]
    return made


def chebder(c, m=1, scl=1, axis=0):
    return family_derivative(c, m, scl, axis, cheb_lowered)


def cheb_raised(c, n, made):
    made[1] = c[0]
    for j in range(1, n):
        made[j + 1] = c[j] / (2 * (j + 1))
        if j > 1:
            made[j - 1] = made[j - 1] - c[j] / (2 * (j - 1))


def chebint(c, m=1, k=(), lbnd=0, scl=1, axis=0):
    return family_integral(c, m, k, lbnd, scl, axis, cheb_raised, chebval)


def chebline(off, scl):
    return family_line(off, scl, scl)


def chebfromroots(roots):
    return family_from_roots(roots, chebline, chebmul)


def poly2cheb(pol):
    return family_of_powers(pol, chebmulx)


def cheb_of_powers(c, times_x, i):
    return times_x * 2


def cheb2poly(c):
    return powers_of_family(
        c, lambda c, i: c, cheb_of_powers, lambda c, times_x: times_x
    )  # fmt: skip


def chebtrim(c, tol=0):
    return polytrim(c, tol)


def cheb_scales(n):
    return where(arange(n) == 0, 1.0, sqrt(0.5))


def cheb_last(c, n):
    scales = cheb_scales(n)
    return -(c[:-1] / c[-1] * (scales / scales[-1]) * 0.5)


def chebcompanion(c):
    return family_companion(
        c, lambda c: -c[0] / c[1], lambda n: where(arange(n - 1) == 0, sqrt(0.5), 0.5), None,
        cheb_last,
    )  # fmt: skip


def chebroots(c):
    return family_roots("polynomial.chebyshev.chebroots", c, chebcompanion)


def chebgauss(deg):
    if is_known(deg):
        return known("polynomial.chebyshev.chebgauss", deg)
    degree = degree_of_rule(deg)
    x = cos(pi * arange(1, 2 * degree, 2) / (2.0 * degree))
    return x, ones(degree) * (pi / degree)


def chebweight(x):
    return 1.0 / (sqrt(1.0 + x) * sqrt(1.0 - x))


def chebpts1(npts):
    n = int(npts)
    if n != npts:
        raise ValueError("npts must be integer")
    if n < 1:
        raise ValueError("npts must be >= 1")
    return sin(0.5 * pi / n * arange(-n + 1, n + 1, 2))


def chebpts2(npts):
    n = int(npts)
    if n != npts:
        raise ValueError("npts must be integer")
    if n < 2:
        raise ValueError("npts must be >= 2")
    return cos(linspace(-pi, 0, n))


def chebinterpolate(func, deg, args=()):
    deg = asarray(deg)
    if deg.ndim > 0 or dtype_of(deg).kind not in "iu" or deg.size == 0:
        raise TypeError("deg must be an int")
    if deg < 0:
        raise ValueError("expected deg >= 0")
    degree = int(deg)
    x = chebpts1(degree + 1)
    made = dot(chebvander(x, degree).T, func(x, *args))
    return concatenate((made[:1] / (degree + 1), made[1:] / (0.5 * (degree + 1))))
