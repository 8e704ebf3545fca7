"""Arrays as lines of text."""

from primitives import asarray as asarray_


def savetxt(fname, X, fmt="%.18e", delimiter=" ", newline="\n", header="", footer="",
            comments="# ", encoding=None):
    if not hasattr(fname, "write"):
        unsupported("np.savetxt to a file by its name")
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
