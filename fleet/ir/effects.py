"""What an operation may do besides giving results, and constants behind values.

The one idea: effects are declared (traits and `MemoryEffects`); of an operation with regions that
only structures control, and of a call, they are those of what it runs.
"""

from __future__ import annotations

from fleet.ir.attributes import Attribute, IntegerAttr
from fleet.ir.core import Operation, OpResult, Region, Value
from fleet.ir.definition import CONSTANT, PURE, RAISES, RECURSIVE, SYMBOL, TERMINATOR
from fleet.ir.interfaces import CallLike, MemoryEffects

NONE, READ, RAISE, WRITE = 0, 1, 2, 4
"""Bits of what running an operation may do. READ: it gives what memory or other state holds, so
that another run may give something else. RAISE: an exception, which depends on its operands only.
WRITE: changes memory, or does what its declaration does not exclude."""
UNKNOWN = READ | RAISE | WRITE


class Effects:
    """Answers for one module (or part of it); remembers what it knows of functions.

    Valid as long as no function gains effects.
    """

    def __init__(self) -> None:
        self._functions: dict[Operation, int] = {}
        self._symbols: dict[str, Operation] | None = None

    def of(self, operation: Operation) -> int:
        """What the operation may do."""
        if operation.has_trait(PURE):
            return NONE
        if operation.has_trait(RECURSIVE):
            return self.inside(operation.regions)
        if operation.has_trait(RAISES):
            return RAISE
        memory = MemoryEffects.of(operation)
        if memory is not None:
            return READ if memory.only_reads else UNKNOWN
        if CallLike.of(operation) is not None:
            callee = self.callee(operation)
            return UNKNOWN if callee is None else self._function(callee)
        return UNKNOWN

    def inside(self, regions: list[Region]) -> int:
        """What the operations in regions may do."""
        found = NONE
        for region in regions:
            for block in region.blocks:
                for operation in block:
                    if not operation.has_trait(TERMINATOR):
                        found |= self.of(operation)
                        if found == UNKNOWN:
                            return found
        return found

    def is_pure(self, operation: Operation) -> bool:
        """Whether it has no effects: may be erased when unused and merged with an equal one."""
        return self.of(operation) == NONE

    def is_removable(self, operation: Operation) -> bool:
        """Whether it may be erased when nobody uses its results: pure, or only reading."""
        return not self.of(operation) & ~READ

    def callee(self, operation: Operation) -> Operation | None:
        """The function that a call names, None when it is not to be found."""
        name = CallLike.of(operation).name(operation)
        if name is None:
            return None
        if self._symbols is None:
            holder = operation.parent_op
            while holder is not None and holder.parent_op is not None:
                holder = holder.parent_op
            if holder is None or not holder.regions:
                return None
            self._symbols = symbol_table(holder)
        found = self._symbols.get(name)
        return found if found is not None and found.parent is not None else None

    def _function(self, function: Operation) -> int:
        known = self._functions.get(function)
        if known is None:
            self._functions[function] = UNKNOWN  # while looking: recursion is taken to have effects
            defined = any(region.blocks for region in function.regions)
            known = self.inside(function.regions) if defined else UNKNOWN
            self._functions[function] = known
        return known


def symbol_table(module: Operation) -> dict[str, Operation]:
    """The module's functions (and other symbols) by name."""
    return {op.get("sym_name"): op for op in module if op.has_trait(SYMBOL)}


def constant_of(value: Value) -> Attribute | None:
    """The attribute that a value is a constant of, or None."""
    if isinstance(value, OpResult) and value.operation.has_trait(CONSTANT):
        return value.operation.attributes.get("value")
    return None


def constant_int(value: Value) -> int | None:
    """The number that an integer or index value always is, or None."""
    found = constant_of(value)
    return found.value if isinstance(found, IntegerAttr) else None
