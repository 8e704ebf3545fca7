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

from collections.abc import Iterable, Sequence

from fleet.dialects import arith, tensor
from fleet.dialects.numpy import ints
from fleet.ir.attributes import IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Value
from fleet.ir.definition import ELEMENTWISE
from fleet.ir.interpreter import python_value
from fleet.ir.types import IndexType, IntegerType, ShapedType, TensorType, Type, index
from fleet.ir.watch import analysis
from fleet.passes.shapes.rules import RULES, elementwise
from fleet.passes.shapes.symbolic import (
    MAX_WEIGHT,
    Atom,
    Size,
    const,
    of_atom,
    order,
    product,
    size_order,
)

_OPAQUE = {
    "arith.maxsi": "max", "arith.minsi": "min", "arith.divsi": "divsi", "arith.divui": "divui",
    "arith.floordivsi": "floordivsi", "arith.ceildivsi": "ceildivsi", "arith.remsi": "remsi",
}  # fmt: skip
_SYMMETRIC = {"max", "min"}


SIZES = "fleet.sizes"
"""What a function's argument says of its axes: axes that have one number have one size."""


class Dims:
    """The sizes of one module. Values made after the analysis are worked out as they are met.

    A pass that replaces values says so with `replaced`, and the answers stay true.
    """

    def __init__(self, module: Operation) -> None:
        self.module = module
        self.functions = {op.get("sym_name"): op for op in module.body if op.name == "func.func"}
        self._shapes: dict[Value, tuple[Size, ...]] = {}
        self._indices: dict[Value, Size] = {}
        self._original: dict[Value, Value] = {}
        self._live: dict[Value, Value] = {}
        self._made: dict[tuple, Value] = {}
        self._roots: dict[tuple, Size] = {}
        self.variant: set[tuple[Value, int | None]] = set()
        self._leader: dict[tuple[Value, int | None], tuple[Value, int | None]] = {}
        self._assumed: dict[Operation, list[tuple[Value, int | None]]] = {}
        """The arguments' axes of each function that are assumed equal until a call shows more."""
        self._calls: dict[str, list[Operation]] = {}
        self._loops: list[Operation] = []
        for op in module.walk():
            if op.name == "func.call":
                self._calls.setdefault(op.get("callee"), []).append(op)
            elif op.name in ("scf.for", "scf.while"):
                self._loops.append(op)
        self._recursive = self._find_recursive()
        """Functions that may call themselves: what they give depends on how often."""
        for name, function in self.functions.items():
            is_private = function.get("sym_visibility") == "private"
            if is_private and self._calls.get(name) and function.regions[0].blocks:
                self._assume_equal(function)
            elif "arg_attrs" in function.attributes:
                self._believe(function)
        self._visit(module)
        while self._retract():
            self._shapes.clear()
            self._indices.clear()
            self._visit(module)

    def _find_recursive(self) -> set[str]:
        callees = {
            name: {op.get("callee") for op in function.walk() if op.name == "func.call"}
            for name, function in self.functions.items()
        }
        found: set[str] = set()
        for name in callees:
            waiting, reached = [name], set()
            while waiting:
                for callee in callees.get(waiting.pop(), ()) - reached:
                    reached.add(callee)
                    waiting.append(callee)
            if name in reached:
                found.add(name)
        return found

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
            self._indices[value] = known
        return known

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
        if not op.name.startswith("linalg."):
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
            if function is None or not function.regions[0].blocks:
                continue
            for call in calls:
                changed |= self._split(function, call)
        for loop in self._loops:
            for argument, _, sources in _carried(loop):
                for axis in _symbolic_axes(argument.type):
                    if (argument, axis) in self.variant:
                        continue
                    here = self._at(argument, axis)
                    if any(self._at(source, axis) != here for source in sources):
                        self.variant.add((argument, axis))
                        changed = True
        return changed

    def _split(self, function: Operation, call: Operation) -> bool:
        """Separate arguments assumed equal that this call shows to differ."""
        operand = dict(zip(function.body.arguments, call.operands, strict=True))
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
            rule = RULES.get(value.operation.name)
            if rule is None and value.operation.has_trait(ELEMENTWISE):
                rule = elementwise
            if rule is not None:
                found = rule(self, value.operation, value.number)
        elif isinstance(value, BlockArgument):
            found = [self._argument_size(value, axis) for axis in range(type.rank)]
        sizes = []
        for axis, dim in enumerate(type.shape):
            guess = found[axis] if found is not None else None
            if dim is not None:
                sizes.append(const(dim))
            else:
                sizes.append(guess if guess is not None else self._root("dim", value, axis))
        return tuple(sizes)

    def _argument_size(self, value: BlockArgument, axis: int | None) -> Size | None:
        """A block argument's size from its init or its class; None when it is a root."""
        leader = self._leader.get((value, axis))
        if leader is not None and leader != (value, axis):
            other, place = leader
            found = self._argument_size(other, place)
            if found is not None:
                return found
            return self._root("value", other) if place is None else self._root("dim", *leader)
        init = _init_of(value)
        if init is None or (value, axis) in self.variant:
            return None
        found = self._at(init, axis)
        loop = value.block.parent_op
        if loop.name != "scf.while" or self.visible_outside(found, loop):
            return found
        return self._forwarded(value, axis, found)

    def _forwarded(self, value: BlockArgument, axis: int | None, size: Size) -> Size | None:
        """A size that a while loop's first region forwards: the second cannot see how it came.

        Named after the first argument that has it; None when that is this one.
        """
        for other in value.block.arguments:
            for place in _symbolic_axes(other.type):
                if (other, place) == (value, axis):
                    return None
                if self._at(_init_of(other), place) == size:
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
        match self._meaning(op):
            case "arith.constant":
                held = op.get("value")
                if isinstance(held, int):
                    return const(held)
            case "arith.index_cast":
                return self.size(op.operand(0))
            case "arith.addi" | "numpy.add" | "numpy.int_add" if _integers(op):
                return self.size(op.operand(0)) + self.size(op.operand(1))
            case "arith.subi" | "numpy.subtract" | "numpy.int_sub" if _integers(op):
                return self.size(op.operand(0)) - self.size(op.operand(1))
            case "arith.muli" | "numpy.multiply" | "numpy.int_mul" if _integers(op):
                return self.size(op.operand(0)) * self.size(op.operand(1))
            case "arith.select":
                whens = [self.size(op.operand(1)), self.size(op.operand(2))]
                if whens[0] == whens[1]:
                    return whens[0]
            case "tensor.dim":
                axis = self.size(op.operand(1)).static
                shape = self.shape(op.operand(0))
                if axis is not None and 0 <= axis < len(shape):
                    return shape[axis]
            case "scf.for":
                argument = op.body.arguments[value.number + 1]
                if (argument, None) not in self.variant:
                    return self.size(op.operand(value.number + 3))
            case "func.call":
                found = self.from_callee(op, value.number, None)
                if found is not None:
                    return found
            case name if name in _OPAQUE:
                parts = [self.size(operand) for operand in op.operands]
                if _OPAQUE[name] in _SYMMETRIC:
                    parts.sort(key=size_order)
                    if parts[0] == parts[1]:
                        return parts[0]
                return of_atom(("op", _OPAQUE[name], *parts))
        return self._root("value", value)

    def _meaning(self, op: Operation) -> str:
        """The operation's name; of a call of Python's arithmetic on ints, what it was before."""
        function = self.functions.get(op.get("callee")) if op.name == "func.call" else None
        service = None if function is None else function.get("service")
        return f"numpy.{service}" if service in ints else op.name

    # -- through calls and regions

    def from_callee(self, call: Operation, number: int, axis: int | None) -> Size | None:
        function = self.functions.get(call.get("callee"))
        if function is None or not function.regions[0].blocks:
            return None
        if call.get("callee") in self._recursive:
            return None
        returned = function.body.terminator.operand(number)
        operand = dict(zip(function.body.arguments, call.operands, strict=True))
        return self._substitute(self._at(returned, axis), operand)

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


def _integers(op: Operation) -> bool:
    return not isinstance(op.results[0].type, ShapedType)


def _carried(loop: Operation) -> Iterable[tuple[BlockArgument, Value, list[Value]]]:
    """For each loop-carried argument: the argument, its init, and what the back edge gives it."""
    if loop.name == "scf.for":
        arguments, inits = loop.body.arguments[1:], loop.operands[3:]
        yields = loop.body.terminator.operands
        for argument, init, again in zip(arguments, inits, yields, strict=True):
            yield argument, init, [again]
        return
    before, after = loop.regions[0].block, loop.regions[1].block
    yields = after.terminator.operands
    for argument, init, again in zip(before.arguments, loop.operands, yields, strict=True):
        yield argument, init, [again]


def _init_of(argument: BlockArgument) -> Value | None:
    """What a block argument has on entry: a loop's init, or what `scf.condition` forwards."""
    op = argument.block.parent_op
    if op is None:
        return None
    if op.name == "scf.for" and argument.number > 0:
        return op.operand(argument.number + 2)
    if op.name == "scf.while":
        if argument.block is op.regions[0].block:
            return op.operand(argument.number)
        return op.regions[0].block.terminator.operand(argument.number + 1)
    return None
