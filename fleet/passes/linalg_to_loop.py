"""Kernels of linalg operations on tensors become kernels of scalar loops over buffers.

In: private functions marked `kernel` (stage "kernels": linalg, arith, slices; destination-passing)
and their callers. Out: the same functions over memrefs, with `loop.for` nests, and `loop.launch` in
place of `func.call`. The one idea: every tensor inside a kernel gets a place (a `View` of a
destination, of an input, or of a scratch buffer) before the first operation that writes to it, and
results are made where they are wanted.

Sizes of arguments come from the kernel's `index` arguments where those are known to be equal in all
calls; for others an argument is added, and so are scratch buffers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.diagnostics import FleetError
from fleet.dialects import arith, func, linalg, loop, tensor
from fleet.ir.affine import AffineDim, AffineMap, d
from fleet.ir.attributes import DenseAttr, FloatAttr, IntegerAttr, UnitAttr, symbol
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Region, Value
from fleet.ir.passes import register_pass
from fleet.ir.types import (
    FunctionType,
    IndexType,
    MemRefType,
    TensorType,
    index,
    is_float,
)
from fleet.passes.dims import Dims
from fleet.passes.linalg_nest import NAMED, Nest, Structured
from fleet.passes.symbolic import Size as Symbolic
from fleet.passes.tensor_views import Size, View

VIEWS = {"tensor.extract_slice", "tensor.cast", "tensor.expand_shape", "tensor.collapse_shape"}
"""Operations whose result is a part or another form of their first operand's data."""


@register_pass("linalg-to-loop")
def run(module: Operation) -> None:
    """Kernels on tensors to loop nests over buffers; their calls to launches."""
    dims = Dims(module)
    calls: dict[str, list[Operation]] = {}
    for op in module.walk():
        if op.name == "func.call":
            calls.setdefault(op.get("callee"), []).append(op)
    kernels = [op for op in module.body if op.name == "func.func" and "kernel" in op.attributes]
    lowered = [_Kernel(kernel, dims) for kernel in kernels if _is_tensor_kernel(kernel)]
    for kernel in lowered:
        kernel.lower()
    for kernel in lowered:
        for call in calls.get(kernel.name, ()):
            kernel.rewrite(call)
        kernel.finish()


def _is_tensor_kernel(kernel: Operation) -> bool:
    inputs = kernel.get("function_type").inputs
    return bool(kernel.regions[0].blocks) and any(isinstance(t, TensorType) for t in inputs)


