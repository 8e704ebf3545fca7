"""Sizes of tensors as symbolic sums, so that equal dimensions are seen to be equal.

In: a module at any tensor level (numpy, tosa, linalg). Out: for every dimension of every tensor,
and every index, a `Size`: a linear sum over roots, where a root is an SSA value or a dimension of
one that nothing else determines (an argument's, a host service's result's). Two dimensions whose
sizes are the same sum are equal in every run.

The one idea: assume the best and retract. A dimension of a loop's iteration argument is taken to
be invariant, and the arguments of a private function to be equal among each other, until a back
edge or a call site shows that they are not; what survives holds in every run, by induction on its
steps.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import arith, tensor
from fleet.dialects.numpy import ints
from fleet.ir.analysis.call_graph import CallGraph
from fleet.ir.attributes import IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Value
from fleet.ir.flow import Flow, RegionBranch, flow_of
from fleet.ir.interfaces import (
    CallableLike,
    CallLike,
    IndexingMaps,
    IndexValue,
    ShapeReification,
    functions_of,
)
from fleet.ir.interpreter import python_value
from fleet.ir.types import IndexType, IntegerType, ShapedType, TensorType, Type, index
from fleet.ir.watch import analysis
from fleet.passes.shapes.symbolic import (
    MAX_WEIGHT,
    Atom,
    Size,
    as_dimension,
    const,
    is_natural,
    of_atom,
    order,
    product,
    size_order,
)

_SYMMETRIC = {"max", "min"}


SIZES = "fleet.sizes"
"""What a function's argument says of its axes: axes that have one number have one size."""


