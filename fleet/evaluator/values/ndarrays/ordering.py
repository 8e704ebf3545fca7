"""Sorting, searching, positions and running results at run time, element after element.

In: Arrays. Out: new Arrays, by operations of the `numpy` dialect. The one idea: these few do what
whole-array arithmetic cannot; NumPy's other functions of this kind are the prelude's, in terms of
them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fleet.dialects import numpy
from fleet.evaluator.values import sizes
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.ndarrays import layout
from fleet.evaluator.values.ndarrays.tensors import cast_tensor, tensor, wrap
from fleet.evaluator.values.then import Array, Tensor, dim_type

INT64 = np.dtype("int64")


def cumulate(e: Emitter, name: str, value: Any, axis: int) -> Array:
    """cumsum, cumprod, cummax, cummin along one axis; the dtype is the operand's."""
    part = tensor(e, value)
    made = e.value(
        numpy.cumulate[name], part.value, types=[part.value.type], axis=axis,
        **e.warnings("accumulate"),
    )  # fmt: skip
    result = Tensor(made, part.dims, part.dtype)
    if e.heeded():
        e.check_floats(name, e.said("accumulate"), [part], result)
    return wrap(e, result, order=layout.order_of_new([value], len(part.dims)))


def sort_rows(e: Emitter, value: Any) -> Array:
    """Along the last axis, NaN last."""
    part = tensor(e, value)
    made = e.value(numpy.sort, part.value, types=[part.value.type])
    return wrap(e, Tensor(made, part.dims, part.dtype), order=layout.order_of_copy(value))


def argsort_rows(e: Emitter, value: Any) -> Array:
    """Positions along the last axis in the order of their elements, those of equals as they are."""
    part = tensor(e, value)
    types = [tensor_type(dim_type(part.dims), INT64)]
    made = e.value(numpy.argsort, part.value, types=types)
    return wrap(e, Tensor(made, part.dims, INT64))


def searchsorted(e: Emitter, table: Any, values: Any, right: bool) -> Array:
    """Where each value belongs in a sorted 1-d array of the same dtype."""
    one, part = tensor(e, table), tensor(e, values)
    types = [tensor_type(dim_type(part.dims), INT64)]
    side: dict[str, Any] = {"right": None} if right else {}
    made = e.value(numpy.searchsorted, one.value, part.value, types=types, **side)
    return wrap(e, Tensor(made, part.dims, INT64), scalar=not part.dims)


def nonzero(e: Emitter, mask: Any) -> Array:
    """The positions at which a 1-d array of bools is true. Those of one mask are as many whenever
    they are asked for."""
    part = tensor(e, mask)
    if part.dims == (1,):  # kernels take one element for a number: a second one, which is false
        more = Tensor(e.dense(np.zeros(1, bool)), (1,), part.dtype)
        types = [tensor_type((2,), part.dtype)]
        both = [part.value, more.value]
        part = Tensor(e.value(numpy.concatenate, both, types=types, axis=0), (2,), part.dtype)
    size = e.counts.setdefault(part.value, sizes.length())
    made = e.value(numpy.nonzero, part.value, types=[tensor_type((None,), INT64)])
    return wrap(e, Tensor(made, (size,), INT64))


def scatter(e: Emitter, dest: Any, indices: Any, values: Any, combine: str) -> Array:
    """A 1-d array after dest[i] = v, or dest[i] combined with v, for each pair in order. The
    positions are known to be inside."""
    into, at = tensor(e, dest), cast_tensor(e, indices, INT64)
    part = cast_tensor(e, values, into.dtype)
    made = e.value(
        numpy.scatter, part.value, at.value, into.value, types=[into.value.type], combine=combine
    )
    return wrap(e, Tensor(made, into.dims, into.dtype))
