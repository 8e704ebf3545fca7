"""Names of SSA values as MLIR gives them: `%arg0`, `%0`, `%c1_i64`, `%extracted_slice`.

In: an operation. Out: a name for every value inside it. The one idea is MLIR's order (AsmPrinter,
SSANameState): all values of a region before those of the regions inside it, and every region
counting on from where the one around it stood, so that siblings use the same numbers; in the
generic form numbers are not used twice, and the last region comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fleet.ir.attributes import DenseAttr, FloatAttr, IntegerAttr
from fleet.ir.core import Operation, Region, Value
from fleet.ir.types import IndexType, i1

RESULT_NAMES = {
    "tensor.cast": "cast", "tensor.dim": "dim", "tensor.extract": "extracted",
    "tensor.extract_slice": "extracted_slice", "tensor.insert": "inserted",
    "tensor.insert_slice": "inserted_slice", "tensor.from_elements": "from_elements",
    "tensor.generate": "generated", "tensor.reshape": "reshape", "tensor.pad": "padded",
    "tensor.collapse_shape": "collapsed", "tensor.expand_shape": "expanded",
    "tensor.splat": "splat", "tensor.rank": "rank", "tensor.gather": "gather",
    "tensor.concat": "concat",
}  # fmt: skip
"""What MLIR's operations suggest for their only result."""


def constant_hint(operation: Operation) -> str | None:
    """`c4`, `c4_i32`, `true`, `cst`: names for constants that have none."""
    if operation.name != "arith.constant":
        return None
    match operation.attributes.get("value"):
        case IntegerAttr(value, type) if type == i1:
            return "true" if value else "false"
        case IntegerAttr(value, type):
            return f"c{value}" if isinstance(type, IndexType) else f"c{value}_{type}"
        case FloatAttr() | DenseAttr():
            return "cst"
    return None


@dataclass
class _Counters:
    """The next number of a value, of an argument, and of a name that was taken."""

    value: int = 0
    argument: int = 0
    conflict: int = 0


@dataclass
class _Scope:
    """Names taken in a region and those around it."""

    outer: _Scope | None
    names: set[str] = field(default_factory=set)

    def has(self, name: str) -> bool:
        scope: _Scope | None = self
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.outer
        return False


class _Numbering:
    def __init__(self, generic: bool) -> None:
        self.generic = generic
        self.names: dict[Value, str] = {}
        self.counters = _Counters()

    def run(self, operation: Operation) -> None:
        top = _Scope(None)
        self._results(operation, top)
        pending = [(region, _Counters(**vars(self.counters)), top) for region in operation.regions]
        while pending:
            region, counters, outer = pending.pop()
            if not self.generic:
                self.counters = _Counters(**vars(counters))
            scope = _Scope(outer)
            self._region(region, scope)
            for block in region.blocks:
                for inner in block:
                    pending += [
                        (nested, _Counters(**vars(self.counters)), scope)
                        for nested in inner.regions
                    ]

    def _region(self, region: Region, scope: _Scope) -> None:
        suggested = () if self.generic else self._argument_names(region)
        for number, block in enumerate(region.blocks):
            for position, argument in enumerate(block.arguments):
                if number:
                    self._number(argument)
                elif position < len(suggested):
                    self.names[argument] = self._unique(suggested[position], scope)
                else:
                    name = f"arg{self.counters.argument}"
                    self.counters.argument += 1
                    self.names[argument] = self._unique(name, scope)
            for operation in block:
                self._results(operation, scope)

    def _argument_names(self, region: Region) -> tuple[str, ...]:
        """`in` and `out` for what a structured operation computes with."""
        holder = region.parent
        if holder is None or not holder.name.startswith("linalg.") or holder.definition is None:
            return ()
        inputs, outputs = holder.definition.segments(holder)[:2]
        return ("in",) * len(inputs) + ("out",) * len(outputs)

    def _results(self, operation: Operation, scope: _Scope) -> None:
        results = operation.results
        if not results:
            return
        hint = None
        if not self.generic:
            hint = constant_hint(operation) or RESULT_NAMES.get(operation.name)
        if hint is not None and len(results) == 1:
            self.names[results[0]] = self._unique(hint, scope)
            return
        self._number(results[0])
        if len(results) > 1:
            group = self.names[results[0]]
            for result in results:
                self.names[result] = f"{group}#{result.number}"

    def _number(self, value: Value) -> None:
        self.names[value] = f"%{self.counters.value}"
        self.counters.value += 1

    def _unique(self, name: str, scope: _Scope) -> str:
        chosen = name
        while scope.has(chosen):
            chosen = f"{name}_{self.counters.conflict}"
            self.counters.conflict += 1
        scope.names.add(chosen)
        return f"%{chosen}"


def numbered(operation: Operation, generic: bool = False) -> dict[Value, str]:
    """MLIR's names for the values of an operation and of all inside it."""
    numbering = _Numbering(generic)
    numbering.run(operation)
    return numbering.names
