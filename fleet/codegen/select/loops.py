"""Counted loops: over one iteration at a time, and in strips.

In: `loop.for`. Out: blocks around the body's. The one idea: loops are tested at the bottom, and
carry what the body says it wants to be carried: iteration arguments and pointers (see
`address.py`). A vector loop counts down what remains, since that is what `vsetvli` asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fleet.codegen.select.address import Addresses, Pointer
from fleet.codegen.select.control import Conditions, place
from fleet.codegen.select.countdown import CountedLoop, easiest
from fleet.codegen.select.polynomial import Polynomial
from fleet.codegen.select.selection import Selection, fits, register_type, unsupported, vtype_for
from fleet.codegen.select.tails import keep_tail
from fleet.codegen.select.vector import Vectors, is_vector
from fleet.dialects import loop, rv
from fleet.ir.core import Block, Operation, Value

STRIP_WIDTHS = (32, 64, 16, 8)
"""Element widths for a strip's vsetvli in order of preference; `insert-vsetvli` may change it."""


class Kernel(Protocol):
    """What selects the operations inside. left: where `loop.leave` goes."""

    s: Selection
    addresses: Addresses
    vectors: Vectors
    conditions: Conditions
    counted: list[CountedLoop]
    left: Block | None

    def _block(self, block: Block) -> None: ...


def select_for(kernel: Kernel, nest: Operation) -> None:
    """Guard, what precedes the loop, the loop, and what follows."""
    selection, addresses = kernel.s, kernel.addresses
    in_strips = nest.get("kind") == "vector"
    if in_strips and nest.get("step") != 1:
        raise unsupported(nest, "a vector loop's step is 1")
    lower, upper = map(addresses.polynomial, nest.operands[:2])
    trips = upper - lower
    inits = [register(kernel, value) for value in nest.operands[2:]]
    if trips.known is not None and trips.known <= 0:
        _results(kernel, nest, inits)
        return
    head, again, done = (selection.block() for _ in range(3))
    leaves = any(op.definition is loop.leave for op in nest.body)
    if leaves:  # loops inside it have none
        kernel.left = selection.block()
    guarded = trips.known is None
    if guarded:
        before, skip = selection.block(), selection.block()
        _guard(kernel, lower, upper, before, skip)
        place(selection, before)
        selection.enter(before)
    saved_vl = selection.vl
    with selection.scope():
        if in_strips:
            nexts, found = _strips(kernel, nest, trips, inits, head, again, done)
        else:
            nexts = _serial(kernel, nest, lower, upper, inits, head, again, done)
    selection.vl = saved_vl
    place(selection, again, done)
    selection.enter(done)
    if not guarded and not leaves:
        _results(kernel, nest, nexts)
        return
    after = selection.block()
    results = [after.add_argument(register_type(r.type), r.hint) for r in nest.results]
    selection.jump(after, nexts)
    if leaves:
        place(selection, kernel.left)
        selection.enter(kernel.left)
        selection.jump(after, found)
    if guarded:
        place(selection, skip)
        selection.enter(skip)
        selection.jump(after, inits)
    place(selection, after)
    selection.enter(after)
    _results(kernel, nest, results)


def register(kernel: Kernel, value: Value) -> Value:
    return kernel.vectors.vector(value) if is_vector(value.type) else kernel.s.get(value)


def _results(kernel: Kernel, nest: Operation, registers: Sequence[Value]) -> None:
    for result, register in zip(nest.results, registers, strict=True):
        kernel.s.set(result, register)


def _guard(
    kernel: Kernel, lower: Polynomial, upper: Polynomial, before: Block, skip: Block
) -> None:
    """Skip a loop without iterations."""
    selection = kernel.s
    low, high = kernel.addresses.evaluate(lower), kernel.addresses.evaluate(upper)
    selection.branch("bge", low, high, skip, before)


def _carry(
    kernel: Kernel, nest: Operation, head: Block, first: Value, inits: list[Value]
) -> tuple[list[Value], list[Value]]:
    """Open the loop's head with all that it carries: counter, pointers, arguments.

    The registers of pointers and of iteration arguments in the loop.
    """
    selection, addresses = kernel.s, kernel.addresses
    addresses.prepare(nest)
    pointers = addresses.pointers_in(nest)
    starts = [_start(kernel, nest, pointer) for pointer in pointers]
    arguments = nest.body.arguments[len(nest.body.arguments) - len(inits) :]
    head.add_argument(rv.X, nest.body.arguments[0].hint)
    for pointer in pointers:
        head.add_argument(rv.X, pointer.base.hint)
    for argument in arguments:
        taken = head.add_argument(register_type(argument.type), argument.hint)
        selection.set(argument, taken)
    selection.jump(head, [first, *starts, *inits])
    place(selection, head)
    selection.enter(head)
    selection.label(nest.body.arguments[0].hint or "loop")
    inner = head.arguments[1 : 1 + len(pointers)]
    addresses.carried.append(dict(zip(pointers, inner, strict=True)))
    addresses.variables.append(addresses.variable(nest))
    return list(inner), [selection.get(argument) for argument in arguments]


def _start(kernel: Kernel, nest: Operation, pointer: Pointer) -> Value:
    """The pointer's value in the first iteration."""
    addresses = kernel.addresses
    variable = addresses.variable(nest)
    step = pointer.distance.step(variable)
    outer = pointer.distance - pointer.distance.even(variable)
    lower = addresses.polynomial(nest.operand(0))
    return addresses.resolve(Pointer(pointer.base, outer + step * lower))


