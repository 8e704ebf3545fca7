"""What one evaluation of a program teaches, the next ones need not find out piece by piece."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fleet import frontend
from fleet.evaluator.language import functions
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.modules import Module

CLASSES = """
import sys
class A:
    def __init__(self, x):
        self.x = x
class B:
    __slots__ = ("x",)
    def __init__(self, x):
        self.x = x
kept = {}
for text in sys.argv[1:]:
    kept[text] = [A(text), B(text)]
print([one.x for pair in kept.values() for one in pair])
"""


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Has an entry for each evaluation that begins."""
    found: list[int] = []
    build = frontend._build

    def counted(m: frontend.Machine, enter: frontend.Enter) -> frontend.Operation:
        found.append(len(found))
        return build(m, enter)

    monkeypatch.setattr(frontend, "_build", counted)
    return found


def test_that_the_run_has_instances_is_learnt_with_the_classes_of_them(
    begun: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(CLASSES, encoding="utf-8")
    frontend.build_ir(path)
    assert len(begun) <= 4  # the dictionary is the run's, then the lists, then what they hold


SEVERAL = """
import math
import sys
class Entry:
    def __init__(self, text):
        self.text = text
def read(texts):
    counts = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    return counts
def choose(counts):
    order = []
    for text in counts:
        if counts[text] > 1:
            order.append(text)
    return order
def main():
    math.tau
    counts = read(sys.argv[1:])
    order = choose(counts)
    seen = set()
    for text in order:
        seen.add(text[0])
    entries = []
    for text in order:
        if text not in entries:
            entries.append(Entry(text))
    print(len(seen), [entry.text for entry in entries])
main()
"""


def test_an_evaluation_goes_on_from_where_it_first_went_by_what_it_did_not_know(
    begun: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    marks: list[object] = []
    find = Module.get

    def counted(module: Module, name: str) -> object:
        if name == "tau":
            marks.append(module)
        return find(module, name)

    monkeypatch.setattr(Module, "get", counted)
    path = tmp_path / "program.py"
    path.write_text(SEVERAL, encoding="utf-8")
    frontend.build_ir(path)
    assert len(begun) == 1
    assert len(marks) == 1  # what comes before the first of them


SHAPES = """
import sys
class Shape:
    def __init__(self, name, size):
        self.name, self.size = name, size
    def __lt__(self, other):
        return self.area() < other.area()
    def __eq__(self, other):
        return self.area() == other.area()
    def __repr__(self):
        return f"{self.name}({self.area()})"
class Circle(Shape):
    def area(self):
        return 3 * self.size**2
class Square(Shape):
    def area(self):
        return self.size**2
shapes = []
for text in sys.argv[1:]:
    shapes.append(Circle(text, len(text)))
    shapes.append(Square(text, len(text)))
for shape in sorted(shapes):
    print(shape, shape in shapes)
print(shapes, max(shapes))
"""
PARSER = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("-n", type=int, default=3)
parser.add_argument("--name")
parser.add_argument("files", nargs="*")
given = parser.parse_args()
print(given.n, given.name, given.files)
"""


@pytest.mark.parametrize(("source", "name", "most"), [
    (SHAPES, "Shape.__repr__", 16), (SHAPES, "Square.area", 16), (PARSER, "_Run.take", 4),
])  # fmt: skip
def test_functions_that_call_one_another_are_evaluated_a_few_times(
    source: str, name: str, most: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    entered: list[str] = []
    enter = functions._enter

    def counted(m: frontend.Machine, function: Function, *given: Any) -> Any:
        entered.append(function.__qualname__)
        return enter(m, function, *given)

    monkeypatch.setattr(functions, "_enter", counted)
    path = tmp_path / "program.py"
    path.write_text(source, encoding="utf-8")
    frontend.build_ir(path)
    assert 0 < entered.count(name) <= most
