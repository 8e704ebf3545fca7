"""Structured arrays: a table of named columns, each an array of its own.

In: a dtype with names, and rows or a shape. Out: an object with one array for each field, whose
elements are its columns' and whose text NumPy makes. The one idea: a field is a view of the table
and a slice of the table is the table of slices, so everything else is indexing of plain arrays.
"""

from primitives import concatenate as concatenate_
from primitives import (
    dtype_of,
    dtype_of_fields,
    field_dtypes,
    is_open,
    known,
    lengths,
    names_texts,
    record_text,
    rows_of_records,
)
from primitives import full as full_


def new_records(shape, value, dtype):
    """np.zeros, ones, full of a structured dtype."""
    shape = lengths(shape)
    fields = {}
    for name, one, inner in field_dtypes(dtype):
        if names_texts(one):
            fields[name] = empty_texts(shape + inner, one)
        elif one.names is None:
            fields[name] = full_(shape + inner, value, one)
        else:
            fields[name] = new_records(shape + inner, value, one)
    return Records(fields, dtype, shape)


def made_records(rows, dtype):
    """np.array of rows, which are tuples."""
    if is_open(rows):
        return records_of_run_time(rows, dtype)
    if rows.__class__ is tuple:
        return made_records([rows], dtype)[0].as_array()
    whole = rows_of_records(rows, dtype)
    if whole is not None:
        return from_known(whole, dtype, ())
    made = new_records((len(rows),), 0, dtype)
    for i in range(len(rows)):
        made[i] = rows[i]
    return made


def records_of_run_time(rows, dtype):
    """np.array of a list of which only run time knows how many rows it has."""
    made = new_records((len(rows),), 0, dtype)
    for i in range(len(rows)):
        made[i] = row_of_run_time(rows[i], dtype)
    return made


def row_of_run_time(row, dtype):
    """The items of what only run time knows to be a tuple."""
    count = len(dtype.names)
    if len(row) != count:
        raise ValueError(
            f"could not assign tuple of length {len(row)} to structure with {count} fields."
        )
    return tuple([row[k] for k in range(count)])


def from_known(whole, dtype, path):
    """The columns of an array that is known now."""
    fields = {}
    for name, one, _ in field_dtypes(dtype):
        here = (*path, name)
        if one.names is None:
            fields[name] = copy(whole(here))
        else:
            fields[name] = from_known(whole, one, here)
    return Records(fields, dtype, whole(()))


