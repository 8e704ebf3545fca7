"""Elements where something is true: their positions, they themselves, other values there."""

from primitives import asarray as asarray_
from primitives import (
    axis_of,
    cast,
    dtype_of,
    has_objects,
    have_texts,
    is_known,
    is_scalar,
    is_text_array,
    known,
    larger,
    put_into,
    result_type,
    scatter,
    ufunc,
)
from primitives import nonzero as nonzero_
from primitives import where as where_

AT_ONCE = (
    "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead."
)


def flatnonzero(a):
    if is_known(a):
        return known("flatnonzero", a)
    return nonzero_(truth_of(ravel(a)))


def nonzero(a):
    a = asarray(a)
    if a.ndim == 0:
        raise ValueError(AT_ONCE)
    if a.ndim == 1:
        return (flatnonzero(a),)
    rows = stack(coordinates(flatnonzero(a), a.shape), 1)
    return tuple([rows[:, axis] for axis in range(a.ndim)])


def coordinates(flat, shape):
    """Positions in a row as positions along each axis."""
    made = []
    for n in shape[:0:-1]:
        made.append(flat % n)
        flat = flat // n
    return tuple([flat] + made[::-1])


def argwhere(a):
    a = asarray(a)
    if a.ndim == 0:
        return stack(nonzero(a.reshape(1)), 1)[:, :0]
    return transpose(stack(coordinates(flatnonzero(a), a.shape)))


def where(condition, x=NO_VALUE, y=NO_VALUE):
    if x is NO_VALUE and y is NO_VALUE:
        return nonzero(condition)
    if x is NO_VALUE or y is NO_VALUE:
        raise ValueError("either both or neither of x and y should be given")
    if has_objects(x, y):
        return chosen_objects(condition, x, y)
    if have_texts(x, y):
        return chosen_texts(condition, x, y)
    return where_(condition, x, y)


def compress(condition, a, axis=None, out=None):
    condition = asarray(condition)
    if condition.ndim != 1:
        raise ValueError("condition must be a 1-d array")
    return take(a, flatnonzero(condition), axis, out)


def method_compress(a, condition, axis=None, out=None):
    return compress(condition, a, axis, out)


def extract(condition, arr):
    return take(ravel(arr), flatnonzero(condition))


def into_range(indices, n, mode):
    """Positions from 0, as `mode` has those outside."""
    if mode == "wrap":
        return indices % n
    if mode == "clip":
        return clip(indices, 0, larger(n - 1, 0))
    if mode != "raise":
        raise ValueError(f"clipmode must be one of 'clip', 'raise', or 'wrap' (got {mode!r})")
    return indices


def take(a, indices, axis=None, out=None, mode="raise"):
    a, indices = asarray(a), asarray_(indices)
    if is_text_array(a):
        return a.take(indices, axis, out, mode)
    if axis is None:
        a, axis = ravel(a), 0
    a = a.reshape(1) if a.ndim == 0 else a
    axis = axis_of(axis, a.ndim)
    if is_known(a.shape[axis], indices.size) and a.shape[axis] == 0 and indices.size:
        raise IndexError("cannot do a non-empty take from an empty axes.")
    indices = into_range(indices, a.shape[axis], mode)
    if dtype_of(indices).kind == "b":
        indices = cast(indices, "int64")
    made = copy_array(a[(*((slice(None),) * axis), indices)])
    made = made[()] if made.ndim == 0 else made
    return made if out is None else put_into(out, made)


def safely(values, dtype):
    """Values in a dtype; what is an array already is cast only to what holds all of its dtype."""
    if (isinstance(values, ndarray) or is_scalar(values)) and not can_cast(
            dtype_of(values), dtype, "safe"):  # fmt: skip
        what = "array data" if values.ndim else "scalar"
        raise TypeError(
            f"Cannot cast {what} from {dtype_of(values)!r} to {dtype_named(dtype)!r} according "
            "to the rule 'safe'"
        )
    return asarray(values, dtype)


def put(a, ind, v, mode="raise"):
    ind, v = ravel(safely(ind, "int64")), ravel(safely(v, dtype_of(a)))
    if is_known(v.shape[0]) and v.shape[0] == 0:
        return
    if is_known(a.size, ind.size) and a.size == 0 and ind.size:
        raise IndexError("cannot replace elements of an empty array")
    positions = into_range(ind, a.size, mode)
    positions = arange(a.size)[positions] if mode == "raise" else positions
    put_in_a_row(a, positions, repeated(v, positions.shape[0]))


def method_put(a, indices, values, mode="raise"):
    put(a, indices, values, mode)


