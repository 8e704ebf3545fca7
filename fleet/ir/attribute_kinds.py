"""Kinds of attributes by name, as declarations of operations state them: `axis: I32`.

The one idea: a kind is a function that says whether an attribute is of it; the verifier asks it
before an operation's own hook looks, so hooks may take what is declared for granted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fleet.ir.attributes import (
    AffineMapAttr,
    ArrayAttr,
    Attribute,
    DenseArrayAttr,
    DenseAttr,
    DictAttr,
    FloatAttr,
    IntegerAttr,
    RawAttr,
    StringAttr,
    SymbolRefAttr,
    TypeAttr,
    UnitAttr,
)
from fleet.ir.types import FunctionType, IndexType, IntegerType, Type, i1, i8, i32, i64, index

Kind = Callable[[Attribute], bool]


def _is(*classes: type) -> Kind:
    return lambda attr: isinstance(attr, classes)


def _integer(*types: Type) -> Kind:
    return lambda attr: isinstance(attr, IntegerAttr) and attr.type in types


def _numbers(*types: Type) -> Kind:
    return lambda attr: isinstance(attr, DenseArrayAttr) and attr.element in types


def _all(of: type) -> Kind:
    return lambda attr: isinstance(attr, ArrayAttr) and all(isinstance(a, of) for a in attr.value)


ATTRIBUTE_KINDS: dict[str, Kind] = {
    "Any": lambda attr: True,
    "Unit": _is(UnitAttr),
    "Bool": _integer(i1),
    "I8": _integer(i8),
    "I32": _integer(i32),
    "I64": _integer(i64),
    "IndexAttr": _integer(index),
    "Integer": lambda attr: (
        isinstance(attr, IntegerAttr) and isinstance(attr.type, IntegerType | IndexType)
    ),
    "Float": _is(FloatAttr),
    "Number": _is(IntegerAttr, FloatAttr),
    "String": _is(StringAttr),
    "Strings": _all(StringAttr),
    "Symbol": _is(SymbolRefAttr),
    "TypeAttr": _is(TypeAttr),
    "FunctionType": lambda attr: (
        isinstance(attr, TypeAttr) and isinstance(attr.value, FunctionType)
    ),
    "Map": _is(AffineMapAttr),
    "Maps": _all(AffineMapAttr),
    "Array": _is(ArrayAttr),
    "Dict": _is(DictAttr),
    "Dense": _is(DenseAttr),
    "Constant": _is(IntegerAttr, FloatAttr, DenseAttr),
    "Numbers": lambda attr: _numbers(i64)(attr) or attr == ArrayAttr(()),
    "I8Array": _numbers(i8),
    "I32Array": _numbers(i32),
    "I64Array": _numbers(i64),
    "BoolArray": _numbers(i1),
    "Own": _is(RawAttr),
}
"""`Own` is an attribute of a dialect's own, kept as its text: `#arith.fastmath<fast>`."""


@dataclass(frozen=True)
class AttributeSlot:
    """One declared attribute: its name, kind, and whether it must be there."""

    name: str
    kind: str = "Any"
    required: bool = True

    @staticmethod
    def parse(text: str, defaults: Mapping[str, Attribute]) -> AttributeSlot:
        """`name`, `name: Kind`, either with `?` at the end where the attribute is optional."""
        name, _, kind = (part.strip() for part in text.partition(":"))
        optional = (kind or name).endswith("?")
        name, kind = name.rstrip("?"), kind.rstrip("?") or "Any"
        if kind not in ATTRIBUTE_KINDS:
            raise ValueError(f"unknown kind of attribute {kind!r} in {text!r}")
        return AttributeSlot(name, kind, not optional and name not in defaults)

    def problem(self, attr: Attribute | None) -> str | None:
        """What is wrong with what an operation has there; None when nothing is."""
        if attr is None:
            return f"lacks the attribute {self.name!r}" if self.required else None
        if ATTRIBUTE_KINDS[self.kind](attr):
            return None
        return f"attribute {self.name} is no {self.kind}"
