"""Branches for `loop.if`, `loop.while`, `loop.exit` and `loop.doubt`.

In: structured control flow on scalars. Out: blocks of the function's control-flow graph. The ideas:
a comparison that only decides where to go is no value but a branch (`Conditions`); a while loop is
rotated, so that an iteration has one branch at its end and no jump; and what hardly ever runs (a
check that failed) stands behind the function's end, out of the loops.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from fleet.asm.isa.registers import CSRS
from fleet.codegen.select.address import Addresses
from fleet.codegen.select.scalar import SUFFIX, select_store
from fleet.codegen.select.selection import Selection, constant_of, register_type
from fleet.codegen.select.vector import Vectors, is_vector, select_any, vtype_of
from fleet.dialects import arith, loop, rv
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import PURE
from fleet.ir.flow import LoopLike
from fleet.ir.types import FloatType, i1, i64

MOST_COPIED = 48
"""Operations of a while loop's condition that may be there twice."""
INVALID = 16
"""The bit of fflags that says that there was no number to give."""


class Kernel(Protocol):
    """What selects the operations inside."""

    s: Selection
    addresses: Addresses
    vectors: Vectors
    conditions: Conditions
    rare: RareBlocks

    def _block(self, block: Block) -> None: ...


class Conditions:
    """Which values are branches, and the branches."""

    def __init__(self, selection: Selection) -> None:
        self.s = selection
        self.deferred: set[Value] = set()
        self.joined: set[Operation] = set()
        """`loop.if` that only say which way to go: selected where that is decided."""

    def analyse(self, kernel: Operation) -> None:
        """Find comparisons whose users are all branches, going from users to what they use."""
        for region in kernel.regions:
            for block in region.blocks:
                for op in reversed(list(block)):
                    self._analyse_operation(op)
                    self.analyse(op)

    def _analyse_operation(self, op: Operation) -> None:
        if op.name == "loop.if":
            if _decides(op) and self._is_tested(op.results[0]) and _stands_before(op):
                self.deferred.add(op.results[0])
                self.joined.add(op)
        elif _is_condition(op) and self._is_tested(op.results[0]):
            self.deferred.add(op.results[0])

    def _is_tested(self, value: Value) -> bool:
        return bool(value.uses) and all(
            (user.definition in loop.DECIDERS and number == 0)
            or (bool(user.results) and user.results[0] in self.deferred and not user.regions)
            or (user.definition is loop.yield_ and user.parent_op in self.joined)
            for user, number in value.uses
        )

    def branch(self, kernel: Kernel, value: Value, yes: Block, no: Block) -> None:
        """Go to one of two blocks, which take no arguments."""
        s = self.s
        known = constant_of(value)
        if known is not None:
            s.jump(yes if known else no)
            return
        op = value.owner
        if value not in self.deferred:
            s.branch("bne", s.get(value), s.zero, yes, no)
            return
        assert isinstance(op, Operation)
        if op in self.joined:
            self._through(kernel, op, yes, no)
            return
        match op.name:
            case "arith.cmpi":
                a, b = map(s.get, op.operands)
                s.branch(*_integer_branch(op, a, b), yes, no)
            case "arith.cmpf":
                self._float_branch(op, yes, no)
            case "arith.xori":
                self.branch(kernel, op.operand(0), no, yes)
            case "arith.andi":
                self._both(kernel, op.operands, yes, no)
            case "arith.ori":
                self._both(kernel, op.operands, no, yes, negated=True)

    def _both(
        self, kernel: Kernel, values: Sequence[Value], yes: Block, no: Block, negated: bool = False
    ) -> None:
        """To `yes` if both hold (negated: if both do not)."""
        middle = self.s.block()
        first, second = values
        with self.s.scope():
            if negated:
                self.branch(kernel, first, no, middle)
            else:
                self.branch(kernel, first, middle, no)
            place(self.s, middle)
            self.s.enter(middle)
            if negated:
                self.branch(kernel, second, no, yes)
            else:
                self.branch(kernel, second, yes, no)

    def _through(self, kernel: Kernel, op: Operation, yes: Block, no: Block) -> None:
        """Each way of a `loop.if` goes on to where its value leads."""
        ways = [self.s.block() for _ in op.regions]
        self.branch(kernel, op.operand(0), *ways)
        for way, region in zip(ways, op.regions, strict=True):
            place(self.s, way)
            self.s.enter(way)
            with self.s.scope():
                kernel._block(region.block)
                self.branch(kernel, region.block.terminator.operand(0), yes, no)

    def _float_branch(self, op: Operation, yes: Block, no: Block) -> None:
        s = self.s
        type = op.operand(0).type
        assert isinstance(type, FloatType)
        suffix = SUFFIX[type.width]
        a, b = map(s.get, op.operands)
        predicate = CMPF_PREDICATES[op.get("predicate")]
        instruction, swapped, holds = _FLOAT_TESTS[predicate]
        tested = s.x(f"{instruction}.{suffix}", *((b, a) if swapped else (a, b)))
        s.branch("bne" if holds else "beq", tested, s.zero, yes, no)


