"""Branches and loops as If and Loop, and what a graph leaves out.

In: `scf.if`, `scf.for`, `scf.while`. Out: nodes with bodies of their own, which see the values
around them. The one idea: a while loop's condition belongs to the end of the round before, so it is
computed once ahead and then in each round for the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.exporting.onnx.conversion import (
    BOOL,
    INT64,
    INT_MAX,
    Conversion,
    Edge,
    Handler,
    value_type,
)
from fleet.exporting.onnx.graph import Graph, ValueType
from fleet.exporting.onnx.operators.integers import divide_towards_zero
from fleet.exporting.onnx.operators.sizes import scalar, size_of
from fleet.ir.core import Block, Operation, Value

_COUNT, _FLAG = ValueType(INT64, ()), ValueType(BOOL, ())
"""The types of a body's first two inputs: the round's number, whether it is to be done."""


def run_block(c: Conversion, block: Block) -> tuple[Operation, list[Edge]]:
    """Convert a block; its terminator, and what that hands on."""
    for op in block:
        if op is block.last:
            c.operation = op
            return op, c.operands(op)
        c.convert(op)
    raise c.refuse("a block without an end")


def _names(results: Sequence[Value], word: str) -> list[str]:
    return [value.hint or word for value in results]


def _if(c: Conversion, op: Operation) -> list[Edge]:
    condition = c.edge(op.operand(0))
    if not op.results:
        return []  # nothing but checks
    names = _names(op.results, "chosen")
    bodies: list[Graph] = []
    for region, word in zip(op.regions, ("then", "else"), strict=True):
        with c.body(word) as body:
            _, given = run_block(c, region.block)
            for edge, name, result in zip(given, names, op.results, strict=True):
                c.give(edge, f"{name}_{word}", value_type(result.type))
        bodies.append(body)
    c.operation = op
    dtypes = [value_type(result.type).dtype for result in op.results]
    if _alike(*bodies):
        c.graph.nodes += bodies[0].nodes
        return [Edge(c, *pair) for pair in zip(bodies[0].outputs, dtypes, strict=True)]
    return c.emit_many(
        "If", condition, dtypes=dtypes, names=list(names), then_branch=bodies[0],
        else_branch=bodies[1],
    )  # fmt: skip


def _alike(one: Graph, other: Graph) -> bool:
    """Whether two bodies compute the same: branches on whether a number began as Python's do."""
    names: dict[str, str] = {}
    if len(one.nodes) != len(other.nodes):
        return False
    for a, b in zip(one.nodes, other.nodes, strict=True):
        inputs = [names.get(name, name) for name in b.inputs]
        plain = not any(a.graphs()) and not any(isinstance(v, np.ndarray) for v in
                                                a.attributes.values())  # fmt: skip
        if not plain or (a.op, a.inputs, a.attributes) != (b.op, inputs, b.attributes):
            return False
        names |= dict(zip(b.outputs, a.outputs, strict=True))
    return list(one.outputs) == [names[name] for name in other.outputs]


def _inputs(c: Conversion, body: Graph, arguments: Sequence[Value], word: str) -> None:
    """Block arguments as inputs of a body."""
    for argument in arguments:
        type = value_type(argument.type)
        name = c.fresh(argument.hint or word)
        body.inputs[name] = type
        c.edges[argument] = Edge(c, name, type.dtype)


def _loop(
    c: Conversion, op: Operation, trips: Edge, condition: Edge, starts: list[Edge], body: Graph
) -> list[Edge]:
    c.operation = op
    dtypes = [value_type(result.type).dtype for result in op.results]
    return c.emit_many(
        "Loop", trips, condition, *starts, dtypes=dtypes,
        names=list(_names(op.results, "carried")), body=body,
    )  # fmt: skip


def _for(c: Conversion, op: Operation) -> list[Edge]:
    if not op.results:
        return []
    lower, upper, step = (size_of(c, value) for value in op.operands[:3])
    starts = [c.edge(value) for value in op.operands[3:]]
    trips = _trips(c, scalar(c, lower), scalar(c, upper), scalar(c, step))
    variable, *arguments = op.body.arguments
    with c.body("for") as body:
        count, going = c.fresh("iteration"), c.fresh("going")
        body.inputs = {count: _COUNT, going: _FLAG}
        _inputs(c, body, arguments, "carried")
        number = Edge(c, count, INT64)
        if step != 1:
            number = number * scalar(c, step)
        if lower != 0:
            number = scalar(c, lower) + number
        c.edges[variable] = number
        _, given = run_block(c, op.body)
        c.give(Edge(c, going, BOOL), "going_on", _FLAG)
        _give_all(c, op, given)
    return _loop(c, op, trips, c.number(True, BOOL), starts, body)


def _trips(c: Conversion, lower: Edge, upper: Edge, step: Edge) -> Edge:
    """How many rounds there are, not below 0 (Loop takes it for none)."""
    known = [c.root.initializers.get(edge.name) for edge in (lower, upper, step)]
    low, high, by = (None if one is None else int(one) for one in known)
    if low is not None and high is not None and by:
        return c.number(max(0, -(-(high - low) // by)), INT64)
    length = upper if low == 0 else upper - lower
    if by == 1:
        return length
    return divide_towards_zero(length + (step - 1), step)


def _give_all(c: Conversion, op: Operation, given: Sequence[Edge]) -> None:
    for edge, name, result in zip(given, _names(op.results, "carried"), op.results, strict=True):
        c.give(edge, f"{name}_next", value_type(result.type))


def _while(c: Conversion, op: Operation) -> list[Edge]:
    before, after = (region.block for region in op.regions)
    for argument, value in zip(before.arguments, op.operands, strict=True):
        c.edges[argument] = c.edge(value)
    _, (condition, *starts) = run_block(c, before)
    with c.body("while") as body:
        count, going = c.fresh("iteration"), c.fresh("going")
        body.inputs = {count: _COUNT, going: _FLAG}
        _inputs(c, body, after.arguments, "carried")
        _, carried = run_block(c, after)
        for argument, edge in zip(before.arguments, carried, strict=True):
            c.edges[argument] = edge
        _, (again, *forwarded) = run_block(c, before)
        c.give(again, "going_on", _FLAG)
        _give_all(c, op, forwarded)
    return _loop(c, op, c.number(INT_MAX, INT64), condition, starts, body)


def _left_out(c: Conversion, op: Operation) -> list[Edge]:
    """A check: its error is the program's, and a graph has none."""
    return []


def _call(c: Conversion, op: Operation) -> list[Edge]:
    """All calls are inlined before, but those of functions that end up calling themselves."""
    raise c.refuse(
        "a function that calls itself, as often as the run has it, cannot be part of a graph of "
        "ONNX", "write it as a loop",
    )  # fmt: skip


def _execute_region(c: Conversion, op: Operation) -> list[Edge]:
    return run_block(c, op.regions[0].block)[1]


HANDLERS: dict[str, Handler] = {
    "scf.if": _if, "scf.for": _for, "scf.while": _while,
    "scf.execute_region": _execute_region, "func.call": _call,
    "numpy.check": _left_out, "cf.assert": _left_out,
}  # fmt: skip