def put_in_a_row(a, positions, values):
    """Change an array at positions in a row of its elements."""
    row = scatter(ravel(a), positions, cast_if(values, dtype_of(a)), "set")
    a[...] = row.reshape(a.shape)


def repeated(values, count):
    """A 1-d array over and over again, up to a length."""
    n = values.shape[0]
    if is_known(n) and n == 1:
        return broadcast_to(values, (count,))
    return values[arange(count) % n]


def place(arr, mask, vals):
    positions = flatnonzero(mask)
    vals = ravel(safely(vals, dtype_of(arr)))
    if is_known(vals.shape[0]) and vals.shape[0] == 0:
        raise ValueError("Cannot insert from an empty array!")
    put_in_a_row(arr, positions, repeated(vals, positions.shape[0]))


def putmask(a, mask, values):
    values = safely(values, dtype_of(a))
    if values.ndim == 0:
        a[...] = where_(mask, cast(values, dtype_of(a)), a)
        return
    values = repeated(ravel(values), a.size).reshape(a.shape)
    a[...] = where_(mask, cast_if(values, dtype_of(a)), a)


def copyto(dst, src, casting="same_kind", where=True):
    if not isinstance(dst, ndarray) and not is_text_array(dst):
        raise TypeError(
            f"copyto() argument 1 must be a numpy.ndarray, not {dst.__class__.__name__}"
        )
    if not is_known(src) or not isinstance(src, (bool, int, float)):
        src = asarray_(src)
        if not can_cast(dtype_of(src), dtype_of(dst), casting):
            raise TypeError(
                f"Cannot cast array data from {dtype_of(src)!r} to {dtype_of(dst)!r} according "
                f"to the rule '{casting}'"
            )
    if where is True:
        dst[...] = src
    else:
        src = broadcast_to(asarray(src, dtype_of(dst)), dst.shape)
        dst[...] = where_(where, src, dst)


def select(condlist, choicelist, default=0):
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if len(condlist) == 0:
        raise ValueError("select with an empty condition list is not possible")
    choices = [c if isinstance(c, (bool, int, float)) else asarray_(c) for c in choicelist]
    conditions = [asarray_(c) for c in condlist]
    for i in range(len(conditions)):
        if dtype_of(conditions[i]) != "bool":
            raise TypeError(f"invalid entry {i} in condlist: should be boolean ndarray")
    dtype = result_type(*choices, default)
    made = asarray(default, dtype)
    for condition, choice in zip(conditions[::-1], choices[::-1]):
        made = where_(condition, asarray(choice, dtype), made)
    return copy_array(made)


def choose(a, choices, out=None, mode="raise"):
    a = safely(a, "int64")
    count = len(choices)
    given = [choices[i] for i in range(count)]
    dtype = result_type(*[
        one if isinstance(one, (bool, int, float)) else dtype_of(asarray_(one)) for one in given])
    choices = [asarray_(one) for one in given]
    broadcast_shapes(*[one.shape for one in choices], a.shape)
    if mode == "raise":
        if any(ufunc("bitwise_or", a < 0, a >= count)):
            raise ValueError("invalid entry in choice array")
    else:
        a = into_range(a, count, mode)
    made = cast_if(choices[0], dtype)
    for k in range(1, count):
        made = where_(ufunc("equal", a, k), cast_if(choices[k], dtype), made)
    if count == 1:
        made = where_(ufunc("equal", a, 0), made, made)
    made = made[()] if made.ndim == 0 else made
    return made if out is None else put_into(out, made)


def piecewise(x, condlist, funclist, *args, **kw):
    x = asarray(x)
    if x.ndim == 0:
        made = piecewise(x.reshape(1), [[one] for one in condlist], funclist, *args, **kw)
        return made.reshape(())
    several = isinstance(condlist, (list, tuple)) and not isinstance(condlist[0], (bool, int))
    if not several and not isinstance(condlist, (list, tuple)) and condlist.ndim > x.ndim:
        several = True
    conditions = list(condlist) if several else [condlist]
    conditions = [asarray(c, bool) for c in conditions]
    count = len(conditions)
    if len(funclist) == count + 1:
        rest = conditions[0]
        for c in conditions[1:]:
            rest = ufunc("bitwise_or", rest, c)
        conditions.append(ufunc("logical_not", rest))
    elif len(funclist) != count:
        raise ValueError(
            f"with {count} condition(s), either {count} or {count + 1} functions are expected"
        )
    made = zeros_like(x)
    for condition, function in zip(conditions, funclist):
        if callable(function):
            made[condition] = function(x[condition], *args, **kw)
        else:
            made[condition] = function
    return made
