"""Ints of run time are CPython's, or an OverflowError: every operator, around the edges of 64 bits.

CPython computes the answer with ints of any length; where it has more than 64 bits, or where the
operator raises, the program has to end with that exception, at its line.
"""

from __future__ import annotations

import ast
import io
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from three_ways import by_cpython

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
         "(a & 255) * (a & 255)",
         "a ** -1", "2.0 ** (a % 2000)", "math.pow(a, -1)", "math.pow(2, a)",
         "-(a & 255) % 10", "-(a & 255) // 7 * 5"]  # fmt: skip
LONG = ["a & (2 ** 64 - 1)", "2 ** 63 & a", "a % 2 ** 64", "a // 2 ** 70", "a % 10 ** 30",
        "a ^ 0xcbf29ce484222325", "2 ** 64 - a", "a + 2 ** 63", "(a ^ 2 ** 64) < b",
        "(a * 6364136223846793005 + 1442695040888963407) & (2 ** 64 - 1)",
        "((a ^ (a >> 30)) * 0xbf58476d1ce4e5b9) & 0xffffffffffffffff",
        "0xffffffff & (a * b + 12345)", "(a * b) % 1000003", "(a * b - b) % (10 ** 18 + 9)",
        "((a << 13) ^ (b << 7) ^ a) & 0xffffffffffffffff", "((a * b) >> 64) & 255",
        "(a * b) % (2 ** 61 - 1)", "(a << (b & 63)) & (2 ** 100 - 1)", "(a * b) % 2 ** 64 / 7",
        "-((a * b) & (2 ** 64 - 1)), ~((a * b) % 2 ** 64), abs(a * b % 2 ** 64)",
        "((a + b) & (2 ** 64 - 1)) // 3, ((a - b) & (2 ** 64 - 1)) % 10",
        "[hex(a & (2 ** 64 - 1)), f'{(a * b) % 2 ** 64:020d}']",
        "float((a * a) % 2 ** 64), bool(a * b & 2 ** 64 - 1), (a * b & 2 ** 64 - 1) >> 31"]
"""What is masked, and ints known beyond 64 bits: exact, whatever is between."""
MIXED = ["a + x", "a - x", "a * x", "a / x", "x / a", "a // x", "x % a", "a == x", "a != x",
         "a < x", "a <= x", "a > x", "a >= x", "x < a", "x <= a", "x > a"]  # fmt: skip
POWERS = ["x ** 2", "x ** -1", "x ** -0.5", "x ** 3.0", "math.pow(x, -1)", "math.pow(x, 0.5)",
          "math.pow(3.0, x)", "0.0 ** x", "1.5 ** x", "math.pow(0, x)"]  # fmt: skip
OF_FLOAT = ["int(x)", "round(x)", "math.floor(x)", "math.ceil(x)", "math.trunc(x)",
            "x < 2 ** 53 + 1", "x >= 2 ** 53 + 1", "x == 2 ** 53 + 1", "x != 2 ** 53 + 1",
            "x > 10 ** 400", "x <= -10 ** 400", "x == 2 ** 63", "x + 10 ** 30"]  # fmt: skip

Run = Callable[[list[str]], str]


def programs(tmp_path: Path, expression: str) -> list[Run]:
    """The program that prints the expression, as IR and as bytecode, each built once."""
    names = {"a": "int", "b": "int", "x": "float"}
    used = [name for name in names if re.search(rf"\b{name}\b", expression)]
    lines = [f"{name} = {names[name]}(sys.argv[{i + 1}])" for i, name in enumerate(used)]
    return built(tmp_path, ["import math", "import sys", *lines, f"print({expression})"])


