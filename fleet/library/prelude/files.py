"""Arrays in files of the run: what np.load, loadtxt and the like read, and what is written.

Reading is NumPy's own, by the host. A program is built for one dtype and rank: of what it has
written itself it knows them, of text it says them or they are two, and np.load's are what `astype`
and `reshape` say.
"""

from primitives import (
    as_dtype,
    cell_of,
    dtype_of,
    field_dtypes,
    file_given,
    is_array,
    is_known,
    is_late_text,
    is_lines,
    known_load,
    layout_of,
    measure_of,
    member_of,
    members_of,
    note_file,
    noted_file,
    path_of,
    read_arrays,
    save_arrays,
    take_array,
)
from primitives import asarray as asarray_


def save(file, arr, allow_pickle=True, fix_imports=None):
    arr = asarray_(arr)
    columns = lies_by_columns(arr)
    if hasattr(file, "write"):
        file._ask("save", "int", arr, columns)
        return
    path = path_of(file)
    given = path
    if not path.endswith(".npy"):
        path = path + ".npy"
    with open(path, "wb") as opened:
        opened._ask("save", "int", arr, columns)
    kind = kind_of(arr, columns)
    note_file(given, kind)
    note_file(given + ".npy", kind)


def savez(file, *args, allow_pickle=True, **kwds):
    save_archive("savez", file, args, kwds, False)


def savez_compressed(file, *args, allow_pickle=True, **kwds):
    save_archive("savez_compressed", file, args, kwds, True)


def save_archive(name, file, args, kwds, compressed):
    named = dict(kwds)
    for i, value in enumerate(args):
        if f"arr_{i}" in named:
            raise ValueError(f"Cannot use un-named variables and keyword arr_{i}")
        named[f"arr_{i}"] = value
    arrays = [asarray_(value) for value in named.values()]
    columns = [lies_by_columns(one) for one in arrays]
    if hasattr(file, "write"):
        file._ask_for_arrays(save_arrays, list(named), arrays, columns, compressed)
        return
    path = path_of(file)
    given = path
    if not path.endswith(".npz"):
        path = path + ".npz"
    with open(path, "wb") as opened:
        opened._ask_for_arrays(save_arrays, list(named), arrays, columns, compressed)
    kinds = {}
    for name, one, by_columns in zip(named, arrays, columns):
        kinds[name] = kind_of(one, by_columns)
    note_file(given, kinds)
    note_file(given + ".npz", kinds)


def kind_of(a, columns):
    """(dtype, rank, whether it lies by columns), the last as far as it is known."""
    if not is_known(columns):
        first = layout_of(a)[0][0]
        columns = is_known(first) and first == a.itemsize
    return (dtype_of(a), a.ndim, columns)


def lies_by_columns(a):
    """Whether NumPy has the elements by columns, and not by rows as well."""
    if a.ndim < 2:
        return False
    found = layout_of(a)
    if found is None:
        unsupported("np.save of a view whose layout only run time knows")
    strides, by_rows, by_columns = found
    if by_rows:
        return False
    if by_rows is not None and by_columns is not None:
        return by_columns
    return are_side_by_side(a, strides, 1) and not are_side_by_side(a, strides, -1)


def are_side_by_side(a, strides, order):
    """Whether the elements are, the first axis innermost, or with order -1 the last."""
    expected = a.itemsize
    for length, stride in zip(a.shape[::order], strides[::order]):
        if length != 1 and stride != expected:
            return a.size == 0
        expected = expected * length
    return True


def method_tofile(self, fid, sep="", format="%s"):
    a = asarray_(self)
    if hasattr(fid, "write"):
        fid._ask("tofile", "int", a, sep, format)
        return
    with open(fid, "wb") as opened:
        opened._ask("tofile", "int", a, sep, format)


# -- np.load


def load(file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding="ASCII", *,
         max_header_size=10000):
    if hasattr(file, "read"):
        return loaded(file._ask_for_arrays(read_file, "load", None, {}), None)
    known = known_load(file)
    if known is not None:
        return known
    path = path_of(file)
    with open(path, "rb") as opened:
        found = read_arrays("load", file_given(opened._file), None, {})
    return loaded(found, noted_file(path))


