"""`schedule-to-vm`: bufferise the schedule and turn its control flow into branches.

In: a module after linalg-to-loop. Out: the same module, its non-kernel functions rewritten to
`vm`, scalar `arith`/`math`, Python's arithmetic on ints and `func` on 64-bit values: a tensor has
become a pointer and one `i64` for each of its dynamic dimensions. What is copied, moved and freed
was decided by `fleet.vm.ownership` beforehand, so this is one forward walk.

The types are converted by a `TypeConverter`, one to several; the operations are not converted by a
`Conversion`, for three reasons. It replaces operations where they stand, outer ones first; here a
function's nested regions become one region of many blocks, and a `tensor.empty` takes memory where
it is first wanted, so that inner operations must come before what follows the outer ones. It hands
on values, while an `Array` also hands on which of its dimensions are plain numbers, though its type
does not say so. And between operations it keeps a cast for every tensor: to make these and to take
them away again costs more than this whole walk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.diagnostics import FleetError
from fleet.dialects import arith, func, loop, scf, tensor, vm
from fleet.dialects.numpy import ints
from fleet.dialects.tensor import DYNAMIC
from fleet.ir.attributes import (
    ArrayAttr,
    DictAttr,
    IntegerAttr,
    TypeAttr,
    attribute,
)
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import ELEMENTWISE, OpDef
from fleet.ir.interfaces import functions_of
from fleet.ir.rewriting.conversion import TypeConverter
from fleet.ir.rewriting.journal import traced
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import FunctionType, TensorType, Type, byte_width, i1, i64, index
from fleet.ir.watch import count
from fleet.vm.memory import Array, Memory, Size, is_contiguous, kept_dimensions
from fleet.vm.owned_arguments import Decisions

Lowered = Value | Array


@register_pass("schedule-to-vm", "bufferise the schedule into vm operations")
def schedule_to_vm(module: Operation) -> None:
    """Rewrite every function that is not a kernel."""
    functions = functions_of(module)
    decisions = Decisions(module, functions)
    for function in list(functions.values()):
        if function.get("kernel"):
            continue
        if not function.regions or not function.regions[0].blocks:
            function.erase()  # a declared service: its calls carry all that it said
            continue
        with traced("a schedule of buffers", function, module):
            lowered = _Function(function, functions, decisions).run()
            module.body.insert_before(function, lowered)
            function.drop_references()
            function.detach()
        count("functions lowered")


class _Function:
    """Lowers one function."""

    def __init__(
        self, source: Operation, functions: dict[str, Operation], decisions: Decisions
    ) -> None:
        self.source = source
        self.functions = functions
        self.owned = decisions.owned
        self.ownership = decisions.of(source)
        self.values: dict[Value, Lowered] = {}
        self.region = Region()
        self.builder = Builder(self.region.add_block())
        self.memory = Memory(self.builder)

    def run(self) -> Operation:
        entry = self.builder.block
        for argument in self.source.body.arguments:
            self._bind(argument, self._block_arguments(entry, argument))
        self._block(self.source.body)
        kind = self.source.get("function_type")
        assert isinstance(kind, FunctionType)
        inputs = tuple(argument.type for argument in entry.arguments)
        results = REGISTERS.all(kind.results)
        attributes = dict(self.source.attributes)
        attributes["function_type"] = TypeAttr(FunctionType(inputs, results))
        attributes.pop("arg_attrs", None)
        attributes.pop("res_attrs", None)
        if kind.inputs or kind.results:
            attributes["signature"] = TypeAttr(kind)
        return Operation(
            "func.func", (), (), attributes, [self.region], (), self.source.location, func.func
        )

    # -- values

    def _bind(self, source: Value, lowered: Lowered) -> None:
        self.values[source] = lowered
        pointer = lowered.pointer if isinstance(lowered, Array) else lowered
        if source.hint and pointer.hint is None:
            pointer.hint = source.hint

    def _scalar(self, value: Value) -> Value:
        lowered = self.values[value]
        assert isinstance(lowered, Value), f"{value} is an array"
        return lowered

    def _array(self, value: Value) -> Array:
        if value not in self.values and value.owner.definition is tensor.empty:
            self.values[value] = self.memory.allocate(value.type, self._empty_dims(value))
        lowered = self.values[value]
        assert isinstance(lowered, Array), f"{value} is a scalar"
        return lowered

    def _empty_dims(self, value: Value) -> tuple[Size, ...]:
        return self._dims(value.type, [self._scalar(size) for size in value.owner.operands])

    @staticmethod
    def _dims(type: Type, dynamic: Sequence[Value]) -> tuple[Size, ...]:
        """Dimensions of a type, `?` filled from the given values in order."""
        given = iter(dynamic)
        return tuple(next(given) if dim is None else dim for dim in type.shape)

    def _flatten(self, lowered: Lowered, type: Type) -> list[Value]:
        """A value as registers: a scalar itself, a tensor's pointer and dynamic dimensions."""
        if isinstance(lowered, Value):
            return [lowered]
        dynamic = [
            self.memory.size(size)
            for size, dim in zip(lowered.dims, type.shape, strict=True)
            if dim is None
        ]
        return [lowered.pointer, *dynamic]

    def _unflatten(self, values: Sequence[Value], types: Sequence[Type]) -> list[Lowered]:
        """The inverse of `_flatten` for a list of values."""
        given = iter(values)
        made: list[Lowered] = []
        for type in types:
            first = next(given)
            if isinstance(type, TensorType):
                dynamic = [next(given) for dim in type.shape if dim is None]
                made.append(Array(first, self._dims(type, dynamic)))
            else:
                made.append(first)
        return made

    def _block_arguments(self, block: Block, source: Value) -> Lowered:
        values = [block.add_argument(type, source.hint) for type in REGISTERS.convert(source.type)]
        for extra in values[1:]:
            extra.hint = None
        return self._unflatten(values, [source.type])[0]

    # -- walking

    def _block(self, block: Block) -> None:
        """Lower a block's operations up to its terminator, which the caller of regions handles."""
        for buffer in self.ownership.frees_at_entry.get(block, ()):
            self.builder.create(vm.free, self._array(buffer).pointer)
        for operation in block:
            with self.builder.at(operation.location):
                self._operation(operation)
                if operation is not block.last:
                    self._frees(operation)

    def _frees(self, operation: Operation) -> None:
        for buffer in self.ownership.frees.get(operation, ()):
            if buffer in self.values:
                self.builder.create(vm.free, self._array(buffer).pointer)

    def _operation(self, operation: Operation) -> None:
        lower = _LOWER.get(operation.definition)
        if lower is not None:
            lower(self, operation)
        elif operation.has_trait(ELEMENTWISE) and not any(
            isinstance(value.type, TensorType) for value in operation.operands
        ):
            self._arithmetic(operation)
        else:
            raise FleetError(
                f"the schedule cannot hold {operation.name}; it should have become a kernel",
                operation.location,
                hint="this is a gap in the compiler's kernel formation, please report it",
            )

    def _constant(self, operation: Operation) -> None:
        type = operation.result.type
        if not isinstance(type, TensorType):
            self._arithmetic(operation)
            return
        value = operation.attributes["value"]
        pointer = self.builder.value(vm.address, types=[i64], value=value)
        self._bind(operation.result, Array(pointer, type.shape))

    def _later(self, operation: Operation) -> None:
        """What ends a region, whoever runs that handles."""

    def _empty(self, operation: Operation) -> None:
        """Memory is taken where it is wanted, but for what deeper blocks want and this frees."""
        value = operation.result
        if any(
            user.parent is not operation.parent and user.definition is not tensor.dim
            for user, number in value.uses
            if (user, number) not in self.ownership.fresh
        ):
            self._array(value)

    def _return(self, operation: Operation) -> None:
        values = self._passed(operation, 0)
        self._frees(operation)
        self.builder.create(func.return_, values)

    def _arithmetic(self, operation: Operation) -> None:
        """A scalar operation stays as it is, but that sizes are 64-bit integers."""
        operands = [self._scalar(value) for value in operation.operands]
        types = [_register(result.type) for result in operation.results]
        attributes = dict(operation.attributes)
        definition = operation.definition
        if definition is arith.index_cast:
            before, after = operands[0].type, types[0]
            if before == after:
                self._bind(operation.result, operands[0])
                return
            definition = arith.extsi if after == i64 else arith.trunci
        elif definition is arith.constant:
            value = attributes["value"]
            if isinstance(value, IntegerAttr):
                attributes["value"] = IntegerAttr(value.value, types[0])
        twin = Operation(
            definition.name,
            operands,
            types,
            attributes,
            location=operation.location,
            definition=definition,
        )
        self.builder.insert(twin)
        for old, new in zip(operation.results, twin.results, strict=True):
            self._bind(old, new)

    # -- tensors

    def _reshape(self, operation: Operation) -> None:
        source = self._array(operation.operand(0))
        dims = _RESHAPED[operation.definition](self, operation, source)
        self._bind(operation.result, Array(source.pointer, dims))

    def _extract(self, operation: Operation) -> None:
        source, *indices = operation.operands
        address = self.memory.address(
            source.type, self._array(source), [self._scalar(i) for i in indices]
        )
        type = _register(operation.result.type)
        self._bind(operation.result, self.builder.value(vm.load, address, types=[type]))

    def _insert(self, operation: Operation) -> None:
        scalar, _, *indices = operation.operands
        target = self._updated(operation, 1)
        address = self.memory.address(
            operation.result.type, target, [self._scalar(i) for i in indices]
        )
        self.builder.create(vm.store, self._scalar(scalar), address)
        self._bind(operation.result, target)

    def _from_elements(self, operation: Operation) -> None:
        type = operation.result.type
        made = self.memory.allocate(type, type.shape)
        for number, element in enumerate(operation.operands):
            address = self.memory.add(made.pointer, number * byte_width(type.element))
            self.builder.create(vm.store, self._scalar(element), address)
        self._bind(operation.result, made)

    def _dim(self, operation: Operation) -> None:
        self._bind(operation.result, self._dimension(operation))

    def _dimension(self, operation: Operation) -> Value:
        source, axis = operation.operands
        position = axis.owner.get("value") if isinstance(axis.owner, Operation) else None
        if not isinstance(position, int):
            raise FleetError("tensor.dim needs a constant axis here", operation.location)
        if source not in self.values and source.owner.definition is tensor.empty:
            return self.memory.size(self._empty_dims(source)[position])
        return self.memory.size(self._array(source).dims[position])

    def _cast(self, operation: Operation, source: Array) -> tuple[Size, ...]:
        return tuple(
            dim if known is None else known
            for dim, known in zip(source.dims, operation.result.type.shape, strict=True)
        )

    def _collapsed(self, operation: Operation, source: Array) -> tuple[Size, ...]:
        dims: list[Size] = []
        for group in tensor.reassociation_of(operation):
            total: Size = 1
            for position in group:
                total = self.memory.multiply(total, source.dims[position])
            dims.append(total)
        return tuple(dims)

    def _expanded(self, operation: Operation, source: Array) -> tuple[Size, ...]:
        given = operation.definition.segments(operation)[1]
        return self._dims(operation.result.type, [self._scalar(size) for size in given])

    def _slice(self, operation: Operation) -> None:
        """A contiguous slice as a view: all dimensions after the first sliced one are whole."""
        source, offsets, sizes, _ = operation.definition.segments(operation)
        array = self._array(source[0])
        type = source[0].type
        extents = self._mixed(operation, "static_sizes", sizes)
        if any(step != 1 for step in operation.get("static_strides")) or not is_contiguous(
            extents, array.dims
        ):
            raise FleetError(
                "a slice with gaps is left in the schedule; it should have become a copy",
                operation.location,
            )
        starts = self._mixed(operation, "static_offsets", offsets)
        address = self.memory.address(type, array, starts)
        kept = kept_dimensions(extents, operation.result.type)
        array = Array(address, tuple(extents[position] for position in kept))
        self._bind(operation.result, array)

    def _mixed(self, operation: Operation, name: str, dynamic: Sequence[Value]) -> list[Size]:
        """Numbers of an attribute, those that only run time knows from operands."""
        given = iter(dynamic)
        return [
            self._scalar(next(given)) if entry == DYNAMIC else entry
            for entry in operation.get(name)
        ]

    # -- updates and calls

    def _insert_slice(self, operation: Operation) -> None:
        """Elements in a row to a place in another one."""
        (source,), _, offsets, _, _ = operation.definition.segments(operation)
        content = self._array(source)
        size = self.memory.size(self.memory.bytes(source.type, content.dims))
        target = self._updated(operation, 1)  # where memory is taken, a copy and `free` may follow
        starts = self._mixed(operation, "static_offsets", offsets)
        address = self.memory.address(operation.result.type, target, starts)
        self.builder.create(vm.copy, address, content.pointer, size)
        self._bind(operation.result, target)

    def _updated(self, operation: Operation, number: int) -> Array:
        """The buffer that an updating operation writes for this operand."""
        value = operation.operand(number)
        if (operation, number) in self.ownership.fresh:
            return self.memory.allocate(value.type, self._empty_dims(value))
        array = self._array(value)
        if (operation, number) in self.ownership.in_place:
            return array
        return self.memory.copy(value.type, array)

    def _launch(self, operation: Operation) -> None:
        inputs, dests, sizes = operation.definition.segments(operation)
        targets = [
            self._updated(operation, len(inputs) + number) for number in range(len(dests))
        ]
        arguments = [self._array(value).pointer for value in inputs]
        arguments += [target.pointer for target in targets]
        arguments += [self._scalar(size) for size in sizes]
        self.builder.create(vm.launch, arguments, callee=operation.attributes["callee"])
        for result, target in zip(operation.results, targets, strict=True):
            self._bind(result, target)

    def _call(self, operation: Operation) -> None:
        name = str(operation.get("callee"))
        callee = self.functions[name]
        passed = self.owned.get(name, frozenset())
        flat: list[Value] = []
        for number, value in enumerate(operation.operands):
            flat += self._operand(operation, number, value, number in passed)
        types = [result.type for result in operation.results]
        result_types = list(REGISTERS.all(types))
        if callee.get("service") in ints:
            made = self.builder.create(ints[callee.get("service")], flat, types=result_types)
        elif "service" in callee.attributes:
            service = DictAttr(
                (
                    ("name", callee.attributes["service"]),
                    ("kinds", callee.attributes.get("kinds", ArrayAttr(()))),
                    ("types", attribute([str(value.type) for value in operation.operands])),
                    ("result_kinds", callee.attributes.get("result_kinds", ArrayAttr(()))),
                    ("result_types", attribute([str(type) for type in types])),
                    ("options", callee.attributes.get("options", DictAttr(()))),
                )
            )
            made = self.builder.create(vm.host, flat, types=result_types, service=service)
        else:
            made = self.builder.create(
                func.call, flat, types=result_types, callee=operation.attributes["callee"]
            )
        for result, lowered in zip(
            operation.results, self._unflatten(made.results, types), strict=True
        ):
            self._bind(result, lowered)

    # -- control flow

    def _passed(self, operation: Operation, start: int) -> list[Value]:
        """The operands from `start` on as registers, moved or copied as ownership says."""
        flat: list[Value] = []
        for number in range(start, len(operation.operands)):
            flat += self._operand(operation, number, operation.operand(number), True)
        return flat

    def _operand(
        self, operation: Operation, number: int, value: Value, passed: bool
    ) -> list[Value]:
        """An operand as registers. passed: whether its buffer has another owner from then on."""
        if not isinstance(value.type, TensorType):
            return [self._scalar(value)]
        array = self._array(value)
        if passed and (operation, number) not in self.ownership.moved:
            array = self.memory.copy(value.type, array)
        return self._flatten(array, value.type)

    def _new_block(self, sources: Sequence[Value] = ()) -> Block:
        """A new block whose arguments stand for these values."""
        block = self.region.add_block()
        for source in sources:
            self._bind(source, self._block_arguments(block, source))
        return block

    def _leave(self, block: Block, start: int = 0) -> list[Value]:
        """Handle a region's terminator: what it passes on, after which its last buffers go."""
        terminator = block.terminator
        with self.builder.at(terminator.location):
            passed = self._passed(terminator, start)
            self._frees(terminator)
        return passed

    def _continue_in(self, block: Block) -> None:
        self.builder.block, self.builder.anchor = block, None

    def _continue_after(self, block: Block) -> None:
        """In the block behind a loop, which comes after all of the loop's blocks: a loop is a
        stretch of bytecode, with the loops in it."""
        self.region.blocks.remove(block)
        self.region.blocks.append(block)
        self._continue_in(block)

    def _if(self, operation: Operation) -> None:
        condition = self._scalar(operation.operand(0))
        then, otherwise = operation.regions
        start = self.builder.block
        ends: list[tuple[Block, list[Value]]] = []
        entries: list[Block] = []
        for region in (then, otherwise):
            if not region.blocks:
                continue
            entries.append(self._new_block())
            self._continue_in(entries[-1])
            self._block(region.block)
            ends.append((self.builder.block, self._leave(region.block)))
        after = self._new_block(operation.results)
        for end, values in ends:
            self._continue_in(end)
            self.builder.create(vm.br, values, successors=[after])
        self._continue_in(start)
        targets = [entries[0], entries[1] if len(entries) > 1 else after]
        self.builder.create(vm.cond_br, condition, [], [], successors=targets)
        self._continue_in(after)

    def _for(self, operation: Operation) -> None:
        lower, upper, step = (self._scalar(value) for value in operation.operands[:3])
        inits = self._passed(operation, 3)
        body = operation.body
        header = self._new_block(body.arguments)
        self.builder.create(vm.br, [lower, *inits], successors=[header])
        self._continue_in(header)
        induction = self._scalar(body.arguments[0])
        inside = self.builder.value(
            arith.cmpi, induction, upper, types=[i1], predicate=2
        )
        inner = self.region.add_block()
        after = self._new_block(operation.results)
        carried = list(header.arguments[1:])
        self.builder.create(vm.cond_br, inside, [], carried, successors=[inner, after])
        self._continue_in(inner)
        self._block(body)
        passed = self._leave(body)
        following = self.builder.value(arith.addi, induction, step)
        self.builder.create(vm.br, [following, *passed], successors=[header])
        self._continue_after(after)

    def _while(self, operation: Operation) -> None:
        before, after_region = (region.block for region in operation.regions)
        inits = self._passed(operation, 0)
        header = self._new_block(before.arguments)
        self.builder.create(vm.br, inits, successors=[header])
        self._continue_in(header)
        self._block(before)
        condition = self._scalar(before.terminator.operand(0))
        forwarded = self._leave(before, 1)
        inner = self._new_block(after_region.arguments)
        exit = self._new_block(operation.results)
        self.builder.create(
            vm.cond_br, condition, forwarded, forwarded, successors=[inner, exit]
        )
        self._continue_in(inner)
        self._block(after_region)
        passed = self._leave(after_region)
        self.builder.create(vm.br, passed, successors=[header])
        self._continue_after(exit)


