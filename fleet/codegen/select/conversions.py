"""Vector conversions between integers, floats and masks.

In: the casts of `arith` on vectors. Out: vector instructions. The one idea: one instruction doubles
or halves the element width, so longer ways go over integers (vsext, vzext, vnsrl). Importing the
module adds its rules to those of `vector`.
"""

from __future__ import annotations

from fleet.codegen.select.scalar import SUFFIX
from fleet.codegen.select.selection import (
    lanes_of,
    register_type,
    unsupported,
    vtype_for,
    width_of,
)
from fleet.codegen.select.vector import Vectors, is_mask, rule, vtype_of
from fleet.dialects import rv
from fleet.ir.core import Operation, Value
from fleet.ir.types import FloatType, IntegerType, Type, VectorType


def _narrow_type(lanes: int, width: int) -> tuple[Type, str]:
    """Register type and vtype of integers of this width."""
    type = VectorType((lanes,), IntegerType(width), True)
    return register_type(type), vtype_of(type)


def resized(c: Vectors, value: Value, lanes: int, source: int, target: int, signed: bool) -> Value:
    """Integers of one width as integers of another."""
    if target > source:
        to, vtype = _narrow_type(lanes, target)
        mnemonic = f"v{'s' if signed else 'z'}ext.vf{target // source}"
        return c.s.v(mnemonic, value, to=to, vtype=vtype)
    while source > target:
        source //= 2
        to, vtype = _narrow_type(lanes, source)
        value = c.s.v("vnsrl.wi", value, to=to, vtype=vtype, imm=0)
    return value


@rule("extsi", "extui", "trunci", "index_cast")
def _integer_to_integer(c: Vectors, operation: Operation, name: str) -> Value:
    source, target = operation.operand(0).type, operation.result.type
    lanes = lanes_of(target)
    a = c.vector(operation.operand(0))
    to, vtype = register_type(target), vtype_of(target)
    if is_mask(source):
        return a if is_mask(target) else c.zero_one(a, to, vtype, 1 if name == "extui" else -1)
    if is_mask(target):
        lowest = c.s.v(
            "vand.vi", a, to=register_type(source), vtype=vtype_of(source), imm=1
        )
        return c.s.v("vmsne.vi", lowest, to=rv.MASK, vtype=vtype_of(source), imm=0)
    return resized(c, a, lanes, width_of(source), width_of(target), name != "extui")


@rule("bitcast")
def _bitcast(c: Vectors, operation: Operation, name: str) -> Value:
    if width_of(operation.operand(0).type) != width_of(operation.result.type):
        raise unsupported(operation)
    return c.vector(operation.operand(0))


@rule("extf", "truncf")
def _float_to_float(c: Vectors, operation: Operation, name: str) -> Value:
    source, target = operation.operand(0).type, operation.result.type
    width, wanted, lanes = width_of(source), width_of(target), lanes_of(target)
    if not {width, wanted} <= SUFFIX.keys():
        raise unsupported(operation)
    value = c.vector(operation.operand(0))
    while width < wanted:
        width *= 2
        to = register_type(_floats(lanes, width))
        value = c.s.v("vfwcvt.f.f.v", value, to=to, vtype=vtype_for(lanes, width // 2))
    while width > wanted:
        width //= 2
        to = register_type(_floats(lanes, width))
        # to odd, where another rounding follows
        mnemonic = "vfncvt.f.f.w" if width == wanted else "vfncvt.rod.f.f.w"
        value = c.s.v(mnemonic, value, to=to, vtype=vtype_for(lanes, width))
    return value


def _floats(lanes: int, width: int) -> VectorType:
    return VectorType((lanes,), FloatType(width), True)


@rule("sitofp", "uitofp")
def _integer_to_float(c: Vectors, operation: Operation, name: str) -> Value:
    source, target = operation.operand(0).type, operation.result.type
    width, wanted, lanes = width_of(source), width_of(target), lanes_of(target)
    if wanted not in SUFFIX:
        raise unsupported(operation)
    signed = name == "sitofp"
    letter = "x" if signed else "xu"
    a = c.vector(operation.operand(0))
    to = register_type(target)
    if is_mask(source):
        integer, vtype = _narrow_type(lanes, wanted)
        a, width = c.zero_one(a, integer, vtype, -1 if signed else 1), wanted
    if width == 2 * wanted:
        return c.s.v(f"vfncvt.f.{letter}.w", a, to=to, vtype=vtype_of(target))
    if 2 * width == wanted:
        return c.s.v(f"vfwcvt.f.{letter}.v", a, to=to, vtype=vtype_of(source))
    if width != wanted:
        a = resized(c, a, lanes, width, wanted, signed)
    return c.s.v(f"vfcvt.f.{letter}.v", a, to=to, vtype=vtype_of(target))


@rule("fptosi", "fptoui")
def _float_to_integer(c: Vectors, operation: Operation, name: str) -> Value:
    source, target = operation.operand(0).type, operation.result.type
    width, wanted, lanes = width_of(source), width_of(target), lanes_of(target)
    if width not in SUFFIX or is_mask(target):
        raise unsupported(operation)
    letter = "x" if name == "fptosi" else "xu"
    a = c.vector(operation.operand(0))
    to = register_type(target)
    if wanted == 2 * width:
        return c.s.v(f"vfwcvt.rtz.{letter}.f.v", a, to=to, vtype=vtype_of(source))
    if 2 * wanted == width and wanted == 32:
        return c.s.v(f"vfncvt.rtz.{letter}.f.w", a, to=to, vtype=vtype_of(target))
    integer, vtype = _narrow_type(lanes, width)
    a = c.s.v(f"vfcvt.rtz.{letter}.f.v", a, to=integer, vtype=vtype)
    return a if wanted == width else resized(c, a, lanes, width, wanted, True)
