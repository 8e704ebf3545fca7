"""Block arguments that are always the same value.

In: the blocks of a function. Out: for arguments that every branch gives the same value, or the
argument itself, that value. The one idea: say of all of them at first that they are, so that a
pointer which a loop hands around and back to itself is found, and take back what is wrong (Click,
1995).
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import vm
from fleet.ir.core import Block, Value

_ROUNDS = 100
"""After so many something is strange, and nothing is said."""


def same_values(blocks: Sequence[Block]) -> dict[Value, Value]:
    given = _given(blocks)
    found: dict[Value, Value | None] = dict.fromkeys(given)
    """The value, None as long as nothing is known, the argument itself where it is its own."""

    def known(value: Value) -> Value | None:
        while (following := found.get(value, value)) is not value:
            if following is None:
                return None
            value = following
        return value

    for _ in range(_ROUNDS):
        changed = False
        for argument, sources in given.items():
            before = found[argument]
            if before is argument:
                continue
            found[argument] = None  # so that a way back to it says nothing
            values = {known(source) for source in sources} - {None}
            found[argument] = None if not values else argument if len(values) > 1 else values.pop()
            changed = changed or found[argument] is not before
        if not changed:
            return {
                argument: value for argument in given
                if (value := known(argument)) is not None and value is not argument
            }  # fmt: skip
    return {}


def _given(blocks: Sequence[Block]) -> dict[Value, list[Value]]:
    """What branches give the arguments of all blocks but the first."""
    found: dict[Value, list[Value]] = {
        argument: [] for block in blocks[1:] for argument in block.arguments}
    for block in blocks:
        last = block.last
        if last is None or last.definition not in (vm.br, vm.cond_br):
            continue
        values = [last.operands] if last.definition is vm.br else (
            last.definition.segments(last)[1:])  # fmt: skip
        for target, sources in zip(last.successors, values, strict=True):
            for argument, source in zip(target.arguments, sources, strict=True):
                if argument in found:
                    found[argument].append(source)
    return found