def read_file(file, call, dtype, options, *more):
    return read_arrays(call, file, dtype, options, *more)


def loaded(found, kind):
    """What was read as what it is known to be. kind: of an array, or by name in an archive."""
    if is_array(found):
        return found
    if kind.__class__ is tuple:
        return array_of_kind(found, kind)
    return NpzFile(found, kind)


def array_of_kind(found, kind):
    if is_array(found):
        return found
    dtype, rank, columns = kind
    made = take_array(found, "np.load", dtype, rank, (), columns)
    return made.T if columns else made


class NpzFile:
    """What np.load has read: an archive, or an array of which dtype and shape are to be said."""

    def __init__(self, found, kinds, dtype=None, shape=None):
        self._found = found
        self._kinds = kinds
        self._dtype = dtype
        self._shape = shape

    # an archive

    @property
    def files(self):
        return list(self._kinds) if self._kinds is not None else members_of(self._found)

    def __getitem__(self, key):
        if not isinstance(key, str):
            self._needed()
        known = self._kinds is not None and not is_late_text(key)
        if known and key.removesuffix(".npy") in self._kinds:
            kind = self._kinds[key.removesuffix(".npy")]
            return array_of_kind(member_of(self._found, key), kind)
        return loaded(member_of(self._found, key), None)

    def get(self, key, default=None):
        if key in self:
            return self[key]
        return default

    def keys(self):
        return self.files

    def __iter__(self):
        return iter(self.files)

    def items(self):
        for key in self.files:
            yield key, self[key]

    def values(self):
        for key in self.files:
            yield self[key]

    def __contains__(self, key):
        return key in self.files

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def close(self):
        pass

    # an array

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        return self._said(as_dtype(dtype), self._shape)

    def reshape(self, *shape, order="C"):
        shape = shape[0] if len(shape) == 1 else shape
        return self._said(self._dtype, shape)

    def ravel(self, order="C"):
        return self._said(self._dtype, -1)

    def flatten(self, order="C"):
        return self._said(self._dtype, -1)

    def _said(self, dtype, shape):
        if dtype is None or shape is None:
            return NpzFile(self._found, self._kinds, dtype, shape)
        return take_array(self._found, "np.load", dtype, -1).reshape(shape)

    @property
    def ndim(self):
        return measure_of(self._found, "ndim")

    @property
    def size(self):
        return measure_of(self._found, "size")

    def __len__(self):
        if self._kinds is not None:
            return len(self._kinds)
        return measure_of(self._found, "len")

    def _needed(self, *_):
        unsupported(
            "np.load of a file that only run time knows, without its dtype and rank,",
            "say both, np.load(path).astype(np.float64).reshape(-1, 3), or name a file that is "
            "beside the program when it is built, or in a folder allowed with --allow-read",
        )

    def __array__(self, dtype=None, copy=None):
        self._needed()

    def __getattr__(self, name):
        self._needed()

    __str__ = __repr__ = __bool__ = __neg__ = __abs__ = __setitem__ = _needed
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _needed
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _needed
    __pow__ = __rpow__ = __matmul__ = __rmatmul__ = _needed
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _needed


NpzFile.__module__ = "numpy.lib.npyio"


# -- text, and bytes without a header


def late_fromfile(file, dtype=float, count=-1, sep="", offset=0, like=None):
    dtype = as_dtype(dtype)
    if hasattr(file, "read"):
        found = file._ask_for_arrays(read_file, "fromfile", dtype, {"sep": sep}, count, offset)
    else:
        with open(file, "rb") as opened:
            found = read_arrays("fromfile", file_given(opened._file), dtype, {"sep": sep}, count,
                                offset)
    return taken_from_file(found, "np.fromfile", dtype, 1, ())


