"""sys.stdin: all of it, or line by line.

In: the evaluator. Out: the object that the program sees. The one idea: what comes from there is
known at run time only, so each method is a host service, and iterating asks whether there is
another line before it takes it. Where the program runs at once (`--on ast`) it is the host's.
"""

from __future__ import annotations

import io
from typing import Any

from fleet.evaluator.iterators.protocol import Positional
from fleet.evaluator.objects import members
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects
from fleet.evaluator.values.emitter import SCALARS
from fleet.evaluator.values.heap import Composite
from fleet.evaluator.values.number_lists import TEXTS
from fleet.evaluator.values.then import Number, Object
from fleet.host import SERVICES
from fleet.ir.types import i64


class StandardInput(Composite):
    def __init__(self, m: Machine) -> None:
        self._m = m
        self.name = "<stdin>"

    def read(self, size: Any = -1, /) -> Any:
        return self._text("read", -1 if size is None else size)

    def readline(self, size: Any = -1, /) -> Any:
        if size != -1:
            raise self._m.error("sys.stdin.readline() with a size is not supported")
        return self._text("readline")

    def readlines(self) -> Any:
        return self._now("readlines") if self._m.backend.e is None else self.as_object()

    def more(self) -> Any:
        """Whether there is another line."""
        e = self._m.backend.e
        if e is None:
            return self._now("more")
        (native,) = e.host("stdin", results=[("bool", SCALARS["bool"])], name="more")
        return Number(e, "bool", native)

    def _now(self, name: str, *arguments: Any) -> Any:
        """What it gives where the program runs at once."""
        return SERVICES["stdin"](self._m.backend.host, list(arguments), {"name": name})[0]

    def _text(self, name: str, *arguments: Any) -> Any:
        e = self._m.backend.e
        if e is None:
            return self._now(name, *arguments)
        given = [e.plain(e.number(value)) for value in arguments]
        return e.host_text("stdin", "str", given, ["int"] * len(given), name=name)

    def as_object(self) -> Object:
        """What is left of it, as one of the run's lists."""
        e = self._m.backend.e
        (native,) = e.host("stdin", results=[("object", i64)], name="readlines")
        return e.array_lists.holds(Object(e, list, native), TEXTS)

    def lines(self) -> Object:
        """An iterator over what is left of it, as one of the run's objects."""
        e = self._m.backend.e
        (native,) = e.host("stdin", results=[("object", i64)], name="lines")
        return objects.function(e, "iter", [Object(e, None, native)])

    def __iter__(self) -> Lines:
        return Lines(self._m, self)


class Lines(Positional):
    """Over the lines that are left."""

    def __init__(self, m: Machine, source: StandardInput) -> None:
        super().__init__(m)
        self.source = source

    def ends_at_run_time(self) -> bool:
        return self.m.backend.e is not None

    def more(self) -> Any:
        return self.source.more()

    def object_source(self) -> Object:
        """The iterator of the host's."""
        return self.source.lines()

    def take(self) -> Any:
        return self.source.readline()


members.declare(StandardInput, io.TextIOWrapper, "read readline readlines name")
