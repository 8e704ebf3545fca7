"""Functions of the program's, applied to elements or to lanes of arrays."""

from primitives import asarray as asarray_
from primitives import (
    axis_of,
    dtype_of,
    has_objects,
    is_known,
    is_object_array,
    is_open,
    is_texts,
    item,
    laid_as_walked,
)


def in_error_state(again, function):
    """What np.errstate(...) makes of a function that it decorates; again(): another like it."""

    def decorated(*args, **kwargs):
        with again():
            return function(*args, **kwargs)

    decorated.__name__, decorated.__doc__ = function.__name__, function.__doc__
    return decorated


class vectorize:
    """np.vectorize: a loop over elements; the first gives the dtype."""

    def __init__(self, pyfunc=None, otypes=None, doc=None, excluded=None, cache=False,
                 signature=None):  # fmt: skip
        self.signature = signature
        self.cores = None if signature is None else cores_of(signature)
        self.pyfunc = pyfunc
        self.__doc__ = (None if pyfunc is None else pyfunc.__doc__) if doc is None else doc
        self.otypes = None if otypes is None else list(otypes)
        self.excluded = set() if excluded is None else set(excluded)
        self.cache = cache

    def __call__(self, *args, **kwargs):
        if self.pyfunc is None:  # a decorator with arguments
            return vectorize(
                args[0], self.otypes, self.__doc__, self.excluded, self.cache, self.signature
            )
        places = [i for i in range(len(args)) if i not in self.excluded]
        names = [name for name in kwargs if name not in self.excluded]
        fixed = list(args)
        if len(places) + len(names) == 0:
            raise ValueError("args can not be empty")

        def function(*given):
            for place, value in zip(places, given):
                fixed[place] = value
            named = dict(zip(names, given[len(places) :]))
            return self.pyfunc(*fixed, **(kwargs | named))

        varied = [args[i] for i in places] + [kwargs[name] for name in names]
        plain = len(names) == 0 and len(places) == len(args)
        if self.cores is not None:
            return call_on_cores(
                self.pyfunc if plain else function, varied, self.otypes, self.cores
            )
        return elementwise_call(self.pyfunc if plain else function, varied, self.otypes, self.cache)


call_it(vectorize, "vectorize")


def cores_of(signature):
    """(names of each input's last axes, those of each output): "(m,n),(n)->(m)"."""
    text = "".join(signature.split())
    inputs, arrow, outputs = text.partition("->")
    sides = []
    for side in (inputs, outputs):
        if not (arrow and side.startswith("(") and side.endswith(")")):
            raise ValueError("Not a valid gufunc signature: " + signature)
        sides.append([tuple([name for name in core.split(",") if name])
                      for core in side[1:-1].split("),(")])  # fmt: skip
    for core in sides[0] + sides[1]:
        for name in core:
            if not name.isidentifier():
                raise ValueError("Not a valid gufunc signature: " + signature)
    return sides


def call_on_cores(function, args, otypes, cores):
    """A function of the last axes of arrays, called for each place along the others."""
    inputs, outputs = cores
    if len(args) != len(inputs):
        raise TypeError(f"wrong number of positional arguments: expected {len(inputs)!r}, got "
                        f"{len(args)!r}")  # fmt: skip
    arrays, lengths_by, outers = [asarray(a) for a in args], {}, []
    for a, core in zip(arrays, inputs):
        if a.ndim < len(core):
            raise ValueError(
                f"{a.ndim}-dimensional argument does not have enough dimensions for all core "
                f"dimensions {core!r}"
            )
        for name, n in zip(core, a.shape[a.ndim - len(core) :]):
            if name in lengths_by and lengths_by[name] != n:
                raise ValueError(
                    f"inconsistent size for core dimension {name!r}: {n!r} vs {lengths_by[name]!r}"
                )
            lengths_by[name] = n
        outers.append(a.shape[: a.ndim - len(core)])
    outer = broadcast_shapes(*outers)
    arrays = [broadcast_to(a, outer + a.shape[a.ndim - len(core) :])
              for a, core in zip(arrays, inputs)]  # fmt: skip
    if len(outer) == 0:
        found = of_outputs(function(*arrays), outputs)
        made = tuple([as_array(asarray_(one, otype))
                      for one, otype in zip(found, types_of(found, otypes))])  # fmt: skip
        return made if len(outputs) > 1 else made[0]
    rows = [a.reshape((-1,) + a.shape[len(outer) :]) for a in arrays]
    count = rows[0].shape[0]
    if count == 0:
        if otypes is None:
            raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
        unsupported("np.vectorize with a signature of nothing")
    found = [asarray_(one) for one in of_outputs(function(*[row[0] for row in rows]), outputs)]
    made = [empty((count,) + one.shape, otype)
            for one, otype in zip(found, types_of(found, otypes))]  # fmt: skip
    for one, result in zip(made, found):
        one[0] = result
    for i in range(1, count):
        for one, result in zip(made, of_outputs(function(*[row[i] for row in rows]), outputs)):
            one[i] = result
    made = tuple([copy_array(one.reshape(outer + one.shape[1:])) for one in made])
    return made if len(outputs) > 1 else made[0]