def late_text_array(call, source, options):
    """np.loadtxt or genfromtxt of a file of the run, or of lines that only run time knows."""
    options = dict(options)
    dtype = options.pop("dtype", float)
    if dtype is None:
        unsupported(f"np.{call} of a file that only run time knows, with dtype=None,", "say which")
    dtype = named_dtype(as_dtype(dtype), options)
    converters = options.pop("converters", None)
    unpack = options.pop("unpack", False)
    encoding = options.pop("encoding", None)
    options.pop("like", None)
    columns = options.get("usecols")
    if columns is not None:
        columns = [columns] if columns.__class__ is int else list(columns)
    rows, many = True, columns is None or len(columns) > 1
    if hasattr(source, "read"):
        lines = source
    elif is_lines(source):
        lines = None
    else:
        path = path_of(source)
        kind = noted_file(path)
        if kind is not None:
            rows, some = kind
            many = many and some
        try:
            lines = open(path, encoding=encoding)  # noqa: SIM115  (closed by text_of_lines)
        except FileNotFoundError:
            raise FileNotFoundError(f"{path} not found.") from None
    rows = rows and options.get("max_rows") != 1
    rank = (1 if rows else 0) + (1 if many and dtype.names is None else 0)
    least = options.get("ndmin", 0)
    rank = least if least > rank else rank
    if converters is not None:
        options["converters"] = str
        options["ndmin"] = 2
        found = text_of_lines(call, lines, source, object, options)
        return in_columns(converted(call, found, converters, columns, dtype, rank, rows), unpack)
    found = text_of_lines(call, lines, source, dtype, options)
    return in_columns(taken_from_file(found, f"np.{call}", dtype, rank, ()), unpack)


def text_of_lines(call, lines, source, dtype, options):
    if lines is None:
        return read_arrays(call, source, dtype, options)
    found = lines._ask_for_arrays(read_file, call, dtype, options)
    if not hasattr(source, "read"):
        lines.close()
    return found


def named_dtype(dtype, options):
    """The dtype with the names that np.genfromtxt is given, each of one number."""
    names = options.get("names")
    if names is None:
        return dtype
    if names is True:
        unsupported("np.genfromtxt(names=True) of a file that only run time knows",
                    'say which names: names="a,b" or dtype=[("a", float), ("b", float)]')
    names = names.split(",") if names.__class__ is str else names
    if dtype.names is None:
        return as_dtype([(name.strip(), dtype) for name in names])
    return as_dtype([(name.strip(), dtype[i]) for i, name in enumerate(names)])


def taken_from_file(found, call, dtype, rank, path):
    """The array that was read; of a structured dtype its columns."""
    if is_array(found) or dtype.names is None:
        return take_array(found, call, dtype, rank, path)
    fields = {}
    shape = None
    for name, one, inner in field_dtypes(dtype):
        fields[name] = taken_from_file(found, call, one, rank + len(inner), (*path, name))
        shape = fields[name].shape[:rank]
    return Records(fields, dtype, shape)


def in_columns(made, unpack):
    if not unpack:
        return made
    if made.dtype.names is not None:
        return [made[name] for name in made.dtype.names]
    return made.T


def converted(call, found, converters, columns, dtype, rank, rows):
    """Texts of cells, of which functions of the program make numbers."""
    if dtype.names is not None or call != "loadtxt":
        unsupported(f"np.{call} of a file that only run time knows, with converters and a "
                    "structured dtype,", "use np.loadtxt with usecols, and convert what it gives")
    plain = int if dtype.kind in "iu" else float
    if columns is None:
        columns = range(measure_of(found, "columns"))
    made = zeros((measure_of(found, "len"), len(columns)), dtype)
    for i in range(made.shape[0]):
        for j, column in enumerate(columns):
            made[i, j] = converted_cell(cell_of(found, i, j), column, converters, plain)
    if rank == 1:
        return made[:, 0] if rows else made[0]
    return made


def converted_cell(text, column, converters, plain):
    if converters.__class__ is not dict:
        return converters(text)
    for wanted, convert in converters.items():
        if column == wanted:
            return convert(text)
    return plain(text)
