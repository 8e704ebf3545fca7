"""`numpy-to-tosa`: NumPy's functions to `tosa` where the meanings agree, else to what says it.

In: the front end's IR (numpy, arith, scf, tensor, func). Out: tosa, arith, math, tensor, scf, func,
and linalg.generic for what TOSA lacks (division, gather, ranges); host services as calls of
declared functions; no unsigned types any more, since operations now carry the sign. `mlir-opt`
takes the text.
"""

from __future__ import annotations

import numpy as np

from fleet.dialects import arith
from fleet.ir.attributes import Attribute, DenseAttr, IntegerAttr, TypeAttr
from fleet.ir.core import Operation
from fleet.ir.rewriting.conversion import Target, TypeConverter, retype
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import IntegerType, TensorType, Type, numpy_dtype
from fleet.passes.linalg.conversion import TensorConversion
from fleet.passes.linalg.scalar_semantics import signless
from fleet.passes.linalg.structured import number_attribute
from fleet.passes.numpy import elementwise, host_calls, in_order, layout, ordering, reductions
from fleet.passes.shapes.dims import Dims

HANDLERS = (
    elementwise.HANDLERS
    | reductions.HANDLERS
    | ordering.HANDLERS
    | in_order.HANDLERS
    | layout.HANDLERS
    | host_calls.HANDLERS
)


@register_pass(
    "numpy-to-tosa",
    "NumPy functions to tosa, arith, math, tensor and linalg.generic",
    preserves=[Dims],
)
def run(module: Operation) -> None:
    """Convert every numpy operation. Raises FleetError for one that has no conversion."""
    conversion = TensorConversion(module, Target().illegal("numpy"), HANDLERS)
    conversion.orders = reductions.orders_of_sums(module)
    if not conversion.run():
        return
    drop_unsigned(module)


def drop_unsigned(module: Operation) -> None:
    """ui8 becomes i8 everywhere: from here on it is the operations that are unsigned."""
    retype(module, _Signless(_signless_type))
    for op in list(module.walk()):
        if op.definition is arith.bitcast and op.operand(0).type == op.result.type:
            op.replace_with([op.operand(0)])


def _signless_type(type: Type) -> Type | None:
    match type:
        case IntegerType():
            return signless(type)
        case TensorType():
            return type.with_element(signless(type.element))
    return None


class _Signless(TypeConverter):
    """Numbers in attributes are the same bits under another type."""

    def attribute(self, attribute: Attribute) -> Attribute:
        match attribute:
            case IntegerAttr(value, IntegerType() as type) if type.signedness:
                return number_attribute(value, signless(type))
            case DenseAttr() if self.convert(attribute.type) != (attribute.type,):
                (type,) = self.convert(attribute.type)
                assert isinstance(type, TensorType)
                bits: np.ndarray = attribute.value.view(numpy_dtype(type.element))
                return DenseAttr(bits, type, attribute.key)
            case TypeAttr():
                return super().attribute(attribute)
        return attribute
