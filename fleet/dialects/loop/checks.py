"""What well-formed `loop` operations keep to, beyond their declarations."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fleet.dialects import loop
from fleet.dialects.loop import tables
from fleet.ir.affine import AffineMap, dims_of
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.core import Operation, Value
from fleet.ir.interfaces import MemoryAccess
from fleet.ir.types import (
    IndexType,
    MemRefType,
    Type,
    VectorType,
    byte_width,
    element_of,
    i1,
    i64,
)

MOST_BITS = 512
"""Lanes times element width: what eight registers of 64 bits (VLEN = 64) would hold."""


def enclosing_strip(op: Operation) -> Operation | None:
    """The vector loop that the operation is in."""
    outer = op.parent_op
    while outer is not None and not loop.is_vector_loop(outer):
        outer = outer.parent_op
    return outer


def _check_lanes(op: Operation, type: Type) -> None:
    """A vector is scalable, fits in eight registers, and has its loop's lanes."""
    if not isinstance(type, VectorType):
        return
    if not type.scalable or type.rank != 1:
        raise VerifyError(f"has {type}, which is no scalable vector of one dimension")
    lanes = type.shape[0]
    width = 8 if type.element == i1 else 8 * byte_width(type.element)
    if lanes * width > MOST_BITS or lanes & (lanes - 1) or lanes > 64:
        raise VerifyError(f"has {type}, which does not fit in a group of eight vector registers")
    strip = enclosing_strip(op)
    if strip is not None and strip.get("lanes") != lanes:
        raise VerifyError(f"has {type} in a loop of {strip.get('lanes')} lanes")


@loop.for_.verify_with
def _check_for(op: Operation) -> None:
    kind, step, lanes = op.get("kind"), op.get("step"), op.get("lanes")
    if kind not in (loop.SERIAL, loop.VECTOR):
        raise VerifyError(f"has the kind {kind!r}, not serial or vector")
    if not isinstance(step, int) or step <= 0:
        raise VerifyError("has a step that is no positive integer")
    vector = kind == loop.VECTOR
    if vector != (lanes is not None) or (vector and step != 1):
        raise VerifyError("has lanes and a step of 1 if it is a vector loop, no lanes if not")
    if vector and enclosing_strip(op) is not None:
        raise VerifyError("is a vector loop inside another")
    if op.get("iterator") not in (None, "parallel", "reduction"):
        raise VerifyError(f"has the iterator {op.get('iterator')!r}")
    leading = 2 if vector else 1
    block = op.regions[0].block
    types = [v.type for v in op.operands[2:]]
    expected = [IndexType()] * leading + types
    if [a.type for a in block.arguments] != expected or [r.type for r in op.results] != types:
        raise VerifyError("has body arguments, inits and results of different types")
    last = block.last
    if last is None or last.definition is not loop.yield_:
        raise VerifyError("has a body that does not end in loop.yield")
    if [v.type for v in last.operands] != types:
        raise VerifyError("gives other types than the loop carries", last)
    for type in types:
        if vector and isinstance(type, VectorType):
            if type.shape != (lanes,):
                raise VerifyError(f"carries {type} with {lanes} lanes")
            if type.element == i1:
                raise VerifyError("carries a mask, which a vector loop cannot")


@loop.masked_load.verify_with
@loop.masked_store.verify_with
def _check_masked_access(op: Operation) -> None:
    if any(not isinstance(v.type, VectorType) for v in (op.named("mask"), _moved(op))):
        raise VerifyError("moves or asks one element, and no vector of them")
    _check_access(op)


def _moved(op: Operation) -> Value:
    return MemoryAccess.of(op).element(op)


@loop.load.verify_with
@loop.store.verify_with
def _check_access(op: Operation) -> None:
    access = MemoryAccess.of(op)
    memref, map, indices = access.place(op)
    buffer, type = memref.type, access.element(op).type
    assert isinstance(buffer, MemRefType)
    if not isinstance(map, AffineMap) or map.dims != len(indices) or map.symbols:
        raise VerifyError("has a map that does not take the operands given")
    if len(map.results) != buffer.rank:
        raise VerifyError(f"has {len(map.results)} subscripts for {buffer}")
    if element_of(type) != buffer.element:
        raise VerifyError(f"moves {type}, which is no element of {buffer}")
    for value in indices:
        if not isinstance(element_of(value.type), IndexType):
            raise VerifyError(f"has a subscript made of {value.type}, not of index")
    if not isinstance(type, VectorType):
        if any(isinstance(value.type, VectorType) for value in indices):
            raise VerifyError("has a vector subscript and is a scalar access")
        return
    _check_lanes(op, type)
    strip = enclosing_strip(op)
    if strip is None:
        raise VerifyError("is a vector access outside every vector loop")
    variable = loop.induction_variable(strip)
    gathers = False
    for number, value in enumerate(indices):
        if isinstance(value.type, VectorType):
            gathers = True
            _check_lanes(op, value.type)
        elif value is variable:
            moving = [expr for expr in map.results if number in dims_of(expr)]
            gathers = gathers or bool(moving)
    if not gathers:
        raise VerifyError("has the same element of memory for every element of a vector")


