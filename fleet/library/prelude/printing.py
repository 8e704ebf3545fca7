"""Arrays as lines of text, and in files of the run."""


from primitives import asarray as asarray_
from primitives import dtype_of, is_known, note_file, path_of


def savetxt(fname, X, fmt="%.18e", delimiter=" ", newline="\n", header="", footer="",
            comments="# ", encoding=None):
    X = asarray_(X)
    if not hasattr(fname, "write"):
        with open(fname, "w", encoding=encoding) as file:
            savetxt(file, X, fmt, delimiter, newline, header, footer, comments)
        note_file(path_of(fname), (is_several(X.shape[0]), X.ndim > 1 and is_several(X.shape[1])))
        return
    if X.ndim == 0 or X.ndim > 2:
        raise ValueError(f"Expected 1D or 2D array, got {X.ndim}D array instead")
    if X.ndim == 1:
        X = X.reshape((-1, 1))
    if X.dtype.names is not None:
        unsupported("np.savetxt of a structured array", "save its columns: np.column_stack(...)")
    write = fname.write
    if hasattr(fname, "_gives") and fname._gives == "bytes":
        to_bytes = "latin1" if encoding is None else encoding

        def write(text):
            fname._ask("write_encoded", "int", text, to_bytes)

    columns = X.shape[1]
    of_complex = iscomplexobj(X)
    row = row_format(fmt, columns, delimiter, of_complex)
    plain = "s" not in row and "r" not in row and dtype_of(X) != "uint64"
    if of_complex:
        columns = 2 * columns
        X = stack([real(X), imag(X)], -1).reshape((X.shape[0], columns))
    if len(header) > 0:
        write(comments + header.replace("\n", "\n" + comments) + newline)
    for i in range(X.shape[0]):
        if plain:
            values = tuple([X[i, j].item() for j in range(columns)])
        else:
            values = tuple([X[i, j] for j in range(columns)])
        text = row % values + newline
        write(text.replace("+-", "-") if of_complex else text)
    if len(footer) > 0:
        write(comments + footer.replace("\n", "\n" + comments) + newline)


def is_several(length):
    """Whether a file of so many rows or columns has, or may have, more than one."""
    return not is_known(length) or length != 1


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


def format_items(formatted, items, shown, made):
    """Into the list `made`: what a formatter of the program makes of the items that are shown."""
    for at in shown:
        made.append(formatted(items[at]))
