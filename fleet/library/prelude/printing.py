"""Arrays as lines of text, and in files of the run."""


from primitives import asarray as asarray_
from primitives import dtype_of, file_array, layout_of, path_of


def savetxt(fname, X, fmt="%.18e", delimiter=" ", newline="\n", header="", footer="",
            comments="# ", encoding=None):
    if not hasattr(fname, "write"):
        with open(fname, "w", encoding=encoding) as file:
            savetxt(file, X, fmt, delimiter, newline, header, footer, comments)
        return
    X = asarray_(X)
    if X.ndim == 0 or X.ndim > 2:
        raise ValueError(f"Expected 1D or 2D array, got {X.ndim}D array instead")
    if X.ndim == 1:
        X = X.reshape((-1, 1))
    columns = X.shape[1]
    of_complex = iscomplexobj(X)
    row = row_format(fmt, columns, delimiter, of_complex)
    plain = "s" not in row and "r" not in row and dtype_of(X) != "uint64"
    if of_complex:
        columns = 2 * columns
        X = stack([real(X), imag(X)], -1).reshape((X.shape[0], columns))
    if len(header) > 0:
        fname.write(comments + header.replace("\n", "\n" + comments) + newline)
    for i in range(X.shape[0]):
        if plain:
            values = tuple([X[i, j].item() for j in range(columns)])
        else:
            values = tuple([X[i, j] for j in range(columns)])
        text = row % values + newline
        fname.write(text.replace("+-", "-") if of_complex else text)
    if len(footer) > 0:
        fname.write(comments + footer.replace("\n", "\n" + comments) + newline)


def row_format(fmt, columns, delimiter, of_complex):
    """The format of a row; of complex numbers one of real and imaginary part together."""
    if fmt.__class__ in (list, tuple):
        if len(fmt) != columns:
            raise AttributeError(f"fmt has wrong shape.  {fmt}")
        return delimiter.join(fmt)
    count = fmt.count("%")
    if count == 1:
        return delimiter.join([f" ({fmt}+{fmt}j)" if of_complex else fmt] * columns)
    if count != (2 * columns if of_complex else columns):
        raise ValueError(f"fmt has wrong number of % formats:  {fmt}")
    return fmt


def save(file, arr, allow_pickle=True):
    arr = asarray_(arr)
    columns = lies_by_columns(arr)
    if hasattr(file, "write"):
        file._ask("save", "int", arr, columns)
        return
    path = path_of(file)
    if not path.endswith(".npy"):
        path = path + ".npy"
    with open(path, "wb") as opened:
        opened._ask("save", "int", arr, columns)


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


def read_late(name, path, rank, dtype, options):
    """What np.loadtxt or np.fromfile gives of a file of the run."""
    with open(path, "rb" if name == "fromfile" else "r") as opened:
        return file_array(name, rank, dtype, opened._file, options)


def format_items(formatted, items, shown, made):
    """Into the list `made`: what a formatter of the program makes of the items that are shown."""
    for at in shown:
        made.append(formatted(items[at]))
