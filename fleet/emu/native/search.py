"""The search for a guest address in the table of regions, as host code.

The one idea: whoever looks a place up (stubs of instructions, Unicorn's questions about pages, the
translator) goes through the same dozen instructions of bisection.
"""

from __future__ import annotations

from fleet.emu import regions
from fleet.emu.native.x86 import R10, RAX, RSI, Code, Mem


def emit_search(c: Code, count: int, nowhere: str) -> None:
    """RSI an address, RAX the table's head: RAX is the last row that begins at or below it, or the
    first one; where there are no rows, goes on at the label `nowhere`.

    count: a register. Clobbers it and R10.
    """
    again, found = c.fresh(), c.fresh()
    c.load(count, Mem(RAX, regions.COUNT))
    c.load(RAX, Mem(RAX, regions.ROWS))
    c.test(count, count)
    c.jump_if("e", nowhere)
    c.label(again)  # it is one of `count` rows from RAX on
    c.arith_imm("cmp", count, 1)
    c.jump_if("e", found)
    c.load(R10, count)
    c.shift("shr", R10, 1)
    c.arith("sub", count, R10)
    c.shift("shl", R10, regions.ROW_BYTES.bit_length() - 1)
    c.arith("add", R10, RAX)
    c.arith("cmp", RSI, Mem(R10))
    c.cmov("ae", RAX, R10)
    c.jump(again)
    c.label(found)
