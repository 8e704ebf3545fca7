"""Loop kernels on tensors become loop kernels over buffers.

In: a kernel marked `ordered`: `scf` on numbers and arrays that are versions of buffers (see
`arrays/versions.py`). Out: the same over memrefs: an element taken is a load, one inserted a store,
checks are exits. The one idea: a tensor of one element is a number here, loaded where it was taken,
so that what stores later cannot change it; any other tensor is the buffer that its version is of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import prod

from fleet.diagnostics import FleetError
from fleet.dialects import arith, func, linalg, loop, scf, tensor
from fleet.ir.affine import AffineConst, d
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import ELEMENTWISE, OpDef
from fleet.ir.flow import passed_operands
from fleet.ir.interfaces import CallLike
from fleet.ir.types import IntegerType, TensorType, i64, index, is_float
from fleet.passes.kernels.arrays.destinations import kept_dimensions
from fleet.passes.kernels.arrays.kept_slices import keep_slices
from fleet.passes.kernels.arrays.versions import is_array, is_single
from fleet.passes.kernels.arrays.views import Size, View
from fleet.passes.kernels.checks.failures import Service, failing_way, used_by
from fleet.passes.kernels.checks.ranges import Ranges
from fleet.passes.kernels.checks.rules import DOUBTS, RULES, WRAPS, floored, negated
from fleet.passes.kernels.lowering.exits import Exits, element_of, false_operands
from fleet.passes.kernels.lowering.near import bring_near
from fleet.passes.kernels.lowering.signature import KernelSignature
from fleet.passes.kernels.lowering.whole import WholeArrays, is_made_in


class OrderedBody:
    """One kernel's body. views: of arrays. numbers: the new values of old numbers and of tensors of
    one element. exits: where it may fail."""

    def __init__(self, signature: KernelSignature, service: Service) -> None:
        self.signature = signature
        self.old = signature.old
        self.builder = signature.builder
        self.views = signature.views
        self.numbers = signature.scalars
        self.service = service
        self.ranges = Ranges(service)
        self.counters: dict[Value, Value] = {}
        """Loops' variables as indices."""
        self.exits = Exits(signature, self.numbers, service)
        self.passed: set[Value] = set()
        """Conditions that were checked where the walk is."""
        loops = (op for op in self.old.body if op.definition in (scf.for_, scf.while_))
        nest = next(loops, self.old.body.terminator)  # folding may have left no loop
        self.arrays = WholeArrays(self, nest)

    def lower(self) -> None:
        keep_slices(self.old)
        bring_near(self.old.body, self.service)
        for value in self.signature.inputs:
            if is_single(value.type):
                self.numbers[value] = self._load(self.views[value], self._zeros(value))
        self._block(self.old.body)
        ends = self.old.body.terminator.operands
        for value, dest in zip(ends, self.signature.dests, strict=True):
            view = self.views[dest]
            if is_single(value.type):
                access = view.at([AffineConst(0)] * view.rank, [])
                access.store(self.builder, self.numbers[value])
            elif self.arrays.source(value) != view:
                self.arrays.copy(self.arrays.source(value), view)
        self.builder.create(func.return_, [])
        self.exits.provide_status()

    def raise_after(self, launch: Operation) -> None:
        self.exits.raise_after(launch)

    def _zeros(self, value: Value) -> list[Value]:
        return [self.signature.index(0)] * value.type.rank

    # -- operations

    def _block(self, block: Block) -> None:
        outside, self.passed = self.passed, set(self.passed)
        for op in block:
            if op is not block.last:
                with self.builder.at(op.location):
                    self._operation(op)
        self.passed = outside

    def _operation(self, op: Operation) -> None:
        lower = _LOWER.get(op.definition)
        if lower is not None:
            lower(self, op)
        elif CallLike.of(op) is not None:
            self._call(op)
        elif linalg.computes(op):
            self.arrays.structured(op)
        elif op.has_trait(ELEMENTWISE):
            self._arithmetic(op)
        else:
            raise FleetError(f"{op.name} has no loop form inside a kernel", op.location)

    def _number(self, value: Value) -> Value:
        return self.numbers[value]

    def _floor_divide(self, op: Operation) -> None:
        """Rounding down costs nothing where the range of what is divided says that it is not
        negative, or the divisor is a power of two."""
        ranges = [self.ranges.of(v) for v in op.operands]
        if ranges[1][0] <= 0 or WRAPS in op.attributes or op.result.type != i64:
            self._arithmetic(op)
            return
        a, b = (self._number(v) for v in op.operands)
        quotient, _ = floored(self.builder, a, b, *ranges)
        quotient.hint = op.result.hint
        self.numbers[op.result] = quotient

    def _arithmetic(self, op: Operation) -> None:
        operands = [self._number(v) for v in op.operands]
        kept = {name: each for name, each in op.attributes.items() if name != WRAPS}
        made = self.builder.insert(op.like(operands, attributes=kept))
        made.result.hint = op.result.hint
        self.numbers[op.result] = made.result
        if WRAPS in op.attributes:
            ranges = [self.ranges.of(v) for v in op.operands]
            doubt = DOUBTS[op.name]
            for sign in str(op.get(WRAPS)):
                for doubtful in doubt(self.builder, made.result, operands, ranges, sign == "u"):
                    self.builder.create(loop.doubt, doubtful)

    def _constant(self, op: Operation) -> None:
        attr = op.attributes["value"]
        type = op.result.type
        if not isinstance(type, TensorType):
            self.numbers[op.result] = self.builder.insert(op.clone()).result
            return
        assert isinstance(attr, DenseAttr)
        number = attr.value.reshape(-1)[0].item()
        made = self.builder.constant(
            number if is_float(type.element) else int(number), type.element
        )
        if is_array(op.result):
            self.arrays.splats[op.result] = made
        else:
            self.numbers[op.result] = made

    # -- elements

    def _load(self, view: View, places: Sequence[Size]) -> Value:
        return self._access(view, places).load(self.builder, view.element)

    def _access(self, view: View, places: Sequence[Size]):  # noqa: ANN202
        operands = [place for place in places if isinstance(place, Value)]
        given = iter(range(len(operands)))
        coordinates = [
            d(next(given)) if isinstance(place, Value) else AffineConst(place) for place in places
        ]
        return view.at(coordinates, operands)

    def _extract(self, op: Operation) -> None:
        source = op.operand(0)
        if source in self.numbers:
            self.numbers[op.result] = self._number(source)
        elif source in self.arrays.splats:
            self.numbers[op.result] = self.arrays.splats[source]
        else:
            places = [self.place(v) for v in op.operands[1:]]
            self.numbers[op.result] = self._load(self.views[source], places)

    def place(self, value: Value) -> Size:
        known = constant_int(value)
        return self._as_index(value) if known is None else known

    def _as_index(self, value: Value) -> Value:
        """A subscript as a sum of the loops' variables, which is what later passes look for."""
        op = value.owner
        if value in self.counters:
            return self.counters[value]
        if isinstance(op, Operation) and len(op.operands) == 2:
            offset = constant_int(op.operand(1))
            if op.name in ("arith.addi", "arith.subi") and offset is not None:
                by = self.builder.constant(-offset if op.name == "arith.subi" else offset)
                return self.builder.value(arith.addi, self._as_index(op.operand(0)), by)
        if isinstance(op, Operation) and op.name == "arith.index_cast":
            source = op.operand(0)
            if source.type in (i64, index):
                return self._as_index(source)
        return self._index(value)

    def entries(self, op: Operation, name: str) -> list[Size]:
        given = iter(op.named(name))
        return [
            self.place(next(given)) if entry == tensor.DYNAMIC else entry
            for entry in op.get(f"static_{name}")
        ]

    def _slice(self, op: Operation) -> None:
        source = op.operand(0)
        if source in self.numbers:
            self.numbers[op.result] = self._number(source)
        elif source in self.arrays.splats:
            made = self.arrays.splats[source]
            kept = self.numbers if is_single(op.result.type) else self.arrays.splats
            kept[op.result] = made
        elif is_single(op.result.type):
            places = self.entries(op, "offsets")
            self.numbers[op.result] = self._load(self.views[source], places)
        else:
            self.views[op.result] = self.sliced(op, self.views[source], op.result.type)

    def sliced(self, op: Operation, view: View, type: TensorType) -> View:
        offsets, sizes, strides = (
            self.entries(op, name) for name in ("offsets", "sizes", "strides")
        )
        return view.sliced(offsets, sizes, strides, kept_dimensions(op, type))

    def _insert(self, op: Operation) -> None:
        places = [self.place(v) for v in op.operands[2:]]
        self._store(op, places)

    def _insert_slice(self, op: Operation) -> None:
        if is_single(op.operand(0).type) or is_single(op.operand(1).type):
            self._store(op, self.entries(op, "offsets"))
        else:
            self.arrays.insert_slice(op)

    def _store(self, op: Operation, places: Sequence[Size]) -> None:
        """One number into an array, or in the place of another one."""
        number, dest = self._number(op.operand(0)), op.operand(1)
        if is_single(dest.type):
            self.numbers[op.result] = number
            return
        view = self.arrays.place(dest, op, needed=True)
        self._access(view, places).store(self.builder, number)
        self.views[op.result] = view

    def _same(self, op: Operation) -> None:
        """Another type of the same data."""
        source = op.operand(0)
        if is_array(op.result):
            self._array(op)
        elif source in self.numbers:
            self.numbers[op.result] = self._number(source)
        elif source in self.arrays.splats:
            self.numbers[op.result] = self.arrays.splats[source]
        else:
            self.numbers[op.result] = self._load(self.views[source], self._zeros(source))

    def _array(self, op: Operation) -> None:
        if op.definition is tensor.from_elements:
            self.arrays.from_elements(op)
        elif op.definition is tensor.splat:
            self.arrays.splat(op)
        else:
            self.arrays.reshape(op)

    def _empty(self, op: Operation) -> None:
        if is_single(op.result.type):
            element = op.result.type.element
            self.numbers[op.result] = self.builder.constant(0, element)

    def _fill(self, op: Operation) -> None:
        if is_single(op.result.type):
            self.numbers[op.result] = self._number(op.operand(0))
        else:
            self.arrays.fill(op)

    def product(self, sizes: Sequence[Size]) -> Size:
        known = prod(size for size in sizes if isinstance(size, int))
        dynamic = [size for size in sizes if not isinstance(size, int)]
        if not dynamic or known == 0:
            return known
        total = dynamic[0]
        for other in [*dynamic[1:], *([self.signature.index(known)] if known != 1 else [])]:
            total = self.builder.value(arith.muli, total, other)
        return total

    def _dim(self, op: Operation) -> None:
        axis = constant_int(op.operand(1))
        source = op.operand(0)
        assert axis is not None
        size: Size = 1 if is_single(source.type) else self.arrays.sizes(source)[axis]
        self.numbers[op.result] = self.signature.index(size)

    # -- control flow

    def _bind(
        self, values: Sequence[Value], made: Sequence[Value], places: Sequence[View | None]
    ) -> None:
        """Values that take others' places: arrays their views, numbers what was made for them."""
        numbers = iter(made)
        for value, view in zip(values, places, strict=True):
            if is_array(value):
                assert view is not None
                self.views[value] = view
            else:
                self.numbers[value] = next(numbers)
                self.numbers[value].hint = value.hint

    def _plain(self, values: Sequence[Value]) -> list[Value]:
        """The numbers among the values."""
        return [self._number(v) for v in values if not is_array(v)]

    def _for(self, op: Operation) -> None:
        lower, upper, step = op.operands[:3]
        given = op.operands[3:]
        inits = self._plain(given)
        places = self.arrays.entered(op, passed_operands(op))
        made = loop.for_loop(
            self.builder, self._index(lower), self._index(upper), inits, step=constant_int(step)
        )
        self.arrays.room.begin(made)
        variable, *arguments = op.body.arguments
        ends = op.body.terminator.operands
        with self.builder.inside(made.body):
            counter = loop.induction_variable(made)
            counter.hint = variable.hint
            self.counters[variable] = counter
            if isinstance(variable.type, IntegerType):
                counter = self.builder.value(arith.index_cast, counter, types=[variable.type])
            self.numbers[variable] = counter
            self._bind(arguments, loop.iteration_arguments(made), places)
            self.arrays.carriers.update(zip(ends, arguments, strict=True))
            self._block(op.body)
            self.arrays.passed_on(ends, places)
            self.builder.create(loop.yield_, self._plain(ends))
        self._bind(op.results, made.results, places)

    def _index(self, value: Value) -> Value:
        return self.as_size(self._number(value))

    def as_size(self, number: Value) -> Value:
        if number.type == index:
            return number
        return self.builder.value(arith.index_cast, number, types=[index])

    def _while(self, op: Operation) -> None:
        before, after = (region.block for region in op.regions)
        forwarded = before.terminator.operands[1:]
        ends = after.terminator.operands
        inits = self._plain(op.operands)
        places = self.arrays.entered(op, passed_operands(op))
        types = [element_of(v) for v in forwarded if not is_array(v)]
        first, second = Block([v.type for v in inits]), Block(types)
        made = loop.while_(inits, types=types, regions=[Region([first]), Region([second])])
        self.builder.insert(made)
        self.arrays.room.begin(made)
        with self.builder.inside(first):
            self._bind(before.arguments, first.arguments, places)
            self._block(before)
            holds = self._number(before.terminator.operand(0))
            self.arrays.forwarded(op, before.terminator)
            self.builder.create(loop.condition, holds, self._plain(forwarded))
        middle = [self._of_known_sizes(v, op, places) for v in forwarded]
        with self.builder.inside(second):
            self._bind(after.arguments, second.arguments, middle)
            self.arrays.carriers.update(zip(ends, before.arguments, strict=True))
            self._block(after)
            self.arrays.passed_on(ends, places)
            self.builder.create(loop.yield_, self._plain(ends))
        self._bind(op.results, made.results, middle)

    def _of_known_sizes(
        self, value: Value, op: Operation, places: Sequence[View | None]
    ) -> View | None:
        """What a while loop hands on, with sizes from before the loop, which it keeps."""
        if not is_array(value):
            return None
        dims, view = self.signature.dims, self.views[value]
        for init, place in zip(op.operands, places, strict=True):
            if place is not None and dims.shape(init) == dims.shape(value):
                return replace(view, sizes=place.sizes)
        return view

    def _if(self, op: Operation) -> None:
        """The regions first, then the operation, whose results they decide."""
        condition = self._number(op.operand(0))
        failing = failing_way(op, self.service)
        if failing is not None:
            self._fail_or(op, condition, failing)
            return
        regions = [Region([Block()]) if region.blocks else Region() for region in op.regions]
        blocks = [region.block for region in regions if region.blocks]
        olds = [region.block for region in op.regions if region.blocks]
        for block, old in zip(blocks, olds, strict=True):
            with self.builder.inside(block):
                self._block(old)
        branches = [
            Branches(self, op, number, blocks) for number, r in enumerate(op.results) if is_array(r)
        ]
        ends: list[list[Value]] = []
        for way, (block, old) in enumerate(zip(blocks, olds, strict=True)):
            with self.builder.inside(block):
                given = self._plain(old.terminator.operands)
                for branch in branches:
                    given += branch.end(way)
                self.builder.create(loop.yield_, given)
                ends.append(given)
        made = loop.if_(condition, types=[v.type for v in ends[0]], regions=regions)
        self.builder.insert(made)
        numbers = [r for r in op.results if not is_array(r)]
        self._bind(numbers, made.results[: len(numbers)], [None] * len(numbers))
        rest = iter(made.results[len(numbers) :])
        for branch in branches:
            self.views[branch.result] = branch.after(rest)

    def _fail_or(self, op: Operation, condition: Value, failing: int) -> None:
        """A branch that raises on one way: what the other does, after a check."""
        noted = used_by(op.regions[failing].block)
        failed = condition if failing == 0 else negated(self.builder, condition)
        self.exits.leave_if(failed, op, noted)
        other = op.regions[1 - failing]
        if not other.blocks:
            return
        self._block(other.block)
        for result, value in zip(op.results, other.block.terminator.operands, strict=True):
            for known in (self.views, self.numbers, self.arrays.splats):
                if value in known:
                    known[result] = known[value]

    # -- checks

    def _call(self, op: Operation) -> None:
        if not op.results:
            if op.operand(0) in self.passed:
                return
            self.passed.add(op.operand(0))
        rule = RULES[self.service(str(op.get("callee"))) or ""]
        operands = [self._number(v) for v in op.operands]
        answer = rule(self.builder, operands, [self.ranges.of(v) for v in op.operands])
        for failed in answer.failed:
            self.exits.leave_if(failed, op, op.operands[false_operands(op) :])
        if answer.result is not None:
            self.numbers[op.result] = answer.result

