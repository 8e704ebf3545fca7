"""The IR builder under the evaluator: constants, checks, host services, regions.

In: calls from the emission of numbers, texts and arrays. Out: operations at the evaluator's present
place in the program. The one idea: this is all that is common to everything that emits; what an
operation on numbers, texts or arrays means is said in the modules of those names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError, Location
from fleet.dialects import arith, numpy, tensor
from fleet.evaluator.values.heap import Heap
from fleet.evaluator.values.sizes import Dim
from fleet.evaluator.values.then import Number, Text
from fleet.ir.attributes import (
    INLINE_BYTES,
    ArrayAttr,
    Attribute,
    DenseAttr,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    attribute,
)
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import OpDef
from fleet.ir.types import TensorType, Type, element_type, f64, i1, i64, index, ui8

SCALARS: dict[str, Type] = {"int": i64, "float": f64, "bool": i1}
"""Python's numbers: kind -> type of the SSA value."""
KIND_DTYPES = {"int": np.dtype("int64"), "float": np.dtype("float64"), "bool": np.dtype("bool")}


_SHOWING = ("print", "format", "function", "method", "operator", "attempt")
"""Services that may make text of arrays."""


class Emits(BaseException):
    """Something would be emitted where nothing may be."""


class Emitter:
    """Emits into `builder`'s block. `where` gives the present place in the user's program.

    The fields that end in callables are filled in by `staged`, which knows all kinds of values.
    """

    operate: Callable[[str, Any, Any], Any]
    operate_unary: Callable[[str, Any], Any]
    operate_in_place: Callable[[str, Any, Any], Any]
    get_item: Callable[[Any, Any], Any]
    set_item: Callable[[Any, Any, Any], None]
    write_list: Callable[..., Any]
    in_place_on_object: Callable[[str, Any, Any], Any]
    split: Callable[[Any, Callable[[Any], Any]], Any]
    choose: Callable[[Any, Callable[[], Any], Callable[[], Any]], Any]
    check_floats: Callable[..., None]
    stands_alone: Callable[[Any], bool]
    shown_by_formatter: Callable[[Any, str], Any] = lambda value, conversion: None
    """The text of an array for which the program has a formatter, or None."""

    def __init__(self, heap: Heap, block: Block, where: Callable[[], Location]) -> None:
        self.heap = heap
        self.builder = Builder(block)
        self.where = where
        self.uncatchable: Callable[[str], None] = lambda exception: None
        self.catchable: Callable[[str], bool] = lambda exception: False
        """Whether a `try` or `with` of the program looks at exceptions of this name."""
        self.failing: Callable[..., None]
        self.said: Callable[[str], str] = lambda operation: operation
        self.ignored: Callable[[], frozenset[str]] = frozenset
        self.heeded: Callable[[], frozenset[str]] = frozenset
        """Which errors of floating-point arithmetic the program hears of as they happen."""
        self.met: Callable[..., None]
        """Have the program hear of one."""
        self.printing: Callable[[], Mapping[str, Any]] = dict
        """NumPy's options for printing, as far as they are not its own."""
        self.cause_of: Callable[[Any], frozenset[int] | None] = lambda value: None
        self.text_of_instance: Callable[[Any, str], Any] = lambda value, conversion: None
        """The text that a class of the program gives what may be an instance of it."""
        self.boxed: Callable[[Any], Any] = lambda value: None
        """As one of the run's objects, what never changes and is of a class of the program's."""
        self.may_be_asked: Callable[..., bool] = lambda ordered=False: False
        """Whether the run has instances that the program says how to hash and compare."""
        self.answer: Callable[..., None]
        """Have the program say what a service must know of them."""
        self.array_lists: Any = None
        """Of `array_lists`: the arrays that lists of run time hold."""
        self.late = (
            "values that depend on sys.argv, on input or on array arithmetic are known at run time"
        )
        """The advice where a value is needed earlier than it is known."""
        self.exact: set[type] = set()
        """Classes of exact numbers that the program has imported."""
        self.scalars: set[type] = set()
        """NumPy's classes of which the run may have objects: items of arrays."""
        self.emitted = 0
        self.silent = 0
        """How many evaluations, one in the other, want to know whether anything is emitted."""
        self.counts: dict[Value, Dim] = {}
        """Of masks, how many of their elements are true."""
        self._dense: dict[tuple, tuple[np.ndarray, DenseAttr]] = {}
        self._names: dict[int, tuple[np.ndarray, str]] = {}
        self._keys: set[str] = set()
        self._here: Block | None = None
        self._there: dict[object, Value] = {}
        """What has been made once in this block, where the last of it was made."""
        self._warned: set[tuple[Block, str, int]] = set()

    def noted(self) -> tuple[Any, ...]:
        """What there is so far, as `restore` takes it."""
        return (
            self.emitted, len(self._dense), len(self._names), set(self._keys), self._here,
            dict(self._there), set(self._warned), set(self.array_lists.asked),
        )  # fmt: skip

    def restore(self, noted: tuple[Any, ...]) -> None:
        """Nothing has been made since."""
        self.emitted, dense, names, self._keys, self._here, self._there, self._warned, asked = noted
        for table, count in ((self._dense, dense), (self._names, names)):
            while len(table) > count:
                table.popitem()
        self.array_lists.asked = asked

    # -- operations

    def op(self, definition: OpDef, *operands: Any, **keywords: Any) -> Operation:
        """Make and insert an operation here."""
        if self.silent:
            raise Emits
        self.emitted += 1
        return self.builder.insert(definition(*operands, location=self.where(), **keywords))

    def value(self, definition: OpDef, *operands: Any, **keywords: Any) -> Value:
        return self.op(definition, *operands, **keywords).result

    def warnings(self, own: str, asked: str | None = None) -> dict[str, Attribute]:
        """Attributes that say how NumPy warns of an operation, where it is not by its own name.

        asked: what the program asks NumPy for, if that is something else, such as `scalar add`.
        """
        said, ignored = self.said(asked or own), self.ignored()
        made: dict[str, Attribute] = {} if said == own else {"said": StringAttr(said)}
        return made | ({"ignored": strings(sorted(ignored))} if ignored else {})

    def warn(self, message: str | Text, category: str) -> None:
        """Have the program warn when it comes here: once in a block is enough."""
        at = self.where()
        if isinstance(message, Text):
            self.host("warn", [message.native], ["str"], message="", category=category,
                      file=at.file, line=at.line)  # fmt: skip
            return
        key = self.builder.block, message, at.line
        if self.silent or key in self._warned:
            return
        self._warned.add(key)
        self.host("warn", message=message, category=category, file=at.file, line=at.line)
        self.emitted -= 1  # nothing that the program computes

    def error(self, message: str, hint: str | None = None) -> FleetError:
        """A rejection of what is being evaluated now."""
        return FleetError(message, self.where(), hint=hint)

    # -- constants

    def constant(self, number: int | float | bool, type: Type) -> Value:
        """A scalar constant of an integer, index or float type."""
        if type.__class__.__name__ == "FloatType":
            attr = FloatAttr(float(number), type)
            return self.value(arith.constant, types=[type], value=attr)
        key = type, int(number)
        return self._once(key, arith.constant, value=IntegerAttr(int(number), type), types=[type])

    def _once(self, key: object, definition: OpDef, *operands: Any, **keywords: Any) -> Value:
        """What an operation that depends on nothing else gives: one that stands in this block is as
        good as another."""
        block = self.builder.block
        if self._here is not block or self.builder.anchor is not None:
            self._here, self._there = block, {}
        found = self._there.get(key)
        if found is None or found.owner.parent is not block:
            found = self._there[key] = self.value(definition, *operands, **keywords)
        return found

    def index(self, number: int | Number) -> Value:
        """An int as an `index` value."""
        if isinstance(number, Number):
            return self.as_type(number.native, index)
        return self.constant(number, index)

    def as_type(self, value: Value, type: Type) -> Value:
        """Between i64 and index."""
        if value.type == type:
            return value
        return self.value(arith.index_cast, value, types=[type])

    def dense(self, array: np.ndarray) -> Value:
        """A constant tensor. The array is referred to, never copied."""
        attr = self._dense_attribute(array)
        return self.value(arith.constant, types=[attr.type], value=attr)

    def name_array(self, array: np.ndarray, name: str) -> None:
        """Say what a known array is called in dumps (`gpt2.npz:wte`)."""
        self._names[id(array)] = (array, name)

    def _dense_attribute(self, array: np.ndarray) -> DenseAttr:
        if array.size == 0 or array.nbytes <= INLINE_BYTES or not any(array.strides):
            return DenseAttr.of(array)
        layout = (array.__array_interface__["data"][0], array.shape, array.strides, array.dtype.str)
        found = self._dense.get(layout)
        if found is None:
            found = (array, DenseAttr.of(array, self._key(array)))
            self._dense[layout] = found
        return found[1]

    def name_of(self, array: np.ndarray) -> str | None:
        """That of the array loaded from a file that this is a view of; `.T` of it turned round."""
        base = array
        while isinstance(base, np.ndarray):
            if id(base) in self._names:
                name = self._names[id(base)][1]
                turned = base.T.strides == array.strides and base.T.shape == array.shape
                return f"{name}.T" if base is not array and turned else name
            base = base.base
        return None

    def _key(self, array: np.ndarray) -> str:
        """A resource name."""
        name = self.name_of(array) or "constant"
        key, number = name, 1
        while key in self._keys:
            number += 1
            key = f"{name}#{number}"
        self._keys.add(key)
        return key

    # -- Python's scalars and texts

    def number(self, value: bool | int | float | Number) -> Number:
        """A Python number as a run-time one."""
        if isinstance(value, Number):
            return value
        kind = "bool" if isinstance(value, bool) else "int" if isinstance(value, int) else "float"
        if kind == "int" and not -(2**63) <= value < 2**63:
            raise self.error(
                f"the int {value} meets run-time values, which have 64 bits",
                "keep ints within 64 bits where they depend on run-time values",
            )
        known = value if kind == "int" else None
        return Number(self, kind, self.constant(value, SCALARS[kind]), known)

    def plain(self, number: Number) -> Value:
        """A number's SSA value with the type of its kind (ints as i64)."""
        return self.as_type(number.native, SCALARS[number.kind])

    def text(self, value: str | bytes | Text) -> Text:
        """A str or bytes as a run-time one."""
        if isinstance(value, Text):
            return value
        kind = "str" if isinstance(value, str) else "bytes"
        data = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
        return Text(self, kind, self.dense(np.frombuffer(data, np.uint8)), len(data))

    # -- effects

    def check(
        self,
        condition: Value,
        exception: str,
        message: str,
        operands: Sequence[Value] = (),
        kinds: Sequence[str] = (),
    ) -> None:
        """Raise a Python exception at run time unless the condition holds."""
        if self.catchable(exception):
            self.failing(condition, exception, message, operands, kinds)
            return
        self.uncaught_check(condition, exception, message, operands, kinds)

    def uncaught_check(
        self,
        condition: Value,
        exception: str,
        message: str,
        operands: Sequence[Value] = (),
        kinds: Sequence[str] = (),
    ) -> None:
        """End the program with an exception that no handler looks at, unless the condition holds.

        (A class of the program's own is more than its name, by which `check` asks for handlers.)
        """
        self.op(
            numpy.check,
            condition,
            list(operands),
            exception=exception,
            message=message,
            kinds=strings(kinds),
        )

    def host(
        self,
        service: str,
        operands: Sequence[Value] = (),
        kinds: Sequence[str] = (),
        results: Sequence[tuple[str, Type]] = (),
        **options: object,
    ) -> Sequence[Value]:
        """Call a host service; results are (kind, type) pairs."""
        printing = {name: value for name, value in self.printing().items() if name != "formatter"}
        if printing and service in _SHOWING:
            late = {name: value for name, value in printing.items() if isinstance(value, Number)}
            options["printing"] = json.dumps(
                {name: value for name, value in printing.items() if name not in late})
            if late:
                options["late_printing"] = list(late)
                operands = [*operands, *map(self.plain, late.values())]
                kinds = [*kinds, *(value.kind for value in late.values())]
        return self.op(
            numpy.host,
            list(operands),
            types=[type for _, type in results],
            service=service,
            kinds=strings(kinds),
            result_kinds=strings([kind for kind, _ in results]),
            options=attribute(options),
        ).results

    def prints_late(self) -> bool:
        """Whether only run time knows how NumPy prints."""
        return any(isinstance(value, Number) for value in self.printing().values())

    def attempt(
        self,
        service: str,
        operands: Sequence[Value],
        kinds: Sequence[str],
        result: tuple[str, Type],
        raises: Sequence[str],
        key: tuple[str, Value] | None = None,
        **options: object,
    ) -> Value:
        """Call a host service that may raise exceptions of these names; its one result.

        Where a handler looks at them, the service tells which one it was, and with which message.
        key: the operand that a KeyError is about, with its kind.
        """
        caught = [name for name in raises if self.catchable(name)]
        if not caught:
            return self.host(service, operands, kinds, [result], **options)[0]
        results = [("int", i64), ("str", TensorType((None,), ui8)), result]
        number, message, made = self.host(
            "attempt", operands, kinds, results,
            asks=service, raises=caught, result_kind=result[0], **options,
        )  # fmt: skip
        for at, name in enumerate(caught, 1):
            differs = self.value(
                arith.cmpi, number, self.constant(at, i64), types=[i1],
                predicate=arith.CMPI_PREDICATES.index("ne"),
            )  # fmt: skip
            kind, told = key if name == "KeyError" and key is not None else ("str", message)
            self.failing(differs, name, "{}", [told], [kind])
        return made

    def host_text(self, service: str, kind: str, operands: Sequence[Value] = (),
                  kinds: Sequence[str] = (), **options: object) -> Text:  # fmt: skip
        (result,) = self.host(
            service, operands, kinds, [(kind, TensorType((None,), ui8))], **options
        )
        return Text(self, kind, result)

    def attempt_text(self, service: str, kind: str, operands: Sequence[Value], kinds: Sequence[str],
                     raises: Sequence[str], **options: object) -> Text:  # fmt: skip
        """As host_text, of a service that may raise."""
        type = TensorType((None,), ui8)
        return Text(
            self, kind, self.attempt(service, operands, kinds, (kind, type), raises, **options)
        )

    def extract(self, value: Value, at: int | Number) -> Value:
        """The element of a 1-d tensor at a position that is in range."""
        return self.value(tensor.extract, value, [self.index(at)], types=[value.type.element])

    def dim(self, value: Value, axis: int, size: Dim) -> int | Number:
        """The length of a tensor's axis, as Python's int."""
        if isinstance(size, int):
            return size
        at = self.constant(axis, index)
        key = value, axis, self.where().frame
        return Number(self, "int", self._once(key, tensor.dim, value, at, types=[index]), size)


def strings(items: Sequence[str]) -> ArrayAttr:
    return ArrayAttr(tuple(StringAttr(item) for item in items))


def tensor_type(shape: tuple[int | None, ...], dtype: np.dtype) -> TensorType:
    return TensorType(tuple(shape), element_type(dtype))
