"""Reshaping: the lengths of the new shape, and whether what comes out is a view.

In: an Array and a shape, in which lengths may be run-time ints and one of them -1. Out: an Array.
The one idea: elements stay in their order, so any reshape could be a view here; it is one where
NumPy's is, which depends on how the array lies in memory, and NumPy is asked for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.evaluator.values import numbers, sizes
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.ndarrays import layout, tensors, views
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.then import Array, Number


def reshaped(e: Emitter, value: Any, shape: tuple) -> Any:
    """x.reshape(shape), -1 filled in: a view where NumPy's is one."""
    known = value if isinstance(value, np.generic) else value.known
    if known is not None and not any(isinstance(length, Number) for length in shape):
        made = known.reshape(shape)
        if not isinstance(value, Array) or not _is_known_view(value, made.shape):
            return tensors.wrap(e, made)
        shape = made.shape
    before = tensors.shape_of(e, value)
    after = fill_in(e, before, shape)
    dims = tuple(map(tensors.dim_of, after))
    try:
        if isinstance(value, Array) and _is_view(value, dims):
            return views.view(e, value, views.ReshapeStep(before, after), dims)
    except layout.Undecided:
        return views.copy_of(e, _reshaped_copy(e, value, after), value, UNDECIDED)
    return _reshaped_copy(e, value, after)


UNDECIDED = "whether this reshaped array is a view of the other one or a copy only run time knows"


def _reshaped_copy(e: Emitter, value: Any, after: list[Length]) -> Array:
    """NumPy copies it and gives a view of the copy."""
    copied = tensors.wrap(e, tensors.tensor(e, value))
    step = views.ReshapeStep(tensors.shape_of(e, copied), after)
    return views.view(e, copied, step, tuple(map(tensors.dim_of, after)))


def _is_known_view(value: Array, after: Sequence[sizes.Dim]) -> bool:
    try:
        return _is_view(value, after)
    except layout.Undecided:
        return False


def _is_view(value: Array, after: Sequence[sizes.Dim]) -> bool:
    """Whether NumPy gives a view. Raises Undecided."""
    strides = layout.strides_of(value)
    if strides is None:
        raise layout.Undecided
    return layout.after_reshape(value.dims, strides, after) is not None


def fill_in(e: Emitter, before: tuple, shape: tuple) -> list[Length]:
    """The lengths of a new shape, -1 replaced; ValueError when the counts differ."""
    wanted = [length if isinstance(length, Number) else int(length) for length in shape]
    unknown = [i for i, length in enumerate(wanted) if isinstance(length, int) and length < 0]
    if len(unknown) > 1:
        raise ValueError("can only specify one unknown dimension")
    rest_before, rest_wanted, known_before, known_wanted = _cancel(before, wanted)
    if not rest_before and not rest_wanted:
        fits = known_wanted and known_before % known_wanted == 0
        if unknown and fits:
            wanted[unknown[0]] = known_before // known_wanted
            return wanted
        if not unknown and known_before == known_wanted:
            return wanted
    elif unknown and len(rest_before) == 1 and not rest_wanted and known_wanted:
        times, left = divmod(known_before, known_wanted)
        if not left:
            wanted[unknown[0]] = rest_before[0] * times
            return wanted
    return _filled_then(e, tensors.product(e, before), wanted, unknown)


def _filled_then(
    e: Emitter, total: Length, wanted: list[Length], unknown: list[int]
) -> list[Length]:
    """The same where run time decides; there, any length that may be below zero may be the -1."""
    absent: dict[int, Any] = dict.fromkeys(unknown, True)
    for i, length in enumerate(wanted):
        if isinstance(length, Number) and not sizes.at_least(length.size, 0):
            absent[i] = numbers.compare(e, "lt", length, 0)
    somewhere: Any = False
    for here in absent.values():
        twice = numbers.both(e, somewhere, here)
        message = "can only specify one unknown dimension"
        numbers.require(e, numbers.opposite(e, twice), "ValueError", message)
        somewhere = numbers.either(e, somewhere, here)
    product: Any = 1
    for i, length in enumerate(wanted):
        product = product * numbers.choose(e, absent.get(i, False), 1, length)
    quotient = total // numbers.maximum(e, product, 1)
    product = product * numbers.choose(e, somewhere, quotient, 1)
    fits = numbers.compare(e, "eq", total, product)
    _require_fit(e, fits, total, wanted, absent, numbers.opposite(e, somewhere))
    made = [
        numbers.choose(e, absent.get(i, False), quotient, length)
        for i, length in enumerate(wanted)
    ]
    for length in made:
        if isinstance(length, Number):
            length.size = sizes.within(length.size, 0, sizes.LENGTH)
    return made


def _require_fit(
    e: Emitter, fits: Any, total: Length, wanted: list[Length], absent: dict[int, Any],
    nowhere: Any,
) -> None:  # fmt: skip
    """ValueError in NumPy's words, which depend on which length is -1."""
    for at, here in [*absent.items(), (None, nowhere)]:
        names = ["newaxis" if i == at else "{}" for i in range(len(wanted))]
        given = [length for i, length in enumerate(wanted) if i != at]
        shown = ",".join(names[1:] if at == 0 else names) + ("," if len(wanted) == 1 else "")
        message = f"cannot reshape array of size {{}} into shape ({shown})"
        right = numbers.either(e, numbers.opposite(e, here), fits)
        numbers.require(e, right, "ValueError", message, total, *given)


def _cancel(before: tuple, wanted: list) -> tuple[list, list, int, int]:
    """Both shapes without the run-time lengths that they share; the products of the known ones."""
    rest_wanted = [length for length in wanted if isinstance(length, Number)]
    rest_before = []
    for length in before:
        if not isinstance(length, Number):
            continue
        twin = next((other for other in rest_wanted if other.size == length.size), None)
        if twin is None:
            rest_before.append(length)
        else:
            rest_wanted = [other for other in rest_wanted if other is not twin]
    products = [
        int(np.prod([length for length in lengths if isinstance(length, int) and length != -1]))
        for lengths in (before, wanted)
    ]
    return rest_before, rest_wanted, products[0], products[1]