_FLOAT_TESTS = {
    "oeq": ("feq", False, True), "olt": ("flt", False, True), "ole": ("fle", False, True),
    "ogt": ("flt", True, True), "oge": ("fle", True, True), "une": ("feq", False, False),
    "uge": ("flt", False, False), "ugt": ("fle", False, False), "ule": ("flt", True, False),
    "ult": ("fle", True, False),
}  # fmt: skip
"""Instruction, whether its operands are swapped, and whether it holds where the predicate does."""

_INTEGER_BRANCHES = {
    "eq": ("beq", False), "ne": ("bne", False), "slt": ("blt", False), "sge": ("bge", False),
    "sgt": ("blt", True), "sle": ("bge", True), "ult": ("bltu", False), "uge": ("bgeu", False),
    "ugt": ("bltu", True), "ule": ("bgeu", True),
}  # fmt: skip


def _integer_branch(op: Operation, a: Value, b: Value) -> tuple[str, Value, Value]:
    mnemonic, swapped = _INTEGER_BRANCHES[CMPI_PREDICATES[op.get("predicate")]]
    return (mnemonic, b, a) if swapped else (mnemonic, a, b)


def _is_condition(op: Operation) -> bool:
    """Whether the operation has a form as a branch."""
    if len(op.results) != 1 or op.result.type != i1:
        return False
    match op.name:
        case "arith.cmpi":
            return op.operand(0).type != i1
        case "arith.cmpf":
            type = op.operand(0).type
            return (
                isinstance(type, FloatType)
                and type.width in SUFFIX
                and CMPF_PREDICATES[op.get("predicate")] in _FLOAT_TESTS
            )
        case "arith.xori":
            return constant_of(op.operand(1)) == 1
        case "arith.andi" | "arith.ori":
            return True
    return False


def _decides(op: Operation) -> bool:
    return len(op.results) == 1 and op.results[0].type == i1 and len(op.results[0].uses) == 1


def _stands_before(op: Operation) -> bool:
    """Whether nothing with an effect or that looks at memory is between an operation and its user,
    which is in the same block."""
    ((user, _),) = op.results[0].uses
    if user.parent is not op.parent:
        return False
    between = op.next
    while between is not None and between is not user:
        if not between.has_trait(PURE):
            return False
        between = between.next
    return between is user


# -- blocks


def place(selection: Selection, *blocks: Block) -> None:
    """Lay these blocks out after all others so far."""
    for block in blocks:
        selection.region.blocks.remove(block)
        selection.region.blocks.append(block)


@dataclass
class _Rare:
    block: Block
    fill: Callable[[], None]


