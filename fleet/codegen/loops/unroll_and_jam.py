"""Register blocking: run several iterations of an outer parallel loop at once.

In: kernels with vector loops. Out: the same with the loops around vector loops unrolled by some
factor, and the copies of inner loops jammed into one, and with lanes (LMUL) chosen for every vector
loop. The one idea: what does not depend on the outer loop (a strip of B in a matrix product) is
then loaded once for several rows. Factor and lanes are those with the fewest executed instructions
among the combinations whose vectors fit in the registers.

See Carr and Kennedy, Improving the Ratio of Memory Operations to Floating-Point Operations in
Loops, TOPLAS 1994.
"""

from __future__ import annotations

from dataclasses import dataclass

from fleet.codegen.kernels import kernels_of
from fleet.codegen.loops.hoist import hoist
from fleet.codegen.loops.nests import (
    buffer_of,
    constant,
    erase_dead,
    is_loop,
    loops_in,
    stored_buffers,
    trip_count,
)
from fleet.codegen.loops.pressure import (
    USUAL_TRIPS,
    Pressure,
    arguments_in,
    instructions,
    loop_instructions,
    vectors_in,
    widest_element,
)
from fleet.dialects import arith, loop
from fleet.dialects.loop.access import Access, constant_of, is_access, is_load, is_store
from fleet.ir.attributes import IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Value
from fleet.ir.mapping import IRMapping
from fleet.ir.rewriting.journal import rewriting, traced
from fleet.ir.rewriting.passes import option, register_pass
from fleet.ir.types import VectorType, index
from fleet.ir.watch import count, may_apply

FACTORS = (2, 3, 4, 5, 6, 7, 8)
"""Iterations that may be run at once."""
WORTH = 0.9
"""Unrolling has to bring the instructions down to this part."""
LONGER = 0.04
"""What each further copy has to bring, for the code that it adds."""


@dataclass(frozen=True)
class Options:
    vlen: int = option(256, "bits in a vector register at which the code is to be fastest")


@register_pass(
    "unroll-and-jam", "outer loops blocked for registers, LMUL chosen for vector loops", Options
)
def run(module: Operation, options: Options) -> None:
    """Block loops around vector loops for registers and choose LMUL."""
    for kernel in kernels_of(module):
        _block(kernel.body, options.vlen)
        erase_dead(kernel)
        hoist(kernel, loads="ordered" not in kernel.attributes)


def _block(block: Block, vlen: int) -> None:
    for op in block:
        if not is_loop(op):
            for region in op.regions:
                for inner in region.blocks:
                    _block(inner, vlen)
        elif loop.is_vector_loop(op):
            with traced("as many lanes as pay", op):
                choose_lanes(op, vlen)
        elif any(loop.is_vector_loop(inner) for inner in loops_in(op.body)):
            _best_blocking(op, vlen)
        else:
            _block(op.body, vlen)


def _best_blocking(op: Operation, vlen: int) -> None:
    """Unroll a loop that holds vector loops by the best factor, which may be 1."""
    with traced("as many lanes as pay", op):
        _choose_all(op, vlen)
    one = instructions(op.body, vlen)
    best, best_cost = None, one * WORTH
    trips = trip_count(op)
    usual = USUAL_TRIPS if trips is None else trips
    may = may_apply() and op.get("iterator") == "parallel" and op.get("step") == 1
    for factor in FACTORS if may else ():
        if trips is not None and factor > trips:
            break
        made = _jam(op, factor)
        if made is None:
            break
        fit = _choose_all(made, vlen)
        blocks, rest = divmod(usual, factor)
        cost = (blocks * instructions(made.body, vlen) + rest * one) / usual
        cost *= 1 + LONGER * (factor - 2)
        if fit and cost < best_cost:
            made, best, best_cost = best, made, cost
        if made is not None:
            made.drop_references()
            made.detach()
        if not fit:
            break
    if best is not None:
        count("loops blocked")
        with rewriting(f"run {best.get('step')} iterations at once", op):
            _split(op, best)


