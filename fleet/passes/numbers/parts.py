"""`complex-to-parts`: an array of complex numbers becomes two of floats.

In: NumPy's dialect with tensors of complex numbers. Out: the same program on their real and their
imaginary parts, each an array of its own, which is how vectors want them. The one idea: what only
moves elements is done to both parts; what computes is said in `functions` and `reductions`; what
carries values along (functions, loops, branches) carries two. A host service takes an array of
pairs and is told its dtype.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.dialects import arith, numpy, tensor
from fleet.dialects.numpy.checks import shape_of
from fleet.ir.analysis.effects import constant_of
from fleet.ir.attributes import (
    ArrayAttr,
    DenseAttr,
    DictAttr,
    StringAttr,
    UnitAttr,
    attribute,
)
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.conversion import Conversion, Rule, Target, TypeConverter, convert_types
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import ComplexType, TensorType, Type, element_of, i1, index, numpy_dtype
from fleet.passes.numbers.functions import BINARY, UNARY, Complex, power
from fleet.passes.numbers.orders import argsort, cumprod, scatter, sort
from fleet.passes.numbers.reals import Reals, constant
from fleet.passes.numbers.reductions import (
    Parts,
    arg_extreme,
    complex_of,
    extreme,
    matmul,
    prod,
    values,
)

_DIALECTS = ("func", "scf", "cf", "arith", "tensor", "numpy")


@register_pass("complex-to-parts", "complex numbers as their real and imaginary parts")
def run(module: Operation) -> None:
    """Raises FleetError at the first operation that has no rule."""
    types = TypeConverter(_parts_of)
    illegal = [op for op in module.walk() if op is not module and not types.is_legal(op)]
    if not illegal:
        return
    target = Target().dynamic(types.is_legal, *_DIALECTS)
    Conversion(module, target, RULES, types).run()


def _parts_of(type: Type) -> Sequence[Type] | None:
    if isinstance(type, TensorType) and isinstance(type.element, ComplexType):
        return (type.with_element(type.element.element),) * 2
    return None


def is_complex(value: Value) -> bool:
    return isinstance(element_of(value.type), ComplexType)


# -- what moves elements


def by_parts(conversion: Conversion, op: Operation) -> Parts:
    """The same operation on either part."""
    element = element_of(op.result.type).element
    given = [conversion.values_of(operand) for operand in op.operands]
    made = []
    for part in (0, 1):
        operands = [each[part if len(each) > 1 else 0] for each in given]
        copy = Operation(
            op.name, operands, [op.result.type.with_element(element)], dict(op.attributes),
            location=op.location, definition=op.definition,
        )  # fmt: skip
        made.append(conversion.builder.insert(copy).result)
    return [made]


def sum_by_parts(conversion: Conversion, op: Operation) -> Parts:
    """A sum of either part, in the order in which NumPy adds complex numbers."""
    op.attributes["of_complex"] = UnitAttr()
    return by_parts(conversion, op)


def of_first(conversion: Conversion, op: Operation) -> Parts:
    """An operation that looks at the shape alone."""
    first, *rest = op.operands
    (result,) = op.results
    return [conversion.builder.value(
        op.definition, conversion.values_of(first)[0], *rest, types=[result.type]
    )]  # fmt: skip


def split_constant(conversion: Conversion, op: Operation) -> Parts:
    attr = op.attributes["value"]
    assert isinstance(attr, DenseAttr)
    made = []
    for name in ("real", "imag"):
        key = None if attr.key is None else f"{attr.key}.{name}"
        part = DenseAttr.of(_alone(getattr(attr.value, name)), key)
        made.append(conversion.builder.value(arith.constant, types=[part.type], value=part))
    return [made]


def _alone(part: np.ndarray) -> np.ndarray:
    """A part as an array of its own; one number repeated stays one."""
    if part.size and not any(part.strides):
        return np.broadcast_to(np.array(part[(0,) * part.ndim]), part.shape)
    return np.array(part, order="K")


def full(conversion: Conversion, op: Operation) -> Parts:
    value, *sizes = op.operands
    element = element_of(op.result.type).element
    type = op.result.type.with_element(element)
    builder = conversion.builder
    parts = conversion.values_of(value)
    if len(parts) == 1:
        parts = [parts[0], constant(builder, 0.0, element)]
    return [[builder.value(numpy.full, part, sizes, types=[type]) for part in parts]]


# -- what computes


def elementwise(conversion: Conversion, op: Operation) -> Parts:
    name = op.name.removeprefix("numpy.")
    operands = [complex_of(conversion, operand) for operand in op.operands]
    table = UNARY if len(operands) == 1 else BINARY
    if name == "power":
        made: Complex | Reals = power(*operands, _number(operands[1]))
    elif name in table:
        made = table[name](*operands)
    else:
        return None
    return [_fitted(conversion, made, op.result)]


def _number(x: Complex) -> complex | None:
    """The number that a constant is everywhere."""
    attrs = [constant_of(value) for value in values(x)]
    parts = [
        float(attr.value[(0,) * attr.value.ndim]) for attr in attrs
        if isinstance(attr, DenseAttr) and attr.is_splat
    ]  # fmt: skip
    return complex(*parts) if len(parts) == 2 else None


def _fitted(conversion: Conversion, made: Complex | Reals, result: Value) -> list[Value]:
    """The parts of a result, under what is known of its shape."""
    builder = conversion.builder
    parts = values(made) if isinstance(made, Complex) else [made.value]
    return [
        value if shape_of(value) == shape_of(result) else builder.value(
            tensor.cast, value, types=[value.type.with_shape(result.type.shape)])
        for value in parts
    ]  # fmt: skip


def cast(conversion: Conversion, op: Operation) -> Parts:
    """Of real numbers the imaginary part is 0; a real number is the real part."""
    builder = conversion.builder
    parts = [Reals(builder, value) for value in conversion.values_of(op.operand(0))]
    target = element_of(op.result.type)
    if not isinstance(target, ComplexType):
        if target == i1:
            return [(parts[0].differs(0.0) | parts[1].differs(0.0)).value]
        return [parts[0].cast(target).value]
    if len(parts) == 1:
        real = parts[0].cast(target.element)
        return [[real.value, real.filled(0.0).value]]
    return [[part.cast(target.element).value for part in parts]]


def make_complex(conversion: Conversion, op: Operation) -> Parts:
    real, imag = op.operands
    shape = shape_of(op.result)
    if shape_of(real) == shape == shape_of(imag):
        return [[real, imag]]
    return None


# -- host services


def host(conversion: Conversion, op: Operation) -> Parts | None:
    """Pairs of floats, and their dtype. Services that give complex arrays have no rule."""
    if any(map(is_complex, op.results)):
        return None
    operands = [
        _pairs(conversion.builder, conversion.values_of(operand)) if is_complex(operand)
        else operand for operand in op.operands
    ]  # fmt: skip
    names = [StringAttr(_dtype_name(operand.type)) for operand in op.operands]
    options = op.attributes.get("options")
    items = options.value if isinstance(options, DictAttr) else ()
    attributes = dict(op.attributes)
    attributes["options"] = DictAttr((*items, ("dtypes", ArrayAttr(tuple(names)))))
    made = conversion.builder.insert(Operation(
        op.name, operands, [result.type for result in op.results], attributes,
        location=op.location, definition=op.definition,
    ))  # fmt: skip
    return list(made.results)


def _dtype_name(type: Type) -> str:
    element = element_of(type)
    return "int64" if element == index else numpy_dtype(element).name


def _pairs(builder: Builder, parts: Sequence[Value]) -> Value:
    """One array with a last axis of two: the real and the imaginary part."""
    shape = shape_of(parts[0])
    element = element_of(parts[0].type)
    sizes = [
        builder.value(tensor.dim, parts[0], builder.constant(axis), types=[index])
        for axis, size in enumerate(shape) if size is None
    ]  # fmt: skip
    columns = [
        builder.value(numpy.reshape, part, sizes, types=[TensorType((*shape, 1), element)])
        for part in parts
    ]
    return builder.value(
        numpy.concatenate, columns, types=[TensorType((*shape, 2), element)],
        axis=attribute(len(shape)),
    )  # fmt: skip


_MOVES = (
    *(f"numpy.{name}" for name in (
        "transpose", "reshape", "broadcast_to", "concatenate", "slice", "insert_slice", "take",
        "where", "cumsum",
    )),
    "tensor.cast", "tensor.empty", "arith.select",
)  # fmt: skip

RULES: dict[str, Rule] = {
    **dict.fromkeys(_MOVES, by_parts),
    **{f"numpy.{name}": elementwise for name in (*UNARY, *BINARY, "power")},
    "numpy.sum": sum_by_parts,
    "tensor.dim": of_first, "arith.constant": split_constant, "numpy.full": full,
    "numpy.cast": cast, "numpy.complex": make_complex, "numpy.host": host,
    "numpy.matmul": matmul, "numpy.prod": prod, "numpy.max": extreme, "numpy.min": extreme,
    "numpy.argmax": arg_extreme, "numpy.argmin": arg_extreme, "numpy.cumprod": cumprod,
    "numpy.sort": sort, "numpy.argsort": argsort, "numpy.scatter": scatter,
    **dict.fromkeys(("func", "scf", "cf"), convert_types),
}  # fmt: skip
"""What becomes of each kind of operation that deals with complex numbers."""
