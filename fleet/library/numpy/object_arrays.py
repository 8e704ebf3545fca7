"""What the prelude's arrays of objects ask of the machine: what is one, and what has elements.

In: values of either stage. Out: shapes and rows of what nested lists hold; texts. The one idea: how
deep NumPy looks into lists is found out here, where what is known of each value is; all else is
Python in the prelude.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from fleet.evaluator.objects import operations
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, objects
from fleet.evaluator.values.heap import Dict, List
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.single import (
    array_of,
    class_of,
    is_known_object_array,
    is_object,
    is_object_array,
)
from fleet.evaluator.values.then import (
    Array,
    Numbers,
    Object,
    Range,
    is_run_time_list,
)
from fleet.objects import object_arrays

_MOST = 64
"""Axes of an array."""
_WITHOUT = (
    "ufunc '{}' not supported for the input types, and the inputs could not be safely "
    "coerced to any supported types according to the casting rule ''safe''"
)


def object_array_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """By name."""
    e = m.backend.e

    def may_be_several(value: Any) -> bool:
        """Whether NumPy looks for elements in a value."""
        return _is_sequence(value) or array_of(value) in ("texts", "records", "objects")

    def makes_objects(value: Any, dtype: Any) -> bool:
        """Whether np.array(value, dtype) is an array of objects."""
        if dtype is not None:
            return names_objects(dtype)
        return any(map(is_of_objects, _leaves(value)))

    def is_of_objects(value: Any) -> bool:
        value = value.run_time if is_run_time_list(value) else value
        if isinstance(value, Object) and value.kind in (list, tuple):
            return e.array_lists.holds_objects(value)
        return is_object(value) or is_object_array(value)

    def has_objects(*values: Any) -> bool:
        """Whether one of them is an array of objects, or NumPy makes one of it."""
        return any(is_object_array(one) or makes_objects(one, None) for one in values)

    def discovered(value: Any, most: int | None) -> tuple[tuple, List] | None:
        """The shape of an array of objects, and its elements: (a value, or an array all of whose
        elements are meant; whether it is such). None where only run time knows."""
        if not _is_known_sequence(value):
            if may_be_several(value) and most != 0:
                return None
            return (), List(m.heap, [(value, False)])
        shape = _shape(m, value, _MOST if most is None else most)
        if shape is None:
            return None
        return shape, List(m.heap, list(_parts(m, value, shape)))

    def depth_of_rows(value: Any) -> int:
        """How deep within lists of the run the objects are that a value is known to hold; 0: only
        run time knows."""
        if isinstance(value, list | tuple) and value and not is_run_time_list(value):
            found = depth_of_rows(value[0])
            return found + 1 if found else 0
        value = value.run_time if is_run_time_list(value) else value
        if isinstance(value, Numbers | Range):
            return 2 if getattr(value, "is_table", False) else 1
        return e.array_lists.depth(value) if isinstance(value, Object) else 0

    def objects_shown(name: str, words: Any, at: Any, **options: Any) -> Any:
        if m.backend.e is None:
            return object_arrays.objects_shown(name, words, at, **m.printing | options)
        given = [name, words, at]
        return objects.function(
            m.backend.e, "numpy.objects_shown", given, "str", **m.printing | options
        )

    def prelude_function(name: str) -> Any:
        return m.prelude.get(name)

    def words_of_refusal(name: str) -> str | None:
        """What NumPy says of a function of its own that it has for numbers alone."""
        real = getattr(np, name)
        return None if any("O" in one for one in real.types) else _WITHOUT.format(name)

    return {
        "may_be_several": may_be_several, "makes_objects": makes_objects,
        "has_objects": has_objects, "discovered": discovered, "objects_shown": objects_shown,
        "names_objects": names_objects, "is_object_array": is_object_array,
        "depth_of_rows": depth_of_rows, "prelude_function": prelude_function,
        "words_of_refusal": words_of_refusal,
    }  # fmt: skip


def names_objects(dtype: Any) -> bool:
    """Whether a dtype is that of objects."""
    if dtype is object or dtype is np.object_:
        return True
    return isinstance(dtype, np.dtype | str) and np.dtype(dtype).kind == "O"


def _has(value: Any, name: str) -> bool:
    return hasattr(class_of(value), name)


def _is_sequence(value: Any) -> bool:
    """Whether NumPy looks for elements in it, as far as is known."""
    if isinstance(value, Object):
        return value.kind in (list, tuple, deque) or (
            classes.is_made(value.kind) and _has(value, "__len__") and _has(value, "__getitem__")
        )
    return _is_known_sequence(value) or is_run_time_list(value) or (
        isinstance(value, Numbers | Range))  # fmt: skip


def _is_known_sequence(value: Any) -> bool:
    """Whether it is one with items that are known, or an array."""
    if is_run_time_list(value) or isinstance(value, Dict | str | bytes):
        return False
    if isinstance(value, list | tuple | range | deque) or is_object_array(value):
        return True
    if isinstance(value, Array | np.ndarray):
        return True
    return (
        classes.is_made(type(value))
        and not isinstance(value, dict)
        and (_has(value, "__len__") and _has(value, "__getitem__"))
    )


def _items(m: Machine, value: Any) -> Sequence[Any]:
    if isinstance(value, list | tuple | range | deque):
        return value
    return [operations.get_item(m, value, k) for k in range(_length(m, value))]


def _length(m: Machine, value: Any) -> int:
    found = m.builtins["len"](value)
    if not isinstance(found, int):
        raise m.error(
            "an array of objects of something whose length only run time knows is not supported",
            "make it with np.empty(n, dtype=object), and put the objects in one by one",
        )
    return found


def _dims(value: Any) -> tuple | None:
    """The shape of an array."""
    if isinstance(value, Array | np.ndarray):
        return () if isinstance(value, Array) and value.scalar else tensors.dims_of(value)
    return tensors.dims_of(value._at) if is_known_object_array(value) else None


def _shape(m: Machine, value: Any, most: int) -> tuple | None:
    """Of nested lists as far as they agree; None: only run time knows."""
    dims = _dims(value)
    if dims is not None:
        return dims[:most] if all(isinstance(dim, int) for dim in dims) else None
    if not most or not _is_known_sequence(value):
        return None if most and _is_sequence(value) else ()
    items = _items(m, value)
    agreed: tuple | None = None
    for item in items:
        own = _shape(m, item, most - 1)
        if own is None:
            return None
        agreed = own if agreed is None else _common(agreed, own)
    return (len(items), *(agreed or ()))


def _common(one: tuple, other: tuple) -> tuple:
    made = []
    for here, there in zip(one, other, strict=False):
        if here != there:
            break
        made.append(here)
    return tuple(made)


def _parts(m: Machine, value: Any, shape: tuple) -> Iterator[tuple[Any, bool]]:
    """The elements of nested lists, of an array of this shape."""
    dims = _dims(value)
    if not shape:
        yield value, False
    elif dims is not None:
        if len(dims) > len(shape):
            raise ValueError(
                f"could not broadcast input array from shape {_words(dims)} into shape "
                f"{_words(shape)}"
            )
        yield value, True
    else:
        for item in _items(m, value):
            yield from _parts(m, item, shape[1:])


def _words(shape: tuple) -> str:
    return str(shape).replace(" ", "")


def _leaves(value: Any) -> Iterator[Any]:
    """The items of nested lists, in order."""
    if isinstance(value, list | tuple | deque) and not is_run_time_list(value):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
