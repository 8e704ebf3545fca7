"""What CPython's compiler warns of, we warn of: the same lines and texts."""

from __future__ import annotations

import itertools
import random
import re
import warnings

import pytest
from python_programs import MODELS

from fleet.diagnostics import FleetError, ProgramWarning
from fleet.syntax.parser import parse

VALUES = (
    "x", "1", "-1", "1.5", "2j", "1 + 2", "1 + 2j", "10 ** 50", "2 ** -1", "1 << 500", "'a'",
    "b'a'", "'a' 'b'", "'ab' * 3", "'ab' * 5000", "'abc'[0]", "'abc'[5]", "f'{x}'", "'%s' % 1",
    "None", "True", "...", "not 1", "__debug__", "()", "(1,)", "(1, 2)", "(1, x)", "(1, 2) * 2",
    "(*x,)", "[1]", "[x for x in y]", "{1}", "{x for x in y}", "{}", "{1: 2}", "{x: y for x in y}",
    "(x for x in y)", "(lambda: 1)", "x.y", "x()", "x[0]", "1 if x else 2", "1 or 2", "~1", "1 / 0",
)  # fmt: skip
ONE = (
    "x is {}", "{} is x", "x is not {}", "not x is {}", "not not x is not {}", "not (x is y is {})",
    "x == {}", "x is y is {}", "x < {} is y", "({})(1)", "({})(x)(y)", "({})[0]", "({})[x]",
    "({})['a']", "({})[1:2]", "({})[1.5]", "({})[None]", "({})[True]", "({})[1, 2]", "({})[...]",
    "x[{}]", "[1][{}]", "'ab'[{}]", "(x, 1)[{}]", "assert {}", "assert {}, 'message'",
    "assert ({}, 'message')", "({})[0] = 1", "del ({})[0]", "f\"{{({})(1)}}\"", "x({})",
    "x: {} = 1",
    "def f(a={}): return a is 1", "[a is {} for a in ({})[0]]", "lambda: ({})(1)", "if 0: x is {}",
    "class C:\n  x = ({})[0]\n  def f(self):\n    return x is {}", "@({})(1)\ndef f(): pass",
    "x = [\n  ({})\n  (1, 2),\n  x is\n    {}]", "match x is {}:\n  case 1 if x is {}: pass",
    "with x({} is y) as z: z is {}", "try: x is {}\nexcept ({})[0]: x is {}\nelse: x is {}",
)  # fmt: skip
TWO = ("({})[{}]", "{} is {}", "not {} is not {}", "assert ({}, {})")
OURS = re.compile(r'"is|assertion is|.*perhaps you missed a comma')


def warned(compiler: object, text: str) -> list[tuple[int, str]] | None:
    """The lines and texts of the warnings; None where the program is refused."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compiler(text)
        except (FleetError, SyntaxError):
            return None
    found = [
        (each.lineno, re.sub(r"with '\w+' literal", "with a literal", str(each.message)))
        for each in caught
        if issubclass(each.category, SyntaxWarning)
    ]
    return sorted(item for item in found if OURS.match(item[1]))


def assert_same_warnings(text: str) -> int:
    ours = warned(parse, text)
    assert ours == warned(lambda text: compile(text, "f.py", "exec"), text), text
    return len(ours or ())


@pytest.mark.parametrize("template", ONE)
def test_every_kind_of_value_is_judged_as_cpython_judges_it(template: str) -> None:
    for value in VALUES:
        assert_same_warnings(template.replace("{}", value).replace("{{", "{").replace("}}", "}"))


@pytest.mark.parametrize("template", TWO)
def test_every_pair_of_values_is_judged_as_cpython_judges_it(template: str) -> None:
    found = sum(
        assert_same_warnings(template.format(one, other))
        for one, other in itertools.product(VALUES, repeat=2)
    )
    assert found > 300


def test_folded_constants_are_bounded_as_cpythons() -> None:
    choose = random.Random(7).choice
    numbers = ["0", "1", "-1", "3", "2.5", "1j", "True", "'a'", "b'b'", "(1,)", "10**30", "2**62"]
    operators = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "|", "&", "^", "@"]
    for _ in range(3000):
        text = f"({choose(numbers)} {choose(operators)} {choose(numbers)})"
        text = f"({text} {choose(operators)} {choose(numbers)})"
        assert_same_warnings(f"x is {text}\n{text}(1)\n{text}[0]\n'a'[{text}]")


def test_a_plain_program_has_no_warnings() -> None:
    for path in MODELS.glob("*.py"):
        assert warned(parse, path.read_text(encoding="utf-8")) == []


def test_a_warning_knows_its_line_and_its_number() -> None:
    with pytest.warns(ProgramWarning) as caught:
        parse("x = 1\n  \nif x is 1: print(x is 1)\n", "f.py")
    assert [each.message.number for each in caught] == [0, 1]
    assert {(each.filename, each.lineno, each.message.line) for each in caught} == {
        ("f.py", 3, "if x is 1: print(x is 1)")
    }
