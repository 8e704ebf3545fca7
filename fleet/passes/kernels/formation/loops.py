"""`form-loop-kernels`: loop nests over numbers, elements and whole arrays become kernels.

In: the schedule with structured control flow. Out: for each outermost loop in which nothing asks
the host, a function marked `kernel` and `ordered` (its loops run in the order written) and a call
of it. Like other kernels it takes arrays that it reads, destinations, and sizes, and gives one
result a destination; arrays that a loop carries are destinations and changed in place, numbers that
come out are destinations of one element. The one idea: what the loop does stays as it is (`scf`,
`arith`, `linalg`, elements and slices taken and inserted, checks), so the function means what the
loop meant; whether it can be code over buffers is decided here, and a loop that cannot stays in the
schedule, its inner loops tried in turn. `refusals` collects the reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count as count_from
from types import MappingProxyType

from fleet.dialects import arith, func, linalg, scf, tensor
from fleet.dialects.numpy import MIXED, QUIET, UNSIGNED
from fleet.ir.analysis.analyses import analysis_of
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import ArrayAttr, DenseAttr, TypeAttr, UnitAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import ELEMENTWISE
from fleet.ir.flow import Flow, RegionBranch, passed_operands
from fleet.ir.interfaces import CallLike, functions_of
from fleet.ir.interpreter import python_value
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
from fleet.passes.kernels.arrays.arithmetic import Arithmetic
from fleet.passes.kernels.arrays.extents import Extents
from fleet.passes.kernels.arrays.versions import Refusal, is_array, origin
from fleet.passes.kernels.checks.failures import (
    Service,
    failing_way,
    outline,
    service_of,
    steps,
    used_by,
)
from fleet.passes.kernels.checks.ranges import Ranges
from fleet.passes.kernels.checks.rules import RULES, mark_wrapping, operands_fit
from fleet.passes.kernels.formation.builder import Kernels
from fleet.passes.kernels.formation.names import kernel_name
from fleet.passes.kernels.lowering.signature import is_lifted
from fleet.passes.shapes.dims import Dims
from fleet.passes.shapes.symbolic import as_dimension

LOOPS = (scf.for_, scf.while_)

_TENSORS = {
    "tensor.extract", "tensor.insert", "tensor.extract_slice", "tensor.insert_slice",
    "tensor.from_elements", "tensor.splat", "tensor.collapse_shape", "tensor.expand_shape",
    "tensor.cast", "tensor.dim", "tensor.empty",
}  # fmt: skip
_MATH = {
    f"math.{name}"
    for name in """
        absf absi sqrt floor ceil trunc roundeven copysign fma
        exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2
        sinh cosh tanh asinh acosh atanh powf cbrt
    """.split()
}


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
    quiet, unsigned, mixed = (
        python_value(module.attributes.get(name, ArrayAttr(())))
        for name in (QUIET, UNSIGNED, MIXED)
    )
    signs = {place: "us" if place in mixed else "u" for place in unsigned}
    former = Former(functions, dims, quiet, signs)
    kernels = Kernels(module)
    formed = 0
    for function in schedule:
        for nest in filter(lambda nest: may_apply(), list(former.nests(function))):
            with rewriting("a loop becomes a kernel", nest) as made:
                made += _raising_functions(nest, former.service, module, functions)
                made.append(Outline(nest, former).build(kernels))
            count("loops made kernels")
            formed += 1
    kernels.insert()
    return bool(formed) or former.has_moved


def _raising_functions(
    nest: Operation, service: Service, module: Operation, functions: dict[str, Operation]
) -> list[Operation]:
    """What a nest does on ways that raise becomes functions, which are given, and are known."""
    made = []
    for op in list(steps(nest, service)):
        failing = failing_way(op, service)
        if failing is not None:
            name = next(f"raise_{n}" for n in count_from(1) if f"raise_{n}" not in functions)
            functions[name] = function = outline(op, failing, name)
            module.body.insert_before(module.body.first, function)
            made.append(function)
    return made


class Former:
    """Finds the loops of a module that can be kernels. refusals: why others cannot. has_moved:
    whether arrays of constants had to be moved before a loop. quiet: places where integers may
    wrap, and NumPy does not warn. signs: places where they are unsigned, `u`, or some of them,
    `us`."""

    def __init__(
        self,
        functions: dict[str, Operation],
        dims: Dims,
        quiet: Iterable[str] = (),
        signs: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.service = service_of(functions)
        self.dims = dims
        self.quiet = frozenset(quiet)
        self.signs = signs
        self.refusals: list[tuple[Operation, Refusal]] = []
        self.has_moved = False

    def nests(self, op: Operation) -> Iterator[Operation]:
        """The outermost loops inside an operation that can be kernels."""
        for region in op.regions:
            for block in region.blocks:
                for inner in block:
                    if inner.definition in LOOPS:
                        self.has_moved |= _take_out_constants(inner, self.service)
                    if inner.definition in LOOPS and self._may_be(inner):
                        yield inner
                    elif RegionBranch.of(inner) is not None:
                        yield from self.nests(inner)

    def _may_be(self, nest: Operation) -> bool:
        try:
            ranges = Ranges(self.service, nest)
            for op in steps(nest, self.service):
                self._operation(op)
            destinations_of(nest)
            self._same_shapes(nest)
            self._known_sizes(nest, ranges)
        except Refusal as refusal:
            self.refusals.append((nest, refusal))
            return False
        return True

    def _operation(self, op: Operation) -> None:
        failing = failing_way(op, self.service)
        if failing is not None:
            self._failure(op, op.regions[failing].block)
            return
        inner = op.walk() if linalg.computes(op) else [op]
        for value in (v for each in inner for v in (*each.operands, *each.results)):
            if not _is_plain(value.type):
                raise Refusal(f"it computes with {value.type}", op)
        if op.definition is scf.for_:
            step = constant_int(op.operand(2))
            if step is None or step <= 0:
                raise Refusal("its step is not known to be positive", op)
        elif op.definition in (scf.while_, scf.if_, scf.yield_, scf.condition):
            return
        elif op.name in _TENSORS:
            if "slice" in op.name and tensor.DYNAMIC in op.get("static_strides"):
                raise Refusal("its slices have a step of run time", op)
        elif op.name == "arith.constant" or linalg.computes(op) or op.definition is linalg.fill:
            return
        elif op.has_trait(ELEMENTWISE) and not _on_tensors(op) and len(op.results) == 1:
            dialect = op.name.partition(".")[0]
            if dialect not in ("arith", "math") or (dialect == "math" and op.name not in _MATH):
                raise Refusal(f"it computes {op.name}", op)
        elif CallLike.of(op) is not None:
            self._call(op)
        else:
            raise Refusal(f"it holds {op.name}", op)

    def _failure(self, op: Operation, block: Block) -> None:
        """A way that raises only needs numbers."""
        if any(is_array(value) or not _is_plain(value.type) for value in used_by(block)):
            raise Refusal("an exception's message has more than numbers in it", op)

    def _call(self, op: Operation) -> None:
        service = self.service(str(op.get("callee")))
        if service not in RULES or not operands_fit(op):
            raise Refusal(f"it calls {service or op.get('callee')}", op)

    def _same_shapes(self, nest: Operation) -> None:
        """Arrays that a loop carries, or that branches give, have one shape."""
        for op in steps(nest, self.service):
            branch = RegionBranch.of(op)
            if branch is None:
                continue
            for flow in branch.flows(op):
                first, *others = flow.sources
                if is_array(first) and not all(self._is_like(v, first, flow) for v in others):
                    raise Refusal("its arrays change their sizes", op)

    def _is_like(self, value: Value, first: Value, flow: Flow) -> bool:
        if value.type != first.type:
            return False
        shapes = zip(self.dims.shape(value), self.dims.shape(first), strict=True)
        if all(as_dimension(one) == as_dimension(other) for one, other in shapes):
            return True
        # as many elements as there were, in whatever shape they were looked at meanwhile
        begun = origin(value, views=value.type.rank == 1)
        return begun in flow.values or begun is origin(first, views=value.type.rank == 1)

    def _known_sizes(self, nest: Operation, ranges: Ranges) -> None:
        """Arrays that the nest makes have a greatest size that is known before."""
        room = Builder(Block(), location=nest.location)

        def outside(value: Value) -> Value | None:
            is_number = isinstance(value.type, IntegerType | IndexType)
            return room.block.add_argument(index) if is_number else None

        extents = Extents(
            nest, Arithmetic(room), ranges, outside,
            lambda value: [room.block.add_argument(index) for _ in value.type.shape],
        )  # fmt: skip
        for op in steps(nest, self.service):
            for result in op.results:
                if is_array(result) and extents.room(result) is None:
                    raise Refusal("it makes an array of which no greatest size is known", op)


def destinations_of(nest: Operation) -> list[int | None]:
    """For each result of a nest the operand that it is made of and may be made in place of (None: a
    number). Raises Refusal."""
    passed = passed_operands(nest)
    if nest.definition is scf.for_:
        return [number if is_array(nest.operand(number)) else None for number in passed]
    before = nest.regions[0].block
    found: list[int | None] = []
    for value in before.terminator.operands[1:]:
        number = None
        if is_array(value):
            begun = origin(value)
            if begun not in before.arguments:
                raise Refusal("it gives an array that it does not carry", nest)
            number = passed[before.arguments.index(begun)]
        found.append(number)
    carried = [number for number in found if number is not None]
    if len(set(carried)) != len(carried):
        raise Refusal("it gives one array twice", nest)
    return found


def _take_out_constants(nest: Operation, service: Service) -> bool:
    """Arrays of constants stand before the loop, which then reads them. Whether there were any."""
    arrays = [
        op
        for op in steps(nest, service)
        if op.definition is arith.constant and is_array(op.result) and is_lifted(op)
    ]
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


def bring_inside(nest: Operation, service: Service) -> None:
    """Arrays that hold nothing yet, or one number everywhere, are made where they are needed."""
    for op in list(steps(nest, service)):
        for number, value in enumerate(op.operands):
            maker = value.owner
            if op is nest or not isinstance(maker, Operation) or nest.is_ancestor_of(maker):
                continue
            if maker.definition in (tensor.empty, linalg.fill):
                builder = Builder.before(op)
                made = builder.insert(maker.clone())
                if maker.definition is linalg.fill:
                    empty = maker.operand(1).owner
                    if isinstance(empty, Operation) and empty.definition is tensor.empty:
                        made.set_operand(1, Builder.before(made).insert(empty.clone()).result)
                op.set_operand(number, made.results[0])


class Outline:
    """One nest as a kernel function and a call of it."""

    def __init__(self, nest: Operation, former: Former) -> None:
        self.nest = nest
        bring_inside(nest, former.service)
        self.made_of = destinations_of(nest)
        self.dims = former.dims
        self.service = former.service
        self.former = former
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
        mark_wrapping(steps(nest, self.service), self.former.quiet, self.former.signs)
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
        found: dict[Value, None] = {}
        for op in self.nest.walk():
            for number, value in enumerate(op.operands):
                if op is self.nest and number in self.made_of:
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
        if isinstance(attr, DenseAttr) and not attr.is_splat:
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
        made_of = self.made_of[number]
        if made_of is not None:
            return self.nest.operand(made_of)
        type = result.type if isinstance(result.type, TensorType) else TensorType((), result.type)
        return self.before.value(tensor.empty, [], types=[type])

    def _clone(self, taken: Sequence[Value]) -> Operation:
        """The nest in the function, its arrays being the destinations."""
        inner = self.nest.clone(self.mapping)
        for number, dest in zip(self.made_of, taken, strict=True):
            if number is not None:
                inner.set_operand(number, dest)
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


