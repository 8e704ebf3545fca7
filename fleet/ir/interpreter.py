"""Runs IR of any level: the definition of what a program means between two passes.

In: a module and arguments. Out: the results, and what the program printed. The one idea: an
operation's `execute` hook says what it does to NumPy arrays and numbers; here is only control flow.

Tensors and vectors are NumPy arrays of the type's dtype (treated as immutable), `index` and
integers are Python ints, i1 is bool, f64 is float, f32 and f16 are NumPy scalars.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.ir.analysis.last_uses import LastUses
from fleet.ir.attributes import (
    ArrayAttr,
    Attribute,
    DenseArrayAttr,
    DenseAttr,
    DictAttr,
    FloatAttr,
    IntegerAttr,
)
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import TERMINATOR
from fleet.ir.interfaces import CallLike
from fleet.ir.number_formats import held, wrapped
from fleet.ir.symbols import SymbolTables
from fleet.ir.types import (
    IndexType,
    IntegerType,
    ShapedType,
    Type,
    element_of,
    f64,
    i1,
    is_float,
    storage_dtype,
)

Data = Any
"""A value while running: see the module's docstring."""

Observer = Callable[[Operation, Sequence[Data]], None]
"""Called with each operation and its results after it ran."""


class Interpreter:
    """Runs functions of a module.

    host:     what services (printing, arguments) work on; the dialects' executors use it.
    observe:  called after every operation.
    warn:     told what NumPy warns of while an operation runs; left out, it is not asked.
    iteration: subscripts of the innermost running iteration space, for `linalg.index`.
    operation: what runs now.
    """

    def __init__(
        self,
        module: Operation,
        host: Any = None,
        observe: Observer | None = None,
        warn: Callable[[Operation, str], None] | None = None,
        meanings: Mapping[str, Callable[..., Sequence[Data]]] | None = None,
    ) -> None:
        self.module = module
        self.host = host
        self.observe = observe
        self.warn = warn
        self.meanings = meanings or {}
        self.tables = SymbolTables()
        self.values: dict[Value, Data] = {}
        self.iteration: Sequence[Any] = ()
        self.operation: Operation | None = None
        self.last_uses = LastUses()
        self._depth = 0
        if host is not None:
            host.depth = lambda: self._depth

    def run(self, name: str = "main", arguments: Sequence[Data] = ()) -> list[Data]:
        """Call a function by name. Raises ProgramError and ProgramExit as the program does."""
        function = self.tables.of(self.module).get(name)
        if function is None:
            raise FleetError(f"there is no function @{name}")
        if self.warn is None:
            with np.errstate(all="ignore"):
                return self.call(function, arguments)
        with np.errstate(all="log", under="ignore", call=self):
            return self.call(function, arguments)

    def callee(self, operation: Operation) -> Operation:
        """The function that a call names. Raises FleetError when there is none."""
        answer = CallLike.of(operation)
        reference = None if answer is None else answer.reference(operation)
        path = None if reference is None else self.tables.resolve(operation, reference)
        if path is None:
            name = operation.get("callee")
            raise FleetError(f"there is no function @{name}", operation.location)
        return path[-1]

    def write(self, text: str) -> None:
        """What NumPy says, as np.seterrcall has it."""
        if self.operation is not None:
            self.warn(self.operation, text)

    def call(
        self, function: Operation, arguments: Sequence[Data], caller: Operation | None = None
    ) -> list[Data]:
        """Run a function's body on arguments."""
        location = caller.location if caller is not None else None
        if not function.regions[0].blocks:
            name = function.get("sym_name")
            raise FleetError(f"the function @{name} has no body to execute", location)
        meaning = self.meanings.get(function.get("meaning", ""))
        if meaning is not None:
            return list(meaning(*arguments))
        too_deep = None if self.host is None else self.host.too_deep(self._depth - 1)
        if too_deep is not None:
            raise too_deep
        outer, self.values = self.values, {}
        self._depth += 1
        try:
            return self.region(function.regions[0], arguments)[1]
        finally:
            self._depth -= 1
            self.values = outer

    def region(
        self, region: Region, arguments: Sequence[Data] = (), *, taken: bool = False
    ) -> tuple[Operation | None, list[Data]]:
        """Run a region from its first block on: the terminator that leaves it, and its values.

        taken: whether the arguments are only for it, so that it may empty the list.
        """
        block = region.blocks[0]
        while True:
            last, given = self.block(block, arguments, taken=taken)
            if last is None or not last.successors:
                return last, given
            number = self.successor(last, given)
            arguments = [self.values[value] for value in last.definition.passed(last)[number]]
            block, taken = last.successors[number], False

    def successor(self, terminator: Operation, given: Sequence[Data]) -> int:
        """Which block comes after a terminator."""
        definition = terminator.definition
        if definition is None or definition.branch is None:
            raise FleetError(f"'{terminator.name}' cannot be executed", terminator.location)
        return definition.branch(terminator, given)

    def block(
        self, block: Block, arguments: Sequence[Data] = (), *, taken: bool = False
    ) -> tuple[Operation | None, list[Data]]:
        values = self.values
        if len(arguments) != len(block.arguments):
            raise FleetError(
                f"{len(arguments)} arguments were given where {len(block.arguments)} are taken",
                block.parent_op.location if block.parent_op is not None else None,
            )
        for argument, value in zip(block.arguments, arguments, strict=True):
            values[argument] = value
        value = None  # nothing but `values` shall hold what is changed in place
        if taken:
            arguments.clear()
        ending = self.last_uses.ending(block)
        operation = block.first
        while operation is not None:
            operands = [values[operand] for operand in operation.operands]
            if operation.has_trait(TERMINATOR) or operation.successors:
                if not operation.regions:  # which whoever holds this block is still to run
                    for spent in ending.get(operation, ()):
                        del values[spent]
                return operation, operands
            results = self.execute(operation, operands)
            values.update(zip(operation.results, results, strict=True))
            results = None
            for spent in ending.get(operation, ()):
                del values[spent]
            operation = operation.next
        return None, []

    def owns(self, array: np.ndarray, operand: Value, holders: int) -> bool:
        """Whether an operand of the running operation may be changed in place.

        holders: how many references to it the caller has, its arguments' list among them.
        """
        if array.base is not None or not array.flags.writeable:
            return False
        if not self.last_uses.is_last(operand, self.operation):
            return False
        return sys.getrefcount(array) == holders + 3  # `values`, `array` and the call's argument

    def execute(self, operation: Operation, operands: Sequence[Data]) -> Sequence[Data]:
        """Run one operation."""
        definition = operation.definition
        if definition is None or definition.execute is None:
            raise FleetError(f"'{operation.name}' cannot be executed", operation.location)
        self.operation = operation
        try:
            results = definition.execute(self, operation, operands)
        except ProgramError as error:
            error.location = error.location or operation.location
            raise
        except (FleetError, ProgramExit, RecursionError, MemoryError):
            raise
        except Exception as error:
            raise FleetError(
                f"executing '{operation.name}' failed: {type(error).__name__}: {error}",
                operation.location,
            ) from error
        if self.observe is not None:
            self.observe(operation, results)
        return results