def rows_as_records(a, dtype):
    """a.view(dtype): rows of as many numbers as there are fields, each of the array's own dtype."""
    names = dtype.names
    for _, one, inner in field_dtypes(dtype):
        if one != dtype_of(a) or len(inner) > 0:
            unsupported(
                f"a view of {dtype_of(a)} under a dtype with other fields",
                "make an array of zeros of that dtype, and write its fields",
            )
    if a.ndim == 0 or a.shape[-1] % len(names) != 0:
        raise ValueError(
            "When changing to a larger dtype, its size must be a divisor of the total size in "
            "bytes of the last axis of the array."
        )
    fields = {name: a[..., at :: len(names)] for at, name in enumerate(names)}
    return Records(fields, dtype, (*a.shape[:-1], a.shape[-1] // len(names)))


def unique_records(a, return_index, return_inverse, return_counts):
    """np.unique of a structured array."""
    if not hasattr(a, "_fields"):  # NumPy's own
        return known("unique", a, return_index, return_inverse, return_counts)
    row = a.map_columns(ravel, (a.size,))
    ranks = zeros(a.size, int)
    for name in a.dtype.names:
        inner = unique(row.column(name), return_inverse=True)[1].reshape(-1)
        ranks = unique(ranks * (a.size + 1) + inner, return_inverse=True)[1].reshape(-1)
    found = unique(ranks, True, return_inverse, return_counts)
    values = row[found[1]]
    if not (return_index or return_inverse or return_counts):
        return values
    rest = found[1:] if return_index else found[2:]
    return (values, *rest)


def number_for(column, value):
    """What only run time knows as a number such as a column has; texts and rows as they are."""
    if isinstance(column, (Table, TextArray)):
        return value
    kind = dtype_of(column).kind
    if kind == "c":
        return complex(value)
    return float(value) if kind == "f" else bool(value) if kind == "b" else int(value)


class Table:
    """What tables and their rows have in common."""

    def __init__(self, fields, dtype, shape):
        self._fields = fields
        self.dtype = dtype
        self.shape = shape

    def __getattr__(self, name):
        kind = "ndarray" if self.shape else "void"
        instead = "use its fields, plain arrays: a['x']"
        return refuse_attribute(kind, name, "structured arrays", instead)

    def column(self, name):
        if name not in self._fields:
            raise ValueError(f"no field of name {name}")
        return self._fields[name]

    def leaves(self):
        """The plain arrays, in order."""
        found = []
        for one in self._fields.values():
            if isinstance(one, TextArray):
                found = found + [one._codes]
            else:
                found = found + (one.leaves() if isinstance(one, Table) else [one])
        return found

    def put(self, key, value):
        """Elements replaced, column by column."""
        if is_open(value):
            value = row_of_run_time(value, self.dtype)
        if isinstance(value, Table):
            value = tuple([value.column(name) for name in value.dtype.names])
        if value.__class__ is not tuple:
            value = tuple([value for _ in self._fields])
        if len(value) != len(self._fields):
            raise ValueError(
                f"could not assign tuple of length {len(value)} to structure with "
                f"{len(self._fields)} fields."
            )
        for one, column in zip(value, self._fields.values()):
            column[key] = number_for(column, one) if is_open(one) else one

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def itemsize(self):
        return self.dtype.itemsize


class Records(Table):
    """A structured array."""

    _fleet_holds = "records"

    def __getitem__(self, key):
        if key.__class__ is str:
            return self.column(key)
        if key.__class__ is list and len(key) > 0 and key[0].__class__ is str:
            return self.subset(key)
        if key is Ellipsis:
            return self
        fields = {name: chosen_rows(column, key) for name, column in self._fields.items()}
        dtype, shape = self.dtype, row_shape(self.shape, key)
        return Record(fields, dtype, ()) if shape is None else Records(fields, dtype, shape)

    def subset(self, names):
        fields = {name: self.column(name) for name in names}
        return Records(fields, dtype_of_fields(self.dtype, names), self.shape)

    def __setitem__(self, key, value):
        if key.__class__ is str:
            self.column(key)[...] = value
        elif value.__class__ is list:
            made = made_records(value, self.dtype)
            self.put(key, made)
        else:
            self.put(key, value)

    def __len__(self):
        if len(self.shape) == 0:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self):
        for i in range(len(self)):
            yield self[i]

    def __str__(self):
        return text_of("str", self, self.shape)

    def __repr__(self):
        return text_of("repr", self, self.shape)

    def __eq__(self, other):
        return equal_columns(self, other)

    def __ne__(self, other):
        return ~equal_columns(self, other)

    def map_columns(self, function, shape):
        fields = {name: function(column) for name, column in self._fields.items()}
        return Records(fields, self.dtype, shape)

    @property
    def size(self):
        return elements_of(self.shape)

    @property
    def nbytes(self):
        return self.size * self.dtype.itemsize

    @property
    def T(self):
        if len(self.shape) < 2:
            return self
        order = tuple(range(len(self.shape)))[::-1]
        return self.map_columns(lambda column: transposed(column, order), self.shape[::-1])

    def as_array(self):
        return self

    def copy(self, order="C"):
        return self.map_columns(lambda column: column.copy(), self.shape)

    def fill(self, value):
        self.put(Ellipsis, value)

    def argsort(self, axis=-1, kind=None, order=None):
        return argsort_records(self, order)

    def sort(self, axis=-1, kind=None, order=None):
        self.put(Ellipsis, self[argsort_records(self, order)])

    def tolist(self):
        return [self[i].item() for i in range(len(self))]


class Record(Table):
    """A row of a structured array: a view, of rank 0."""

    def __getitem__(self, key):
        name = key if key.__class__ is str else self.dtype.names[key]
        found = self.column(name)
        return found if isinstance(found, Table) or found.ndim > 0 else found[()]

    def __setitem__(self, key, value):
        name = key if key.__class__ is str else self.dtype.names[key]
        self.column(name)[...] = value

    def as_array(self):
        return Records(self._fields, self.dtype, ())

    def copy(self):
        return Record({name: one.copy() for name, one in self._fields.items()}, self.dtype, ())

    def __len__(self):
        return len(self._fields)

    def __iter__(self):
        for name in self.dtype.names:
            yield self[name]

    def item(self):
        return tuple([plain_item(one) for one in self])

    def tolist(self):
        return self.item()

    def __str__(self):
        return text_of("item_str", self, ())

    def __repr__(self):
        return text_of("item_repr", self, ())

    def __eq__(self, other):
        return equal_columns(self, other)

    def __ne__(self, other):
        return not equal_columns(self, other)


def plain_item(one):
    """A field of a row as Python has it."""
    if isinstance(one, str):
        return str(one)
    return one.item() if isinstance(one, Record) or one.ndim == 0 else one.copy()


def text_of(name, records, shape):
    if get_printoptions()["formatter"] is not None:
        unsupported("a formatter for structured arrays")
    return record_text(name, records.dtype, shape, records.leaves())


def call_it(cls, name):
    """A class is shown under NumPy's name."""
    cls.__module__, cls.__name__, cls.__qualname__ = "numpy", name, name


call_it(Records, "ndarray")
call_it(Record, "void")


def chosen_rows(column, key):
    """Elements of a column; a single one as a view of rank 0."""
    if isinstance(column, TextArray):
        return column.rows(key)
    found = column[key]
    if isinstance(found, Table) or found.ndim > 0:
        return found
    return column[(*key, Ellipsis) if key.__class__ is tuple else (key, Ellipsis)]


def row_shape(shape, key):
    """The shape of what a subscript chooses; None for a single row."""
    found = full_(shape, False, bool)[key]
    return None if is_scalar_of(found) else found.shape


def is_scalar_of(found):
    return found.ndim == 0


def transposed(column, order):
    if isinstance(column, Records):
        return column.map_columns(lambda one: transposed(one, order), column.shape[::-1])
    if isinstance(column, TextArray):
        return column.transpose(order)
    more = tuple(range(len(order), column.ndim))
    return transpose(column, order + more)


def equal_columns(a, b):
    if not isinstance(b, Table):
        return False
    made = None
    for name in a.dtype.names:
        here = a.column(name) == b.column(name)
        while here.ndim > a.ndim:
            here = all(here, axis=-1)
        made = here if made is None else made & here
    return made


def joined_records(arrays):
    """np.concatenate of structured arrays of one dtype."""
    first = arrays[0]
    if not hasattr(first, "_fields"):  # NumPy's own
        return concatenate_(arrays, 0)
    count, fields = 0, {}
    for one in arrays:
        count = count + len(one)
    for name, column in first._fields.items():
        columns = [one.column(name) for one in arrays]
        nested = isinstance(column, Records)
        fields[name] = joined_records(columns) if nested else concatenate(columns)
    return Records(fields, first.dtype, (count, *first.shape[1:]))


def argsort_records(a, order):
    names = a.dtype.names if order is None else order
    names = [names] if names.__class__ is str else list(names)
    names = names + [name for name in a.dtype.names if name not in names]
    for name in names:
        if a[name].ndim > a.ndim:
            unsupported("sorting by a field of several numbers, which NumPy does by their bytes",
                        "sort by one field: a[np.argsort(a['x'], kind='stable')]")  # fmt: skip
    return lexsort(tuple([a[name] for name in names[::-1]]))