class RareBlocks:
    """Blocks that stand at the function's end, and the one that leaves it."""

    def __init__(self, selection: Selection) -> None:
        self.s = selection
        self.pending: list[_Rare] = []
        self.leave: Block | None = None

    def add(self, fill: Callable[[], None]) -> Block:
        block = self.s.block()
        self.pending.append(_Rare(block, fill))
        return block

    def is_waiting(self, block: Block) -> bool:
        return any(rare.block is block for rare in self.pending)

    def leaving(self) -> Block:
        if self.leave is None:
            self.leave = self.s.block()
        return self.leave

    def finish(self) -> None:
        """The function's end, and what stands behind it."""
        s = self.s
        if self.leave is not None:
            s.jump(self.leave)
            place(s, self.leave)
            s.enter(self.leave)
        s.builder.create(rv.ret)
        for rare in self.pending:
            place(s, rare.block)
            s.enter(rare.block)
            with s.scope():
                rare.fill()


def select_exit(kernel: Kernel, op: Operation) -> None:
    s = kernel.s
    condition, status, *operands = op.operands
    registers = [s.get(value) for value in operands]
    address, end = s.get(status), kernel.rare.leaving()

    def fill() -> None:
        s.builder.location = op.location
        code = s.builder.value(rv.li, types=[rv.X], value=op.get("code"))
        s.effect("sd", code, address, imm=0)
        for number, (value, register) in enumerate(zip(operands, registers, strict=True), 1):
            if isinstance(value.type, FloatType):
                select_store(s, value.type, register, address, 8 * number)
            else:
                select_store(s, i64, register, address, 8 * number)
        s.jump(end)

    going_on, failed = s.block(), kernel.rare.add(fill)
    kernel.conditions.branch(kernel, condition, failed, going_on)
    place(s, going_on)
    s.enter(going_on)


def select_doubt(kernel: Kernel, op: Operation) -> None:
    s = kernel.s
    going_on = s.block()

    def fill() -> None:
        s.builder.location = op.location
        flag = s.builder.value(rv.li, types=[rv.X], value=INVALID)
        s.x("csrrs", flag, csr=CSRS["fflags"])
        s.jump(going_on)

    doubtful, condition = kernel.rare.add(fill), op.operand(0)
    if condition.type == i1:
        kernel.conditions.branch(kernel, condition, doubtful, going_on)
    else:
        s.branch("bne", select_any(kernel.vectors, condition), s.zero, doubtful, going_on)
    place(s, going_on)
    s.enter(going_on)


def select_if(kernel: Kernel, op: Operation) -> None:
    if op in kernel.conditions.joined:
        return
    s = kernel.s
    after = s.block()
    results = [after.add_argument(register_type(r.type), r.hint) for r in op.results]
    ways = [s.block() for region in op.regions if region.blocks]
    skip = after
    if len(ways) == 1:
        skip = s.block()
    location = s.builder.location

    def go(region: Region) -> None:
        kernel._block(region.block)
        s.builder.location = location
        s.jump(after, [_register(kernel, v) for v in region.block.terminator.operands])

    if len(ways) == 2 and "likely" in op.attributes:
        s.region.blocks.remove(ways[1])
        if any(inner.definition is loop.exit_ for inner in op.walk()):
            kernel.rare.leaving()
        ways[1] = kernel.rare.add(lambda: go(op.regions[1]))
    kernel.conditions.branch(kernel, op.operand(0), ways[0], ways[1] if len(ways) == 2 else skip)
    for way, region in zip(ways, op.regions, strict=False):
        if kernel.rare.is_waiting(way):
            continue
        place(s, way)
        s.enter(way)
        with s.scope():
            go(region)
    if skip is not after:
        place(s, skip)
        s.enter(skip)
        s.jump(after)
    place(s, after)
    s.enter(after)
    for result, register in zip(op.results, results, strict=True):
        s.set(result, register)


def select_while(kernel: Kernel, op: Operation) -> None:
    """Rotated: the condition before the loop and at its end. A long one stands once, at the top."""
    s, addresses = kernel.s, kernel.addresses
    before, after = (region.block for region in op.regions)
    inits = [_register(kernel, value) for value in op.operands]
    tested = [inner for each in before for inner in each.walk()]
    rotated = len(tested) <= MOST_COPIED and all(LoopLike.of(inner) is None for inner in tested)
    done = s.block()
    results = [done.add_argument(register_type(r.type), r.hint) for r in op.results]
    with s.scope():
        addresses.prepare(op)
        addresses.enter_while(op)
        if rotated:
            _rotated(kernel, before, after, inits, done)
        else:
            _tested_first(kernel, before, after, inits, done)
        addresses.leave()
    place(s, done)
    s.enter(done)
    for result, register in zip(op.results, results, strict=True):
        s.set(result, register)