_LOWER: dict[OpDef, Callable[[_Function, Operation], None]] = {
    arith.constant: _Function._constant,
    tensor.empty: _Function._empty,
    tensor.dim: _Function._dim,
    tensor.cast: _Function._reshape,
    tensor.collapse_shape: _Function._reshape,
    tensor.expand_shape: _Function._reshape,
    tensor.extract_slice: _Function._slice,
    tensor.extract: _Function._extract,
    tensor.insert: _Function._insert,
    tensor.insert_slice: _Function._insert_slice,
    tensor.from_elements: _Function._from_elements,
    loop.launch: _Function._launch,
    func.call: _Function._call,
    func.return_: _Function._return,
    scf.if_: _Function._if,
    scf.for_: _Function._for,
    scf.while_: _Function._while,
    scf.yield_: _Function._later,
    scf.condition: _Function._later,
}
"""How operations of the schedule are lowered, scalar arithmetic apart."""

_RESHAPED: dict[OpDef, Callable[[_Function, Operation, Array], tuple[Size, ...]]] = {
    tensor.cast: _Function._cast,
    tensor.collapse_shape: _Function._collapsed,
    tensor.expand_shape: _Function._expanded,
}
"""The dimensions of an array under another type."""


def _register(type: Type) -> Type:
    """Sizes are 64-bit integers in the machine."""
    return i64 if type == index else type


def _registers(type: Type) -> list[Type]:
    """A tensor is its pointer and its dynamic dimensions; a scalar itself."""
    if not isinstance(type, TensorType):
        return [_register(type)]
    return [i64] + [i64 for dim in type.shape if dim is None]


REGISTERS = TypeConverter(_registers)
"""What the machine's registers hold of each type of the schedule."""
