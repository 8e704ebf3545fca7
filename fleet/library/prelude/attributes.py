"""Attributes of arrays that are objects of their own: `.flat`, `.flags`; views of other dtypes."""

from primitives import (
    as_bytes,
    as_dtype,
    base_of,
    cast,
    copy_of,
    dtype_of,
    is_known,
    is_structured,
    is_writeable,
    known_view,
    layout_of,
    np_dtype,
    of_parts,
    part,
    places_in_memory,
    set_writeable,
    shares,
    sides_of,
    view_bits,
    walked_axes,
)
from primitives import copy as copy_


class flatiter:
    """`a.flat`."""

    def __init__(self, base):
        self.base = base
        self.index = 0

    def __len__(self):
        return self.base.size

    def __iter__(self):
        yield from ravel(self.base)

    def __next__(self):
        if self.index >= self.base.size:
            raise StopIteration
        self.index += 1
        return ravel(self.base)[self.index - 1]

    @property
    def coords(self):
        return tuple(unravel_index(self.index, self.base.shape))

    def copy(self):
        return copy_(ravel(self.base))

    def __array__(self, dtype=None):
        return copy_(ravel(self.base))

    def __getitem__(self, key):
        size = self.base.size
        if isinstance(key, int) and is_known(key, size) and not -size <= key < size:
            raise IndexError(f"index {key} is out of bounds for size {size}")
        found = ravel(self.base)[key]
        return copy_(found) if isinstance(found, ndarray) else found

    def __setitem__(self, key, value):
        row = ravel(self.base)
        if isinstance(value, (list, tuple, ndarray)):
            value = cast_if(ravel(value), dtype_of(self.base))
            count = row[key].size
            value = repeated(value, count)
        row[key] = value
        if not shares(row, self.base):
            self.base[...] = row.reshape(self.base.shape)


def attribute_flat(a):
    return flatiter(a)


class FlagsOfArray:
    """`a.flags`."""

    def __init__(self, array):
        self._array = array

    @property
    def c_contiguous(self):
        return sides_of(self._array)[0]

    @property
    def f_contiguous(self):
        return sides_of(self._array)[1]

    contiguous = c_contiguous

    @property
    def fortran(self):
        return self.f_contiguous

    @property
    def fnc(self):
        return not self.c_contiguous and self.f_contiguous  # arrays in C's order: known at once

    @property
    def forc(self):
        return self.c_contiguous or self.f_contiguous

    @property
    def owndata(self):
        return base_of(self._array) is None

    @property
    def writeable(self):
        return is_writeable(self._array)

    @writeable.setter
    def writeable(self, truth):
        set_writeable(self._array, bool(truth))

    aligned = True
    writebackifcopy = False

    def __getitem__(self, name):
        short = {"C": "c_contiguous", "F": "f_contiguous", "O": "owndata", "W": "writeable",
                 "A": "aligned", "X": "writebackifcopy"}  # fmt: skip
        own = short.get(name, str(name).lower())
        if own not in FLAGS and own not in ("contiguous", "fortran", "fnc", "forc"):
            raise KeyError("Unknown flag")
        return getattr(self, own)

    def __setitem__(self, name, value):
        if name not in ("W", "WRITEABLE"):
            raise KeyError("Unknown flag")
        self.writeable = value

    def __repr__(self):
        return "".join([f"  {name.upper()} : {getattr(self, name)}\n" for name in FLAGS])


FLAGS = ("c_contiguous", "f_contiguous", "owndata", "writeable", "aligned", "writebackifcopy")


def attribute_flags(a):
    return FlagsOfArray(a)


def attribute_strides(a):
    return layout_of(a)[0]


def attribute_base(a):
    return base_of(a)


def method_setflags(a, write=None, align=None, uic=None):
    if write is not None:
        set_writeable(a, bool(write))


