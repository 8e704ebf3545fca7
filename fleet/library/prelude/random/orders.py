"""Permutations, and choices with and without replacement."""

import numpy as np
from primitives import copy, whole


def order(state, count, first=1, masked=True):
    """0, 1, ... count - 1 shuffled, from the end down to `first` (Fisher and Yates)."""
    made = copy(np.arange(count))
    for k in range(later(most(count - first, 0))):
        i = count - 1 - k
        j = as_int(bounded32(state, np.uint64(i), masked))
        here, there = element(made, i), element(made, j)
        put(made, i, there)
        put(made, j, here)
    return made


def permutation(state, x, axis=0):
    if is_scalar_like(x):
        return draw(state, "order", whole(x))
    x = np.asarray(x)
    return np.take(x, draw(state, "order", x.shape[axis]), axis)


def shuffle(state, x, axis=0):
    if is_list(x):
        replace(x, np.asarray(x)[draw(state, "order", len(x))])
    else:
        x[...] = np.take(x, draw(state, "order", x.shape[axis]), axis)


def permuted(state, x, axis=None, out=None):
    if axis is not None or out is not None:
        unsupported("permuted() with axis or out of a generator known at run time only")
    x = np.asarray(x)
    return np.ravel(x)[draw(state, "order", x.size)].reshape(x.shape)


def choice(state, a, size=None, replace=True, p=None, axis=0, shuffle=True):
    values = None if is_scalar_like(a) else np.asarray(a)
    total = int(a) if values is None else values.shape[axis]
    if total <= 0:
        raise ValueError("a must be greater than 0 unless no samples are taken")
    if p is not None:
        p = np.asarray(p, np.float64)
        check_distribution(p, total)

    def many(state, count):
        return distinct(state, total, count, p, shuffle)

    if replace:
        at = chosen(state, total, size, p)
    else:
        at = shaped(many, state, () if size is None else size)
    at = int(at) if size is None else at
    if values is None:
        return at
    return values[at] if axis == 0 else np.take(values, at, axis)


def check_distribution(p, total):
    if p.ndim != 1:
        raise ValueError("p must be 1-dimensional")
    if p.shape[0] != total:
        raise ValueError("a and p must have same size")
    if np.any(p < 0):
        raise ValueError("Probabilities are not non-negative")
    if abs(np.sum(p) - 1.0) > 1.4901161193847656e-08:
        raise ValueError("Probabilities do not sum to 1")


def chosen(state, total, size, p):
    """Positions, with replacement."""
    if p is None:
        return draw(state, "randint" if state.kind == "mt19937" else "integers", 0, total, size)
    steps = cumulated(p)
    at = draw(state, "random", size)
    return position(steps, at) if size is None else np.sum(steps <= at[..., None], -1)


def cumulated(p):
    steps = np.cumsum(p)
    return steps / steps[-1]


def position(steps, at):
    """How many steps are not above, as an int: searchsorted(side="right")."""
    return int(np.sum(steps <= at))


def distinct(state, total, count, p, shuffle):
    """`count` positions without replacement."""
    if count > total:
        raise ValueError(
            "Cannot take a larger sample than population when "
            + ("'replace=False'" if state.kind == "mt19937" else "replace is False")
        )
    if p is not None:
        return distinct_by_chance(state, total, count, p)
    if state.kind == "mt19937":
        return draw(state, "order", total)[:count]
    if total > 10000 and count > total // (50 if shuffle else 20):
        return order(state, total, max(total - count, 1), False)[total - count :]
    return floyd(state, total, count, shuffle)


def floyd(state, total, count, shuffle):
    """R. Floyd's sample: each new position, or, where it is taken, the last possible one."""
    made, taken = np.zeros(count, np.int64), np.zeros(total, bool)
    for i in range(later(count)):
        last = total - count + i
        at = as_int(bounded(state, np.uint64(last), False))
        if element(taken, at):
            at = last
        put(taken, at, np.bool_(True))
        put(made, i, np.int64(at))
    if shuffle:
        return made[order(state, count, 1, False)]
    return made


def distinct_by_chance(state, total, count, p):
    """Draws of which repeated ones are dropped, in rounds: what was found has no chance later."""
    if np.sum(p > 0) < count:
        raise ValueError("Fewer non-zero entries in p than size")
    made, taken = np.zeros(count, np.int64), np.zeros(total, bool)
    found = later(0)
    while found < count:
        steps = cumulated(np.where(taken, 0.0, p))
        for _ in range(count - found):
            at = position(steps, next_double(state))
            if not element(taken, at):
                put(made, found, np.int64(at))
                put(taken, at, np.bool_(True))
                found = found + 1
    return made