def of_outputs(results, outputs):
    results = results if isinstance(results, tuple) else (results,)
    if len(results) != len(outputs):
        raise ValueError(f"wrong number of outputs from pyfunc: expected {len(outputs)!r}, got "
                         f"{len(results)!r}")  # fmt: skip
    return results


def types_of(found, otypes):
    return [dtype_of(asarray_(one)) for one in found] if otypes is None else otypes


def elementwise_call(function, args, otypes, cache):
    arrays = broadcast_objects(*args) if has_objects(*args) else broadcast_arrays(*args)
    shape = arrays[0].shape
    lanes = [ravel(a) for a in arrays]
    count = lanes[0].shape[0]
    if otypes is None:
        if count == 0:
            raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
        first = function(*[a[0] for a in lanes])
        results = first if isinstance(first, tuple) else (first,)
        if True in [is_open(result) for result in results]:
            unsupported("np.vectorize of a function of whose results only run time knows the dtype",
                        "say it: np.vectorize(f, otypes=[float])")  # fmt: skip
        otypes = [str if is_texts(result, None) else asarray(result).dtype for result in results]
        several = isinstance(first, tuple)
    else:
        several = len(otypes) > 1
    if True in [dtype_named(dtype).kind in "OU" for dtype in otypes]:
        return of_objects_each(function, lanes, shape, otypes, several)
    made = [zeros((count,), dtype) for dtype in otypes]
    start = 0
    if cache:
        for one, value in zip(made, results):
            one[0] = value
        start = 1
    for i in range(start, count):
        value = function(*[item_of(a, i) for a in lanes])
        for one, part in zip(made, value if several else (value,)):
            one[i] = part
    walked = [a._at if is_object_array(a) else a for a in arrays]
    made = tuple([laid_as_walked(one.reshape(shape), walked) for one in made])
    return made if several else made[0]


def item_of(a, i):
    """An element as Python has it."""
    return a[i] if is_object_array(a) else item(a[i])


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    arr = asarray(arr)
    axis = axis_of(axis, arr.ndim)
    moved = moveaxis(arr, axis, -1)
    outer = moved.shape[:-1]
    if 0 in [n for n in outer if is_known(n)]:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    lanes = moved.reshape((-1, moved.shape[-1]))
    if lanes.shape[0] == 0:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    first = asarray(func1d(lanes[0], *args, **kwargs))
    made = zeros((lanes.shape[0], *first.shape), dtype_of(first))
    made[0] = first
    for i in range(1, lanes.shape[0]):
        made[i] = func1d(lanes[i], *args, **kwargs)
    made = made.reshape(outer + first.shape)
    front = list(range(axis)) + list(range(len(outer), made.ndim)) + list(range(axis, len(outer)))
    return transpose(made, front)


def apply_over_axes(func, a, axes):
    value = asarray(a)
    rank = value.ndim
    axes = axes if isinstance(axes, (tuple, list)) else (axes,)
    for axis in axes:
        axis = axis + rank if axis < 0 else axis
        made = func(value, axis)
        if made.ndim != value.ndim:
            made = expand_dims(made, axis)
            if made.ndim != value.ndim:
                raise ValueError(
                    "function is not returning an array of the correct shape"
                )
        value = made
    return value
