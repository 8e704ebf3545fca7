"""The passes of a complex transform: FFTPACK's, in the order in which pocketfft does them.

An array is a list of two, its real and its imaginary part. A pass takes (batch, before, factor,
inner) to (batch, factor, before, inner): butterflies along the factor, then a product with roots of
unity along the inner axis, but for the first output and the first position.
"""

from primitives import concatenate as concatenate_
from primitives import (
    fourier_chirp,
    fourier_factors,
    fourier_length,
    fourier_twiddles,
    fourier_weights,
    is_known,
    ufunc,
)
from primitives import where as where_

HALF_ROOT = 0.7071067811865476


def transformed(x, forward, is_real=False):
    """The transform of (batch, n) along its last axis. is_real: whether it is of real numbers, or
    gives some."""
    n = x[0].shape[1]
    if not is_known(n):
        return transformed_then(x, forward)
    length = fourier_length(n, is_real)
    if length:
        return convolved(x, forward, length)
    before = 1
    for factor in fourier_factors(n):
        x = fft_pass(x, n, before, factor, forward)
        before = before * factor
    return x


def fft_pass(x, n, before, factor, forward):
    inner = n // (before * factor)
    x = [one.reshape((-1, before, factor, inner)) for one in x]
    given = [[one[:, :, j] for one in x] for j in range(factor)]
    if factor in BUTTERFLIES:
        outputs = BUTTERFLIES[factor](given, forward)
        made = [concatenate_([one[i][:, None] for one in outputs], 1) for i in range(2)]
    else:
        weights = fourier_weights(n, before, factor, "float64")
        made = butterfly_of_prime(given, forward, weights)
    if inner > 1:
        cosines, sines, plain = fourier_twiddles(n, before, factor, "float64")
        turned = turn(made, cosines, sines, forward)
        made = [where_(plain, a, b) for a, b in zip(made, turned)]
    return [one.reshape((-1, n)) for one in made]


def turn(x, cosine, sine, forward):
    """x times a root of unity, of the forward transform its conjugate."""
    a, b = x
    if forward:
        return [a * cosine + b * sine, b * cosine - a * sine]
    return [a * cosine - b * sine, a * sine + b * cosine]


def plus(a, b):
    return [a[0] + b[0], a[1] + b[1]]


def minus(a, b):
    return [a[0] - b[0], a[1] - b[1]]


def quarter(x, forward):
    """A quarter of a turn."""
    return [x[1], -x[0]] if forward else [-x[1], x[0]]


def eighth(x, forward):
    a, b = x
    if forward:
        return [HALF_ROOT * (a + b), HALF_ROOT * (b - a)]
    return [HALF_ROOT * (a - b), HALF_ROOT * (b + a)]


def three_eighths(x, forward):
    a, b = x
    if forward:
        return [HALF_ROOT * (b - a), HALF_ROOT * (-a - b)]
    return [HALF_ROOT * (-a - b), HALF_ROOT * (a - b)]


def butterfly_of_2(x, forward):
    return [plus(x[0], x[1]), minus(x[0], x[1])]


def butterfly_of_4(x, forward):
    a, b = plus(x[0], x[2]), minus(x[0], x[2])
    c, d = plus(x[1], x[3]), quarter(minus(x[1], x[3]), forward)
    return [plus(a, c), plus(b, d), minus(a, c), minus(b, d)]


def butterfly_of_8(x, forward):
    a1, a5 = plus(x[1], x[5]), minus(x[1], x[5])
    a3, a7 = plus(x[3], x[7]), quarter(minus(x[3], x[7]), forward)
    a1, a3 = plus(a1, a3), quarter(minus(a1, a3), forward)
    a5, a7 = eighth(plus(a5, a7), forward), three_eighths(minus(a5, a7), forward)
    a0, a4 = plus(x[0], x[4]), minus(x[0], x[4])
    a2, a6 = plus(x[2], x[6]), quarter(minus(x[2], x[6]), forward)
    a0, a2 = plus(a0, a2), minus(a0, a2)
    a4, a6 = plus(a4, a6), minus(a4, a6)
    return [
        plus(a0, a1), plus(a4, a5), plus(a2, a3), plus(a6, a7),
        minus(a0, a1), minus(a4, a5), minus(a2, a3), minus(a6, a7),
    ]


BUTTERFLIES = {2: butterfly_of_2, 4: butterfly_of_4, 8: butterfly_of_8}


def butterfly_of_prime(x, forward, weights):
    """Sums and differences of the inputs that mirror each other, weighted for all outputs at once:
    (batch, outputs, before, inner)."""
    factor = len(x)
    half = (factor + 1) // 2
    mirrored = list(zip(x[1:half], x[: half - 1 : -1]))
    sums = [plus(a, b) for a, b in mirrored]
    gaps = [minus(a, b) for a, b in mirrored]
    total = x[0]
    for one in sums:
        total = plus(total, one)
    cosines, sines = weights
    even, odd = [], []
    for i in range(2):
        terms = [weight * one[i][:, None] for weight, one in zip(cosines, sums)]
        even.append(terms_added([x[0][i][:, None], *terms], factor, 3))
        terms = [weight * one[i][:, None] for weight, one in zip(sines, gaps)]
        odd.append(terms_added(terms, factor, 2))
    odd = [odd[1], -odd[0]] if forward else [-odd[1], odd[0]]
    up, down = plus(even, odd), minus(even, odd)
    return [
        concatenate_([total[i][:, None], up[i], down[i][:, ::-1]], 1) for i in range(2)
    ]


def terms_added(terms, factor, begun):
    """The terms' sum: one by one, of large primes in pairs after so many."""
    total = terms[0]
    for term in terms[1:begun]:
        total = total + term
    if factor <= 11:
        for term in terms[begun:]:
            total = total + term
        return total
    rest = terms[begun:]
    for first, second in zip(rest[::2], rest[1::2]):
        total = total + (first + second)
    return total + rest[-1] if len(rest) % 2 else total


def convolved(x, forward, length):
    """Bluestein's algorithm: a transform as a convolution of a length with small factors only."""
    n = x[0].shape[1]
    chirp = fourier_chirp(n, "float64")
    scaled = [one * (1.0 / length) for one in chirp]
    rest = zeros(length - 2 * n + 1)
    kernel = [concatenate_([one, rest, one[:0:-1]], 0)[None, :] for one in scaled]
    kernel = [
        concatenate_([one[:, : length // 2 + 1], one[:, (length - 1) // 2 : 0 : -1]], 1)
        for one in transformed(kernel, True)
    ]
    turned = turn(x, chirp[0], chirp[1], forward)
    empty = ufunc("multiply", turned[0][:, :1], 0.0), ufunc("multiply", turned[1][:, :1], 0.0)
    padded = [
        concatenate_([one, broadcast_to(none, (one.shape[0], length - n))], 1)
        for one, none in zip(turned, empty)
    ]
    found = transformed(padded, True)
    found = transformed(turn(found, kernel[0], kernel[1], not forward), False)
    return turn([one[:, :n] for one in found], chirp[0], chirp[1], forward)
