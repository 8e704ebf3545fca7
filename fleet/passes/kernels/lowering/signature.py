"""A kernel's arguments as buffers and sizes, and what its callers pass for them.

In: a kernel over tensors. Out: the block of the kernel over memrefs, a `View` of every tensor
argument, scratch buffers as they are asked for; then the function, and launches in place of calls.
The one idea: sizes of arguments come from the kernel's `index` arguments where those are known to
be equal in all calls; for others an argument is added, whose value the callers take with
`tensor.dim`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.diagnostics import FleetError
from fleet.dialects import arith, func, loop, tensor
from fleet.dialects.linalg import computes
from fleet.ir.affine import AffineDim
from fleet.ir.attributes import DenseAttr, IntegerAttr, UnitAttr, symbol
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.mapping import IRMapping
from fleet.ir.types import FunctionType, IndexType, MemRefType, TensorType, i64, index
from fleet.passes.kernels.arrays.views import Size, View
from fleet.passes.kernels.lowering.nest import Structured
from fleet.passes.shapes.dims import Dims
from fleet.passes.shapes.symbolic import Size as Symbolic


class KernelSignature:
    """builder: writes the new body. views, scalars: what the old arguments are in it.

    inputs, dests: the old tensor arguments. read_only: buffers that must not be written to.
    """

    def __init__(self, old: Operation, dims: Dims) -> None:
        self.old = old
        self.dims = dims
        self.name = old.get("sym_name")
        self.block = Block()
        self.builder = Builder(self.block, location=old.location)
        self.views: dict[Value, View] = {}
        self.scalars = IRMapping()
        self.constants: dict[int, Value] = {}
        self.added_sizes: list[tuple[Value, int]] = []
        self.scratch_types: list[tuple[MemRefType, list[Value]]] = []
        self.scratches: set[Value] = set()
        self.status: Value | None = None
        self.known: dict[Symbolic, Value] = {}
        self.equal = _equal_sizes(old, dims)
        self.lifted = [op for op in old.body if is_lifted(op)]
        self._split_arguments()
        self._make_arguments()

    def _split_arguments(self) -> None:
        arguments = self.old.body.arguments
        tensors = [a for a in arguments if isinstance(a.type, TensorType)]
        self.indices = [a for a in arguments if isinstance(a.type, IndexType)]
        if tensors + self.indices != list(arguments):
            raise FleetError(
                f"kernel @{self.name} takes something between or beside tensors and sizes",
                self.old.location,
            )
        count = len(tensors) - len(self.old.get("function_type").results)
        self.inputs, self.dests = tensors[:count], tensors[count:]

    def _make_arguments(self) -> None:
        inputs = [*self.inputs, *(op.result for op in self.lifted)]
        sources = [*inputs, *self.dests]
        memrefs = {}
        for value in sources:
            type = MemRefType(value.type.shape, value.type.element)
            memrefs[value] = self.block.add_argument(type, value.hint)
        for value in self.indices:
            self.scalars[value] = self.block.add_argument(index, value.hint)
            self.known.setdefault(_leader(self.equal, self.dims.size(value)), self.scalars[value])
        for value in sources:
            sizes = [self._size_of(value, axis) for axis in range(value.type.rank)]
            self.views[value] = View.whole(self._buffer(memrefs[value], sizes), sizes)
        self.read_only = {self.views[value].memref for value in inputs}

    def _size_of(self, value: Value, axis: int) -> Size:
        """A dimension of an argument: static, one of the index arguments, or a new one."""
        if value.type.shape[axis] is not None:
            return value.type.shape[axis]
        size = _leader(self.equal, self.dims.shape(value)[axis])
        if size.static is not None:
            return size.static
        if size not in self.known:
            self.known[size] = self.block.add_argument(index)
            self.added_sizes.append((value, axis))
        return self.known[size]

    def _buffer(self, memref: Value, sizes: Sequence[Size]) -> Value:
        dynamic = [
            self.index(size)
            for size, dim in zip(sizes, memref.type.shape, strict=True)
            if dim is None
        ]
        if not dynamic:
            return memref
        made = self.builder.value(loop.buffer, memref, dynamic, types=[memref.type])
        made.hint = memref.hint
        return made

    def index(self, size: Size) -> Value:
        """The size as a value; constants stand at the kernel's top, once each."""
        if isinstance(size, Value):
            return size
        if size not in self.constants:
            top = Builder(self.block, self.block.first, self.old.location)
            attr = IntegerAttr(size, index)
            self.constants[size] = top.value(arith.constant, value=attr, types=[index])
        return self.constants[size]

    def scratch(self, type: TensorType, sizes: Sequence[Size]) -> View:
        """A new buffer that callers provide."""
        shape = tuple(size if isinstance(size, int) else None for size in sizes)
        memref_type = MemRefType(shape, type.element)
        memref = self.block.add_argument(memref_type, "scratch")
        self.scratches.add(memref)
        self.scratch_types.append((memref_type, [s for s in sizes if isinstance(s, Value)]))
        return View.whole(self._buffer(memref, sizes), sizes)

    def add_status(self) -> None:
        """The buffer that says which check failed; how long it is, is not known yet."""
        self.status = self.block.add_argument(MemRefType((1,), i64), "status")

    def size_status(self, words: int) -> None:
        self.status.type = MemRefType((words,), i64)

    def status_after(self, launch: Operation) -> Value:
        """What a launch has left in it: the destination before scratch."""
        return launch.results[-1 - len(self.scratch_types)]

    # -- the new function, its callers

    def finish(self) -> None:
        """Put the new function in the old one's place: inputs, destinations, the status, scratch,
        sizes."""
        arguments = self.block.arguments
        places = [
            3 if isinstance(a.type, IndexType) else 2 if a in self.scratches
            else 1 if a is self.status else 0
            for a in arguments
        ]  # fmt: skip
        ordered = [arguments[n] for n in np.argsort(places, kind="stable")]
        self.block.arguments = ordered
        for number, argument in enumerate(ordered):
            argument.number = number
        types = tuple(argument.type for argument in ordered)
        kept = {
            name: attr
            for name, attr in self.old.attributes.items()
            if name not in ("function_type", "arg_attrs", "res_attrs")
        }
        made = func.func(
            regions=[Region([self.block])],
            location=self.old.location,
            **kept,
            function_type=FunctionType(types, ()),
        )
        if self.scratch_types:
            made.attributes["scratch"] = IntegerAttr(len(self.scratch_types))
        if self.status is not None:
            made.attributes["status"] = UnitAttr()
        made.attributes["kernel"] = UnitAttr()
        Builder.before(self.old).insert(made)
        self.old.erase()

    def rewrite(self, call: Operation) -> Operation:
        """The call as a launch, with what the kernel takes in addition."""
        builder = Builder.before(call)
        at_call = dict(zip(self.old.body.arguments, call.operands, strict=True))
        inputs = [at_call[a] for a in self.inputs]
        inputs += [builder.insert(op.clone()).result for op in self.lifted]
        dests = [at_call[a] for a in self.dests]
        sizes = [at_call[a] for a in self.old.body.arguments if isinstance(a.type, IndexType)]
        inside = IRMapping(
            {self.scalars[a]: v for a, v in at_call.items() if isinstance(a.type, IndexType)}
        )
        for value, axis in self.added_sizes:
            number = builder.value(arith.constant, value=IntegerAttr(axis, index), types=[index])
            size = builder.value(tensor.dim, at_call[value], number, types=[index])
            inside[self._size_of(value, axis)] = size
            sizes.append(size)
        if self.status is not None:
            shape = TensorType(self.status.type.shape, i64)
            dests.append(builder.value(tensor.empty, [], types=[shape]))
        for type, dynamic in self.scratch_types:
            made = [self._outside(size, inside, builder) for size in dynamic]
            shape = TensorType(type.shape, type.element)
            dests.append(builder.value(tensor.empty, made, types=[shape]))
        launch = builder.create(
            loop.launch,
            inputs,
            dests,
            sizes,
            types=[dest.type for dest in dests],
            callee=symbol(self.name),
        )
        for old, new in zip(call.results, launch.results, strict=False):
            new.hint = old.hint
            old.replace_all_uses_with(new)
        call.erase()
        return launch

    def _outside(self, size: Value, inside: IRMapping, builder: Builder) -> Value:
        """A size of the kernel's as the caller computes it."""
        if size not in inside:
            op = size.owner
            for operand in op.operands:
                self._outside(operand, inside, builder)
            builder.insert(op.clone(inside))
        return inside[size]


def _equal_sizes(kernel: Operation, dims: Dims) -> dict[Symbolic, Symbolic]:
    """Sizes that are equal because one operation runs over both; a forest, see `_leader`."""
    equal: dict[Symbolic, Symbolic] = {}
    for op in kernel.body:
        if not computes(op):
            continue
        form = Structured.of(op)
        seen: dict[int, Symbolic] = {}
        for operand, map in zip(op.operands, form.maps, strict=True):
            if not isinstance(operand.type, TensorType):
                continue
            for expr, size in zip(map.results, dims.shape(operand), strict=True):
                if isinstance(expr, AffineDim):
                    first = _leader(equal, seen.setdefault(expr.position, size))
                    other = _leader(equal, size)
                    if first != other:
                        static_last = (first, other) if other.static is not None else (other, first)
                        equal[static_last[0]] = static_last[1]
    return equal


def _leader(equal: dict[Symbolic, Symbolic], size: Symbolic) -> Symbolic:
    while size in equal:
        size = equal[size]
    return size


def is_lifted(op: Operation) -> bool:
    """Whether the operation is a constant tensor that has to come from memory."""
    attr = op.attributes.get("value")
    return op.name == "arith.constant" and isinstance(attr, DenseAttr) and not attr.is_splat
