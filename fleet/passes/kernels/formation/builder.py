"""One group of structured operations as a kernel function and a call of it.

In: a group that stands together in a block of the schedule. Out: `func.func private @… {kernel}`
and `func.call`. The one idea: the body is copied value by value, and what a value becomes is
decided by where it comes from: an argument (arrays), a destination (what the schedule sees), a
`tensor.empty` of the kernel's own (intermediates), a size argument (anything of type index), or a
constant.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import func, linalg, tensor
from fleet.dialects.tensor import mixed
from fleet.ir.attributes import (
    Attribute,
    StringAttr,
    SymbolRefAttr,
    TypeAttr,
    UnitAttr,
    i64_array,
)
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Region, Value
from fleet.ir.interfaces import DestinationStyle, View
from fleet.ir.mapping import IRMapping
from fleet.ir.structure import structural_key
from fleet.ir.symbols import SymbolTable
from fleet.ir.types import FunctionType, IndexType, TensorType, index
from fleet.passes.kernels.formation.groups import Group, read_by
from fleet.passes.kernels.formation.names import kernel_name
from fleet.passes.linalg.structured import Size, index_constant
from fleet.passes.shapes.dims import Dims
from fleet.passes.shapes.symbolic import Size as Symbolic
from fleet.passes.shapes.symbolic import const


def is_contiguous(op: Operation) -> bool:
    """Whether a slice is without gaps in memory, so that the schedule can take it as a view."""
    if any(stride != 1 for stride in op.get("static_strides")):
        return False
    leading = True
    sizes = mixed(op, "sizes")
    for entry, static in zip(sizes, op.operand(0).type.shape, strict=True):
        if leading:
            leading = entry == 1
        elif static is None or entry != static:
            return False
    return True


class Kernels:
    """The module's kernels by structure."""

    def __init__(self, module: Operation) -> None:
        self.module = module
        self.found: dict[object, Operation] = {}
        self.names: dict[Operation, str] = {}
        self.calls: dict[Operation, list[Operation]] = {}

    def add(self, function: Operation, name: str, call: Operation) -> None:
        """Register a kernel and a call of it; an equal one takes its place."""
        known = self.found.setdefault(structural_key(function), function)
        self.names.setdefault(known, name)
        self.calls.setdefault(known, []).append(call)

    def insert(self) -> None:
        """Put the kernels in front of the module, named; let the calls name them."""
        taken = set(SymbolTable(self.module).by_name)
        by_name: dict[str, list[Operation]] = {}
        for function, name in self.names.items():
            by_name.setdefault(name, []).append(function)
        first = self.module.body.first
        for base, functions in by_name.items():
            for number, function in enumerate(functions):
                name = base if len(functions) == 1 and base not in taken else f"{base}_{number}"
                while name in taken:
                    name += "_"
                taken.add(name)
                function.attributes["sym_name"] = StringAttr(name)
                for call in self.calls[function]:
                    call.attributes["callee"] = SymbolRefAttr(name)
                self.module.body.insert_before(first, function)


