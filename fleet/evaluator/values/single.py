"""What NumPy takes for one object: of a list of such it makes an array of objects.

In: values of either stage. Out: whether NumPy would neither make a number or text of one nor look
for elements in it.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from fleet.evaluator.values import classes, numbers
from fleet.evaluator.values.then import Array, Object, Then
from fleet.objects.exact_numbers import EXACT

ROW, PLACES, WHOLE, BASE = "_items", "_at", "_whole", "base"
"""The attributes of an array of objects: see the prelude's `object_arrays`."""
_OTHERS = (Then, Array, np.ndarray, np.generic, str, bytes, bytearray, list, tuple, range, deque)


def class_of(value: Any) -> Any:
    """The class of a value; of one of the run's, what is known of it."""
    return value.kind if type(value) is Object else type(value)


def array_of(value: Any) -> str:
    """What kind of array, of those that the prelude's classes are, a value is: what is in it."""
    kind = class_of(value)
    return getattr(kind, classes.HOLDS, "") if classes.is_made(kind) else ""


def is_object_array(value: Any) -> bool:
    """Whether it is an array of objects, of either stage."""
    return array_of(value) == "objects"


def is_known_object_array(value: Any) -> bool:
    """Whether it is one whose row and positions are known here."""
    return type(value) is not Object and is_object_array(value)


def is_object(value: Any) -> bool:
    """Whether NumPy makes an array of objects of this."""
    if value is None:
        return True
    kind = class_of(value)
    if classes.is_made(kind):
        return not (
            hasattr(kind, "__array__")
            or (hasattr(kind, "__len__") and hasattr(kind, "__getitem__"))
            or array_of(value) or classes.stood_for(kind) is not None
            or issubclass(kind, int | float | complex | str | bytes | tuple | list)
        )  # fmt: skip
    if isinstance(value, Object):
        return kind in EXACT or kind in (dict, set, frozenset)
    if isinstance(value, _OTHERS):
        return False
    number = numbers.kind_of(value)
    if number is not None:
        return number == "int" and not -(1 << 63) <= value < 1 << 64
    return not isinstance(value, complex) and not hasattr(value, "__array__")