def built(tmp_path: Path, lines: list[str]) -> list[Run]:
    """A program whose last line is the one that may raise, as IR and as bytecode."""
    path = tmp_path / "program.py"
    path.write_text("\n".join(lines) + "\n")
    module = build_ir(path)
    lowered, bytecode, arrays = bytecode_of(str(path))

    def on_ir(host: Host) -> None:
        Interpreter(module, host).run()

    def on_vm(host: Host) -> None:
        device = LoopDevice(lowered)
        bytecode.link(device.addresses(arrays))
        Machine(bytecode, device, host, memory=1 << 20).run()

    line = len(lines)
    return [lambda arguments, run=run: outcome(run, arguments, line) for run in (on_ir, on_vm)]


def outcome(run: Callable[[Host], None], arguments: list[str], line: int) -> str:
    host = Host(["program.py", *arguments], io.StringIO())
    try:
        run(host)
    except ProgramError as error:
        assert error.location is not None and error.location.line == line
        return str(error).strip()
    return host.stdout.getvalue().strip()


def expected(expression: str, **values: Any) -> str:
    try:
        answer = eval(expression, {"math": math}, values)
    except (ArithmeticError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    if isinstance(answer, complex):
        return "NotImplementedError: a fractional power of a negative number is complex: " \
            "complex numbers are not supported"
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


@pytest.mark.parametrize("expression", LONG)
def test_ints_of_two_words(tmp_path: Path, expression: str) -> None:
    ints = EDGES + some(expression, 10)
    chosen = pairs(expression, ints, ints, 40)
    runs = programs(tmp_path, expression)
    for a, b in chosen:
        used = {name: value for name, value in (("a", a), ("b", b))
                if re.search(rf"\b{name}\b", expression)}  # fmt: skip
        wanted = " ".join(map(str, eval(f"[{expression}]", {}, used)))
        for run in runs:
            assert (expression, used, run([repr(v) for v in used.values()])) == (
                expression, used, wanted,
            )  # fmt: skip


def test_statements_that_the_next_one_masks(tmp_path: Path) -> None:
    lines = ["import sys", "h, m = 14695981039346656037, int(sys.argv[2])", "r = 0",
             "for c in sys.argv[1]:", "    h ^= ord(c)", "    h *= 1099511628211",
             "    h &= 0xffffffffffffffff", "    r = r * 911382323 + ord(c)", "    r %= m",
             "print(h, r, h % m, h >> 60)"]  # fmt: skip
    path = tmp_path / "expected.py"
    path.write_text("\n".join(lines) + "\n")
    runs = built(tmp_path, lines)
    for text, modulus in (("", "7"), ("a", "1"), ("Fowler Noll Vo", "972663749911")):
        wanted = by_cpython(path, [text, modulus])[0].strip()
        assert [run([text, modulus]) for run in runs] == [wanted, wanted]


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


@pytest.mark.parametrize("expression", POWERS)
def test_a_power_of_floats(tmp_path: Path, expression: str) -> None:
    assert_right(tmp_path, expression, ({"x": x} for x in [*FLOATS, 2.5, 1e200, -1e-200]))


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
        ("2 ** b", (-1,), "0.5"),
        ("a ** b", (0, -1), "ZeroDivisionError: 0.0 cannot be raised to a negative power"),
    },
)
def test_what_cpython_would_take_long_to_say(
    tmp_path: Path, expression: str, values: tuple[int, ...], wanted: str
) -> None:
    for run in programs(tmp_path, expression):
        assert run(list(map(str, values))).startswith(wanted)


def nested(chance: random.Random, depth: int) -> str:
    """An expression of ints of run time, and of others on the right of operators."""
    if depth == 0 or chance.random() < 0.15:
        return chance.choice(["a", "b", "(a & 63)", "(b % 100)"])
    left, right = nested(chance, depth - 1), nested(chance, depth - 1)
    match chance.randrange(8):
        case 0:
            return f"(-{left})"
        case 1:
            return f"abs({left})"
        case 2:
            return f"{chance.choice(['min', 'max'])}({left}, {right})"
        case 3:
            return f"({left} {chance.choice(['<<', '>>'])} ({right} & 63))"
        case 4:
            return f"({left} if {right} < b else {right})"
    if chance.random() < 0.3:
        right = str(chance.choice([1, 2, 3, 7, -1, -5, 255, 1 << 40, MOST]))
    return f"({left} {chance.choice(['+', '-', '*', '//', '%', '&', '|', '^'])} {right})"


