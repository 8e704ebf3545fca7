"""The fused multiply-add of float64, for one number at a time.

In: three floats. Out: a * b + c, rounded once. The one idea: Python's ints hold the exact sum.
(`math.fma` is there from Python 3.13 on only.)
"""

from __future__ import annotations

import math


def fma(a: float, b: float, c: float) -> float:
    """a * b + c, rounded once; what is infinite or no number as plain arithmetic has it."""
    if not (math.isfinite(a) and math.isfinite(b) and math.isfinite(c)):
        return a * b + c
    (an, ad), (bn, bd), (cn, cd) = (float(one).as_integer_ratio() for one in (a, b, c))
    numerator, denominator = an * bn * cd + cn * ad * bd, ad * bd * cd
    if numerator == 0:
        return a * b + c
    try:
        return numerator / denominator
    except OverflowError:
        return math.inf if numerator > 0 else -math.inf
