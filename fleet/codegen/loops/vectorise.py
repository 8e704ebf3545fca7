"""Choose the loop of each nest to run in strips, and rewrite it as a vector loop.

In: kernels of scalar loops. Out: the same with vector loops, none inside another. The one idea: any
parallel or reduction loop of a nest can be the vector loop, whatever stands inside it; loops inside
become serial loops over vectors. Which one is best is a matter of counting the instructions that
would be executed (`plan`), where strided and indexed accesses count for more than unit-stride ones.
So `C[i, j] += A[i, k] * B[k, j]` gets strips of j with the running sums in a register through the
k loop, and a row sum gets strips of the row with one running sum an element of the strip.

See Allen and Kennedy, Optimizing Compilers for Modern Architectures, chapters 2 and 5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fleet.codegen.kernels import kernels_of
from fleet.codegen.loops.dependences import free_nests, mark_parallel
from fleet.codegen.loops.nests import (
    bits,
    buffer_of,
    constant,
    erase_dead,
    hoist,
    is_loop,
    stored_buffers,
    trip_count,
)
from fleet.codegen.loops.pressure import COMPUTED_IN_F64, FUNCTION_INSTRUCTIONS
from fleet.codegen.loops.reductions import Reduction, reduction_of, use_fma
from fleet.dialects import arith, loop
from fleet.dialects.loop.access import Access, is_access, is_load, is_store, stored_value
from fleet.ir.affine import (
    AffineBinary,
    AffineConst,
    AffineDim,
    AffineExpr,
    coefficients,
    d,
    dims_of,
    substitute,
)
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import ELEMENTWISE, TERMINATOR
from fleet.ir.interfaces import MemoryAccess
from fleet.ir.mapping import IRMapping
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import Type, VectorType, element_of, index
from fleet.ir.watch import count, may_apply

USUAL_TRIPS = 48
"""What a trip count that is not known is taken to be."""
USUAL_STRIP = 32
"""Elements of a strip on the machine that costs are estimated for."""
MOST_BITS = 512
"""The widest element times the lanes: LMUL 8."""

SCALAR, STRIDED, INDEXED = 0.25, 4.0, 6.0
"""What a scalar operation and accesses other than unit-stride count, in vector instructions."""


@register_pass("vectorise", "one loop of each nest in strips of vectors")
def run(module: Operation) -> None:
    """Run one loop of each nest in strips of the machine's vector length."""
    for kernel in kernels_of(module):
        ordered = "ordered" in kernel.attributes
        hoist(kernel, loads=not ordered)
        if not ordered:
            use_fma(kernel)
        for nest in list(free_nests(kernel.body)):
            if ordered:
                mark_parallel(nest)
            for chosen in plan(nest).chosen:
                if may_apply():
                    with rewriting("run a loop in strips", chosen):
                        _Strips(chosen).rewrite()
                    count("loops vectorised")
        erase_dead(kernel)
        hoist(kernel, loads=not ordered)


@dataclass(frozen=True)
class Plan:
    """Estimated cost of running a loop, and which loops in it to vectorise for that."""

    cost: float
    chosen: tuple[Operation, ...] = ()


def plan(nest: Operation) -> Plan:
    """The cheapest way to run a loop: itself in strips, or serially with the best inside."""
    trips = trip_count(nest)
    count = USUAL_TRIPS if trips is None else trips
    cost, chosen = SCALAR, ()
    for op in nest.body:
        if op.regions and is_loop(op):
            best = plan(op)
            cost += best.cost
            chosen += best.chosen
        else:
            cost += SCALAR * FUNCTION_INSTRUCTIONS.get(op.name, 1)
    serial = Plan(cost * count, chosen)
    if trips is not None and trips < 2:
        return serial
    strips = _strip_cost(nest, math.ceil(count / USUAL_STRIP))
    return serial if strips is None or strips >= serial.cost else Plan(strips, (nest,))


def _strip_cost(nest: Operation, strips: int) -> float | None:
    """The cost of a loop in strips; None when it cannot be."""
    if nest.get("iterator") is None or nest.get("step") != 1 or loop.is_vector_loop(nest):
        return None
    reductions = [reduction_of(nest, number) for number in range(len(nest.results))]
    if any(r is None for r in reductions):
        return None
    varying = Varying(nest, reductions)
    if not varying.legal:
        return None
    return 4.0 * len(reductions) + strips * _body_cost(nest.body, varying)