@pytest.mark.parametrize("seed", range(40))
def test_nested_expressions(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    expression = f"{nested(chance, 4)} + a - b"
    runs = programs(tmp_path, expression)
    steps = [ast.unparse(node) for node in ast.walk(ast.parse(expression))
             if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call)]  # fmt: skip
    for a, b in pairs(expression, EDGES + some(expression, 20), EDGES, 20):
        values = {"a": a, "b": b}
        allowed = {expected(expression, **values)}
        allowed |= {f"OverflowError: {TOO_LARGE}"} & {expected(step, **values) for step in steps}
        for run in runs:
            got = run([str(a), str(b)])
            assert got in allowed, (expression, values)


IN_ARRAYS = {
    "b[0] = n; print(b)": ["3", "300"],
    "b[1] = x; print(b)": ["-5.5", "300", "nan", "inf"],
    "b[n:] = x; print(b)": ["1 2.5", "1 nan"],
    "b[n:] = np.float32('nan')": ["1"],
    "b[0] = np.array([x]).sum(); print(b)": ["2.5", "300", "nan"],
    "b += n; print(b)": ["3", "-129"],
    "print(b + n, b * n)": ["3", "300"],
    "print(b < n, n >= b, u == n, v > n, v == n, q < n)": ["2", "300", "-1", "9223372036854775807"],
    "print(q < 2**63, q >= -(2**63), v == -1, q == x, q < 2.0**63)": ["3", "5"],
    "print(np.int8(n), np.array([n, 2], dtype=np.int8))": ["3", "128"],
    "print(np.asarray(n, dtype=np.uint8), np.full(2, n, dtype=np.uint8))": ["3", "-1"],
    "print(np.int64(x), np.array([x], dtype=int))": ["2.5", "nan"],
    "print(np.where(b > 1, b, n))": ["3", "200"],
    "print(b ** n)": ["2", "0", "-1", "200"],
    "print(np.array([2, 3]) ** np.arange(n, n + 2))": ["1", "-1"],
    "print(np.array([1, 2]) ** -1)": [""],
    "print(np.int64(n) ** np.int64(-1))": ["2"],
    "print(v, v // 3, v > 5, v.max(), v * n)": ["2"],
    "print(np.array([2**64 - 1, 1], dtype=np.uint64).max() - np.uint64(n))": ["2"],
    "print(round(np.float64(x)), round(np.array([x])[0]), round(x), round(b[2]))": ["2.5", "inf"],
    "print(round(np.arange(5.0)[2]), round(np.arange(5.0).mean()), round(np.float64(x), 1))": [
        "1.25"
    ],
    "print(round(b))": [""],
    "print(np.arange(0, x), np.arange(0, -x, -0.5), np.arange(0.0, x, 0.5))": ["2", "inf", "nan"],
    "print(sum([n] * 3), sum([n] * (n & 7), -n), sum(range(n % 1000)))": ["7", "-5", "1000000007"],
    "print(sum([n] * (len(sys.argv) + 1), -n))": ["-4611686018427387904", "4611686018427387903"],
    "print(pow(3, n, 7), pow(n, 5, 10), pow(2, n % 60))": ["20", "-3"],
    "print(pow(n, -1, 7), pow(n, 2, -(2**63)))": ["3", "9223372036854775807", "14"],
    "xs = [n] * (n & 7); print(x in xs, 5.0 in xs, 2.5 in xs, 2.0**53 in xs, 1e300 in xs)": [
        "5", "9007199254740993", "5 nan", "5 2.5",
    ],
    "xs = [x] * 3; print(n in xs, 5 in xs, 2**53 + 1 in xs)": ["9007199254740993", "5"],
    "print(pow(3, 5, n))": ["0"],
    "print([i for i in range(n, n + 4, 2)], range(n)[n - 1])": ["9223372036854775803"],
    "print(b[n:], b[:n], b[-n:])": ["2", "9223372036854775807", "-9223372036854775807"],
    "print(b[n])": ["3", "-4", "9223372036854775807", "-9223372036854775808"],
    "a = np.ones(4); a += np.ones(5)": [""],
    "a = np.ones((3, 1)); a += np.ones(5)": [""],
    "a = np.ones(n); a[:2] += np.ones(3)": ["4"],
    "a = np.ones(n); a += np.ones(5)": ["4", "5"],
}


