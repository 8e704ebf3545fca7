"""Polynomials as arrays of coefficients, the highest power first."""

import warnings

from primitives import cast, dtype_of, is_known, known, larger, result_type, ufunc


def polyval(p, x):
    p = asarray(p.coeffs if isinstance(p, poly1d) else p)
    if isinstance(x, poly1d):
        y = poly1d([0])
        for coefficient in p:
            y = y * x + coefficient
        return y
    x = asarray(x)
    y = zeros(x.shape, result_type(x, p))
    for i in range(p.shape[0]):
        y = y * x + p[i]
    return y if x.ndim else y[()]


def coefficients(p):
    return atleast_1d(p.coeffs if isinstance(p, poly1d) else p)


def as_given(made, *given):
    """A polynomial where one of the operands was one, else its coefficients."""
    for one in given:
        if isinstance(one, poly1d):
            return poly1d(made)
    return made


def same_length(a, b):
    gap = b.shape[0] - a.shape[0]
    kind = result_type(a, b)
    left = concatenate((zeros((larger(gap, 0),), dtype_of(a)), a))
    right = concatenate((zeros((larger(-gap, 0),), dtype_of(b)), b))
    return cast(left, kind), cast(right, kind)


def polyadd(a1, a2):
    left, right = same_length(coefficients(a1), coefficients(a2))
    return as_given(left + right, a1, a2)


def polysub(a1, a2):
    left, right = same_length(coefficients(a1), coefficients(a2))
    return as_given(left - right, a1, a2)


def polymul(a1, a2):
    left, right = without_leading_zeros(a1), without_leading_zeros(a2)
    return as_given(convolve(left, right), a1, a2)


def polydiv(u, v):
    left, right = coefficients(u) + 0.0, coefficients(v) + 0.0
    kind = result_type(left, right)
    m, n = left.shape[0] - 1, right.shape[0] - 1
    scale = 1.0 / right[0]
    quotient = zeros((larger(m - n + 1, 1),), kind)
    rest = copy_array(cast(left, kind))
    for k in range(m - n + 1):
        factor = scale * rest[k]
        quotient[k] = factor
        for i in range(n + 1):
            rest[k + i] = rest[k + i] - factor * right[i]
    large = ufunc("logical_not", ufunc("less_equal", ufunc("absolute", rest), 1e-8))
    start = int(argmax(large)) if any(large) else m
    return as_given(quotient, u, v), as_given(rest[start:], u, v)


def polyder(p, m=1):
    m = int(m)
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    made = coefficients(p)
    for _ in "." * m:
        n = made.shape[0] - 1
        made = made[:-1] * arange(n, 0, -1)
    return as_given(made, p)


def polyint(p, m=1, k=None):
    m = int(m)
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    k = zeros((m,)) if k is None else atleast_1d(k)
    if k.shape[0] == 1 and m > 1:
        k = k[0] * ones((m,))
    if k.shape[0] < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    made = coefficients(p)
    for i, _ in enumerate("." * m):
        made = concatenate((made / arange(made.shape[0], 0, -1), k[i : i + 1]))
    return as_given(made, p)


def poly(seq_of_zeros):
    zeros_at = atleast_1d(seq_of_zeros)
    if zeros_at.ndim == 2 and zeros_at.shape[0] == zeros_at.shape[1]:
        zeros_at = eigvals(zeros_at)
    elif zeros_at.ndim != 1:
        raise ValueError("input must be 1d or non-empty square 2d array.")
    n = zeros_at.shape[0]
    made = zeros((n + 1,), result_type(zeros_at, 1.0))
    made[0] = 1
    for k in range(n):
        for back in range(k + 1):
            j = k + 1 - back
            made[j] = made[j] - zeros_at[k] * made[j - 1]
    if dtype_of(made).kind == "c" and is_known(zeros_at) and known(
            "array_equal", known("sort_complex", zeros_at),
            known("sort_complex", known("conjugate", zeros_at))):  # fmt: skip
        made = copy_array(real(made))
    return made if n else 1.0


def roots(p):
    p = coefficients(p)
    if is_known(p):
        return known("roots", p)
    places = nonzero(ravel(p))[0]
    if places.shape[0] == 0:
        return zeros((0,))
    first, last = int(places[0]), int(places[-1])
    if first == last:
        return zeros((p.shape[0] - 1 - last,))
    made = p[first : last + 1]
    made = made if dtype_of(made).kind in "fc" else cast(made, "float64")
    n = made.shape[0]
    companion = diag(ones((n - 2,), dtype_of(made)), -1)
    companion[0] = -made[1:] / made[0]
    return followed_by_zeros(eigvals(companion), p.shape[0] - 1 - last)


def followed_by_zeros(a, count):
    return concatenate((a, zeros((count,), dtype_of(a))))