@loop.buffer.verify_with
def _check_buffer(op: Operation) -> None:
    given, made = op.operand(0).type, op.result.type
    dynamic = [dim for dim in made.shape if dim is None]
    if len(dynamic) != len(op.operands) - 1:
        raise VerifyError(f"has {len(op.operands) - 1} sizes for {made}")
    if made.element != given.element:
        raise VerifyError("gives elements of another type than its argument has")


@loop.flat.verify_with
def _check_flat(op: Operation) -> None:
    source, result = op.operand(0).type, op.result.type
    count = None if None in source.shape else math.prod(source.shape)
    if result.shape != (count,) or result.element != source.element:
        raise VerifyError(f"makes {source} into {result}")


@loop.broadcast.verify_with
def _check_broadcast(op: Operation) -> None:
    if op.operand(0).type != op.result.type.element:
        raise VerifyError(f"makes {op.operand(0).type} into {op.result.type}")
    _check_lanes(op, op.result.type)


@loop.iota.verify_with
def _check_iota(op: Operation) -> None:
    if not isinstance(op.result.type.element, IndexType):
        raise VerifyError("makes other vectors than of index")
    if enclosing_strip(op) is None:
        raise VerifyError("stands outside every vector loop")
    _check_lanes(op, op.result.type)


REDUCTIONS = frozenset(
    "addf ordered_addf maxnumf minnumf addi andi ori xori maxsi minsi maxui minui".split()
)


@loop.lookup.verify_with
def _verify_lookup(op: Operation) -> None:
    name, number, result = op.get("table"), op.operand(0).type, op.result.type
    if name not in tables.names():
        raise VerifyError(f"there is no table {name!r}")
    held = tables.element_in(name)
    if element_of(number) != i64 or element_of(result) != held:
        raise VerifyError(f"the table {name} is subscripted by i64 and holds {held}")
    if isinstance(number, VectorType) != isinstance(result, VectorType) or (
            isinstance(number, VectorType) and number.shape != result.shape):
        raise VerifyError("as many places as results are wanted")


@loop.reduce.verify_with
def _check_reduce(op: Operation) -> None:
    if op.get("operation") not in REDUCTIONS:
        raise VerifyError(f"reduces by {op.get('operation')!r}, which it cannot")
    element = op.operand(0).type.element
    if {op.operand(1).type, op.result.type} != {element} or element == i1:
        raise VerifyError(f"reduces a vector of {element} to {op.result.type}")
    _check_lanes(op, op.operand(0).type)


@loop.any_.verify_with
@loop.element.verify_with
def _check_asked(op: Operation) -> None:
    vector = op.operand(0).type
    if enclosing_strip(op) is None:
        raise VerifyError("stands outside every vector loop")
    if (vector.element == i1) != (op.definition is loop.any_):
        raise VerifyError(f"looks at {vector}")
    _check_lanes(op, vector)


@loop.launch.verify_with
def _check_launch(op: Operation) -> None:
    _, dests, _ = op.definition.segments(op)
    if [r.type for r in op.results] != [v.type for v in dests]:
        raise VerifyError("gives other types than its destinations have")


@loop.launch.verify_symbols_with
def _check_launched(op: Operation, symbols: Mapping[str, Operation]) -> None:
    function = symbols.get(op.get("callee"))
    if function is None or function.name != "func.func":
        return
    taken, given = function.get("function_type").inputs, [v.type for v in op.operands]
    if len(taken) != len(given) or not all(map(_passes, given, taken)):
        raise VerifyError(f"has arguments that do not fit @{op.get('callee')}")


def _passes(given: Type, taken: Type) -> bool:
    """Whether a tensor (or index) may be passed for a kernel's argument."""
    if isinstance(taken, MemRefType):
        return element_of(given) == taken.element and given.shape == taken.shape
    return given == taken
