"""What is outside the language says so in one FleetError: the construct, the place, the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.diagnostics import FleetError
from fleet.frontend import build_ir, run_ast
from fleet.limits import Limits

HEADER = "import sys\nimport numpy as np\nn = int(sys.argv[1])\n"

ALWAYS = {
    "np.busday_offset(1, 2)": "numpy.busday_offset is not supported",
    "np.from_dlpack(np.ones(4))": "numpy.from_dlpack is not supported",
    "np.busday_count(1, 2)": "numpy.busday_count is not supported",
    "np.ones(3).dump(1)": "the array attribute `dump` is not supported",
    "import torch": "the module `torch` is not supported",
    "from asyncio import run": "the module `asyncio` is not supported",
    "from os import *\nprint(scandir())": "os.scandir is not supported",
    "import primitives": "the module `primitives` is not supported",
    "async def f():\n    pass": "`async def` is not supported",
    "def g():\n    yield 1\n    x = input() or (yield 2)\nnext(g())\nnext(g())":
        "a `yield` that is not always evaluated",
    "eval('1')": "`eval` is not supported",
    "class A(range): pass": "classes that inherit from `range` are not supported",
    "object.__subclasses__()": "the attribute `__subclasses__` of the type `object`",
    "import os\nos.system('ls')": "os.system is not supported",
}
WHEN_COMPILED = {
    "xs = []\nfor i in range(n): xs.append(np.sin)": "a list changes its length",
    "xs = []\ndef f():\n for i in range(n):\n  import math as q\n  xs.append(lambda: q)\nf()":
        "its variable `q` may change later",
    "getattr(sys, sys.argv[1])": "the name of an attribute needs a value that is known",
    "from operator import attrgetter\nattrgetter(*sys.argv[1:])":
        "how many arguments this call has",
    "x = np.ones(3)\ny = x\nif n: x = np.zeros(3)\nx[0] = 2": "it cannot be written to",
    "try:\n    print(np.squeeze(np.ones((n, 3))))\nexcept Exception:\n    print(1)":
        "this may raise NotImplementedError at run time",
    "np.ones([2] * n)": "how many axes there are",
    "np.ones(3).reshape((1,) * n)": "how many axes there are",
    "np.ones((2, 2)).sum(axis=(0,) * n)": "how many axes there are",
    "x = np.ones(3, dtype='longdouble')": "arrays of dtype float128 are not supported",
}


def _write(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "program.py"
    path.write_text(f"{HEADER}{body}\n", encoding="utf-8")
    return path


def _check(error: FleetError, message: str) -> None:
    assert message in error.message
    assert error.location is not None and error.location.line > 3
    text = error.render()
    assert "^" in text and "program.py" in text and "Traceback" not in text


@pytest.mark.parametrize(("body", "message"), ALWAYS.items())
def test_an_unsupported_construct_is_rejected_when_run_and_when_compiled(
    body: str, message: str, tmp_path: Path
) -> None:
    path = _write(tmp_path, body)
    for evaluate in (lambda: run_ast(path, ["1"]), lambda: build_ir(path)):
        with pytest.raises(FleetError) as caught:
            evaluate()
        _check(caught.value, message)


@pytest.mark.parametrize(("body", "message"), WHEN_COMPILED.items())
def test_what_run_time_cannot_decide_is_rejected_when_compiled(
    body: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(FleetError) as caught:
        build_ir(_write(tmp_path, body))
    _check(caught.value, message)


def test_a_missing_program_is_rejected() -> None:
    with pytest.raises(FleetError, match="cannot read"):
        build_ir("no/such/program.py")


TOO_LONG = {
    "class K: pass\ni = 0\nwhile True:\n    setattr(K, str(i % 10), i)\n    i += 1":
        "this loop takes more than",
    "class K: pass\nfor i in range(10 ** 9):\n    setattr(K, str(i), i)":
        "this loop takes more than",
    "def f(k): return 0 if k == 0 else f(k - 1) + f(k - 1)\nf(40)": "this program takes more than",
    "def g(k):\n    if k and n > k:\n        yield from g(k - 1)\n    yield k\n"
    "    if k and n < k:\n        yield from g(k - 1)\nprint(list(g(20)))":
        "this program makes more than",
}


@pytest.mark.parametrize(("body", "message"), TOO_LONG.items())
def test_what_is_evaluated_at_build_time_has_a_budget(
    body: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(FleetError) as caught:
        build_ir(_write(tmp_path, body), Limits(steps=5000))
    _check(caught.value, message)


def test_the_budget_names_the_loop_and_why_it_is_no_run_time_loop(tmp_path: Path) -> None:
    body = (
        "class K: pass\nfor i in range(3):\n    for k in range(10 ** 9):\n"
        "        setattr(K, str(k), i)"
    )
    with pytest.raises(FleetError) as caught:
        build_ir(_write(tmp_path, body), Limits(steps=5000))
    assert caught.value.location.line == len(HEADER.splitlines()) + 3
    assert "it is no run-time loop because" in caught.value.message
    assert "the name of an attribute" in caught.value.message
    assert "--budget" in caught.value.hint
