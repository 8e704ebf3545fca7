"""NumPy's functions that are written in Python: where each is, and its value when it is asked for.

In: the files of `prelude/`. Out: an index of what they define, and one scope that they share. The
one idea: a file is parsed and evaluated when a name of it is asked for, by the program or another
file, so a program pays for what it uses, however much of NumPy is there.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fleet.evaluator.objects.prelude_names import NAMESPACES, public_name, real_module
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.scopes import Names, Scope
from fleet.evaluator.values.heap import MISSING, Bindings, bindings
from fleet.syntax import tree
from fleet.syntax.parser import parse

FOLDER = Path(__file__).parents[1] / "prelude"
_DEFINITION = re.compile(r"^(?:def|class) (\w+)|^([A-Za-z]\w*)(?:, ([A-Za-z]\w*))* = ", re.M)


class Place(NamedTuple):
    """Where a name of the prelude is defined."""

    file: Path
    line: int


@functools.cache
def index() -> dict[str, Place]:
    """Every name that the prelude defines."""
    found: dict[str, Place] = {}
    for path in sorted(FOLDER.rglob("[!_]*.py")):
        if "random" in path.relative_to(FOLDER).parts:
            continue
        text = path.read_text(encoding="utf-8")
        for match in _DEFINITION.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            for name in match.group().partition(" = ")[0].removeprefix("def ").split(", "):
                found[name.removeprefix("class ")] = Place(path, line)
    return found


def _is_of_objects(path: Path) -> bool:
    """Whether a file is about arrays of objects, whose lists may be of run time: it is a module of
    a library, with a scope of its own."""
    return path.stem.startswith("object_")


def own_name(module: str, name: str) -> str | None:
    """What the prelude calls a function of one of NumPy's modules; None: it has none."""
    if name not in dir(real_module(module)):
        return None
    meant = getattr(real_module(module), name)
    folders = (
        f"{folder}_{name}" for folder, one in NAMESPACES.items()
        if one == module or getattr(real_module(one), name, None) is meant
    )  # fmt: skip
    for own in (*folders, name):
        place = index().get(own)
        if place is None:
            continue
        where, public = public_name(own, place.file)
        if (where, public) == (module, name) or (
                public == name and where != "numpy"
                and getattr(real_module(where), name, None) is meant):  # fmt: skip
            return own
    return None


@functools.cache
def _tree(path: Path) -> tree.AST:
    return parse(path.read_text(encoding="utf-8"), str(path))


class _OnDemand(Bindings):
    """The names of the prelude's scope; `find`: evaluates what a name needs, if it is one."""

    __slots__ = ("find",)

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or self.find(name)


class Prelude:
    """The prelude of one evaluator."""

    def __init__(self, machine: Machine, given: dict[str, Any]) -> None:
        """given: names that its files may use beside their own, NumPy's and Python's."""
        self._machine = machine
        self._numpy = machine.modules["numpy"].values
        values = _OnDemand()
        values.serial = bindings().serial
        values.find = self._find
        values.update(given)
        self._scope = Scope("module", None, Names(), "<prelude>", values)
        others = _OnDemand()
        others.serial = values.serial
        others.find = functools.partial(self._find_other, others)
        others["__name__"] = "numpy"
        self._of_objects = Scope("module", None, Names(), "<library>", others)

    def get(self, name: str) -> Any:
        """The value of a name of the prelude, or MISSING."""
        found = name in self._scope.values
        return self._scope.values[name] if found else MISSING

    def _find(self, name: Any) -> bool:
        """Evaluate the file that defines a name; whether it has a value but as one of Python's."""
        place, values = index().get(name), self._scope.values
        if place is not None and _is_of_objects(place.file):
            if name in self._of_objects.values:
                dict.__setitem__(values, name, self._of_objects.values[name])
        elif place is not None:
            self._evaluate(place.file, self._scope)
        elif name in self._numpy and name not in self._machine.builtins:
            dict.__setitem__(values, name, self._numpy[name])
        elif name not in self._machine.builtins and name in dir(np):
            raise self._machine.error(f"numpy.{name} is not supported")
        return dict.__contains__(values, name)

    def _find_other(self, values: _OnDemand, name: Any) -> bool:
        """The same for the files of arrays of objects."""
        place = index().get(name)
        if place is not None and _is_of_objects(place.file):
            self._evaluate(place.file, self._of_objects)
        elif name in self._scope.values:
            dict.__setitem__(values, name, self._scope.values[name])
        return dict.__contains__(values, name)

    def _evaluate(self, path: Path, scope: Scope) -> None:
        """That defines functions, which is nothing that a branch could undo."""
        m = self._machine
        if str(path) in m.sources:
            return
        program = m.sources[str(path)] = _tree(path)
        journals, m.heap.journals = m.heap.journals, []
        try:
            with m.place_kept():
                m.outside, m.scope = m.location(), scope
                m.run_body(program.body)
        finally:
            m.heap.journals = journals

    def functions(self, module: str) -> Callable[[str], Any]:
        """Name in one of NumPy's modules -> its function here, or None."""

        def find(name: str) -> Any:
            own = own_name(module, name)
            return None if own is None else self.get(own)

        return find


class Methods(Mapping[str, Any]):
    """Methods by name, each made when it is first asked for.

    table: name -> a function of the prelude, by its name, or one of ours.
    """

    def __init__(self, table: dict[str, Any], make: Callable[[str, Any], Any]) -> None:
        self._table = table
        self._make = make
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = self._make(name, self._table[name])
        return self._made[name]

    def source(self, name: str) -> str | None:
        """The prelude's name of a method's function; None: it is not the prelude's."""
        function = self._table[name]
        return function if isinstance(function, str) else None

    def __contains__(self, name: object) -> bool:
        return name in self._table

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)
