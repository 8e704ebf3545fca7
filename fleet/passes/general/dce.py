"""`dce`: dead code elimination by marking, through loops and branches.

In: any IR. Out: the same without operations, loop-carried values, branch results and so on that no
effect depends on. The one idea: an operation that says how values flow through its regions
(`RegionBranch`) is not live or dead as a whole; each of these flows is, with all the results and
arguments that it leads to. So a variable that a loop updates for itself alone disappears, which
plain use counts cannot see. A loop that may never end stays even when nothing uses its results:
nothing after it might run.
"""

from __future__ import annotations

from collections.abc import Iterator

from fleet.ir.analysis.effects import Effects
from fleet.ir.core import BlockArgument, Operation, OpResult, Region, Value
from fleet.ir.definition import ISOLATED, RECURSIVE, TERMINATOR, drop_operands
from fleet.ir.flow import RegionBranch, first_passed, flow_of
from fleet.ir.rewriting.journal import erasing, traced
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.watch import count, is_watched, may_apply


@register_pass("dce", "erase what no effect depends on, loop-carried values included")
def run(module: Operation) -> bool:
    """Mark from effects backwards, then sweep."""
    marker = _Marker()
    for region in module.regions:
        marker.roots(region)
    marker.propagate()
    if is_watched():
        _tell(module, marker)
    dead: dict[Operation, list[Value]] = {}
    with traced("nothing is carried for nobody", module, module):
        for operation in module.walk():
            if operation in marker.operations:
                branch = RegionBranch.of(operation) if operation.regions else None
                if branch is not None:
                    dead[operation] = _forget(operation, branch, marker)
    swept = [_sweep(region, marker, dead) for region in module.regions]
    return any(swept) or any(dead.values())


def _tell(module: Operation, marker: _Marker) -> None:
    """Tell what will be swept, users before what they use; what is to be left is marked, and what
    it needs with it."""
    for region in module.regions:
        for operation in list(_unmarked(region, marker)):
            if operation in marker.operations:
                continue
            if may_apply():
                erasing("unused", operation)
            else:
                marker.operation(operation)
                marker.propagate()


def _unmarked(region: Region, marker: _Marker) -> Iterator[Operation]:
    """The outermost operations that are not marked, in the order in which they are swept."""
    for block in region.blocks:
        for operation in reversed(block):
            if operation not in marker.operations:
                yield operation
                continue
            for inner in operation.regions:
                yield from _unmarked(inner, marker)


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
                if operation.has_trait(TERMINATOR) or operation.successors:
                    # Terminators of pure operations live and die with these.
                    holder = operation.parent_op
                    if RegionBranch.of(holder) is None and holder.has_trait(ISOLATED):
                        self.operation(operation)
                elif operation.has_trait(ISOLATED) or not self._removable(operation):
                    self.operation(operation)

    def _removable(self, operation: Operation) -> bool:
        """Whether the operation has no effects but of those inside, which are roots themselves."""
        return operation.has_trait(RECURSIVE) or self.effects.is_removable(operation)

    def operation(self, operation: Operation | None) -> None:
        """Mark an operation and what it needs whatever becomes of its results."""
        if operation is None or operation in self.operations:
            return
        self.operations[operation] = None
        self.operation(operation.parent_op)
        branch = RegionBranch.of(operation) if operation.regions else None
        passed = branch.passed(operation) if branch is not None else ()
        for number, operand in enumerate(operation.operands):
            if number not in passed:
                self.value(operand)
        for position, region in enumerate(operation.regions):
            for block in region.blocks:
                # All control flow inside stays, so that every block keeps its terminator.
                last = block.last
                if last is None:
                    continue
                if branch is None or last.successors or branch.is_asked(position):
                    self.operation(last)
                    continue
                self.operations[last] = None
                for operand in last.operands[: first_passed(last)]:
                    self.value(operand)

    def value(self, value: Value) -> None:
        if value not in self.values:
            self.values[value] = None
            self.pending.append(value)

    def propagate(self) -> None:
        while self.pending:
            value = self.pending.pop()
            if isinstance(value, OpResult):
                operation = value.operation
            elif isinstance(value, BlockArgument):
                operation = value.block.parent_op
            else:
                continue
            if operation is None:
                continue
            self.operation(operation)
            flow = flow_of(value) if operation.regions else None
            if flow is not None:
                for source in flow.sources:
                    self.value(source)


def _forget(operation: Operation, branch: RegionBranch, marker: _Marker) -> list[Value]:
    """Take dead flows out of what an operation and its terminators use; gives what they led to.

    This comes first for all of them: then only dead operations still use what is swept.
    """
    dead: list[Value] = []
    unused: dict[Operation, list[int]] = {}
    for flow in branch.flows(operation):
        if not any(value in marker.values for value in flow.values):
            dead += flow.values
            for user, number in flow.uses:
                unused.setdefault(user, []).append(number)
    for user, numbers in unused.items():
        drop_operands(user, numbers)
    return dead


def _sweep(region: Region, marker: _Marker, dead: dict[Operation, list[Value]]) -> bool:
    """Erase what is not marked; whether there was any."""
    found = False
    for block in region.blocks:
        for operation in reversed(block):
            if operation not in marker.operations:
                for result in operation.results:
                    _drop_users(result)
                operation.erase()
                found = True
                count("operations erased")
                continue
            if dead.get(operation):
                with traced("nothing is carried for nobody", operation):
                    _shrink(operation, dead[operation])
            for inner in operation.regions:
                found = _sweep(inner, marker, dead) or found
    return found


def _shrink(operation: Operation, dead: list[Value]) -> None:
    """Take dead results and block arguments away."""
    for value in reversed(dead):
        _drop_users(value)
        if isinstance(value, BlockArgument):
            value.block.erase_argument(value.number)
    gone = {value for value in dead if isinstance(value, OpResult)}
    count("carried values dropped", len(gone))
    if gone:
        operation.results = [result for result in operation.results if result not in gone]
        for number, result in enumerate(operation.results):
            result.number = number


def _drop_users(value: Value) -> None:
    for user, _ in list(value.uses):
        user.drop_references()
