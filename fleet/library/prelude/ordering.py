"""Sorting and what is told from sorted arrays: distinct elements, sets."""

from primitives import argsort as argsort_
from primitives import asarray as asarray_
from primitives import (
    axis_of,
    dtype_of,
    have_texts,
    is_records,
    is_text_array,
    is_whole,
    laid_like,
    part,
    result_type,
    scatter,
    ufunc,
)
from primitives import copy as copy_
from primitives import searchsorted as searchsorted_
from primitives import sort as sort_


def check_kind(kind, order):
    if order is not None:
        unsupported("the argument `order` of sorting")
    if kind is not None and kind[:1] not in tuple("qQhHsSmM"):
        raise ValueError(f"sort kind must be one of 'quick', 'heap', or 'stable' (got {kind!r})")


def along(function, a, axis):
    """A function of the last axis, applied along another one."""
    axis = axis_of(axis, a.ndim)
    if axis == a.ndim - 1:
        return function(a)
    return copy_(swapaxes(function(swapaxes(a, axis, -1)), axis, -1))


def sort(a, axis=-1, kind=None, order=None, *, stable=None):
    if is_records(a):
        return a[argsort_records(a, order)]
    check_kind(kind, order)
    a = asarray(a)
    if is_text_array(a):
        return sorted_texts(a, axis)
    return sort_(ravel(a)) if axis is None else laid_like(along(sort_, a, axis), a, "K")


def argsort(a, axis=-1, kind=None, order=None, *, stable=None):
    if is_records(a):
        return argsort_records(a, order)
    check_kind(kind, order)
    a = asarray(a)
    if is_text_array(a):
        return argsort(text_ranks(a), axis, "stable")
    if a.ndim == 0 and axis in (0, -1):
        return zeros((1,), int)
    return argsort_(ravel(a)) if axis is None else copy_array(along(argsort_, a, axis))


def method_sort(a, axis=-1, kind=None, order=None, *, stable=None):
    a[...] = sort(a, axis, kind, order)


def lexsort(keys, axis=-1):
    if isinstance(keys, ndarray) and keys.ndim == 0:
        raise TypeError("need sequence of keys with len > 0 in lexsort")
    keys = tuple([asarray(keys[i]) for i in range(len(keys))])
    keys = tuple([text_ranks(key) if is_text_array(key) else key for key in keys])
    if len(keys) == 0:
        raise TypeError("need sequence of keys with len > 0 in lexsort")
    for key in keys:
        if key.ndim != keys[0].ndim:
            raise ValueError("all keys need to be the same shape")
        for here, there in zip(key.shape, keys[0].shape):
            if here != there:
                raise ValueError("all keys need to be the same shape")
    order = argsort(keys[0], axis)
    for key in keys[1:]:
        after = argsort(take_along_axis(key, order, axis), axis)
        order = take_along_axis(order, after, axis)
    return order


def check_kth(kth, a, axis):
    n = a.shape[axis_of(axis, a.ndim)]
    if a.size == 0:
        return
    for k in kth if isinstance(kth, (list, tuple)) else [kth]:
        if not is_whole(k):
            raise TypeError("Partition index must be integer")
        if k < -n or k >= n:
            raise ValueError(f"kth(={k + n if k < 0 else k}) out of bounds ({n})")


def partition(a, kth, axis=-1, kind="introselect", order=None):
    a = ravel(a) if axis is None else asarray(a)
    axis = -1 if axis is None else axis
    check_kth(kth, a, axis)
    return sort(a, axis)


def argpartition(a, kth, axis=-1, kind="introselect", order=None):
    a = ravel(a) if axis is None else asarray(a)
    axis = -1 if axis is None else axis
    check_kth(kth, a, axis)
    return argsort(a, axis)


def method_partition(a, kth, axis=-1, kind="introselect", order=None):
    a[...] = partition(a, kth, axis)


