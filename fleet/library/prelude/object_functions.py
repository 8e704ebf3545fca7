"""NumPy's functions of arrays of objects, and np.frompyfunc.

In: a function's name and its arguments, some of them arrays of objects. Out: what NumPy gives. The
one idea: a function that only chooses, turns or joins elements does that to their positions; all
others that there are have a line of their own, and the rest are refused by name.
"""

from primitives import (
    has_objects,
    is_known,
    is_object_array,
    is_scalar,
    may_be_several,
    prelude_function,
)

OF_ONE = """reshape ravel transpose swapaxes moveaxis rollaxis expand_dims squeeze flip fliplr
    flipud rot90 matrix_transpose broadcast_to diagonal diag tile repeat roll take delete compress
    resize atleast_1d atleast_2d atleast_3d take_along_axis trim_zeros""".split()
"""Functions that do to the array, their first argument, what they do to its positions."""
OF_PARTS = "split array_split hsplit vsplit dsplit unstack".split()
JOINING = "concatenate stack vstack hstack dstack column_stack row_stack block".split()
THEMSELVES = (
    """array asarray copy full zeros_like ones_like empty_like full_like fromiter""".split()
)
"""Functions that look at what they are given themselves."""
METHODS_OF = """sum prod mean var std any all argmax argmin argsort nonzero cumsum cumprod clip
    trace""".split()
"""Functions that are methods of the array, too."""
AS_METHODS = {"max": "max", "min": "min", "amax": "max", "amin": "min"}
SHAPES = ("shape", "size", "ndim")


def called_on_objects(name, shown, arguments, named):
    """What a function of NumPy's gives, of arguments with arrays of objects among them."""
    if name in THEMSELVES:
        return prelude_function(name)(*arguments, **named)
    if name in OF_ONE:
        a = asarray(arguments[0])
        at = prelude_function(name)(places_of_objects(a), *arguments[1:], **named)
        return a._items[int(at)] if is_scalar(at) else a.derived(at)
    if name in OF_PARTS:
        a = arguments[0]
        parts = prelude_function(name)(places_of_objects(a), *arguments[1:], **named)
        return [a.derived(at) for at in parts]
    if name in JOINING:
        return joined_objects(prelude_function(name), arguments[0], arguments[1:], named)
    if name in METHODS_OF or name in AS_METHODS:
        a = asarray(arguments[0])
        return getattr(a, AS_METHODS.get(name, name))(*arguments[1:], **named)
    if name in SHAPES:
        return prelude_function(name)(places_of_objects(arguments[0]), *arguments[1:], **named)
    if name in OBJECT_FUNCTIONS:
        return OBJECT_FUNCTIONS[name](*arguments, **named)
    unsupported(f"{shown} of arrays of objects", "go through the objects: a.tolist()")


def places_of_objects(a):
    return asarray(a)._at


def joined_objects(function, arrays, rest, named):
    """Arrays joined as a function joins their positions in a row of all their elements."""
    items, places = [], []
    for one in arrays:
        if one.__class__ in (list, tuple) and not has_objects(one):
            one = asarray(one)
        a = operand(one) if may_be_several(one) else made_objects(one)
        places.append(arange(len(items), len(items) + a.size).reshape(a.shape))
        items = items + a.row()
    at = function(places, *rest, **named)
    return ObjectArray(items, at).copy()


def two_joined(function, first, second):
    """The same of two arrays or single objects."""
    a = operand(first) if may_be_several(first) else made_objects(first)
    b = operand(second) if may_be_several(second) else made_objects(second)
    at = function(arange(a.size).reshape(a.shape), arange(a.size, a.size + b.size).reshape(b.shape))
    return ObjectArray(a.row() + b.row(), asarray(at)).copy()


def chosen_objects(condition, x, y):
    """np.where."""
    return two_joined(lambda a, b: where(condition, a, b), x, y)


def appended_objects(arr, values, axis=None):
    if axis is None:
        return two_joined(lambda a, b: concatenate((ravel(a), ravel(b))), arr, values)
    return two_joined(lambda a, b: concatenate((a, b), axis), arr, values)


