"""Vector loads and stores: unit-stride, strided, indexed; masks are bytes in memory."""

from __future__ import annotations

from fleet.codegen.select.selection import register_type, width_of
from fleet.codegen.select.vector import Vectors, is_mask, vtype_of
from fleet.ir.core import Value
from fleet.ir.types import Type


def select_vector_load(
    c: Vectors, type: Type, address: Value, stride: Value | None, offsets: Value | None,
    mask: Value | None = None,
) -> Value:  # fmt: skip
    """stride: bytes, None for neighbours; offsets: a vector of 64-bit distances in bytes; mask: of
    the elements that are wanted."""
    width = 8 if is_mask(type) else width_of(type)
    vtype = vtype_of(type)
    to = c.bytes_type(type) if is_mask(type) else register_type(type)
    if offsets is not None:
        loaded = c.s.v("vluxei64.v", address, offsets, to=to, vtype=vtype, mask=mask)
    elif stride is not None:
        loaded = c.s.v(f"vlse{width}.v", address, stride, to=to, vtype=vtype, mask=mask)
    else:
        loaded = c.s.v(f"vle{width}.v", address, to=to, vtype=vtype, mask=mask)
    return c.nonzero(type, loaded) if is_mask(type) else loaded


def select_vector_store(
    c: Vectors, value: Value, address: Value, stride: Value | None, offsets: Value | None,
    mask: Value | None = None,
) -> None:  # fmt: skip
    """As for loads; a mask is stored as bytes 0 and 1."""
    type = value.type
    width = 8 if is_mask(type) else width_of(type)
    vtype = vtype_of(type)
    stored = c.vector(value)
    if is_mask(type):
        stored = c.zero_one(stored, c.bytes_type(type), vtype)
    more = [c.s.vl] if mask is None else [mask, c.s.vl]
    if offsets is not None:
        c.s.effect("vsuxei64.v", stored, address, offsets, more, vtype=vtype)
    elif stride is not None:
        c.s.effect(f"vsse{width}.v", stored, address, stride, more, vtype=vtype)
    else:
        c.s.effect(f"vse{width}.v", stored, address, more, vtype=vtype)
