"""Compact operators: what a group of operations is called in ONNX, where it has a name.

In: the operations of a function. Out: at the last operation of a group, what emits one operator for
all of them; the others are dropped when nothing else needs them. The one idea: a pattern is matched
backwards from its last operation, products as sets of factors, so that the order in which a program
multiplies does not matter. Only what gives the same numbers, infinities and NaN included, is one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from fleet.dialects.tensor import mixed
from fleet.exporting.onnx.conversion import Conversion, Edge
from fleet.exporting.onnx.operators.sizes import made_by
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation, Value
from fleet.ir.types import f32, f64
from fleet.passes.shapes.dims import Dims

Plan = Callable[[Conversion], Edge]


def plans(operations: Iterable[Operation], dims: Dims) -> dict[Operation, Plan]:
    """What to emit at the last operation of each group."""
    found: dict[Operation, Plan] = {}
    listed = list(operations)
    for op in listed:
        for pattern in PATTERNS.get(op.name, ()):
            plan = pattern(op)
            if plan is not None:
                found[op] = plan
                break
    found.update(_splits(listed, dims))
    return found


# -- looking at values


def _number(value: Value) -> float | None:
    """The number that a value is everywhere, if that is known."""
    op = made_by(value, "arith.constant", "numpy.reshape", "numpy.broadcast_to", "numpy.to_tensor",
                  "numpy.cast", "numpy.full")  # fmt: skip
    if op is None:
        return None
    if op.name != "arith.constant":
        return _number(op.operand(0))
    attribute = op.attributes["value"]
    if not isinstance(attribute, DenseAttr):
        return float(op.get("value"))
    return float(attribute.value.reshape(-1)[0]) if attribute.value.size == 1 else None


def _close(number: float, wanted: float) -> bool:
    return math.isclose(number, wanted, rel_tol=2e-7)


@dataclass
class _Product:
    """A product by its factors."""

    number: float = 1.0
    above: list[Value] = field(default_factory=list)
    below: list[Value] = field(default_factory=list)


def _product(value: Value) -> _Product:
    found = _Product()
    _collect(value, found, True, 8)
    return found


def _collect(value: Value, found: _Product, above: bool, deepest: int) -> None:
    number = _number(value)
    if number is not None and (above or number):
        found.number = found.number * number if above else found.number / number
        return
    op = made_by(value, "numpy.multiply", "numpy.divide", "numpy.square", "numpy.power")
    if op is not None and deepest:
        x = op.operand(0)
        match op.name:
            case "numpy.multiply":
                _collect(x, found, above, deepest - 1)
                _collect(op.operand(1), found, above, deepest - 1)
                return
            case "numpy.divide":
                _collect(x, found, above, deepest - 1)
                _collect(op.operand(1), found, not above, deepest - 1)
                return
            case "numpy.square":
                _collect(x, found, above, deepest - 1)
                _collect(x, found, above, deepest - 1)
                return
            case "numpy.power" if _number(op.operand(1)) in (2.0, 3.0):
                for _ in range(int(_number(op.operand(1)) or 0)):
                    _collect(x, found, above, deepest - 1)
                return
    (found.above if above else found.below).append(value)


def _terms(op: Operation) -> list[tuple[Value, Value]]:
    """The two terms of a sum, or arguments of a maximum, either way round."""
    a, b = op.operands
    return [(a, b), (b, a)]


def _reduced(value: Value, name: str) -> tuple[Value, int] | None:
    """(x, axis) where a value is x reduced along one axis, which it keeps or is x's only one."""
    op = made_by(value, f"numpy.{name}", "numpy.reshape")
    if op is None:
        return None
    shape = value.type.shape
    if op.name == "numpy.reshape":
        inner = made_by(op.operand(0), f"numpy.{name}")
        if inner is None or "keepdims" in inner.attributes:
            return None
    else:
        inner = op
        if "keepdims" not in op.attributes:
            return (op.operand(0), 0) if op.operand(0).type.rank == 1 else None
    axes = inner.get("axes")
    source = inner.operand(0)
    if len(axes) != 1 or len(shape) != source.type.rank or shape[axes[0]] != 1:
        return None
    rest = [dim for at, dim in enumerate(source.type.shape) if at != axes[0]]
    if [dim for at, dim in enumerate(shape) if at != axes[0]] != rest:
        return None
    return source, axes[0]


