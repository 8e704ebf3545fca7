"""`form-kernels`: each group of structured operations becomes a function that the device runs.

In: fused linalg in the functions of the schedule. Out: `func.func private @softmax(…) attributes
{kernel}` and calls. A kernel takes inputs, destinations and sizes, in this order, and gives one
result for each destination. The one idea: everything that differs between two uses of the same code
(arrays, offsets of slices, dynamic sizes) is an argument, so equal code is one kernel whoever calls
it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from fleet.dialects import func, tensor
from fleet.ir.affine import AffineMap
from fleet.ir.attributes import (
    SymbolRefAttr,
    TypeAttr,
    UnitAttr,
    i64_array,
)
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Region, Value
from fleet.ir.definition import PURE
from fleet.ir.passes import register_pass
from fleet.ir.structure import structural_key
from fleet.ir.types import FunctionType, IndexType, TensorType, index
from fleet.passes.dim_rules import static_or_dynamic
from fleet.passes.dims import Dims
from fleet.passes.kernel_groups import Group, Grouping, read_by
from fleet.passes.kernel_names import kernel_name
from fleet.passes.structured import (
    index_constant,
    pointwise,
    sizes_of,
)
from fleet.passes.symbolic import const

VIEWS = {"tensor.cast", "tensor.expand_shape", "tensor.collapse_shape", "tensor.extract_slice"}


@register_pass("form-kernels", "outline groups of structured operations as kernels")
def run(module: Operation) -> None:
    """Leave nothing elementwise in the schedule; equal kernels are one function."""
    schedule = [
        op
        for op in module.body
        if op.name == "func.func" and op.regions[0].blocks and "kernel" not in op.attributes
    ]
    dims = Dims(module)
    for function in schedule:
        for op in list(function.walk()):
            if op.name == "tensor.extract_slice" and not is_contiguous(op, dims):
                _materialise(op, dims)
            elif op.name == "linalg.fill":
                _materialise_fill(op)
    kernels = Kernels(module)
    dims = Dims(module)
    for function in schedule:
        for block in _blocks(function):
            grouping = Grouping(block, dims)
            _make_contiguous(block, grouping)
            for group in grouping.groups:
                KernelBuilder(group, dims, kernels).build()
    kernels.insert()


def _blocks(function: Operation) -> list[Block]:
    """The blocks of the schedule: those of control flow, not those of structured operations."""
    found = []
    for region in function.regions:
        for block in region.blocks:
            found.append(block)
            for op in block:
                if not op.name.startswith(("linalg.", "tensor.")):
                    found += _blocks(op)
    return found


# -- what only a kernel can do on its own


def is_contiguous(op: Operation, dims: Dims) -> bool:
    """Whether a slice is without gaps in memory, so that the schedule can take it as a view."""
    if any(stride != 1 for stride in op.get("static_strides")):
        return False
    leading = True
    wanted = static_or_dynamic(op, "sizes")
    for entry, static in zip(wanted, op.operand(0).type.shape, strict=True):
        if leading:
            leading = entry == 1
        elif static is None or entry != static:
            return False
    return True


def _materialise(op: Operation, dims: Dims) -> None:
    """Copy a slice with gaps for those users that need an array of its own."""
    outside = [user for user in op.result.users if not _reads_views(user)]
    if not outside:
        return
    builder = Builder.after(op)
    rank = op.result.type.rank
    sizes = [dims.materialise(size, builder) for size in dims.shape(op.result)]
    copy = pointwise(
        builder, [op.result], [AffineMap.identity(rank)], sizes, op.result.type.element,
        lambda _, given: given[0],
    )  # fmt: skip
    if copy.type != op.result.type:
        copy = builder.value(tensor.cast, copy, types=[op.result.type])
    copy.hint = op.result.hint
    op.result.replace_uses_if(copy, lambda user: user in outside)


def _reads_views(user: Operation) -> bool:
    """Whether a kernel made of this user takes the slice along: it only reads, by subscripts."""
    if user.name == "tensor.extract":
        return user.parent_op is not None and user.parent_op.name == "linalg.generic"
    if user.name == "tensor.insert_slice":
        return True
    return user.name.startswith("linalg.")


def _materialise_fill(op: Operation) -> None:
    """An array full of a number that others than kernels use is made by a kernel."""
    outside = [user for user in op.result.users if not user.name.startswith("linalg.")]
    if not outside:
        return
    builder = Builder.after(op)
    number = op.operand(0)
    body_of = number.owner

    def body(inner: Builder, _: Sequence[Value]) -> Value:
        if isinstance(body_of, Operation) and body_of.name == "arith.constant":
            return inner.insert(body_of.clone()).result
        return number

    sizes = sizes_of(builder, op.result)
    made = pointwise(builder, [], [], sizes, op.result.type.element, body)
    op.result.replace_uses_if(made, lambda user: user in outside)


# -- order


def _make_contiguous(block: Block, grouping: Grouping) -> None:
    """Move operations so that each group stands together, as near to the old order as may be.

    Operations with effects keep their order.
    """
    unit_of: dict[Operation, int] = {}
    units: list[list[Operation]] = []
    for op in block:
        group = grouping.group_of.get(op)
        if group is None:
            unit_of[op] = len(units)
            units.append([op])
        elif op is group.operations[-1]:
            for member in group.operations:
                unit_of[member] = len(units)
            units.append(list(group.operations))
    waits = [0] * len(units)
    followers: list[list[int]] = [[] for _ in units]
    last_effect: int | None = None
    for number, unit in enumerate(units):
        before = set()
        for op in unit:
            before |= {unit_of[d] for d in _dependencies(op, block)} - {number}
            if PURE not in (op.definition.traits if op.definition else ()):
                if last_effect is not None:
                    before.add(last_effect)
                last_effect = number
        waits[number] = len(before)
        for other in before:
            followers[other].append(number)
    ready = [number for number, count in enumerate(waits) if count == 0]
    heapq.heapify(ready)
    order = []
    while ready:
        number = heapq.heappop(ready)
        order.append(number)
        for following in followers[number]:
            waits[following] -= 1
            if waits[following] == 0:
                heapq.heappush(ready, following)
    assert len(order) == len(units), "a group that is not convex"
    for number in order:
        for op in units[number]:
            block.append(op.detach())


def _dependencies(op: Operation, block: Block) -> Iterable[Operation]:
    """The operations of the block whose results are used, in nested regions too."""
    for inner in op.walk():
        for value in inner.operands:
            if not isinstance(value, OpResult) or value.operation is op:
                continue
            if value.operation.parent is block:
                yield value.operation


# -- one kernel


class Kernels:
    """The module's kernels by structure."""

    def __init__(self, module: Operation) -> None:
        self.module = module
        self.found: dict[object, Operation] = {}
        self.names: dict[Operation, str] = {}
        self.calls: dict[Operation, list[Operation]] = {}

    def add(self, function: Operation, name: str, call: Operation) -> None:
        """Register a kernel and a call of it; an equal one takes its place."""
        key = structural_key(function)
        known = self.found.setdefault(key, function)
        self.names.setdefault(known, name)
        self.calls.setdefault(known, []).append(call)

    def insert(self) -> None:
        """Put the kernels in front of the module, named; let the calls name them."""
        taken = {op.get("sym_name") for op in self.module.body if op.name == "func.func"}
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
                symbol = SymbolRefAttr(name)
                function.attributes["sym_name"] = type(function.attributes["sym_name"])(name)
                for call in self.calls[function]:
                    call.attributes["callee"] = symbol
                self.module.body.insert_before(first, function)


