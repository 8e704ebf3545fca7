"""Elements of arrays that a loop reads and writes again and again, in registers.

    for j in range(n):               e = a[i]
        a[i] += b[j]         →       for j in range(n):
                                         e += b[j]
                                     a[i] = e

In: an ordered kernel. Out: loops that carry such an element and store it at their end. The one
idea: if all that a loop touches of a buffer is one place that it does not move, nobody else can
tell when it is written, unless the loop leaves the kernel in between. Whether the place is there
at all may be known by a branch in the loop only, so it is asked before and after. (Allen and
Kennedy, chapter 8: scalar replacement.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.codegen.loops.in_bounds import ask, is_in_bounds
from fleet.codegen.loops.nests import buffer_of, constant, is_inside, is_loop
from fleet.dialects import loop
from fleet.dialects.loop.access import Access, is_access, is_load, is_store, stored_value
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import OpDef
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.watch import count, may_apply

_LEAVING = (loop.exit_, loop.leave)


def promote(kernel: Operation) -> None:
    """Inner loops first: what they store at their end the loop around them may carry on."""
    _promote(kernel, (*_LEAVING, loop.while_), is_loop)
    _promote(kernel, _LEAVING, lambda op: op.definition is loop.while_)


def promote_in_strip(nest: Operation) -> None:
    """The same for `while` loops inside a loop that is to run in strips, also where they check:
    a strip where one fails is left before it stores."""
    _promote(nest, (), lambda op: op.definition is loop.while_)


def _promote(
    around: Operation, leaving: Sequence[OpDef], which: Callable[[Operation], bool]
) -> None:
    loops = [op for op in around.walk() if op is not around and op.regions and which(op)]
    for op in loops[::-1]:
        for access in _fixed(op, leaving):
            if may_apply():
                with rewriting("an element that a loop updates is in a register", op):
                    op = _carry(op, access)
                count("elements in registers")


def _fixed(op: Operation, leaving: Sequence[OpDef]) -> list[Access]:
    """The places that a loop stores to and that are all it touches of their buffers."""
    if any(inner.definition in leaving for inner in op.walk()):
        return []
    touched: dict[Value, list[Access]] = {}
    stored: dict[Value, None] = {}  # in order, so that a program is built alike each time
    for inner in op.walk():
        if is_access(inner):
            access = Access.of(inner)
            touched.setdefault(buffer_of(access.memref), []).append(access)
            if is_store(inner):
                stored[buffer_of(access.memref)] = None
    found = []
    for buffer in stored:
        first, *others = touched[buffer]
        moving = any(is_inside(v, op) for v in (first.memref, *first.operands))
        if not moving and all(other == first for other in others):
            found.append(first)
    return found


def _carry(op: Operation, access: Access) -> Operation:
    before = Builder.before(op)
    certain = is_in_bounds(access)
    holds = None if certain else ask(access, before)
    element = access.memref.type.element
    if holds is None:
        begun = access.load(before, element)
    else:
        made = branch(before, holds, [element])
        there, absent = (Builder(region.block, location=op.location) for region in made.regions)
        there.create(loop.yield_, access.load(there, element))
        absent.create(loop.yield_, constant(absent, 0, element))
        (begun,) = made.results
    buffer = buffer_of(access.memref)
    carried = _threaded(op, buffer, begun)
    after = Builder.after(carried)
    after.location = op.location
    if holds is None:
        access.store(after, carried.results[-1])
    else:
        made = branch(after, holds, [])
        there, absent = (Builder(region.block, location=op.location) for region in made.regions)
        access.store(there, carried.results[-1])
        there.create(loop.yield_, [])
        absent.create(loop.yield_, [])
    return carried


def branch(builder: Builder, condition: Value, types: Sequence[object]) -> Operation:
    regions = [Region([Block()]), Region([Block()])]
    return builder.create(loop.if_, condition, types=types, regions=regions)


def with_argument(op: Operation, init: Value) -> Operation:
    """The loop with one more iteration argument, which its body does not yield yet."""
    lower, upper, *inits = op.operands
    made = loop.for_loop(
        Builder.before(op), lower, upper, [*inits, init], kind=op.get("kind"),
        step=op.get("step"), lanes=op.get("lanes"), iterator=op.get("iterator"),
    )  # fmt: skip
    made.location = op.location
    _move(op.body, made.body)
    op.replace_with(made.results[:-1])
    return made


def _move(old: Block, new: Block) -> None:
    """Operations into a block that has one more argument."""
    for argument, other in zip(old.arguments, new.arguments, strict=False):
        other.hint = argument.hint
        argument.replace_all_uses_with(other)
    for inner in list(old):
        new.append(inner.detach())


def _thread(block: Block, buffer: Value, current: Value) -> Value:
    """Take loads and stores of a buffer's only element out of a block; its value at the end."""
    for op in list(block):
        if is_access(op) and buffer_of(Access.of(op).memref) is buffer:
            if is_load(op):
                op.replace_with([current])
            else:
                current = stored_value(op)
                op.erase()
        elif op.regions and _touches(op, buffer):
            if is_loop(op) or op.definition is loop.while_:
                current = _threaded(op, buffer, current).results[-1]
            else:
                current = _thread_branch(op, buffer, current)
    return current


def _touches(op: Operation, buffer: Value) -> bool:
    return any(
        is_access(inner) and buffer_of(Access.of(inner).memref) is buffer for inner in op.walk()
    )


def _threaded(op: Operation, buffer: Value, current: Value) -> Operation:
    """The loop carrying a buffer's only element, which is its last result."""
    if op.definition is loop.while_:
        made = _with_argument_in_both(op, current)
        blocks = [region.block for region in made.regions]
    else:
        made = with_argument(op, current)
        blocks = [made.body]
    for block in blocks:
        end = _thread(block, buffer, block.arguments[-1])
        block.terminator.operands = [*block.terminator.operands, end]
    return made


def _with_argument_in_both(op: Operation, init: Value) -> Operation:
    """The `while` loop with one more value, which its regions do not hand on yet."""
    types = [*(result.type for result in op.results), init.type]
    arguments = [[*(v.type for v in region.block.arguments), init.type] for region in op.regions]
    regions = [Region([Block(each)]) for each in arguments]
    inits = [*op.operands, init]
    made = Builder.before(op).insert(loop.while_(inits, types=types, regions=regions))
    made.location = op.location
    for old, new in zip(op.regions, regions, strict=True):
        _move(old.block, new.block)
    op.replace_with(made.results[:-1])
    return made


def _thread_branch(op: Operation, buffer: Value, current: Value) -> Value:
    ends = []
    for region in op.regions:
        if not region.blocks:
            Builder(region.add_block(), location=op.location).create(loop.yield_, [])
        ends.append(_thread(region.block, buffer, current))
    if all(end is current for end in ends):
        return current
    for region, end in zip(op.regions, ends, strict=True):
        last = region.block.terminator
        last.operands = [*last.operands, end]
    types = [*(result.type for result in op.results), current.type]
    made = Operation(
        op.name, op.operands, types, op.attributes, location=op.location,
        definition=op.definition,
    )  # fmt: skip
    op.parent.insert_before(op, made)
    for region in list(op.regions):
        op.regions.remove(region)
        region.parent = None
        made.add_region(region)
    op.replace_with(made.results[:-1])
    return made.results[-1]
