"""Sums in NumPy's pairwise order as loops that run in strips of any length.

In: a structured operation that sums along one dimension, its operands' views. Out: loops over
scratch buffers. The order, for n = 8 q + rest terms: halves, the first rounded down to a multiple
of 8, until a part has up to 128 terms (a leaf); in a leaf eight running sums, added as
((0+1)+(2+3))+((4+5)+(6+7)), then the rest, one by one. Of the parts of complex numbers the same
with 4 in the place of 8, and 64 terms.

The one idea: all running sums of all leaves of all rows are independent of one another, so they are
the iterations of one parallel loop (a lane each), and adding up is log2 steps of neighbours in
pairs. Leaves differ by 8 terms at most: at a depth d, part i has (q + reversed bits of i) >> d
times 8. Only where that is 16 for some and 17 for others some of the parts are leaves and some not;
then a lane keeps two running sums, of which the second begins afresh in parts that are halved.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fleet.dialects import arith, linalg, loop
from fleet.dialects.loop.access import Access
from fleet.ir.affine import AffineConst, AffineExpr, AffineMap, d, dims_of
from fleet.ir.builder import Builder
from fleet.ir.core import Value
from fleet.ir.mapping import IRMapping
from fleet.ir.types import MemRefType, TensorType
from fleet.passes.kernels.arrays.arithmetic import Arithmetic
from fleet.passes.kernels.arrays.views import Size, View
from fleet.passes.kernels.lowering.nest import Nest

UNITS = 16
"""Units of as many terms as there are running sums that are not halved any more: of eight, or of
four in sums of complex numbers."""
MOST_UNROLLED = 64
"""Operations of a lane's terms that are written out one after the other."""


@dataclass
class Shape:
    """How n terms are parted. depth: how often they are halved, to 2**depth parts; units: the
    smallest part's eights of terms; uneven: whether others have one more; halves: whether some
    parts are halved once more than others (True, False, or a value)."""

    units_of_all: Size
    rest: Size
    depth: Size
    units: Size
    uneven: bool | Value
    halves: bool | Value

    @staticmethod
    def of(a: Arithmetic, n: Size, bits: int) -> Shape:
        """bits: of the number of running sums."""
        q, rest = a.down(n, bits), a.both(n, (1 << bits) - 1)
        depth: Size = 0
        if isinstance(q, int):
            while q >> depth > UNITS:
                depth += 1
        else:
            for step in (32, 16, 8, 4, 2, 1):
                reached = a.down(q, a.add(depth, step - 1))
                depth = a.add(depth, a.choose(a.above(reached, UNITS), step, 0))
        units = a.down(q, depth)
        extra = a.both(q, a.sub(a.up(1, depth), 1))
        uneven = a.above(extra, 0)
        largest = a.add(units, a.choose(uneven, 1, 0))
        halves = a.above(a.add(a.mul(largest, 1 << bits), rest), UNITS << bits)
        return Shape(q, rest, depth, units, uneven, halves)


