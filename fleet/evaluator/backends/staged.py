"""The back end that builds IR: the primitives, and all that is known at run time only.

In: the primitives' arguments. Out: known arrays where only layout is at stake, else operations.
The one idea: arithmetic on arrays is always emitted, also on known ones: it is the program's work,
and it runs where the program runs; only NumPy scalars fold, like Python's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError, Location
from fleet.evaluator.backends.eager import PRIMITIVES
from fleet.evaluator.values import float_errors, lists, numbers, objects, operators, texts
from fleet.evaluator.values.emitter import KIND_DTYPES, Emitter
from fleet.evaluator.values.heap import SITED, Cell, Heap, List, new_serial
from fleet.evaluator.values.ndarrays import (
    arrays,
    elementwise,
    indexing,
    layout,
    ordering,
    reductions,
    reshapes,
    tensors,
    views,
)
from fleet.evaluator.values.sequences import Lazy
from fleet.evaluator.values.then import Array, Number, Numbers, Object, Text, Then
from fleet.ir.core import Block
from fleet.ir.types import i64
from fleet.syntax import tree

ONE_BY_ONE = 8
"""Numbers of a list that are known one by one, so that programs may count them when compiled."""
FEW = 64
"""Numbers that a list of lists holds one by one."""


class Arguments(Lazy):
    """sys.argv[...], a new list; `site`: the expression that made it, see heap.SITED."""

    __slots__ = ("key", "serial", "site")
    type_name = "list"

    def __init__(self, e: Emitter, count: Any, get: Callable[[Any], Text], key: slice) -> None:
        super().__init__(e, count, get)
        self.key = key
        self.site = None
        self.serial = new_serial()

    def item(self, key: Any) -> Any:
        if isinstance(key, slice):
            raise self.e.heap.outgrown(self)
        return super().item(key)

    def as_object(self) -> Object:
        """As one of the run's lists."""
        (native,) = self.e.host("arguments", results=[("object", i64)])
        return objects.get_item(self.e, Object(self.e, list, native), self.key)

    def needed_now(self, use: str) -> FleetError:
        return _outgrown(self, super().needed_now(use))


def _outgrown(value: Any, error: FleetError) -> FleetError:
    """The program does with sys.argv what one does with a list: it is to be one of run time."""
    if value.e.heap.outgrown is not RuntimeError:
        value.e.heap.outgrown(value, error)
    return error


class Argv(Then):
    """sys.argv."""

    __slots__ = ("serial", "site")
    type_name = "list"

    def __init__(self, e: Emitter) -> None:
        self.e = e
        self.site = ARGV
        self.serial = 0

    def as_object(self) -> Object:
        """As one of the run's lists."""
        (native,) = self.e.host("arguments", results=[("object", i64)])
        return Object(self.e, list, native)

    def needed_now(self, use: str) -> FleetError:
        return _outgrown(self, super().needed_now(use))

    def length(self) -> Number:
        (count,) = self.e.host("argc", results=[("int", i64)])
        return Number(self.e, "int", count, _argc_size(self.e))

    def item(self, key: Any) -> Any:
        if isinstance(key, slice):
            start, count, step = views.span_of(self.e, key, self.length())
            return Arguments(self.e, count, lambda i: self._at(start + i * step), key)
        return self._at(views.position_of(self.e, key, self.length(), "list index out of range"))

    def _at(self, position: int | Number) -> Text:
        at = self.e.plain(self.e.number(position))
        return self.e.host_text("argv", "str", [at], ["int"])

    def as_lazy(self) -> Lazy:
        return Lazy(self.e, self.length(), self._at)


def _argc_size(e: Emitter) -> Any:
    """The number of arguments is the same whenever it is asked for."""
    if not hasattr(e, "argc"):
        e.argc = numbers.sizes.length(1)
    return e.argc


ARGV = tree.Name("argv", tree.Load())
"""Stands for the expression that made sys.argv."""
SITED.update((Argv, Arguments))


