"""What differs between the iterations of one loop, and so becomes vectors if it runs in strips.

In: a loop and how what it carries is combined. Out: the values and operations that vary, or why the
loop cannot run in strips. The one idea: what varies is the loop's own variable, what it carries,
and all that is made of these; everything else is one scalar for the strip.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from fleet.codegen.loops.nests import accesses, buffer_of, is_loop
from fleet.dialects import loop
from fleet.dialects.loop.access import Access, is_access, is_load, is_store
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import ELEMENTWISE, TERMINATOR

STRIDED, INDEXED = 4.0, 6.0
"""What accesses other than unit-stride count, in vector instructions."""


class Varying:
    """What differs between the iterations of one loop: the values and operations that must become
    vectors if it runs in strips.

    reason: why it may not, None where it may: every store goes to a different place in each
    iteration, inner loops have the same bounds in all, and every operation that varies has a
    vector form. apart: operations that whoever carries their results takes care of.
    """

    def __init__(self, nest: Operation, apart: Iterable[Operation] = ()) -> None:
        self.nest = nest
        self.apart = set(apart)
        self.variable = loop.induction_variable(nest)
        self.values: set[Value] = {self.variable}
        self.values.update(loop.iteration_arguments(nest))
        self.operations: set[Operation] = set()
        self.reason: str | None = None
        self.stored = {
            buffer_of(access.memref) for op, access in accesses(nest) if is_store(op)
        }
        self.parallel = nest.get("iterator") == "parallel"
        count = -1
        while count != len(self.values):
            count, self.reason = len(self.values), None
            self._block(nest.body)

    def _illegal(self, reason: str) -> None:
        self.reason = self.reason or reason

    def _block(self, block: Block) -> None:
        for op in block:
            if op.regions and is_loop(op):
                self._inner_loop(op)
            elif op.definition is loop.while_:
                self._masked_while(op)
            elif op.definition is loop.if_:
                self._branch(op)
            elif is_access(op):
                self._access(op)
            elif op.definition is loop.exit_:
                self._exit(op)
            elif any(v in self.values for v in op.operands):
                self.operations.add(op)
                self.values.update(op.results)
                if op not in self.apart and not _has_vector_form(op):
                    self._illegal(f"{op.name} has no form for vectors")

    def _exit(self, op: Operation) -> None:
        """A check, for which the strip is left before anything is stored."""
        if op.parent is not self.nest.body:
            self._illegal("a loop inside makes a check")
        inner = (each for each in self.nest.body if each.regions)
        if any(is_store(each) for each, _ in chain.from_iterable(map(accesses, inner))):
            self._illegal("a loop inside stores where a check may fail")
        written = set()
        for each, access in accesses(self.nest):
            if is_store(each):
                written.add(buffer_of(access.memref))
            elif buffer_of(access.memref) in written:
                self._illegal("what it wrote is read again where a check may fail")

    def _inner_loop(self, op: Operation) -> None:
        if op.operand(0) in self.values or op.operand(1) in self.values:
            self._illegal("a loop inside runs differently often")
        if loop.is_vector_loop(op):
            self._illegal("a loop inside runs in vectors")
        arguments = loop.iteration_arguments(op)
        yielded = op.body.terminator.operands
        for init, argument, again, result in zip(
            op.operands[2:], arguments, yielded, op.results, strict=True
        ):
            if init in self.values or again in self.values or argument in self.values:
                self.values.update((argument, result))
        self._block(op.body)

    def _masked_while(self, op: Operation) -> None:
        """A while loop that carries first whether it still runs (`predicate.py`)."""
        before, after = (region.block for region in op.regions)
        condition, last = before.terminator, after.terminator
        self.values.add(before.arguments[0])
        for init, argument, again in zip(
            op.operands, before.arguments, last.operands, strict=True
        ):
            if init in self.values or again in self.values:
                self.values.add(argument)
        self._block(before)
        for value, argument, result in zip(
            condition.operands[1:], after.arguments, op.results, strict=True
        ):
            if value in self.values:
                self.values.update((argument, result))
        self._block(after)

    def _branch(self, op: Operation) -> None:
        """One that is gone where any iteration goes it (`predicate.py`)."""
        ends = [region.block.terminator.operands for region in op.regions]
        for result, *values in zip(op.results, *ends, strict=True):
            if any(value in self.values for value in (op.operand(0), *values)):
                self.values.add(result)
        for region in op.regions:
            self._block(region.block)

    def _access(self, op: Operation) -> None:
        moves = self.moves(op)
        if is_load(op):
            if moves:
                self.operations.add(op)
                self.values.add(op.result)
            elif buffer_of(Access.of(op).memref) in self.stored:
                self._illegal("one element is read while elements nearby are written")
            return
        self.operations.add(op)
        indices = Access.of(op).operands
        scattered = any(v in self.values for v in indices if v is not self.variable)
        if not moves:
            self._illegal("one element is written to again and again")
        elif scattered and not self.parallel:
            self._illegal("computed subscripts may name one element twice")

    def moves(self, op: Operation) -> bool:
        """Whether the place that a load or store accesses differs between iterations."""
        access = Access.of(op)
        if any(v in self.values for v in access.operands if v is not self.variable):
            return True
        factors = access.factors(self.variable)
        return factors is None or any(factors)

    def access_cost(self, op: Operation) -> float:
        """In vector instructions."""
        access = Access.of(op)
        if any(v in self.values for v in access.operands if v is not self.variable):
            return INDEXED
        if access.factors(self.variable) is None:
            return INDEXED
        return 1.0 if access.stride(self.variable) == 1 else STRIDED


def _has_vector_form(op: Operation) -> bool:
    return (
        op.has_trait(ELEMENTWISE) or op.has_trait(TERMINATOR) or op.definition is loop.doubt
    )
