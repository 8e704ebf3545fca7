"""Loads and stores that the loop passes have never heard of: their declarations are enough.

`toy.peek` and `toy.poke` are `loop.load` and `loop.store` under other names, their operands in
another order, with an attribute of their own. What the passes make of a kernel of these must be
what they make of the kernel as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from linalg_kernels import LOOP_PASSES, RandomKernel, lowered

from fleet.dialects import loop
from fleet.ir.attributes import IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation
from fleet.ir.definition import DIALECTS, Dialect, OpDef
from fleet.ir.interfaces import MemoryAccess, MemoryEffects
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager


@pytest.fixture
def toy() -> Iterator[dict[OpDef, OpDef]]:
    """The new operations, by those that they are like."""
    dialect = Dialect("toy")
    peek = dialect.op(
        "peek",
        "subscripts: Integer*, from: MemRef -> result: Any",
        attributes="map: Map, seen: Integer",
        interfaces=[
            MemoryEffects(reads=("from",)),
            MemoryAccess(buffer="from", indices="subscripts"),
        ],
    )
    poke = dialect.op(
        "poke",
        "into: MemRef, what: Any, subscripts: Integer*",
        attributes="map: Map, seen: Integer",
        interfaces=[
            MemoryEffects(writes=("into",)),
            MemoryAccess(buffer="into", indices="subscripts", stored="what"),
        ],
    )
    yield {loop.load: peek, loop.store: poke}
    del DIALECTS["toy"]


def renamed(module: Operation, twins: dict[OpDef, OpDef]) -> int:
    """Put each access's twin in its place. How many there were."""
    number = 0
    for op in list(module.walk()):
        twin = twins.get(op.definition)
        if twin is None:
            continue
        old, new = MemoryAccess.of(op), twin.interfaces[MemoryAccess]
        memref, _, indices = old.place(op)
        given = {new.buffer: memref, new.indices: indices}
        if new.stored:
            given[new.stored] = old.element(op)
        attributes = {"map": op.attributes["map"]}
        if "seen" in twin.attributes:
            attributes["seen"] = IntegerAttr(7)
        else:
            assert op.get("seen") == 7
        types = [result.type for result in op.results]
        slots = [given[slot.name] for slot in twin.operands]
        made = Builder.before(op).create(twin, *slots, types=types, **attributes)
        for result, old_result in zip(made.results, op.results, strict=True):
            result.hint = old_result.hint
        op.replace_with(made.results)
        number += 1
    return number


@pytest.mark.parametrize("seed", range(400, 412))
def test_passes_do_with_new_accesses_what_they_do_with_loads_and_stores(
    toy: dict[OpDef, OpDef], seed: int
) -> None:
    passes = LOOP_PASSES[:5]
    text = RandomKernel(seed).text
    plain, twin = lowered(text), lowered(text)
    assert renamed(twin, toy)
    for name in passes:
        PassManager([name]).run(plain)
        PassManager([name]).run(twin)
        back = parse_module(print_op(twin))
        assert not any(op.definition in toy for op in back.walk())
        assert renamed(back, {new: old for old, new in toy.items()})
        assert print_op(back) == print_op(parse_module(print_op(plain))), name
