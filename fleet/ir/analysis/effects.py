"""What an operation may do besides giving results, and constants behind values.

The one idea: effects are declared (traits and `MemoryEffects`); of an operation with regions that
only structures control, and of a call, they are those of what it runs.
"""

from __future__ import annotations

from fleet.ir.attributes import Attribute, IntegerAttr
from fleet.ir.core import Operation, OpResult, Region, Value
from fleet.ir.definition import CONSTANT, PURE, RAISES, RECURSIVE, TERMINATOR
from fleet.ir.interfaces import CallLike, MemoryEffects
from fleet.ir.symbols import SymbolTables
from fleet.ir.watch import analysis

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
        self._tables = SymbolTables()

    def of(self, operation: Operation, enough: int = WRITE) -> int:
        """What the operation may do. enough: bits of which to know one is as good as all."""
        traits = operation.definition.traits if operation.definition is not None else ()
        if PURE in traits:
            return NONE
        if RECURSIVE in traits:
            return self.inside(operation.regions, enough)
        if RAISES in traits:
            return RAISE
        memory = MemoryEffects.of(operation)
        if memory is not None:
            return READ if memory.only_reads else UNKNOWN
        if CallLike.of(operation) is not None:
            callee = self.callee(operation)
            return UNKNOWN if callee is None else self._function(callee)
        return UNKNOWN

    def inside(self, regions: list[Region], enough: int = WRITE) -> int:
        """What the operations in regions may do."""
        found = NONE
        for region in regions:
            for block in region.blocks:
                for operation in block:
                    if not operation.has_trait(TERMINATOR):
                        found |= self.of(operation, enough)
                        if found & enough:
                            return found
        return found

    def is_removable(self, operation: Operation) -> bool:
        """Whether it may be erased when nobody uses its results: pure, or only reading."""
        return not self.of(operation, RAISE | WRITE) & ~READ

    def callee(self, operation: Operation) -> Operation | None:
        """The function that a call names, None when it is not to be found."""
        reference = CallLike.of(operation).reference(operation)
        path = None if reference is None else self._tables.resolve(operation, reference)
        return path[-1] if path is not None and path[-1].parent is not None else None

    @analysis("Effects")
    def _function(self, function: Operation) -> int:
        known = self._functions.get(function)
        if known is None:
            self._functions[function] = UNKNOWN  # while looking: recursion is taken to have effects
            defined = any(region.blocks for region in function.regions)
            known = self.inside(function.regions) if defined else UNKNOWN
            self._functions[function] = known
        return known


def constant_of(value: Value) -> Attribute | None:
    """The attribute that a value is a constant of, or None."""
    if isinstance(value, OpResult) and value.operation.has_trait(CONSTANT):
        return value.operation.attributes.get("value")
    return None


def constant_int(value: Value) -> int | None:
    """The number that an integer or index value always is, or None."""
    found = constant_of(value)
    return found.value if isinstance(found, IntegerAttr) else None