def inserted_objects(arr, obj, values, axis=None):
    return two_joined(lambda a, b: insert(a, obj, b, axis), arr, values)


def extracted_objects(condition, arr):
    return arr.derived(extract(condition, arr._at))


def are_equal_objects(a1, a2, equal_nan=False):
    a, b = asarray(a1), asarray(a2)
    if is_known(a.shape, b.shape) and tuple(a.shape) != tuple(b.shape):
        return False
    return False not in ravel(a == b).tolist()


def counted_truths(a, axis=None, *, keepdims=False):
    return count_nonzero(truths_of_objects(a), axis, keepdims=keepdims)


def unique_objects(ar, return_index=False, return_inverse=False, return_counts=False, axis=None,
                   *, equal_nan=True, sorted=True):  # fmt: skip
    """np.unique, without an axis."""
    if axis is not None:
        unsupported("np.unique of an array of objects along an axis")
    row = ar.row()
    order = ar.ravel().argsort().tolist()
    values, index, inverse, counts = [], [], [0] * len(row), []
    for k in order:
        if len(values) == 0 or row[k] != values[-1]:
            values.append(row[k])
            index.append(k)
            counts.append(0)
        counts[-1] += 1
        inverse[k] = len(values) - 1
    made = (new_objects(values, (len(values),)),)
    made = (*made, array(index, int)) if return_index else made
    made = (*made, array(inverse, int).reshape(ar.shape)) if return_inverse else made
    made = (*made, array(counts, int)) if return_counts else made
    return made if len(made) > 1 else made[0]


