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
    return bounded_by(name, value, "< 0", value_of=lambda p: (p >= 0) & (p <= 1))


def positive_probability(name, value):
    return bounded_by(name, value, "<= 0", value_of=lambda p: (p > 0) & (p <= 1))


def bounded_by(name, value, below, value_of):
    p = floats(value)
    if not np.all(value_of(p)):
        nan = "contains NaNs" if below == "<= 0" or not is_scalar_like(p) else "is NaN"
        last = nan if below == "<= 0" else f"{name} {nan}"
        raise ValueError(f"{name} {below}, {name} > 1 or {last}")
    return p


def drawn(state, one, size, *parameters, kind=np.float64):
    """What `one` draws of a state and parameters: a number, or an array of this size."""
    if all([is_scalar_like(each) for each in parameters]):
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
            if rows is not None:
                parameters = [item(element(row, i)) for row in rows]
                put(made, i, one(state, *parameters))
            else:
                put(made, i, one(state, *parameters_of_all))
        return made

    parameters_of_all = parameters
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
