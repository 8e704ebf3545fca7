"""Loop kernels on tensors become loop kernels over buffers.

In: a kernel marked `ordered`: `scf` on numbers and arrays that are versions of buffers (see
`versions.py`). Out: the same over memrefs: an element taken is a load, one inserted a store, checks
are exits. The one idea: a tensor of one element is a number here, loaded where it was taken, so
that what stores later cannot change it; any other tensor is the buffer that its version is of.

A check that fails gives a number (`Site`) and its operands in the buffer `status`; the schedule
makes the call that the number stands for, which raises the error at its place in the program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from fleet.diagnostics import FleetError
from fleet.dialects import arith, func, loop, scf, tensor
from fleet.ir.affine import AffineConst, d
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import DenseAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Region, Value
from fleet.ir.definition import ELEMENTWISE, OpDef
from fleet.ir.interfaces import CallLike
from fleet.ir.types import IntegerType, MemRefType, TensorType, i1, i64, index, is_float
from fleet.passes.kernels.checks import DOUBTS, RULES, WRAPS, integer_compare
from fleet.passes.kernels.destinations import kept_dimensions
from fleet.passes.kernels.ranges import Ranges
from fleet.passes.kernels.signature import KernelSignature
from fleet.passes.kernels.versions import is_array, is_single
from fleet.passes.kernels.views import Size, View

STATUS = "status"


@dataclass(frozen=True)
class Site:
    """A call that may raise: what is called, where in the program, with which types."""

    call: Operation
    code: int


class OrderedBody:
    """One kernel's body. views: of arrays. numbers: the new values of old numbers and of tensors of
    one element. sites: the calls that may raise."""

    def __init__(self, signature: KernelSignature, service: Callable[[str], str | None]) -> None:
        self.signature = signature
        self.old = signature.old
        self.builder = signature.builder
        self.views = signature.views
        self.numbers = signature.scalars
        self.service = service
        self.ranges = Ranges(service)
        self.counters: dict[Value, Value] = {}
        """Loops' variables as indices."""
        self.sites: dict[object, Site] = {}
        self.exits: list[tuple[Operation, int]] = []
        self.passed: set[Value] = set()
        """Conditions that were checked where the walk is."""

    def lower(self) -> None:
        for value in self.signature.inputs:
            if is_single(value.type):
                self.numbers[value] = self._load(self.views[value], self._zeros(value))
        self._block(self.old.body)
        ends = self.old.body.terminator.operands
        for value, dest in zip(ends, self.signature.dests, strict=True):
            if is_single(value.type):
                view = self.views[dest]
                access = view.at([AffineConst(0)] * view.rank, [])
                access.store(self.builder, self.numbers[value])
        self.builder.create(func.return_, [])
        self._provide_status()

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
        elif op.has_trait(ELEMENTWISE):
            self._arithmetic(op)
        else:
            raise FleetError(f"{op.name} has no loop form inside a kernel", op.location)

    def _number(self, value: Value) -> Value:
        return self.numbers[value]

    def _arithmetic(self, op: Operation) -> None:
        operands = [self._number(v) for v in op.operands]
        kept = {name: each for name, each in op.attributes.items() if name != WRAPS}
        made = self.builder.insert(op.like(operands, attributes=kept))
        made.result.hint = op.result.hint
        self.numbers[op.result] = made.result
        if WRAPS in op.attributes:
            ranges = [self.ranges.of(v) for v in op.operands]
            for doubtful in DOUBTS[op.name](self.builder, made.result, operands, ranges):
                self.builder.create(loop.doubt, doubtful)

    def _constant(self, op: Operation) -> None:
        attr = op.attributes["value"]
        type = op.result.type
        if not isinstance(type, TensorType):
            self.numbers[op.result] = self.builder.insert(op.clone()).result
            return
        assert isinstance(attr, DenseAttr)
        number = attr.value.reshape(-1)[0].item()
        self.numbers[op.result] = self.builder.constant(
            number if is_float(type.element) else int(number), type.element
        )

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
        if is_single(source.type):
            self.numbers[op.result] = self._number(source)
        else:
            places = [self._place(v) for v in op.operands[1:]]
            self.numbers[op.result] = self._load(self.views[source], places)

    def _place(self, value: Value) -> Size:
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

    def _entries(self, op: Operation, name: str) -> list[Size]:
        given = iter(op.named(name))
        return [
            self._place(next(given)) if entry == tensor.DYNAMIC else entry
            for entry in op.get(f"static_{name}")
        ]

    def _slice(self, op: Operation) -> None:
        source = op.operand(0)
        if is_single(source.type):
            self.numbers[op.result] = self._number(source)
        elif is_single(op.result.type):
            places = self._entries(op, "offsets")
            self.numbers[op.result] = self._load(self.views[source], places)
        else:
            offsets, sizes, strides = (
                self._entries(op, name) for name in ("offsets", "sizes", "strides")
            )
            kept = kept_dimensions(op, op.result.type)
            self.views[op.result] = self.views[source].sliced(offsets, sizes, strides, kept)

    def _insert(self, op: Operation) -> None:
        number, dest = self._number(op.operand(0)), op.operand(1)
        if is_single(dest.type):
            self.numbers[op.result] = number
            return
        places = [self._place(v) for v in op.operands[2:]]
        self._access(self.views[dest], places).store(self.builder, number)
        self.views[op.result] = self.views[dest]

    def _insert_slice(self, op: Operation) -> None:
        number, dest = self._number(op.operand(0)), op.operand(1)
        if is_single(dest.type):
            self.numbers[op.result] = number
            return
        places = self._entries(op, "offsets")
        self._access(self.views[dest], places).store(self.builder, number)
        self.views[op.result] = self.views[dest]

    def _same(self, op: Operation) -> None:
        """Another type of the same data."""
        source = op.operand(0)
        if is_array(op.result):
            self.views[op.result] = self._reshaped(op, self.views[source])
        elif source in self.numbers:
            self.numbers[op.result] = self._number(source)
        else:
            self.numbers[op.result] = self._load(self.views[source], self._zeros(source))

    def _reshaped(self, op: Operation, view: View) -> View:
        """A whole buffer with other dimensions."""
        if op.definition is tensor.cast:
            return view
        type = op.result.type
        sizes: list[Size] = []
        if op.definition is tensor.expand_shape:
            given = iter(op.operands[1:])
            sizes = [self._place(next(given)) if dim is None else dim for dim in type.shape]
        else:
            for group in tensor.reassociation_of(op):
                sizes.append(self._product([view.sizes[axis] for axis in group]))
        dynamic = [
            self.signature.index(size)
            for size, dim in zip(sizes, type.shape, strict=True)
            if dim is None
        ]
        memref = MemRefType(type.shape, type.element)
        made = self.builder.value(loop.buffer, view.memref, dynamic, types=[memref])
        return View.whole(made, sizes)

    def _product(self, sizes: Sequence[Size]) -> Size:
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
        size: Size = 1 if is_single(source.type) else self.views[source].sizes[axis]
        self.numbers[op.result] = self.signature.index(size)

    # -- control flow

    def _bind(self, values: Sequence[Value], given: Sequence[Value], made: Sequence[Value]) -> None:
        """Values that take others' places: arrays their views, numbers what was made for them."""
        numbers = iter(made)
        for value, source in zip(values, given, strict=True):
            if is_array(value):
                self.views[value] = self.views[source]
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
        made = loop.for_loop(
            self.builder, self._index(lower), self._index(upper), inits, step=constant_int(step)
        )
        variable, *arguments = op.body.arguments
        with self.builder.inside(made.body):
            counter = loop.induction_variable(made)
            counter.hint = variable.hint
            self.counters[variable] = counter
            if isinstance(variable.type, IntegerType):
                counter = self.builder.value(arith.index_cast, counter, types=[variable.type])
            self.numbers[variable] = counter
            self._bind(arguments, given, loop.iteration_arguments(made))
            self._block(op.body)
            self.builder.create(loop.yield_, self._plain(op.body.terminator.operands))
        self._bind(op.results, given, made.results)

    def _index(self, value: Value) -> Value:
        number = self._number(value)
        if number.type == index:
            return number
        return self.builder.value(arith.index_cast, number, types=[index])

    def _while(self, op: Operation) -> None:
        before, after = (region.block for region in op.regions)
        forwarded = before.terminator.operands[1:]
        inits = self._plain(op.operands)
        numbers = [v for v in forwarded if not is_array(v)]
        types = [_element(v) for v in numbers]
        first, second = Block([v.type for v in inits]), Block(types)
        made = loop.while_(inits, types=types, regions=[Region([first]), Region([second])])
        self.builder.insert(made)
        with self.builder.inside(first):
            self._bind(before.arguments, op.operands, first.arguments)
            self._block(before)
            holds = self._number(before.terminator.operand(0))
            self.builder.create(loop.condition, holds, self._plain(forwarded))
        with self.builder.inside(second):
            self._bind(after.arguments, forwarded, second.arguments)
            self._block(after)
            self.builder.create(loop.yield_, self._plain(after.terminator.operands))
        self._bind(op.results, forwarded, made.results)

    def _if(self, op: Operation) -> None:
        regions = [Region([Block()]) if region.blocks else Region() for region in op.regions]
        types = [_element(r) for r in op.results if not is_array(r)]
        condition = self._number(op.operand(0))
        made = loop.if_(condition, types=types, regions=regions)
        self.builder.insert(made)
        for region, old in zip(regions, op.regions, strict=True):
            if old.blocks:
                with self.builder.inside(region.block):
                    self._block(old.block)
                    self.builder.create(loop.yield_, self._plain(old.block.terminator.operands))
        given = op.regions[0].block.terminator.operands
        for value in given:
            if value in self.views:
                _lift(self.views[value].memref, made)
        self._bind(op.results, given, made.results)

    # -- checks

    def _call(self, op: Operation) -> None:
        if not op.results:
            if op.operand(0) in self.passed:
                return
            self.passed.add(op.operand(0))
        rule = RULES[self.service(str(op.get("callee"))) or ""]
        operands = [self._number(v) for v in op.operands]
        answer = rule(self.builder, operands, [self.ranges.of(v) for v in op.operands])
        assert answer is not None, "what has no answer was refused"
        for failed in answer.failed:
            code = self._site(op).code
            noted = operands[_condition(op) :]
            made = self.builder.create(loop.exit_, failed, self._status(), noted, code=code)
            self.exits.append((made, code))
        if answer.result is not None:
            self.numbers[op.result] = answer.result

    def _site(self, op: Operation) -> Site:
        key = (str(op.get("callee")), op.location)
        if key not in self.sites:
            self.sites[key] = Site(op, len(self.sites) + 1)
        return self.sites[key]

    def _status(self) -> Value:
        signature = self.signature
        if signature.status is None:
            signature.add_status()
        return signature.status

    def _provide_status(self) -> None:
        """Room for the largest exit; nothing has failed in the beginning."""
        if not self.exits:
            return
        words = max(len(made.operands) for made, _ in self.exits) - 1
        self.signature.size_status(words)
        top = Builder(self.signature.block, self.signature.block.first, self.old.location)
        zero = top.constant(0, i64)
        View.whole(self.signature.status, (words,)).at([AffineConst(0)], []).store(top, zero)

    # -- after a launch

    def raise_after(self, launch: Operation) -> None:
        """After a launch: if a check failed, make the call that raises its error."""
        if not self.exits:
            return
        builder = Builder.after(launch)
        builder.location = launch.location
        status = self.signature.status_after(launch)
        code = self._word(builder, status, 0)
        with _if(builder, integer_compare(builder, "ne", code, 0)):
            for site in self.sites.values():
                if any(number == site.code for _, number in self.exits):
                    with _if(builder, integer_compare(builder, "eq", code, site.code)):
                        self._raise(builder, site.call, status)

    def _word(self, builder: Builder, status: Value, number: int) -> Value:
        return builder.value(tensor.extract, status, [builder.constant(number)], types=[i64])

    def _raise(self, builder: Builder, call: Operation, status: Value) -> None:
        first = _condition(call)
        operands = [builder.constant(0, i1)] * first
        for number, value in enumerate(call.operands[first:], 1):
            word = self._word(builder, status, number)
            if value.type == i1:
                word = builder.value(arith.trunci, word, types=[i1])
            elif is_float(value.type):
                word = builder.value(arith.bitcast, word, types=[value.type])
            operands.append(word)
        with builder.at(call.location):
            builder.insert(call.like(operands))


