"""`dce`: dead code elimination by marking, through loops and branches.

In: any IR. Out: the same without operations, loop-carried values, branch results and so on that no
effect depends on. The one idea: an `scf` operation is not live or dead as a whole; each position of
its results is, together with the value yielded to it and the iteration argument it feeds. So a
variable that a loop updates for itself alone disappears, which plain use counts cannot see. A
`while` stays even when nothing uses its results: it may never end, and then nothing after it runs.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.ir.core import BlockArgument, Operation, OpResult, Region, Value
from fleet.ir.definition import ISOLATED, TERMINATOR
from fleet.ir.effects import Effects
from fleet.ir.passes import register_pass
from fleet.ir.watch import count

_BY_POSITION = ("scf.for", "scf.if", "scf.while")
_ENDING = ("scf.for", "scf.if")
_TERMINATORS = ("scf.yield", "scf.condition")


@register_pass("dce", "erase what no effect depends on, loop-carried values included")
def run(module: Operation) -> None:
    """Mark from effects backwards, then sweep."""
    marker = _Marker()
    for region in module.regions:
        marker.roots(region)
    marker.propagate()
    for operation in module.walk():
        if operation in marker.operations and _by_position(operation):
            _forget(operation, marker)
    for region in module.regions:
        _sweep(region, marker)


class _Marker:
    def __init__(self) -> None:
        self.effects = Effects()
        self.operations: dict[Operation, None] = {}
        self.values: dict[Value, None] = {}
        self.pending: list[Value] = []

    def roots(self, region: Region) -> None:
        """Mark operations that have effects of their own, at any depth."""
        for block in region.blocks:
            for operation in block:
                for inner in operation.regions:
                    self.roots(inner)
                selective = operation.name in _TERMINATORS and _by_position(operation.parent_op)
                if operation.has_trait(TERMINATOR) or operation.successors:
                    # Terminators of pure operations live and die with these.
                    if not selective and operation.parent_op.has_trait(ISOLATED):
                        self.operation(operation)
                elif operation.has_trait(ISOLATED) or not self._removable(operation):
                    self.operation(operation)

    def _removable(self, operation: Operation) -> bool:
        return operation.name in _ENDING or self.effects.is_removable(operation)

    def operation(self, operation: Operation | None) -> None:
        """Mark an operation and what it needs whatever becomes of its results."""
        if operation is None or operation in self.operations:
            return
        self.operations[operation] = None
        self.operation(operation.parent_op)
        if not _by_position(operation):
            for operand in operation.operands:
                self.value(operand)
            for region in operation.regions:
                for block in region.blocks:
                    # All control flow inside stays, so that every block keeps its terminator.
                    if block.last is not None:
                        self.operation(block.last)
            return
        controls = {"scf.for": 3, "scf.if": 1, "scf.while": 0}[operation.name]
        for operand in operation.operands[:controls]:
            self.value(operand)
        for region in operation.regions:
            if region.blocks and region.blocks[0].last is not None:
                last = region.blocks[0].last
                self.operations[last] = None
                if last.name == "scf.condition":
                    self.value(last.operand(0))

    def value(self, value: Value) -> None:
        if value not in self.values:
            self.values[value] = None
            self.pending.append(value)

    def propagate(self) -> None:
        while self.pending:
            value = self.pending.pop()
            if isinstance(value, OpResult):
                operation, number, inside = value.operation, value.number, False
            elif isinstance(value, BlockArgument):
                operation, number, inside = value.block.parent_op, value.number, True
            else:
                continue
            if operation is None:
                continue
            self.operation(operation)
            if _by_position(operation):
                region = value.block.parent if inside else None
                for needed in _needed(operation, number, region):
                    self.value(needed)


def _by_position(operation: Operation | None) -> bool:
    return operation is not None and operation.name in _BY_POSITION


def _needed(operation: Operation, number: int, region: Region | None) -> Sequence[Value]:
    """What a live result (region None), or a live argument of a region's block, depends on."""
    match operation.name:
        case "scf.if":
            return [r.block.terminator.operand(number) for r in operation.regions if r.blocks]
        case "scf.for":
            position = number if region is None else number - 1
            if position < 0:
                return ()
            body = operation.body
            return operation.operand(3 + position), body.terminator.operand(position)
        case _:
            before, after = (region.block for region in operation.regions)
            if region is operation.regions[0]:
                return operation.operand(number), after.terminator.operand(number)
            return (before.terminator.operand(1 + number),)


def _forget(operation: Operation, marker: _Marker) -> None:
    """Take dead positions out of what an scf operation and its terminators use.

    This comes first for all of them: then only dead operations still use what is swept.
    """
    results, arguments = _alive(operation, marker)
    match operation.name:
        case "scf.if":
            for region in operation.regions:
                if region.blocks:
                    _keep_operands(region.block.terminator, 0, results)
        case "scf.for":
            _keep_operands(operation.body.terminator, 0, results)
            _keep_operands(operation, 3, results)
        case _:
            before, after = (region.block for region in operation.regions)
            _keep_operands(before.terminator, 1, results)
            _keep_operands(after.terminator, 0, arguments)
            _keep_operands(operation, 0, arguments)


def _alive(operation: Operation, marker: _Marker) -> tuple[list[bool], list[bool]]:
    """Which results of an scf operation stay, and (of `scf.while`) which initial values."""
    results = [result in marker.values for result in operation.results]
    if operation.name == "scf.if":
        return results, []
    last = operation.regions[-1].block
    carried = last.arguments[1:] if operation.name == "scf.for" else last.arguments
    pairs = zip(results, carried, strict=True)
    results = [alive or argument in marker.values for alive, argument in pairs]
    return results, [argument in marker.values for argument in operation.body.arguments]


def _sweep(region: Region, marker: _Marker) -> None:
    for block in region.blocks:
        for operation in reversed(block):
            if operation not in marker.operations:
                for result in operation.results:
                    for user, _ in list(result.uses):
                        user.drop_references()
                operation.erase()
                count("operations erased")
                continue
            if _by_position(operation):
                _shrink(operation, marker)
            for inner in operation.regions:
                _sweep(inner, marker)


def _shrink(operation: Operation, marker: _Marker) -> None:
    """Take the dead results and block arguments away from an scf operation."""
    results, arguments = _alive(operation, marker)
    match operation.name:
        case "scf.for":
            _keep_arguments(operation.body.arguments, 1, results)
        case "scf.while":
            _keep_arguments(operation.regions[1].block.arguments, 0, results)
            _keep_arguments(operation.regions[0].block.arguments, 0, arguments)
    for result, keep in zip(operation.results, results, strict=True):
        if not keep:
            for user, _ in list(result.uses):
                user.drop_references()
    count("carried values dropped", results.count(False))
    operation.results = [r for r, keep in zip(operation.results, results, strict=True) if keep]
    for number, result in enumerate(operation.results):
        result.number = number


def _keep_operands(operation: Operation, first: int, kept: Sequence[bool]) -> None:
    operands = operation.operands
    later = [value for value, keep in zip(operands[first:], kept, strict=True) if keep]
    operation.operands = [*operands[:first], *later]


def _keep_arguments(arguments: list[BlockArgument], first: int, kept: Sequence[bool]) -> None:
    block = arguments[0].block if arguments else None
    for number in reversed(range(len(kept))):
        if not kept[number]:
            argument = arguments[first + number]
            for user, _ in list(argument.uses):
                user.drop_references()
            block.erase_argument(first + number)
