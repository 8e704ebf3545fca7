"""Decimals, Fractions and dates, as the host has them."""

from __future__ import annotations

import datetime
import decimal
import fractions
import time
from collections.abc import Callable
from typing import Any

NUMBERS = (decimal.Decimal, fractions.Fraction)
DATES = (datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone,
         datetime.tzinfo)  # fmt: skip
EXACT = (*NUMBERS, *DATES)
"""Classes of values that never change and are objects of the run alone."""
PARTS = frozenset("""year month day hour minute second microsecond days seconds microseconds
    fold""".split())
"""Attributes that are ints."""
DATA = PARTS | {"numerator", "denominator", "tzinfo"}
RECORDS = (time.struct_time, type(datetime.date.min.isocalendar()))
"""Classes of tuples with names for their items."""
METHODS = frozenset("""quantize sqrt normalize to_integral_value is_nan is_infinite is_finite
    is_zero is_signed as_tuple ln log10 limit_denominator as_integer_ratio adjusted
    date time timetz strftime isoformat weekday isoweekday isocalendar toordinal timetuple timestamp
    total_seconds astimezone utcoffset tzname dst ctime""".split())
GIVES = {
    **dict.fromkeys(("strftime", "isoformat", "ctime"), "str"),
    **dict.fromkeys(("weekday", "isoweekday", "toordinal"), "int"),
    **dict.fromkeys(("timestamp", "total_seconds"), "float"),
    "date": datetime.date, "time": datetime.time, "astimezone": datetime.datetime,
}
"""What methods of dates give."""
RAISED = ("decimal.InvalidOperation", "decimal.DivisionByZero", "decimal.Overflow")
CLASSES = {f"{cls.__module__}.{cls.__name__}": cls for cls in EXACT}
MADE_BY = {
    datetime.date: "today fromtimestamp fromordinal fromisoformat fromisocalendar",
    datetime.time: "fromisoformat",
    datetime.datetime: """now utcnow today fromtimestamp utcfromtimestamp fromordinal fromisoformat
        fromisocalendar combine strptime""",
    decimal.Decimal: "from_float",
    fractions.Fraction: "from_float from_decimal",
}
"""Classmethods that give another of the class."""
CONSTANTS = {
    datetime.timezone: ("utc",), **dict.fromkeys(DATES[:4], ("min", "max", "resolution")),
}
"""Attributes of classes that are values."""


def _begin() -> None:
    """A program that imports the module begins with the context that Python begins with."""
    decimal.setcontext(decimal.Context(
        prec=28, rounding=decimal.ROUND_HALF_EVEN,
        traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow]))  # fmt: skip


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **CLASSES,
    **{f"{cls.__module__}.{cls.__name__}.{name}": getattr(cls, name)
       for cls, names in MADE_BY.items() for name in names.split()},
    "constant_of_class": lambda key, name: getattr(CLASSES[key], name),
    "begin_decimals": _begin,
    "of_decimal_context": lambda name: getattr(decimal.getcontext(), name),
    "set_decimal_context": lambda name, value: setattr(decimal.getcontext(), name, value),
}
