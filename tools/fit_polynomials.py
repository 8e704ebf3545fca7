"""Computes the polynomials of fleet/codegen/math/coefficients.py and prints that file.

    python tools/fit_polynomials.py > fleet/codegen/math/coefficients.py

Each polynomial interpolates its function at Chebyshev nodes, in 60 decimal digits, which is within
a small factor of the best possible; the degree is the lowest that keeps the error under the
precision of the result, as the printed comment says. (Muller, Elementary Functions, chapter 3.)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal as D
from decimal import getcontext

import numpy as np

getcontext().prec = 60
Function = Callable[[D], D]


def series(first: D, ratio: Callable[[int], D]) -> D:
    """first + first * ratio(1) + first * ratio(1) * ratio(2) + … until it does not change."""
    total, term, n = first, first, 1
    while True:
        term *= ratio(n)
        if total + term == total:
            return total
        total, n = total + term, n + 1


def exp_rest(r: D) -> D:
    """(exp(r) - 1 - r) / r**2."""
    return series(D("0.5"), lambda n: r / (n + 2))


def exp2_rest(r: D) -> D:
    """(2**r - 1) / r."""
    x = r * D(2).ln()
    return D(2).ln() * series(D(1), lambda n: x / (n + 1))


def tanh_rest(s: D) -> D:
    """(tanh(x) / x - 1) / x**2 with x = sqrt(s)."""
    x = s.sqrt()
    e = (2 * x).exp()
    return ((e - 1) / (e + 1) / x - 1) / s


def log_rest(z: D) -> D:
    """(2 atanh(s) - 2 s) / s**3 with s = sqrt(z)."""
    total, power, n = D(0), D(2), 3
    while total + power / n != total:
        total, power, n = total + power / n, power * z, n + 2
    return total


def sin_rest(z: D) -> D:
    """(sin(x) / x - 1) / x**2 with x = sqrt(z)."""
    return series(-D(1) / 6, lambda n: -z / ((2 * n + 2) * (2 * n + 3)))


def cos_rest(z: D) -> D:
    """(cos(x) - 1 + x**2 / 2) / x**4 with x = sqrt(z)."""
    return series(D(1) / 24, lambda n: -z / ((2 * n + 3) * (2 * n + 4)))


def atan_rest(z: D) -> D:
    """(atan(t) / t - 1) / t**2 with t = sqrt(z)."""
    return series(-D(1) / 3, lambda n: -z * (2 * n + 1) / (2 * n + 3))


def asin_rest(z: D) -> D:
    """(asin(x) / x - 1) / x**2 with x = sqrt(z)."""
    return series(D(1) / 6, lambda n: z * (2 * n + 1) ** 2 / ((2 * n + 2) * (2 * n + 3)))


def cube_root(x: D) -> D:
    return x ** (D(1) / 3)


def interpolate(function: Function, low: D, high: D, degree: int) -> list[D]:
    """Coefficients, constant first, of the interpolating polynomial at Chebyshev nodes."""
    count = degree + 1
    angles = [math.pi * (2 * k + 1) / (2 * count) for k in range(count)]
    nodes = [(low + high) / 2 + (high - low) / 2 * D(math.cos(angle)) for angle in angles]
    table = [function(node) for node in nodes]
    for order in range(1, count):
        for k in range(count - 1, order - 1, -1):
            table[k] = (table[k] - table[k - 1]) / (nodes[k] - nodes[k - order])
    coefficients = [D(0)] * count
    for k in range(count - 1, -1, -1):
        shifted = [D(0), *coefficients[:-1]]
        coefficients = [a - nodes[k] * b for a, b in zip(shifted, coefficients, strict=True)]
        coefficients[0] += table[k]
    return coefficients


def refit(function: Function, high: D, degree: int) -> list[D]:
    """For [0, high] with coefficients that are f32: each in turn is rounded, and the later ones are
    fitted again by least squares to what is left. (Brisebarre, Muller and Tisserand, Computing
    machine-efficient polynomial approximations, is the thorough way.)"""
    angles = np.linspace(0.05, math.pi, 1500)
    points = float(high) * (0.5 - 0.5 * np.cos(angles))
    left = np.array([float(function(D(float(point)))) for point in points])
    weights = points  # of the error: what the polynomial is multiplied by later
    coefficients = []
    for first in range(degree + 1):
        powers = np.stack([points**power for power in range(first, degree + 1)], axis=1)
        fitted = np.linalg.lstsq(powers * weights[:, None], left * weights, rcond=None)[0]
        coefficients.append(float(np.float32(fitted[0])))
        left = left - coefficients[-1] * points**first
    return [D(c) for c in coefficients]


def error(function: Function, low: D, high: D, coefficients: list[D]) -> D:
    """The largest absolute difference on a grid."""
    worst = D(0)
    for k in range(1, 200):
        x = low + (high - low) * k / 200
        value = D(0)
        for c in reversed(coefficients):
            value = value * x + c
        worst = max(worst, abs(value - function(x)))
    return worst


LN2 = D(2).ln()
HALF_LN2 = LN2 / 2 + D("0.0001")
SMALLEST = (D(2).sqrt() - 1) / (D(2).sqrt() + 1)
QUARTER_PI = D("0.78539816339744830961566084581987572104929234984378") ** 2

def arctan_of_inverse(x: int, bits: int) -> int:
    """arctan(1 / x) * 2**bits."""
    term = (1 << bits) // x
    total, n = term, 3
    while term:
        term //= -x * x
        total, n = total + term // n, n + 2
    return total


def bits_of_two_over_pi(words: int, zeros: int) -> list[int]:
    """The bits of 2 / pi after so many zeros, in words of 64. (Machin's formula.)"""
    bits = 64 * words + 64
    pi = 4 * (4 * arctan_of_inverse(5, bits) - arctan_of_inverse(239, bits))
    total = (2 << 2 * bits) // pi >> bits - 64 * words + zeros
    return [total >> 64 * place & (1 << 64) - 1 for place in range(words)][::-1]


POLYNOMIALS = [
    ("EXP_F32", "(exp(r) - 1 - r) / r**2 for |r| <= log(2) / 2", exp_rest, -HALF_LN2, HALF_LN2, 5),
    ("EXP_F64", "(exp(r) - 1 - r) / r**2 for |r| <= log(2) / 2", exp_rest, -HALF_LN2, HALF_LN2, 10),
    ("EXP2_F32", "(2**r - 1) / r for |r| <= 1 / 2", exp2_rest, D("-0.5"), D("0.5"), 6),
    ("TANH_F32", "(tanh(x) / x - 1) / x**2 in x**2 <= 0.95", tanh_rest, D(0), D("0.95"), 7),
    ("TANH_F64", "(tanh(x) / x - 1) / x**2 in x**2 <= 0.64", tanh_rest, D(0), D("0.64"), 13),
    ("LOG_F64", "(2 atanh(s) - 2 s) / s**3 in s**2 <= 0.02944", log_rest, D(0), SMALLEST**2, 7),
    ("SIN_F64", "(sin(x) / x - 1) / x**2 in x**2 <= (pi / 4)**2", sin_rest, D(0), QUARTER_PI, 6),
    ("COS_F64", "(cos(x) - 1 + x**2 / 2) / x**4 in x**2", cos_rest, D(0), QUARTER_PI, 6),
    ("ATAN_F64", "(atan(t) / t - 1) / t**2 in t**2 <= 0.1716", atan_rest, D(0), D("0.1718"), 12),
    ("ASIN_F64", "(asin(x) / x - 1) / x**2 in x**2 <= 0.25", asin_rest, D(0), D("0.25"), 14),
    ("CBRT", "x**(1 / 3) for 1 <= x <= 2", cube_root, D(1), D(2), 4),
]


OF_LIBRARIES = [
    ("LOG1P_OF_FDLIBM", "(log(1 + f) - f + f**2 / 2) / s - f**2 / 2 in s**2, s = f / (2 + f)", (
        6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
        2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
        1.479819860511658591e-01,
    )),
    ("EXPM1_OF_FDLIBM", "x / 2 (exp(x) + 1) / (exp(x) - 1) in x**2 / 2, from the first power on", (
        -3.33333333333331316428e-02, 1.58730158725481460165e-03, -7.93650757867487942473e-05,
        4.00821782732936239552e-06, -2.01099218183624371326e-07,
    )),
    ("LOG_OF_GNU", "log(1 + r) / r**3 less 1 / r**2 - 1 / 2 r, times powers of -1 / 2", (
        -0.6666666666666679, 0.5000000000000007, 0.7999999995323976, -0.6666666663487739,
        -1.142909628459501, 1.0000415263675542,
    )),
    ("EXP_OF_GNU", "(exp(r) - 1 - r) / r**2 for |r| up to a 256th of log(2)", (
        0.49999999999996786, 0.16666666666665886, 0.0416666808410674, 0.008333335853059549,
    )),
]  # fmt: skip
"""Coefficients that GNU's C library has, of Sun's fdlibm and of Arm's optimized routines; with them
come their results."""


def main() -> None:
    print('"""Polynomials for elementary functions, constant term first. tools/fit_polynomials.py')
    print('prints this file; `error` is the largest absolute error of the polynomial itself."""')
    for name, text, function, low, high, degree in POLYNOMIALS:
        if name == "TANH_F32":
            coefficients = refit(function, high, degree)
        else:
            coefficients = interpolate(function, low, high, degree)
        worst = error(function, low, high, coefficients)
        print(f"\n# {text}; error {float(worst):.1e}")
        print(f"{name} = (")
        for c in coefficients:
            print(f"    {float(c)!r},")
        print(")")
    for name, text, numbers in OF_LIBRARIES:
        print(f"\n# {text}; {'fdlibm' if name.endswith('FDLIBM') else 'GNU'}'s\n{name} = (")
        for number in numbers:
            print(f"    {number!r},")
        print(")")
    print("\n# the bits of 2 / pi after 14 zeros, the highest word first\nTWO_OVER_PI = (")
    for word in bits_of_two_over_pi(19, 14):
        print(f"    0x{word:016X},")
    print(")")


if __name__ == "__main__":
    main()
