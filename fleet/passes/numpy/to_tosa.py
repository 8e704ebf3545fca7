"""`numpy-to-tosa`: NumPy's functions to `tosa` where the meanings agree, else to what says it.

In: the front end's IR (numpy, arith, scf, tensor, func). Out: tosa, arith, math, tensor, scf, func,
and linalg.generic for what TOSA lacks (division, gather, ranges); host services as calls of
declared functions; no unsigned types any more, since operations now carry the sign. `mlir-opt`
takes the text.
"""

from __future__ import annotations

import numpy as np

from fleet.diagnostics import FleetError
from fleet.ir.attributes import Attribute, DenseAttr, IntegerAttr, TypeAttr
from fleet.ir.core import Operation, Value
from fleet.ir.passes import register_pass
from fleet.ir.types import FunctionType, IntegerType, ShapedType, TensorType, Type, numpy_dtype
from fleet.passes.linalg.conversion import Conversion
from fleet.passes.linalg.scalar_semantics import signless
from fleet.passes.linalg.structured import number_attribute
from fleet.passes.numpy import elementwise, host_calls, layout, reductions

HANDLERS = (
    elementwise.HANDLERS
    | reductions.HANDLERS
    | layout.HANDLERS
    | host_calls.HANDLERS
)


@register_pass("numpy-to-tosa", "NumPy functions to tosa, arith, math, tensor and linalg.generic")
def run(module: Operation) -> None:
    """Convert every numpy operation. Raises FleetError for one that has no conversion."""
    if not Conversion(module).run(HANDLERS):
        return
    for op in module.walk():
        if op.name.startswith("numpy."):
            raise FleetError(f"{op.name} cannot be compiled yet", op.location)
    drop_unsigned(module)


def drop_unsigned(module: Operation) -> None:
    """ui8 becomes i8 everywhere: from here on it is the operations that are unsigned."""
    for op in list(module.walk()):
        for result in op.results:
            _retype(result)
        for region in op.regions:
            for block in region.blocks:
                for argument in block.arguments:
                    _retype(argument)
        for name, attribute in op.attributes.items():
            op.attributes[name] = _signless_attribute(attribute)
    for op in list(module.walk()):
        if op.name == "arith.bitcast" and op.operand(0).type == op.result.type:
            op.replace_with([op.operand(0)])


def _signless_type(type: Type) -> Type:
    match type:
        case IntegerType():
            return signless(type)
        case TensorType():
            return type.with_element(signless(type.element))
        case FunctionType(inputs, results):
            return FunctionType(
                tuple(map(_signless_type, inputs)), tuple(map(_signless_type, results))
            )
    return type


def _retype(value: Value) -> None:
    if isinstance(value.type, ShapedType | IntegerType):
        value.type = _signless_type(value.type)


def _signless_attribute(attribute: Attribute) -> Attribute:
    match attribute:
        case TypeAttr(type):
            return TypeAttr(_signless_type(type))
        case IntegerAttr(value, IntegerType() as type) if type.signedness:
            return number_attribute(value, signless(type))
        case DenseAttr() if _signless_type(attribute.type) != attribute.type:
            type = _signless_type(attribute.type)
            assert isinstance(type, TensorType)
            bits: np.ndarray = attribute.value.view(numpy_dtype(type.element))
            return DenseAttr(bits, type, attribute.key)
    return attribute
