"""Arrays of texts: arrays of code points, with one axis more.

In: texts, or a shape and a width. Out: objects that are to programs what NumPy's arrays of `<U…`
are. The one idea: a text of n characters is a row of n numbers with zeros after its end, as NumPy
has it, so subscripts, views and comparisons are those of plain arrays; only its print, its order
and what `np.strings` does asks the host.
"""

from primitives import (
    as_dtype,
    ask_array,
    codes_of,
    dtype_of,
    dtype_of_codes,
    is_known,
    is_open,
    is_text_array,
    is_texts,
    lengths,
    list_of_codes,
    names_texts,
    refuse_texts,
    require_one_dtype,
    text_of_codes,
    text_width,
    texts_shown,
    width_of_numbers,
)
from primitives import concatenate as concatenate_
from primitives import full as full_
from primitives import where as where_


def made_texts(value, dtype=None):
    """np.array(value, dtype), of texts or of what becomes texts."""
    if is_text_array(value):
        return value.copy() if dtype is None else value.astype(dtype)
    if is_array_of_numbers(value):
        return texts_of_numbers(value, dtype)
    return TextArray(codes_of(value, dtype))


def is_array_of_numbers(value):
    return isinstance(value, ndarray)


def texts_of_numbers(a, dtype=None):
    """The texts that NumPy gives numbers."""
    a = asarray(a)
    width = text_width(dtype)
    width = width_of_numbers(dtype_of(a)) if width == 0 else width
    shape = a.shape
    flat = ask_array("number_texts", "uint32", (None, width), ravel(a), width)
    return TextArray(flat.reshape((*shape, width)))


def full_texts(shape, value, dtype):
    """np.full, zeros and empty of texts."""
    shape = lengths(shape)
    codes = codes_of(value, dtype)
    width = codes.shape[-1]
    return TextArray(broadcast_to(codes, (*shape, width)).copy())


def empty_texts(shape, dtype):
    width = text_width(dtype)
    return TextArray(full_((*lengths(shape), 1 if width == 0 else width), 0, "uint32"))


def as_texts(value):
    """An array of texts of an array or a text; None: it is neither."""
    if is_text_array(value):
        return value
    return TextArray(codes_of(value, None)) if is_texts(value, None) else None


def fitted(codes, width):
    """The rows with another number of characters, cut or filled up with zeros."""
    own = codes.shape[-1]
    if is_known(own, width) and own == width:
        return codes
    if is_known(own, width) and own > width:
        return codes[..., :width]
    if is_known(own, width):
        return with_zeros(codes, width - own)
    kept = codes[..., :width]
    return with_zeros(kept, width - kept.shape[-1])


def with_zeros(codes, count):
    more = full_((*codes.shape[:-1], count), 0, "uint32")
    return concatenate_([codes, more], codes.ndim - 1)


def widest(several):
    """As many characters as the longest of them has."""
    width = 0
    for one in several:
        own = one._codes.shape[-1]
        width = own if own > width else width
    return width


def subscript_of_rows(key):
    """A subscript of an array of texts as one of its code points."""
    if key.__class__ is tuple:
        for one in key:
            if one is Ellipsis:
                return (*key, slice(None))
        return key
    return (Ellipsis, slice(None)) if key is Ellipsis else key


def refuse_attribute(kind, name, whose, instead):
    """An attribute that arrays of ours have not: the error of Python's, or our refusal."""
    if hasattr(ndarray, name):
        unsupported(f"the attribute `{name}` of {whose}", instead)
    raise AttributeError(f"'numpy.{kind}' object has no attribute '{name}'")