# -- softmax


def _softmax(op: Operation) -> Plan | None:
    """exp(x - max x) / sum of that, along one axis."""
    top, below = op.operands
    total = _reduced(below, "sum")
    if total is None or total[0] is not top or top.type.element not in (f32, f64):
        return None
    found = _shifted_exponential(top, total[1])
    if found is None:
        return None
    return lambda c: c.emit("Softmax", c.edge(found), axis=total[1])


def _shifted_exponential(value: Value, axis: int) -> Value | None:
    """x, of exp(x - max x)."""
    exponential = made_by(value, "numpy.exp")
    return None if exponential is None else _shifted(exponential.operand(0), axis)


def _shifted(value: Value, axis: int) -> Value | None:
    """x, of x - max x."""
    shifted = made_by(value, "numpy.subtract")
    if shifted is None:
        return None
    x, most = shifted.operands
    return x if _reduced(most, "max") == (x, axis) else None


def _log_softmax(op: Operation) -> Plan | None:
    """(x - max x) - log of the sum of exp of that."""
    shifted, rest = op.operands
    log = made_by(rest, "numpy.log")
    total = _reduced(log.operand(0), "sum") if log is not None else None
    if total is None or shifted.type.element != f32:
        return None  # of float64, onnxruntime's loses NaN
    exponential, axis = made_by(total[0], "numpy.exp"), total[1]
    if exponential is None or exponential.operand(0) is not shifted:
        return None
    x = _shifted(shifted, axis)
    return None if x is None else lambda c: c.emit("LogSoftmax", c.edge(x), axis=axis)


# -- means and normalisation


def _mean_of(value: Value) -> tuple[Value, int] | None:
    """(x, axis) where a value is x's mean along one axis, whose length is known."""
    op, axis = made_by(value, "numpy.divide", "numpy.multiply"), None
    if op is None:
        op, axis = _with_axis(value)
    if op is None:
        return None
    number = _number(op.operand(1))
    total = _reduced(op.operand(0), "sum") if axis is None else _dropped(op.operand(0), axis)
    if total is None or number is None:
        return None
    length = total[0].type.shape[total[1]]
    count = number if op.name == "numpy.divide" else 1 / number if number else 0
    return total if length and count == length else None


def _with_axis(value: Value) -> tuple[Operation | None, int | None]:
    """A quotient that is given one more axis, of length 1, and that axis."""
    reshape = made_by(value, "numpy.reshape")
    inner = made_by(reshape.operand(0), "numpy.divide", "numpy.multiply") if reshape else None
    if reshape is None or inner is None:
        return None, None
    old, new = inner.result.type.shape, value.type.shape
    for axis in range(len(new)):
        if new[axis] == 1 and (*new[:axis], *new[axis + 1 :]) == old:
            return inner, axis
    return None, None


def _dropped(value: Value, axis: int) -> tuple[Value, int] | None:
    """(x, axis) where a value is x added up along this axis, which is dropped."""
    op = made_by(value, "numpy.sum")
    if op is None or "keepdims" in op.attributes or tuple(op.get("axes")) != (axis,):
        return None
    return op.operand(0), axis


def _mean(op: Operation) -> Plan | None:
    found = _mean_of(op.result)
    if found is None or op.result.type.element not in (f32, f64):
        return None
    x, axis = found
    return lambda c: c.emit("ReduceMean", c.edge(x), c.ints([axis]), keepdims=1)


def _layer_norm(op: Operation) -> Plan | None:
    """g (x - mean x) / sqrt(var x + eps) + b along the last axis, in float32."""
    for product, bias in _terms(op):
        found = _normalised(product)
        if found is None:
            continue
        x, scale, epsilon = found
        if _is_row(bias, x):
            return _normalising(x, scale, bias, epsilon)
    return None


def _scaled_norm(op: Operation) -> Plan | None:
    """The same with nothing added."""
    found = _normalised(op.result)
    if found is None or any(user.name == "numpy.add" and _layer_norm(user) for user in
                            op.result.users):  # fmt: skip
        return None
    x, scale, epsilon = found
    return _normalising(x, scale, None, epsilon)


