"""np.einsum: each term is brought to the axes of all indices, multiplied, and summed."""

from primitives import asarray as asarray_
from primitives import matmul


def einsum(subscripts, *operands):
    subscripts = subscripts.replace(" ", "")
    if "." in subscripts:
        unsupported("`...` in np.einsum")
    if "->" in subscripts:
        inputs, result = subscripts.split("->")
    else:
        inputs = subscripts
        letters = sorted(set(inputs.replace(",", "")))
        result = "".join([c for c in letters if inputs.count(c) == 1])
    terms = inputs.split(",")
    operands = [asarray_(x) for x in operands]
    if len(terms) != len(operands):
        raise ValueError(
            "more operands provided to einstein sum function than specified in the "
            "subscripts string"
            if len(operands) > len(terms)
            else "fewer operands provided to einstein sum function than specified in the "
            "subscripts string"
        )
    for term, x in zip(terms, operands):
        if len(set(term)) != len(term):
            unsupported("an index twice in one term of np.einsum")
        if len(term) != x.ndim:
            raise ValueError(
                "einstein sum subscripts string contains too many subscripts for operand"
                if len(term) > x.ndim
                else "operand has more dimensions than subscripts given in einstein sum, but no "
                "'...' ellipsis provided to broadcast the extra dimensions."
            )
    while len(operands) > 1:
        kept = set(result).union(*[set(term) for term in terms[2:]])
        term, x = contract(terms[0], operands[0], terms[1], operands[1], kept)
        terms, operands = [term] + terms[2:], [x] + operands[2:]
    term, x = terms[0], operands[0]
    gone = tuple([i for i, c in enumerate(term) if c not in result])
    if gone:
        x = sum(x, gone)
        term = "".join([c for c in term if c in result])
    return transpose(x, [term.index(c) for c in result]) if term != result else x


def contract(a, x, b, y, kept):
    """Two terms into one: a matrix product over what only they share, batched over the rest."""
    x, a = without(x, a, set(b) | kept)
    y, b = without(y, b, set(a) | kept)
    batch = [c for c in a if c in b and c in kept]
    inner = [c for c in a if c in b and c not in kept]
    rows = [c for c in a if c not in b]
    columns = [c for c in b if c not in a]
    left = transpose(x, [a.index(c) for c in batch + rows + inner])
    right = transpose(y, [b.index(c) for c in batch + inner + columns])
    sizes = dict(zip(a, x.shape)) | dict(zip(b, y.shape))
    shared = [sizes[c] for c in batch]
    left = left.reshape((*shared, size_of(rows, sizes), size_of(inner, sizes)))
    right = right.reshape((*shared, size_of(inner, sizes), size_of(columns, sizes)))
    shape = [sizes[c] for c in batch + rows + columns]
    return "".join(batch + rows + columns), matmul(left, right).reshape(tuple(shape))


def without(x, term, kept):
    """A term summed over the indices that nothing else has."""
    gone = tuple([i for i, c in enumerate(term) if c not in kept])
    return (sum(x, gone) if gone else x), "".join([c for c in term if c in kept])


def size_of(letters, sizes):
    size = 1
    for c in letters:
        size = size * sizes[c]
    return size