class Dims:
    """The sizes of one module. Values made after the analysis are worked out as they are met.

    A pass that replaces values says so with `replaced`, and the answers stay true. Passes that
    clean up do not preserve them: they erase and merge values that sizes are named after, and to
    work all sizes out again takes half a hundredth of a compilation.
    """

    def __init__(self, module: Operation) -> None:
        self.module = module
        self.functions = functions_of(module)
        self._shapes: dict[Value, tuple[Size, ...]] = {}
        self._indices: dict[Value, Size] = {}
        self._original: dict[Value, Value] = {}
        self._live: dict[Value, Value] = {}
        self._made: dict[tuple, Value] = {}
        self._roots: dict[tuple, Size] = {}
        self._dimensions: dict[object, Size] = {}
        self.variant: set[tuple[Value, int | None]] = set()
        self._leader: dict[tuple[Value, int | None], tuple[Value, int | None]] = {}
        self._assumed: dict[Operation, list[tuple[Value, int | None]]] = {}
        """The arguments' axes of each function that are assumed equal until a call shows more."""
        self._calls: dict[str, list[Operation]] = {}
        self._joins: list[Flow] = []
        """Ways into regions that come from several places, as into a loop's body."""
        for op in module.walk():
            call, branch = CallLike.of(op), RegionBranch.of(op)
            if call is not None:
                self._calls.setdefault(call.name(op), []).append(op)
            elif branch is not None:
                self._joins += [
                    flow for flow in branch.flows(op) if len(flow.uses) > 1 and _arguments(flow)
                ]
        self._recursive = CallGraph(module).recursive
        """Functions that may call themselves: what they give depends on how often."""
        for name, function in self.functions.items():
            answer = CallableLike.of(function)
            is_called = answer.is_private(function) and self._calls.get(name)
            if is_called and answer.region(function) is not None:
                self._assume_equal(function)
            elif "arg_attrs" in function.attributes:
                self._believe(function)
        self._visit(module)
        while self._retract():
            self._shapes.clear()
            self._indices.clear()
            self._dimensions.clear()
            self._visit(module)

    # -- questions

    def shape(self, value: Value) -> tuple[Size, ...]:
        """The size of every dimension of a tensor."""
        value = self._original.get(value, value)
        known = self._shapes.get(value)
        if known is None:
            known = self._shapes[value] = self._work_out(value)
        return known

    def size(self, value: Value) -> Size:
        """What an index or integer value is."""
        value = self._original.get(value, value)
        known = self._indices.get(value)
        if known is None:
            known = self._index(value)
            if known.weight > MAX_WEIGHT:
                known = self._root("value", value)
            known = self._indices[value] = self._same_as(known)
        return known

    def const(self, value: int) -> Size:
        return const(value)

    def function(self, name: str, arguments: Sequence[Size]) -> Size:
        """A function of sizes that is none of the sum's own operations."""
        parts = list(arguments)
        if name in _SYMMETRIC:
            parts.sort(key=size_order)
            if parts[0] == parts[1]:
                return parts[0]
        return of_atom(("op", name, *parts))

    def replaced(self, old: Value, new: Value) -> None:
        """From now on `new` stands where `old` stood, and has its sizes."""
        root = self._original.get(old, old)
        self._original[new] = root
        self._live[root] = new

    def materialise(self, size: Size, builder: Builder) -> int | Value:
        """The size as an int or as an index value that is available at the builder's place.

        Dimensions of roots are taken right after the root, once; sums are computed in place.
        """
        if size.static is not None:
            return size.static
        total: Value | None = None
        for atom, coefficient in sorted(size.terms, key=lambda t: (t[1] < 0, order(t[0]))):
            part = self._atom_value(atom, builder)
            if coefficient not in (1, -1):
                part = builder.value(arith.muli, part, _constant(builder, coefficient))
            if total is None and coefficient != -1:
                total = part
            elif coefficient == -1:
                zero = total if total is not None else _constant(builder, 0)
                total = builder.value(arith.subi, zero, part)
            else:
                total = builder.value(arith.addi, total, part)
        assert total is not None
        if size.constant:
            total = builder.value(arith.addi, total, _constant(builder, size.constant))
        return total

    def _visit(self, op: Operation) -> None:
        """Work out every result in program order, so that no question digs through a long chain."""
        if op.regions and IndexingMaps.of(op) is None:  # whose body is about elements
            for region in op.regions:
                for block in region.blocks:
                    for inner in block:
                        self._visit(inner)
        for result in op.results:
            if isinstance(result.type, ShapedType):
                self.shape(result)
            elif _symbolic_axes(result.type):
                self.size(result)

    # -- assumptions

    def _assume_equal(self, function: Operation) -> None:
        members = [
            (argument, axis)
            for argument in function.body.arguments
            for axis in _symbolic_axes(argument.type)
        ]
        for member in members:
            self._leader[member] = members[0]
        self._assumed[function] = members

    def _believe(self, function: Operation) -> None:
        """Take what a function's arguments say of their sizes, which its callers see to."""
        leaders: dict[int, tuple[Value, int | None]] = {}
        each = function.attributes["arg_attrs"].value
        for argument, described in zip(function.body.arguments, each, strict=True):
            for axis, number in enumerate(python_value(described).get(SIZES, ())):
                if argument.type.shape[axis] is None:
                    self._leader[argument, axis] = leaders.setdefault(number, (argument, axis))

    def _retract(self) -> bool:
        """Check every assumption; drop those that fail. Whether any did."""
        changed = False
        for name, calls in self._calls.items():
            function = self.functions.get(name)
            if function is None or CallableLike.of(function).region(function) is None:
                continue
            for call in calls:
                changed |= self._split(function, call)
        for flow in self._joins:
            for argument in _arguments(flow):
                for axis in _symbolic_axes(argument.type):
                    if (argument, axis) in self.variant:
                        continue
                    here = self._at(argument, axis)
                    if any(self._at(source, axis) != here for source in flow.sources[1:]):
                        self.variant.add((argument, axis))
                        changed = True
        return changed

    def _split(self, function: Operation, call: Operation) -> bool:
        """Separate arguments assumed equal that this call shows to differ."""
        operand = _arguments_at(call, function)
        classes: dict[tuple, tuple[Value, int | None]] = {}
        changed = False
        for member in self._assumed.get(function, ()):
            leader = self._leader[member]
            key = (leader, self._at(operand[member[0]], member[1]))
            first = classes.setdefault(key, member)
            if first != leader:
                self._leader[member] = first
                changed = True
        return changed

    def _root(self, *key: object) -> Size:
        found = self._roots.get(key)
        if found is None:
            found = self._roots[key] = of_atom((*key, len(self._roots)))
        return found

    def _at(self, value: Value, axis: int | None) -> Size:
        return self.size(value) if axis is None else self.shape(value)[axis]

    # -- tensors

    @analysis("Sizes")
    def _work_out(self, value: Value) -> tuple[Size, ...]:
        type = value.type
        if not isinstance(type, ShapedType):
            raise TypeError(f"{type} has no shape")
        if type.is_static:
            return tuple(const(dim) for dim in type.shape)
        found: Sequence[Size | None] | None = None
        if isinstance(value, OpResult):
            answer = ShapeReification.of(value.operation)
            if answer is not None:
                found = answer.shape(value.operation, value.number, self)
            else:
                found = [self._through(value, axis) for axis in range(type.rank)]
        elif isinstance(value, BlockArgument):
            found = [self._argument_size(value, axis) for axis in range(type.rank)]
        sizes = []
        for axis, dim in enumerate(type.shape):
            guess = found[axis] if found is not None else None
            if dim is not None:
                sizes.append(const(dim))
            else:
                known = guess if guess is not None else self._root("dim", value, axis)
                sizes.append(self._same_as(known))
        return tuple(sizes)

    def _same_as(self, size: Size) -> Size:
        """The first size met that is this one in every run."""
        if all(atom[0] != "op" for atom, _ in size.terms) or not is_natural(size):
            return size
        return self._dimensions.setdefault(as_dimension(size), size)

    def _argument_size(self, value: BlockArgument, axis: int | None) -> Size | None:
        """A block argument's size from its init or its class; None when it is a root."""
        leader = self._leader.get((value, axis))
        if leader is not None and leader != (value, axis):
            other, place = leader
            found = self._argument_size(other, place)
            if found is not None:
                return found
            return self._root("value", other) if place is None else self._root("dim", *leader)
        flow = flow_of(value)
        if flow is None or (value, axis) in self.variant:
            return None
        found = self._at(flow.sources[0], axis)
        if self.visible_outside(found, value.block.parent_op):
            return found
        return self._forwarded(value, axis, found)

    def _through(self, value: OpResult, axis: int | None) -> Size | None:
        """What a call or an operation with regions gives, from what may become its result."""
        op = value.operation
        if CallLike.of(op) is not None:
            return self.from_callee(op, value.number, axis)
        flow = flow_of(value)
        if flow is None:
            return None
        argument = next(iter(_arguments(flow)), None)
        if argument is None or len(flow.uses) == 1:
            sizes = {self._at(source, axis) for source in flow.sources}
        else:
            is_one = (argument, axis) not in self.variant
            sizes = {self._at(flow.sources[0], axis)} if is_one else set()
        found = sizes.pop() if len(sizes) == 1 else None
        return found if found is not None and self.visible_outside(found, op) else None

    def _forwarded(self, value: BlockArgument, axis: int | None, size: Size) -> Size | None:
        """A size that another region forwards (a while loop's first): how it came is not seen.

        Named after the first argument that has it; None when that is this one.
        """
        for other in value.block.arguments:
            for place in _symbolic_axes(other.type):
                if (other, place) == (value, axis):
                    return None
                flow = flow_of(other)
                if flow is not None and self._at(flow.sources[0], place) == size:
                    return self._root("value", other) if place is None else self._root(
                        "dim", other, place)  # fmt: skip
        return None

    # -- indices

    def _index(self, value: Value) -> Size:
        if isinstance(value, BlockArgument):
            found = self._argument_size(value, None)
            return found if found is not None else self._root("value", value)
        assert isinstance(value, OpResult)
        op = value.operation
        answer = self._number(op)
        found = self._through(value, None) if answer is None else answer.rule(op, self)
        return found if found is not None else self._root("value", value)

    def _number(self, op: Operation) -> IndexValue | None:
        """How an operation's number is made; of a call of Python's arithmetic on ints, how it was
        before it became one."""
        call = CallLike.of(op)
        if call is None:
            return IndexValue.of(op)
        function = self.functions.get(call.name(op))
        service = None if function is None else function.get("service")
        return ints[service].interfaces.get(IndexValue) if service in ints else None

    # -- through calls and regions

    def from_callee(self, call: Operation, number: int, axis: int | None) -> Size | None:
        """What the called function gives, in the caller's terms."""
        name = CallLike.of(call).name(call)
        function = self.functions.get(name)
        if function is None or function in self._recursive:
            return None
        region = CallableLike.of(function).region(function)
        if region is None:
            return None
        returned = region.blocks[0].terminator.operand(number)
        return self._substitute(self._at(returned, axis), _arguments_at(call, function))

    def _substitute(self, size: Size, operand: dict[Value, Value]) -> Size | None:
        """A callee's size in the caller's terms; None when it depends on the callee's inside."""
        total = const(size.constant)
        for atom, coefficient in size.terms:
            match atom:
                case ("value", value, _):
                    part = self.size(operand[value]) if value in operand else None
                case ("dim", value, axis, _):
                    part = self.shape(operand[value])[axis] if value in operand else None
                case _:
                    parts = [self._substitute(part, operand) for part in atom[2:]]
                    if any(part is None for part in parts):
                        return None
                    if atom[1] == "product":
                        part = product(parts)
                    else:
                        ordered = sorted(parts, key=size_order) if atom[1] in _SYMMETRIC else parts
                        part = of_atom(("op", atom[1], *ordered))
            if part is None:
                return None
            total = total + part.scaled(coefficient)
        return total

    def visible_outside(self, size: Size, op: Operation) -> bool:
        """Whether the size depends on nothing that is computed inside the operation."""
        for atom in size.atoms():
            owner = atom[1].owner
            inner = owner.parent_op if isinstance(owner, Block) else owner
            if inner is not None and op.is_ancestor_of(inner) and inner is not op:
                return False
            if isinstance(owner, Block) and inner is op:
                return False
        return True

    # -- materialising

    def _atom_value(self, atom: Atom, builder: Builder) -> Value:
        match atom:
            case ("value", value, _):
                value = self._live.get(value, value)
                if isinstance(value.type, IndexType):
                    return value
                key = ("cast", value)
                if key not in self._made:
                    self._made[key] = _after(value).value(arith.index_cast, value, types=[index])
                return self._made[key]
            case ("dim", value, axis, _):
                value = self._live.get(value, value)
                key = ("dim", value, axis)
                if key not in self._made:
                    at = _after(value)
                    number = _constant(at, axis)
                    self._made[key] = at.value(tensor.dim, value, number, types=[index])
                return self._made[key]
            case _:
                values = [self._value(part, builder) for part in atom[2:]]
                total = values[0]
                for value in values[1:]:
                    total = builder.value(_COMPUTE[atom[1]], total, value)
                return total

    def _value(self, size: Size, builder: Builder) -> Value:
        made = self.materialise(size, builder)
        return _constant(builder, made) if isinstance(made, int) else made