class TextArray:
    """An array of texts; `_codes`: uint32, of one axis more."""

    _fleet_holds = "texts"
    __hash__ = None

    def __init__(self, codes):
        self._codes = codes

    def __getattr__(self, name):
        instead = "go through the texts: a.tolist()"
        return refuse_attribute("ndarray", name, "arrays of texts", instead)

    @property
    def dtype(self):
        width = self._codes.shape[-1]
        return as_dtype(f"<U{width}") if is_known(width) else dtype_of_codes(self._codes)

    @property
    def shape(self):
        return self._codes.shape[:-1]

    @property
    def ndim(self):
        return self._codes.ndim - 1

    @property
    def size(self):
        return elements_of(self.shape)

    @property
    def itemsize(self):
        return 4 * self._codes.shape[-1]

    @property
    def nbytes(self):
        return self.size * self.itemsize

    @property
    def T(self):
        return self.transpose()

    @property
    def flat(self):
        return self.ravel()

    def __getitem__(self, key):
        found = self._codes[subscript_of_rows(key)]
        if found.ndim > 1 or key is Ellipsis or (key.__class__ is tuple and has_ellipsis(key)):
            return TextArray(found)
        return text_of_codes(found)

    def rows(self, key):
        """What a subscript chooses, as an array also where that is one text."""
        return TextArray(self._codes[subscript_of_rows(key)])

    def __setitem__(self, key, value):
        given = TextArray(codes_of(value, None)) if is_open(value) else as_texts(value)
        if given is None:
            given = texts_of_numbers(value)
        self._codes[subscript_of_rows(key)] = fitted(given._codes, self._codes.shape[-1])

    def __len__(self):
        if self.ndim == 0:
            raise TypeError("len() of unsized object")
        return self._codes.shape[0]

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        return iter(map(self.__getitem__, range(len(self))))

    def __contains__(self, value):
        return bool(any(self == value))

    def __str__(self):
        return texts_shown("array_str", self._codes)

    def __repr__(self):
        return texts_shown("array_repr", self._codes)

    def __format__(self, spec):
        if spec != "":
            raise TypeError("unsupported format string passed to numpy.ndarray.__format__")
        return str(self)

    def __eq__(self, other):
        return compared_texts(self, other, equal_codes, "equal")

    def __ne__(self, other):
        return compared_texts(self, other, lambda a, b: ~equal_codes(a, b), "not_equal")

    def __lt__(self, other):
        return ordered_texts(self, other, less, "less")

    def __le__(self, other):
        return ordered_texts(self, other, less_equal, "less_equal")

    def __gt__(self, other):
        return ordered_texts(self, other, greater, "greater")

    def __ge__(self, other):
        return ordered_texts(self, other, greater_equal, "greater_equal")

    def __add__(self, other):
        return added_texts(self, other)

    def __radd__(self, other):
        return added_texts(other, self)

    def __sub__(self, other):
        refuse_texts("subtract", self, other)

    def __rsub__(self, other):
        refuse_texts("subtract", other, self)

    def __mul__(self, other):
        refuse_texts("multiply", self, other)

    def __rmul__(self, other):
        refuse_texts("multiply", other, self)

    def __truediv__(self, other):
        refuse_texts("divide", self, other)

    def __rtruediv__(self, other):
        refuse_texts("divide", other, self)

    def __floordiv__(self, other):
        refuse_texts("floor_divide", self, other)

    def __rfloordiv__(self, other):
        refuse_texts("floor_divide", other, self)

    def __mod__(self, other):
        refuse_texts("remainder", self, other)

    def __rmod__(self, other):
        refuse_texts("remainder", other, self)

    def __pow__(self, other):
        refuse_texts("power", self, other)

    def __rpow__(self, other):
        refuse_texts("power", other, self)

    def __and__(self, other):
        refuse_texts("bitwise_and", self, other)

    def __rand__(self, other):
        refuse_texts("bitwise_and", other, self)

    def __or__(self, other):
        refuse_texts("bitwise_or", self, other)

    def __ror__(self, other):
        refuse_texts("bitwise_or", other, self)

    def __xor__(self, other):
        refuse_texts("bitwise_xor", self, other)

    def __rxor__(self, other):
        refuse_texts("bitwise_xor", other, self)

    def __neg__(self):
        refuse_texts("negative", self)

    def __pos__(self):
        refuse_texts("positive", self)

    def __abs__(self):
        refuse_texts("absolute", self)

    def __invert__(self):
        refuse_texts("invert", self)

    def as_array(self):
        return self

    def copy(self, order="C"):
        return TextArray(self._codes.copy())

    def reshape(self, *shape, order="C"):
        shape = shape[0] if len(shape) == 1 and shape[0].__class__ in (tuple, list) else shape
        shape = rows_shape(shape, self.size)
        return TextArray(self._codes.reshape((*shape, self._codes.shape[-1])))

    def ravel(self, order="C"):
        return self.reshape(-1)

    def flatten(self, order="C"):
        return self.reshape(-1).copy()

    def transpose(self, *axes):
        axes = axes[0] if len(axes) == 1 and axes[0].__class__ in (tuple, list) else axes
        axes = tuple(range(self.ndim))[::-1] if len(axes) == 0 else tuple(axes)
        return TextArray(transpose(self._codes, (*axes, self.ndim)))

    def fill(self, value):
        self[...] = value

    def tolist(self):
        return list_of_codes(self._codes)

    def item(self, *at):
        if len(at) == 0 and is_known(self.size) and self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        row = self.ravel()
        return str(row[0 if len(at) == 0 else at[0]]) if len(at) < 2 else str(self[at])

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        if names_texts(dtype):
            width = text_width(dtype)
            return TextArray(fitted(self._codes, self._codes.shape[-1] if width == 0 else width))
        dtype = as_dtype(dtype)
        shape = self.shape
        codes = self.ravel()._codes
        if dtype == "bool" or dtype.kind not in "iuf" or dtype == "float16":
            unsupported(f"texts as {dtype}", "take them as float or int")
        return ask_array("text_numbers", dtype, (None,), codes, str(dtype)).reshape(shape)

    def argsort(self, axis=-1, kind=None, order=None):
        return argsort(text_ranks(self), axis, "stable")

    def sort(self, axis=-1, kind=None, order=None):
        self[...] = sorted_texts(self, axis)

    def take(self, indices, axis=None, out=None, mode="raise"):
        if axis is None:
            return TextArray(take(self.ravel()._codes, indices, 0, None, mode))
        return TextArray(take(self._codes, indices, axis % self.ndim, None, mode))

    def repeat(self, repeats, axis=None):
        if axis is None:
            return TextArray(repeat(self.ravel()._codes, repeats, 0))
        return TextArray(repeat(self._codes, repeats, axis % self.ndim))

    def squeeze(self, axis=None):
        shape = squeeze(full_(self.shape, False, bool), axis).shape
        return self.reshape(shape)


