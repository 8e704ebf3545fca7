"""Arrays of objects along their axes: reductions, what runs along, order, products."""

from primitives import is_object_array, memory_axes, names_objects, reduced_axes, uncatchable


def lanes(a, axis, ordered=False):
    """The positions of the elements along axes, a row each, and the shape of what is left. ordered:
    of all elements, in NumPy's order, which is that of memory, and not one row after the other."""
    if axis is None:
        at = transpose(a._at, memory_axes(a._at)) if ordered and a.ndim > 1 else a._at
        return at.reshape((1, a.size)), ()
    axes = reduced_axes(axis, a.ndim)
    kept = tuple([i for i in range(a.ndim) if i not in axes])
    shape = tuple([a.shape[i] for i in kept])
    at = transpose(a._at, kept + tuple(axes))
    return at.reshape((elements_of(shape), elements_of([a.shape[i] for i in axes]))), shape


def lane(a, rows, k):
    """The elements of a row of positions."""
    items = a._items
    return [items[j] for j in rows[k].tolist()]


def with_axes(made, a, axis, keepdims):
    """Results of lanes as an array, or the only one."""
    found, shape = made
    if keepdims:
        axes = reduced_axes(axis, a.ndim)
        shape = tuple([1 if i in axes else n for i, n in enumerate(a.shape)])
    return found[0] if len(shape) == 0 else new_objects(found, shape)


def combined_row(row, function, start, initial):
    """All objects of a list combined. start: what nothing gives; a text: whose name has none."""
    if initial is not NO_VALUE:
        row = [initial] + row
    if len(row) == 0:
        if isinstance(start, str):
            raise ValueError(
                f"zero-size array to reduction operation {start} which has no identity"
            )
        return start
    made = row[0]
    for k in range(1, len(row)):
        made = function(made, row[k])
    return made


def combined_objects(a, axis, keepdims, initial, function, start):
    rows, shape = lanes(a, axis, True)
    found = [
        combined_row(lane(a, rows, k), function, start, initial) for k in range(rows.shape[0])
    ]
    return with_axes((found, shape), a, axis, keepdims)


def numbers_or(of_numbers, a, axis, dtype, out, keepdims, initial, function, start):
    """A reduction of the objects; of numbers made of them where a dtype is asked for."""
    if out is not None:
        unsupported("out= with an array of objects")
    if dtype is not None and not names_objects(dtype):
        return of_numbers(elements_as(a, dtype), axis, keepdims=keepdims, initial=initial)
    return combined_objects(a, axis, keepdims, initial, function, start)


def accumulated(a, axis, function):
    """Each element combined with those before it along an axis."""
    if axis is None:
        a, axis = new_objects(a.row(), (a.size,)), 0
    axis = axis + a.ndim if axis < 0 else axis
    rows, shape = lanes(a, axis)
    made = []
    for i in range(rows.shape[0]):
        row = lane(a, rows, i)
        for k in range(len(row)):
            made.append(row[k] if k == 0 else function(made[-1], row[k]))
    whole = new_objects(made, (*shape, a.shape[axis]))
    return ObjectArray(whole._items, moveaxis(whole._at, -1, axis)) if a.ndim > 1 else whole


def middle_of_objects(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """np.median."""
    for one in a.row():
        if not isinstance(one, (int, float)):
            uncatchable("NotImplementedError", "sort them, and take the one in the middle")
            raise NotImplementedError("np.median of objects that are no numbers of Python's")
    return median(elements_as(a, float), axis, out, overwrite_input, keepdims)


def counted(a, axis):
    axes = range(a.ndim) if axis is None else reduced_axes(axis, a.ndim)
    return elements_of([a.shape[i] for i in axes])


def mean_of_objects(a, axis, keepdims):
    made = a.sum(axis, keepdims=keepdims)
    count = counted(a, axis)
    return made / count if is_object_array(made) else by_objects(made, count)


def by_objects(total, count):
    """A sum of objects divided by how many there are, which is a number of NumPy's."""
    return float64(float(total / count)) if isinstance(total, (int, float)) else total / count


def var_of_objects(a, axis, ddof, keepdims):
    middle = mean_of_objects(a, axis, True) if axis is not None else a.sum() / a.size
    away = a - middle
    made = (away * away).sum(axis, keepdims=keepdims)
    count = counted(a, axis) - ddof
    return made / count if is_object_array(made) else by_objects(made, count)


def best_of(row, better, name):
    if len(row) == 0:
        raise ValueError(f"attempt to get {name} of an empty sequence")
    at, best = 0, row[0]
    for k in range(1, len(row)):
        if better(row[k], best):
            at, best = k, row[k]
    return at


def place_of_best(a, axis, keepdims, better, name):
    rows, shape = lanes(a, axis)
    count = rows.shape[0]
    found = array([best_of(lane(a, rows, k), better, name) for k in range(count)], int)
    if keepdims:
        axes = reduced_axes(axis, a.ndim)
        shape = tuple([1 if i in axes else n for i, n in enumerate(a.shape)])
    return found.reshape(shape)[()]


def order_of_objects(a, axis):
    if axis is None:
        a, axis = a.ravel(), -1
    axis = axis + a.ndim if axis < 0 else axis
    rows, shape = lanes(a, axis)
    found = []
    for k in range(rows.shape[0]):
        row = lane(a, rows, k)
        found = found + sorted(range(len(row)), key=row.__getitem__)
    return moveaxis(array(found, int).reshape((*shape, a.shape[axis])), -1, axis)


def sorted_objects(a, axis=-1):
    if axis is None:
        a, axis = a.ravel(), -1
    if a.ndim == 1:
        return new_objects(sorted(a.row()), a.shape)
    axis = axis + a.ndim if axis < 0 else axis
    rows, shape = lanes(a, axis)
    made = []
    for k in range(rows.shape[0]):
        made = made + sorted(lane(a, rows, k))
    whole = new_objects(made, (*shape, a.shape[axis]))
    return ObjectArray(whole._items, moveaxis(whole._at, -1, axis)).copy()


# -- products


def added_products(row, column):
    if len(row) == 0:
        return 0
    made = row[0] * column[0]
    for k in range(1, len(row)):
        made = made + row[k] * column[k]
    return made


def dot_of_objects(a, b):
    a, b = operand(a), operand(b)
    if not is_object_array(a) or not is_object_array(b) or a.ndim == 0 or b.ndim == 0:
        return of_two(lambda x, y: x * y, a, b)
    return product_of_objects(a, b)


def product_of_objects(a, b):
    """a @ b of arrays of rank 1 and 2."""
    a, b = operand(a), operand(b)
    if not is_object_array(a) or not is_object_array(b) or a.ndim == 0 or b.ndim == 0:
        raise ValueError(
            "matmul: Input operand 1 does not have enough dimensions (has 0, gufunc core with "
            "signature (n?,k),(k,m?)->(n?,m?) requires 1)"
        )
    if a.ndim > 2 or b.ndim > 2:
        unsupported("a product of arrays of objects of more than two dimensions")
    if a.shape[-1] != b.shape[0]:
        raise ValueError(
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
            f"(n?,k),(k,m?)->(n?,m?) (size {b.shape[0]} is different from {a.shape[-1]})"
        )
    rows, above = lanes(a, a.ndim - 1)
    columns, beside = lanes(b, 0)
    made = []
    for i in range(rows.shape[0]):
        row = lane(a, rows, i)
        for k in range(columns.shape[0]):
            made.append(added_products(row, lane(b, columns, k)))
    shape = (*above, *beside)
    return made[0] if len(shape) == 0 else new_objects(made, shape)