def searchsorted(a, v, side="left", sorter=None):
    if side not in ("left", "right"):
        raise ValueError(f"search side must be 'left' or 'right' (got {side!r})")
    a, v = asarray(a), asarray_(v)
    if a.ndim != 1:
        deep = "object too deep for desired array"
        raise ValueError(deep if a.ndim > 1 else "object of too small depth for desired array")
    if sorter is not None:
        sorter = asarray(sorter)
        if dtype_of(sorter).kind not in "biu":
            raise TypeError("sorter must only contain integers")
        if sorter.ndim != 1:
            deep = "object too deep for desired array"
            raise ValueError(
                deep if sorter.ndim > 1 else "object of too small depth for desired array"
            )
        if sorter.shape[0] != a.shape[0]:
            raise ValueError("sorter.size must equal a.size")
        a = a[cast_if(sorter, int)]
    dtype = result_type(dtype_of(a), dtype_of(v))
    return sought(cast_if(a, dtype), cast_if(v, dtype), side == "right")


def sought(a, v, right):
    """Where the elements of v belong in a sorted 1-d array of the same dtype."""
    if dtype_of(a).kind != "c":
        return searchsorted_(a, v, right)
    n = a.shape[0]
    ranks = ranks_of(concatenate((a, ravel(v))))
    return searchsorted_(ranks[:n], ranks[n:], right).reshape(v.shape)[()]


def ranks_of(a):
    """Whole numbers in the order of complex ones."""
    order = argsort_(a)
    a = a[order]
    first = ones(a.shape, bool)
    same = [same_neighbours(part(name, a)) for name in ("real", "imag")]
    first[1:] = ufunc("logical_not", ufunc("bitwise_and", *same))
    return scatter(zeros(first.shape, int), order, cumsum(first) - 1, "set")


def same_neighbours(a):
    """Whether each element of a sorted array equals the one before, NaN like any other."""
    after, before = a[1:], a[:-1]
    same = ufunc("equal", after, before)
    if dtype_of(a).kind in "fc":
        same = ufunc("bitwise_or", same, ufunc("bitwise_and", isnan(after), isnan(before)))
    return same


def firsts(a, equal_nan=True):
    """Whether an element of a sorted array is the first of its equals."""
    first = ones(a.shape[:1], bool)
    if equal_nan:
        first[1:] = ufunc("logical_not", same_neighbours(a))
    else:
        first[1:] = ufunc("not_equal", a[1:], a[:-1])
    return first


def unique(
    ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *,
    equal_nan=True, sorted=True,
):  # fmt: skip
    flags = (return_index, return_inverse, return_counts)
    if is_records(ar) and axis is None:
        return unique_records(ar, *flags)
    ar = asarray(ar)
    if is_text_array(ar) and axis is None:
        return unique_texts(ar, *flags)
    if axis is not None:
        return unique_rows(ar, axis_of(axis, ar.ndim), flags)
    shape = ar.shape
    ar = ravel(ar)
    order = None
    if return_index or return_inverse:
        order = argsort_(ar)
        aux = ar[order]
    else:
        aux = sort_(ar)
    first = firsts(aux, equal_nan)
    made = with_flags(aux[first], first, order, flags)
    if return_inverse:
        made = list(made)
        at = 2 if return_index else 1
        made[at] = made[at].reshape(shape)
        made = tuple(made)
    return made


def with_flags(values, first, order, flags):
    return_index, return_inverse, return_counts = flags
    made = [values]
    if return_index:
        made.append(order[first])
    if return_inverse:
        number = cumsum(first) - 1
        made.append(scatter(zeros(first.shape, int), order, number, "set"))
    if return_counts:
        made.append(diff(concatenate((flatnonzero(first), [first.shape[0]]))))
    return made[0] if len(made) == 1 else tuple(made)


def unique_rows(ar, axis, flags):
    moved = moveaxis(ar, axis, 0)
    n = moved.shape[0]
    columns = elements_of(moved.shape[1:])
    rows = moved.reshape((n, columns))
    order = arange(n)
    for k in range(columns):
        order = order[argsort_(rows[order, columns - 1 - k])]
    rows = rows[order]
    first = ones((n,), bool)
    first[1:] = any(ufunc("not_equal", rows[1:], rows[:-1]), 1)
    chosen = rows[first]
    values = moveaxis(chosen.reshape((chosen.shape[0],) + moved.shape[1:]), 0, axis)
    return with_flags(values, first, order, flags)


