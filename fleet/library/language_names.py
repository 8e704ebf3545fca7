"""What of Python programs can use: the table behind `fleet language` and docs/language.md.

In: a machine, whose tables are asked. Out: text. The one idea: nothing is listed twice, so what is
added to the evaluator's tables is in this list, too.
"""

from __future__ import annotations

import builtins
import collections
import importlib
import sys
import textwrap
from collections.abc import Iterable, Iterator
from types import ModuleType

from fleet.evaluator.language.expressions import unsupported_kinds
from fleet.evaluator.language.imports import INTERNAL, import_module
from fleet.evaluator.objects import members
from fleet.evaluator.objects.provided import Unsupported
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.prepared import TABLE
from fleet.library.tables import LIBRARY

_TYPES: tuple[type, ...] = (
    int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, slice,
    collections.deque, collections.Counter, collections.OrderedDict, collections.defaultdict,
)  # fmt: skip
_HIDDEN = {*INTERNAL, "__future__"}
_MANY = 40
"""Names that are listed one by one; of more it is said how many they are."""


def syntax() -> tuple[list[str], list[str]]:
    """Classes of the tree's statements and expressions: those that are evaluated, and not."""
    outside = {kind.__name__ for kind in unsupported_kinds()}
    every = {kind.__name__ for kind in TABLE} - {"Starred"}
    return sorted(every - outside), sorted(outside)


def builtin_names(machine: Machine) -> tuple[list[str], list[str]]:
    """Names of the module `builtins`, exceptions left out."""
    here, not_here = [], []
    for name, real in vars(builtins).items():
        if name.startswith("_") or (isinstance(real, type) and issubclass(real, BaseException)):
            continue
        value = machine.builtins.get(name)
        there = name in machine.builtins and not isinstance(value, Unsupported)
        (here if there else not_here).append(name)
    return sorted(here), sorted(not_here)


def method_names(kind: type) -> tuple[list[str], list[str]]:
    """Public attributes of one of Python's types."""
    every = {name for name in dir(kind) if not name.startswith("_")}
    here = every & members.names_of(kind)
    return sorted(here), sorted(every - here)


def module_names(machine: Machine, name: str) -> tuple[list[str], list[str]]:
    """Public names of one of Python's modules; without it, ours."""
    module = import_module(machine, name, machine.tree)
    if name.split(".")[0] not in sys.stdlib_module_names:  # whether it is installed or not
        return sorted(own for own in module.values if module.has(own) and own[0] != "_"), []
    real = importlib.import_module(name)
    every = getattr(real, "__all__", None) or [n for n in dir(real) if not n.startswith("_")]
    names = sorted(n for n in every if not isinstance(getattr(real, n), ModuleType))
    return [n for n in names if module.has(n)], [n for n in names if not module.has(n)]


def modules(machine: Machine) -> list[str]:
    """Names of Python's modules that programs can import, NumPy's own left out."""
    names = (set(machine.modules) | set(LIBRARY)) - _HIDDEN
    return sorted(name for name in names if name.split(".")[0] != "numpy")


def markdown(machine: Machine) -> str:
    """The page of the documentation."""
    return "\n".join(_page(machine)) + "\n"


def _page(machine: Machine) -> Iterator[str]:
    yield "# What of Python programs can use"
    yield ""
    yield from _filled("What `fleet language` prints; the tests compare. What is not here"
                       " is refused when the program is built, with its place and what to write"
                       " instead: `fleet check PROGRAM` lists all of it. What there is of NumPy,"
                       " `fleet numpy` says; files beside the program are modules.")  # fmt: skip
    yield from _chapter("Syntax", *syntax(), "Classes of CPython's `ast`: all of the grammar of "
                        "Python 3.11 is read, and these are evaluated.")  # fmt: skip
    yield from _chapter("Builtins", *builtin_names(machine), "And all exceptions.")
    yield ""
    yield "## Methods"
    for kind in _TYPES:
        yield from _entry(kind.__name__, *method_names(kind))
    yield ""
    yield "## Modules"
    for name in modules(machine):
        yield from _entry(name, *module_names(machine, name))


def _chapter(title: str, here: list[str], missing: list[str], words: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield from _filled(words)
    yield ""
    yield from _filled(_listed(here))
    yield from _lacking(missing)


def _entry(title: str, here: list[str], missing: list[str]) -> Iterator[str]:
    yield ""
    yield f"### `{title}`"
    yield ""
    yield from _filled(_listed(here) if here else "Nothing by name.")
    yield from _lacking(missing)


def _lacking(missing: list[str]) -> Iterator[str]:
    if missing:
        many = len(missing) > _MANY
        yield ""
        yield from _filled(f"Not here: {f'{len(missing)} others' if many else _listed(missing)}.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _filled(text: str) -> list[str]:
    return textwrap.wrap(text, 100, break_long_words=False, break_on_hyphens=False)
