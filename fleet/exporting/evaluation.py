"""A function evaluated into a graph, for arguments whose types and sizes' names are known.

In: a program and the name of a function in it, and the specs of the arguments. Out: a `Graph`. The
one idea: the program's file is evaluated as when it is imported, then the call, as `fleet build`
does both; an argument is a value that run time knows, and asks for no more than that.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MethodType
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError, Location
from fleet.evaluator.control.outcomes import Stopped
from fleet.evaluator.control.raising import exception_name
from fleet.evaluator.language.calls import call_value
from fleet.evaluator.language.imports import preload
from fleet.evaluator.objects.attributes import get_attribute
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.values import sizes
from fleet.evaluator.values.emitter import SCALARS, tensor_type
from fleet.evaluator.values.heap import Attributes, Bindings, Cell, Dict, Journal, List, state_of
from fleet.evaluator.values.sizes import Atom, Size
from fleet.evaluator.values.then import Array, Number, Tensor, dim_type
from fleet.exporting.cleaning import clean
from fleet.exporting.graph import Graph, Port
from fleet.exporting.imports import settle
from fleet.exporting.results import Collector, Found
from fleet.exporting.specs import (
    Argument,
    ArraySpec,
    Items,
    Known,
    NumberSpec,
    Spec,
    joined,
    unique,
)
from fleet.exporting.weights import name_weights, names_of_values
from fleet.frontend import build_entry
from fleet.ir.attributes import ArrayAttr, DictAttr, StringAttr, i64_array
from fleet.ir.core import Block, Operation, Value
from fleet.limits import DEFAULT, Limits
from fleet.passes.shapes.dims import SIZES
from fleet.syntax import tree
from fleet.syntax.parser import parse
from fleet.syntax.source import read_source

LATE = (
    "arguments are known when the graph is run; give one that has to be known earlier as a value, "
    "and a length as a number"
)

Prepare = Callable[[Machine], tuple[Any, Callable[[object, str], Any]]]
"""Evaluates what is around the function: gives it, and what makes values of known arguments
(what the spec holds, the argument's name)."""


def export_function(
    program: str, name: str, arguments: Sequence[Argument], limits: Limits = DEFAULT
) -> Graph:
    """The graph of a function that a program's file has: `softmax`, `model.forward`.

    Raises FleetError for what is not supported, or does not fit into a graph.
    """
    path = Path(program)
    parsed = parse(read_source(path), program)

    def prepare(m: Machine) -> tuple[Any, Callable[[object, str], Any]]:
        m.scope.values["__name__"] = path.stem
        preload(m, m.tree)
        m.run_body(m.tree.body)
        m.node, m.scope = None, m.main
        return _named(m, name), lambda text, _: _expression(m, str(text))

    return evaluate(program, name, prepare, arguments, limits, parsed)


def evaluate(
    program: str, name: str, prepare: Prepare, arguments: Sequence[Argument], limits: Limits,
    parsed: tree.AST | None = None,
) -> Graph:  # fmt: skip
    """The graph of the function that `prepare` gives. name: as the user has written it."""
    found: list[_Evaluation] = []

    def enter(m: Machine, block: Block) -> Sequence[Value]:
        found[:] = [_Evaluation(m, block, name)]
        return found[0].run(prepare, arguments)

    module = build_entry(program, enter, limits, parsed)
    done = found[0]
    short = name.rpartition(".")[2]
    main = next(op for op in module if op.get("sym_name") == "main")
    main.attributes["arg_attrs"] = ArrayAttr(tuple(done.described))
    taken = [str(op.get("sym_name")) for op in module if op is not main]
    main.attributes["sym_name"] = StringAttr(unique(short, taken))
    settle(module, done.imported, names_of_values(done.m))
    name_weights(module, done.m)
    clean(module, name)
    return Graph(module, str(main.get("sym_name")), program, done.arguments, done.results)


@dataclass
class _Evaluation:
    """One evaluation: another may begin anew."""

    m: Machine
    block: Block
    name: str
    arguments: list[Port] = field(default_factory=list)
    results: list[Port] = field(default_factory=list)
    imported: list[Operation] = field(default_factory=list)
    """What importing the program's file emitted."""
    described: list[DictAttr] = field(default_factory=list)
    """What the IR says of each argument of main: which axes have one size."""
    names: dict[Atom, str] = field(default_factory=dict)
    _dims: dict[str, Size] = field(default_factory=dict)
    _groups: dict[str, int] = field(default_factory=dict)
    _axes: int = 0
    _cells: list[tuple[str, Cell, Tensor]] = field(default_factory=list)
    _containers: list[tuple[str, Any, Any]] = field(default_factory=list)
    """Of the arguments, with names and what they held."""

    def run(self, prepare: Prepare, arguments: Sequence[Argument]) -> list[Value]:
        m, e = self.m, self.m.backend.e
        assert e is not None
        e.late = LATE
        callee, known = self._attempt("the program", lambda: prepare(m))
        self.imported = list(self.block)
        _check_callable(callee, self.name, m)
        place = callee.__func__ if isinstance(callee, MethodType) else callee
        m.node = place._node if isinstance(place, Function) else None
        def value(what: object, name: str) -> Any:
            return self._attempt(f"the argument `{name}`", lambda: known(what, name))

        positional, keywords = self._given(callee, arguments, value)
        journal = m.heap.begin()
        result = self._attempt(
            f"`{self.name}`", lambda: call_value(m, callee, tuple(positional), keywords)
        )
        m.node = place._node if isinstance(place, Function) else None
        self._refuse_changes(journal)
        m.heap.keep(journal)
        collector = Collector(e, self._dim_name)
        found = collector.flatten(result, "result")
        for name, cell, tensor in self._cells:
            if cell.content is not tensor:
                found.append(collector.tensor(cell.content, joined(name, "updated")))
        for name, container, before in self._containers:
            for key in _keys(container):
                if container[key] is not before[key]:
                    at = joined(joined(name, key), "updated")
                    found += collector.flatten(container[key], at)
        if not found:
            raise m.error(
                f"`{self.name}` gives nothing that a graph could", "return arrays or numbers"
            )
        self._name_results(found)
        return [one.value for one in found]

    def _attempt(self, what: str, do: Callable[[], Any]) -> Any:
        try:
            return do()
        except Raised as raised:
            error = raised.exception
            text = exception_name(error) + (f": {error}" if str(error) else "")
            raise FleetError(f"{what} raises {text}", raised.location) from None
        except Stopped:
            raise FleetError(
                f"{what} always ends with an exception", self.m.location()
            ) from None

    # -- arguments

    def _given(
        self, callee: Any, arguments: Sequence[Argument], known: Callable[[object, str], Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        names, more = _parameters(callee)
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        for one in arguments:
            if one.name == "**":
                assert isinstance(one.spec, Known)
                entries = known(one.spec.value, "**")
                if not isinstance(entries, dict):
                    raise FleetError(f"the argument `**{one.spec.value}` is no dictionary")
                keywords.update(entries)
            elif one.name is not None:
                keywords[one.name] = self._value(one.spec, one.name, known)
            else:
                at = len(positional)
                name = names[at] if at < len(names) else joined(more, at - len(names))
                positional.append(self._value(one.spec, name, known))
        return positional, keywords

    def _value(self, spec: Spec, name: str, known: Callable[[object, str], Any]) -> Any:
        e = self.m.backend.e
        assert e is not None
        match spec:
            case NumberSpec(kind):
                type = SCALARS[kind]
                value = Number(e, kind, self.block.add_argument(type, name))
                self.described.append(DictAttr(()))
                dtype = {"int": "int64", "float": "float64", "bool": "bool"}[kind]
                self._add(ArraySpec(np.dtype(dtype)), name, kind, type)
                return value
            case ArraySpec():
                return self._array(spec, name)
            case Known(value):
                return known(value, name)
            case Items(form, items, keys):
                labels: Iterable[object] = keys or getattr(form, "_fields", range(len(items)))
                made = [self._value(item, joined(name, label), known)
                        for label, item in zip(labels, items, strict=True)]  # fmt: skip
                return self._container(form, keys, made, known, name)
        raise TypeError(f"no spec: {spec!r}")

    def _container(
        self, form: type, keys: tuple[object, ...], made: list[Any],
        known: Callable[[object, str], Any], name: str,
    ) -> Any:  # fmt: skip
        heap = self.m.heap
        if form is dict or form is list:
            own = Dict(heap, zip(keys, made, strict=True)) if form is dict else List(heap, made)
            self._containers.append((name, own, state_of(own)))
            return own
        return tuple.__new__(form if form is tuple else known(form, name), made)

    def _array(self, spec: ArraySpec, name: str) -> Array:
        e = self.m.backend.e
        assert e is not None
        dims = tuple(self._dim(dim) for dim in spec.dims)
        type = tensor_type(dim_type(dims), spec.dtype)
        native = self.block.add_argument(type, name)
        groups = i64_array([self._group(dim) for dim in spec.dims])
        self.described.append(DictAttr(((SIZES, groups),)) if dims else DictAttr(()))
        self._add(spec, name, "scalar" if spec.scalar else "array", type)
        tensor = Tensor(native, dims, spec.dtype)
        cell = Cell(tensor)
        self._cells.append((self.arguments[-1].name, cell, tensor))
        return Array(e, cell, dims, spec.dtype, scalar=spec.scalar)

    def _add(self, spec: ArraySpec, name: str, kind: str, type: Any) -> None:
        name = unique(name, [one.name for one in self.arguments])
        self.arguments.append(Port(name, kind, spec.dtype, spec.dims, type))

    def _dim(self, dim: int | str | None) -> int | Size:
        if isinstance(dim, int):
            return dim
        if dim is None:
            return sizes.length()
        if dim not in self._dims:
            made = self._dims[dim] = sizes.length()
            ((atom, _),) = made.terms
            self.names[atom] = dim
        return self._dims[dim]

    def _group(self, dim: int | str | None) -> int:
        """Axes that have one number have one size."""
        self._axes += 1
        return self._groups.setdefault(dim, self._axes - 1) if isinstance(dim, str) else (
            self._axes - 1)  # fmt: skip

    # -- afterwards

    def _refuse_changes(self, journal: Journal) -> None:
        """Raise FleetError where the function changes what its caller would not see changed."""
        own = {id(cell) for _, cell, _ in self._cells}
        own |= {id(one) for _, one, before in self._containers if _keys(one) == _keys(before)}
        for obj, before, now in journal.effects():
            if id(obj) in own or obj is self.m.loaded or _same(before, now):
                continue
            if isinstance(obj, Bindings) and obj is not self.m.main.values:
                continue
            raise self.m.error(
                f"`{self.name}` changes {_described(self.m, obj, before, now)}, and a graph keeps "
                "nothing from one run to the next",
                "give it as an argument, and return the new value",
            )

    def _name_results(self, found: list[Found]) -> None:
        for one in found:
            taken = [port.name for port in (*self.arguments, *self.results)]
            self.results.append(Port(
                unique(one.name, taken), one.kind, one.dtype, one.dims, one.value.type,
            ))  # fmt: skip

    def _dim_name(self, dim: int | Size) -> int | str | None:
        """`batch`, `past + 1`, of what arguments' lengths have names for."""
        if isinstance(dim, int):
            return dim
        text = ""
        for atom, factor in sorted(dim.terms, key=lambda term: self.names.get(term[0], "")):
            if atom not in self.names:
                return None
            times = "" if abs(factor) == 1 else f"{abs(factor)}*"
            text += f" {'-' if factor < 0 else '+'} {times}{self.names[atom]}"
        if dim.constant:
            text += f" {'-' if dim.constant < 0 else '+'} {abs(dim.constant)}"
        return text.removeprefix(" + ").strip()


def _parameters(callee: Any) -> tuple[list[str], str]:
    """The names of the parameters that arguments by position go to, and of what takes the rest."""
    function = callee.__func__ if isinstance(callee, MethodType) else callee
    if not isinstance(function, Function):
        return [], "x"
    given = function._node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)]
    more = "x" if given.vararg is None else given.vararg.arg
    return (names[1:] if isinstance(callee, MethodType) else names), more


def _check_callable(value: Any, name: str, m: Machine) -> None:
    if not callable(value) or isinstance(value, type):
        raise FleetError(f"`{name}` is no function", Location(str(m.path), 1))


def _named(m: Machine, name: str) -> Any:
    """What a dotted name of the program's is."""
    first, *rest = name.split(".")
    if first not in m.main.values:
        functions = [key for key, value in m.main.values.items() if isinstance(value, Function)]
        close = difflib.get_close_matches(name, functions, 1) or functions[:6]
        raise FleetError(
            f"{m.path} has no function `{name}`",
            hint=f"it has: {', '.join(close)}" if close else None,
        )
    value = m.main.values[first]
    for part in rest:
        value = get_attribute(m, value, part)
    return value


def _expression(m: Machine, text: str) -> Any:
    """The value of an expression among the program's names."""
    where = "<argument>"
    try:
        parsed = parse(f"({text}\n)", where)
    except FleetError as error:
        raise FleetError(f"the argument {text!r} is no value: {error.message}") from None
    if len(parsed.body) != 1 or not isinstance(parsed.body[0], tree.Expr):
        raise FleetError(f"the argument {text!r} is no value")
    m.sources[where] = parsed
    try:
        return m.evaluate(parsed.body[0].value)
    except FleetError as error:
        raise FleetError(f"the argument {text!r}: {error.message}", hint=error.hint) from None


def _keys(container: Any) -> list[Any]:
    """Of a dictionary its keys, else the places of its items."""
    if isinstance(container, dict):
        return list(container)
    return list(range(len(container))) if isinstance(container, tuple | list) else []


def _same(before: Any, now: Any) -> bool:
    if isinstance(before, dict) and isinstance(now, dict):
        return before.keys() == now.keys() and all(before[key] is now[key] for key in before)
    if isinstance(before, tuple) and isinstance(now, tuple):
        return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))
    return before is now


def _described(m: Machine, obj: Any, before: Any, now: Any) -> str:
    """What changed, as messages name it."""
    names = [name for name, value in m.main.values.items()
             if value is obj or isinstance(value, Array) and value.cell is obj]  # fmt: skip
    if names:
        return f"`{names[0]}`"
    if isinstance(obj, Bindings | Attributes) and isinstance(before, dict):
        changed = [str(key) for key in {**before, **now} if before.get(key) is not now.get(key)]
        owner = f".{changed[0]}" if isinstance(obj, Attributes) else changed[0]
        return f"`{obj.owner}{owner}`" if isinstance(obj, Attributes) else f"`{owner}`"
    if isinstance(obj, Cell):
        return "an array that is outside of it"
    return f"a {type(obj).__name__} that is outside of it"
