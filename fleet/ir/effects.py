"""What an operation may do besides giving results, and constants behind values.

The one idea: effects are declared (traits of the OpDef); of an operation with regions that only
structures control, and of a call, they are those of what it runs.
"""

from __future__ import annotations

from fleet.ir.attributes import Attribute, IntegerAttr
from fleet.ir.core import Operation, OpResult, Value
from fleet.ir.definition import CALL, CONSTANT, PURE, READS, RECURSIVE, SYMBOL, TERMINATOR
from fleet.ir.watch import analysis


class Effects:
    """Answers for one module (or part of it); remembers what it knows of functions.

    Valid as long as no function gains effects.
    """

    def __init__(self) -> None:
        self._functions: dict[Operation, bool] = {}
        self._symbols: dict[str, Operation] | None = None

    def is_pure(self, operation: Operation) -> bool:
        """Whether it has no effects: may be erased when unused and merged with an equal one."""
        if operation.has_trait(PURE):
            return True
        if operation.has_trait(RECURSIVE):
            return all(self._inner_pure(op) for region in operation.regions for op in _ops(region))
        if operation.has_trait(CALL):
            callee = self.callee(operation)
            return callee is not None and self._function_pure(callee)
        return False

    def is_removable(self, operation: Operation) -> bool:
        """Whether it may be erased when nobody uses its results: pure, or only reading."""
        return operation.has_trait(READS) or self.is_pure(operation)

    def callee(self, operation: Operation) -> Operation | None:
        """The function that a call names, None when it is not to be found."""
        name = operation.get("callee")
        if not isinstance(name, str):
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

    def _inner_pure(self, operation: Operation) -> bool:
        return operation.has_trait(TERMINATOR) or self.is_pure(operation)

    @analysis("Effects")
    def _function_pure(self, function: Operation) -> bool:
        known = self._functions.get(function)
        if known is None:
            self._functions[function] = False  # while looking: recursion is taken to have effects
            body = [op for region in function.regions for op in _ops(region)]
            known = bool(body) and all(map(self._inner_pure, body))
            self._functions[function] = known
        return known


def _ops(region: object) -> list[Operation]:
    return [operation for block in region.blocks for operation in block]


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
