"""Transforms of a length that only run time knows: passes of loops, which become kernels.

As in `passes`, a pass takes (batch, before, factor, inner) to (batch, factor, before, inner); the
factors are fours, a two, then odd primes (Stockham's order: nothing is left to be sorted). A length
with a large prime factor is a convolution of a power of two (Bluestein).
"""

from primitives import concatenate as concatenate_
from primitives import shared_as, ufunc
from primitives import where as where_

LARGEST_FACTOR = 31


def transformed_then(x, forward):
    """The transform of (batch, n) along its last axis, as its real and its imaginary part."""
    if forward:
        return list(shared_as("fft", forward_then, x[0], x[1]))
    im, re = shared_as("fft", forward_then, x[1], x[0])
    return [re, im]


def forward_then(re, im):
    if largest_factor(re.shape[1]) > LARGEST_FACTOR:
        re, im = convolved_then(re, im)
    else:
        re, im = shared_as("fft", in_passes, re, im)
    return re, im


def next_factor(rest):
    """The factor of the next pass."""
    factor = 4
    if rest % 4 != 0:
        factor = 2
        while rest % factor != 0:
            factor = factor + 1
            if factor * factor > rest:
                factor = rest
    return factor


def largest_factor(n):
    most = 1
    while n > 1:
        factor = next_factor(n)
        n = n // factor
        if factor > most:
            most = factor
    return most


def roots_then(n):
    """cos and sin of -2 pi k / n for all k below n, from angles within an eighth of a turn."""
    k = arange(n)
    lower = ufunc("greater", 2 * k, n)
    k = 2 * where_(lower, n - k, k)
    left = ufunc("greater", 2 * k, n)
    k = where_(left, n - k, k)
    steep = ufunc("greater", 4 * k, n)
    eighths = where_(steep, n - 2 * k, 2 * k)
    angle = eighths * (0.5 * pi / n)
    near, far = ufunc("cos", angle), ufunc("sin", angle)
    far = where_(ufunc("equal", 3 * eighths, n), 0.5, far)
    cosines, sines = where_(steep, far, near), where_(steep, near, far)
    return where_(left, -cosines, cosines), where_(lower, sines, -sines)


def in_passes(re, im):
    n = re.shape[1]
    cosines, sines = roots_then(n)
    before, rest = 1, n
    while rest > 1:
        factor = next_factor(rest)
        rest = rest // factor
        if factor == 4:
            re, im = pass_of_4(re, im, cosines, sines, before, rest)
        elif factor == 2:
            re, im = pass_of_2(re, im, cosines, sines, before, rest)
        else:
            re, im = pass_of_odd(re, im, cosines, sines, before, factor, rest)
        before = before * factor
    return re, im


def order_of(before, factor, inner):
    """How a pass goes through its groups, the longer loop inside: how many steps there are outside
    and inside, and how far each goes in what is given, in what is made, and in the roots."""
    if inner >= before:
        return before, inner, factor * inner, 1, inner, 1, 0, before
    return inner, before, 1, factor * inner, 1, inner, before, 0


def pass_of_4(re, im, cosines, sines, before, inner):
    count, n = re.shape
    x, y = zeros((count, n)), zeros((count, n))
    apart = before * inner
    rows, columns, far, near, down, along, slow, fast = order_of(before, 4, inner)
    for b in range(count):
        for r in range(rows):
            for s in range(columns):
                at, to, turn = r * far + s * near, r * down + s * along, r * slow + s * fast
                a, c = re[b, at], im[b, at]
                d, e = re[b, at + inner], im[b, at + inner]
                f, g = re[b, at + 2 * inner], im[b, at + 2 * inner]
                h, m = re[b, at + 3 * inner], im[b, at + 3 * inner]
                a, c, f, g = a + f, c + g, a - f, c - g
                d, e, h, m = d + h, e + m, e - m, h - d
                x[b, to], y[b, to] = a + d, c + e
                p, q = cosines[turn], sines[turn]
                u, v = f + h, g + m
                x[b, to + apart], y[b, to + apart] = u * p - v * q, u * q + v * p
                p, q = cosines[2 * turn], sines[2 * turn]
                u, v = a - d, c - e
                x[b, to + 2 * apart], y[b, to + 2 * apart] = u * p - v * q, u * q + v * p
                p, q = cosines[3 * turn], sines[3 * turn]
                u, v = f - h, g - m
                x[b, to + 3 * apart], y[b, to + 3 * apart] = u * p - v * q, u * q + v * p
    return x, y