class Staged:
    """Builds the program's IR."""

    def __init__(
        self, heap: Heap, block: Block, where: Callable[[], Location], changes: bool = False
    ) -> None:
        """changes: whether the program does with sys.argv what one does with a list."""
        e = self.e = Emitter(heap, block, where)
        e.operate = lambda *arguments: operators.operate(e, *arguments)
        e.operate_unary = lambda *arguments: operators.operate_unary(e, *arguments)
        e.operate_in_place = lambda *arguments: indexing.operate_in_place(e, *arguments)
        e.get_item = lambda *arguments: operators.get_item(e, *arguments)
        e.set_item = lambda *arguments: indexing.set_item(e, *arguments)
        e.check_floats = lambda *arguments: float_errors.check(e, *arguments)
        e.write_list = lambda *arguments, **named: lists.write(e, *arguments, **named)
        e.in_place_on_object = lambda *arguments: objects.operate_in_place(e, *arguments)
        self._block, self._changes, self._argv = block, changes, Argv(e)
        self.primitives = {
            name: getattr(self, name) for name in vars(Staged)
            if not name.startswith("_") and name != "argv"
        }

    # -- the world

    @property
    def argv(self) -> Any:
        if self._changes:
            self.e.heap.do_for_good()
            with self.e.builder.inside(self._block):
                self._argv, self._changes = self._argv.as_object(), False
        return self._argv

    def show(self, values: tuple, sep: str | None, end: str | None, file: str) -> None:
        texts.show(self.e, values, sep, end, file)

    def read_line(self, prompt: Any) -> Text:
        shown = self.e.text(texts.to_text(self.e, prompt))
        return self.e.attempt_text("input", "str", [shown.native], ["str"], ("EOFError",))

    def array(self, known: Any, name: str | None = None) -> Any:
        """A known array (or a NumPy scalar) as the program's value."""
        if not isinstance(known, np.ndarray):
            return known
        if name is not None:
            self.e.name_array(known, name)
        return tensors.wrap(self.e, known)

    # -- primitives

    def ufunc(self, name: str, *values: Any) -> Any:
        return elementwise.ufunc(self.e, name, *values)

    def reduce(self, name: str, value: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
        return reductions.reduce(self.e, name, value, axes, keepdims)

    def arg_extreme(self, name: str, value: Any, axis: int) -> Any:
        return reductions.arg_extreme(self.e, name, value, axis)

    def cumulate(self, name: str, value: Any, axis: int) -> Any:
        return ordering.cumulate(self.e, name, arrays.asarray(self.e, value), axis)

    def sort(self, value: Any) -> Any:
        return ordering.sort_rows(self.e, arrays.asarray(self.e, value))

    def argsort(self, value: Any) -> Any:
        return ordering.argsort_rows(self.e, arrays.asarray(self.e, value))

    def searchsorted(self, table: Any, values: Any, right: bool) -> Any:
        return ordering.searchsorted(self.e, table, values, right)

    def nonzero(self, mask: Any) -> Any:
        return ordering.nonzero(self.e, mask)

    def scatter(self, dest: Any, indices: Any, values: Any, combine: str) -> Any:
        return ordering.scatter(self.e, dest, indices, values, combine)

    def matmul(self, a: Any, b: Any) -> Any:
        return reductions.matmul(self.e, a, b)

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        return elementwise.where(self.e, condition, x, y)

    def asarray(self, value: Any, dtype: Any = None) -> Any:
        return arrays.of_argument(self.e, value, None if dtype is None else np.dtype(dtype))

    def cast(self, value: Any, dtype: Any) -> Any:
        made = arrays.asarray(self.e, value, np.dtype(dtype))
        return self.copy(made, "K") if made is value else made

    def bitcast(self, value: Any, dtype: Any) -> Any:
        return arrays.bitcast(self.e, value, np.dtype(dtype))

    def transpose(self, value: Any, axes: tuple[int, ...]) -> Any:
        value = arrays.asarray(self.e, value)
        if not isinstance(value, Array):
            return value
        dims = tuple(value.dims[axis] for axis in axes)
        return views.view(self.e, value, views.TransposeStep(axes), dims)

    def reshape(self, value: Any, shape: tuple) -> Any:
        return reshapes.reshaped(self.e, arrays.asarray(self.e, value), shape)

    def broadcast_to(self, value: Any, shape: tuple) -> Any:
        value = arrays.asarray(self.e, value)
        known = value if isinstance(value, np.generic) else value.known
        if known is not None and not any(isinstance(length, Number) for length in shape):
            return tensors.wrap(self.e, np.broadcast_to(known, shape))
        part = views.fit(self.e, value, shape, value.dtype, views.REMAPPED)
        return tensors.wrap(self.e, part)

    def concatenate(self, values: list, axis: int, dtype: Any = None) -> Any:
        return arrays.concatenate(self.e, values, axis, None if dtype is None else np.dtype(dtype))

    def arange(self, start: Any, step: Any, count: Any, dtype: Any) -> Any:
        return arrays.arange(self.e, start, step, count, np.dtype(dtype))

    def full(self, shape: tuple, value: Any, dtype: Any) -> Any:
        return arrays.full(self.e, shape, value, np.dtype(dtype))

    def take(self, value: Any, indices: Any, axis: int) -> Any:
        key = (*([slice(None)] * axis), indices)
        return self.copy(indexing.get_item(self.e, arrays.asarray(self.e, value), key))

    def item(self, value: Any) -> Any:
        if isinstance(value, np.generic):
            return value.item()
        return value.known.item() if value.known is not None else tensors.to_number(self.e, value)

    def to_list(self, value: Any) -> Any:
        value = arrays.asarray(self.e, value)
        if isinstance(value, np.generic):
            return value.item()
        if value.known is not None:
            return value.known.tolist()
        if not value.dims:
            return tensors.to_number(self.e, value)
        if value.rank == 1 and isinstance(value.dims[0], int) and value.dims[0] <= ONE_BY_ONE:
            return self._nested(value)
        if value.rank == 1 and value.dtype.kind in "ifb" and value.dtype.itemsize in (1, 8):
            part = tensors.tensor(self.e, value)
            kind = {"i": "int", "f": "float", "b": "bool"}[value.dtype.kind]
            if part.dtype == KIND_DTYPES[kind]:
                made = Numbers(self.e, kind, part.value, part.dims[0])
                return List(self.e.heap, run_time=made)
        return self._nested(value)

    def _nested(self, value: Array) -> Any:
        """A list of lists: known ones of a few numbers, else one of the run's objects."""
        dims = [dim for dim in value.dims if isinstance(dim, int)]
        if len(dims) == value.rank and np.prod(dims) <= FEW:
            rows = [indexing.get_item(self.e, value, i) for i in range(dims[0])]
            return List(self.e.heap, [
                self.item(row) if value.rank == 1 else self._nested(row) for row in rows
            ])  # fmt: skip
        part = tensors.tensor(self.e, value)
        (native,) = self.e.host("function", [part.value], ["array"], [("object", i64)],
                                name="tolist", named=[])  # fmt: skip
        return Object(self.e, list, native)

    def part(self, name: str, value: Any) -> Any:
        value = arrays.asarray(self.e, value)
        if isinstance(value, np.generic):
            return getattr(value, name)
        if value.dtype.kind == "c":
            return views.part(self.e, value, name)
        if name == "real":
            return value
        made = self.full(self.shape(value), 0, value.dtype)
        return made[()] if value.scalar else made

    def of_parts(self, real: Any, imag: Any) -> Any:
        """Complex numbers of two arrays of one shape and dtype."""
        if isinstance(real, np.generic) and isinstance(imag, np.generic):
            return PRIMITIVES["of_parts"](real, imag)
        parts = (tensors.tensor(self.e, value) for value in (real, imag))
        made = tensors.of_parts(self.e, *parts)
        return tensors.wrap(self.e, made, scalar=not made.dims)

    def copy(self, value: Any, order: str = "C") -> Any:
        value = arrays.asarray(self.e, value)
        if isinstance(value, np.generic):
            return value
        content, axes = value.read(), layout.order_named(value, order)
        if axes and isinstance(content, np.ndarray):
            content = tensors.laid_out(content, axes)
        cell = Cell(content, axes)
        return Array(self.e, cell, value.dims, value.dtype, scalar=value.scalar)

    def shape(self, value: Any) -> tuple:
        return tensors.shape_of(self.e, value)

    def dtype_of(self, value: Any) -> np.dtype:
        return value.dtype

    def result_type(self, *values: Any) -> np.dtype:
        return elementwise.result_type(*values)

    def is_known(self, *values: Any) -> bool:
        """Whether nothing about the values is left to run time."""
        return not any(map(texts.has_run_time, values))