def call_it_ndarray(cls):
    """The class is shown under NumPy's name."""
    cls.__module__, cls.__name__, cls.__qualname__ = "numpy", "ndarray", "ndarray"


call_it_ndarray(TextArray)


def has_ellipsis(key):
    return bool([one for one in key if one is Ellipsis])


def rows_shape(shape, size):
    """A shape in which one length may be -1."""
    return full_((size,), False, bool).reshape(shape).shape


def added_texts(a, b):
    if as_texts(a) is None or as_texts(b) is None:
        refuse_texts("add", a, b)
    return strings_call("add", (a, b))


def compared_texts(a, other, comparison, name):
    """name: the ufunc's, which refuses numbers."""
    b = as_texts(other)
    if b is not None:
        return comparison(a, b)
    if name not in ("equal", "not_equal"):
        refuse_texts(name, a, other)
    shape, is_other = () if other is None else asarray(other).shape, name == "not_equal"
    return full_(a.shape, is_other, bool) & full_(shape, is_other, bool)


def ordered_texts(a, b, comparison, name):
    return compared_texts(a, b, lambda a, b: ordered_codes(comparison, a, b), name)


def equal_codes(a, b):
    width = widest((a, b))
    return all(fitted(a._codes, width) == fitted(b._codes, width), -1)


