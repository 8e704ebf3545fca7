# args: 2
import sys
import unittest

n = int(sys.argv[1])


class Words(unittest.TestCase):
    pass


def attempt(name, *args, **kwargs):
    try:
        getattr(Words(), name)(*args, **kwargs)
        print(name, "passes")
    except (AssertionError, TypeError) as error:
        print(type(error).__name__, error)


for step in (0.5, 0.004, 1e-9, 0):
    for keys in ({}, {"places": 0}, {"places": 2}, {"delta": 0.25}, {"places": 1, "delta": 0.1}):
        attempt("assertAlmostEqual", float(n), n + step, **keys)
        attempt("assertNotAlmostEqual", float(n), n + step, **keys)
attempt("assertEqual", n, n + 1)
attempt("assertNotEqual", n, n)
attempt("assertTrue", n > 5)
attempt("assertFalse", n < 5)
attempt("assertIs", n, None)
attempt("assertIn", n, [1, n + 1])
attempt("assertNotIn", n, [1, n])
attempt("assertLess", n, n)
attempt("assertGreaterEqual", n, n + 0.5)
attempt("assertIsNone", n)
attempt("assertRegex", "ab", "c+")
