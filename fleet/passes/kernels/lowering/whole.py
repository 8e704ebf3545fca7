"""Whole arrays inside loop kernels: where each lies, and what is computed of them, as loops.

In: structured operations, slices and updates between the loops of a kernel on tensors. Out: loop
nests over buffers. The one idea: an array takes the place of the one that it updates if nobody
looks at that one any more (`arrays/versions.py`), is made where it will be inserted or carried if
nobody looks there in between, and otherwise lies in scratch (`room.py`). Nothing else is copied.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import linalg, tensor
from fleet.dialects.loop.access import constant_of
from fleet.ir.affine import AffineConst
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import ELEMENTWISE
from fleet.ir.interfaces import DestinationStyle
from fleet.ir.interfaces import View as ViewOf
from fleet.ir.types import TensorType
from fleet.passes.kernels.arrays.destinations import kept_dimensions
from fleet.passes.kernels.arrays.versions import Order, is_array, is_single, readers
from fleet.passes.kernels.arrays.views import Size, View
from fleet.passes.kernels.lowering.nest import Nest, Structured, write_copy
from fleet.passes.kernels.lowering.pairwise import Pairwise
from fleet.passes.kernels.lowering.room import Numbers, Room


class WholeArrays:
    """The arrays of one kernel's body. splats: one number everywhere. room: scratch."""

    def __init__(self, body: Numbers, nest: Operation) -> None:
        self.body = body
        self.builder = body.builder
        self.signature = body.signature
        self.views = body.views
        self.splats: dict[Value, Value] = {}
        self.order = Order()
        inputs = self.signature.inputs
        self._read_only = {self.views[value].buffer for value in inputs}
        self.carriers: dict[Value, Value] = {}
        """The argument of the loop around, by the value that its body ends with."""
        self.room = Room(body, nest)

    def copy(self, source: View | Value, target: View) -> None:
        write_copy(self.builder, source, target, self.signature.index)

    def copied(self, value: Value) -> View:
        """An array in scratch of its own."""
        if _is_empty(value):
            return self.room.part(value, self.sizes(value))
        source = self.source(value)
        sizes = source.sizes if isinstance(source, View) else self.sizes(value)
        place = self.room.part(value, sizes)
        self.copy(source, place)
        return place

    def source(self, value: Value) -> View | Value:
        """Where the elements are; the number that all are."""
        if value in self.views:
            return self.views[value]
        if value in self.splats:
            return self.splats[value]
        return self.body.numbers[value]

    def view(self, value: Value) -> View:
        """An array in memory: a splat is stored now, for this one use."""
        found = self.source(value)
        return found if isinstance(found, View) else self.copied(value)

    def sizes(self, value: Value) -> Sequence[Size]:
        """The sizes of an array, wherever it is."""
        if value in self.views:
            return self.views[value].sizes
        if value.type.is_static:
            return value.type.shape
        op = value.owner
        assert isinstance(op, Operation)
        if op.definition is linalg.fill:
            return self.sizes(op.operand(1))
        if ViewOf.of(op) is not None:
            return self._reshaped_sizes(op, self.sizes(op.operand(0)))
        given = iter(op.operands[1:] if op.definition is tensor.splat else op.operands)
        return [
            self.body.place(next(given)) if dim is None else dim for dim in value.type.shape
        ]

    # -- places

    def place(self, value: Value, op: Operation, needed: bool) -> View:
        """Where an operation writes what it makes of `value`, which holds that already if needed:
        the value's own place if it may, or a copy."""
        view = self.views.get(value)
        if view is not None and self.may_overwrite(value, op):
            return view
        if needed and not _is_empty(value):
            return self.copied(value)
        return self.room.part(value, self.sizes(value))

    def may_overwrite(self, value: Value, op: Operation) -> bool:
        view = self.views.get(value)
        if view is None or view.buffer in self._read_only:
            return False
        return not self.order.is_needed_after(value, op)

    def _new_place(self, op: Operation, number: int, form: Structured) -> View:
        """For a result that updates nothing: where it will be wanted, or scratch."""
        result, dest = op.results[number], DestinationStyle.of(op).destinations(op)[number]
        sizes = self.sizes(dest)
        if is_array(result):
            target = self._wanted(result, op, sizes)
            if target is not None and self._reads_only_there(op, number, form, target):
                return target
        return self.room.part(dest, sizes)

    def _wanted(self, value: Value, op: Operation, sizes: Sequence[Size]) -> View | None:
        """The part of an array that a new value is inserted into, or the place of what the loop
        carries that it becomes."""
        if len(value.uses) != 1:
            return None
        (user,) = value.users
        if user.parent is not op.parent:
            return None
        if user.definition in (tensor.expand_shape, tensor.collapse_shape):
            if not all(v in self.body.numbers for v in user.operands[1:]):
                return None
            inner = self._wanted(user.results[0], op, self._reshaped_sizes(user, sizes))
            if inner is None:
                return None
            groups = tensor.reassociation_of(user)
            if user.definition is tensor.expand_shape:
                return inner.collapsed(groups, sizes)
            return inner.expanded(groups, sizes)
        if user.definition is tensor.insert_slice and user.operand(0) is value:
            return self._inserted(user, op, sizes)
        if value in self.carriers and user is op.parent.last:
            return self._carried(self.carriers[value], op)
        return None

    def _inserted(self, insert: Operation, op: Operation, sizes: Sequence[Size]) -> View | None:
        dest = insert.operand(1)
        if not self.may_overwrite(dest, insert) or not self._is_quiet(op, insert):
            return None
        if not all(v in self.body.numbers for v in insert.operands[2:]):
            return None
        if any(
            user not in (insert, op) and self.order.may_follow(user, op, dest)
            for user in readers(dest)
        ):
            return None
        target = self.body.sliced(insert, self.views[dest], insert.operand(0).type)
        return target if len(target.sizes) == len(sizes) else None

    def _carried(self, argument: Value, op: Operation) -> View | None:
        """The place of a loop's argument, if nobody looks at it up to the iteration's end."""
        place = self.views[argument]
        block = argument.owner
        for value, view in self.views.items():
            owner = value.owner
            at = owner if not isinstance(owner, Operation) else owner.parent
            inside = at is block or (
                at is not None and block.parent_op.is_ancestor_of(at.parent_op)
                and at.parent_op is not block.parent_op
            )
            if view.buffer is place.buffer and inside and self.order.is_needed_after(value, op):
                return None
        return place

    def _is_quiet(self, op: Operation, user: Operation) -> bool:
        """Whether nothing between two operations of a block may leave the kernel or writes."""
        at = op.next
        while at is not None and at is not user:
            if not (at.has_trait(ELEMENTWISE) or ViewOf.of(at) is not None) and (
                at.name not in ("tensor.empty", "tensor.dim", "tensor.extract", "arith.constant")
            ):
                return False
            at = at.next
        return at is user

    def _reads_only_there(
        self, op: Operation, number: int, form: Structured, target: View
    ) -> bool:
        """Whether what an operation reads of its target is each element before writing it."""
        inputs = DestinationStyle.of(op).inputs(op)
        output = form.maps[len(inputs) + number]
        for value, map in zip(inputs, form.maps, strict=False):
            source = self.source(value) if isinstance(value.type, TensorType) else None
            if isinstance(source, View) and source.buffer is target.buffer:
                there = source.is_same_place(target) and map == output
                if not there or not map.is_projected_permutation or form.held(number):
                    return False
        for value in _captured(op):
            source = self.source(value)
            if isinstance(source, View) and source.buffer is target.buffer:
                return False
        return True

    # -- operations

    def empty(self, op: Operation) -> None:
        """Nothing is there yet."""

    def fill(self, op: Operation) -> None:
        self.splats[op.result] = self.body.numbers[op.operand(0)]

    def splat(self, op: Operation) -> None:
        self.splats[op.result] = self.body.numbers[op.operand(0)]

    def from_elements(self, op: Operation) -> None:
        """A few numbers in a row."""
        place = self.room.part(op.result, op.result.type.shape)
        places: list[list[int]] = [[]]
        for size in op.result.type.shape:
            places = [[*start, each] for start in places for each in range(size)]
        for element, at in zip(op.operands, places, strict=True):
            access = place.at([AffineConst(each) for each in at], [])
            access.store(self.builder, self.body.numbers[element])
        self.views[op.result] = place

    def structured(self, op: Operation) -> None:
        """A structured operation as a loop nest."""
        form = Structured.of(op)
        style = DestinationStyle.of(op)
        inputs, outputs = style.inputs(op), style.destinations(op)
        places: list[View] = []
        inits: list[Value | None] = []
        for number, output in enumerate(outputs):
            argument = form.body.arguments[len(inputs) + number]
            map = form.maps[len(inputs) + number]
            needed = bool(argument.uses) or not map.is_projected_permutation
            init = self.splats.get(output)
            if is_single(output.type) and output in self.body.numbers:
                init = self.body.numbers[output]
            inits.append(init)
            if init is None and output in self.views:
                places.append(self.place(output, op, needed))
            else:
                everywhere = form.output_dims(number) == set(range(len(form.iterators)))
                place = self._new_place(op, number, form)
                if init is not None and needed and not (everywhere or form.held(number)):
                    self.copy(init, place)
                    inits[-1] = None
                places.append(place)
        sources = [
            self._apart(value, form, number, len(inputs), places)
            for number, value in enumerate(inputs)
        ]
        shapes = [
            source.sizes if isinstance(source, View)
            else self.sizes(value) if isinstance(value.type, TensorType) else ()
            for source, value in zip([*sources, *places], op.operands, strict=True)
        ]  # fmt: skip
        sizes = [self.signature.index(size) for size in form.trip_counts(shapes, op)]
        nest = Nest(
            form, sources, places, inits, sizes, self.body.numbers,
            {value: self._captured(value, places) for value in _captured(op)},
            self.signature.index(0),
        )  # fmt: skip
        if form.sum_order in linalg.IN_PAIRS:
            self._pairwise(op, nest)
        else:
            nest.write(self.builder)
        for result, place in zip(op.results, places, strict=True):
            if is_single(result.type):
                zeros = [AffineConst(0)] * place.rank
                self.body.numbers[result] = place.at(zeros, []).load(self.builder, place.element)
            else:
                self.views[result] = place

    def _apart(
        self, value: Value, form: Structured, number: int, inputs: int, places: Sequence[View]
    ) -> View | Value:
        """What an operation reads, or a copy where it would overwrite what it has yet to read."""
        source = self.source(value)
        if not isinstance(source, View):
            return source
        for other, place in enumerate(places):
            same = source.is_same_place(place) and form.maps[number] == form.maps[inputs + other]
            if source.buffer is place.buffer and not (
                same and form.maps[number].is_projected_permutation and not form.held(other)
            ):
                return self.copied(value)
        return source

    def _captured(self, value: Value, places: Sequence[View]) -> View | Value:
        source = self.source(value)
        if isinstance(source, View) and any(source.buffer is p.buffer for p in places):
            return self.copied(value)
        return source

    def _pairwise(self, op: Operation, nest: Nest) -> None:
        """A sum in pairs: its running sums are no more than its terms, and 8 a row."""
        rows: Size = 1
        terms: Size = 1
        a = self.room.extents.a
        most = self.room.most_trips(op, nest.form)
        for kind, size in zip(nest.form.iterators, most, strict=True):
            if kind == linalg.PARALLEL:
                rows = a.mul(rows, size)
            else:
                terms = size
        room = a.mul(rows, a.greatest(terms, 8))

        def scratch(type: TensorType, sizes: Sequence[Size]) -> View:
            return View.whole(self.room.scratch(type, [room]), sizes)

        known = [_number(size) for size in nest.sizes]
        Pairwise(nest, scratch, known).write(self.builder)

    def insert_slice(self, op: Operation) -> None:
        source, dest = op.operand(0), op.operand(1)
        place = self.place(dest, op, needed=True)
        target = self.body.sliced(op, place, source.type)
        content = self.source(source)
        if not (isinstance(content, View) and content.is_same_place(target)):
            if isinstance(content, View) and content.buffer is target.buffer:
                content = self.copied(source)
            self.copy(content, target)
        self.views[op.result] = place

    # -- other shapes

    def reshape(self, op: Operation) -> None:
        """Another type of the same elements."""
        source = op.operand(0)
        if source in self.splats and source not in self.views:
            self.splats[op.result] = self.splats[source]
            return
        if source in self.body.numbers:  # one element, in a shape that only the run knows
            self.splats[op.result] = self.body.numbers[source]
            return
        if source not in self.views and _is_empty(source):  # it holds nothing to be shared
            view = self.room.part(source, self.sizes(source))
        else:
            view = self.views[source]
        if op.definition is tensor.cast:
            self.views[op.result] = view
            return
        sizes = self._reshaped_sizes(op, view.sizes)
        groups = tensor.reassociation_of(op)
        made = (
            view.expanded(groups, sizes)
            if op.definition is tensor.expand_shape
            else view.collapsed(groups, sizes)
        )
        if made is None or not made.is_linear and view.is_whole:
            if not view.is_whole:
                view = self.copied(source)
            made = self.room.as_whole(op.result.type, view, sizes)
        self.views[op.result] = made

    def _reshaped_sizes(self, op: Operation, sizes: Sequence[Size]) -> list[Size]:
        if op.definition is tensor.expand_shape:
            given = iter(op.operands[1:])
            shape = op.result.type.shape
            return [self.body.place(next(given)) if dim is None else dim for dim in shape]
        if op.definition is tensor.collapse_shape:
            return [
                self.body.product([sizes[axis] for axis in group])
                for group in tensor.reassociation_of(op)
            ]
        if op.definition is tensor.extract_slice:
            entries = self.body.entries(op, "sizes")
            return [entries[axis] for axis in kept_dimensions(op, op.result.type)]
        return list(sizes)

    # -- what loops carry

    def entered(self, op: Operation, numbers: Sequence[int]) -> list[View | None]:
        """The places of the arrays that a loop changes from here on, by what it carries: their
        own, if nobody looks at them later, each for one of them. None: a number."""
        found: list[View | None] = []
        for value in map(op.operand, numbers):
            view = self.views.get(value) if is_array(value) else None
            if is_array(value):
                taken = [v for v in found if v is not None and view is not None]
                if (
                    view is None
                    or any(view.buffer is other.buffer for other in taken)
                    or not self.may_overwrite(value, op)
                ):
                    view = self.copied(value)
            found.append(view)
        return found

    def forwarded(self, op: Operation, condition: Operation) -> None:
        """Arrays that a while loop's first region hands to its second: each in a place of its own
        that nobody else looks at."""
        taken: list[View] = []
        for value in condition.operands[1:]:
            if not is_array(value):
                continue
            view = self.views.get(value)
            holder = value.owner if isinstance(value.owner, Operation) else value.owner.parent_op
            outside = holder is not op and not op.is_ancestor_of(holder)
            if view is None or outside or any(view.buffer is v.buffer for v in taken):
                view = self.views[value] = self.copied(value)
            taken.append(view)

    def joined(self, op: Operation, number: int, blocks: Sequence[Block]) -> View | None:
        """Where a result of a branch is if it is made at one place on both ways, in the old blocks'
        ends; None if it has to be brought there."""
        ends = [region.block.terminator.operand(number) for region in op.regions]
        views = [self.views.get(value) for value in ends]
        if any(view is None for view in views):
            return None
        first, second = views
        alike = (first.memref, first.results, first.operands) == (
            second.memref, second.results, second.operands
        )  # fmt: skip
        if not alike and not (first.rank == 1 and _is_same(first, second)):
            return None
        for value in ends:
            holder = value.owner if isinstance(value.owner, Operation) else value.owner.parent_op
            if not op.is_ancestor_of(holder) and self.order.is_needed_after(value, op):
                return None
        for view in views:
            if not any(is_made_in(v, blocks) for v in (view.memref, *view.operands)):
                return view
        return None

    def kept(self, op: Operation, number: int, blocks: Sequence[Block]) -> View | None:
        """Where a result of a branch lies that one way leaves as it was, and that nobody looks at
        as it was from then on: the other way brings there what it makes, at its end. Not where
        something else that the branch gives lies in the same buffer."""
        ends = [region.block.terminator.operands for region in op.regions]
        for way, values in enumerate(ends):
            value, other = values[number], ends[1 - way][number]
            holder = value.owner if isinstance(value.owner, Operation) else value.owner.parent_op
            view = self.views.get(value)
            if view is None or op.is_ancestor_of(holder) or not self.may_overwrite(value, op):
                continue
            if is_made_in(view.memref, blocks) or tuple(self.sizes(value)) != tuple(
                    self.sizes(other)):  # fmt: skip
                continue
            others = [self.views.get(each) for here, each_way in enumerate(ends)
                      for place, each in enumerate(each_way)
                      if is_array(each) and (here, place) != (way, number)]  # fmt: skip
            if all(one is None or one.buffer is not view.buffer for one in others):
                return view
        return None

    def passed_on(self, values: Sequence[Value], places: Sequence[View | None]) -> None:
        """Arrays at an iteration's end to where the next one looks for them."""
        pairs = [
            (value, self.source(value), place)
            for value, place in zip(values, places, strict=True)
            if place is not None
        ]
        pairs = [(v, s, p) for v, s, p in pairs if not _is_same(s, p)]
        waiting = [
            (value, self.copied(value) if _reads(source, place) else source, place)
            for value, source, place in pairs
        ]
        while waiting:
            free = [move for move in waiting
                    if not any(_reads(source, move[2]) for _, source, _ in waiting)]  # fmt: skip
            if free:
                _, source, place = free[0]
                self.copy(source, place)
                waiting.remove(free[0])
            else:  # a round: what the first one overwrites is elsewhere when it is wanted
                value, source, place = waiting[0]
                waiting[0] = value, self.copied(value), place


def is_made_in(value: Value, blocks: Sequence[Block]) -> bool:
    """Whether a new value is defined in one of these blocks, or deeper."""
    block: Block | None = value.owner.parent if isinstance(value.owner, Operation) else value.owner
    while block is not None:
        if block in blocks:
            return True
        block = None if block.parent_op is None else block.parent_op.parent
    return False


def _reads(source: View | Value, place: View) -> bool:
    """Whether writing there would change what is read here."""
    return isinstance(source, View) and source.buffer is place.buffer


def _is_same(source: View | Value, place: View) -> bool:
    if not isinstance(source, View):
        return False
    return source.is_same_place(place) or (
        source.buffer is place.buffer and source.is_whole and place.is_whole
    )


def _is_empty(value: Value) -> bool:
    """Whether nothing has been written to it."""
    return isinstance(value.owner, Operation) and value.owner.definition is tensor.empty


def _captured(op: Operation) -> list[Value]:
    """The tensors that a structured operation's body takes elements of."""
    return list(
        dict.fromkeys(inner.operand(0) for inner in op.body if inner.definition is tensor.extract)
    )


def _number(size: Value) -> Size:
    found = constant_of(size)
    return size if found is None else found
