"""Arrays looked at through other strides: windows that overlap. Copies here, which cannot be
written to, nor read once the array that they are of has changed."""

from primitives import axis_of, copy_of, dtype_of, is_known, layout_of, lengths


def sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    if writeable:
        unsupported("sliding_window_view(writeable=True)")
    x = asarray(x)
    window = lengths(window_shape)
    for n in window:
        if n < 0:
            raise ValueError("`window_shape` cannot contain negative values")
    if axis is None:
        axes = tuple(range(x.ndim))
        if len(window) != len(axes):
            raise ValueError(
                "Since axis is `None`, must provide window_shape for all dimensions of `x`; got "
                f"{len(window)} window_shape elements and `x.ndim` is {x.ndim}."
            )
    else:
        given = axis if isinstance(axis, (tuple, list)) else (axis,)
        axes = tuple([axis_of(one, x.ndim) for one in given])  # one may come twice
        if len(window) != len(axes):
            raise ValueError(
                f"Must provide matching length window_shape and axis; got {len(window)} "
                f"window_shape elements and {len(axes)} axes elements."
            )
    made = x
    for n, along in zip(window, axes):
        count = made.shape[along] - n + 1
        if count < 1:
            raise ValueError("window shape cannot be larger than input array shape")
        at = arange(count)[:, None] + arange(n)
        made = made[(*((slice(None),) * along), at)]
        made = moveaxis(made, along + 1, -1)
    every = [(axis,) for axis in (*range(x.ndim), *axes)]
    return copy_of(made, x, None, every)


def as_strided(x, shape=None, strides=None, subok=False, writeable=True):
    x = asarray(x)
    shape = x.shape if shape is None else lengths(shape)
    own, rows, _ = layout_of(x)
    strides = own if strides is None else lengths(strides)
    if len(shape) != len(strides):
        raise ValueError("mismatch in length of strides and shape")
    if not rows:
        unsupported("as_strided of an array whose rows do not lie one after the other")
    itemsize = dtype_of(x).itemsize
    low = high = 0
    at = zeros((1,) * len(shape), int)
    for k, (n, stride) in enumerate(zip(shape, strides)):
        if is_known(stride) and stride % itemsize:
            unsupported("as_strided between the elements of an array")
        step = stride // itemsize
        reach = (n - 1) * step
        low = low + (reach if reach < 0 else 0)
        high = high + (reach if reach > 0 else 0)
        at = at + (arange(n) * step).reshape((n,) + (1,) * (len(shape) - 1 - k))
    if low < 0 or high >= x.size:
        beyond_memory(is_known(low, high, x.size))
    return copy_of(ravel(x)[at], x, STRIDED)


STRIDED = "what as_strided gives is a copy here"


def beyond_memory(certain):
    if certain:
        unsupported("as_strided beyond the array's memory")
    raise ValueError("as_strided beyond the array's memory")