def _body_cost(block: Block, varying: Varying) -> float:
    total = SCALAR
    for op in block:
        if op.regions and is_loop(op):
            trips = trip_count(op)
            total += (USUAL_TRIPS if trips is None else trips) * _body_cost(op.body, varying)
        elif op.name == "arith.constant" or op not in varying.operations:
            total += SCALAR
        elif is_access(op):
            total += varying.access_cost(op)
        else:
            total += FUNCTION_INSTRUCTIONS.get(op.name, 1)
    return total


class Varying:
    """What differs between the iterations of one loop: the values and operations that must become
    vectors if it runs in strips.

    legal: whether it may: every store goes to a different place in each iteration, inner loops
    have the same bounds in all, and every operation that varies has a vector form.
    """

    def __init__(self, nest: Operation, reductions: list[Reduction]) -> None:
        self.nest = nest
        self.variable = loop.induction_variable(nest)
        self.values: set[Value] = {self.variable}
        self.values.update(loop.iteration_arguments(nest))
        self.operations: set[Operation] = set()
        self.legal = True
        self.parallel = nest.get("iterator") == "parallel"
        count = -1
        while count != len(self.values):
            count = len(self.values)
            self._block(nest.body)

    def _block(self, block: Block) -> None:
        for op in block:
            if op.regions and is_loop(op):
                self._inner_loop(op)
            elif is_access(op):
                self._access(op)
            elif any(v in self.values for v in op.operands):
                self.operations.add(op)
                self.values.update(op.results)
                self.legal &= op.has_trait(ELEMENTWISE) or op.has_trait(TERMINATOR)

    def _inner_loop(self, op: Operation) -> None:
        if op.operand(0) in self.values or op.operand(1) in self.values:
            self.legal = False
        if loop.is_vector_loop(op):
            self.legal = False
        arguments = loop.iteration_arguments(op)
        yielded = op.body.terminator.operands
        for init, argument, again, result in zip(
            op.operands[2:], arguments, yielded, op.results, strict=True
        ):
            if init in self.values or again in self.values or argument in self.values:
                self.values.update((argument, result))
        self._block(op.body)

    def _access(self, op: Operation) -> None:
        moves = self.moves(op)
        if is_load(op):
            if moves:
                self.operations.add(op)
                self.values.add(op.result)
            elif any(v in self.values for v in MemoryAccess.of(op).others(op)):
                self.legal = False  # one place, and something else about it varies
            elif buffer_of(Access.of(op).memref) in stored_buffers(self.nest):
                self.legal = False  # one place, read in every iteration while some write nearby
            return
        self.operations.add(op)
        indices = Access.of(op).operands
        scattered = any(v in self.values for v in indices if v is not self.variable)
        if not moves or (scattered and not self.parallel):
            self.legal = False

    def moves(self, op: Operation) -> bool:
        """Whether the place that a load or store accesses differs between iterations."""
        access = Access.of(op)
        if any(v in self.values for v in access.operands if v is not self.variable):
            return True
        factors = access.factors(self.variable)
        return factors is None or any(factors)

    def access_cost(self, op: Operation) -> float:
        access = Access.of(op)
        if any(v in self.values for v in access.operands if v is not self.variable):
            return INDEXED
        if access.factors(self.variable) is None:
            return INDEXED
        return 1.0 if access.stride(self.variable) == 1 else STRIDED


def is_linear(expr: AffineExpr) -> bool:
    try:
        coefficients(expr)
    except ValueError:
        return False
    return True


