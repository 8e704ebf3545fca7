"""Checks, subscripts and Python's arithmetic on ints, in operations that every MLIR has.

In: a module at the tosa stage, whose services are calls of declared functions. Out: the same with
`arith`, `scf` and `cf.assert` in their places, and no declarations. The one idea: the rules of
kernels say what a service gives and under which conditions it raises; here these conditions are
asserted, with Python's message, or nobody asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.diagnostics import FleetError
from fleet.dialects import arith, cf, scf, tensor
from fleet.integers import TOO_LARGE
from fleet.ir.affine import AffineMap
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import StringAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.interfaces import functions_of
from fleet.ir.interpreter import python_value
from fleet.ir.types import TensorType, i1, i64, index
from fleet.passes.kernels.checks.ranges import ANY, Ranges
from fleet.passes.kernels.checks.rules import RULES, integer_compare, negated
from fleet.passes.linalg.structured import (
    PARALLEL,
    REDUCTION,
    cast,
    empty,
    fill,
    generic,
    scalar,
    sizes_of,
)

_RAISES = {
    "int_floordiv": (("ZeroDivisionError", "integer division or modulo by zero"),),
    "int_mod": (("ZeroDivisionError", "integer modulo by zero"),),
    "int_truediv": (("ZeroDivisionError", "division by zero"),),
    "int_lshift": (("OverflowError", TOO_LARGE), ("OverflowError", TOO_LARGE),
                   ("ValueError", "negative shift count")),
    "int_trunc": (("OverflowError", "cannot convert float NaN or infinity, or a large float, to an "
                   "int of 64 bits"),),
}  # fmt: skip
"""What the conditions of a rule raise, in their order; the others are sums that are too large."""


def settle_services(module: Operation, checks: bool) -> None:
    """Replace all calls of services. checks: whether what raises is asserted.

    Raises FleetError for a service that has no such form.
    """
    functions = functions_of(module)
    services = {
        name: function for name, function in functions.items()
        if function.get("service") is not None
    }  # fmt: skip

    def service(name: str) -> str | None:
        found = services.get(name)
        return None if found is None else str(found.get("service"))

    ranges = Ranges(service)
    calls = [op for op in module.walk()
             if op.name == "func.call" and str(op.get("callee")) in services]  # fmt: skip
    known = {op: [ranges.of(value) for value in op.operands] for op in calls}
    for op in calls:
        declaration = services[str(op.get("callee"))]
        kind = str(declaration.get("service"))
        options = python_value(declaration.attributes["options"])
        if kind == "check_indices":
            _check_indices(op, options.get("axis", 0), checks)
        elif kind in RULES and kind != "int_powmod":  # IREE has no products of two words
            _arithmetic(op, kind, options, known[op], checks)
        else:
            what = "pow() of three numbers" if kind == "int_powmod" else f"the service {kind}"
            raise FleetError(f"{what} is not supported in MLIR that is exported", op.location)
    for declaration in services.values():
        declaration.erase()


def _arithmetic(
    op: Operation, kind: str, options: dict, known: Sequence[tuple[int, int]], checks: bool
) -> None:
    """A check, or an operator on ints."""
    builder = Builder.before(op)
    block, before = op.parent, op.previous
    operands = [_as_i64(builder, value) for value in op.operands]
    answer = RULES[kind](builder, operands, [pair or ANY for pair in known])
    if checks:
        raised = _RAISES.get(kind, ())
        for number, failed in enumerate(answer.failed):
            if kind == "check":
                name, message = options["exception"], _message(options["message"], operands[1:])
            else:
                name, message = raised[number] if number < len(raised) else (
                    "OverflowError", TOO_LARGE)  # fmt: skip
            require(builder, negated(builder, failed), name, message)
    assert block is not None
    made = list(block) if before is None else _after(before, op)
    op.replace_with([] if answer.result is None else [answer.result])
    for each in made:
        if each.parent is not None:
            _structured(each)


def _as_i64(builder: Builder, value: Value) -> Value:
    return builder.value(arith.index_cast, value, types=[i64]) if value.type == index else value


def _after(first: Operation, last: Operation) -> list[Operation]:
    found, at = [], first.next
    while at is not None and at is not last:
        found.append(at)
        at = at.next
    return found


def require(builder: Builder, condition: Value, exception: str, message: str) -> None:
    """Assert a condition, with the message of Python's exception."""
    text = f"{exception}: {message}" if message else exception
    builder.create(cf.assert_, condition, msg=StringAttr(text))


def _message(template: str, operands: Sequence[Value]) -> str:
    """The message with what is known of its numbers; `?` for the others."""
    parts = template.split("{}")
    text = parts[0]
    for at, part in enumerate(parts[1:]):
        known = constant_int(operands[at]) if at < len(operands) else None
        text += ("?" if known is None else str(known)) + part
    return text


_SCF = {"loop.if": scf.if_, "loop.while": scf.while_, "loop.yield": scf.yield_,
        "loop.condition": scf.condition}  # fmt: skip


def _structured(op: Operation) -> None:
    """A branch or loop of kernels as one of `scf`, which differs from it in its name alone."""
    for inner in op.walk():
        definition = _SCF.get(inner.name)
        if definition is not None:
            inner.name, inner.definition = definition.name, definition


def _check_indices(op: Operation, axis: int, checks: bool) -> None:
    """Subscripts counted from the end as such from the beginning, all of them in range."""
    builder = Builder.before(op)
    indices, size = op.operands
    element = indices.type.element
    assert isinstance(indices.type, TensorType)
    if size.type != element:
        size = builder.value(arith.index_cast if size.type == index else arith.trunci, size,
                             types=[element])  # fmt: skip
    rank = indices.type.rank
    sizes = sizes_of(builder, indices)
    same = AffineMap.identity(rank)
    zero = scalar(builder, 0, element)

    def turned(inner: Builder, arguments: Sequence[Value]) -> Value:
        value = arguments[0]
        negative = integer_compare(inner, "slt", value, zero)
        return inner.value(arith.select, negative, inner.value(arith.addi, value, size), value)

    out = empty(builder, sizes, element)
    made = generic(builder, [indices], [out], [same, same], [PARALLEL] * rank, turned).result
    if checks:
        start = fill(builder, scalar(builder, 1, i1), [])

        def inside(inner: Builder, arguments: Sequence[Value]) -> Value:
            fits = integer_compare(inner, "ult", arguments[0], size)
            return inner.value(arith.andi, arguments[1], fits)

        reduced = AffineMap(rank, ())
        iterators = [REDUCTION] * rank
        whole = generic(builder, [made], [start], [same, reduced], iterators, inside).result
        holds = builder.value(tensor.extract, whole, [], types=[i1])
        require(builder, holds, "IndexError", f"an index is out of bounds for axis {axis}")
    op.replace_with([cast(builder, made, op.results[0].type)])


