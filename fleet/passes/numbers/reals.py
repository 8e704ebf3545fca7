"""Arrays of floats with Python's operators, so that formulas read as formulas.

In: a builder and values. Out: operations of the `numpy` dialect. The one idea: a formula of complex
arithmetic is written once, on `Reals`, and emits one element function for each of its operators.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fleet.dialects import arith, numpy
from fleet.dialects.numpy.checks import broadcast, shape_of
from fleet.ir.attributes import DenseAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Value
from fleet.ir.definition import OpDef
from fleet.ir.types import TensorType, Type, element_of, f64, i1, numpy_dtype


def constant(builder: Builder, number: float, element: Type) -> Value:
    """A number as a tensor of rank 0."""
    attr = DenseAttr.of(np.array(number, numpy_dtype(element)))
    return builder.value(arith.constant, types=[attr.type], value=attr)


@dataclass(frozen=True, eq=False)
class Reals:
    """An array of floats, or of truth values. Numbers beside it take its element type."""

    builder: Builder
    value: Value

    @property
    def element(self) -> Type:
        return element_of(self.value.type)

    def _value_of(self, other: Reals | float) -> Value:
        if isinstance(other, Reals):
            return other.value
        return constant(self.builder, other, self.element)

    def _of(self, definition: OpDef, *operands: Value, element: Type | None = None) -> Reals:
        shape = broadcast([shape_of(operand) for operand in operands])
        type = TensorType(shape, element or self.element)
        return Reals(self.builder, self.builder.value(definition, *operands, types=[type]))

    def _binary(self, name: str, other: Reals | float, element: Type | None = None) -> Reals:
        return self._of(numpy.binary[name], self.value, self._value_of(other), element=element)

    def unary(self, name: str) -> Reals:
        """An element function of the dialect."""
        if name in _ROUNDED and self.element != f64:
            return self.cast(f64).unary(name).cast(self.element)
        return self._of(numpy.unary[name], self.value, element=i1 if name == "isnan" else None)

    def with_(self, name: str, other: Reals | float) -> Reals:
        """An element function of two arrays."""
        if name in _ROUNDED and self.element != f64 and isinstance(other, Reals):
            return self.cast(f64).with_(name, other.cast(f64)).cast(self.element)
        return self._binary(name, other)

    # -- arithmetic

    def __add__(self, other: Reals | float) -> Reals:
        return self._binary("add", other)

    def __sub__(self, other: Reals | float) -> Reals:
        return self._binary("subtract", other)

    def __mul__(self, other: Reals | float) -> Reals:
        return self._binary("multiply", other)

    __rmul__ = __mul__
    __radd__ = __add__

    def __rsub__(self, other: float) -> Reals:
        return self._of(numpy.binary["subtract"], self._value_of(other), self.value)

    def __truediv__(self, other: Reals | float) -> Reals:
        return self._binary("divide", other)

    def __rtruediv__(self, other: float) -> Reals:
        return self._of(numpy.binary["divide"], self._value_of(other), self.value)

    def __neg__(self) -> Reals:
        return self.unary("negative")

    def __abs__(self) -> Reals:
        return self.unary("absolute")

    def times_plus(self, factor: Reals, term: Reals | float) -> Reals:
        """self * factor + term, rounded once."""
        return self._of(numpy.fma, self.value, factor.value, self._value_of(term))

    # -- comparisons and truth values

    def __lt__(self, other: Reals | float) -> Reals:
        return self._binary("less", other, i1)

    def __le__(self, other: Reals | float) -> Reals:
        return self._binary("less_equal", other, i1)

    def __gt__(self, other: Reals | float) -> Reals:
        return self._binary("greater", other, i1)

    def __ge__(self, other: Reals | float) -> Reals:
        return self._binary("greater_equal", other, i1)

    def equals(self, other: Reals | float) -> Reals:
        return self._binary("equal", other, i1)

    def differs(self, other: Reals | float) -> Reals:
        return self._binary("not_equal", other, i1)

    def __and__(self, other: Reals) -> Reals:
        return self._binary("bitwise_and", other)

    def __or__(self, other: Reals) -> Reals:
        return self._binary("bitwise_or", other)

    def __invert__(self) -> Reals:
        return self.unary("logical_not")

    def where(self, then: Reals | float, other: Reals | float) -> Reals:
        """`then` where this is true."""
        known = then if isinstance(then, Reals) else other
        assert isinstance(known, Reals)
        values = [known._value_of(then), known._value_of(other)]
        return self._of(numpy.where, self.value, *values, element=known.element)

    def cast(self, element: Type) -> Reals:
        return self if element == self.element else self._of(
            numpy.cast, self.value, element=element)  # fmt: skip

    def bits(self, element: Type) -> Reals:
        """The same bits as numbers of another type."""
        return self._of(numpy.bitcast, self.value, element=element)

    def filled(self, number: float) -> Reals:
        """A number in this shape."""
        everywhere = self.equals(self) | self.differs(self)
        return everywhere.where(constant_of(self, number), number)


_ROUNDED = frozenset(
    "exp expm1 log log1p sin cos sinh cosh arcsinh arctan2".split()
)
"""Functions that a libm of f32 rounds right in nearly all cases."""


def constant_of(like: Reals, number: float) -> Reals:
    """A number of the element type of an array."""
    return Reals(like.builder, constant(like.builder, number, like.element))
