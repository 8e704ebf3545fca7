"""`fleet.export`: a live function as a graph for other tools.

In: a Python function, and examples of its arguments. Out: what `fleet export` writes of a program's
function. The one idea: an example says what an argument is, `dynamic` which of its lengths only the
run knows; numbers and arrays come when the graph is run, everything else is known.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any

import fleet.dialects  # noqa: F401 - declares the operations
import fleet.passes  # noqa: F401 - registers the passes
from fleet.api.capture import Capture
from fleet.api.jit import Jitted, jit
from fleet.api.source import place_of
from fleet.diagnostics import FleetError
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.then import Unusable
from fleet.exporting.evaluation import evaluate
from fleet.exporting.formats import format_of
from fleet.exporting.graph import Graph, Port
from fleet.exporting.specs import Argument, Dim, spec_of
from fleet.limits import STEPS, Limits

Lengths = Mapping[int, str] | Sequence[str | int | None]
"""Names of lengths: by axis, or for every axis, None or a number where it is the example's."""


class Exported:
    """A function as a graph: `write` it to a file, or take its text or bytes."""

    def __init__(self, graph: Graph, format: str | None) -> None:
        self._graph = graph
        self._format = format

    @property
    def arguments(self) -> list[Port]:
        """What the graph takes, in order, by flat names."""
        return list(self._graph.arguments)

    @property
    def results(self) -> list[Port]:
        """What it gives."""
        return list(self._graph.results)

    def write(self, path: str | os.PathLike[str], **options: object) -> Path:
        """Write the file; options as of `fleet export`. Raises FleetError."""
        target = Path(path)
        format = format_of(self._format, target)
        graph = self._graph
        own = Graph(
            graph.module.clone(), graph.name, graph.program, self.arguments, self.results
        )
        try:
            format.write(own, target, format.given(options))
        except FleetError as error:
            raise error.with_traceback(None) from None
        return target

    def data(self, **options: object) -> bytes:
        """The file's bytes, with weights in it."""
        format = format_of(self._format or "mlir")
        with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
            path = Path(folder, f"{self._graph.name}{format.endings[0]}")
            return self.write(path, **options).read_bytes()

    def __bytes__(self) -> bytes:
        return self.data()

    def __str__(self) -> str:
        try:
            return self.data().decode("utf-8")
        except UnicodeDecodeError:
            return repr(self)

    def __repr__(self) -> str:
        arguments = ", ".join(map(str, self.arguments))
        return f"<graph of {self._graph.name}({arguments})>"


def export(
    function: Callable[..., Any],
    /,
    *arguments: object,
    dynamic: Mapping[str, Lengths] | None = None,
    format: str | None = None,
    allow_read: Sequence[str | os.PathLike[str]] = (),
    budget: int = STEPS,
    **keywords: object,
) -> Exported:
    """A function written in Python, or a method of an instance, as a graph.

    arguments, keywords: examples; numbers, arrays, and tuples, lists and dictionaries of them are
        the graph's arguments, called `x`, `x.0`, `x.key`; what else there is is known
    dynamic: by such a name, lengths that only the run knows, and what they are called (`?` for no
        name): `{"x": {0: "batch"}}` or `{"x": ("batch", None)}`; one name is one length
    format: `mlir`, or another that `fleet export --help` lists; else the file's ending says it

    Raises FleetError for what is not supported, or does not fit into a graph.
    """
    function = _unwrapped(function)
    own = function.__func__ if isinstance(function, MethodType) else function
    if not isinstance(own, FunctionType):
        name = getattr(function, "__name__", type(function).__name__)
        raise FleetError(f"fleet.export takes a function written in Python, and `{name}` is none")
    if format is not None:
        format_of(format)
    lengths = _Lengths(dynamic or {})
    given = [
        Argument(None, spec_of(value, name, lengths))
        for name, value in zip(_parameters(own, function, len(arguments)), arguments, strict=True)
    ]
    given += [Argument(name, spec_of(value, name, lengths)) for name, value in keywords.items()]
    lengths.finish()

    def prepare(m: Machine) -> tuple[Any, Callable[[object, str], Any]]:
        capture = Capture(m, _unwrapped, jit)

        def known(live: object, name: str) -> Any:
            value = capture.value(live, name)
            if isinstance(value, Unusable):
                raise FleetError(value.why, hint=value.hint)
            return value

        return known(function, own.__name__), known

    code = own.__code__
    limits = Limits(tuple(os.fspath(folder) for folder in allow_read), budget)
    try:
        graph = evaluate(code.co_filename, own.__name__.strip("<>"), prepare, given, limits)
    except FleetError as error:
        error.location = error.location or place_of(code)
        raise error.with_traceback(None) from None
    return Exported(graph, format)


def _unwrapped(value: Any) -> Any:
    return value.__wrapped__ if isinstance(value, Jitted) else value


def _parameters(function: FunctionType, callee: object, count: int) -> list[str]:
    code = function.__code__
    names = list(code.co_varnames[: code.co_argcount])[isinstance(callee, MethodType) :]
    rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount :][:1] if (
        code.co_flags & 4) else ("x",)  # fmt: skip
    more = [f"{rest[0]}.{at}" for at in range(count - len(names))]
    return [*names, *more][:count]


class _Lengths:
    """What `dynamic` says of an example's lengths."""

    def __init__(self, dynamic: Mapping[str, Lengths]) -> None:
        self._dynamic = dynamic
        self._met: dict[str, set[int]] = {}

    def __call__(self, name: str, axis: int, length: int) -> Dim:
        self._met.setdefault(name, set()).add(axis)
        said = self._dynamic.get(name)
        if said is None:
            return length
        found: str | int | None
        if isinstance(said, Mapping):
            found = said.get(axis)
        else:
            found = said[axis] if axis < len(said) else None
        if isinstance(found, str):
            return None if found == "?" else found
        return length

    def finish(self) -> None:
        """Raise FleetError for a name or an axis that no argument has."""
        for name, said in self._dynamic.items():
            axes = self._met.get(name)
            if axes is None:
                raise FleetError(f"there is no array `{name}` among the arguments",
                                 hint=f"there are: {', '.join(self._met)}")  # fmt: skip
            asked = said if isinstance(said, Mapping) else range(len(said))
            for axis in asked:
                if axis not in axes:
                    raise FleetError(f"the argument `{name}` has no axis {axis}")
