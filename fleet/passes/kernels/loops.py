"""`form-loop-kernels`: loop nests over numbers and elements become kernels.

In: the schedule with structured control flow. Out: for each outermost loop in which nothing asks
the host, a function marked `kernel` and `ordered` (its loops run in the order written) and a call
of it. Like other kernels it takes arrays that it reads, destinations, and sizes, and gives one
result a destination; arrays that a loop carries are destinations and changed in place, numbers that
come out are destinations of one element. The one idea: what the loop does stays as it is (`scf`,
`arith`, elements taken and inserted, checks), so the function means what the loop meant; whether it
can be code over buffers is decided here, and a loop that cannot stays in the schedule, its inner
loops tried in turn. `refusals` collects the reasons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fleet.dialects import arith, func, scf, tensor
from fleet.ir.analysis.analyses import analysis_of
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import DenseAttr, TypeAttr, UnitAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import ELEMENTWISE
from fleet.ir.flow import RegionBranch, flow_of, passed_operands, passed_values
from fleet.ir.interfaces import CallLike, functions_of
from fleet.ir.mapping import IRMapping
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import (
    FloatType,
    FunctionType,
    IndexType,
    IntegerType,
    TensorType,
    Type,
    element_of,
    i64,
    index,
)
from fleet.ir.watch import count, may_apply
from fleet.passes.kernels.builder import Kernels
from fleet.passes.kernels.checks import RULES, mark_wrapping, operands_fit
from fleet.passes.kernels.names import kernel_name
from fleet.passes.kernels.ranges import Ranges
from fleet.passes.kernels.versions import Refusal, Versions, is_array, is_single, is_whole
from fleet.passes.shapes.dims import Dims

LOOPS = (scf.for_, scf.while_)

_TENSORS = {
    "tensor.extract", "tensor.insert", "tensor.extract_slice", "tensor.insert_slice",
    "tensor.from_elements", "tensor.splat", "tensor.collapse_shape", "tensor.expand_shape",
    "tensor.cast", "tensor.dim",
}  # fmt: skip
_RESHAPES = ("tensor.collapse_shape", "tensor.expand_shape")
_MATH = {
    "math.absf", "math.absi", "math.sqrt", "math.floor", "math.ceil", "math.trunc",
    "math.roundeven", "math.copysign", "math.fma",
}  # fmt: skip
"""Functions of which the machine's answer is NumPy's to the last bit."""
_NOT_EXACT = {"arith.remf"}


@register_pass("form-loop-kernels", "outline loops over numbers and elements as kernels")
def run(module: Operation) -> bool:
    """Outermost loops that ask nothing of the host become functions of their own. Whether any did,
    or lost its constants."""
    functions = functions_of(module)
    schedule = [
        function
        for function in functions.values()
        if function.regions[0].blocks and "kernel" not in function.attributes
    ]
    dims = analysis_of(Dims, module)
    former = Former(functions, dims)
    kernels = Kernels(module)
    formed = 0
    for function in schedule:
        for nest in filter(lambda nest: may_apply(), list(former.nests(function))):
            with rewriting("a loop becomes a kernel", nest) as made:
                made.append(Outline(nest, former).build(kernels))
            count("loops made kernels")
            formed += 1
    kernels.insert()
    return bool(formed) or former.has_moved


class Former:
    """Finds the loops of a module that can be kernels. refusals: why others cannot. has_moved:
    whether arrays of constants had to be moved before a loop."""

    def __init__(self, functions: dict[str, Operation], dims: Dims) -> None:
        self.functions = functions
        self.dims = dims
        self.refusals: list[tuple[Operation, Refusal]] = []
        self.has_moved = False

    def service(self, name: str) -> str | None:
        function = self.functions.get(name)
        return None if function is None else function.get("service")

    def nests(self, op: Operation) -> Iterator[Operation]:
        """The outermost loops inside an operation that can be kernels."""
        for region in op.regions:
            for block in region.blocks:
                for inner in block:
                    if inner.definition in LOOPS:
                        self.has_moved |= _take_out_constants(inner)
                    if inner.definition in LOOPS and self._may_be(inner):
                        yield inner
                    elif RegionBranch.of(inner) is not None:
                        yield from self.nests(inner)

    def _may_be(self, nest: Operation) -> bool:
        try:
            ranges = Ranges(self.service, nest)
            for op in nest.walk():
                self._operation(op, ranges)
            versions = Versions(nest)
            self._same_shapes(nest, versions)
        except Refusal as refusal:
            self.refusals.append((nest, refusal))
            return False
        return True

    def _operation(self, op: Operation, ranges: Ranges) -> None:
        for value in (*op.operands, *op.results):
            if not _is_plain(value.type):
                raise Refusal(f"it computes with {value.type}", op)
        if op.definition is scf.for_:
            step = constant_int(op.operand(2))
            if step is None or step <= 0:
                raise Refusal("its step is not known to be positive", op)
        elif op.definition in (scf.while_, scf.if_, scf.yield_, scf.condition):
            return
        elif op.name in _TENSORS:
            self._tensor(op)
        elif op.name == "arith.constant":
            if isinstance(op.result.type, TensorType) and not is_single(op.result.type):
                raise Refusal("it makes an array (arith.constant)", op)
        elif op.has_trait(ELEMENTWISE) and not _on_tensors(op) and len(op.results) == 1:
            dialect = op.name.partition(".")[0]
            known = op.name in _MATH if dialect == "math" else op.name not in _NOT_EXACT
            if dialect not in ("arith", "math") or not known:
                raise Refusal(f"it computes {op.name}", op)
        elif CallLike.of(op) is not None:
            self._call(op, ranges)
        else:
            raise Refusal(f"it holds {op.name}", op)

    def _call(self, op: Operation, ranges: Ranges) -> None:
        service = self.service(str(op.get("callee")))
        rule = RULES.get(service or "")
        if rule is None or not operands_fit(op):
            raise Refusal(f"it calls {service or op.get('callee')}", op)
        scratch = Builder(Block(), location=op.location)
        known = [ranges.of(value) for value in op.operands]
        operands = [scratch.block.add_argument(v.type) for v in op.operands]
        if rule(scratch, operands, known) is None:
            raise Refusal(f"it calls {service} on numbers that may need more than 53 bits", op)

    def _tensor(self, op: Operation) -> None:
        if op.name in ("tensor.from_elements", "tensor.splat") and not is_single(op.result.type):
            raise Refusal(f"it makes an array ({op.name})", op)
        if op.definition is tensor.insert_slice and not is_single(op.operand(0).type):
            raise Refusal("it changes a whole slice at a time", op)
        if op.name in _RESHAPES and is_array(op.result) and not is_whole(op.operand(0)):
            raise Refusal("it looks at a slice in another shape", op)
        if "slice" in op.name and tensor.DYNAMIC in op.get("static_strides"):
            raise Refusal("its slices have a step of run time", op)

    def _same_shapes(self, nest: Operation, versions: Versions) -> None:
        """Arrays that come out have the shape of what came in."""
        inits = {
            storage: init
            for storage, init in zip(versions.inits, passed_values(nest), strict=True)
            if storage is not None
        }
        for value, storage in versions.storage.items():
            init = inits.get(storage)
            joined = not isinstance(value.owner, Operation) or value.owner.regions
            if init is None or storage in versions.read_only or not joined:
                continue
            if value.type == init.type and value.type.rank == 1 and _is_joined_whole(value, nest):
                continue  # as many elements, in whatever shape they were looked at
            if value.type != init.type or self.dims.shape(value) != self.dims.shape(init):
                raise Refusal("its arrays change their sizes", nest)


def _is_joined_whole(value: Value, nest: Operation) -> bool:
    """Whether what comes together here are whole arrays, not slices made inside of the nest."""
    flow = flow_of(value)
    return flow is not None and all(
        is_whole(source)
        for source in flow.sources
        if isinstance(source.owner, Operation) and nest.is_ancestor_of(source.owner)
    )


def _take_out_constants(nest: Operation) -> bool:
    """Arrays of constants stand before the loop, which then reads them. Whether there were any."""
    arrays = [op for op in nest.walk() if op.definition is arith.constant and is_array(op.result)]
    for op in arrays:
        nest.parent.insert_before(nest, op.detach())
    return bool(arrays)


def _is_plain(type: Type) -> bool:
    element = element_of(type)
    if isinstance(element, FloatType):
        return element.width in (32, 64)
    if isinstance(element, IntegerType):
        return element.width in (1, 8, 16, 32, 64)
    return isinstance(element, IndexType)


def _on_tensors(op: Operation) -> bool:
    return any(isinstance(value.type, TensorType) for value in (*op.operands, *op.results))


class Outline:
    """One nest as a kernel function and a call of it."""

    def __init__(self, nest: Operation, former: Former) -> None:
        self.nest = nest
        self.versions = Versions(nest)
        self.dims = former.dims
        self.before = Builder.before(nest)
        self.block = Block()
        self.builder = Builder(self.block, location=nest.location)
        self.mapping = IRMapping()
        self.inputs: dict[Value, Value] = {}
        """Arguments for arrays that are read, and for floats as arrays, by what the caller has."""
        self.sizes: dict[Value, Value] = {}

    def build(self, kernels: Kernels) -> Operation:
        """Replace the nest by a call of its kernel, which is given."""
        nest = self.nest
        captured = self._captured()
        tensors = [v for v in captured if isinstance(v.type, TensorType)]
        floats = [v for v in captured if isinstance(v.type, FloatType)]
        inputs = [*tensors, *map(self._carried, floats)]
        arguments = [self.block.add_argument(v.type, v.hint) for v in inputs]
        self.mapping.update(zip(tensors, arguments, strict=False))
        dests = [self._destination(number) for number in range(len(nest.results))]
        taken = [
            self.block.add_argument(dest.type, result.hint)
            for dest, result in zip(dests, nest.results, strict=True)
        ]
        for value, argument in zip(floats, arguments[len(tensors) :], strict=True):
            self.mapping[value] = self.builder.value(
                tensor.extract, argument, [], types=[value.type]
            )
        for value in captured:
            if isinstance(value.type, IntegerType | IndexType):
                self._integer(value)
        mark_wrapping(nest)
        inner = self._clone(taken)
        returned = [self._returned(r, d) for r, d in zip(inner.results, taken, strict=True)]
        self.builder.create(func.return_, returned)
        call = self.before.create(
            func.call,
            [*inputs, *dests, *self.sizes.values()],
            types=[dest.type for dest in dests],
            callee="kernel",
        )
        function = self._function(taken)
        name = kernel_name(list(nest.walk()), function)
        kernels.add(function, "loop" if name in ("for", "while") else name, call)
        for result, made in zip(nest.results, call.results, strict=True):
            made.hint = result.hint
            if is_array(result):
                self.dims.shape(result)
                self.dims.replaced(result, made)
                result.replace_all_uses_with(made)
            elif isinstance(result.type, TensorType):
                result.replace_all_uses_with(made)
            elif result.uses:
                got = self.before.value(tensor.extract, made, [], types=[result.type])
                got.hint = result.hint
                result.replace_all_uses_with(got)
        nest.erase()
        return function

    def _captured(self) -> list[Value]:
        """Values from outside, in order of first use; constants come along. What the nest is given
        to change is only one of them where it also looks at it."""
        carried = passed_operands(self.nest)
        found: dict[Value, None] = {}
        for op in self.nest.walk():
            for number, value in enumerate(op.operands):
                if op is self.nest and number in carried and is_array(value):
                    continue
                if self._is_inside(value) or value in found:
                    continue
                if not self._constant(value):
                    found[value] = None
        return list(found)

    def _is_inside(self, value: Value) -> bool:
        owner = value.owner
        holder = owner if isinstance(owner, Operation) else owner.parent_op
        return holder is not self.nest.parent_op and (
            holder is not None and self.nest.is_ancestor_of(holder)
        )

    def _constant(self, value: Value) -> bool:
        """Copy a constant; not one that takes memory."""
        owner = value.owner
        if not isinstance(owner, Operation) or owner.definition is not arith.constant:
            return False
        attr = owner.attributes["value"]
        if isinstance(attr, DenseAttr) and not (is_single(value.type) and attr.is_splat):
            return False
        if value not in self.mapping:
            self.mapping[value] = self.builder.insert(owner.clone()).result
        return True

    def _carried(self, value: Value) -> Value:
        """A float as an array of rank 0."""
        type = TensorType((), value.type)
        return self.before.value(tensor.from_elements, [value], types=[type])

    def _integer(self, value: Value) -> None:
        """Integers are passed as sizes are."""
        given = value
        if isinstance(value.type, IntegerType):
            wide = value
            if value.type.width < 64:
                widen = arith.extui if value.type.width == 1 else arith.extsi
                wide = self.before.value(widen, value, types=[i64])
            given = self.before.value(arith.index_cast, wide, types=[index])
        argument = self.block.add_argument(index, value.hint)
        self.sizes[value] = given
        made: Value = argument
        if isinstance(value.type, IntegerType):
            made = self.builder.value(arith.index_cast, argument, types=[i64])
            if value.type.width < 64:
                made = self.builder.value(arith.trunci, made, types=[value.type])
        made.hint = value.hint
        self.mapping[value] = made

    def _destination(self, number: int) -> Value:
        """What the caller provides for a result: the array that changes, or room for a number."""
        result = self.nest.results[number]
        storage = self.versions.results[number]
        if storage is not None:
            return passed_values(self.nest)[self.versions.inits.index(storage)]
        type = result.type if isinstance(result.type, TensorType) else TensorType((), result.type)
        return self.before.value(tensor.empty, [], types=[type])

    def _clone(self, taken: Sequence[Value]) -> Operation:
        """The nest in the function, its arrays being the destinations."""
        inner = self.nest.clone(self.mapping)
        for number, storage in zip(passed_operands(inner), self.versions.inits, strict=True):
            if storage is not None:
                inner.set_operand(number, taken[self.versions.results.index(storage)])
        return self.builder.insert(inner)

    def _returned(self, result: Value, dest: Value) -> Value:
        if is_array(result):
            return result
        zero = [self.builder.constant(0) for _ in dest.type.shape]
        number = result
        if isinstance(result.type, TensorType):
            number = self.builder.value(
                tensor.extract, result, zero, types=[result.type.element]
            )
        return self.builder.value(tensor.insert, number, dest, zero, types=[dest.type])

    def _function(self, taken: Sequence[Value]) -> Operation:
        inputs = tuple(argument.type for argument in self.block.arguments)
        return func.func(
            regions=[Region([self.block])],
            location=self.nest.location,
            sym_name="kernel",
            sym_visibility="private",
            function_type=TypeAttr(FunctionType(inputs, tuple(d.type for d in taken))),
            kernel=UnitAttr(),
            ordered=UnitAttr(),
        )