_COMPUTE = {
    "product": arith.muli, "max": arith.maxsi, "min": arith.minsi, "divsi": arith.divsi,
    "divui": arith.divui, "floordivsi": arith.floordivsi, "ceildivsi": arith.ceildivsi,
    "remsi": arith.remsi,
}  # fmt: skip


def _constant(builder: Builder, value: int) -> Value:
    return builder.value(arith.constant, value=IntegerAttr(value, index), types=[index])


def _after(value: Value) -> Builder:
    """A builder right behind the value's definition."""
    if isinstance(value, OpResult):
        return Builder.after(value.operation)
    assert isinstance(value, BlockArgument)
    first = value.block.first
    assert first is not None
    return Builder.before(first)


def _symbolic_axes(type: Type) -> list[int | None]:
    """Dynamic axes of a tensor; [None] for an index or integer scalar; nothing for others."""
    if isinstance(type, TensorType):
        return [axis for axis, dim in enumerate(type.shape) if dim is None]
    is_size = isinstance(type, IndexType) or (isinstance(type, IntegerType) and type.width == 64)
    return [None] if is_size else []


def _arguments(flow: Flow) -> list[BlockArgument]:
    """The arguments of regions that a flow leads to."""
    return [value for value in flow.values if isinstance(value, BlockArgument)]


def _arguments_at(call: Operation, function: Operation) -> dict[Value, Value]:
    """What a function's arguments are at a call."""
    region = CallableLike.of(function).region(function)
    given = CallLike.of(call).arguments(call)
    return dict(zip(region.blocks[0].arguments, given, strict=True))
