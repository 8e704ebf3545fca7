"""Arrays of objects: a row of objects, and an array of where in it each element is.

In: objects, nested lists of them, shapes. Out: objects that are to programs what NumPy's arrays of
dtype object are. The one idea: what chooses, turns and joins elements does that to an array of
positions, so subscripts, masks and shapes are those of plain arrays; and a view has the row of
objects that its base has, and positions that are a view of the base's.
"""

from primitives import (
    as_dtype,
    depth_of_rows,
    discovered,
    is_known,
    is_object_array,
    is_open,
    is_scalar,
    lengths,
    may_be_several,
    names_objects,
    objects_shown,
    shares,
    uncatchable,
    words_of_refusal,
)


class ObjectArray:
    """An array of objects; `_items`: all of the row, `_at`: int64, positions in it."""

    _fleet_holds = "objects"

    def __init__(self, items, at, whole=False, base=None):
        """whole: whether the positions are those of the row as it is; base: whose view it is."""
        self._items = items
        self._at = at
        self._whole = whole
        self.base = base

    def __getattr__(self, name):
        if name[:8] == "__array_":
            raise AttributeError(name)
        instead = "go through the objects: a.tolist()"
        return refuse_attribute("ndarray", name, "arrays of objects", instead)

    def __array__(self, dtype=None, copy=None):
        unsupported("an array of objects here", "make numbers of it: a.astype(float)")

    @property
    def dtype(self):
        return as_dtype("O")

    @property
    def shape(self):
        return self._at.shape

    @property
    def ndim(self):
        return self._at.ndim

    @property
    def size(self):
        return self._at.size

    @property
    def itemsize(self):
        return 8

    @property
    def nbytes(self):
        return self.size * 8

    @property
    def strides(self):
        return self._at.strides

    @property
    def T(self):
        return self.transpose()

    @property
    def flat(self):
        return ObjectArray(self._items, ravel(self._at), self._whole)

    @property
    def real(self):
        return self

    def row(self):
        """All elements, one after the other."""
        if self._whole:
            return self._items
        items = self._items
        return [items[k] for k in ravel(self._at).tolist()]

    def derived(self, at):
        """What NumPy makes of other positions: a view where they are one of these, else a copy."""
        if shares(at, self._at):
            return ObjectArray(self._items, at, False, self if self.base is None else self.base)
        return ObjectArray(self._items, at).copy()

    def __getitem__(self, key):
        at = self._at[plain_key(key)]
        return self._items[int(at)] if is_scalar(at) else self.derived(at)

    def __setitem__(self, key, value):
        at = self._at[plain_key(key)]
        if is_scalar(at):
            self._items[int(at)] = value
            return
        given = as_elements(value, at.ndim)
        places = ravel(at).tolist()
        if is_object_array(given):
            row = stretched_row(given, at.shape)
            for k in range(len(places)):
                self._items[places[k]] = row[k]
        else:
            for k in range(len(places)):
                self._items[places[k]] = value

    def __len__(self):
        if self.ndim == 0:
            raise TypeError("len() of unsized object")
        return self._at.shape[0]

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        return iter(map(self.__getitem__, range(len(self))))

    def __contains__(self, value):
        return True in [bool(one == value) for one in self.row()]

    def __bool__(self):
        if self.size != 1:
            raise ValueError(
                "The truth value of an array with more than one element is ambiguous. "
                "Use a.any() or a.all()"
            )
        return bool(self.row()[0])

    def __hash__(self):
        raise TypeError("unhashable type: 'numpy.ndarray'")

    def __float__(self):
        return float(self.only())

    def __int__(self):
        return int(self.only())

    def only(self):
        """The element of an array without axes."""
        if self.ndim > 0:
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return self.row()[0]

    def __str__(self):
        return shown_objects("array_str", self)

    def __repr__(self):
        return shown_objects("array_repr", self)

    def __format__(self, spec):
        if spec != "":
            raise TypeError("unsupported format string passed to numpy.ndarray.__format__")
        return str(self)

    def __eq__(self, other):
        return truths_of_two(lambda x, y: x == y, self, other)

    def __ne__(self, other):
        return truths_of_two(lambda x, y: x != y, self, other)

    def __lt__(self, other):
        return truths_of_two(lambda x, y: x < y, self, other)

    def __le__(self, other):
        return truths_of_two(lambda x, y: x <= y, self, other)

    def __gt__(self, other):
        return truths_of_two(lambda x, y: x > y, self, other)

    def __ge__(self, other):
        return truths_of_two(lambda x, y: x >= y, self, other)

    def __add__(self, other):
        return of_two(lambda x, y: x + y, self, other)

    def __radd__(self, other):
        return of_two(lambda x, y: x + y, other, self)

    def __iadd__(self, other):
        return self.become(self + other)

    def __sub__(self, other):
        return of_two(lambda x, y: x - y, self, other)

    def __rsub__(self, other):
        return of_two(lambda x, y: x - y, other, self)

    def __isub__(self, other):
        return self.become(self - other)

    def __mul__(self, other):
        return of_two(lambda x, y: x * y, self, other)

    def __rmul__(self, other):
        return of_two(lambda x, y: x * y, other, self)

    def __imul__(self, other):
        return self.become(self * other)

    def __truediv__(self, other):
        return of_two(lambda x, y: x / y, self, other)

    def __rtruediv__(self, other):
        return of_two(lambda x, y: x / y, other, self)

    def __itruediv__(self, other):
        return self.become(self / other)

    def __floordiv__(self, other):
        return of_two(lambda x, y: x // y, self, other)

    def __rfloordiv__(self, other):
        return of_two(lambda x, y: x // y, other, self)

    def __ifloordiv__(self, other):
        return self.become(self // other)

    def __mod__(self, other):
        return of_two(lambda x, y: x % y, self, other)

    def __rmod__(self, other):
        return of_two(lambda x, y: x % y, other, self)

    def __imod__(self, other):
        return self.become(self % other)

    def __pow__(self, other):
        return of_two(lambda x, y: x**y, self, other)

    def __rpow__(self, other):
        return of_two(lambda x, y: x**y, other, self)

    def __ipow__(self, other):
        return self.become(self**other)

    def __and__(self, other):
        return of_two(lambda x, y: x & y, self, other)

    def __rand__(self, other):
        return of_two(lambda x, y: x & y, other, self)

    def __or__(self, other):
        return of_two(lambda x, y: x | y, self, other)

    def __ror__(self, other):
        return of_two(lambda x, y: x | y, other, self)

    def __xor__(self, other):
        return of_two(lambda x, y: x ^ y, self, other)

    def __rxor__(self, other):
        return of_two(lambda x, y: x ^ y, other, self)

    def __lshift__(self, other):
        return of_two(lambda x, y: x << y, self, other)

    def __rlshift__(self, other):
        return of_two(lambda x, y: x << y, other, self)

    def __rshift__(self, other):
        return of_two(lambda x, y: x >> y, self, other)

    def __rrshift__(self, other):
        return of_two(lambda x, y: x >> y, other, self)

    def __matmul__(self, other):
        return product_of_objects(self, other)

    def __rmatmul__(self, other):
        return product_of_objects(other, self)

    def __divmod__(self, other):
        raise TypeError(words_of_refusal("divmod"))

    def __rdivmod__(self, other):
        raise TypeError(words_of_refusal("divmod"))

    def __neg__(self):
        return of_one(lambda x: -x, self)

    def __pos__(self):
        return of_one(lambda x: +x, self)

    def __abs__(self):
        return of_one(abs, self)

    def __invert__(self):
        return of_one(lambda x: ~x, self)

    def become(self, made):
        """What an assignment such as `a += x` makes of the array."""
        self[...] = made
        return self

    def copy(self, order="C"):
        return new_objects(list(self.row()), self._at.shape)

    def reshape(self, *shape, order="C", copy=None):
        return self.derived(method_reshape(self._at, *shape, order=order))

    def ravel(self, order="C"):
        return self.derived(ravel(self._at, order))

    def flatten(self, order="C"):
        return ObjectArray(self._items, ravel(self._at, order)).copy()

    def transpose(self, *axes):
        return self.derived(method_transpose(self._at, *axes))

    def swapaxes(self, axis1, axis2):
        return self.derived(swapaxes(self._at, axis1, axis2))

    def squeeze(self, axis=None):
        return self.derived(squeeze(self._at, axis))

    def diagonal(self, offset=0, axis1=0, axis2=1):
        return self.derived(diagonal(self._at, offset, axis1, axis2))

    def repeat(self, repeats, axis=None):
        return self.derived(repeat(self._at, repeats, axis))

    def take(self, indices, axis=None, out=None, mode="raise"):
        at = take(self._at, indices, axis, None, mode)
        return self._items[int(at)] if is_scalar(at) else self.derived(at)

    def compress(self, condition, axis=None):
        return self.derived(compress(condition, self._at, axis))

    def fill(self, value):
        for k in ravel(self._at).tolist():
            self._items[k] = value

    def tolist(self):
        if self.ndim == 0:
            return self.row()[0]
        return list(self.row()) if self.ndim == 1 else [one.tolist() for one in self]

    def item(self, *position):
        if len(position) == 0 and self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        if len(position) == 0:
            return self.row()[0]
        position = position[0] if position[0].__class__ is tuple else position
        return self[position] if len(position) == self.ndim else self.flat[position[0]]

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        if names_objects(dtype):
            return self.copy()
        return elements_as(self, dtype)

    def sum(self, axis=None, dtype=None, out=None, keepdims=False, initial=NO_VALUE):
        return numbers_or(sum, self, axis, dtype, out, keepdims, initial, lambda x, y: x + y, 0)

    def prod(self, axis=None, dtype=None, out=None, keepdims=False, initial=NO_VALUE):
        return numbers_or(prod, self, axis, dtype, out, keepdims, initial, lambda x, y: x * y, 1)

    def max(self, axis=None, out=None, keepdims=False, initial=NO_VALUE):
        return numbers_or(max, self, axis, None, out, keepdims, initial, the_larger, "maximum")

    def min(self, axis=None, out=None, keepdims=False, initial=NO_VALUE):
        return numbers_or(min, self, axis, None, out, keepdims, initial, the_smaller, "minimum")

    def mean(self, axis=None, dtype=None, out=None, keepdims=False):
        return mean_of_objects(self, axis, keepdims)

    def var(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
        return var_of_objects(self, axis, ddof, keepdims)

    def std(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
        made = var_of_objects(self, axis, ddof, keepdims)
        return sqrt(made if is_object_array(made) else float(made))

    def any(self, axis=None, out=None, keepdims=False):
        if axis is None and not keepdims:
            return bool_(True in [bool(one) for one in self.row()])
        return any(truths_of_objects(self), axis, keepdims=keepdims)

    def all(self, axis=None, out=None, keepdims=False):
        if axis is None and not keepdims:
            return bool_(False not in [bool(one) for one in self.row()])
        return all(truths_of_objects(self), axis, keepdims=keepdims)

    def nonzero(self):
        return nonzero(truths_of_objects(self))

    def argmax(self, axis=None, out=None, *, keepdims=False):
        return place_of_best(self, axis, keepdims, lambda x, y: x > y, "argmax")

    def argmin(self, axis=None, out=None, *, keepdims=False):
        return place_of_best(self, axis, keepdims, lambda x, y: x < y, "argmin")

    def argsort(self, axis=-1, kind=None, order=None):
        return order_of_objects(self, axis)

    def sort(self, axis=-1, kind=None, order=None):
        self[...] = sorted_objects(self, axis)

    def cumsum(self, axis=None, dtype=None, out=None):
        return accumulated(self, axis, lambda x, y: x + y)

    def cumprod(self, axis=None, dtype=None, out=None):
        return accumulated(self, axis, lambda x, y: x * y)

    def clip(self, min=None, max=None, out=None):
        made = self if min is None else of_two(the_larger, self, min)
        return made if max is None else of_two(the_smaller, made, max)

    def dot(self, b, out=None):
        return dot_of_objects(self, b)

    def trace(self, offset=0, axis1=0, axis2=1, dtype=None, out=None):
        return self.diagonal(offset, axis1, axis2).sum(-1)


call_it(ObjectArray, "ndarray")


# -- making them


def new_objects(items, shape):
    """An array of its own, of a list with as many objects as a shape has elements."""
    return ObjectArray(items, arange(elements_of(shape)).reshape(shape), True)


def filled_objects(shape, value):
    """np.full, zeros, ones and empty of objects."""
    shape = lengths(shape)
    if may_be_several(value):
        made = filled_objects(shape, None)
        made[...] = value
        return made
    return new_objects(list([value] * elements_of(shape)), shape)


def made_objects(value, most=None):
    """np.array(value, dtype=object). most: how many axes at most."""
    if is_object_array(value):
        return value.copy()
    if isinstance(value, ndarray):
        return new_objects(ravel(value).tolist(), value.shape)
    found = discovered(value, most)
    if found is None:
        depth = depth_of_rows(value)
        return objects_of_rows(value, depth) if most is None and depth > 1 else objects_of_list(
            value, most is None and depth == 0)  # fmt: skip
    shape, parts = found
    items = []
    for part, is_whole in parts:
        if is_whole:
            items = items + (part.row() if is_object_array(part) else ravel(part).tolist())
        else:
            items.append(part)
            if is_open(part):
                require_single(part)
    return new_objects(items, shape)


def objects_of_list(value, is_open):
    """Of a list that only run time knows. is_open: whether its items may be lists, too."""
    items = list(value)
    if is_open:
        for item in items:
            require_single(item)
    return new_objects(items, (len(items),))


def objects_of_rows(value, depth):
    """Of a list of lists that only run time knows."""
    if depth > 2:
        unsupported("an array of objects of lists in lists in lists that only run time knows",
                    "make np.empty(shape, dtype=object), and then put them in")  # fmt: skip
    count = len(value)
    if count == 0:
        uncatchable("NotImplementedError", "test for it before, with `if`")
        raise NotImplementedError("an array of objects was made of an empty list of lists")
    width, items = len(value[0]), []
    for row in value:
        if len(row) != width:
            uncatchable("NotImplementedError",
                        "make np.empty(n, dtype=object), and then put them in")  # fmt: skip
            raise NotImplementedError(
                "an array of objects was made of lists of several lengths that only run time knows"
            )
        for item in row:
            items.append(item)
    return new_objects(items, (count, width))


def require_single(item):
    """End a run in which NumPy would make further axes of a list."""
    if isinstance(item, (list, tuple, ndarray)):
        uncatchable("NotImplementedError", "make np.empty(n, dtype=object), and then put them in")
        raise NotImplementedError("an array of objects was made of lists that only run time knows")


def as_elements(value, most):
    """An array of objects of what has elements; other values as they are."""
    if is_object_array(value):
        return value
    return made_objects(value, most) if may_be_several(value) else value


def operand(value):
    """The same of an operand: NumPy makes an array of lists, and Python's numbers of its own."""
    if is_object_array(value):
        return value
    if may_be_several(value):
        value = asarray(value)
        return value if is_object_array(value) else made_objects(value)
    return value.item() if isinstance(value, generic) else value


def plain_key(key):
    """A subscript with arrays of truths and numbers in the place of those of objects."""
    if is_object_array(key):
        return key_of_objects(key)
    if key.__class__ is tuple:
        return tuple([key_of_objects(one) if is_object_array(one) else one for one in key])
    return key


def key_of_objects(key):
    raise IndexError("arrays used as indices must be of integer (or boolean) type")


def stretched_row(a, shape):
    """Its elements, one after the other, as the array broadcasts to a shape."""
    fits = is_known(a.shape, shape) and tuple(a.shape) == tuple(shape)
    return a.row() if fits else [a._items[k] for k in ravel(fitted_places(a, shape)).tolist()]


def fitted_places(a, shape):
    at = a._at
    while at.ndim > len(shape) and is_known(at.shape[0]) and at.shape[0] == 1:
        at = at[0]
    if is_known(at.shape, shape) and not fits_into(at.shape, shape):
        raise ValueError(
            f"could not broadcast input array from shape {shape_words(a.shape)} into shape "
            f"{shape_words(shape)}"
        )
    return broadcast_to(at, shape)


def fits_into(own, shape):
    rest = shape[len(shape) - len(own) :]
    return len(own) <= len(shape) and False not in [n in (1, m) for n, m in zip(own, rest)]


def shape_words(shape):
    return "(" + ",".join([str(n) for n in shape]) + ("," if len(shape) == 1 else "") + ")"


def shown_objects(name, a, **options):
    """How NumPy shows it, of how Python shows the objects."""
    words = [f"list({one!r})" if isinstance(one, list) else repr(one) for one in a.row()]
    return objects_shown(name, words, a._at, **options)


def elements_as(a, dtype):
    """An array of numbers or texts of the objects."""
    row, kind = a.row(), dtype_named(dtype).kind
    if kind == "U":
        made = array([str(one) for one in row], dtype) if len(row) else empty((0,), dtype)
    elif kind == "f":
        made = array([NaN if one is None else float(one) for one in row], dtype)
    elif kind in "iu":
        made = array([int(one) for one in row], dtype)
    elif kind == "b":
        made = array([bool(one) for one in row], dtype)
    else:
        made = array([complex(one) for one in row], dtype)
    return made.reshape(a.shape)


NaN = float("nan")


# -- element by element


def of_one(function, a):
    made = [function(one) for one in a.row()]
    return made[0] if a.ndim == 0 else new_objects(made, a.shape)


def row_of_two(function, a, b):
    """What a function makes of each two objects, as a list, and the shape."""
    a, b = operand(a), operand(b)
    if not is_object_array(b):
        return [function(one, b) for one in a.row()], a.shape
    if not is_object_array(a):
        return [function(a, one) for one in b.row()], b.shape
    shape = shape_of_both(a, b)
    rows = zip(stretched_row(a, shape), stretched_row(b, shape))
    return [function(one, other) for one, other in rows], shape


def shape_of_both(a, b):
    if is_known(a.shape, b.shape):
        try:
            return broadcast_shapes(a.shape, b.shape)
        except ValueError:
            raise ValueError(
                "operands could not be broadcast together with shapes "
                f"{shape_words(a.shape)} {shape_words(b.shape)} "
            ) from None
    return broadcast_shapes(a.shape, b.shape)


def of_two(function, a, b):
    made, shape = row_of_two(function, a, b)
    return made[0] if len(shape) == 0 else new_objects(made, shape)


def truths_of_two(function, a, b):
    made, shape = row_of_two(function, a, b)
    return array([bool(one) for one in made], bool).reshape(shape)[()]


def truths_of_objects(a):
    return array([bool(one) for one in a.row()], bool).reshape(a.shape)


def the_larger(x, y):
    return x if x >= y else y


def the_smaller(x, y):
    return x if x <= y else y
