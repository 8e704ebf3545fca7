"""The array API's names for running sums and distinct values."""

from collections import namedtuple

from primitives import put_into


def cumulative_sum(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    return cumulated_of(cumsum, x, axis, dtype, out, include_initial, 0)


def cumulative_prod(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    return cumulated_of(cumprod, x, axis, dtype, out, include_initial, 1)


def cumulated_of(function, x, axis, dtype, out, include_initial, first):
    x = atleast_1d(x)
    if axis is None:
        if x.ndim >= 2:
            raise ValueError(
                "For arrays which have more than one dimension ``axis`` argument is required."
            )
        axis = 0
    made = function(x, axis, dtype, None if include_initial else out)
    if not include_initial:
        return made
    shape = [1 if i == axis % x.ndim else n for i, n in enumerate(x.shape)]
    made = concatenate((full(shape, first, made.dtype), made), axis)
    return made if out is None else put_into(out, made)


def unique_all(x):
    return UniqueAllResult(*unique(x, True, True, True, equal_nan=False))


def unique_counts(x):
    return UniqueCountsResult(*unique(x, return_counts=True, equal_nan=False))


def unique_inverse(x):
    return UniqueInverseResult(*unique(x, return_inverse=True, equal_nan=False))


UniqueAllResult = namedtuple("UniqueAllResult", "values indices inverse_indices counts")
UniqueCountsResult = namedtuple("UniqueCountsResult", "values counts")
UniqueInverseResult = namedtuple("UniqueInverseResult", "values inverse_indices")
