"""Kernels of linalg operations on tensors become kernels of scalar loops over buffers.

In: private functions marked `kernel` (stage "kernels": linalg, arith, slices; destination-passing)
and their callers. Out: the same functions over memrefs, with `loop.for` nests, and `loop.launch` in
place of `func.call`. The one idea: every tensor inside a kernel gets a place (a `View` of a
destination, of an input, or of a scratch buffer) before the first operation that writes to it, and
results are made where they are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.diagnostics import FleetError
from fleet.dialects import arith, func, linalg, tensor
from fleet.dialects.loop.access import constant_of
from fleet.ir.affine import d
from fleet.ir.analysis.analyses import analysis_of
from fleet.ir.attributes import FloatAttr, IntegerAttr
from fleet.ir.core import Operation, Value
from fleet.ir.definition import ELEMENTWISE, OpDef
from fleet.ir.interfaces import CallLike, destination_of, functions_of
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import TensorType, is_float
from fleet.ir.watch import count, may_apply
from fleet.passes.kernels.arrays.destinations import (
    aliases,
    beginning,
    first_argument,
    kept_dimensions,
    reads,
    unshare,
    writes_back,
)
from fleet.passes.kernels.arrays.views import Size, View
from fleet.passes.kernels.checks.failures import service_of
from fleet.passes.kernels.lowering.nest import Nest, Structured, write_copy
from fleet.passes.kernels.lowering.ordered import OrderedBody
from fleet.passes.kernels.lowering.pairwise import Pairwise
from fleet.passes.kernels.lowering.signature import KernelSignature
from fleet.passes.shapes.dims import Dims


@register_pass("linalg-to-loop", "kernels on tensors to loop nests over buffers")
def run(module: Operation) -> None:
    """Kernels on tensors to loop nests over buffers; their calls to launches."""
    dims = analysis_of(Dims, module)
    calls: dict[str, list[Operation]] = {}
    for op in module.walk():
        call = CallLike.of(op)
        if call is not None:
            calls.setdefault(call.name(op), []).append(op)
    functions = functions_of(module)
    kernels = [op for op in module.body if op.name == "func.func" and "kernel" in op.attributes]
    for kernel in filter(_is_tensor_kernel, kernels):
        if not may_apply():
            break
        with rewriting("a kernel over buffers", kernel, module):
            _lower(kernel, dims, calls, functions)
        count("kernels lowered")


def _lower(
    kernel: Operation,
    dims: Dims,
    calls: dict[str, list[Operation]],
    functions: dict[str, Operation],
) -> None:
    unshare(kernel)
    signature = KernelSignature(kernel, dims)
    body: _Body | OrderedBody = _Body(signature)
    if "ordered" in kernel.attributes:
        body = OrderedBody(signature, service_of(functions))
    body.lower()
    for call in calls.get(signature.name, ()):
        body.raise_after(signature.rewrite(call))
    signature.finish()


def _is_tensor_kernel(kernel: Operation) -> bool:
    inputs = kernel.get("function_type").inputs
    return bool(kernel.regions[0].blocks) and (
        any(isinstance(t, TensorType) for t in inputs)
        or any(op.name.startswith("scf.") for op in kernel.body)
    )


class _Body:
    """One kernel's body. views: where each tensor of the old body lies. splats: tensors that are
    one scalar everywhere. scalars: the new values of old scalars."""

    def __init__(self, signature: KernelSignature) -> None:
        self.signature = signature
        self.old = signature.old
        self.builder = signature.builder
        self.views = signature.views
        self.scalars = signature.scalars
        self.splats: dict[Value, Value] = {}
        self.position: dict[Operation, int] = {op: n for n, op in enumerate(self.old.body)}

    def raise_after(self, launch: Operation) -> None:
        """Nothing in such a kernel raises."""

    def lower(self) -> None:
        self._place_results()
        for op in self.old.body:
            with self.builder.at(op.location):
                self._operation(op)

    # -- places

    def _place_results(self) -> None:
        """Give what becomes a result its destination, from the `tensor.empty` where it begins."""
        for value, dest in zip(
            self.old.body.terminator.operands, self.signature.dests, strict=True
        ):
            begin = beginning(value)
            free = not any(user is not self.old.body.last for user in dest.users)
            if begin is not None and begin not in self.views and free:
                view = self.views[dest]
                if all(a == b for a, b in zip(self._empty_sizes(begin), view.sizes, strict=True)):
                    self.views[begin] = view

    def _empty_sizes(self, value: Value) -> list[Size]:
        given = iter(value.operation.operands)
        return [dim if dim is not None else self._scalar(next(given)) for dim in value.type.shape]

    def _view(self, value: Value) -> View:
        """Where a tensor lies. A splat whose stores were saved so far is stored now."""
        if value not in self.views:
            raise FleetError(f"{value.owner!r} has no loop form inside a kernel", self.old.location)
        return self.views[value]

    def _scalar(self, value: Value) -> Value:
        return self.scalars.of(value)

    # -- operations

    def _operation(self, op: Operation) -> None:
        lower = _LOWER.get(op.definition)
        if lower is not None:
            lower(self, op)
        elif linalg.computes(op):
            self._structured(op)
        elif op.has_trait(ELEMENTWISE) and not _on_tensors(op):
            self.builder.insert(op.clone(self.scalars))
        else:
            raise FleetError(f"{op.name} has no loop form inside a kernel", op.location)

    def _empty(self, op: Operation) -> None:
        if op.result not in self.views:
            self._place_empty(op)

    def _extract(self, op: Operation) -> None:
        places = [self._scalar(v) for v in op.operands[1:]]
        view = self._view(op.operand(0))
        access = view.at([d(i) for i in range(len(places))], places)
        self.scalars[op.result] = access.load(self.builder, op.result.type)

    def _everywhere(self, op: Operation) -> None:
        """One number as a tensor."""
        if len(op.operands) != 1:
            raise FleetError(f"{op.name} has no loop form inside a kernel", op.location)
        self.splats[op.result] = self._scalar(op.operand(0))

    def _constant(self, op: Operation) -> None:
        if not _on_tensors(op):
            self.builder.insert(op.clone(self.scalars))
        elif op not in self.signature.lifted:
            self.splats[op.result] = self._splat_constant(op)

    def _place_empty(self, op: Operation) -> None:
        """An intermediate's place: the slice that it is inserted into, or scratch."""
        value, chain = op.result, op.result
        sizes = self._empty_sizes(op.result)
        while len(chain.uses) >= 1:
            inserts = [u for u in chain.users if u.definition is tensor.insert_slice]
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
                if destination_of(op, number) is chain
            ]
            if len(following) != 1:
                break
            chain = following[0]
        self.views[value] = self.signature.scratch(op.result.type, sizes)

    def _slice_target(self, insert: Operation, users: list[Operation]) -> View | None:
        """The part of the destination that an inserted slice becomes, if it can be made there."""
        dest = insert.operand(1)
        root = beginning(dest) or first_argument(dest, self.signature.dests)
        if root is None or root not in self.views or len(users) != 1:
            return None
        if self.views[root].memref in self.signature.read_only:
            return None
        # Whoever reads the destination in between would see the slice too early.
        version: Value | None = dest
        while version is not None:
            if any(reads(user, version) for user in version.users):
                return None
            if version is root:
                break
            version = destination_of(version.operation, version.number)
        return self._slice(insert, self.views[root], insert.operand(0).type)

    def _writable(self, op: Operation, value: Value, needed: bool) -> View:
        """A place that an operation may overwrite, which holds the value's elements if needed."""
        splat = self.splats.get(value)
        view = self.views.get(value)
        late = self._used_later(value, op)
        if view is not None and view.memref not in self.signature.read_only and not late:
            return view
        if view is None and splat is None:
            raise FleetError(f"{value.owner!r} has no place inside a kernel", op.location)
        sizes = view.sizes if view is not None else self._static_sizes(value, op)
        copy = self.signature.scratch(value.type, sizes)
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
        for alias in aliases(value):
            for user in alias.users:
                outer = self._top(user)
                if self.position[outer] > now and not writes_back(user, alias, op):
                    return True
        return False

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
        if not linalg.computes(user):
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
                captured[value] = copy = self.signature.scratch(value.type, view.sizes)
                self._copy(view, copy)
        shapes = [
            source.sizes if isinstance(source, View) else self._splat_sizes(value)
            for source, value in zip([*sources, *places], op.operands, strict=True)
        ]
        sizes = [self.signature.index(size) for size in form.trip_counts(shapes, op)]
        nest = Nest(
            form, sources, places, inits, sizes, self.scalars, captured, self.signature.index(0)
        )
        if form.sum_order in linalg.IN_PAIRS:
            known = [_number(size) for size in sizes]
            Pairwise(nest, self.signature.scratch, known).write(self.builder)
        else:
            nest.write(self.builder)
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
                copy = self.signature.scratch(TensorType((), source.element), source.sizes)
                self._copy(source, copy)
                return copy
        return source

    def _splat_sizes(self, value: Value) -> Sequence[Size]:
        """The sizes of a tensor that is held as a scalar."""
        begin = beginning(value)
        if begin is not None:
            return self._empty_sizes(begin)
        return value.type.shape if isinstance(value.type, TensorType) else ()

    def _copy(self, source: View | Value, target: View) -> None:
        """All elements of target become those of source."""
        write_copy(self.builder, source, target, self.signature.index)

    # -- slices and reshapes

    def _reshape(self, op: Operation) -> None:
        source = op.operand(0)
        if source in self.splats and source not in self.views:
            self.splats[op.result] = self.splats[source]
            return
        view = self._view(source)
        found = _RESHAPED[op.definition](self, op, view)
        if found is None:
            raise FleetError(
                f"{op.name} of dimensions with dynamic sizes has no loop form inside a kernel",
                op.location,
            )
        if source in self.splats:
            self.splats[op.result] = self.splats[source]
        self.views[op.result] = found

    def _expanded(self, op: Operation, view: View) -> View | None:
        given = iter(op.operands[1:])
        shape = op.result.type.shape
        sizes = [self._scalar(next(given)) if dim is None else dim for dim in shape]
        return view.expanded(tensor.reassociation_of(op), sizes)

    def _collapsed(self, op: Operation, view: View) -> View | None:
        groups = tensor.reassociation_of(op)
        sizes: list[Size] = []
        for group in groups:
            total: Size = 1
            for axis in group:
                size = view.sizes[axis]
                if isinstance(total, int) and isinstance(size, int):
                    total *= size
                elif size != 1:
                    other = self.signature.index(total)
                    total = (
                        size
                        if total == 1
                        else self.builder.value(arith.muli, other, self.signature.index(size))
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
        return view.sliced(offsets, sizes, strides, kept_dimensions(op, type))

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
            copy = self.signature.scratch(source.type, content.sizes)
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
        for value, dest in zip(op.operands, self.signature.dests, strict=True):
            target = self.views[dest]
            held = self.views.get(value)
            if held != target:
                splat = self.splats.get(value)
                self._copy(
                    splat if held is None and splat is not None else self._view(value), target
                )
        self.builder.create(func.return_, [])


_LOWER: dict[OpDef, Callable[[_Body, Operation], None]] = {
    tensor.empty: _Body._empty,
    linalg.fill: _Body._fill,
    tensor.cast: _Body._reshape,
    tensor.expand_shape: _Body._reshape,
    tensor.collapse_shape: _Body._reshape,
    tensor.extract_slice: _Body._reshape,
    tensor.insert_slice: _Body._insert_slice,
    tensor.extract: _Body._extract,
    tensor.insert: _Body._insert,
    tensor.from_elements: _Body._everywhere,
    tensor.splat: _Body._everywhere,
    arith.constant: _Body._constant,
    func.return_: _Body._return,
}
"""How operations of a kernel become loops, those apart that compute over an iteration space."""

_RESHAPED: dict[OpDef, Callable[[_Body, Operation, View], View | None]] = {
    tensor.cast: lambda body, op, view: view,
    tensor.extract_slice: lambda body, op, view: body._slice(op, view, op.result.type),
    tensor.expand_shape: _Body._expanded,
    tensor.collapse_shape: _Body._collapsed,
}
"""The views of what views are taken of."""


def _number(size: Value) -> Size:
    """A constant as a number."""
    found = constant_of(size)
    return size if found is None else found


def _on_tensors(op: Operation) -> bool:
    return any(isinstance(value.type, TensorType) for value in (*op.operands, *op.results))