@pytest.mark.parametrize("line", IN_ARRAYS)
def test_python_ints_and_numpys_arrays_of_ints(tmp_path: Path, line: str) -> None:
    lines = [
        "import sys",
        "import numpy as np",
        "b, u = np.arange(4, dtype=np.int8), np.arange(4, dtype=np.uint8)",
        "v = np.array([2**64 - 1, 5], dtype=np.uint64)",
        "q = np.array([2**63 - 1, -(2**63), 5])",
        *(["n = int(sys.argv[1])"] if re.search(r"\bn\b", line) else []),
        *(["x = float(sys.argv[-1])"] if re.search(r"\bx\b", line) else []),
        line,
    ]
    runs = built(tmp_path, lines)
    for words in IN_ARRAYS[line]:
        stdout, error, _ = by_cpython(tmp_path / "program.py", words.split())
        for run in runs:
            assert run(words.split()) == (error or stdout.strip())


TEXTS = ["9223372036854775807", " -9_223_372_036_854_775_808\n", "9223372036854775808", "1_", "",
         "-9223372036854775809", "+07", "1.5", "0x10", "\u0663", "9" * 5000]  # fmt: skip


def test_the_int_that_a_text_says(tmp_path: Path) -> None:
    assert_right_texts = built(tmp_path, ["import sys", "print(int(sys.argv[1]))"])
    for text in TEXTS:
        for run in assert_right_texts:
            assert run([text]) == expected("int(text)", text=text)


def test_a_factorial_and_its_line(tmp_path: Path) -> None:
    lines = ["import sys", "f = 1", "for i in range(1, int(sys.argv[1]) + 1): f *= i"]
    assert [run(["25"]) for run in built(tmp_path, lines)] == [f"OverflowError: {TOO_LARGE}"] * 2
    lines = [*lines[:2], f"{lines[2]}", "print(f)"]
    assert [run(["20"]) for run in built(tmp_path, lines)] == [str(math.factorial(20))] * 2


def test_a_uint64_that_becomes_an_int(tmp_path: Path) -> None:
    lines = ["import numpy as np", "v = np.array([1, 2**63], dtype=np.uint64)"]
    assert [run([]) for run in built(tmp_path, [*lines, "print(int(v.min()))"])] == ["1"] * 2
    for run in built(tmp_path, [*lines, "print(int(v.max()))"]):
        assert run([]) == f"OverflowError: {TOO_LARGE}"


def test_lengths_and_counters_are_not_checked(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    body = "x = np.ones(len(sys.argv) + 3)\nfor i in range(len(x) * 2): print(i * 4 + len(x) - 1)"
    path.write_text(f"import sys\nimport numpy as np\n{body}\n")
    _, bytecode, _ = bytecode_of(str(path))
    used = {item.mnemonic for function in bytecode.functions for item in function.code}
    assert not [name for name in used if name.startswith("int_")]


def test_what_may_raise_is_kept_and_merged(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    body = "n = int(sys.argv[1])\nn // (n - 5)\nprint(n * n, n * n)"
    path.write_text(f"import sys\n{body}\n")
    _, bytecode, _ = bytecode_of(str(path))
    used = Counter(item.mnemonic for function in bytecode.functions for item in function.code)
    assert (used["int_floordiv"], used["int_mul"], used["int_sub"]) == (1, 1, 1)