def _body(kernel: Kernel, nest: Operation) -> list[Value]:
    """Select the body; the registers of what it yields."""
    kernel._block(nest.body)
    return [register(kernel, value) for value in nest.body.terminator.operands]


def _serial(
    kernel: Kernel, nest: Operation, lower: Polynomial, upper: Polynomial, inits: list[Value],
    head: Block, again: Block, done: Block,
) -> list[Value]:  # fmt: skip
    """A counted loop over one iteration at a time."""
    selection, addresses = kernel.s, kernel.addresses
    variable, step = nest.body.arguments[0], nest.get("step")
    first, limit = addresses.evaluate(lower), addresses.evaluate(upper)
    steps = [each.scaled(step) for each in _pointer_steps(kernel, nest)]
    fastest = easiest([each.known for each in steps])
    trips, distance = upper - lower, None
    if fastest is not None and step == 1 and trips.known is None:
        distance = addresses.evaluate(trips * steps[fastest])
    pointers, _ = _carry(kernel, nest, head, first, inits)
    counter = head.arguments[0]
    selection.set(variable, counter)
    nexts = _body(kernel, nest)
    selection.builder.location = nest.location
    moved = [_advanced(kernel, p, each) for p, each in zip(pointers, steps, strict=True)]
    following = _plus(kernel, counter, step)
    selection.branch("blt", following, limit, again, done)
    test = selection.builder.block.terminator
    selection.enter(again)
    selection.jump(head, [following, *moved, *nexts])
    kernel.addresses.leave()
    if fastest is not None:
        pointer = head.arguments[1 + fastest], steps[fastest].known
        kernel.counted.append(
            CountedLoop(
                counter, test, again.terminator, first, limit, step, trips.known, pointer,
                distance,
            )  # fmt: skip
        )
    return nexts


def _pointer_steps(kernel: Kernel, nest: Operation) -> list[Polynomial]:
    """By how much each pointer grows with the loop's variable; registers are made ready."""
    variable = kernel.addresses.variable(nest)
    steps = [p.distance.step(variable) for p in kernel.addresses.pointers_in(nest)]
    for step in steps:
        whole = step.scaled(nest.get("step"))
        if whole.known is None or not fits(whole.known):
            kernel.addresses.evaluate(whole)
    return steps


def _advanced(kernel: Kernel, register: Value, step: Polynomial) -> Value:
    if step.known is not None:
        return _plus(kernel, register, step.known)
    return kernel.s.x("add", register, kernel.addresses.evaluate(step))


def _plus(kernel: Kernel, register: Value, constant: int) -> Value:
    if fits(constant):
        return kernel.s.x("addi", register, imm=constant)
    return kernel.s.x("add", register, kernel.s.integer(constant))


def _strips(
    kernel: Kernel, nest: Operation, trips: Polynomial, inits: list[Value],
    head: Block, again: Block, done: Block,
) -> tuple[list[Value], list[Value]]:  # fmt: skip
    """A vector loop: strips of as many iterations as the machine takes. What the last one gives,
    and what a strip finds."""
    selection, addresses = kernel.s, kernel.addresses
    lanes = nest.get("lanes")
    if not isinstance(lanes, int):
        raise unsupported(nest, "a vector loop says how many lanes it has")
    first = addresses.evaluate(trips)
    steps = _pointer_steps(kernel, nest)
    pointers, accumulators = _carry(kernel, nest, head, first, inits)
    remaining = head.arguments[0]
    width = next(w for w in STRIP_WIDTHS if 8 <= lanes * w <= 512)
    vl = selection.x("vsetvli", remaining, vtype=vtype_for(lanes, width) + ",ta,ma")
    selection.vl = vl
    variable, length = nest.body.arguments[:2]
    selection.set(length, vl)
    limit = nest.operand(1)
    selection.lazy[variable] = lambda: selection.x("sub", selection.get(limit), remaining)
    nexts = _body(kernel, nest)
    selection.builder.location = nest.location
    nexts = [
        keep_tail(selection, value, old, argument.type)
        for value, old, argument in zip(
            nexts, accumulators, nest.body.arguments[2:], strict=True
        )
    ]
    rest = selection.x("sub", remaining, vl)
    moved = [
        selection.x("add", pointer, _strip_bytes(kernel, vl, step))
        for pointer, step in zip(pointers, steps, strict=True)
    ]
    selection.branch("bne", rest, selection.zero, again, done)
    selection.enter(again)
    selection.jump(head, [rest, *moved, *nexts])
    kernel.addresses.leave()
    return nexts, accumulators


def _strip_bytes(kernel: Kernel, vl: Value, step: Polynomial) -> Value:
    """By how much a pointer grows over a strip."""
    selection = kernel.s
    key = ("strip", vl, step)
    found = selection.remembered(key)
    if found is None:
        if step.known is not None:
            found = kernel.addresses.scaled(vl, step.known)
        else:
            found = selection.x("mul", vl, kernel.addresses.evaluate(step))
        selection.remember(key, found)
    return found


def select_leave(kernel: Kernel, op: Operation) -> None:
    selection, going_on = kernel.s, kernel.s.block()
    assert kernel.left is not None
    kernel.conditions.branch(kernel, op.operand(0), kernel.left, going_on)
    place(selection, going_on)
    selection.enter(going_on)