def _register(kernel: Kernel, value: Value) -> Value:
    return kernel.vectors.vector(value) if is_vector(value.type) else kernel.s.get(value)


def _head(kernel: Kernel, values: Sequence[Value]) -> Block:
    """The block that a loop comes back to; it takes these values."""
    s = kernel.s
    head = s.block()
    for value in values:
        s.set(value, head.add_argument(register_type(value.type), value.hint))
    return head


def _test(
    kernel: Kernel, before: Block, arguments: Sequence[Value], head: Block, done: Block
) -> None:
    """The condition once; to the loop's head or out of it, with what the condition forwards."""
    s = kernel.s
    saved = {value: s.registers.get(value) for value in before.arguments}
    with s.scope():
        for value, register in zip(before.arguments, arguments, strict=True):
            s.registers[value] = register
        kernel._block(before)
        last = before.terminator
        inside, outside = s.block(), s.block()
        kernel.conditions.branch(kernel, last.operand(0), inside, outside)
        forwarded = [_register(kernel, value) for value in last.operands[1:]]
        place(s, inside)
        s.enter(inside)
        s.jump(head, forwarded)
        place(s, outside)
        s.enter(outside)
        s.jump(done, forwarded)
    s.registers.update({value: register for value, register in saved.items() if register})


def _rotated(
    kernel: Kernel, before: Block, after: Block, inits: Sequence[Value], done: Block
) -> None:
    s = kernel.s
    head = _head(kernel, after.arguments)
    _test(kernel, before, inits, head, done)
    place(s, head)
    s.enter(head)
    s.label("while")
    with s.scope():
        kernel._block(after)
        yielded = after.terminator.operands
        again, addresses = [_register(kernel, value) for value in yielded], kernel.addresses
        addresses.meanings = {
            addresses.atom(old, addresses.depth_of(old)): addresses.polynomial(new)
            for old, new in zip(before.arguments, yielded, strict=True)
            if not isinstance(old.type, FloatType)
        }
        _test(kernel, before, again, head, done)
        addresses.meanings = {}


def _tested_first(
    kernel: Kernel, before: Block, after: Block, inits: Sequence[Value], done: Block
) -> None:
    s = kernel.s
    head = _head(kernel, before.arguments)
    s.jump(head, inits)
    place(s, head)
    s.enter(head)
    s.label("while")
    body = s.block()
    taken = [body.add_argument(register_type(v.type), v.hint) for v in after.arguments]
    with s.scope():
        _test(kernel, before, [s.get(v) for v in before.arguments], body, done)
        place(s, body)
        s.enter(body)
        for value, register in zip(after.arguments, taken, strict=True):
            s.set(value, register)
        kernel._block(after)
        s.jump(head, [_register(kernel, value) for value in after.terminator.operands])


def select_wide_product(kernel: Kernel, op: Operation) -> None:
    """`arith.mulsi_extended`, `mului_extended`: two instructions, of which an unused one is
    dropped later."""
    s = kernel.s
    high = "mulh" if op.definition is arith.mulsi_extended else "mulhu"
    if is_vector(op.results[0].type):
        vectors = kernel.vectors
        a, b = map(vectors.vector, op.operands)
        to, vtype = register_type(op.results[0].type), vtype_of(op.results[0].type)
        for result, mnemonic in zip(op.results, ("vmul.vv", f"v{high}.vv"), strict=True):
            s.set(result, s.v(mnemonic, a, b, to=to, vtype=vtype))
        return
    a, b = map(s.get, op.operands)
    s.set(op.results[0], s.x("mul", a, b))
    s.set(op.results[1], s.x(high, a, b))