def _normalising(x: Value, scale: Value, bias: Value | None, epsilon: float) -> Plan:
    def plan(c: Conversion) -> Edge:
        length = x.type.shape[-1]
        rows = [c.edge(scale), *([c.edge(bias)] if bias is not None else [])]
        rows = [c.emit("Reshape", row, c.ints([length])) if value.type.rank != 1 else row
                for row, value in zip(rows, (scale, bias), strict=False)
                if value is not None]  # fmt: skip
        return c.emit("LayerNormalization", c.edge(x), *rows, axis=-1, epsilon=epsilon)

    return plan


def _is_row(value: Value, x: Value) -> bool:
    """Whether a value has a number for each place of x's last axis, and that alone."""
    shape = value.type.shape
    return bool(shape) and shape[-1] == x.type.shape[-1] is not None and set(shape[:-1]) <= {1}


def _normalised(value: Value) -> tuple[Value, Value, float] | None:
    """(x, g, eps) of g (x - mean x) / sqrt(var x + eps)."""
    if value.type.element != f32:
        return None
    product = _product(value)
    if product.number != 1.0 or len(product.above) != 2 or len(product.below) != 1:
        return None
    epsilon = _deviation(product.below[0])
    for centred, scale in (product.above, product.above[::-1]):
        x = _centred(centred)
        if epsilon is None or x is None or not _is_row(scale, x):
            continue
        if epsilon[0] is x:
            return x, scale, epsilon[1]
    return None


def _centred(value: Value) -> Value | None:
    """x, of x - mean x along the last axis."""
    op = made_by(value, "numpy.subtract")
    if op is None:
        return None
    x, mean = op.operands
    return x if _mean_of(mean) == (x, x.type.rank - 1) else None


def _deviation(value: Value) -> tuple[Value, float] | None:
    """(x, eps) of sqrt(var x + eps)."""
    root = made_by(value, "numpy.sqrt")
    total = made_by(root.operand(0), "numpy.add") if root is not None else None
    if total is None:
        return None
    for variance, epsilon in _terms(total):
        number, mean = _number(epsilon), _mean_of(variance)
        if number is None or mean is None or mean[1] != mean[0].type.rank - 1:
            continue
        square = _product(mean[0])
        if square.number == 1.0 and not square.below and len(square.above) == 2:
            first, second = (_centred(factor) for factor in square.above)
            if first is not None and first is second:
                return first, number
    return None


# -- activations


def _gelu(op: Operation) -> Plan | None:
    """x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), in float32."""
    if op.result.type.element != f32:
        return None
    product = _product(op.result)
    if product.below or len(product.above) != 2 or not _close(product.number, 0.5):
        return None
    for x, factor in (product.above, product.above[::-1]):
        if _is_gelu_factor(factor, x):
            return lambda c, x=x: c.emit("Gelu", c.edge(x), approximate="tanh")
    return None


def _is_gelu_factor(value: Value, x: Value) -> bool:
    total = made_by(value, "numpy.add")
    if total is None:
        return False
    for one, other in _terms(total):
        tanh = made_by(other, "numpy.tanh")
        if _number(one) == 1.0 and tanh is not None:
            return _is_gelu_argument(tanh.operand(0), x)
    return False


def _is_gelu_argument(value: Value, x: Value) -> bool:
    product = _product(value)
    if product.below or len(product.above) != 1:
        return False
    if not _close(product.number, math.sqrt(2 / math.pi)):
        return False
    total = made_by(product.above[0], "numpy.add")
    if total is None:
        return False
    for one, other in _terms(total):
        cube = _product(other)
        if one is x and cube.above == [x] * 3 and not cube.below:
            return _close(cube.number, 0.044715)
    return False


def _relu(op: Operation) -> Plan | None:
    """max(x, 0)."""
    for x, zero in _terms(op):
        if _number(zero) == 0 and x.type == op.result.type and x.type.element in (f32, f64):
            return lambda c, x=x: c.emit("Relu", c.edge(x))
    return None


