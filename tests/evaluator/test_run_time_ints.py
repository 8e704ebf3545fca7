"""Ints of run time are CPython's, or an OverflowError: every operator, around the edges of 64 bits.

CPython computes the answer with ints of any length; where it has more than 64 bits, or where the
operator raises, the program has to end with that exception, at its line.
"""

from __future__ import annotations

import io
import math
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


from fleet.diagnostics import ProgramError
from fleet.driver import bytecode_of
from fleet.frontend import build_ir
from fleet.host import Host
from fleet.integers import LEAST, MOST, TOO_LARGE
from fleet.ir.interpreter import Interpreter
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine

EDGES = [
    0, 1, -1, 2, -2, 3, -7, 10, 63, 64, 1 << 31, -(1 << 31), (1 << 32) + 1, (1 << 53) - 1,
    (1 << 53) + 1, -(1 << 53) - 1, 3037000499, 3037000500, -3037000500, 1 << 62, -(1 << 62),
    MOST - 1, MOST, LEAST + 1, LEAST,
]  # fmt: skip
FLOATS = [
    0.0, -0.0, 0.5, -1.5, 3.0, 2.0**53, 2.0**53 + 2, -(2.0**53), 2.0**63, -(2.0**63), 2.0**62,
    math.nextafter(2.0**63, 0), 1e19, -1e19, 1e308, math.inf, -math.inf, math.nan,
]  # fmt: skip
ARITHMETIC = ["a + b", "a - b", "a * b", "a // b", "a % b", "a / b", "divmod(a, b)", "a & b",
              "a | b", "a ^ b"]  # fmt: skip
COMPARISONS = ["a == b", "a != b", "a < b", "a <= b", "a > b", "a >= b"]
COUNTED = ["a << b", "a >> b", "a ** b"]
UNARY = ["-a", "abs(a)", "~a", "+a", "float(a)", "int(a)", "round(a)", "a + 1", "a - 1", "a * -3",
         "1 - a", "a << 5", "a << 63", "a >> 3", "a >> 99", "a ** 2", "a ** 3", "a ** 64",
         "2 ** 70 > a", "a == 2 ** 64", "a <= -2 ** 90", "a < 2.5", "a > 1e300", "a % 8", "a % -8",
         "a // 8", "a // -1", "8 // a", "-7 % a", "a / 3", "1 / a", "sum([a, a, a])",
         "(a & 255) * (a & 255)", "-(a & 255) % 10", "-(a & 255) // 7 * 5"]  # fmt: skip
MIXED = ["a + x", "a - x", "a * x", "a / x", "x / a", "a // x", "x % a", "a == x", "a != x",
         "a < x", "a <= x", "a > x", "a >= x", "x < a", "x <= a", "x > a"]  # fmt: skip
OF_FLOAT = ["int(x)", "round(x)", "math.floor(x)", "math.ceil(x)", "math.trunc(x)",
            "x < 2 ** 53 + 1", "x >= 2 ** 53 + 1", "x == 2 ** 53 + 1", "x != 2 ** 53 + 1",
            "x > 10 ** 400", "x <= -10 ** 400", "x == 2 ** 63", "x + 10 ** 30"]  # fmt: skip

Run = Callable[[list[str]], str]


def programs(tmp_path: Path, expression: str) -> list[Run]:
    """The program that prints the expression, as IR and as bytecode, each built once."""
    path = tmp_path / "program.py"
    names = {"a": "int", "b": "int", "x": "float"}
    used = [name for name in names if re.search(rf"\b{name}\b", expression)]
    lines = [f"{name} = {names[name]}(sys.argv[{i + 1}])" for i, name in enumerate(used)]
    path.write_text("\n".join(["import math", "import sys", *lines, f"print({expression})"]) + "\n")
    module = build_ir(path)
    lowered, bytecode, arrays = bytecode_of(str(path))

    def on_ir(host: Host) -> None:
        Interpreter(module, host).run()

    def on_vm(host: Host) -> None:
        device = LoopDevice(lowered)
        bytecode.link(device.addresses(arrays))
        Machine(bytecode, device, host, memory=1 << 20).run()

    line = len(lines) + 3
    return [lambda arguments, run=run: outcome(run, arguments, line) for run in (on_ir, on_vm)]


def outcome(run: Callable[[Host], None], arguments: list[str], line: int) -> str:
    host = Host(["program.py", *arguments], io.StringIO())
    try:
        run(host)
    except ProgramError as error:
        assert error.location is not None and error.location.line == line
        return str(error)
    return host.stdout.getvalue().strip()