class KernelBuilder:
    """Outlines one group."""

    def __init__(self, group: Group, dims: Dims, kernels: Kernels) -> None:
        self.operations = group.operations
        self.inside = set(group.operations)
        self.dims = dims
        self.kernels = kernels
        self.block = Block()
        self.builder = Builder(self.block, location=group.operations[-1].location)
        self.mapping: dict[Value, Value] = {}
        self.inputs: list[Value] = []
        self.dests: list[Value] = []
        self.sizes: list[Value] = []
        self.size_arguments: dict[object, Value] = {}

    def build(self) -> None:
        outputs = [
            result
            for op in self.operations
            for result in op.results
            if any(not self._is_inside(user) for user in result.users)
        ]
        place = Builder.after(self.operations[-1])
        place.location = self.operations[-1].location
        self._place = place
        before = Builder.before(self.operations[0])
        before.location = place.location
        self._before = before
        self._collect_inputs()
        self.dest_of = {}
        for output in outputs:
            self.dest_of[output] = self._destination(output)
        for value in self.inputs:
            self._argument(value)
        dest_arguments = []
        for output in outputs:
            argument = self.block.add_argument(self.dest_of[output].type, output.hint)
            dest_arguments.append(argument)
        self.dest_argument = dict(zip(outputs, dest_arguments, strict=True))
        for op in self.operations:
            self._clone(op)
        self.builder.create(func.return_, [self.mapping[output] for output in outputs])
        self._finish(outputs)

    def _is_inside(self, user: Operation) -> bool:
        outer: Operation | None = user
        while outer is not None:
            if outer in self.inside:
                return True
            outer = outer.parent_op
        return False

    # -- what comes in

    def _collect_inputs(self) -> None:
        """Tensors from outside, in order of first use; views taken along are looked through."""
        seen: dict[Value, None] = {}
        for op in self.operations:
            reads = read_by(op)
            for inner in op.walk():
                if inner is not op:
                    reads += inner.operands
            for value in reads:
                self._collect(value, op, seen)
        self.inputs = list(seen)

    def _collect(self, value: Value, op: Operation, seen: dict[Value, None]) -> None:
        owner = value.owner
        if isinstance(owner, Operation) and (owner in self.inside or op.is_ancestor_of(owner)):
            return
        if isinstance(owner, Block) and op.is_ancestor_of(owner.parent_op):
            return
        if not isinstance(value.type, TensorType):
            if not isinstance(value.type, IndexType) and not _is_scalar_constant(value):
                seen.setdefault(self._as_tensor(value))
            return
        if isinstance(owner, Operation) and self._takes_along(owner):
            self._collect(owner.operand(0), op, seen)
        elif not (isinstance(owner, Operation) and owner.name in ("linalg.fill", "tensor.empty")):
            seen.setdefault(value)

    def _as_tensor(self, value: Value) -> Value:
        """A scalar from the schedule as a rank-0 tensor."""
        key = ("scalar", value)
        if key not in self.size_arguments:
            type = TensorType((), value.type)
            made = self._before.value(tensor.from_elements, [value], types=[type])
            self.size_arguments[key] = made
        return self.size_arguments[key]

    def _takes_along(self, op: Operation) -> bool:
        """Whether a view is made inside the kernel: a slice with gaps, or a view of one."""
        while op.name in VIEWS:
            if op.name == "tensor.extract_slice" and not is_contiguous(op, self.dims):
                return True
            source = op.operand(0).owner
            if not isinstance(source, Operation):
                return False
            op = source
        return False

    def _argument(self, value: Value) -> None:
        self.mapping[value] = self.block.add_argument(value.type, value.hint)

    def _size(self, value: Value) -> Value:
        """An index value as an argument of the kernel (constants as constants)."""
        size = self.dims.size(value)
        if size.static is not None:
            return index_constant(self.builder, size.static)
        if size not in self.size_arguments:
            self.size_arguments[size] = Value(index)
            self.sizes.append(value)
            self.size_arguments[size].hint = value.hint
        return self.size_arguments[size]

    # -- destinations

    def _destination(self, output: OpResult) -> Value:
        """What the caller provides to write an output to: a new array, or the one updated."""
        value: Value = output
        while isinstance(value, OpResult):
            op = value.operation
            if op.name == "tensor.empty":
                return self._before.insert(op.clone()).result
            if op.name == "linalg.fill":
                value = op.operand(1)
            elif op in self.inside:
                value = (
                    op.operand(1)
                    if op.name == "tensor.insert_slice"
                    else op.named("outputs")[value.number]
                )
            else:
                return value
        return value

    def _output_operand(self, value: Value, output: OpResult) -> Value:
        """The kernel's value for an operand that an operation writes to."""
        owner = value.owner
        if isinstance(owner, Operation) and owner in self.inside:
            return self.mapping[value]
        if isinstance(owner, Operation) and owner.name == "linalg.fill":
            dest = self._output_operand(owner.operand(1), output)
            number = self._clone_scalar(owner.operand(0))
            made = owner.clone({owner.operand(0): number, owner.operand(1): dest})
            return self.builder.insert(made).result
        last = self._final(output)
        if last in self.dest_argument:
            return self.dest_argument[last]
        assert isinstance(owner, Operation) and owner.name == "tensor.empty"
        sizes = [self._size(size) for size in owner.operands]
        return self.builder.insert(
            Operation(
                owner.name, sizes, [owner.result.type], owner.attributes,
                location=owner.location, definition=owner.definition,
            )
        ).result  # fmt: skip

    def _final(self, value: OpResult) -> OpResult:
        """The output that a chain of updates inside the kernel ends in."""
        while value not in self.dest_argument:
            following = [
                op.results[number]
                for op in self.operations
                for number, dest in enumerate(_written(op))
                if dest is value
            ]
            if len(following) != 1:
                return value
            value = following[0]
        return value

    def _clone_scalar(self, value: Value) -> Value:
        if value in self.mapping:
            return self.mapping[value]
        owner = value.owner
        assert isinstance(owner, Operation)
        if owner.name == "arith.constant":
            return self.builder.insert(owner.clone()).result
        held = self.mapping[self._as_tensor(value)]
        return self.builder.value(tensor.extract, held, [], types=[value.type])

    # -- the body

    def _clone(self, op: Operation) -> None:
        mapping = self.mapping
        if op.name == "tensor.insert_slice":
            source = self._value(op.operand(0))
            dest = self._output_operand(op.operand(1), op.result)
            made = self._slice(op, [source, dest])
        else:
            count = len(op.named("inputs"))
            operands = [self._value(value) for value in op.operands[:count]]
            for result in op.results:
                target = op.named("outputs")[result.number]
                operands.append(self._output_operand(target, result))
            for inner in op.walk():
                if inner is not op:
                    for value in inner.operands:
                        self._capture(value, op)
            made = op.clone(dict(mapping))
            made.operands = operands
            self.builder.insert(made)
        for old, new in zip(op.results, made.results, strict=True):
            new.hint = old.hint
            mapping[old] = new

    def _capture(self, value: Value, op: Operation) -> None:
        """Make a value that a body uses from outside available in the kernel."""
        owner = value.owner
        holder = owner if isinstance(owner, Operation) else owner.parent_op
        if value in self.mapping or op.is_ancestor_of(holder):
            return
        if isinstance(value.type, TensorType):
            self.mapping[value] = self._value(value)
        elif isinstance(value.type, IndexType):
            self.mapping[value] = self._size(value)
        else:
            self.mapping[value] = self._clone_scalar(value)

    def _value(self, value: Value) -> Value:
        """A tensor that an operation reads, views cloned."""
        if value in self.mapping:
            return self.mapping[value]
        op = value.owner
        assert isinstance(op, Operation)
        if op.name == "linalg.fill":
            sizes_value = op.operand(1).owner
            assert isinstance(sizes_value, Operation)
            dest = self._intermediate(sizes_value)
            number = self._clone_scalar(op.operand(0))
            made = self.builder.insert(op.clone({op.operand(0): number, op.operand(1): dest}))
            return made.result
        if op.name == "tensor.empty":
            return self._intermediate(op)
        source = self._value(op.operand(0))
        if op.name == "tensor.extract_slice":
            made = self._slice(op, [source])
        else:
            rest = [self._size(v) for v in op.operands[1:]]
            made = Operation(
                op.name, [source, *rest], [op.result.type], op.attributes,
                location=op.location, definition=op.definition,
            )  # fmt: skip
            self.builder.insert(made)
        self.mapping[value] = made.result
        return made.result

    def _intermediate(self, op: Operation) -> Value:
        sizes = [self._size(size) for size in op.operands]
        return self.builder.value(tensor.empty, sizes, types=[op.result.type])

    def _slice(self, op: Operation, tensors: list[Value]) -> Operation:
        """A slice operation whose offsets are arguments wherever it takes only a part."""
        whole = op.operand(len(tensors) - 1)
        offsets, sizes = static_or_dynamic(op, "offsets"), static_or_dynamic(op, "sizes")
        shape = self.dims.shape(whole)
        new_offsets: list[int | Value] = []
        for offset, size, dim in zip(offsets, sizes, shape, strict=True):
            here = const(size) if isinstance(size, int) else self.dims.size(size)
            if offset == 0 and here == dim:
                new_offsets.append(0)
            elif isinstance(offset, int):
                new_offsets.append(self._offset(offset))
            else:
                new_offsets.append(self._lifted(offset))
        new_sizes = [size if isinstance(size, int) else self._size(size) for size in sizes]
        dynamic_offsets = [v for v in new_offsets if isinstance(v, Value)]
        dynamic_sizes = [v for v in new_sizes if isinstance(v, Value)]
        return self.builder.create(
            op.definition, *tensors, dynamic_offsets, dynamic_sizes, [],
            types=[op.result.type],
            static_offsets=_entries(new_offsets), static_sizes=_entries(new_sizes),
            static_strides=op.attributes["static_strides"],
        )  # fmt: skip

    def _offset(self, offset: int) -> Value:
        """A static offset as an argument, so that every slice of the same form shares a kernel."""
        return self._lifted(index_constant(self._before, offset))

    def _lifted(self, value: Value) -> Value:
        placeholder = Value(index)
        self.size_arguments[("offset", len(self.sizes))] = placeholder
        self.sizes.append(value)
        return placeholder

    # -- the result

    def _finish(self, outputs: list[OpResult]) -> None:
        placeholders = [
            value
            for key, value in self.size_arguments.items()
            if not (isinstance(key, tuple) and key[0] == "scalar")
        ]
        for placeholder in placeholders:
            argument = self.block.add_argument(index, placeholder.hint)
            placeholder.replace_all_uses_with(argument)
        dests = [self.dest_of[output] for output in outputs]
        types = tuple(argument.type for argument in self.block.arguments)
        results = tuple(output.type for output in outputs)
        call = self._place.create(
            func.call, [*self.inputs, *dests, *self.sizes], types=results, callee="kernel"
        )
        function = func.func(
            regions=[Region([self.block])],
            location=self.operations[-1].location,
            sym_name="kernel",
            sym_visibility="private",
            function_type=TypeAttr(FunctionType(types, results)),
            kernel=UnitAttr(),
        )
        for output, result in zip(outputs, call.results, strict=True):
            self.dims.shape(output)
            self.dims.replaced(output, result)
            result.hint = output.hint
            output.replace_uses_if(result, lambda user: not self._is_inside(user))
        for op in reversed(self.operations):
            op.erase()
        self.kernels.add(function, kernel_name(self.operations, function), call)


def _written(op: Operation) -> list[Value]:
    return [op.operand(1)] if op.name == "tensor.insert_slice" else list(op.named("outputs"))


def _is_scalar_constant(value: Value) -> bool:
    owner = value.owner
    return isinstance(owner, Operation) and owner.name == "arith.constant"


def _entries(values: Sequence[int | Value]) -> object:
    return i64_array(v if isinstance(v, int) else tensor.DYNAMIC for v in values)