class _Kernel:
    """One kernel's lowering. `views` says where each tensor of the old body lies."""

    def __init__(self, old: Operation, dims: Dims) -> None:
        self.old = old
        self.dims = dims
        self.name = old.get("sym_name")
        self.block = Block()
        self.builder = Builder(self.block, location=old.location)
        self.views: dict[Value, View] = {}
        self.splats: dict[Value, Value] = {}
        self.scalars: dict[Value, Value] = {}
        self.constants: dict[int, Value] = {}
        self.added_sizes: list[tuple[Value, int]] = []
        self.lifted: list[Operation] = []
        self.scratch: list[tuple[MemRefType, list[Value]]] = []
        self.read_only: set[Value] = set()
        self.known: dict[Symbolic, Value] = {}
        _unshare(old)
        self.position: dict[Operation, int] = {op: n for n, op in enumerate(old.body)}

    # -- the signature

    def lower(self) -> None:
        body = self.old.body
        tensors = [a for a in body.arguments if isinstance(a.type, TensorType)]
        indices = [a for a in body.arguments if isinstance(a.type, IndexType)]
        if tensors + indices != list(body.arguments):
            raise FleetError(
                f"kernel @{self.name} takes something between or beside tensors and sizes",
                self.old.location,
            )
        count = len(self.old.get("function_type").results)
        self.inputs, self.dests = tensors[: len(tensors) - count], tensors[len(tensors) - count :]
        self.lifted = [op for op in body if _is_lifted(op)]
        sources = [*tensors[: len(self.inputs)], *(op.result for op in self.lifted), *self.dests]
        memrefs = {}
        for value in sources:
            memrefs[value] = self._argument(MemRefType(value.type.shape, value.type.element))
            memrefs[value].hint = value.hint
        self.equal = _equal_sizes(self.old, self.dims)
        for value in indices:
            self.scalars[value] = self._argument(index)
            self.scalars[value].hint = value.hint
            self.known.setdefault(_leader(self.equal, self.dims.size(value)), self.scalars[value])
        for value in sources:
            sizes = [self._size_of(value, axis) for axis in range(value.type.rank)]
            self.views[value] = View.whole(self._buffer(memrefs[value], sizes), sizes)
        for value in sources[: len(sources) - count]:
            self.read_only.add(self.views[value].memref)
        self._place_results()
        for op in body:
            with self.builder.at(op.location):
                self._operation(op)

    def _argument(self, type: MemRefType | IndexType) -> Value:
        return self.block.add_argument(type)

    def _size_of(self, value: Value, axis: int) -> Size:
        """A dimension of an argument: static, one of the index arguments, or a new one."""
        if value.type.shape[axis] is not None:
            return value.type.shape[axis]
        size = _leader(self.equal, self.dims.shape(value)[axis])
        if size.static is not None:
            return size.static
        if size not in self.known:
            self.known[size] = self._argument(index)
            self.added_sizes.append((value, axis))
        return self.known[size]

    def _buffer(self, memref: Value, sizes: Sequence[Size]) -> Value:
        dynamic = [
            self._index(size)
            for size, dim in zip(sizes, memref.type.shape, strict=True)
            if dim is None
        ]
        if not dynamic:
            return memref
        made = self.builder.value(loop.buffer, memref, dynamic, types=[memref.type])
        made.hint = memref.hint
        return made

    def _index(self, size: Size) -> Value:
        """The size as a value; constants stand at the kernel's top, once each."""
        if isinstance(size, Value):
            return size
        if size not in self.constants:
            top = Builder(self.block, self.block.first)
            attr = IntegerAttr(size, index)
            self.constants[size] = top.value(arith.constant, value=attr, types=[index])
        return self.constants[size]

    def _scratch(self, type: TensorType, sizes: Sequence[Size]) -> View:
        """A new buffer that callers provide."""
        shape = tuple(size if isinstance(size, int) else None for size in sizes)
        memref_type = MemRefType(shape, type.element)
        memref = self.block.add_argument(memref_type, "scratch")
        self.scratch.append((memref_type, [s for s in sizes if isinstance(s, Value)]))
        return View.whole(self._buffer(memref, sizes), sizes)

    # -- places

    def _place_results(self) -> None:
        """Give what becomes a result its destination, from the `tensor.empty` where it begins."""
        for value, dest in zip(self.old.body.terminator.operands, self.dests, strict=True):
            begin = self._beginning(value)
            free = not any(user is not self.old.body.last for user in dest.users)
            if begin is not None and begin not in self.views and free:
                view = self.views[dest]
                if all(a == b for a, b in zip(self._empty_sizes(begin), view.sizes, strict=True)):
                    self.views[begin] = view

    def _beginning(self, value: Value) -> Value | None:
        """The `tensor.empty` whose place the value takes, through destinations alone."""
        while isinstance(value, OpResult):
            op = value.operation
            if op.name == "tensor.empty":
                return value
            dest = _destination(op, value.number)
            if dest is None:
                return None
            value = dest
        return None

    def _empty_sizes(self, value: Value) -> list[Size]:
        given = iter(value.operation.operands)
        return [dim if dim is not None else self._scalar(next(given)) for dim in value.type.shape]

    def _view(self, value: Value) -> View:
        """Where a tensor lies. A splat whose stores were saved so far is stored now."""
        if value not in self.views:
            raise FleetError(f"{value.owner!r} has no loop form inside a kernel", self.old.location)
        return self.views[value]

    def _scalar(self, value: Value) -> Value:
        return self.scalars.get(value, value)

    # -- operations

    def _operation(self, op: Operation) -> None:
        match op.name:
            case "tensor.empty":
                if op.result not in self.views:
                    self._place_empty(op)
            case "linalg.fill":
                self._fill(op)
            case "linalg.generic":
                self._structured(op)
            case name if name in NAMED:
                self._structured(op)
            case name if name in VIEWS:
                self._reshape(op)
            case "tensor.insert_slice":
                self._insert_slice(op)
            case "tensor.extract":
                places = [self._scalar(v) for v in op.operands[1:]]
                view = self._view(op.operand(0))
                access = view.at([d(i) for i in range(len(places))], places)
                self.scalars[op.result] = access.load(self.builder, op.result.type)
            case "tensor.insert":
                self._insert(op)
            case "tensor.from_elements" | "tensor.splat" if len(op.operands) == 1:
                self.splats[op.result] = self._scalar(op.operand(0))
            case "arith.constant" if isinstance(op.result.type, TensorType):
                if op not in self.lifted:
                    self.splats[op.result] = self._splat_constant(op)
            case "func.return":
                self._return(op)
            case name if name.startswith(("arith.", "math.")) and not _on_tensors(op):
                self.builder.insert(op.clone(self.scalars))
            case _:
                raise FleetError(f"{op.name} has no loop form inside a kernel", op.location)

    def _place_empty(self, op: Operation) -> None:
        """An intermediate's place: the slice that it is inserted into, or scratch."""
        value, chain = op.result, op.result
        sizes = self._empty_sizes(op.result)
        while len(chain.uses) >= 1:
            inserts = [u for u in chain.users if u.name == "tensor.insert_slice"]
            if len(inserts) == 1 and inserts[0].operand(0) is chain:
                target = self._slice_target(inserts[0], list(chain.users))
                if target is not None and target.sizes == tuple(sizes):
                    self.views[value] = target
                    return
                break
            following = [
                op.results[number]
                for op in chain.users
                for number in range(len(op.results))
                if _destination(op, number) is chain
            ]
            if len(following) != 1:
                break
            chain = following[0]
        self.views[value] = self._scratch(op.result.type, sizes)

    def _slice_target(self, insert: Operation, users: list[Operation]) -> View | None:
        """The part of the destination that an inserted slice becomes, where it can be made there."""
        dest = insert.operand(1)
        root = self._beginning(dest) or self._first_dest(dest)
        if root is None or root not in self.views or len(users) != 1:
            return None
        if self.views[root].memref in self.read_only:
            return None
        # Whoever reads the destination in between would see the slice too early.
        version: Value | None = dest
        while version is not None:
            if any(_reads(user, version) for user in version.users):
                return None
            if version is root:
                break
            version = _destination(version.operation, version.number)
        return self._slice(insert, self.views[root], insert.operand(0).type)

    def _first_dest(self, value: Value) -> Value | None:
        """The destination argument that a chain of destinations begins with."""
        while isinstance(value, OpResult):
            following = _destination(value.operation, value.number)
            if following is None:
                return None
            value = following
        return value if value in self.dests else None

    def _writable(self, op: Operation, value: Value, needed: bool) -> View:
        """A place that an operation may overwrite, which holds the value's elements if needed."""
        splat = self.splats.get(value)
        view = self.views.get(value)
        late = self._used_later(value, op)
        if view is not None and view.memref not in self.read_only and not late:
            return view
        if view is None and splat is None:
            raise FleetError(f"{value.owner!r} has no place inside a kernel", op.location)
        sizes = view.sizes if view is not None else self._static_sizes(value, op)
        copy = self._scratch(value.type, sizes)
        if needed:
            self._copy(splat if splat is not None else view, copy)
        return copy

    def _static_sizes(self, value: Value, op: Operation) -> list[Size]:
        if not value.type.is_static:
            raise FleetError("a splat of dynamic size is written to in a kernel", op.location)
        return list(value.type.shape)

    def _used_later(self, value: Value, op: Operation) -> bool:
        """Whether the value's data is looked at after the operation, or by it beside as a dest."""
        now = self.position[op]
        for alias in self._aliases(value):
            for user in alias.users:
                outer = self._top(user)
                if self.position[outer] > now and not self._writes_back(user, alias, op):
                    return True
        return False

    def _writes_back(self, user: Operation, alias: Value, op: Operation) -> bool:
        """`insert_slice` of what the operation makes of a slice, into where the slice came from."""
        return (
            user.name == "tensor.insert_slice"
            and alias is user.operand(1)
            and user.operand(0) in op.results
            and any(
                isinstance(dest, OpResult)
                and dest.operation.name == "tensor.extract_slice"
                and dest.operation.operand(0) is alias
                for dest in op.operands
            )
        )

    def _aliases(self, value: Value) -> set[Value]:
        """Tensors that share data with this one, in this version."""
        root = value
        while isinstance(root, OpResult) and root.operation.name in VIEWS:
            root = root.operation.operand(0)
        found = {root}
        work = [root]
        while work:
            for user in work.pop().users:
                if user.name in VIEWS and user.result not in found:
                    found.add(user.result)
                    work.append(user.result)
        return found

    def _top(self, op: Operation) -> Operation:
        """The operation of the kernel's own block that holds this one."""
        while op not in self.position:
            op = op.parent_op
        return op

    # -- structured operations

    def _fill(self, op: Operation) -> None:
        """A splat: stored only if someone needs to see it in memory."""
        scalar, value = self._scalar(op.operand(0)), op.result
        self.splats[value] = scalar
        users = [self._top(user) for user in value.users]
        if users and all(self._takes_splat(user, value) for user in users):
            dest = op.operand(1)
            if dest in self.views and not self._used_later(dest, op):
                self.views[value] = self.views[dest]
                return
        self.views[value] = view = self._writable(op, op.operand(1), needed=False)
        self._copy(scalar, view)

    def _takes_splat(self, user: Operation, value: Value) -> bool:
        """Whether the user can do with the scalar alone, without the elements in memory."""
        if user.name != "linalg.generic" and user.name not in NAMED:
            return False
        form = Structured.of(user)
        inputs, outputs = user.named("inputs"), user.named("outputs")
        if any(value in inner.operands for inner in form.body):
            return False
        for number, output in enumerate(outputs):
            if output is value:
                map = form.maps[len(inputs) + number]
                if len(value.uses) > 1 or not map.is_projected_permutation:
                    return False
                argument = form.body.arguments[len(inputs) + number]
                everywhere = form.output_dims(number) == set(range(len(form.iterators)))
                if argument.uses and not everywhere and not form.held(number):
                    return False
        return True

    def _structured(self, op: Operation) -> None:
        form = Structured.of(op)
        inputs, outputs = op.named("inputs"), op.named("outputs")
        places, inits = [], []
        for number, output in enumerate(outputs):
            argument = form.body.arguments[len(inputs) + number]
            map = form.maps[len(inputs) + number]
            needed = bool(argument.uses) or not map.is_projected_permutation
            splat = self.splats.get(output)
            places.append(self._writable(op, output, needed and splat is None))
            inits.append(splat)
        sources: list[View | Value] = []
        for number, value in enumerate(inputs):
            source = self.splats.get(value)
            if source is None and isinstance(value.type, TensorType):
                source = self._view(value)
            if source is None:
                source = self._scalar(value)
            sources.append(self._apart(source, form, number, len(inputs), places))
        captured = {
            inner.operand(0): self._view(inner.operand(0))
            for inner in form.body
            if inner.name == "tensor.extract"
        }
        for value, view in captured.items():
            if any(view.memref is place.memref for place in places):
                captured[value] = copy = self._scratch(value.type, view.sizes)
                self._copy(view, copy)
        shapes = [
            source.sizes if isinstance(source, View) else self._splat_sizes(value)
            for source, value in zip([*sources, *places], op.operands, strict=True)
        ]
        sizes = self._bounds(form, shapes, op)
        Nest(form, sources, places, inits, sizes, self.scalars, captured, self._index(0)).write(
            self.builder
        )
        for result, place in zip(op.results, places, strict=True):
            self.views[result] = place

    def _apart(
        self, source: View | Value, form: Structured, number: int, inputs: int, places: list[View]
    ) -> View | Value:
        """The input itself, or a copy where the nest would overwrite what it has yet to read."""
        if isinstance(source, Value):
            return source
        for other, place in enumerate(places):
            same = source == place and form.maps[number] == form.maps[inputs + other]
            if source.memref is place.memref and not (
                same and form.maps[number].is_projected_permutation and not form.held(other)
            ):
                copy = self._scratch(TensorType((), source.element), source.sizes)
                self._copy(source, copy)
                return copy
        return source

    def _splat_sizes(self, value: Value) -> Sequence[Size]:
        """The sizes of a tensor that is held as a scalar."""
        begin = self._beginning(value)
        if begin is not None:
            return self._empty_sizes(begin)
        return value.type.shape if isinstance(value.type, TensorType) else ()

    def _bounds(
        self, form: Structured, shapes: Sequence[Sequence[Size]], op: Operation
    ) -> list[Value]:
        """The trip count of every dimension, from an operand that has it as a dimension."""
        sizes: list[Size | None] = [None] * len(form.iterators)
        for shape, map in zip(shapes, form.maps, strict=True):
            for expr, size in zip(map.results, shape, strict=True):
                for dim in range(len(sizes)):
                    if expr == d(dim) and (sizes[dim] is None or isinstance(size, int)):
                        sizes[dim] = size
        if None in sizes:
            raise FleetError(f"{op.name}: nothing bounds d{sizes.index(None)}", op.location)
        return [self._index(size) for size in sizes]

    def _copy(self, source: View | Value, target: View) -> None:
        """All elements of target become those of source."""
        rank = target.rank
        identity = AffineMap.identity(rank)
        map = identity if isinstance(source, View) else AffineMap(rank, ())
        block = Block([target.element, target.element])
        Region([block])
        Builder(block).create(linalg.yield_, [block.arguments[0]])
        form = Structured((map, identity), (linalg.PARALLEL,) * rank, block)
        sizes = [self._index(size) for size in target.sizes]
        Nest(form, [source], [target], [None], sizes, {}, {}, self._index(0)).write(self.builder)

    # -- slices and reshapes

    def _reshape(self, op: Operation) -> None:
        source = op.operand(0)
        if source in self.splats and source not in self.views:
            self.splats[op.result] = self.splats[source]
            return
        view = self._view(source)
        match op.name:
            case "tensor.cast":
                found = view
            case "tensor.extract_slice":
                found = self._slice(op, view, op.result.type)
            case _:
                groups = [[i.value for i in g.value] for g in op.get("reassociation")]
                if op.name == "tensor.expand_shape":
                    given = iter(op.operands[1:])
                    sizes = [
                        self._scalar(next(given)) if dim is None else dim
                        for dim in op.result.type.shape
                    ]
                    found = view.expanded(groups, sizes)
                else:
                    found = self._collapse(view, groups)
        if found is None:
            raise FleetError(
                f"{op.name} of dimensions with dynamic sizes has no loop form inside a kernel",
                op.location,
            )
        if source in self.splats:
            self.splats[op.result] = self.splats[source]
        self.views[op.result] = found

    def _collapse(self, view: View, groups: list[list[int]]) -> View | None:
        sizes: list[Size] = []
        for group in groups:
            total: Size = 1
            for axis in group:
                size = view.sizes[axis]
                if isinstance(total, int) and isinstance(size, int):
                    total *= size
                elif size != 1:
                    other = self._index(total)
                    total = (
                        size
                        if total == 1
                        else self.builder.value(arith.muli, other, self._index(size))
                    )
            sizes.append(total)
        return view.collapsed(groups, sizes)

    def _slice(self, op: Operation, view: View, type: TensorType) -> View:
        """The part of the view that an extract_slice or insert_slice names; type: the slice's."""
        offsets, sizes, strides = (
            self._entries(op, name) for name in ("offsets", "sizes", "strides")
        )
        if not all(isinstance(stride, int) for stride in strides):
            raise FleetError("a slice in a kernel has a dynamic step", op.location)
        return view.sliced(offsets, sizes, strides, _kept(op, type))

    def _entries(self, op: Operation, name: str) -> list[Size]:
        given = iter(op.named(name))
        return [
            self._scalar(next(given)) if entry == tensor.DYNAMIC else entry
            for entry in op.get(f"static_{name}")
        ]

    def _insert_slice(self, op: Operation) -> None:
        source, dest = op.operand(0), op.operand(1)
        root = self.views.get(dest)
        made_there = self.views.get(source)
        if root is not None and made_there is not None:
            target = self._slice(op, root, source.type)
            if made_there == target:
                self.views[op.result] = root
                return
        place = self._writable(op, dest, needed=True)
        target = self._slice(op, place, source.type)
        scalar = self.splats.get(source)
        content = scalar if scalar is not None else self._view(source)
        if isinstance(content, View) and content.memref is target.memref:
            copy = self._scratch(source.type, content.sizes)
            self._copy(content, copy)
            content = copy
        self._copy(content, target)
        self.views[op.result] = place

    def _insert(self, op: Operation) -> None:
        place = self._writable(op, op.operand(1), needed=True)
        indices = [self._scalar(v) for v in op.operands[2:]]
        access = place.at([d(i) for i in range(len(indices))], indices)
        access.store(self.builder, self._scalar(op.operand(0)))
        self.views[op.result] = place

    def _splat_constant(self, op: Operation) -> Value:
        element = op.result.type.element
        number = op.attributes["value"].value.reshape(-1)[0]
        attr = (
            FloatAttr(float(number), element)
            if is_float(element)
            else IntegerAttr(int(number), element)
        )
        return self.builder.value(arith.constant, value=attr, types=[element])

    def _return(self, op: Operation) -> None:
        for value, dest in zip(op.operands, self.dests, strict=True):
            target = self.views[dest]
            held = self.views.get(value)
            if held != target:
                splat = self.splats.get(value)
                self._copy(
                    splat if held is None and splat is not None else self._view(value), target
                )
        self.builder.create(func.return_, [])

    # -- the new function, the callers

    def finish(self) -> None:
        """Put the new function in the old one's place, scratch after the destinations."""
        is_index = [isinstance(a.type, IndexType) for a in self.block.arguments]
        ordered = [self.block.arguments[n] for n in np.argsort(is_index, kind="stable")]
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
        if self.scratch:
            made.attributes["scratch"] = IntegerAttr(len(self.scratch))
        made.attributes["kernel"] = UnitAttr()
        Builder.before(self.old).insert(made)
        self.old.erase()

    def rewrite(self, call: Operation) -> None:
        """The call as a launch, with what the kernel takes in addition."""
        builder = Builder.before(call)
        at_call = dict(zip(self.old.body.arguments, call.operands, strict=True))
        inputs = [at_call[a] for a in self.inputs]
        inputs += [builder.insert(op.clone()).result for op in self.lifted]
        dests = [at_call[a] for a in self.dests]
        sizes = [at_call[a] for a in self.old.body.arguments if isinstance(a.type, IndexType)]
        inside = {self.scalars[a]: v for a, v in at_call.items() if isinstance(a.type, IndexType)}
        for value, axis in self.added_sizes:
            number = builder.value(arith.constant, value=IntegerAttr(axis, index), types=[index])
            size = builder.value(tensor.dim, at_call[value], number, types=[index])
            inside[self._size_of(value, axis)] = size
            sizes.append(size)
        for type, dynamic in self.scratch:
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

    def _outside(self, size: Value, inside: dict[Value, Value], builder: Builder) -> Value:
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
        if op.name != "linalg.generic" and op.name not in NAMED:
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


