"""Draws from generators of Python's `random` that the run holds: CPython's own."""

from __future__ import annotations

FLOATS = frozenset("""random uniform triangular betavariate expovariate gammavariate gauss
    lognormvariate normalvariate vonmisesvariate paretovariate weibullvariate""".split())
"""Methods that give floats."""
METHODS = FLOATS | frozenset("""randint randrange getrandbits randbytes choice choices sample
    shuffle seed getstate setstate""".split())