def _split(op: Operation, blocked: Operation) -> None:
    """Let the blocked loop, which stands before it, take whole blocks and the loop the rest."""
    factor = blocked.get("step")
    trips = trip_count(op)
    if trips is not None and trips % factor == 0:
        op.erase()
        return
    builder = Builder.before(blocked)
    lower, upper = op.operand(0), op.operand(1)
    length = upper if constant_of(lower) == 0 else builder.value(arith.subi, upper, lower)
    # Negative lengths give no blocks: RISC-V's remainder takes the dividend's sign.
    rest = builder.value(arith.remsi, length, constant(builder, factor, index))
    middle = builder.value(arith.subi, upper, rest)
    blocked.set_operand(1, middle)
    op.set_operand(0, middle)


# -- lanes


def _choose_all(op: Operation, vlen: int) -> bool:
    """Choose lanes for all vector loops inside; whether none of them spills."""
    fit = True
    for strip in [inner for inner in op.walk() if loop.is_vector_loop(inner)]:
        fit &= choose_lanes(strip, vlen)
    return fit


def choose_lanes(strip: Operation, vlen: int) -> bool:
    """Give a vector loop the lanes with which it runs the fewest instructions without spilling,
    among equals the fewest lanes. False when it spills even with LMUL 1."""
    lanes = 64 // widest_element(strip.walk())
    pressure = Pressure(strip)
    options = [lanes << shift for shift in range(4) if pressure.fits(lanes << shift)]
    costs = {option: loop_instructions(strip, vlen, option) for option in options}
    set_lanes(strip, min(options, key=lambda n: (costs[n], n)) if options else lanes)
    return bool(options)


def set_lanes(strip: Operation, lanes: int) -> None:
    """Change the lanes of a vector loop and of every vector in it."""
    strip.attributes["lanes"] = IntegerAttr(lanes)
    for number, init in enumerate(strip.operands):
        if isinstance(init.type, VectorType) and len(init.uses) > 1:
            copy = Builder.before(strip).insert(init.operation.clone())
            strip.set_operand(number, copy.result)
    values = [v for v in strip.operands if isinstance(v.type, VectorType)]
    values += vectors_in(strip)
    values += arguments_in(strip)
    for value in values:
        if isinstance(value.type, VectorType):
            value.type = VectorType((lanes,), value.type.element, scalable=True)


# -- jamming


def _jam(op: Operation, factor: int) -> Operation | None:
    """A loop that runs `factor` iterations of a parallel loop at once, put before it.

    None when an inner loop's bounds depend on the loop's variable. Its upper bound is the old one:
    `_split` makes it right.
    """
    jammed = _Jam(op, factor)
    if not jammed.legal:
        return None
    return jammed.write()