def unique_values(x):
    return unique(x, equal_nan=False)


# -- sets


def ediff1d(ary, to_end=None, to_begin=None):
    ary = ravel(ary)
    parts = [subtract(ary[1:], ary[:-1])]
    for name, end in (("to_begin", to_begin), ("to_end", to_end)):
        if end is not None and not can_cast(
                result_type(asarray_(end)), dtype_of(ary), "same_kind"):  # fmt: skip
            raise TypeError(f"dtype of `{name}` must be compatible with input `ary` under the "
                            "`same_kind` rule.")  # fmt: skip
    if to_begin is not None:
        parts.insert(0, cast_if(ravel(to_begin), dtype_of(ary)))
    if to_end is not None:
        parts.append(cast_if(ravel(to_end), dtype_of(ary)))
    return concatenate(parts) if len(parts) > 1 else parts[0]


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    ar1, ar2 = asarray(ar1), asarray(ar2)
    at1 = at2 = None
    if assume_unique:
        ar1, ar2 = ravel(ar1), ravel(ar2)
    elif return_indices:
        ar1, at1 = unique(ar1, return_index=True)
        ar2, at2 = unique(ar2, return_index=True)
    else:
        ar1, ar2 = unique(ar1), unique(ar2)
    both = concatenate((ar1, ar2))
    if not return_indices:
        both = sort_(both)
        return both[:-1][ufunc("equal", both[1:], both[:-1])]
    order = argsort_(both)
    both = both[order]
    twice = ufunc("equal", both[1:], both[:-1])
    here, there = order[:-1][twice], order[1:][twice] - ar1.shape[0]
    if at1 is not None:
        here, there = at1[here], at2[there]
    return both[:-1][twice], here, there


def union1d(ar1, ar2):
    return unique(concatenate((ar1, ar2), None))


def setdiff1d(ar1, ar2, assume_unique=False):
    if assume_unique:
        ar1 = ravel(ar1)
    else:
        ar1, ar2 = unique(ar1), unique(ar2)
    return ar1[isin(ar1, ar2, assume_unique=True, invert=True)]


def setxor1d(ar1, ar2, assume_unique=False):
    if not assume_unique:
        ar1, ar2 = unique(ar1), unique(ar2)
    aux = sort_(concatenate((ar1, ar2), None))
    differs = ufunc("not_equal", aux[1:], aux[:-1])
    alone = ones(aux.shape, bool)
    alone[1:] = differs
    alone[:-1] = ufunc("bitwise_and", alone[:-1], differs)
    return aux[alone]


def isin(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    if kind not in (None, "sort", "table"):
        raise ValueError(f"Invalid kind: '{kind}'. Please use None, 'sort' or 'table'.")
    if isinstance(test_elements, (set, frozenset)):  # one object, which no element equals
        return full(shape(element), bool(invert))
    if have_texts(element, test_elements):
        return is_in_texts(element, test_elements, invert)
    element, test = asarray(element), ravel(test_elements)
    kinds = dtype_of(element).kind, dtype_of(test).kind
    if kind == "table" and not (kinds[0] in "biu" and kinds[1] in "biu"):
        raise ValueError(
            "The 'table' method is only supported for boolean or integer arrays. Please select "
            "'sort' or None for kind."
        )
    dtype = result_type(dtype_of(element), dtype_of(test))
    element, test = cast_if(element, dtype), sort_(cast_if(test, dtype))
    low, high = sought(test, element, False), sought(test, element, True)
    found = ufunc("greater", high, low)
    if dtype.kind in "fc":
        found = ufunc("bitwise_and", found, ufunc("equal", element, element))
    return asarray(ufunc("logical_not", found) if invert else found)
