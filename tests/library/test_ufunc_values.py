"""Element-wise functions that are exact, in an executable: NumPy's values for extreme operands.

One executable computes all functions of two arrays that hold every pair of extreme values.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from fleet.driver import build
from fleet.emulation import emulate
from fleet.host import Host

UNARY = """absolute bitwise_count ceil degrees fabs floor frexp invert isfinite isinf isnan
    logical_not modf negative positive radians reciprocal rint sign signbit spacing sqrt square
    trunc""".split()
BINARY = """add bitwise_and bitwise_or bitwise_xor copysign divide divmod equal floor_divide fmax
    fmin fmod gcd greater greater_equal heaviside lcm left_shift less less_equal logical_and
    logical_or logical_xor maximum minimum multiply nextafter not_equal remainder right_shift
    subtract""".split()
EXTREMES = {
    "f": [-0.0, 0.0, 1, -1, np.inf, -np.inf, np.nan, 0.5, -2.5, 3, -3, 7.25, 100.5],
    "i": [0, 1, 2, 3, -1, -2, -3, 7, 8, 31, 63, 64],
    "u": [0, 1, 2, 3, 7, 8, 31, 63, 64],
}
PROGRAM = """
import numpy as np
x, y = np.load(r"{folder}/x.npy"), np.load(r"{folder}/y.npy")
with np.errstate(all="ignore"):
    {lines}
"""


def pairs(dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    info = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
    more = [info.max, info.min]
    if dtype.kind == "f":
        more += [info.tiny, info.smallest_subnormal, -info.smallest_subnormal]
    values = np.array([one for one in EXTREMES[dtype.kind] if dtype.kind == "f"
                       or info.min <= one <= info.max] + more, dtype)  # fmt: skip
    x, y = np.meshgrid(values, values)
    return x.ravel(), y.ravel()


def functions(x: np.ndarray, y: np.ndarray) -> dict[str, tuple[np.ndarray, ...]]:
    """The results of each function that takes this dtype and does not make halves of it."""
    found = {}
    for name in (*UNARY, *BINARY):
        function = getattr(np, name)
        given = (x, y) if name in BINARY else (x,)
        try:
            dtypes = function.resolve_dtypes(
                (*(one.dtype for one in given), *[None] * function.nout)
            )
            made = function(*given)
        except TypeError:
            continue
        if x.dtype == np.float16 or np.float16 not in dtypes:
            found[name] = made if isinstance(made, tuple) else (made,)
    return found


@pytest.mark.parametrize("name", ["int8", "uint64", "float16", "float32", "float64"])
@pytest.mark.filterwarnings("ignore")
def test_values_are_those_of_numpy(name: str, tmp_path: Path) -> None:
    x, y = pairs(np.dtype(name))
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", y)
    with np.errstate(all="ignore"):
        expected = functions(x, y)
    lines, wanted = [], []
    for function, results in expected.items():
        call = f"np.{function}({'x, y' if function in BINARY else 'x'})"
        for number, result in enumerate(results):
            part = f"{call}[{number}]" if len(results) > 1 else call
            shown = "np.float64" if result.dtype.kind == "f" else "np.int64"
            lines.append(f"print({part}.astype({shown}).tolist())")
            wanted.append((function, result.astype(shown.removeprefix("np."))))
    program, elf = tmp_path / "functions.py", str(tmp_path / "functions.elf")
    program.write_text(PROGRAM.format(folder=tmp_path, lines="\n    ".join(lines)))
    build(str(program), elf)
    host = Host([elf], io.StringIO(), io.StringIO(), io.StringIO())
    emulate(elf, [], host=host)
    printed = host.stdout.getvalue().splitlines()
    for (function, result), line in zip(wanted, printed, strict=True):
        got = np.array(eval(line, {"nan": np.nan, "inf": np.inf}))
        np.testing.assert_array_equal(got, result, function)
        if result.dtype.kind == "f" and function not in ("maximum", "minimum", "fmax", "fmin"):
            numbers = ~np.isnan(result)  # which of two zeros is larger depends on the processor
            assert (np.signbit(got) == np.signbit(result))[numbers].all(), function