def expected(expression: str, **values: Any) -> str:
    try:
        answer = eval(expression, {"math": math}, values)
    except (ArithmeticError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    parts = answer if isinstance(answer, tuple) else (answer,)
    if all(isinstance(part, float) or LEAST <= part <= MOST for part in parts):
        return str(answer)
    return f"OverflowError: {TOO_LARGE}"


def assert_right(tmp_path: Path, expression: str, cases: Iterator[dict[str, Any]]) -> None:
    runs = programs(tmp_path, expression)
    for values in cases:
        wanted = expected(expression, **values)
        for run in runs:
            assert (expression, values, run([repr(v) for v in values.values()])) == (
                expression, values, wanted,
            )  # fmt: skip


def some(seed: str, count: int) -> list[int]:
    """Ints of all lengths."""
    chance = random.Random(seed)
    return [chance.randint(-(1 << bits), (1 << bits) - 1)
            for bits in (chance.randint(1, 63) for _ in range(count))]  # fmt: skip


def pairs(seed: str, first: list[Any], second: list[Any], count: int) -> list[tuple[Any, Any]]:
    return random.Random(seed).sample([(a, b) for a in first for b in second], count)


@pytest.mark.parametrize("expression", ARITHMETIC + COMPARISONS)
def test_two_ints_of_run_time(tmp_path: Path, expression: str) -> None:
    ints = EDGES + some(expression, 20)
    chosen = pairs(expression, ints, ints, 150)
    assert_right(tmp_path, expression, ({"a": a, "b": b} for a, b in chosen))


@pytest.mark.parametrize("expression", COUNTED)
def test_shifts_and_powers_by_a_count_of_run_time(tmp_path: Path, expression: str) -> None:
    least = 0 if "**" in expression else -2
    counts = [*range(least, 12), 31, 32, 61, 62, 63, 64, 65, 130]
    chosen = pairs(expression, EDGES + some(expression, 10), counts, 150)
    assert_right(tmp_path, expression, ({"a": a, "b": b} for a, b in chosen))


@pytest.mark.parametrize("expression", UNARY)
def test_one_int_of_run_time(tmp_path: Path, expression: str) -> None:
    assert_right(tmp_path, expression, ({"a": a} for a in EDGES + some(expression, 20)))


@pytest.mark.parametrize("expression", MIXED)
def test_an_int_with_a_float(tmp_path: Path, expression: str) -> None:
    chosen = pairs(expression, EDGES + some(expression, 10), FLOATS, 100)
    exact = [(a, float(a)) for a in EDGES]
    assert_right(tmp_path, expression, ({"a": a, "x": x} for a, x in chosen + exact))


@pytest.mark.parametrize("expression", OF_FLOAT)
def test_a_float_that_becomes_an_int(tmp_path: Path, expression: str) -> None:
    assert_right(tmp_path, expression, ({"x": x} for x in [*FLOATS, 2.5, -2.5, 9.5e18]))


@pytest.mark.parametrize("operator", ["+", "-", "*", "//", "%", "<<", ">>", "==", "<", "/", "**"])
@pytest.mark.parametrize("known", [1, -1, 2, 5, -3, 62, 1 << 40, MOST, LEAST])
def test_an_int_known_at_build_time(tmp_path: Path, operator: str, known: int) -> None:
    chance = random.Random(f"{operator}{known}")
    small = 0 <= known < 64
    if small or operator not in ("<<", ">>", "**"):
        values = chance.sample(EDGES, 8)
        assert_right(tmp_path, f"a {operator} ({known})", ({"a": a} for a in values))
    if operator not in ("<<", ">>", "**"):
        values = chance.sample(EDGES, 8)
    else:
        values = [0, 1, 3, 20, 62, 63, 64, 70]
    assert_right(tmp_path, f"({known}) {operator} b", ({"b": b} for b in values))


@pytest.mark.parametrize(
    ("expression", "values", "wanted"),
    {
        ("1 << b", (MOST,), f"OverflowError: {TOO_LARGE}"),
        ("0 << b", (MOST,), "0"),
        ("3 ** b", (MOST,), f"OverflowError: {TOO_LARGE}"),
        ("(-1) ** b", (MOST,), "-1"),
        ("a << b", (-1, 1 << 62), f"OverflowError: {TOO_LARGE}"),
        ("2 ** b", (-1,), "NotImplementedError: a negative power of a run-time int is a float"),
    },
)
def test_what_cpython_would_take_long_to_say(
    tmp_path: Path, expression: str, values: tuple[int, ...], wanted: str
) -> None:
    for run in programs(tmp_path, expression):
        assert run(list(map(str, values))).startswith(wanted)
