"""NumPy's elementary functions in an executable: within their bounds over the whole range.

One executable computes all functions of one array, the reference is NumPy in the next wider format.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from fleet.driver import build
from fleet.emulation import emulate
from fleet.host import Host

UNARY = """exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh
    arcsinh arccosh arctanh cbrt sqrt""".split()
BINARY = "power arctan2 hypot fmod".split()
EXACT = "fmod remainder floor_divide".split()
"""Functions that are NumPy's own to the last bit."""
COUNT = 400

PROGRAM = """
import numpy as np
with np.errstate(all="ignore"):
    x = np.load(r"{folder}/x.npy")
    y = np.load(r"{folder}/y.npy")
    {lines}
"""


def samples(dtype: type, generator: np.random.Generator) -> np.ndarray:
    """Any bits, every order of magnitude, ordinary numbers, and the special values."""
    info, width = np.finfo(dtype), np.dtype(dtype).itemsize
    anything = generator.integers(0, 2 ** (8 * width), COUNT, dtype=f"u{width}").view(dtype)
    exponents = np.linspace(info.minexp, info.maxexp - 1, COUNT).astype(int)
    grid = np.ldexp(generator.uniform(-2, 2, COUNT), exponents)
    ordinary = generator.standard_normal(COUNT) * generator.choice([0.01, 1, 10], COUNT)
    special = [0.0, -0.0, 1, -1, np.inf, -np.inf, np.nan, info.max, info.tiny, 1e22, 0.5, 2, 3, -2]
    return np.concatenate([np.asarray(p, dtype) for p in (anything, grid, ordinary, special)])


def computed(folder: Path, x: np.ndarray, y: np.ndarray, names: list[str]) -> list[np.ndarray]:
    """What an executable gives for each function."""
    np.save(folder / "x.npy", x)
    np.save(folder / "y.npy", y)
    lines = [
        f"print(np.{name}(x{', y' if name not in UNARY else ''}).astype(np.float64).tolist())"
        for name in names
    ]
    program, elf = folder / "functions.py", str(folder / "functions.elf")
    program.write_text(PROGRAM.format(folder=folder, lines="\n    ".join(lines)))
    build(str(program), elf)
    host = Host([elf], io.StringIO(), io.StringIO(), io.StringIO())
    emulate(elf, [], host=host)
    numbers = {"nan": np.nan, "inf": np.inf}
    printed = host.stdout.getvalue().splitlines()
    return [np.array(eval(line, numbers)) for line in printed]  # noqa: S307 - a list of floats


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_executables_are_within_the_bounds(tmp_path: Path, dtype: type) -> None:
    generator = np.random.default_rng(5)
    x, y = samples(dtype, generator), generator.permutation(samples(dtype, generator))
    wide, bound = (np.float64, 1.0) if dtype is np.float32 else (np.longdouble, 2.0)
    names = [*UNARY, *BINARY, *EXACT]
    results = computed(tmp_path, x, y, names)
    with np.errstate(all="ignore"):
        for name, got in zip(names, results, strict=True):
            function, given = getattr(np, name), (x, y) if name not in UNARY else (x,)
            if name in EXACT:
                expected = function(*given)
                np.testing.assert_array_equal(got, expected, name)
                assert (np.signbit(got) == np.signbit(expected))[~np.isnan(got)].all(), name
                continue
            exact = function(*(v.astype(wide) for v in given))
            rounded = exact.astype(dtype)
            finite = np.isfinite(rounded)
            np.testing.assert_array_equal(got[~finite], rounded[~finite], name)
            assert (np.signbit(got) == np.signbit(rounded))[~np.isnan(rounded)].all(), name
            distance = np.abs(got[finite] - exact[finite])
            assert (distance / np.spacing(np.abs(rounded[finite]))).max() <= bound, name
