"""Complex functions of zeros, infinities and nans: what NumPy gives, signs of zeros included."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

from every_executor import Program, by_cpython

PARTS = ["0.0", "-0.0", "1.0", "-3.0", "inf", "-inf", "nan"]
FUNCTIONS = """exp log sqrt sin cos tan sinh cosh tanh arcsin arccos arctan arcsinh arccosh arctanh
    sign square""".split()
POWERS = ["1", "2", "3", "1 + 1j", "-2.5", "-2"]
CALLS = [*(f"np.{name}(x)" for name in FUNCTIONS), *(f"x ** ({power})" for power in POWERS)]
POINTS = list(itertools.product(PARTS, PARTS))
PROGRAM = f"""
import numpy as np
inf, nan = float("inf"), float("nan")
x = np.array([{", ".join(f"complex({re}, {im})" for re, im in POINTS)}])
def show(made):
    for one in made:
        print(one.real, one.imag)
with np.errstate(all="ignore"):
{chr(10).join(f"    show({call})" for call in CALLS)}
"""


def are_the_same(ours: float, theirs: float, size: float) -> bool:
    if not math.isfinite(theirs):
        return ours == theirs or (math.isnan(theirs) and math.isnan(ours))
    if ours == theirs == 0:
        return math.copysign(1, ours) == math.copysign(1, theirs)
    return abs(ours - theirs) <= 1e-13 * size


def test_special_values_are_numpys(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    ours, theirs = Program("emu", path).run([])[0], by_cpython(path, [])[0]
    places = itertools.product(CALLS, POINTS)
    for place, one, other in zip(places, ours.split("\n"), theirs.split("\n"), strict=False):
        found, expected = ([float(part) for part in line.split()] for line in (one, other))
        size = max((abs(part) for part in expected if math.isfinite(part)), default=0.0)
        assert all(map(are_the_same, found, expected, [size, size])), (place, found, expected)
    assert theirs.count("\n") == ours.count("\n") == len(CALLS) * len(POINTS)