# -- values


def to_data(value: Any, type: Type) -> Data:
    """A number or array as a value of the type; integers wrap to their width.

    An array for a scalar type stays an array (many points of an iteration space at once).
    """
    if not isinstance(type, ShapedType | IntegerType | IndexType) and not is_float(type):
        return value
    array = held(np.asarray(value), element_of(type))
    if isinstance(type, ShapedType) or array.ndim:
        return array
    return scalar(array, type)


def scalar(array: np.ndarray, type: Type) -> Data:
    """The only element of a 0-d array of the type's dtype, as scalars are held."""
    if is_float(type) and type != f64:
        return array[()]
    return array.item()


def to_array(value: Data, type: Type) -> np.ndarray:
    """A value as an array of the type's dtype (0-d for scalars); Python ints wrap."""
    if isinstance(value, np.ndarray):
        return value
    dtype = storage_dtype(element_of(type))
    if isinstance(value, int) and not isinstance(value, bool) and dtype.kind in "iuO":
        value = wrapped(value, type)
    return np.asarray(value, dtype)


def data_of(attr: Attribute) -> Data:
    """The value of a constant's attribute."""
    match attr:
        case IntegerAttr(value, type):
            return bool(value) if type == i1 else scalar(to_array(value, type), type)
        case FloatAttr():
            return to_data(attr.value, attr.type)
        case DenseAttr():
            return attr.value
    raise TypeError(f"no constant: {attr!r}")


def attribute_of(value: Data, type: Type) -> Attribute:
    """The constant's attribute for a value of the type."""
    if isinstance(type, ShapedType):
        return DenseAttr(np.asarray(value), type)
    if is_float(type):
        return FloatAttr(float(value), type)
    return IntegerAttr(int(value), type)


def python_value(attr: Attribute) -> Any:
    """Dictionaries, lists and numbers of attributes as Python's own."""
    match attr:
        case DictAttr(items):
            return {name: python_value(item) for name, item in items}
        case ArrayAttr(items):
            return [python_value(item) for item in items]
        case DenseArrayAttr(items):
            return list(items)
        case IntegerAttr(value, type):
            return bool(value) if type == i1 else value
    return getattr(attr, "value", True)