def ordered_codes(comparison, a, b):
    """A comparison of the ranks that the texts of both have among all."""
    width = widest((a, b))
    left, right = fitted(a.ravel()._codes, width), fitted(b.ravel()._codes, width)
    ranks = ask_array("text_ranks", int, (None,), concatenate_([left, right], 0))
    first = ranks[: a.size].reshape(a.shape)
    return comparison(first, ranks[a.size :].reshape(b.shape))


def text_ranks(a):
    """Numbers that have the order of the texts."""
    shape = a.shape
    return ask_array("text_ranks", int, (None,), a.ravel()._codes).reshape(shape)


def sorted_texts(a, axis=-1):
    if axis is None:
        a, axis = a.ravel(), 0
    if a.ndim == 1:
        return TextArray(a._codes[argsort(text_ranks(a), kind="stable")])
    order = argsort(text_ranks(a), axis, "stable")
    return TextArray(take_along_axis(a._codes, order[..., None], axis % a.ndim))


def unique_texts(ar, return_index, return_inverse, return_counts):
    """np.unique, without an axis."""
    shape = ar.shape
    row = ar.ravel()
    found = unique(text_ranks(row), True, return_inverse, return_counts)
    values = TextArray(row._codes[found[1]])
    if not (return_index or return_inverse or return_counts):
        return values
    rest = found[1:] if return_index else found[2:]
    if return_inverse:
        at = 1 if return_index else 0
        rest = (*rest[:at], rest[at].reshape(shape), *rest[at + 1 :])
    return (values, *rest)


def joined_texts(arrays, axis):
    """np.concatenate of arrays of texts, and of lists of them."""
    arrays = [a if is_text_array(a) else made_texts(a) for a in arrays]
    if axis is None:
        arrays, axis = [a.ravel() for a in arrays], 0
    width = widest(arrays)
    rank = arrays[0].ndim
    if rank == 0:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    return TextArray(concatenate_([fitted(a._codes, width) for a in arrays], axis % rank))


def chosen_texts(condition, x, y):
    """np.where of texts."""
    require_one_dtype(x, y)
    x, y = made_texts(x), made_texts(y)
    width = widest((x, y))
    condition = asarray(condition)
    return TextArray(where_(condition[..., None], fitted(x._codes, width), fitted(y._codes, width)))


def is_in_texts(element, test_elements, invert=False):
    """np.isin."""
    row = made_texts(test_elements).ravel()
    a = made_texts(element)
    width = widest((a, row))
    shape = a.shape
    codes = [fitted(one._codes, width) for one in (a.ravel(), row)]
    ranks = ask_array("text_ranks", int, (None,), concatenate_(codes, 0))
    return isin(ranks[: a.size], ranks[a.size :], invert=invert).reshape(shape)


# -- np.strings

OF_TRUTH = """startswith endswith isalpha isdigit isdecimal isnumeric isspace isupper islower
    isalnum istitle""".split()
OF_COUNT = "str_len find rfind index rindex count".split()


def strings_call(name, values):
    """A function of np.strings: the host's."""
    kinds, given, shapes = "", [], []
    for value in values:
        texts = as_texts(value)
        kinds = kinds + ("v" if texts is None else "t")
        given.append(value if texts is None else texts._codes)
        shapes.append(asarray(value).shape if texts is None else texts.shape)
    rank = len(broadcast_shapes(*shapes))
    dtype = bool if name in OF_TRUTH else int if name in OF_COUNT else "uint32"
    dims = (None,) * (rank if dtype != "uint32" else rank + 1)
    made = ask_array("strings_function", dtype, dims, name, kinds, *given)
    if dtype == "uint32":
        return TextArray(made)
    return made[()] if rank == 0 else made