def _sigmoid(op: Operation) -> Plan | None:
    """1 / (1 + exp(-x))."""
    one, below = op.operands
    total = made_by(below, "numpy.add")
    if _number(one) != 1.0 or total is None or op.result.type.element not in (f32, f64):
        return None
    for number, other in _terms(total):
        exponential = made_by(other, "numpy.exp")
        negative = exponential and made_by(exponential.operand(0), "numpy.negative")
        if _number(number) == 1.0 and negative:
            x = negative.operand(0)
            return lambda c, x=x: c.emit("Sigmoid", c.edge(x))
    return None


# -- matrices


def _gemm(op: Operation) -> Plan | None:
    """a b + c of matrices, c a row; a transposed one is read so."""
    for product, row in _terms(op):
        found = made_by(product, "numpy.matmul")
        if found is None or product.type.element not in (f32, f64):
            continue
        a, b = found.operands
        if a.type.rank != 2 or b.type.rank != 2 or row.type.rank > 2:
            continue
        width = product.type.shape[-1]
        if not row.type.shape or row.type.shape[-1] != width or set(row.type.shape[:-1]) - {1}:
            continue
        if width is None:
            continue
        return _multiplying(a, b, row)
    return None


def _multiplying(a: Value, b: Value, row: Value) -> Plan:
    def plan(c: Conversion) -> Edge:
        sides, flags = [], {}
        for value, name in ((a, "transA"), (b, "transB")):
            edge = c.edge(value)
            if edge.name in c.turned:
                flags[name] = 1
                edge, _ = c.turned[edge.name]
            sides.append(edge)
        return c.emit("Gemm", *sides, c.edge(row), **flags)

    return plan


# -- splits


def _splits(operations: list[Operation], dims: Dims) -> dict[Operation, Plan]:
    """Slices that are all of an array's parts along one axis, in one block."""
    groups: dict[tuple[int, int, int], list[tuple[int, int, Operation]]] = {}
    for op in operations:
        part = _part(op, dims) if op.name == "numpy.slice" else None
        if part is not None:
            axis, first, count = part
            key = (id(op.operand(0)), id(op.parent), axis)
            groups.setdefault(key, []).append((first, count, op))
    found: dict[Operation, Plan] = {}
    for (_, _, axis), members in groups.items():
        places = sorted({(first, count) for first, count, _ in members})
        ends = [0, *(first + count for first, count in places)]
        length = members[0][2].operand(0).type.shape[axis]
        if len(places) > 1 and [first for first, _ in places] == ends[:-1] and ends[-1] == length:
            found |= _splitting(axis, places, members)
    return found


def _part(op: Operation, dims: Dims) -> tuple[int, int, int] | None:
    """(axis, first, count) of a slice that cuts one axis, at known places."""
    source = op.operand(0)
    offsets, sizes = mixed(op, "offsets"), mixed(op, "sizes")
    if set(op.get("static_strides")) != {1}:
        return None
    lengths, counts = dims.shape(source), dims.shape(op.result)
    cut = [axis for axis, first in enumerate(offsets) if first != 0 or
           lengths[axis] != counts[axis]]  # fmt: skip
    if len(cut) != 1:
        return None
    (axis,) = cut
    first, count = offsets[axis], sizes[axis]
    if isinstance(first, int) and isinstance(count, int) and count > 0:
        return axis, first, count
    return None


def _splitting(
    axis: int, places: list[tuple[int, int]], members: list[tuple[int, int, Operation]]
) -> dict[Operation, Plan]:
    made: dict[tuple[int, int], Edge] = {}
    source = members[0][2].operand(0)

    def plan(c: Conversion, place: tuple[int, int]) -> Edge:
        if not made:
            sizes = [count for _, count in places]
            edges = c.emit_many(
                "Split", c.edge(source), c.ints(sizes), dtypes=[None] * len(sizes), axis=axis
            )
            made.update(zip(places, edges, strict=True))
        return made[place]

    return {
        op: lambda c, place=(first, count): plan(c, place) for first, count, op in members
    }


PATTERNS: dict[str, tuple[Callable[[Operation], Plan | None], ...]] = {
    "numpy.divide": (_softmax, _sigmoid, _scaled_norm, _mean, _gelu),
    "numpy.multiply": (_gelu, _scaled_norm, _mean),
    "numpy.subtract": (_log_softmax,),
    "numpy.maximum": (_relu,),
    "numpy.add": (_layer_norm, _gemm),
}
"""By the group's last operation, the first that matches."""