def are_in_objects(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    """np.isin."""
    wanted = operand(test_elements) if may_be_several(test_elements) else made_objects(
        test_elements)  # fmt: skip
    row, a = wanted.row(), operand(element) if may_be_several(element) else made_objects(element)
    made = array([(one in row) != invert for one in a.row()], bool)
    return made.reshape(a.shape)[()]


def put_objects(dst, src, casting="same_kind", where=True):
    """np.copyto."""
    if where is True:
        dst[...] = src
    else:
        a = operand(src) if may_be_several(src) else made_objects(src)
        mask = broadcast_to(where, dst.shape)
        dst[mask] = ObjectArray(a._items, broadcast_to(a._at, dst.shape))[mask]


def filled_diagonal(a, val, wrap=False):
    places = a._at[tuple([arange(min_length(a.shape)) for _ in a.shape])]
    ObjectArray(a._items, places)[...] = val


def min_length(shape):
    least = shape[0]
    for n in shape:
        least = n if n < least else least
    return least


def differences(a, n=1, axis=-1, prepend=NO_VALUE, append=NO_VALUE):
    if n != 1 or prepend is not NO_VALUE or append is not NO_VALUE:
        unsupported("np.diff of an array of objects with further arguments")
    axis = axis + a.ndim if axis < 0 else axis
    before = (slice(None),) * axis
    return a[(*before, slice(1, None))] - a[(*before, slice(None, -1))]


def triangle(name):
    def part(m, k=0):
        kept = prelude_function(name)(ones(m.shape, bool), k)
        return two_joined(lambda a, b: where(kept, a, b), m, 0)

    return part


def outer_of_objects(a, b):
    return all_pairs(lambda x, y: x * y, a, b)


def all_pairs(function, a, b):
    """A function of each pair of an element of one array and one of the other."""
    a = operand(a) if may_be_several(a) else made_objects(a)
    b = operand(b) if may_be_several(b) else made_objects(b)
    row = b.row()
    made = [function(one, other) for one in a.row() for other in row]
    shape = (*a.shape, *b.shape)
    return made[0] if len(shape) == 0 else new_objects(made, shape)


def broadcast_objects(*args, subok=False):
    arrays = [operand(one) if may_be_several(one) else made_objects(one) for one in args]
    shape = broadcast_shapes(*[a.shape for a in arrays])
    return tuple([ObjectArray(a._items, broadcast_to(a._at, shape)) for a in arrays])


def order_of_keys(keys, axis=-1):
    """np.lexsort."""
    keys = [ranks_of_objects(key) if is_object_array(key) else key for key in keys]
    return lexsort(tuple(keys), axis)


def ranks_of_objects(a):
    return unique_objects(a, return_inverse=True)[1]


def searched(a, v, side="left", sorter=None):
    if sorter is not None:
        unsupported("np.searchsorted of an array of objects with a sorter")
    row = a.row() if is_object_array(a) else list(a)
    if not may_be_several(v):
        return int64(place_in(row, v, side))
    wanted = operand(v)
    return array([place_in(row, one, side) for one in wanted.row()], int).reshape(wanted.shape)


def place_in(row, value, side):
    count = 0
    for one in row:
        if one < value or (side == "right" and not value < one):
            count += 1
    return count


def spread_of(a, axis=None, out=None, keepdims=False):
    return subtract(a.max(axis, keepdims=keepdims), a.min(axis, keepdims=keepdims))


def length_of(x, ord=None, axis=None, keepdims=False):
    """np.linalg.norm."""
    if ord is not None or axis is not None or keepdims:
        unsupported("np.linalg.norm of an array of objects with further arguments",
                    "make numbers of it: a.astype(float)")  # fmt: skip
    row = x.ravel()
    return sqrt(row.dot(row))


def applied_along(func1d, axis, arr, *args, **kwargs):
    axis = axis + arr.ndim if axis < 0 else axis
    moved = moveaxis(arr._at, axis, -1)
    rows = moved.reshape((-1, moved.shape[-1]))
    found = [func1d(ObjectArray(arr._items, rows[k]), *args, **kwargs)
             for k in range(rows.shape[0])]  # fmt: skip
    made = asarray(found)
    made = made.reshape(tuple(moved.shape[:-1]) + tuple(made.shape[1:]))
    if made.ndim < arr.ndim:
        return made
    return moveaxis(made, -1, axis) if made.ndim == arr.ndim else made


def of_objects_each(function, lanes, shape, otypes, several):
    """The same where some of the results are objects."""
    count = lanes[0].shape[0]
    found = [function(*[item_of(a, i) for a in lanes]) for i in range(count)]
    if not several:
        return of_type(new_objects(found, shape), otypes[0])
    made = [new_objects([one[k] for one in found], shape) for k in range(len(otypes))]
    return tuple([of_type(row, dtype) for row, dtype in zip(made, otypes)])


def of_type(a, dtype):
    """An array of objects as one of what a function is to give; texts are as long as they are."""
    kind = dtype_named(dtype).kind
    return a if kind == "O" else a.astype(str if kind == "U" else dtype)


OBJECT_FUNCTIONS = {
    "where": chosen_objects, "append": appended_objects, "insert": inserted_objects,
    "extract": extracted_objects, "array_equal": are_equal_objects, "iterable": lambda y: True,
    "array_equiv": lambda a1, a2: False not in ravel(asarray(a1) == asarray(a2)).tolist(),
    "count_nonzero": counted_truths, "flatnonzero": lambda a: flatnonzero(truths_of_objects(a)),
    "argwhere": lambda a: argwhere(truths_of_objects(a)), "unique": unique_objects,
    "isin": are_in_objects,
    "sort": lambda a, axis=-1, kind=None, order=None: sorted_objects(a, axis),
    "copyto": put_objects, "fill_diagonal": filled_diagonal, "diff": differences,
    "tril": triangle("tril"), "triu": triangle("triu"), "outer": outer_of_objects,
    "dot": dot_of_objects, "inner": dot_of_objects, "broadcast_arrays": broadcast_objects,
    "lexsort": order_of_keys, "searchsorted": searched, "ptp": spread_of,
    "apply_along_axis": applied_along, "median": middle_of_objects, "norm": length_of,
    "average": lambda a, axis=None: mean_of_objects(a, axis, False),
    "astype": lambda x, dtype, copy=True: x.astype(dtype),
}  # fmt: skip