class _Strips:
    """The rewriting of one loop as a vector loop."""

    def __init__(self, nest: Operation) -> None:
        self.nest = nest
        self.reductions = [reduction_of(nest, number) for number in range(len(nest.results))]
        self.varying = Varying(nest, self.reductions)
        self.lanes = self._lanes()
        self.mapping = IRMapping()
        self.updates = {reduction.update: reduction for reduction in self.reductions}
        arguments = loop.iteration_arguments(nest)
        self.running_values = dict(zip(arguments, self.reductions, strict=True))
        self.running: dict[Value, list[Value]] = {}
        self.carried: set[Value] = set()
        self.numbers: Value | None = None
        """The loop's variable as a vector."""

    def _lanes(self) -> int:
        """As many as the widest element in the loop allows."""
        types = [value.type for value in self._vector_values()]
        for op in self.varying.operations:
            types += [stored_value(op).type] if is_store(op) else []
        widths = [bits(element_of(type)) for type in types]
        wide = any(op.name in COMPUTED_IN_F64 for op in self.varying.operations)
        return min(64, MOST_BITS // max([64 if wide else 8, *widths]))

    def _vector_values(self) -> list[Value]:
        """The values that will be vectors; the loop's variable only where it is computed with."""
        used = any(
            not is_access(user) or not self._direct(user)
            for user in self.varying.variable.users
        )
        found = [v for v in self.varying.values if v is not self.varying.variable]
        return [*found, self.varying.variable] if used else found

    def _direct(self, op: Operation) -> bool:
        """Whether an access can take the loop's variable as it is."""
        access = Access.of(op)
        return access.factors(self.varying.variable) is not None

    def vector(self, element: Type) -> VectorType:
        return VectorType((self.lanes,), element, scalable=True)

    def rewrite(self) -> None:
        nest = self.nest
        before = Builder.before(nest)
        inits: list[Value] = []
        for reduction in self.reductions:
            inits += reduction.start(before, self.lanes)
        made = loop.for_loop(
            before,
            nest.operand(0),
            nest.operand(1),
            inits,
            kind=loop.VECTOR,
            lanes=self.lanes,
            iterator=nest.get("iterator"),
        )
        self.body = made.body
        self.variable = loop.induction_variable(made)
        self.variable.hint = self.varying.variable.hint
        made.body.arguments[1].hint = "vl"
        self.mapping[self.varying.variable] = self.variable
        self._split(loop.iteration_arguments(nest), loop.iteration_arguments(made))
        self._block(nest.body, Builder(made.body, location=nest.location))
        finals = iter(made.results)
        results = []
        for number, reduction in enumerate(self.reductions):
            vectors = [next(finals) for _ in range(reduction.parts)]
            results.append(reduction.finish(before, vectors, nest.operand(2 + number)))
        nest.replace_with(results)

    def _split(self, old: Sequence[Value], new: Sequence[Value]) -> None:
        """Running values stand for as many vectors as their reductions have parts."""
        rest = iter(new)
        for value in old:
            if value in self.running_values:
                self.running[value] = [next(rest) for _ in range(self.running_values[value].parts)]
            else:
                self.mapping[value] = next(rest)

    # -- bodies

    def _block(self, block: Block, builder: Builder) -> None:
        for op in block:
            with builder.at(op.location):
                if op in self.updates:
                    self._update(op, builder)
                elif op.has_trait(TERMINATOR):
                    builder.create(loop.yield_, self._flat(op.operands, builder))
                elif is_loop(op):
                    self._inner_loop(op, builder)
                elif is_access(op):
                    self._access(op, builder)
                elif op in self.varying.operations:
                    self._elementwise(op, builder)
                else:
                    builder.insert(op.clone(self.mapping))

    def _flat(self, values: Sequence[Value], builder: Builder) -> list[Value]:
        """The new values for some old ones, in a row; those that vary as vectors."""
        flat: list[Value] = []
        for value in values:
            if value in self.running:
                flat += self.running[value]
            elif value in self.carried:
                flat.append(self._as_vector(value, builder))
            else:
                flat.append(self._scalar(value))
        return flat

    def _update(self, op: Operation, builder: Builder) -> None:
        reduction = self.updates[op]
        running = next(v for v in op.operands if v in self.running)
        operands = [None if v is running else self._as_vector(v, builder) for v in op.operands]
        self.running[op.result] = reduction.combine(builder, self.running[running], operands)

    def _inner_loop(self, op: Operation, builder: Builder) -> None:
        """A serial loop; what varies among its iteration arguments becomes vectors."""
        arguments = loop.iteration_arguments(op)
        for init, argument, again, result in zip(
            op.operands[2:], arguments, op.body.terminator.operands, op.results, strict=True
        ):
            if init in self.running:
                self.running_values.update(
                    dict.fromkeys((argument, result), self.running_values[init])
                )
            elif argument in self.varying.values:
                self.carried.update((init, again))
        made = loop.for_loop(
            builder,
            self._scalar(op.operand(0)),
            self._scalar(op.operand(1)),
            self._flat(op.operands[2:], builder),
            step=op.get("step"),
            iterator=op.get("iterator"),
        )
        old, new = loop.induction_variable(op), loop.induction_variable(made)
        self.mapping[old] = new
        new.hint = old.hint
        self._split(arguments, loop.iteration_arguments(made))
        with builder.inside(made.body):
            self._block(op.body, builder)
        self._split(op.results, made.results)

    def _access(self, op: Operation, builder: Builder) -> None:
        access = Access.of(op)
        operands = [self._subscript(v, access) for v in access.operands]
        results = access.results
        if any(isinstance(v.type, VectorType) for v in operands) or not self._direct(op):
            results, operands = self._indexed(access, builder)
        moved = Access.canonical(self._scalar(access.memref), results, operands)
        if op in self.varying.operations:
            made = moved.again(op, builder, lambda v: self._as_vector(v, builder), self.vector)
        else:
            made = moved.again(op, builder, self._scalar)
        self.mapping.update(zip(op.results, made.results, strict=True))

    def _subscript(self, value: Value, access: Access) -> Value:
        return self.variable if value is self.varying.variable else self._scalar(value)

    def _indexed(self, access: Access, builder: Builder) -> tuple[list[AffineExpr], list[Value]]:
        """The subscripts with everything that is not linear in vectors computed as one."""
        results: list[AffineExpr] = []
        operands: list[Value] = []
        for expr in access.results:
            inside = {access.operands[i] for i in dims_of(expr)}
            varies = any(v in self.varying.values for v in inside)
            if varies and not is_linear(expr):
                operands.append(self._index_vector(expr, access.operands, builder))
                results.append(d(len(operands) - 1))
            else:
                shift = len(operands)
                operands += [self._place(v, builder) for v in access.operands]
                results.append(
                    substitute(expr, [d(shift + i) for i in range(len(access.operands))])
                )
        return results, operands

    def _place(self, value: Value, builder: Builder) -> Value:
        """An operand of a linear subscript: the loop's variable as it is, what varies a vector."""
        if value is self.varying.variable:
            return self.variable
        if value in self.varying.values:
            return self._as_vector(value, builder)
        return self._scalar(value)

    def _index_vector(self, expr: AffineExpr, operands: Sequence[Value], builder: Builder) -> Value:
        match expr:
            case AffineDim(position):
                return self._as_vector(operands[position], builder)
            case AffineConst(value):
                return constant(builder, value, self.vector(index))
            case AffineBinary(operator, left, right):
                # Subscripts are not negative, so rounding down is rounding towards zero.
                definition = {
                    "+": arith.addi, "*": arith.muli, "floordiv": arith.divui, "mod": arith.remui,
                }[operator]  # fmt: skip
                sides = [self._index_vector(e, operands, builder) for e in (left, right)]
                return builder.value(definition, *sides)
        raise TypeError(f"not a subscript: {expr}")

    def _elementwise(self, op: Operation, builder: Builder) -> None:
        operands = [self._as_vector(v, builder) for v in op.operands]
        made = builder.insert(
            op.like(operands, [self.vector(result.type) for result in op.results])
        )
        for old, new in zip(op.results, made.results, strict=True):
            self.mapping[old] = new

    def _scalar(self, value: Value) -> Value:
        """The new value for an old one, as it is (a vector if it varies)."""
        return self.mapping.of(value)

    def _as_vector(self, value: Value, builder: Builder) -> Value:
        """The new value for an old one, as a vector."""
        if value is self.varying.variable:
            if self.numbers is None:
                start = Builder(self.body, self.body.first, builder.location)
                self.numbers = start.value(
                    loop.iota, self.variable, types=[self.vector(index)]
                )
            return self.numbers
        new = self._scalar(value)
        if isinstance(new.type, VectorType):
            return new
        return builder.value(loop.broadcast, new, types=[self.vector(new.type)])