class KernelBuilder:
    """Outlines one group. `mapping` takes values of the schedule to the kernel's."""

    def __init__(self, group: Group, dims: Dims) -> None:
        self.operations = group.operations
        self.inside = set(group.operations)
        self.dims = dims
        last = group.operations[-1]
        self.before = Builder.before(group.operations[0])
        self.before.location = last.location
        self.block = Block()
        self.builder = Builder(self.block, location=last.location)
        self.mapping = IRMapping()
        self.inputs: dict[Value, None] = {}
        self.scalars: dict[Value, Value] = {}
        """Scalars of the schedule that are no index, and the rank-0 tensors that carry them."""
        self.sizes: list[Value] = []
        self.size_arguments: dict[Symbolic, Value] = {}
        self.destinations: dict[OpResult, Value] = {}
        """Arguments to write to, by the result that ends up there."""

    def build(self, kernels: Kernels) -> Operation:
        """Replace the group by a call of its kernel, which is given."""
        outputs = [
            result
            for op in self.operations
            for result in op.results
            if any(not self._is_inside(user) for user in result.users)
        ]
        self._collect_inputs()
        dests = [self._destination(output) for output in outputs]
        for value in self.inputs:
            self.mapping[value] = self.block.add_argument(value.type, value.hint)
        for output, dest in zip(outputs, dests, strict=True):
            self.destinations[output] = self.block.add_argument(dest.type, output.hint)
        for op in self.operations:
            self._copy(op)
        self.builder.create(func.return_, [self.mapping[output] for output in outputs])
        function = self._function(outputs)
        call = self.before.create(
            func.call,
            [*self.inputs, *dests, *self.sizes],
            types=[output.type for output in outputs],
            callee="kernel",
        )
        kernels.add(function, kernel_name(self.operations, function), call)
        for output, result in zip(outputs, call.results, strict=True):
            self.dims.shape(output)
            self.dims.replaced(output, result)
            result.hint = output.hint
            output.replace_uses_if(result, lambda user: not self._is_inside(user))
        for op in reversed(self.operations):
            op.erase()
        return function

    def _function(self, outputs: Sequence[OpResult]) -> Operation:
        inputs = tuple(argument.type for argument in self.block.arguments)
        results = tuple(output.type for output in outputs)
        return func.func(
            regions=[Region([self.block])],
            location=self.builder.location,
            sym_name="kernel",
            sym_visibility="private",
            function_type=TypeAttr(FunctionType(inputs, results)),
            kernel=UnitAttr(),
        )

    def _is_inside(self, user: Operation) -> bool:
        outer: Operation | None = user
        while outer is not None and outer.parent is not self.before.block:
            outer = outer.parent_op
        return outer in self.inside

    # -- arguments

    def _collect_inputs(self) -> None:
        """Tensors from outside in order of first use; views taken along are looked through."""
        for op in self.operations:
            captured = [v for inner in op.walk() if inner is not op for v in inner.operands]
            for value in [*read_by(op), *captured]:
                self._collect(value, op)

    def _collect(self, value: Value, op: Operation) -> None:
        owner = value.owner
        holder = owner if isinstance(owner, Operation) else owner.parent_op
        if holder in self.inside or (op.is_ancestor_of(holder) and holder is not None):
            return
        if not isinstance(value.type, TensorType):
            if not isinstance(value.type, IndexType) and not _is_constant(value):
                self.inputs.setdefault(self._carried(value))
        elif isinstance(owner, Operation) and self._takes_along(owner):
            self._collect(owner.operand(0), op)
        elif not (isinstance(owner, Operation) and owner.name in ("linalg.fill", "tensor.empty")):
            self.inputs.setdefault(value)

    def _carried(self, value: Value) -> Value:
        """A scalar from the schedule as a rank-0 tensor."""
        if value not in self.scalars:
            type = TensorType((), value.type)
            self.scalars[value] = self.before.value(tensor.from_elements, [value], types=[type])
        return self.scalars[value]

    def _takes_along(self, op: Operation) -> bool:
        """Whether a view is made inside the kernel: a slice with gaps, or a view of one."""
        while (view := View.of(op)) is not None:
            if view.part and not is_contiguous(op):
                return True
            source = view.source(op).owner
            if not isinstance(source, Operation):
                return False
            op = source
        return False

    def _destination(self, output: OpResult) -> Value:
        """What the caller provides to write an output to: a new array, or the one updated."""
        value: Value = output
        while isinstance(value, OpResult):
            op = value.operation
            if op.name == "tensor.empty":
                return self.before.insert(op.clone()).result
            if op.name == "linalg.fill":
                value = op.operand(1)
            elif op in self.inside:
                value = written_by(op)[value.number]
            else:
                break
        return value

    def _size(self, value: Value) -> Value:
        """An index value: a constant, or an argument, one for each size."""
        size = self.dims.size(value)
        if size.static is not None:
            return index_constant(self.builder, size.static)
        if size not in self.size_arguments:
            self.size_arguments[size] = self._size_argument(value)
        return self.size_arguments[size]

    def _size_argument(self, value: Value) -> Value:
        self.sizes.append(value)
        return self.block.add_argument(index, value.hint)

    # -- the body

    def _copy(self, op: Operation) -> None:
        style = DestinationStyle.of(op)
        if op.definition is tensor.insert_slice:
            source = self._tensor(op.operand(0))
            made = self._slice(op, [source, self._target(op.operand(1), op.result)])
        else:
            operands = [self._tensor(value) for value in style.inputs(op)]
            for output, result in zip(style.destinations(op), op.results, strict=True):
                operands.append(self._target(output, result))
            for inner in op.walk():
                if inner is not op:
                    for value in inner.operands:
                        self._capture(value, op)
            made = op.clone(IRMapping(self.mapping))
            made.operands = operands
            self.builder.insert(made)
        for old, new in zip(op.results, made.results, strict=True):
            new.hint = old.hint
            self.mapping[old] = new

    def _tensor(self, value: Value) -> Value:
        """A tensor that an operation reads, views copied."""
        if value in self.mapping:
            return self.mapping[value]
        op = value.owner
        assert isinstance(op, Operation)
        if op.definition is tensor.empty:
            return self._intermediate(op)
        if op.definition is linalg.fill:
            return self._fill(op, self._tensor(op.operand(1)))
        if op.definition is tensor.extract_slice:
            made = self._slice(op, [self._tensor(op.operand(0))])
        else:
            operands = [self._tensor(op.operand(0)), *map(self._size, op.operands[1:])]
            made = self.builder.insert(op.like(operands))
        self.mapping[value] = made.results[0]
        return made.results[0]

    def _target(self, value: Value, output: OpResult) -> Value:
        """The kernel's value for what an operation writes `output` to."""
        owner = value.owner
        if isinstance(owner, Operation) and owner in self.inside:
            return self.mapping[value]
        if isinstance(owner, Operation) and owner.name == "linalg.fill":
            return self._fill(owner, self._target(owner.operand(1), output))
        last = self._last_version(output)
        if last in self.destinations:
            return self.destinations[last]
        assert isinstance(owner, Operation) and owner.name == "tensor.empty"
        return self._intermediate(owner)

    def _last_version(self, value: OpResult) -> OpResult:
        """The output that a chain of updates inside the kernel ends in."""
        while value not in self.destinations:
            following = [
                op.results[number]
                for op in self.operations
                for number, dest in enumerate(written_by(op))
                if dest is value
            ]
            if len(following) != 1:
                return value
            value = following[0]
        return value

    def _fill(self, op: Operation, out: Value) -> Value:
        scalar = self._scalar(op.operand(0))
        mapping = IRMapping({op.operand(0): scalar, op.operand(1): out})
        return self.builder.insert(op.clone(mapping)).result

    def _intermediate(self, op: Operation) -> Value:
        return self.builder.insert(op.like([self._size(size) for size in op.operands])).result

    def _capture(self, value: Value, op: Operation) -> None:
        """Make a value that a body uses from outside available in the kernel."""
        owner = value.owner
        holder = owner if isinstance(owner, Operation) else owner.parent_op
        if value in self.mapping or op.is_ancestor_of(holder):
            return
        if isinstance(value.type, TensorType):
            self.mapping[value] = self._tensor(value)
        elif isinstance(value.type, IndexType):
            self.mapping[value] = self._size(value)
        else:
            self.mapping[value] = self._scalar(value)

    def _scalar(self, value: Value) -> Value:
        owner = value.owner
        if isinstance(owner, Operation) and owner.name == "arith.constant":
            return self.builder.insert(owner.clone()).result
        carried = self.mapping[self.scalars[value]]
        return self.builder.value(tensor.extract, carried, [], types=[value.type])

    def _slice(self, op: Operation, tensors: list[Value]) -> Operation:
        """A slice whose offsets are arguments, even constant ones, where it takes only a part:
        slices that differ in nothing else share a kernel."""
        whole = self.dims.shape(op.operand(len(tensors) - 1))
        offsets, sizes = mixed(op, "offsets"), mixed(op, "sizes")
        starts: list[Size] = []
        for offset, size, dim in zip(offsets, sizes, whole, strict=True):
            length = const(size) if isinstance(size, int) else self.dims.size(size)
            if offset == 0 and length == dim:
                starts.append(0)
            elif isinstance(offset, int):
                starts.append(self._size_argument(index_constant(self.before, offset)))
            else:
                starts.append(self._size_argument(offset))
        lengths = [size if isinstance(size, int) else self._size(size) for size in sizes]
        return self.builder.create(
            op.definition,
            *tensors,
            [start for start in starts if isinstance(start, Value)],
            [length for length in lengths if isinstance(length, Value)],
            [],
            types=[op.results[0].type],
            static_offsets=_entries(starts),
            static_sizes=_entries(lengths),
            static_strides=op.attributes["static_strides"],
        )


def written_by(op: Operation) -> list[Value]:
    """The tensors that an operation writes its results to."""
    return DestinationStyle.of(op).destinations(op)


def _is_constant(value: Value) -> bool:
    owner = value.owner
    return isinstance(owner, Operation) and owner.name == "arith.constant"


def _entries(values: Sequence[Size]) -> Attribute:
    return i64_array(v if isinstance(v, int) else tensor.DYNAMIC for v in values)
