"""NumPy's elementary functions, of arrays and of scalars."""

import numpy as np


def everywhere(x):
    return (np.exp(x), np.expm1(x), np.tanh(x), np.sin(x), np.cos(x), np.tan(x), np.arctan(x),
            np.sinh(x), np.cosh(x), np.arcsinh(x), np.exp2(x), np.cbrt(x), np.floor(x),
            np.ceil(x), np.trunc(x), np.rint(x), np.abs(x), np.square(x), np.sign(x))


def of_positive(x):
    x = np.abs(x) + 1.01
    return (np.log(x), np.log2(x), np.log10(x), np.log1p(x), np.sqrt(x), np.arccosh(x),
            np.arcsin(1 / x), np.arccos(1 / x), np.arctanh(1 / x))


def of_pairs(a, b):
    return (np.arctan2(a, b), np.hypot(a, b), np.copysign(a, b), np.fmod(a, b), a % b, a // b,
            np.abs(a) ** b, np.maximum(a, b), np.minimum(a, b), divmod(a, b)[1])


def of_one(x):
    return np.tanh(x) + np.sin(x), np.exp(-(x**2)), abs(x) ** 0.5


CASES = [
    ("everywhere", ["f32[n]"], [{"n": 1}, {"n": 37}]),
    ("of_positive", ["f32[n]"], [{"n": 1}, {"n": 37}]),
    ("of_pairs", ["f32[n]", "f32[n]"], [{"n": 1}, {"n": 37}]),
    ("everywhere", ["f64[n]"], [{"n": 1}, {"n": 37}, {"n": 3, "x": [1e5, -2e10, 1e-9]}]),
    ("of_positive", ["f64[n]"], [{"n": 1}, {"n": 37}]),
    ("of_pairs", ["f64[n]", "f64[n]"],
     [{"n": 1}, {"n": 37}, {"n": 3, "a": [1e16, -7.5, 0.0], "b": [3.0, 2.5, -1.0]}]),
    ("of_one", ["f32"], [{"x": 0.5}, {"x": -1.25}]),
    ("of_one", ["f64"], [{"x": 0.5}, {"x": -1.25}]),
]