def pass_of_2(re, im, cosines, sines, before, inner):
    count, n = re.shape
    x, y = zeros((count, n)), zeros((count, n))
    apart = before * inner
    rows, columns, far, near, down, along, slow, fast = order_of(before, 2, inner)
    for b in range(count):
        for r in range(rows):
            for s in range(columns):
                at, to, turn = r * far + s * near, r * down + s * along, r * slow + s * fast
                a, c = re[b, at], im[b, at]
                d, e = re[b, at + inner], im[b, at + inner]
                x[b, to], y[b, to] = a + d, c + e
                p, q = cosines[turn], sines[turn]
                u, v = a - d, c - e
                x[b, to + apart], y[b, to + apart] = u * p - v * q, u * q + v * p
    return x, y


def pass_of_odd(re, im, cosines, sines, before, factor, inner):
    """Inputs that mirror each other have roots that do, so that what cancels is nought."""
    count, n = re.shape
    x, y = zeros((count, n)), zeros((count, n))
    step, apart = n // factor, before * inner
    rows, columns, far, near, down, along, slow, fast = order_of(before, factor, inner)
    for b in range(count):
        for j in range(factor):
            for r in range(rows):
                for s in range(columns):
                    at, to = r * far + s * near, r * down + s * along + j * apart
                    x[b, to], y[b, to] = re[b, at], im[b, at]
                root = 0
                for m in range(1, factor // 2 + 1):
                    root = root + j * step
                    if root >= n:
                        root = root - n
                    p, q = cosines[root], sines[root]
                    for s in range(columns):
                        at = r * far + s * near + m * inner
                        back = r * far + s * near + (factor - m) * inner
                        to = r * down + s * along + j * apart
                        u, v = re[b, at] + re[b, back], im[b, at] + im[b, back]
                        d, e = re[b, at] - re[b, back], im[b, at] - im[b, back]
                        x[b, to] = x[b, to] + (u * p - e * q)
                        y[b, to] = y[b, to] + (v * p + d * q)
                for s in range(columns):
                    to, turn = r * down + s * along + j * apart, j * (r * slow + s * fast)
                    p, q = cosines[turn], sines[turn]
                    u, v = x[b, to], y[b, to]
                    x[b, to], y[b, to] = u * p - v * q, u * q + v * p
    return x, y


def convolved_then(re, im):
    count, n = re.shape
    length = 1
    while length < 2 * n - 1:
        length = length * 2
    places = arange(n)
    cosines, sines = roots_then(2 * n)
    at = places * places % (2 * n)
    cosines, sines = cosines[at], sines[at]
    rest = zeros((length - 2 * n + 1,))
    kernel = [concatenate_([one, rest, one[:0:-1]], 0)[None, :] for one in (cosines, -sines)]
    u, v = shared_as("fft", in_passes, kernel[0], kernel[1])
    padding = zeros((count, length - n))
    p, q = shared_as(
        "fft", in_passes, concatenate_([re * cosines - im * sines, padding], 1),
        concatenate_([re * sines + im * cosines, padding], 1),
    )  # fmt: skip
    q, p = shared_as("fft", in_passes, (p * v + q * u) / length, (p * u - q * v) / length)
    p, q = p[:, :n], q[:, :n]
    return p * cosines - q * sines, p * sines + q * cosines