@dataclass
class Pairwise:
    """One sum being written. nest: the operation's form and operands, its output's loops."""

    nest: Nest
    scratch: Callable[[TensorType, Sequence[Size]], View]
    sizes: Sequence[Size]
    loaded: dict[int, Value] = field(default_factory=dict)

    def write(self, builder: Builder) -> None:
        self.builder, self.a = builder, Arithmetic(builder)
        form = self.nest.form
        self.nest.builder = builder
        self.parallel = [n for n, k in enumerate(form.iterators) if k == linalg.PARALLEL]
        (self.reduced,) = (n for n, k in enumerate(form.iterators) if k != linalg.PARALLEL)
        self.element = form.body.arguments[-1].type
        a = self.a
        self.rows: Size = 1
        for dim in self.parallel:
            self.rows = a.mul(self.rows, self.sizes[dim])
        self.bits = 2 if form.sum_order == linalg.PAIRWISE_PARTS else 3
        self.width = width = 1 << self.bits
        self.shape = Shape.of(a, self.sizes[self.reduced], self.bits)
        self.leaves = a.up(self.rows, self.shape.depth)
        self.lanes = a.mul(self.leaves, width)
        sizes = self.lanes, a.mul(self.leaves, width // 2)
        self.sums = [self._buffer(size) for size in sizes]
        self.first_halves = None
        if self.shape.halves is not False:
            self.first_halves = [self._buffer(size) for size in sizes]
        self.flat = {n: self._flat_input(n) for n in range(len(self.nest.inputs))}
        self._running_sums()
        if self.shape.rest == 0 and self.shape.halves is False:
            self._add_levels(self.sums, self.rows, self.shape.depth + self.bits)
        else:
            self._add_levels(self.sums, self.leaves, self.bits)
            if self.first_halves is not None:
                some = a.choose(self.shape.halves, self.leaves, 0)
                self._add_levels(self.first_halves, some, self.bits)
            self._add_rest()
            if self.first_halves is not None:
                self._add_first_halves()
            self._add_leaves()
        self._store()

    def _flat(self, row: Size, number: Size) -> list[tuple[int, Size]]:
        """The place of a row's term where all rows lie one after the other."""
        if not self.parallel:
            return [(1, number)]
        place = self.a.add(self.a.mul(row, self.sizes[self.reduced]), number)
        return [(1, place if isinstance(place, int) else self.a.whole(place))]

    def _flat_input(self, number: int) -> Value | None:
        """An input as one row of all its elements, if its rows lie one after the other."""
        source, map = self.nest.inputs[number], self.nest.form.maps[number]
        order = [*self.parallel, self.reduced]
        if not isinstance(source, View) or source.operands or not source.memref.type.rank:
            return None
        whole = View.whole(source.memref, source.sizes)
        dims = [d(dim) for dim in order]
        if source != whole or list(map.results) != dims:
            return None
        type = source.memref.type
        count = None if None in type.shape else math.prod(type.shape)
        return self.builder.value(
            loop.flat, source.memref, types=[MemRefType((count,), type.element)]
        )

    def _buffer(self, size: Size) -> View:
        return self.scratch(TensorType((None,), self.element), [size])

    def _loop(
        self, count: Size, body: Callable[..., Sequence[Value] | None], *inits: Value,
        start: Size = 0, iterator: str | None = None,
    ) -> list[Value]:  # fmt: skip
        """A loop over a range, `body` given the variable and what is carried."""
        lower, upper = self.a.value(start), self.a.value(count)
        made = loop.for_loop(self.builder, lower, upper, inits, iterator=iterator)
        with self.builder.inside(made.body):
            carried = loop.iteration_arguments(made)
            results = body(loop.induction_variable(made), *carried)
            self.builder.create(loop.yield_, list(results or ()))
        return list(made.results)

    def _parallel(self, count: Size, body: Callable[[Value], None]) -> None:
        self._loop(count, body, iterator=linalg.PARALLEL)

    def _load(self, view: View, *terms: tuple[int, Size]) -> Value:
        """The element whose number is the sum of multiples of values."""
        return self._place(view, terms).load(self.builder, self.element)

    def _place(self, view: View, terms: Sequence[tuple[int, Size]]) -> Access:
        expr, operands = self._sum(terms)
        return view.at([expr], operands)

    @staticmethod
    def _sum(terms: Sequence[tuple[int, Size]], first: int = 0) -> tuple[AffineExpr, list[Value]]:
        total: AffineExpr | int = 0
        operands: list[Value] = []
        for factor, size in terms:
            if isinstance(size, int):
                total = total + factor * size
            else:
                total = d(first + len(operands)) * factor + total
                operands.append(size)
        return (total if not isinstance(total, int) else AffineConst(total)), operands

    # -- the terms

    def _coordinates(self, row: Value) -> list[Size]:
        """The parallel subscripts of a row."""
        a, found = self.a, []
        for dim in reversed(self.parallel):
            last = dim == self.parallel[0]
            found.append(row if last else a.rem(row, self.sizes[dim]))
            row = row if last else a.div(row, self.sizes[dim])
        return found[::-1]

    def _term(self, row: list[Size], first: Size, *terms: tuple[int, Size]) -> Value:
        """One term of a row, its number `first` and a sum of multiples."""
        nest, form = self.nest, self.nest.form
        for number in range(len(nest.inputs)):
            if self._depends(number) or number not in self.loaded:
                self.loaded[number] = self._input(number, row, first, terms)
        mapping = IRMapping(nest.scalars)
        mapping.update(
            (argument, self.loaded[number])
            for number, argument in enumerate(form.body.arguments[:-1])
        )
        total = form.body.terminator.operand(0).owner
        for op in form.body:
            if op is total:
                break
            nest.compute(op, mapping, lambda dim: self._index(dim, row, [(1, first), *terms]))
        (term,) = (v for v in total.operands if v is not form.body.arguments[-1])
        return mapping.of(term)

    def _depends(self, number: int) -> bool:
        """Whether an input differs between the terms of a row."""
        results = self.nest.form.maps[number].results
        return any(self.reduced in dims_of(expr) for expr in results)

    def _preload(self, row: list[Size]) -> None:
        """Load what is the same for all terms of a row."""
        self.loaded = {}
        for number in range(len(self.nest.inputs)):
            if not self._depends(number):
                self.loaded[number] = self._input(number, row, 0, [])

    def _input(
        self, number: int, row: list[Size], first: Size, terms: Sequence[tuple[int, Size]]
    ) -> Value:
        source = self.nest.inputs[number]
        if isinstance(source, Value):
            return source
        flat = self.flat.get(number)
        if flat is not None:
            expr, operands = self._sum([*self.flat_first, *terms])
            return Access.canonical(flat, [expr], operands).load(self.builder, source.element)
        terms = [(1, first), *terms]
        operands: list[Value] = []
        coordinates: list[AffineExpr] = []
        for dim in range(len(self.nest.form.iterators)):
            parts = terms if dim == self.reduced else [(1, row[self.parallel.index(dim)])]
            expr, used = self._sum(parts, len(operands))
            operands += used
            coordinates.append(expr)
        inside = AffineMap(len(operands), tuple(coordinates))
        results = self.nest.form.maps[number].compose(inside).results
        return source.at(results, operands).load(self.builder, source.element)

    def _index(self, dim: int, row: list[Size], terms: Sequence[tuple[int, Size]]) -> Value:
        if dim != self.reduced:
            return self.a.value(row[self.parallel.index(dim)])
        total: Size = 0
        for factor, size in terms:
            total = self.a.add(total, self.a.mul(factor, size))
        return self.a.value(total)

    def _minus_zero(self) -> Value:
        return self.builder.constant(-0.0, self.element)

    def _add(self, x: Value, y: Value) -> Value:
        return self.builder.value(arith.addf, x, y)

    # -- the steps

    def _part(self, number: Size) -> tuple[Size, Size]:
        """(first unit, units) of a part, by its number."""
        a, shape = self.a, self.shape
        if shape.uneven is False:
            return a.mul(number, shape.units), shape.units

        def halve(level: Size, start: Size, units: Size) -> tuple[Size, Size]:
            bit = a.both(a.down(number, a.sub(a.sub(shape.depth, 1), level)), 1)
            half = a.down(units, 1)
            start = a.add(start, a.mul(bit, half))
            return start, a.add(half, a.both(a.both(units, 1), bit))

        start, units = 0, shape.units_of_all
        if isinstance(shape.depth, int):
            for level in range(shape.depth):
                start, units = halve(level, start, units)
            return start, units
        zero = a.value(a.mul(number, 0)) if not isinstance(number, int) else a.value(0)
        all_units = a.value(units)
        made = self._loop(
            shape.depth,
            lambda level, s, u: [a.value(v) for v in halve(level, s, u)],
            zero, all_units,
        )  # fmt: skip
        return made[0], made[1]

    def _running_sums(self) -> None:
        """The running sums of every lane: its eighth of a part of a row."""
        self._parallel(self.lanes, self._lane)

    def _lane(self, lane: Value) -> None:
        a, shape, width = self.a, self.shape, self.width
        part = a.down(lane, self.bits)
        row = self._coordinates(a.down(part, shape.depth)) if self.parallel else []
        self._preload(row)  # first, so that few vectors are alive at once
        number = a.rem(part, a.up(1, shape.depth))
        unit, units = self._part(number)
        first = a.beside(a.mul(unit, width), a.both(lane, width - 1))
        if shape.uneven is False and shape.rest == 0 and isinstance(shape.units, int):
            # 8 units part + lane mod 8; a difference, since subscripts take sums apart, and each of
            # the terms would be a vector that is kept
            self.flat_first = [(1, a.sub(lane, a.mul(part, width * (1 - shape.units))))]
        else:
            self.flat_first = self._flat(a.down(part, shape.depth), first)
        total = self._minus_zero()
        done: Size = 0
        if self.first_halves is not None:
            done = a.least(shape.units, UNITS // 2)
            total = self._chain(total, row, first, 0, done)
            halved = self._is_halved(number, units)
            half = self._where(halved, total, self._minus_zero())
            self._place(self.first_halves[0], [(1, lane)]).store(self.builder, half)
            total = self._where(halved, self._minus_zero(), total)
        total = self._chain(total, row, first, done, shape.units)
        if shape.uneven is not False:
            total = self._last(total, row, first, units)
        self._place(self.sums[0], [(1, lane)]).store(self.builder, total)

    def _chain(
        self, total: Value, row: list[Size], first: Size, start: Size, stop: Size
    ) -> Value:
        """The running sum after the terms `first + 8 t`."""
        work = sum(op.name != "arith.constant" for op in self.nest.form.body) + 1
        known = isinstance(start, int) and isinstance(stop, int)
        if known and (stop - start) * work <= MOST_UNROLLED:
            for t in range(start, stop):
                term = self._term(row, first, (self.width, t))
                total = self._add(total, term) if t else term  # -0.0 + term is the term
            return total
        (total,) = self._loop(
            stop,
            lambda t, carried: [self._add(carried, self._term(row, first, (self.width, t)))],
            total,
            start=start,
        )
        return total

    def _last(self, total: Value, row: list[Size], first: Size, units: Size) -> Value:
        """One more term in parts that are longer than the smallest."""
        shape, a = self.shape, self.a
        longer = a.above(units, shape.units)
        count = a.choose(shape.uneven, 1, 0)

        def step(zero: Size, carried: Value) -> list[Value]:
            # with the loop's variable, lest the term be loaded where there is no such loop
            more = self._add(carried, self._term(row, first, (self.width, shape.units), (1, zero)))
            return [self._where(longer, more, carried)]

        if count == 1:
            return step(0, total)[0]
        return self._loop(count, step, total)[0]

    def _is_halved(self, number: Size, units: Size) -> bool | Value:
        """Whether a part has more terms than a leaf; the rest belongs to the last part."""
        a, shape = self.a, self.shape
        last = a.above(a.add(number, 2), a.up(1, shape.depth))
        rest = a.choose(last, shape.rest, 0)
        return a.above(a.add(a.mul(units, self.width), rest), UNITS << self.bits)

    def _where(self, condition: bool | Value, x: Value, y: Value) -> Value:
        if isinstance(condition, bool):
            return x if condition else y
        return self.builder.value(arith.select, condition, x, y, types=[self.element])

    def _add_levels(self, buffers: list[View], wanted: Size, levels: int) -> None:
        """Neighbours in pairs, so often that as many sums are left as are wanted, in the first
        buffer; two levels at a time."""
        while levels:
            step = min(levels, 2)
            levels -= step
            self._pairs(*buffers, self.a.up(wanted, levels), step)
            buffers.reverse()

    def _pairs(self, source: View, target: View, count: Size, levels: int = 1) -> None:
        """So many sums of 2**levels neighbours."""
        width = 1 << levels

        def body(i: Value) -> None:
            terms = [self._load(source, (width, i), (1, place)) for place in range(width)]
            while len(terms) > 1:
                terms = [self._add(*terms[at : at + 2]) for at in range(0, len(terms), 2)]
            self._place(target, [(1, i)]).store(self.builder, terms[0])

        self._parallel(count, body)

    def _add_rest(self) -> None:
        """What is left of a row when it is cut into eights, to its last part."""
        a, shape = self.a, self.shape
        if shape.rest == 0:
            return
        start = a.mul(shape.units_of_all, self.width)
        parts = a.up(1, shape.depth)

        def body(row: Value) -> None:
            place = self._place(self.sums[0], [(1, a.add(a.mul(row, parts), a.sub(parts, 1)))])
            coordinates = self._coordinates(row) if self.parallel else []
            self.flat_first = self._flat(row, start)
            self._preload(coordinates)
            total = place.load(self.builder, self.element)

            def step(t: Value, carried: Value) -> list[Value]:
                return [self._add(carried, self._term(coordinates, start, (1, t)))]

            (total,) = self._loop(shape.rest, step, total)
            place.store(self.builder, total)

        self._parallel(self.rows, body)

    def _add_first_halves(self) -> None:
        assert self.first_halves is not None
        first, second = self.first_halves[0], self.sums[0]

        def body(i: Value) -> None:
            whole = self._add(self._load(first, (1, i)), self._load(second, (1, i)))
            self._place(second, [(1, i)]).store(self.builder, whole)

        self._parallel(self.a.choose(self.shape.halves, self.leaves, 0), body)

    def _add_leaves(self) -> None:
        """The parts of each row, in pairs."""
        a, shape = self.a, self.shape
        if isinstance(shape.depth, int):
            self._add_levels(self.sums, self.rows, shape.depth)
            return
        # An even number of steps, of which the last may only copy.
        source, target = self.sums

        def copy(i: Value) -> None:
            self._place(source, [(1, i)]).store(self.builder, self._load(target, (1, i)))

        def two(step: Value) -> None:
            done = a.mul(step, 2)
            left = a.sub(shape.depth, done)
            self._pairs(source, target, a.up(self.rows, a.sub(left, 1)))
            more = a.above(left, 1)
            self._pairs(target, source, a.choose(more, self._shifted(left, 2), 0))
            self._parallel(a.choose(more, 0, self.rows), copy)

        self._loop(a.down(a.add(shape.depth, 1), 1), two)

    def _shifted(self, left: Size, less: int) -> Size:
        """rows << (left - less), or rows where that is negative."""
        a = self.a
        count = a.sub(left, less)
        return a.up(self.rows, a.choose(a.above(count, 0), count, 0))

    def _store(self) -> None:
        """The sums to where they belong, added to what they start from."""
        nest = self.nest
        (output,) = nest.outputs
        (init,) = nest.inits
        map = nest.form.maps[-1]

        def level(place: int, number: Size, variables: list[Value]) -> None:
            if place == len(self.parallel):
                every: list[AffineExpr] = [AffineConst(0)] * len(nest.form.iterators)
                for at, dim in enumerate(self.parallel):
                    every[dim] = d(at)
                inside = AffineMap(len(variables), tuple(every))
                access = output.at(map.compose(inside).results, variables)
                start = init or access.load(self.builder, self.element)
                total = self._add(start, self._load(self.sums[0], (1, number)))
                access.store(self.builder, total)
                return
            dim = self.parallel[place]
            self._parallel(
                self.sizes[dim],
                lambda i: level(
                    place + 1,
                    self.a.add(self.a.mul(number, self.sizes[dim]), i),
                    [*variables, i],
                ),
            )

        level(0, 0, [])