def _condition(call: Operation) -> int:
    """How many leading operands a call that raises has for certain: a check's false condition."""
    return 0 if call.results else 1


class _if:  # noqa: N801 - reads as the statement that it writes
    """What is inserted inside the `with` block runs if the condition holds."""

    def __init__(self, builder: Builder, condition: Value) -> None:
        self.builder = builder
        block = Block()
        made = scf.if_(condition, types=[], regions=[Region([block]), Region()])
        builder.insert(made)
        self.inside = builder.inside(block)

    def __enter__(self) -> None:
        self.inside.__enter__()

    def __exit__(self, *error: object) -> None:
        self.builder.create(scf.yield_, [])
        self.inside.__exit__(*error)


def _element(value: Value):  # noqa: ANN202
    return value.type.element if isinstance(value.type, TensorType) else value.type


_LOWER: dict[OpDef, Callable[[OrderedBody, Operation], None]] = {
    scf.for_: OrderedBody._for,
    scf.while_: OrderedBody._while,
    scf.if_: OrderedBody._if,
    arith.constant: OrderedBody._constant,
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
}
"""How operations become loops over buffers, arithmetic and calls apart."""


def _lift(value: Value, branch: Operation) -> None:
    """Make a buffer's other shape before a branch that it was made in, and is used after."""
    if isinstance(value, OpResult) and branch.is_ancestor_of(value.operation):
        for operand in value.operation.operands:
            _lift(operand, branch)
        branch.parent.insert_before(branch, value.operation.detach())
