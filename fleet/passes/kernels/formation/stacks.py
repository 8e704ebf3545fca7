"""What the loops that stand for recursions have in common: a stack, their services and form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from fleet.dialects import arith, func, scf, tensor
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.ir.attributes import ArrayAttr, DictAttr, StringAttr, TypeAttr, symbol
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.interfaces import functions_of
from fleet.ir.types import FunctionType, TensorType, Type, i1, i64, index, is_float

WORDS = TensorType((None,), i64)


class Begun(NamedTuple):
    """What stands before a loop in the place of a call. left: how many levels there may be."""

    before: Builder
    left: Value
    zero: Value
    stack: Value


class Services:
    """What the loops ask of the host, declared once."""

    def __init__(self, module: Operation) -> None:
        self.module = module
        self.declared: dict[str, str] = {}

    def levels(self, builder: Builder) -> Value:
        """How many more functions may be called in one another."""
        name = self._name("levels", (), ("int",), FunctionType((), (i64,)), {})
        return builder.value(func.call, [], types=[i64], callee=symbol(name))

    def check_room(self, builder: Builder, has_room: Value) -> None:
        options = {"exception": "RecursionError", "message": "maximum recursion depth exceeded"}
        name = self._name("check", ("bool",), (), FunctionType((i1,), ()), options)
        builder.create(func.call, [has_room], types=[], callee=symbol(name))

    def _name(
        self, service: str, kinds: Sequence[str], results: Sequence[str], type: FunctionType,
        options: dict[str, str],
    ) -> str:  # fmt: skip
        if service not in self.declared:
            taken = functions_of(self.module)
            name = f"{service}_of_recursion"
            while name in taken:
                name += "_"
            declaration = func.func(
                regions=[Region()],
                sym_name=name,
                sym_visibility="private",
                function_type=TypeAttr(type),
                service=service,
                kinds=ArrayAttr(tuple(map(StringAttr, kinds))),
                result_kinds=ArrayAttr(tuple(map(StringAttr, results))),
                options=DictAttr(tuple((key, StringAttr(text)) for key, text in options.items())),
            )
            declaration.location = self.module.location
            self.module.body.insert_before(self.module.body.first, declaration)
            self.declared[service] = name
        return self.declared[service]


def begin(call: Operation, services: Services, words: int) -> Begun:
    """Make a stack for the loop that takes a call's place, of frames of so many words."""
    outermost = call
    while outermost.parent_op.definition is not func.func:
        outermost = outermost.parent_op
    top = Builder.before(outermost)
    top.location = call.location
    left = services.levels(top)
    deepest = top.value(arith.maxsi, left, top.constant(0, i64))
    count = top.value(arith.muli, deepest, top.constant(words, i64))
    size = top.value(arith.index_cast, count, types=[index])
    before = Builder.before(call)
    zero = before.constant(0, i64)
    services.check_room(before, compare(before, "slt", zero, left))
    return Begun(before, left, zero, before.value(tensor.empty, [size], types=[WORDS]))


def loop_while_called(
    before: Builder, inits: Sequence[Value], iteration: Callable[[Builder, Sequence[Value]], None]
) -> Sequence[Value]:
    """A loop as long as the first of its values, a place or level, is not negative; its results."""
    types = [v.type for v in inits]
    head, body = Block(types), Block(types)
    asks = Builder(head, location=before.location)
    goes_on = compare(asks, "sge", head.arguments[0], asks.constant(0, i64))
    asks.create(scf.condition, goes_on, list(head.arguments))
    iteration(Builder(body, location=before.location), body.arguments)
    regions = [Region([head]), Region([body])]
    return before.insert(scf.while_(inits, types=types, regions=regions)).results


def either(
    builder: Builder, condition: Value, first: Callable[[Builder], list[Value]],
    second: Callable[[Builder], list[Value]],
) -> list[Value]:  # fmt: skip
    """The values of one of two ways."""
    blocks, types = [], []
    for way in (first, second):
        block = Block()
        inside = Builder(block, location=builder.location)
        values = way(inside)
        inside.create(scf.yield_, values)
        types = [v.type for v in values]
        blocks.append(block)
    made = scf.if_(condition, types=types, regions=[Region([block]) for block in blocks])
    return list(builder.insert(made).results)


def is_array(type: Type) -> bool:
    return isinstance(type, TensorType) and type.rank > 0


def zero_in(builder: Builder) -> Callable[[Type], Value]:
    """Makes a zero of a type."""
    return lambda type: builder.constant(0.0 if is_float(type) else 0, type)


def compare(builder: Builder, predicate: str, a: Value, b: Value) -> Value:
    return builder.value(arith.cmpi, a, b, types=[i1], predicate=CMPI_PREDICATES.index(predicate))
