"""Formulas written as Python expressions, which become operations.

    y = (x * x).fma(half, x)        %a = arith.mulf %x, %x ; %y = math.fma %a, %half, %x

In: a builder and a value, scalar or vector. Out: operations of `arith` and `math` that
instruction selection knows. The one idea: a `Term` is a value with a place to put operations, and
Python numbers beside it become constants of its type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.codegen.loops.nests import constant
from fleet.dialects import arith, loop
from fleet.dialects import math as math_dialect
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.dialects.loop.tables import element_in
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.definition import OpDef
from fleet.ir.types import Type, VectorType, element_of, f64, i1, is_float

Operand = "Term | int | float"


@dataclass(frozen=True)
class Term:
    """A value in a formula. Comparisons give terms of i1; `==` compares terms as Python objects."""

    builder: Builder
    value: Value

    @property
    def type(self) -> Type:
        return self.value.type

    @property
    def element(self) -> Type:
        return element_of(self.value.type)

    def of(self, value: Value) -> Term:
        return Term(self.builder, value)

    def constant(self, number: int | float, element: Type | None = None) -> Term:
        """A constant like this term, of another element type if given."""
        return self.of(constant(self.builder, number, self.shaped(element or self.element)))

    def shaped(self, element: Type) -> Type:
        """The type with this term's shape and another element."""
        if isinstance(self.type, VectorType):
            return VectorType(self.type.shape, element, self.type.scalable)
        return element

    def _value(self, other: Operand) -> Value:
        return other.value if isinstance(other, Term) else self.constant(other).value

    def _apply(self, definition: OpDef, *others: Operand) -> Term:
        return self.of(self.builder.value(definition, self.value, *map(self._value, others)))

    def _pick(self, for_float: OpDef, for_integer: OpDef) -> OpDef:
        return for_float if is_float(self.element) else for_integer

    def known(self) -> int | float | None:
        """The number that the term is everywhere, if it is known."""
        op = self.value.owner
        if isinstance(op, Operation) and op.name == "loop.broadcast":
            op = op.operand(0).owner
        if isinstance(op, Operation) and op.name == "arith.constant":
            number = op.get("value")
            return number if isinstance(number, int | float) else None
        return None

    # -- arithmetic

    def __add__(self, other: Operand) -> Term:
        return self._apply(self._pick(arith.addf, arith.addi), other)

    def __sub__(self, other: Operand) -> Term:
        return self._apply(self._pick(arith.subf, arith.subi), other)

    def __rsub__(self, other: Operand) -> Term:
        return self.constant(other) - self if not isinstance(other, Term) else other - self

    def __mul__(self, other: Operand) -> Term:
        return self._apply(self._pick(arith.mulf, arith.muli), other)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Operand) -> Term:
        return self._apply(arith.divf, other)

    def __rtruediv__(self, other: float) -> Term:
        return self.constant(other) / self

    def __neg__(self) -> Term:
        return self._apply(arith.negf) if is_float(self.element) else 0 - self

    def fma(self, factor: Operand, addend: Operand) -> Term:
        """self * factor + addend, rounded once."""
        return self._apply(math_dialect.fma, factor, addend)

    def abs(self) -> Term:
        return self._apply(math_dialect.absf)

    def sqrt(self) -> Term:
        return self._apply(math_dialect.sqrt)

    def copysign(self, sign: Term) -> Term:
        return self._apply(math_dialect.copysign, sign)

    def at_most(self, other: Operand) -> Term:
        """The smaller one; the other one when one is NaN."""
        return self._apply(self._pick(arith.minnumf, arith.minsi), other)

    def at_least(self, other: Operand) -> Term:
        """The larger one; the other one when one is NaN."""
        return self._apply(self._pick(arith.maxnumf, arith.maxsi), other)

    # -- bits

    def lookup(self, table: str) -> Term:
        """What one of the tables of `loop.tables` has at these places."""
        held = self.shaped(element_in(table))
        made = self.builder.value(loop.lookup, self.value, table=table, types=[held])
        return self.of(made)

    def cast(self, definition: OpDef, element: Type) -> Term:
        """A conversion operation to another element type."""
        made = self.builder.value(definition, self.value, types=[self.shaped(element)])
        return self.of(made)

    def wide(self) -> Term:
        """In f64."""
        return self if self.element == f64 else self.cast(arith.extf, f64)

    def narrow(self, element: Type) -> Term:
        """Rounded from f64 to a type."""
        return self if self.element == element else self.cast(arith.truncf, element)

    def bits(self, element: Type) -> Term:
        """The same bits as another type of the same width."""
        return self.cast(arith.bitcast, element)

    def __lshift__(self, count: Operand) -> Term:
        return self._apply(arith.shli, count)

    def __rshift__(self, count: Operand) -> Term:
        """With the sign."""
        return self._apply(arith.shrsi, count)

    def shift_down(self, count: Operand) -> Term:
        """Without the sign."""
        return self._apply(arith.shrui, count)

    def __and__(self, other: Operand) -> Term:
        return self._apply(arith.andi, other)

    def __or__(self, other: Operand) -> Term:
        return self._apply(arith.ori, other)

    def __xor__(self, other: Operand) -> Term:
        return self._apply(arith.xori, other)

    # -- conditions

    def compare(self, predicate: str, other: Operand) -> Term:
        """A predicate of cmpf or cmpi, by the operands' type."""
        names = CMPF_PREDICATES if is_float(self.element) else CMPI_PREDICATES
        definition = self._pick(arith.cmpf, arith.cmpi)
        number = names.index(predicate)
        made = self.builder.value(
            definition,
            self.value,
            self._value(other),
            predicate=number,
            types=[self.shaped(i1)],
        )
        return self.of(made)

    def is_nan(self) -> Term:
        return self.compare("une", self)

    def choose(self, yes: Operand, no: Operand) -> Term:
        """yes where this condition holds, else no; one of them a term."""
        like = yes if isinstance(yes, Term) else no
        values = [like._value(yes), like._value(no)]
        return self.of(self.builder.value(arith.select, self.value, *values, types=[like.type]))

    # -- polynomials

    def polynomial(self, coefficients: Sequence[float], square: Term | None = None) -> Term:
        """The value of a polynomial, constant term first. square: this term squared, if at hand.

        Pairs c0 + c1 x by Horner's rule in x**2 (Estrin's scheme, one level): a vector multiply-add
        has a form for a scalar factor, but none for a scalar addend, and so every second one needs
        no register filled with a constant.
        """
        square = self * self if square is None else square
        pairs = [coefficients[at : at + 2] for at in range(0, len(coefficients), 2)]
        *rest, last = pairs
        total = self.fma(last[1], last[0]) if len(last) == 2 else self.constant(last[0])
        for low, high in reversed(rest):
            total = total.fma(square, self.fma(high, low))
        return total
