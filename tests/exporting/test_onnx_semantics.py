"""NumPy's semantics where ONNX's operators differ: each dtype, the numbers at its ends, NaN."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fleet.exporting.evaluation import export_function
from fleet.exporting.specs import parse_argument
from tests.exporting.corpus import _parts
from tests.exporting.onnx_judges import Judged
from tests.exporting.onnx_programs import semantics

RNG = np.random.default_rng(0)
CODES = {"i": "int", "u": "uint", "f": "float"}
SPECIAL = np.array(
    [0.0, -0.0, 1, -1, 2.5, -2.5, np.nan, np.inf, -np.inf, 1e-30, 7, -7, 0.1, 300]
)


def dtype_of(code: str) -> np.dtype:
    return np.dtype(f"{CODES[code[0]]}{code[1:]}")


def judge(name: str, specs: list[str], calls: list[list[Any]], folder: Path,
          primitive: bool = False) -> None:  # fmt: skip
    graph = export_function(semantics.__file__, name, [parse_argument(text) for text in specs])
    judged = Judged(graph, folder, primitive=primitive)
    for call in calls:
        given = [one.copy() if isinstance(one, np.ndarray) else one for one in call]
        with np.errstate(all="ignore"):
            wanted = dict(_parts(getattr(semantics, name)(*given), "result"))
        inputs = {port.name: value for port, value in zip(graph.arguments, call, strict=True)}
        assert not judged.differences(inputs, wanted)


def whole_range(code: str, low: int, high: int) -> np.ndarray:
    """Integers from low to high, and those at the ends of the dtype."""
    info = np.iinfo(dtype_of(code))
    drawn = RNG.integers(max(low, info.min), high, 20).astype(info.dtype)
    return np.concatenate([drawn, np.array([info.min, info.max, info.min], info.dtype)])


@pytest.mark.parametrize("code", ["i8", "i64", "u16", "u64"])
def test_integers(code: str, tmp_path: Path) -> None:
    a, b = whole_range(code, -9, 10), whole_range(code, -3, 4)
    b[-1] = np.array(-1).astype(b.dtype)
    judge("integers", [f"{code}[n]"] * 2, [[a, b], [b, a]], tmp_path)


@pytest.mark.parametrize("code", ["i8", "u8", "i64", "u64"])
def test_shifts(code: str, tmp_path: Path) -> None:
    most = dtype_of(code).itemsize * 8 + 3
    a, b = whole_range(code, -9, 10), RNG.integers(0, most, 23).astype(dtype_of(code))
    judge("shifts", [f"{code}[n]"] * 2, [[a, b]], tmp_path)


@pytest.mark.parametrize("code", ["i8", "u64"])
def test_powers(code: str, tmp_path: Path) -> None:
    a, b = (RNG.integers(0, 9, 20).astype(dtype_of(code)) for _ in range(2))
    judge("powers", [f"{code}[n]"] * 2, [[a, b]], tmp_path)


@pytest.mark.parametrize("code", ["i16", "u32", "i64", "u64"])
def test_large_integers(code: str, tmp_path: Path) -> None:
    info = np.iinfo(dtype_of(code))
    calls = [
        [RNG.integers(info.min, info.max, 8, info.dtype, True) for _ in range(2)] for _ in range(3)
    ]
    judge("large_integers", [f"{code}[n]"] * 2, calls, tmp_path)


@pytest.mark.parametrize("code", ["f16", "f32", "f64"])
def test_floats(code: str, tmp_path: Path) -> None:
    a, b = (part.reshape(-1).astype(dtype_of(code)) for part in np.meshgrid(SPECIAL, SPECIAL))
    judge("floats", [f"{code}[n]"] * 2, [[a, b]], tmp_path)


@pytest.mark.parametrize("code", ["f16", "f32", "f64"])
def test_functions(code: str, tmp_path: Path) -> None:
    dtype = dtype_of(code)
    drawn = [RNG.normal(size=50) * scale for scale in (1, 1e-4, 10)]
    calls = [[x.astype(dtype)] for x in (SPECIAL, *drawn)]
    judge("functions", [f"{code}[n]"], calls, tmp_path)


@pytest.mark.parametrize("code", ["f32", "f64"])
def test_functions_of_some_numbers(code: str, tmp_path: Path) -> None:
    dtype = dtype_of(code)
    above = [np.abs(SPECIAL[:6]), RNG.exponential(size=50)]
    judge("functions_above_zero", [f"{code}[n]"], [[x.astype(dtype)] for x in above], tmp_path)
    within = [RNG.uniform(-1, 1, 50), np.array([0, 1, -1, -0.0, 1e-9])]
    judge("functions_within_one", [f"{code}[n]"], [[x.astype(dtype)] for x in within], tmp_path)


@pytest.mark.parametrize("primitive", [False, True])
@pytest.mark.parametrize("code", ["i8", "f32", "f64"])
def test_reductions(code: str, primitive: bool, tmp_path: Path) -> None:
    dtype, calls = dtype_of(code), [RNG.normal(size=(5, 4)) * 9, RNG.normal(size=(1, 4)) * 9]
    if code[0] == "f":
        calls.append(np.where(RNG.random((5, 4)) < 0.3, np.nan, np.round(calls[0])))
    judge("reductions", [f"{code}[n,4]"], [[x.astype(dtype)] for x in calls], tmp_path, primitive)


@pytest.mark.parametrize("code", ["i64", "f32"])
def test_reductions_of_nothing(code: str, tmp_path: Path) -> None:
    calls = [[np.zeros((n, 3), dtype_of(code))] for n in (0, 2)]
    judge("of_nothing", [f"{code}[n,3]"], calls, tmp_path)


def test_bools(tmp_path: Path) -> None:
    judge("bools", ["bool[n]"] * 2, [[RNG.random(9) < 0.5, RNG.random(9) < 0.5]], tmp_path)


def test_subscripts(tmp_path: Path) -> None:
    calls = [[RNG.normal(size=(5, 4)), -2, -1, 3], [RNG.normal(size=(4, 4)), 1, 0, 2]]
    judge("subscripts", ["f64[n,4]", "i64", "i64", "i64"], calls, tmp_path)


def test_slices_of_which_nothing_is_left(tmp_path: Path) -> None:
    calls = [[RNG.normal(size=n), p] for n in (0, 1, 3, 6) for p in (0, 1, 2, 5, 9)]
    judge("backwards", ["f64[n]", "int"], calls, tmp_path)


@pytest.mark.parametrize("code", ["f32", "f64"])
def test_scattered(code: str, tmp_path: Path) -> None:
    dtype = dtype_of(code)
    calls = [
        [RNG.normal(size=6).astype(dtype), RNG.integers(0, 6, n), RNG.normal(size=n).astype(dtype)]
        for n in (9, 0)
    ]
    judge("scattered", [f"{code}[n]", "i64[m]", f"{code}[m]"], calls, tmp_path)


def test_loops(tmp_path: Path) -> None:
    calls = [[RNG.normal(size=5) * 3, n] for n in (1, 7, 13)]
    judge("scalar_loops", ["f64[n]", "int"], calls, tmp_path)
    judge("loops_downwards", ["f64[n]", "int"], [[RNG.normal(size=9), n] for n in (0, 1, 8)],
          tmp_path)  # fmt: skip


def test_python_numbers(tmp_path: Path) -> None:
    judge("python_numbers", ["int", "int"], [[7, 2], [-7, 3], [3, -5]], tmp_path)


@pytest.mark.parametrize("code", ["f32", "i64", "u8"])
def test_casts(code: str, tmp_path: Path) -> None:
    x = np.abs(RNG.normal(size=50) * 30).astype(dtype_of(code))
    judge("casts", [f"{code}[n]"], [[x]], tmp_path)


def test_complex_numbers(tmp_path: Path) -> None:
    calls = [[RNG.normal(size=9), RNG.normal(size=9)]]
    judge("complex_numbers", ["f64[n]", "f64[n]"], calls, tmp_path)


@pytest.mark.parametrize("code", ["i8", "f32", "f64"])
def test_products(code: str, tmp_path: Path) -> None:
    shapes = (4, 3), (3, 4), (3,)
    calls = [[(RNG.normal(size=shape) * 9).astype(dtype_of(code)) for shape in shapes]]
    judge("products", [f"{code}[n,3]", f"{code}[3,n]", f"{code}[3]"], calls, tmp_path)
