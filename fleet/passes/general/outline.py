"""`outline`: equal calls of a user's function, inlined by evaluation, become one function again.

In: functions in which every operation's location knows the call (`Frame`) that it came from. Out:
one private `func.func` for each body that occurs at least twice, and calls. Twelve transformer
blocks or two, the block is there once.

The one idea: the contiguous operations of one frame are a candidate; two are equal when name,
attributes, types and the numbering of operands agree. Tensor constants do not count as structure
but as parameters (weights), unless all calls have the same; scalar constants count by value.
Candidates are taken largest first, so an outer repeated call comes before those inside it, which
are then looked for in the one copy left.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from fleet.diagnostics import Frame
from fleet.dialects import func
from fleet.ir.attributes import INLINE_BYTES, DenseAttr, SymbolRefAttr, TypeAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Region, Value
from fleet.ir.definition import FREE, PURE, TERMINATOR
from fleet.ir.flow import RegionBranch
from fleet.ir.interfaces import CallableLike, functions_of
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import option, register_pass
from fleet.ir.symbols import SymbolTable
from fleet.ir.types import FunctionType, ShapedType
from fleet.ir.watch import count, may_apply

MINIMUM = 8
"""Bodies of less work are cheaper inline, where they fuse with their surroundings. A function of
FREE operations alone (`np.split` of something) must not stand between a slice and its reader."""


@dataclass(eq=False)
class Candidate:
    """The operations of one block that were emitted during one call.

    size: all operations but constants, to tell the outer of two calls.
    work: how many operations compute something on arrays, or have an effect.
    """

    frame: Frame
    operations: list[Operation] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    size: int = 0
    work: int = 0

    def add(self, op: Operation, kind: Kind) -> None:
        self.operations.append(op)
        self.kinds.append(kind.number)
        self.size += kind.size
        self.work += kind.work


@dataclass(frozen=True)
class Kind:
    """What operations have in common whose operands alone may differ, numbered."""

    number: int
    size: int
    work: int


class Kinds:
    """The kinds of operations, each operation looked at once."""

    def __init__(self) -> None:
        self._kinds: dict[Hashable, Kind] = {}
        self._of: dict[Operation, Kind] = {}

    def of(self, op: Operation) -> Kind:
        kind = self._of.get(op)
        if kind is None:
            kind = self._of[op] = self._look_at(op)
        return kind

    def _look_at(self, op: Operation) -> Kind:
        inner = [
            [[self.of(each) for each in block if not _is_constant(each)] for block in region.blocks]
            for region in op.regions
        ]
        numbers = tuple(tuple(tuple(k.number for k in b) for b in region) for region in inner)
        types = tuple(result.type for result in op.results)
        attributes = frozenset(op.attributes.items())
        key = (op.name, attributes, types, len(op.operands), numbers)
        kind = self._kinds.get(key)
        if kind is None:
            below = [kind for region in inner for block in region for kind in block]
            works = _works(op)
            kind = self._kinds[key] = Kind(
                len(self._kinds),
                1 + sum(kind.size for kind in below),
                works + sum(kind.work for kind in below),
            )
        return kind


def _works(op: Operation) -> bool:
    """Whether an operation itself (what is inside it aside) computes on arrays or has effects."""
    if RegionBranch.of(op) is not None or op.has_trait(TERMINATOR) or op.has_trait(FREE):
        return False
    values = (*op.operands, *op.results)
    return not op.has_trait(PURE) or any(isinstance(v.type, ShapedType) for v in values)


@dataclass
class Shape:
    """A candidate read once: its key, what it takes from outside, what it defines.

    parameters: values from outside in order of first use; constants among them may be defined
    inside nested regions. results: all values that its own operations define, in order.
    """

    key: Hashable
    parameters: list[Value]
    results: list[OpResult]
    inside: dict[Operation, None]


@dataclass(frozen=True)
class Options:
    minimum: int = option(MINIMUM, "the least work that a body does")


@register_pass(
    "outline", "repeated calls of a user's function become calls of one function", Options
)
def run(module: Operation, options: Options) -> None:
    """Outline in every function of the module."""
    kinds = Kinds()
    alike: dict[Hashable, list[Candidate]] = {}
    for function in functions_of(module).values():
        if function.regions[0].blocks:
            for candidate in _candidates(function, kinds):
                if candidate.work >= options.minimum:
                    key = (candidate.frame.function, tuple(candidate.kinds))
                    alike.setdefault(key, []).append(candidate)
    repeated = [group for group in alike.values() if len(group) > 1]
    repeated.sort(key=lambda group: (-group[0].size, group[0].frame.depth))
    erased: set[Operation] = set()
    symbols = SymbolTable(module)
    for group in repeated:
        equal: dict[Hashable, list[tuple[Candidate, Shape]]] = {}
        taken: set[Operation] = set()
        for candidate in group:
            first = candidate.operations[0]
            if first not in erased and first not in taken:
                taken.add(first)  # a call of which a recursion is all has the same operations
                shape = _read(candidate)
                equal.setdefault(shape.key, []).append((candidate, shape))
        for same in equal.values():
            if len(same) > 1 and may_apply():
                first = same[0][0]
                rule = f"calls of {first.frame.function} share a function"
                with rewriting(rule, first.operations[0], module):
                    _outline(same, symbols, erased)
                count("calls outlined", len(same))


# -- finding candidates


def _candidates(function: Operation, kinds: Kinds) -> Iterator[Candidate]:
    """All calls in a function's blocks, outer ones before those inside them."""
    for op in function.walk():
        for region in op.regions:
            for block in region.blocks:
                outer = op.location.frames() if op is not function else []
                yield from _in_block(block, outer, kinds)


