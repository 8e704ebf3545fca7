"""One loop rewritten as a vector loop.

In: a loop that may run in strips. Out: the vector loop, and after it what its running values come
to. The one idea: the body is copied operation by operation; what varies is a vector then, the rest
a scalar, and a scalar that meets vectors is broadcast where it does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.codegen.loops.in_order import CheckedSum, Choice, Last
from fleet.codegen.loops.nests import bits, constant, is_loop
from fleet.codegen.loops.pressure import COMPUTED_IN_F64
from fleet.codegen.loops.running import Running, carried_by
from fleet.codegen.loops.varying import Varying
from fleet.dialects import arith, loop
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.dialects.loop.access import Access, is_access, is_store, stored_value
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
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import TERMINATOR
from fleet.ir.mapping import IRMapping
from fleet.ir.types import Type, VectorType, element_of, i1, i8, index

MOST_BITS = 512
"""The widest element times the lanes: LMUL 8."""


def is_linear(expr: AffineExpr) -> bool:
    try:
        coefficients(expr)
    except ValueError:
        return False
    return True


class Strips:
    """The rewriting of one loop as a vector loop.

    rest: the loop as it was, which goes on from the strip that the vector loop leaves; None where
    nothing makes it leave one.
    """

    def __init__(self, nest: Operation, rest: Operation | None = None) -> None:
        self.nest = nest
        self.rest = rest
        carried = carried_by(nest)
        self.varying = Varying(nest, carried.operations)
        self.lanes = self._lanes()
        self.mapping = IRMapping()
        arguments = loop.iteration_arguments(nest)
        self.kinds: dict[Value, Running] = dict(zip(arguments, carried.running, strict=True))
        """How running values are combined."""
        self.numbers_of = {argument: n for n, argument in enumerate(arguments)}
        self.makers: dict[Operation, Running] = {}
        self.skipped: set[Operation] = set()
        for each in carried.running:
            if not each.operations:
                continue
            self.skipped.update(each.operations)
            self.makers[_last(nest, each.operations)] = each
        self.parts: dict[Value, list[Value]] = {}
        """What stands for running values: vectors, or scalars of the strip."""
        self.carried: set[Value] = set()
        self.numbers: Value | None = None
        """The loop's variable as a vector."""
        self.failed: Value | None = None
        """Where checks of this strip fail that it has not been left for yet."""
        self.stores: list[Operation] = []
        """What the strip stores when nothing makes it leave any more."""

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
        arguments = loop.iteration_arguments(nest)
        inits: list[Value] = []
        for argument, init in zip(arguments, nest.operands[2:], strict=True):
            inits += self.kinds[argument].start(before, self.lanes, init)
        made = loop.for_loop(
            before,
            nest.operand(0),
            nest.operand(1),
            inits if self.rest is None else [*inits, nest.operand(0)],
            kind=loop.VECTOR,
            lanes=self.lanes,
            iterator=nest.get("iterator"),
        )
        self.body = made.body
        self.variable = loop.induction_variable(made)
        self.variable.hint = self.varying.variable.hint
        self.length = made.body.arguments[1]
        self.length.hint = "vl"
        self.mapping[self.varying.variable] = self.variable
        self._split(arguments, loop.iteration_arguments(made))
        self._block(nest.body, Builder(made.body, location=nest.location))
        finals = iter(made.results)
        results = []
        for argument, init in zip(arguments, nest.operands[2:], strict=True):
            kind = self.kinds[argument]
            vectors = [next(finals) for _ in range(kind.parts)]
            results.append(kind.finish(before, vectors, init))
        if self.rest is not None:
            self.rest.operands = [made.results[-1], nest.operand(1), *results]
            results = list(self.rest.results)
        nest.replace_with(results)

    def _split(self, old: Sequence[Value], new: Sequence[Value]) -> None:
        """Running values stand for as many vectors as their reductions have parts."""
        rest = iter(new)
        for value in old:
            if value in self.kinds:
                self.parts[value] = [next(rest) for _ in range(self.kinds[value].parts)]
            else:
                self.mapping[value] = next(rest)

    # -- bodies

    def _block(self, block: Block, builder: Builder) -> None:
        self._operations(list(block), builder)

    def _operations(self, operations: Sequence[Operation], builder: Builder) -> None:
        for op in operations:
            with builder.at(op.location):
                if op in self.makers:
                    self._update(op, self.makers[op], builder)
                elif op in self.skipped:
                    continue
                elif op.has_trait(TERMINATOR):
                    self._end(op, builder)
                elif op.definition is loop.exit_:
                    self._fails(op.operand(0), builder)
                elif is_loop(op):
                    self._inner_loop(op, builder)
                elif op.definition is loop.while_:
                    self._masked_while(op, builder)
                elif op.definition is loop.if_:
                    self._branch(op, builder)
                elif is_access(op):
                    self._access(op, builder)
                elif op in self.varying.operations:
                    self._elementwise(op, builder)
                else:
                    builder.insert(op.clone(self.mapping))

    def _end(self, op: Operation, builder: Builder) -> None:
        if op.parent is self.nest.body:
            operands = self._next(op, builder)
        else:
            operands = self._flat(op.operands, builder)
        if op.parent is self.nest.body and self.rest is not None:
            self._leave(builder)
            for store in self.stores:
                builder.insert(store)
            operands.append(builder.value(arith.addi, self.variable, self.length))
        builder.create(loop.yield_, operands)

    def _next(self, op: Operation, builder: Builder) -> list[Value]:
        """What the strip hands on to the next one."""
        found: list[Value] = []
        arguments = loop.iteration_arguments(self.nest)
        for argument, value in zip(arguments, op.operands, strict=True):
            kind = self.kinds[argument]
            if not isinstance(kind, Last):
                found += self._flat([value], builder)
            elif value in self.varying.values:
                whole = self._as_vector(value, builder)
                found.append(kind.of_strip(builder, whole, self.length))
            else:
                found.append(self._scalar(value))
        return found

    def _flat(self, values: Sequence[Value], builder: Builder) -> list[Value]:
        """The new values for some old ones, in a row; those that vary as vectors."""
        flat: list[Value] = []
        for value in values:
            if value in self.parts:
                flat += self.parts[value]
            elif value in self.carried:
                flat.append(self._as_vector(value, builder))
            else:
                flat.append(self._scalar(value))
        return flat

    def _update(self, op: Operation, kind: Running, builder: Builder) -> None:
        """The running value that an operation gives, or several of them."""
        if isinstance(kind, Choice):
            arguments = loop.iteration_arguments(self.nest)
            running = {number: self.parts[arguments[number]][0] for number in kind.updates}
            values = kind.take(
                builder, running, lambda v: self._as_vector(v, builder), self.variable
            )
            for update, value in zip(kind.updates.values(), values, strict=True):
                self.parts[update.result] = [value]
            return
        update = kind.update
        running = next(v for v in update.operands if v in self.parts)
        operands = [
            None if v is running else self._as_vector(v, builder) for v in update.operands
        ]
        if isinstance(kind, CheckedSum):
            (new,) = (value for value in operands if value is not None)
            self._fails_together(kind.is_too_large(builder, self.parts[running][0], new), builder)
        self.parts[update.result] = kind.combine(builder, self.parts[running], operands)

    # -- checks

    def _fails(self, condition: Value, builder: Builder) -> None:
        """A check that fails where the condition is true."""
        if condition not in self.varying.values:
            self._fails_together(self._scalar(condition), builder)
            return
        mask = self._as_vector(condition, builder)
        self.failed = mask if self.failed is None else builder.value(arith.ori, self.failed, mask)

    def _fails_together(self, condition: Value, builder: Builder) -> None:
        builder.create(loop.leave, condition)

    def _leave(self, builder: Builder) -> None:
        """Leave the strip where a check fails: before what relies on it."""
        if self.failed is not None:
            self._fails_together(builder.value(loop.any_, self.failed), builder)
            self.failed = None

    def _inner_loop(self, op: Operation, builder: Builder) -> None:
        """A serial loop; what varies among its iteration arguments becomes vectors."""
        arguments = loop.iteration_arguments(op)
        for init, argument, again, result in zip(
            op.operands[2:], arguments, op.body.terminator.operands, op.results, strict=True
        ):
            if init in self.parts:
                self.kinds.update(dict.fromkeys((argument, result), self.kinds[init]))
            elif argument in self.varying.values:
                self.carried.update((init, again))
        self._leave(builder)
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

    def _masked_while(self, op: Operation, builder: Builder) -> None:
        """It runs as long as one of the strip's iterations does, and what is the same for all of
        them says so."""
        self._leave(builder)
        before, after = (region.block for region in op.regions)
        apart, together = self._terms(after)
        runs, *others = op.operands
        inits = self._given(others, before.arguments[1:], builder)
        begins = self._scalar(runs)
        if together and not isinstance(begins.type, VectorType):
            true = constant(builder, 1, i1)
            inits = [self._mask(true, builder), *inits, begins]
        else:
            inits.insert(0, self._as_vector(runs, builder))
            inits += [constant(builder, 1, i1)] if together else []
        types = [
            self.vector(v.type) if v in self.varying.values else v.type for v in after.arguments
        ]
        first, second = Block([v.type for v in inits]), Block(types)
        made = builder.insert(
            loop.while_(inits, types=types, regions=[Region([first]), Region([second])])
        )
        self.mapping.update(zip(before.arguments, first.arguments, strict=False))
        self.mapping.update(zip(after.arguments, second.arguments, strict=True))
        with builder.inside(first):
            self._operations(list(before)[:-1], builder)
            still, *forwarded = before.terminator.operands
            goes_on = builder.value(loop.any_, self._as_vector(still, builder))
            if together:
                goes_on = builder.value(arith.andi, goes_on, first.arguments[-1])
            builder.create(
                loop.condition, goes_on, self._given(forwarded, after.arguments, builder)
            )
        with builder.inside(second):
            self._operations(list(after)[:-1], builder)
            others = after.terminator.operands[1:]
            again = self._given(others, before.arguments[1:], builder)
            again.insert(0, self._all(apart, lambda v: self._as_vector(v, builder), builder))
            again += [self._all(together, self._scalar, builder)] if together else []
            builder.create(loop.yield_, again)
        self.mapping.update(zip(op.results, made.results, strict=True))

    def _branch(self, op: Operation, builder: Builder) -> None:
        """One that is gone where any of the strip's iterations goes it."""
        self._leave(builder)
        condition = op.operand(0)
        if condition in self.varying.values:
            asked = builder.value(loop.any_, self._as_vector(condition, builder))
        else:
            asked = self._scalar(condition)
        types = [self.vector(r.type) if r in self.varying.values else r.type for r in op.results]
        made = builder.create(
            loop.if_, asked, types=types, regions=[Region([Block()]) for _ in op.regions]
        )
        for old, new in zip(op.regions, made.regions, strict=True):
            with builder.inside(new.block):
                self._operations(list(old.block)[:-1], builder)
                ends = self._given(old.block.terminator.operands, op.results, builder)
                builder.create(loop.yield_, ends)
        self.mapping.update(zip(op.results, made.results, strict=True))

    def _terms(self, after: Block) -> tuple[list[Value], list[Value]]:
        """What must hold for an iteration to run on: what is its own, and what is the same for all
        of the strip."""
        apart: list[Value] = []
        together: list[Value] = []
        waiting = [after.terminator.operand(0)]
        while waiting:
            term = waiting.pop()
            made = term.owner
            if term not in self.varying.values:
                together.append(term)
            elif isinstance(made, Operation) and made.name == "arith.andi" and (
                made.parent is after and len(term.uses) == 1
            ):
                self.skipped.add(made)
                waiting += reversed(made.operands)
            else:
                apart.append(term)
        return apart, together

    def _all(
        self, terms: Sequence[Value], given: Callable[[Value], Value], builder: Builder
    ) -> Value:
        """Whether all of them hold."""
        holds, *others = map(given, terms)
        for other in others:
            holds = builder.value(arith.andi, holds, other)
        return holds

    def _given(
        self, values: Sequence[Value], arguments: Sequence[Value], builder: Builder
    ) -> list[Value]:
        """The new values for what becomes arguments: vectors for those that vary."""
        return [
            self._as_vector(value, builder)
            if argument in self.varying.values
            else self._scalar(value)
            for value, argument in zip(values, arguments, strict=True)
        ]

    def _access(self, op: Operation, builder: Builder) -> None:
        self._leave(builder)
        access = Access.of(op)
        if op.definition is loop.masked_load and not self.varying.moves(op):
            self._one_element(op, access, builder)
            return
        operands = [self._subscript(v) for v in access.operands]
        results = access.results
        if any(isinstance(v.type, VectorType) for v in operands) or not self._direct(op):
            results, operands = self._indexed(access, builder)
        moved = Access.canonical(self._scalar(access.memref), results, operands)
        if op in self.varying.operations:
            made = moved.again(op, builder, lambda v: self._as_vector(v, builder), self.vector)
        else:
            made = moved.again(op, builder, self._scalar)
        if is_store(op) and op.parent is self.nest.body and self.rest is not None:
            self.stores.append(made.detach())
        self.mapping.update(zip(op.results, made.results, strict=True))

    def _one_element(self, op: Operation, access: Access, builder: Builder) -> None:
        """Load an element that is the same for all iterations, if any of them wants it."""
        mask = op.operand(0)
        if mask in self.varying.values:
            asked = builder.value(loop.any_, self._as_vector(mask, builder))
        else:
            asked = self._scalar(mask)
        type = op.result.type
        made = builder.create(
            loop.if_, asked, types=[type], regions=[Region([Block()]), Region([Block()])]
        )
        here, other = (region.block for region in made.regions)
        place = Access.canonical(
            self._scalar(access.memref), access.results, [self._scalar(v) for v in access.operands]
        )
        with builder.inside(here):
            builder.create(loop.yield_, [place.load(builder, type)])
        with builder.inside(other):
            builder.create(loop.yield_, [constant(builder, 0, type)])
        self.mapping[op.result] = made.result

    def _subscript(self, value: Value) -> Value:
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
        if op.definition is loop.doubt:
            builder.create(loop.doubt, self._as_vector(op.operand(0), builder))
            return
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
        if new.type == i1:
            return self._mask(new, builder)
        return builder.value(loop.broadcast, new, types=[self.vector(new.type)])

    def _mask(self, truth: Value, builder: Builder) -> Value:
        """A mask, every element of which is the truth value."""
        number = builder.value(arith.extui, truth, types=[i8])
        numbers = builder.value(loop.broadcast, number, types=[self.vector(i8)])
        zero = constant(builder, 0, self.vector(i8))
        return builder.value(
            arith.cmpi, numbers, zero, types=[self.vector(i1)],
            predicate=CMPI_PREDICATES.index("ne"),
        )  # fmt: skip


def _last(nest: Operation, operations: Sequence[Operation]) -> Operation:
    """The last of some operations in a loop."""
    if len(operations) == 1:
        return operations[0]
    return next(op for op in reversed(nest.body) if op in operations)