def _unshare(kernel: Operation) -> None:
    """One `tensor.empty` and one `linalg.fill` for each use, undoing CSE: places are not values."""
    for op in reversed(list(kernel.body)):
        if op.name in ("tensor.empty", "linalg.fill"):
            for user, number in list(op.result.uses)[1:]:
                user.set_operand(number, Builder.before(op).insert(op.clone()).result)


def _is_lifted(op: Operation) -> bool:
    """Whether the operation is a constant tensor that has to come from memory."""
    attr = op.attributes.get("value")
    return op.name == "arith.constant" and isinstance(attr, DenseAttr) and not attr.is_splat


def _on_tensors(op: Operation) -> bool:
    return any(isinstance(value.type, TensorType) for value in (*op.operands, *op.results))


def _destination(op: Operation, number: int) -> Value | None:
    """The operand whose place the operation's result takes."""
    if op.name.startswith("linalg."):
        return op.named("outputs")[number]
    return op.operand(1) if op.name in ("tensor.insert_slice", "tensor.insert") else None


def _reads(user: Operation, value: Value) -> bool:
    """Whether the user looks at the value's elements rather than only writing in its place."""
    if user.name == "func.return":
        return False
    if user.name in ("tensor.insert_slice", "tensor.insert"):
        return user.operand(0) is value
    if user.name == "linalg.fill":
        return False
    return True


def _kept(op: Operation, type: TensorType) -> list[int]:
    """The dimensions of a slice that its (perhaps lower-ranked) type keeps."""
    sizes = op.get("static_sizes")
    spare = len(sizes) - type.rank
    kept, wanted = [], list(type.shape)
    for axis, size in enumerate(sizes):
        left = len(sizes) - axis - 1
        fits = wanted and (size == wanted[0] or (size == tensor.DYNAMIC and wanted[0] is None))
        if spare and size == 1 and (not fits or left >= len(wanted)):
            spare -= 1
        else:
            kept.append(axis)
            wanted = wanted[1:]
    return kept
