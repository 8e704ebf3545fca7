"""np.einsum: each term is brought to the axes of all indices, multiplied, and summed."""

from primitives import cast, dtype_of, einsum_plan, is_known, laid_as_walked, matmul


def einsum(*operands, out=None, optimize=False, dtype=None, order="K", casting="safe"):
    no_out(out)
    terms, result, arrays = terms_of(operands)
    if dtype is not None:
        arrays = [cast(x, dtype) for x in arrays]
    for i, (term, x) in enumerate(zip(terms, arrays)):
        is_view = len(terms) == 1 and set(term) == set(result)
        which = "single operand" if is_view else f"operand {i}"
        terms[i], arrays[i] = without_repeats(term, x, which)
    check_lengths(terms, arrays, result)
    made = contracted(terms, result, arrays)
    if len(arrays) > 1:
        letters = result + "".join(sorted(set("".join(terms)) - set(result)))
        made = laid_as_walked(made, [spread(x, term, letters) for x, term in zip(arrays, terms)])
    return unpacked(made)


def einsum_path(*operands, optimize="greedy", einsum_call=False):
    if einsum_call:
        unsupported("np.einsum_path(einsum_call=True)")
    given = operands[1:] if isinstance(operands[0], str) else operands[: len(operands) // 2 * 2 : 2]
    arrays = [asarray(x) for x in given]
    if not is_known([x.shape for x in arrays]):
        unsupported("np.einsum_path of arrays whose lengths are known at run time only")
    terms = operands[:1] if isinstance(operands[0], str) else operands[1::2]
    last = operands[-1:] if len(operands) % 2 and not isinstance(operands[0], str) else ()
    return einsum_plan(terms, [x.shape for x in arrays], last, optimize)


def spread(x, term, letters):
    """A view of an operand with an axis for each of the letters."""
    x = transpose(x, [term.index(c) for c in letters if c in term])
    return x[tuple([slice(None) if c in term else None for c in letters])]


def contracted(terms, result, arrays):
    """Two terms at a time become one, until there is one."""
    if len(arrays) > 1:
        i, j = cheapest_pair(terms, arrays)
        rest = [k for k, _ in enumerate(terms) if k not in (i, j)]
        kept = set(result).union(*[set(terms[k]) for k in rest])
        term, x = contract(terms[i], arrays[i], terms[j], arrays[j], kept)
        return contracted(
            [terms[k] for k in rest] + [term], result, [arrays[k] for k in rest] + [x]
        )
    term, x = terms[0], arrays[0]
    gone = tuple([i for i, c in enumerate(term) if c not in result])
    if gone:
        x = summed(x, gone)
        term = "".join([c for c in term if c in result])
    return transpose(x, [term.index(c) for c in result]) if term != result else x


def cheapest_pair(terms, arrays):
    """The two terms whose product has the fewest elements; in order where lengths are unknown."""
    if len(arrays) == 2 or not is_known([x.shape for x in arrays]):
        return 0, 1
    lengths_by = {}
    for term, x in zip(terms, arrays):
        lengths_by |= dict(zip(term, x.shape))
    pairs = [(i, j) for j, _ in enumerate(terms) for i, _ in enumerate(terms[:j])]
    costs = [size_of(sorted(set(terms[i]) | set(terms[j])), lengths_by) for i, j in pairs]
    return pairs[costs.index(sorted(costs)[0])]


def terms_of(operands):
    """The letters of each operand's axes, those of the result, and the operands as arrays.

    What `...` stands for gets letters of its own: capitals from the alphabet's other end.
    """
    if isinstance(operands[0], str):
        text, operands = operands[0].replace(" ", ""), operands[1:]
    else:
        text, operands = text_of_lists(operands)
    arrays = [asarray(x) for x in operands]
    for c in text.replace("...", "").replace("->", "").replace(",", ""):
        if not c.isalpha():
            raise ValueError(f"Character {c} is not a valid symbol.")
    inputs, arrow, result = text.partition("->")
    terms = inputs.split(",")
    if len(terms) != len(arrays):
        raise ValueError(
            "more operands provided to einstein sum function than specified in the "
            "subscripts string"
            if len(arrays) > len(terms)
            else "fewer operands provided to einstein sum function than specified in the "
            "subscripts string"
        )
    longest = ""
    for i, (term, x) in enumerate(zip(terms, arrays)):
        count = x.ndim - len(term.replace("...", ""))
        if count < 0 or (count > 0 and "..." not in term):
            raise ValueError(
                f"einstein sum subscripts string contains too many subscripts for operand {i}"
                if count < 0
                else "operand has more dimensions than subscripts given in einstein sum, but no "
                "'...' ellipsis provided to broadcast the extra dimensions."
            )
        letters = HIDDEN[len(HIDDEN) - count :]
        terms[i] = term.replace("...", letters)
        longest = letters if len(letters) > len(longest) else longest
    if arrow and longest and "..." not in result:
        raise ValueError(
            "output has more dimensions than subscripts given in einstein sum, but no '...' "
            "ellipsis provided to broadcast the extra dimensions."
        )
    if arrow:
        result = result.replace("...", longest)
        for c in result:
            if c not in "".join(terms):
                raise ValueError(
                    f"einstein sum subscripts string included output subscript '{c}' which never "
                    "appeared in an input"
                )
            if result.count(c) > 1:
                raise ValueError(
                    f"einstein sum subscripts string includes output subscript '{c}' multiple times"
                )
    else:
        every = "".join(terms)
        once = [c for c in sorted(set(every)) if every.count(c) == 1 and c not in longest]
        result = longest + "".join(once)
    return terms, result, arrays


HIDDEN = "\u0391\u0392\u0393\u0394\u0395\u0396\u0397\u0398"
"""Letters that no program writes."""


def text_of_lists(operands):
    """einsum(x, [0, 1], y, [1, 2], [0, 2]) as a text and operands."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    terms = ["".join(["..." if i is Ellipsis else letters[i] for i in axes])
             for axes in operands[1::2]]  # fmt: skip
    arrays = list(operands[0 : len(terms) * 2 : 2])
    text = ",".join(terms)
    if len(operands) % 2:
        result = operands[-1]
        text += "->" + "".join(["..." if i is Ellipsis else letters[i] for i in result])
    return text, arrays


def without_repeats(term, x, which):
    """An operand whose term has a letter twice, as the diagonal over its axes. which: its name in
    messages."""
    twice = [c for c in term if term.count(c) > 1]
    if not twice:
        return term, x
    c = twice[0]
    first = term.index(c)
    second = term.index(c, first + 1)
    if x.shape[first] != x.shape[second]:
        raise ValueError(
            f"dimensions in {which} for collapsing index '{c}' don't match "
            f"({x.shape[first]} != {x.shape[second]})"
        )
    rest = term[:first] + term[first + 1 : second] + term[second + 1 :] + c
    return without_repeats(rest, diagonal(x, 0, first, second), which)


def check_lengths(terms, arrays, result):
    """Axes of one letter have one length; those of length 1 are broadcast."""
    lengths_by = {}
    for term, x in zip(terms, arrays):
        for c, length in zip(term, x.shape):
            before = lengths_by.get(c, 1)
            if is_known(before) and before == 1:
                lengths_by[c] = length
            elif length != before and not (is_known(length) and length == 1):
                raise ValueError(
                    "operands could not be broadcast together with remapped shapes "
                    "[original->remapped]: " + remapped(terms, arrays, result)
                )
    for i, (term, x) in enumerate(zip(terms, arrays)):
        shape = tuple([lengths_by[c] for c in term])
        for here, there in zip(x.shape, shape):
            if is_known(here) and here == 1 and not (is_known(there) and there == 1):
                arrays[i] = broadcast_to(x, shape)
                break


def remapped(terms, arrays, result):
    """The operands' shapes, and these over all letters, as NumPy tells them: those of the result
    first, and none before the first that the operand has."""
    letters = result + "".join(sorted([c for c in set("".join(terms)) if c not in result]))
    texts = []
    for term, x in zip(terms, arrays):
        shown = [c in term for c in letters]
        own = letters[shown.index(True) :] if True in shown else ""
        at = [str(x.shape[term.index(c)]) if c in term else "newaxis" for c in own]
        texts.append(f"{shape_text(x.shape)}->({','.join(at)})")
    return " ".join(texts) + " "



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
    return (summed(x, gone) if gone else x), "".join([c for c in term if c in kept])


def size_of(letters, sizes):
    return elements_of([sizes[c] for c in letters])


def summed(x, axes):
    """A sum in the dtype of what is added up."""
    return any(x, axes) if dtype_of(x) == "bool" else sum(x, axes, dtype_of(x))