def method_view(a, dtype=None, type=None):
    if dtype is None or dtype is ndarray:
        return view_bits(a, dtype_of(a))
    if is_structured(dtype):
        return rows_as_records(a, as_dtype(dtype))
    dtype = np_dtype(dtype)
    before, after = dtype_of(a).itemsize, dtype.itemsize
    if is_known(a) and before != after:
        return known_view(a, dtype)
    if dtype_of(a).kind == "c" and before > after and a.ndim:
        parts = stack([part("real", a), part("imag", a)], -1)
        made = method_view(parts.reshape((*a.shape[:-1], 2 * a.shape[-1])), dtype)
        return copy_of(made, a, VIEW_OF_OTHER_SIZE)
    if before == after:
        if dtype_of(a) == "bool" and dtype.kind in "iu":
            return copy_of(cast(a, dtype), a, VIEW_OF_OTHER_SIZE)
        return view_bits(a, dtype)
    if a.ndim == 0:
        raise ValueError("Changing the dtype of a 0d array is only supported if the itemsize is "
                         "unchanged")  # fmt: skip
    if before > after:
        made = narrower(a, before // after, after)
    else:
        times = after // before
        if a.shape[-1] % times:
            raise ValueError(
                "When changing to a larger dtype, its size must be a divisor of the total size in "
                "bytes of the last axis of the array."
            )
        made = wider(a, times, before, after)
    made = made if dtype_of(made) == dtype else view_bits(made, dtype)
    return copy_of(made, a, VIEW_OF_OTHER_SIZE)


def method_tobytes(a, order="C"):
    if dtype_of(a) == "bool":
        return as_bytes(cast(ravel(a, order), "uint8"))
    return as_bytes(method_view(copy(ravel(a, order)), "uint8"))


VIEW_OF_OTHER_SIZE = "a view of a dtype of another size is a copy here"


def method_byteswap(a, inplace=False):
    made = with_bytes_swapped(a)
    if inplace:
        a[...] = made
    return a if inplace else made


def with_bytes_swapped(a):
    dtype = dtype_of(a)
    if dtype.kind == "c":
        return of_parts(*[with_bytes_swapped(part(name, a)) for name in ("real", "imag")])
    if dtype.itemsize == 1:
        return copy_(a)
    word, made = as_unsigned(a, dtype.itemsize), 0
    for _ in range(dtype.itemsize):
        made, word = made << 8 | word & 255, word >> 8
    return copy_(view_bits(made, dtype))


def as_unsigned(a, size):
    name = f"uint{8 * size}"
    if dtype_of(a) == "bool":
        return cast(a, name)
    return a if dtype_of(a) == name else view_bits(a, name)


def narrower(a, times, size):
    bits = as_unsigned(a, size * times)
    shifts = arange(times, dtype=dtype_of(bits)) * cast(8 * size, dtype_of(bits))
    parts = cast(right_shift(bits[..., None], shifts), f"uint{8 * size}")
    return parts.reshape(a.shape[:-1] + (a.shape[-1] * times,))


def wider(a, times, size, after):
    name = f"uint{8 * after}"
    bits = cast(as_unsigned(a, size), name).reshape(a.shape[:-1] + (a.shape[-1] // times, times))
    made = bits[..., 0]
    for k in range(1, times):
        made = bitwise_or(made, left_shift(bits[..., k], cast(8 * size * k, name)))
    return made


def shares_memory(a, b, max_work=None):
    if not shares(a, b) or a.size == 0 or b.size == 0:
        return False
    return bool(any(isin(ravel(places_of(a)), ravel(places_of(b)))))


def may_share_memory(a, b, max_work=None):
    if not shares(a, b) or a.size == 0 or b.size == 0:
        return False
    here, there = places_of(a), places_of(b)
    return bool(here.min() <= there.max() and there.min() <= here.max())


def places_of(a):
    """Where each of an array's elements lies in the memory that it shares."""
    made = places_in_memory(a)
    if made is None:
        unsupported("np.shares_memory of a view of another dtype, or of an array whose memory only "
                    "run time knows")  # fmt: skip
    return made


# -- iterators


class ndindex:
    """Positions of an array of this shape, as tuples of ints."""

    def __init__(self, *shape):
        one = len(shape) == 1 and isinstance(shape[0], (tuple, list))
        self.shape = tuple(shape[0]) if one else shape
        for n in self.shape:
            if n < 0:
                raise ValueError("negative dimensions are not allowed")

    def __iter__(self):
        total = 1
        for n in self.shape:
            total = total * n
        for i in range(total):
            yield place_of_element(i, self.shape)


class ndenumerate:
    def __init__(self, arr):
        self.array = asarray(arr)

    def __iter__(self):
        shape, row = self.array.shape, ravel(self.array)
        for i in range(row.shape[0]):
            yield place_of_element(i, shape), row[i]


def place_of_element(i, shape):
    """A position in a row as a tuple of ints."""
    at = []
    for n in shape[:0:-1]:
        at.append(i % n)
        i = i // n
    return tuple([i] + at[::-1]) if len(shape) else ()


class nditer:
    """Elements in the order of rows, of several arrays together, as arrays of rank 0."""

    def __init__(self, op, flags=None, op_flags=None, op_dtypes=None, order="K", casting="safe",
                 op_axes=None, itershape=None, buffersize=0):  # fmt: skip
        for flag in flags or ():
            if flag not in NDITER_FLAGS:
                unsupported(f"the flag {flag!r} of np.nditer")
        self.in_rows = "external_loop" in (flags or ())
        if self.in_rows and ("multi_index" in flags or "c_index" in flags):
            raise ValueError(
                "Iterator flag EXTERNAL_LOOP cannot be used if an index or multi-index is being "
                "tracked"
            )
        if op_dtypes is not None or op_axes is not None or itershape is not None:
            unsupported("this option of np.nditer")
        several = isinstance(op, (list, tuple)) and len(op) > 0 and (
            isinstance(op[0], (list, tuple, ndarray)) or op[-1] is None)  # fmt: skip
        given = list(op) if several else [op]
        shape = broadcast_shapes(*[shape_of_operand(one) for one in given if one is not None])
        made = []
        for one in given:
            if one is None:
                one = zeros(shape, made[0].dtype)
            one = asarray(one)
            made.append(one if one.ndim == len(shape) else broadcast_to(one, shape))
        alone = len(made) == 1
        self.operands = tuple([
            one if alone or one.shape == shape else broadcast_to(one, shape)
            for one in made])  # fmt: skip
        self.axes, self.turned = iteration_order(self.operands, order)
        ways = [slice(None, None, -1) if axis in self.turned else slice(None)
                for axis in self.axes]  # fmt: skip
        self.views = [transpose(one, self.axes)[tuple(ways)] if len(shape) else one
                      for one in self.operands]  # fmt: skip
        self.shape = shape
        self.ndim = len(shape)
        self.several = several
        self.index = 0
        self.rows = [ravel(one) for one in self.views]
        self.in_place = [shares(row, one) for row, one in zip(self.rows, self.views)]
        self.itersize = self.rows[0].shape[0]
        if self.itersize == 0 and "zerosize_ok" not in (flags or ()):
            raise ValueError("Iteration of zero-sized operands is not enabled")
        self.count = self.itersize
        if self.in_rows:
            self.rows = self.longest_rows()
            self.in_place = [True] * len(self.rows)
            self.outer = self.rows[0].shape[:-1]
            self.count = size_of_shape(self.outer)
            if "buffered" in flags and not (len(self.outer) == 0 and is_known(self.itersize)
                                            and self.itersize <= 8192):  # fmt: skip
                unsupported("np.nditer with external_loop and buffered of more than one row")

    def longest_rows(self):
        """The operands with as many of the inner axes as one as lie together in all of them."""
        for k in range(len(self.shape)):
            rows = [one.reshape(one.shape[:k] + (-1,)) for one in self.views]
            if False not in [shares(row, one) for row, one in zip(rows, self.views)]:
                return rows
        return [one.reshape(1) for one in self.views]

    def at(self, i):
        if not self.several:
            return self.one_at(0, i)
        return tuple([self.one_at(k, i) for k in range(len(self.rows))])

    def one_at(self, k, i):
        """An element of an operand, or a row of them, as a view of it."""
        if self.in_rows:
            return self.rows[k][(*place_of_element(i, self.outer), slice(None))]
        if self.in_place[k]:
            return self.rows[k][i, ...]
        at = place_of_element(i, self.views[k].shape)
        return self.views[k][tuple([slice(n, n + 1) for n in at])].reshape(())

    def __iter__(self):
        return iter(map(self.moved_to, range(self.count)))

    def moved_to(self, i):
        self.index = i
        return self.at(i)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    @property
    def value(self):
        return self.at(self.index)

    def __getitem__(self, k):
        return self.one_at(k, self.index)

    def __setitem__(self, k, value):
        self.one_at(k, self.index)[...] = value

    @property
    def finished(self):
        return self.index >= self.count

    @property
    def multi_index(self):
        at = place_of_element(self.index, self.views[0].shape)
        found = list(self.shape)
        for axis, n in zip(self.axes, at):
            found[axis] = self.shape[axis] - 1 - n if axis in self.turned else n
        return tuple(found)

    def iternext(self):
        self.index += 1
        return self.index < self.count

    def reset(self):
        self.index = 0

    def close(self):
        return None


NDITER_FLAGS = ("multi_index", "c_index", "refs_ok", "zerosize_ok", "buffered", "external_loop")


def size_of_shape(shape):
    count = 1
    for n in shape:
        count = count * n
    return count


def iteration_order(operands, order):
    """(the axes from the outermost, those that are run through backwards): as memory has them."""
    axes = list(range(operands[0].ndim))
    if order == "F":
        return axes[::-1], []
    if order == "C" or len(axes) == 0:
        return axes, []
    made, turned = walked_axes(operands)
    return made, turned if order == "K" else []


def shape_of_operand(one):
    return asarray(one).shape


for made in (flatiter, ndindex, ndenumerate, nditer):
    call_it(made, made.__name__)
