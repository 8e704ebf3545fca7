"""Parameters of distributions: what they may be, and a draw for each of them."""

import numpy as np
from primitives import item, lengths


def floats(value):
    return float(value) if is_scalar_like(value) else np.asarray(value, np.float64)


def non_negative(name, value):
    value = floats(value)
    if np.any((np.copysign(1.0, value) < 0) & (value == value)):
        raise ValueError(f"{name} < 0")
    return value


def positive(name, value):
    value = floats(value)
    if np.any(value <= 0):
        raise ValueError(f"{name} <= 0")
    return value


def probability(name, value):
    p = floats(value)
    if not np.all((p >= 0) & (p <= 1)):
        nan = "is NaN" if is_scalar_like(p) else "contains NaNs"
        raise ValueError(f"{name} < 0, {name} > 1 or {name} {nan}")
    return p


def positive_probability(name, value):
    p = floats(value)
    if not np.all((p > 0) & (p <= 1)):
        raise ValueError(f"{name} <= 0, {name} > 1 or {name} contains NaNs")
    return p


def drawn(state, one, size, *parameters, kind=np.float64):
    """What `one` draws of a state and parameters: a number, or an array of this size."""
    if all(is_scalar_like(each) for each in parameters):
        if size is None:
            return one(state, *parameters)
        rows = None
    else:
        shape = np.broadcast_shapes(*[np.shape(each) for each in parameters])
        size = shape if size is None else lengths(size)
        rows = [np.ravel(np.broadcast_to(np.asarray(each), size)) for each in parameters]

    def many(state, count):
        made = np.zeros(count, kind)
        for i in range(later(count)):
            given = parameters if rows is None else [item(element(row, i)) for row in rows]
            put(made, i, one(state, *given))
        return made

    return shaped(many, state, size)


# -- functions that warn of nothing and raise nothing


def ln(x):
    return item(np.log(x))


def ln1p(x):
    return item(np.log1p(x))


def e_to(x):
    return item(np.exp(x))


def root(x):
    return item(np.sqrt(x))


def raised(x, y):
    return item(np.power(x, y))


def quotient(x, y):
    return item(np.divide(x, y))
