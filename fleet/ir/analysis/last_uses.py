"""Where values are used for the last time, so that an executor need not keep them any longer.

In: blocks. Out: what may be forgotten after which operation. The one idea: an array that is about
to be forgotten can be changed in place, and then a loop that sets one element at a time takes a
step for each, and not a copy of the array.
"""

from __future__ import annotations

from fleet.ir.core import Block, BlockArgument, Operation, Value


class LastUses:
    """Answers for blocks that do not change meanwhile; it remembers them."""

    def __init__(self) -> None:
        self._last: dict[Block, dict[Value, Operation]] = {}
        self._ending: dict[Block, dict[Operation, list[Value]]] = {}

    def ending(self, block: Block) -> dict[Operation, list[Value]]:
        """For an operation of a block the block's own values that nothing uses after it.

        None in a region of several blocks, which may use one another's.
        """
        found = self._ending.get(block)
        if found is None:
            self._look_through(block)
            found = self._ending[block]
        return found

    def _look_through(self, block: Block) -> None:
        """Find what ends in a block and in all inside it, at once: of each block, the operation
        that the walk is at is the one that holds whatever the walk meets."""
        present: dict[Block, Operation] = {}
        last: dict[Value, Operation] = {}
        for operation in block:
            for inner in operation.walk():
                present[inner.parent] = inner
                for operand in inner.operands:
                    home = present.get(_home(operand))
                    if home is not None:
                        last[operand] = home
        self._ending |= {each: {} for each in (block, *present)}
        for value, operation in last.items():
            if _stands_alone(operation.parent):
                self._ending[operation.parent].setdefault(operation, []).append(value)

    def is_last(self, value: Value, operation: Operation) -> bool:
        """Whether nothing uses the value once the operation has run.

        Between the two there may only be branches: through a loop one comes here again.
        """
        home = _home(value)
        if home is None or not _stands_alone(home):
            return False
        while self._last_in(operation.parent)[value] is operation:
            if operation.parent is home:
                return True
            operation = operation.parent_op
            if operation is None or operation.name != "scf.if":
                return False
        return False

    def _last_in(self, block: Block) -> dict[Value, Operation]:
        """For each value that is used in a block, or deeper, the last to do so."""
        found = self._last.get(block)
        if found is None:
            found = self._last[block] = {}
            for operation in block:
                for inner in operation.walk():
                    for operand in inner.operands:
                        found[operand] = operation
        return found


def _home(value: Value) -> Block | None:
    """The block that defines a value."""
    return value.block if isinstance(value, BlockArgument) else value.owner.parent


def _stands_alone(block: Block) -> bool:
    return block.parent is None or len(block.parent.blocks) == 1