def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    order = int(deg) + 1
    x, y = asarray(x) + 0.0, asarray(y) + 0.0
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if x.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if is_known(x.shape) and x.shape[0] == 0:
        raise TypeError("expected non-empty vector for x")
    if y.ndim < 1 or y.ndim > 2:
        raise TypeError("expected 1D or 2D array for y")
    if x.shape[0] != y.shape[0]:
        raise TypeError("expected x and y to have same length")
    if rcond is None:
        rcond = x.shape[0] * finfo(dtype_of(x)).eps
    left = vander(x, order)
    if w is not None:
        w = asarray(w) + 0.0
        if w.ndim != 1:
            raise TypeError("expected a 1-d array for weights")
        if w.shape[0] != y.shape[0]:
            raise TypeError("expected w and y to have the same length")
        left = left * w[:, None]
        y = y * (w[:, None] if y.ndim == 2 else w)
    scale = sqrt(sum(left * left, 0))
    left = left / scale
    made, rest, rank, s = lstsq(left, y, rcond)
    made = made / (scale if made.ndim == 1 else scale[:, None])
    if full:
        return made, rest, rank, s, rcond
    if rank != order:
        warnings.warn("Polyfit may be poorly conditioned", exceptions.RankWarning, stacklevel=2)
    if not cov:
        return made
    base = inv(dot(transpose(left), left)) / outer(scale, scale)
    factor = 1
    if cov != "unscaled":
        if x.shape[0] <= order:
            raise ValueError(
                "the number of data points must exceed order to scale the covariance matrix"
            )
        factor = rest / (x.shape[0] - order)
    return made, base * factor if y.ndim == 1 else base[:, :, None] * factor


def without_leading_zeros(p):
    p = coefficients(p)
    if p.ndim != 1:
        raise ValueError("Polynomial must be 1d only.")
    if is_known(p):
        made = known("trim_zeros", p, "f")
        return made if made.shape[0] else zeros((1,), dtype_of(p))
    is_there = ufunc("not_equal", p, 0)
    start = int(argmax(is_there)) if any(is_there) else p.shape[0] - 1
    return p[start:]


class poly1d:
    """np.poly1d: a polynomial that can be called, added and multiplied."""

    def __init__(self, c_or_r, r=False, variable=None):
        if isinstance(c_or_r, poly1d):
            self.coeffs, self.variable = c_or_r.coeffs, c_or_r.variable
        else:
            self.coeffs = without_leading_zeros(poly(c_or_r) if r else c_or_r)
            self.variable = "x"
        if variable is not None:
            self.variable = variable

    @property
    def c(self):
        return self.coeffs

    @property
    def coef(self):
        return self.coeffs

    @property
    def coefficients(self):
        return self.coeffs

    @property
    def order(self):
        return self.coeffs.shape[0] - 1

    @property
    def o(self):
        return self.order

    @property
    def roots(self):
        return roots(self.coeffs)

    @property
    def r(self):
        return roots(self.coeffs)

    def __call__(self, val):
        return polyval(self.coeffs, val)

    def __len__(self):
        return self.order

    def __neg__(self):
        return poly1d(-self.coeffs)

    def __pos__(self):
        return self

    def __add__(self, other):
        return polyadd(self, poly1d(other))

    def __radd__(self, other):
        return polyadd(poly1d(other), self)

    def __sub__(self, other):
        return polysub(self, poly1d(other))

    def __rsub__(self, other):
        return polysub(poly1d(other), self)

    def __mul__(self, other):
        if ndim(other) == 0 and not isinstance(other, poly1d):
            return poly1d(self.coeffs * other)
        return polymul(self, poly1d(other))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        if ndim(other) == 0 and not isinstance(other, poly1d):
            return poly1d(self.coeffs / other)
        return polydiv(self, poly1d(other))

    def __pow__(self, val):
        made = poly1d([1])
        for _ in "." * val:
            made = polymul(self, made)
        return made

    def __eq__(self, other):
        if not isinstance(other, poly1d) or self.order != other.order:
            return False
        return all(ufunc("equal", self.coeffs, other.coeffs))

    def __ne__(self, other):
        return not self == other

    def __getitem__(self, val):
        at = self.order - val
        return self.coeffs[at] if 0 <= val <= self.order else 0

    def __iter__(self):
        return iter(self.coeffs)

    def deriv(self, m=1):
        return poly1d(polyder(self.coeffs, m))

    def integ(self, m=1, k=0):
        return poly1d(polyint(self.coeffs, m, k))

    def __repr__(self):
        return "poly1d" + repr(self.coeffs)[5:]

    def __str__(self):
        above, line = "", ""
        n = self.order
        for k in range(n + 1):
            text = f"{float(self.coeffs[k]):.4g}"
            if text != "0" or n == 0:
                power = n - k
                term = text if power == 0 else f"{text} {self.variable}"
                if line != "":
                    term = f" - {term[1:]}" if term.startswith("-") else f" + {term}"
                line = line + term
                if power > 1:
                    shown = str(power)
                    above = above + " " * (len(line) - len(above)) + shown
                    line = line + " " * (len(shown) - 1)
        return (above or " ") + "\n" + line


call_it(poly1d, "poly1d")