def _in_block(block: Block, outer: list[Frame], kinds: Kinds) -> Iterator[Candidate]:
    open_calls: list[Candidate] = []
    base = len(outer)
    for op in block:
        if _is_constant(op):
            continue
        frames = [] if op.has_trait(TERMINATOR) else op.location.frames()[base:]
        common = 0
        while (
            common < min(len(open_calls), len(frames))
            and open_calls[common].frame is frames[common]
        ):
            common += 1
        yield from open_calls[common:]
        del open_calls[common:]
        open_calls += [Candidate(frame) for frame in frames[common:]]
        if open_calls:
            kind = kinds.of(op)
            for call in open_calls:
                call.add(op, kind)
    yield from open_calls


def _is_constant(op: Operation) -> bool:
    return op.name == "arith.constant"


def _is_parameter(constant: Operation) -> bool:
    """Whether a constant is data (an array) and no part of the program's structure."""
    held = constant.attributes["value"]
    return isinstance(held, DenseAttr) and held.type.rank > 0


# -- structure


def _read(candidate: Candidate) -> Shape:
    numbers: dict[Value, int] = {}
    parameters: dict[Value, int] = {}
    inside: dict[Operation, None] = {}

    def operand(value: Value) -> Hashable:
        if value in numbers:
            return numbers[value]
        owner = value.owner
        if isinstance(owner, Operation) and _is_constant(owner) and not _is_parameter(owner):
            return ("constant", owner.attributes["value"])
        return ("parameter", parameters.setdefault(value, len(parameters)), value.type)

    def operation(op: Operation) -> Hashable:
        inside[op] = None
        operands = tuple(operand(value) for value in op.operands)
        regions = tuple(tuple(map(block, region.blocks)) for region in op.regions)
        for result in op.results:
            numbers[result] = len(numbers)
        types = tuple(result.type for result in op.results)
        return (op.name, frozenset(op.attributes.items()), operands, types, regions)

    def block(inner: Block) -> Hashable:
        for argument in inner.arguments:
            numbers[argument] = len(numbers)
        types = tuple(argument.type for argument in inner.arguments)
        body = []
        for op in inner:
            if _is_constant(op):
                inside[op] = None
            else:
                body.append(operation(op))
        return (types, tuple(body))

    key = tuple(operation(op) for op in candidate.operations)
    results = [result for op in candidate.operations for result in op.results]
    return Shape(key, list(parameters), results, inside)


def _used_outside(shape: Shape) -> set[int]:
    return {
        number
        for number, result in enumerate(shape.results)
        if any(user not in shape.inside for user in result.users)
    }


# -- rewriting


