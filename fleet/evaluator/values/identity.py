"""Whether two values of the evaluation are one, as two paths or two points of time have them."""

from __future__ import annotations

from typing import Any

import numpy as np

from fleet.evaluator.values import classes, longs
from fleet.evaluator.values.characters import Character
from fleet.evaluator.values.tables import Part, Row, Rows
from fleet.evaluator.values.then import Number, Numbers, Object, Places, Text, Unbound


def same(a: Any, b: Any) -> bool:
    """Whether two values are one: the same object, or equal constants of one type."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if classes.is_of_numbers(a):
        return False
    if isinstance(a, bool | int | str | bytes | Unbound | Places):
        return a == b
    if isinstance(a, float | complex | np.generic):
        return repr(a) == repr(b)
    if isinstance(a, Number):
        return a.native is b.native
    if isinstance(a, Character):
        return same(a.code, b.code)
    if isinstance(a, longs.Long):
        return a.low is b.low and a.high is b.high
    if isinstance(a, Row):
        return a.table is b.table and same(a.position, b.position)
    if isinstance(a, Part):
        return a.table is b.table and (
            same(a.start, b.start) and same(a.count, b.count) and a.step == b.step)  # fmt: skip
    if isinstance(a, Rows):
        return a.whole is b.whole and same(a.count, b.count) and same(a.width, b.width)
    if isinstance(a, Numbers) and a.is_mixed:
        return all(one is other for one, other in zip(a.natives(), b.natives(), strict=True))
    if isinstance(a, Text | Numbers | Object):
        return a.native is b.native
    return False