class Branches:
    """One array that a branch gives: where both ways leave it."""

    def __init__(
        self, body: OrderedBody, op: Operation, number: int, blocks: Sequence[Block]
    ) -> None:
        self.arrays = body.arrays
        self.index = body.signature.index
        self.result = op.results[number]
        self.values = [region.block.terminator.operand(number) for region in op.regions]
        self.view = self.arrays.joined(op, number, blocks)
        self.kept = self.arrays.kept(op, number, blocks) if self.view is None else None
        in_place = self.view is not None or self.kept is not None
        self.memref = None if in_place else self.arrays.room.buffer(self.result)
        sizes = [self.arrays.sizes(value) for value in self.values]
        self.sizes = sizes[0]
        shown = [
            isinstance(size, Value) and is_made_in(size, blocks) for each in sizes for size in each
        ]
        dynamic = [axis for axis, size in enumerate(sizes[0]) if isinstance(size, Value)]
        self.told = dynamic if any(shown) else []
        """The axes whose sizes are given beside the array, being made inside."""

    def end(self, way: int) -> list[Value]:
        """What is given at the end of one way, the array brought to its place."""
        value = self.values[way]
        sizes = self.arrays.sizes(value)
        source = self.arrays.source(value)
        if self.kept is not None and source is not self.kept:
            self.arrays.copy(source, self.kept)
        if self.memref is not None:
            target = self.arrays.room.part_of(self.memref, self.result, sizes)
            self.arrays.copy(source, target)
        return [self.index(sizes[axis]) for axis in self.told]

    def after(self, given: Iterator[Value]) -> View:
        sizes = list(self.sizes)
        for axis in self.told:
            sizes[axis] = next(given)
        view = self.view or self.kept
        if view is not None:
            return replace(view, sizes=tuple(sizes))
        assert self.memref is not None
        return self.arrays.room.part_of(self.memref, self.result, sizes)


_LOWER: dict[OpDef, Callable[[OrderedBody, Operation], None]] = {
    scf.for_: OrderedBody._for,
    scf.while_: OrderedBody._while,
    scf.if_: OrderedBody._if,
    arith.constant: OrderedBody._constant,
    arith.floordivsi: OrderedBody._floor_divide,
    tensor.extract: OrderedBody._extract,
    tensor.insert: OrderedBody._insert,
    tensor.extract_slice: OrderedBody._slice,
    tensor.insert_slice: OrderedBody._insert_slice,
    tensor.from_elements: OrderedBody._same,
    tensor.splat: OrderedBody._same,
    tensor.cast: OrderedBody._same,
    tensor.collapse_shape: OrderedBody._same,
    tensor.expand_shape: OrderedBody._same,
    tensor.dim: OrderedBody._dim,
    tensor.empty: OrderedBody._empty,
    linalg.fill: OrderedBody._fill,
}
"""How operations become loops over buffers, arithmetic and calls apart."""