class _Jam:
    """copies: for each of the iterations run at once, what its values are in the new loop."""

    def __init__(self, op: Operation, factor: int) -> None:
        self.op = op
        self.factor = factor
        self.stored = stored_buffers(op)
        self.own: set[Value] = {loop.induction_variable(op)}
        self.legal = not op.results
        count = -1
        while count != len(self.own):
            count = len(self.own)
            self._spread(op.body)
        self.copies = [IRMapping() for _ in range(factor)]

    def _spread(self, block: Block) -> None:
        """Find what differs between the iterations: `own`."""
        for op in block:
            if op.regions and is_loop(op):
                if op.operand(0) in self.own or op.operand(1) in self.own:
                    self.legal = False
                arguments = loop.iteration_arguments(op)
                yielded = op.body.terminator.operands
                for init, argument, again, result in zip(
                    op.operands[2:], arguments, yielded, op.results, strict=True
                ):
                    if init in self.own or again in self.own:
                        self.own.update((argument, result))
                self._spread(op.body)
            elif op.regions:
                self.legal = False
            elif any(v in self.own for v in op.operands) or self._reads_stored(op):
                self.own.update(op.results)

    def _reads_stored(self, op: Operation) -> bool:
        return is_load(op) and buffer_of(Access.of(op).memref) in self.stored

    def _is_own(self, op: Operation) -> bool:
        """Whether each iteration needs a copy of the operation."""
        if op.regions and is_loop(op):
            return any(self._is_own(inner) for inner in op.body if inner is not op.body.last)
        return is_store(op) or any(v in self.own for v in (*op.operands, *op.results))

    def write(self) -> Operation:
        old = loop.induction_variable(self.op)
        made = loop.for_loop(
            Builder.before(self.op),
            self.op.operand(0),
            self.op.operand(1),
            step=self.factor,
            iterator=self.op.get("iterator"),
        )
        made.location = self.op.location
        variable = loop.induction_variable(made)
        variable.hint = old.hint
        builder = Builder(made.body, location=self.op.location)
        for number, copy in enumerate(self.copies):
            copy[old] = (
                builder.value(arith.addi, variable, constant(builder, number, index))
                if number
                else variable
            )
        self._block(self.op.body, builder)
        builder.create(loop.yield_, [])
        return made

    def _block(self, block: Block, builder: Builder) -> None:
        """Between loops, each iteration's operations in a row: few of their values live at once."""
        run: list[Operation] = []
        for op in block:
            if op is block.last or (op.regions and is_loop(op) and self._is_own(op)):
                self._straight(run, builder)
                run = []
                if op is not block.last:
                    self._loop(op, builder)
            else:
                run.append(op)

    def _straight(self, run: list[Operation], builder: Builder) -> None:
        for number, copy in enumerate(self.copies):
            for op in run:
                if self._is_own(op):
                    self._clone(op, copy, builder)
                elif number == 0:
                    made = builder.insert(op.clone(copy))
                    for other in self.copies[1:]:
                        other.update(zip(op.results, made.results, strict=True))

    def _clone(self, op: Operation, copy: IRMapping, builder: Builder) -> None:
        if not is_access(op):
            builder.insert(op.clone(copy))
            return
        made = Access.of(op).with_operands(copy).again(op, builder, copy.of)
        copy.update(zip(op.results, made.results, strict=True))

    def _loop(self, op: Operation, builder: Builder) -> None:
        """One loop for all copies; what it carries is carried once or for each copy."""
        carried: list[tuple[int, dict[Value, Value]]] = []
        for number, argument in enumerate(loop.iteration_arguments(op)):
            needed = self.copies if argument in self.own else self.copies[:1]
            carried += [(number, copy) for copy in needed]
        first = self.copies[0]
        made = loop.for_loop(
            builder,
            first.get(op.operand(0), op.operand(0)),
            first.get(op.operand(1), op.operand(1)),
            [copy.of(op.operand(n + 2)) for n, copy in carried],
            kind=op.get("kind"),
            step=op.get("step"),
            lanes=op.get("lanes"),
            iterator=op.get("iterator"),
        )
        made.location = op.location
        lead = len(op.body.arguments) - len(op.results)
        for old, new in zip(op.body.arguments[:lead], made.body.arguments, strict=False):
            new.hint = old.hint
            for copy in self.copies:
                copy[old] = new
        self._carry(loop.iteration_arguments(op), carried, loop.iteration_arguments(made))
        with builder.inside(made.body):
            self._block(op.body, builder)
            again = op.body.terminator.operands
            builder.create(loop.yield_, [copy.of(again[n]) for n, copy in carried])
        self._carry(op.results, carried, made.results)

    def _carry(
        self,
        old: list[Value],
        carried: list[tuple[int, dict[Value, Value]]],
        new: list[Value],
    ) -> None:
        for (number, copy), value in zip(carried, new, strict=True):
            copy[old[number]] = value
            if old[number] not in self.own:
                for other in self.copies:
                    other[old[number]] = value
