"""`decimal`: numbers with as many decimal places as the context says."""

from contextlib import contextmanager

import primitives

Decimal = primitives.exact_class("decimal.Decimal")
ROUND_CEILING = "ROUND_CEILING"
ROUND_DOWN = "ROUND_DOWN"
ROUND_FLOOR = "ROUND_FLOOR"
ROUND_HALF_DOWN = "ROUND_HALF_DOWN"
ROUND_HALF_EVEN = "ROUND_HALF_EVEN"
ROUND_HALF_UP = "ROUND_HALF_UP"
ROUND_UP = "ROUND_UP"
ROUND_05UP = "ROUND_05UP"
DecimalException = primitives.decimal_class("DecimalException")
DivisionByZero = primitives.decimal_class("DivisionByZero")
InvalidOperation = primitives.decimal_class("InvalidOperation")
Overflow = primitives.decimal_class("Overflow")
primitives.begin_decimals()


class _Context:
    @property
    def prec(self):
        return primitives.of_decimal_context("prec")

    @prec.setter
    def prec(self, value):
        primitives.set_decimal_context("prec", value)

    @property
    def rounding(self):
        return primitives.of_decimal_context("rounding")

    @rounding.setter
    def rounding(self, value):
        primitives.set_decimal_context("rounding", value)


_CONTEXT = _Context()


def getcontext():
    return _CONTEXT


@contextmanager
def localcontext(**values):
    before = _CONTEXT.prec, _CONTEXT.rounding
    for name, value in values.items():
        setattr(_CONTEXT, name, value)
    try:
        yield _CONTEXT
    finally:
        _CONTEXT.prec, _CONTEXT.rounding = before
