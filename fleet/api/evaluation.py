"""A function of live Python evaluated into IR, for arguments of known types.

In: a function, and the specs of its arguments. Out: a module whose `main` takes their arrays and
numbers and returns the results, and how these are read. The one idea: an argument is a value that
run time knows, with a type and symbolic sizes; the evaluator asks for no more than that.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fleet.api.arguments import Buffer, Items, Object, Scalar, Shape, Spec, Specs, Static
from fleet.api.capture import Capture
from fleet.api.guards import Guard
from fleet.api.results import Collector, Read
from fleet.api.source import place_of
from fleet.diagnostics import FleetError
from fleet.evaluator.language.calls import call_value
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import sizes
from fleet.evaluator.values.emitter import SCALARS, tensor_type
from fleet.evaluator.values.heap import Cell, Dict, List, state_of
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.ndarrays.views import TransposeStep
from fleet.evaluator.values.sizes import Dim
from fleet.evaluator.values.then import Array, Number, Tensor, Unusable, dim_type
from fleet.frontend import build_entry
from fleet.ir.attributes import ArrayAttr, DictAttr, i64_array
from fleet.ir.core import Block, Operation, Value
from fleet.limits import Limits
from fleet.passes.shapes.dims import SIZES

LATE = (
    "arguments are known at run time; for those that are to be known when the function is "
    "compiled, use @fleet.jit(static_argnames=...), and static_sizes=... for lengths"
)


@dataclass(frozen=True)
class Interface:
    """How a compiled function is called.

    read: its result from the first values that the entry gives; None if it always raises
    written: the buffers whose new content the entry gives after these
    guards: what was taken from the function's surroundings; arrays: those among it
    classes: the live exception classes by name
    """

    read: Read | None
    written: list[int]
    guards: list[Guard]
    arrays: list[np.ndarray]
    classes: dict[str, type]


def evaluate(
    function: types.FunctionType, specs: Specs, shape: Shape, unwrap: Callable[[Any], Any],
    decorator: Callable[..., Any], limits: Limits,
) -> tuple[Operation, Interface]:  # fmt: skip
    """The module. Raises FleetError for what cannot be compiled."""
    found: list[_Entry] = []

    def enter(m: Machine, block: Block) -> Sequence[Value]:
        found[:] = [_Entry(m, block, specs, shape, Capture(m, unwrap, decorator))]
        return found[0].run(function)

    try:
        module = build_entry(function.__code__.co_filename, enter, limits)
    except FleetError as error:
        error.location = error.location or place_of(function.__code__)
        raise
    entry = found[0]
    main = next(op for op in module if op.get("sym_name") == "main")
    main.attributes["arg_attrs"] = ArrayAttr(tuple(entry.described))
    capture = entry.capture
    return module, Interface(
        entry.read, entry.written, capture.guards, capture.arrays, capture.classes
    )


class _Entry:
    """One evaluation."""

    def __init__(
        self, m: Machine, block: Block, specs: Specs, shape: Shape, capture: Capture
    ) -> None:
        self.m = m
        self.block = block
        self.specs = specs
        self.capture = capture
        self.read: Read | None = None
        self.written: list[int] = []
        self.described: list[DictAttr] = []
        """What the IR says of each argument of main."""
        self._dims = _symbolic(shape)
        self._groups = shape.groups
        self._at = 0
        """How many axes were given to buffers."""
        self._cells: list[tuple[Cell, Tensor]] = []
        self._parameters: dict[int, int] = {}
        self._values: list[Any] = []
        self._containers: list[tuple[str, Any, Any]] = []
        assert m.backend.e is not None
        self.e = m.backend.e
        self.e.late = LATE

    def run(self, function: types.FunctionType) -> list[Value]:
        """Evaluate a call; what main returns."""
        m = self.m
        callee = self.capture.function(function)
        m.node = callee._node
        positional, keywords = [], {}
        given = callee._node.args
        names = [one.arg for one in (*given.posonlyargs, *given.args)]
        for name, spec in self.specs:
            at = name if isinstance(name, int) else len(names)
            value = self._value(spec, names[at] if at < len(names) else str(name))
            # The caller has it, too, whatever the function gives its own names to.
            m.scope.values[f"the caller's {name}"] = value
            if isinstance(name, int):
                positional.append(value)
            else:
                keywords[name] = value
        result = call_value(m, callee, tuple(positional), keywords)
        m.node = callee._node
        self.capture.refuse_changes()
        self._refuse_changes()
        collector = Collector(self.e, self.capture.own(), self._parameters)
        self.read = collector.read(result)
        for number, (cell, before) in enumerate(self._cells):
            if cell.content is not before:
                self.written.append(number)
                collector.returned.append(tensors.tensor(self.e, cell.content).value)
        return collector.returned

    def _value(self, spec: Spec, name: str) -> Any:
        m, e = self.m, self.e
        match spec:
            case Scalar(kind):
                native = self.block.add_argument(SCALARS[kind], name if name.isidentifier() else "")
                self.described.append(DictAttr(()))
                return Number(e, kind, native)
            case Buffer():
                return self._array(spec, name)
            case Static(value):
                return value
            case Object(live):
                return self._known(live, name)
            case Items(form, items, keys):
                made = [self._value(item, name) for item in items]
                if issubclass(form, tuple):
                    own = form if form is tuple else self._known(form, form.__name__)
                    return tuple.__new__(own, made)
                if form is dict:
                    rows = zip([key.value for key in keys], made, strict=True)
                    return self._container(name, Dict(m.heap, rows))
                return self._container(name, List(m.heap, made))
        raise TypeError(f"no spec: {spec!r}")

    def _known(self, live: Any, name: str) -> Any:
        value = self.capture.value(live, name)
        if isinstance(value, Unusable):
            raise FleetError(value.why, hint=value.hint)
        return value

    def _container(self, name: str, made: Any) -> Any:
        self._containers.append((name, made, state_of(made)))
        return made

    def _refuse_changes(self) -> None:
        for _, obj, before in self._containers:
            now = state_of(obj)
            changed = list(now) != list(before) if isinstance(before, dict) else (
                not isinstance(now, tuple) or len(now) != len(before))  # fmt: skip
            pairs = zip(now.values(), before.values(), strict=False) if isinstance(
                before, dict) else zip(now, before, strict=False)  # fmt: skip
            if changed or any(a is not b for a, b in pairs):
                kind = type(obj).__name__
                raise FleetError(
                    f"the compiled function changes the {kind} that it is given, which its caller "
                    "would not see",
                    hint=f"return a new {kind} instead",
                )

    def _array(self, spec: Buffer, name: str) -> Array:
        e = self.e
        if spec.parameter == len(self._cells):
            self._new_buffer(spec, name)
        cell, tensor = self._cells[spec.parameter]
        if spec.scalar:
            return Array(e, cell, (), spec.dtype, scalar=True)
        base_dims = tensor.dims
        places = [spec.axes.index(axis) for axis in range(len(spec.axes))]
        dims = tuple(base_dims[place] for place in places)
        plain = places == sorted(places)
        steps = () if plain else (TransposeStep(tuple(places)),)
        made = Array(e, cell, dims, spec.dtype, steps)
        if not spec.writeable:
            made.frozen = ValueError("assignment destination is read-only")
        self._parameters.setdefault(id(made), spec.parameter)
        self._values.append(made)
        return made

    def _new_buffer(self, spec: Buffer, name: str) -> None:
        rank = len(spec.axes)
        axes = range(self._at, self._at + rank)
        self._at += rank
        dims = tuple(self._dims[axis] for axis in axes)
        hint = name if name.isidentifier() else ""
        native = self.block.add_argument(tensor_type(dim_type(dims), spec.dtype), hint)
        groups = i64_array([self._groups[axis] for axis in axes])
        self.described.append(DictAttr(((SIZES, groups),)) if rank else DictAttr(()))
        tensor = Tensor(native, dims, spec.dtype)
        cell = Cell(tensor)
        cell.serial = 0
        self._cells.append((cell, tensor))


def _symbolic(shape: Shape) -> list[Dim]:
    """A length for each axis, the same one for those that are taken to be equal."""
    dims: list[Dim] = []
    for known, group in zip(shape.sizes, shape.groups, strict=True):
        if known is not None:
            dims.append(known)
        else:
            dims.append(dims[group] if group < len(dims) else sizes.length())
    return dims