def _outline(
    group: list[tuple[Candidate, Shape]],
    symbols: SymbolTable,
    erased: set[Operation],
) -> None:
    """Make the first candidate's operations a function and call it in place of each."""
    returned = sorted(set().union(*(_used_outside(shape) for _, shape in group)))
    model, _ = group[0]
    name = symbols.unique(_symbol(model.frame.function))
    calls: list[Operation] = []
    shapes: list[Shape] = []
    passed = _not_shared([shape for _, shape in group])
    for candidate, _ in group:
        shapes.append(_read(candidate))  # again, since earlier calls have replaced values
        calls.append(_call(candidate, shapes[-1], passed, name, returned))
    shape = shapes[0]
    parameters = [shape.parameters[number] for number in passed]
    kind = FunctionType(
        tuple(value.type for value in parameters),
        tuple(shape.results[number].type for number in returned),
    )
    for (candidate, _), each in list(zip(group, shapes, strict=True))[1:]:
        erased.update(each.inside)
        for op in reversed(candidate.operations):
            op.erase()
    body = Block()
    for value in parameters:
        body.add_argument(value.type, _hint(value))
    function = func.func(
        regions=[Region([body])],
        location=calls[0].location,
        sym_name=name,
        sym_visibility="private",
        function_type=TypeAttr(kind),
    )
    for op in model.operations:
        body.append(op.detach())
    _connect(shape, parameters, body)
    values = [shape.results[number] for number in returned]
    Builder(body, location=calls[0].location).create(func.return_, values)
    symbols.insert(function, _enclosing_function(calls[0]))


def _not_shared(shapes: list[Shape]) -> list[int]:
    """The numbers of the parameters for which not all calls have the same small constant."""
    return [number for number, values in enumerate(zip(*(shape.parameters for shape in shapes),
                                                       strict=True))
            if len(set(map(_small_constant, values))) > 1 or _small_constant(values[0]) is None
            ]  # fmt: skip


def _small_constant(value: Value) -> DenseAttr | None:
    """What a value always is, if it is no more than a text form shows inline."""
    owner = value.owner
    if not isinstance(owner, Operation) or not _is_constant(owner):
        return None
    held = owner.attributes["value"]
    return held if held.value.nbytes <= INLINE_BYTES else None


def _call(
    candidate: Candidate, shape: Shape, passed: list[int], name: str, returned: list[int]
) -> Operation:
    """Put a call where the candidate ends and let it give what is used outside."""
    last = candidate.operations[-1]
    builder = Builder.after(last)
    builder.location = candidate.frame.caller or last.location
    operands = []
    for number in passed:
        value = shape.parameters[number]
        owner = value.owner
        if isinstance(owner, Operation) and _is_constant(owner):
            clone = owner.clone()
            operands.append(builder.insert(clone).result)
        else:
            operands.append(value)
    types = [shape.results[number].type for number in returned]
    call = builder.create(func.call, operands, types=types, callee=SymbolRefAttr(name))
    for number, result in zip(returned, call.results, strict=True):
        old = shape.results[number]
        result.hint = old.hint
        old.replace_uses_if(result, lambda user: user not in shape.inside)
    return call


def _connect(shape: Shape, parameters: list[Value], body: Block) -> None:
    """Take arguments for parameters, and copies of the other constants from outside."""
    arguments = dict(zip(parameters, body.arguments, strict=True))
    constants: dict[Value, Value] = {}
    first = body.first
    for op in shape.inside:
        for number, value in enumerate(op.operands):
            if value in arguments:
                op.set_operand(number, arguments[value])
                continue
            owner = value.owner
            if isinstance(owner, Operation) and _is_constant(owner) and owner not in shape.inside:
                if value not in constants:
                    constants[value] = body.insert_before(first, owner.clone()).result
                op.set_operand(number, constants[value])


def _hint(value: Value) -> str | None:
    owner = value.owner
    if isinstance(owner, Operation) and _is_constant(owner):
        key = getattr(owner.attributes["value"], "key", None)
        if key:
            return re.sub(r"\W+", "_", key.rpartition(":")[2].rpartition(".")[2]) or None
    return value.hint


def _enclosing_function(op: Operation) -> Operation:
    while CallableLike.of(op) is None:
        parent = op.parent_op
        assert parent is not None
        op = parent
    return op


def _symbol(function: str) -> str:
    """A symbol for a Python function's name."""
    return re.sub(r"\W+", "_", function).strip("_") or "function"
