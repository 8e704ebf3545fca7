"""Draws of whole vectors: multinomial counts, Dirichlet's shares, normal vectors with a covariance.

Each element is a draw of one variable, given those before it, in the order of NumPy's C code.
"""

import warnings

import numpy as np
from primitives import item, lengths


def vectors(state, one, size, length, kind):
    """An array of this size of vectors: `one` writes a vector from a position on."""

    def many(state, count):
        made = np.zeros(count, kind)
        for row in range(later(count // most(length, 1))):
            one(made, row)
        return made

    return shaped(many, state, (*size, length))


# -- multinomial


def multinomial(state, n, pvals, size=None):
    given, pvals = pvals, np.asarray(pvals, np.float64)
    if is_legacy(state):
        if pvals.ndim != 1:
            raise TypeError("pvals must be a 1-d sequence" if pvals.ndim == 0 else
                            "only one-dimensional pvals")  # fmt: skip
    elif pvals.ndim == 0 or pvals.shape[-1] == 0:
        raise ValueError("pvals must have at least 1 dimension and the last dimension of pvals "
                         "must be greater than 0.")  # fmt: skip
    check_shares(given, pvals)
    length = pvals.shape[-1]
    if is_scalar_like(n) and pvals.ndim == 1:
        n = int(n)
        if n < 0:
            raise ValueError("n < 0")
        size = lengths(() if size is None else size)

        def one(made, row):
            split_by_chance(state, n, pvals, 0, length, made, row * length)

        return vectors(state, one, size, length, np.int64)
    if is_legacy(state):
        raise TypeError("an integer is required")
    n = np.asarray(n, np.int64)
    if np.any(n < 0):
        raise ValueError("n < 0")
    size = rows_of(n, pvals, size)
    counts = np.ravel(np.broadcast_to(n, size))
    rows = np.ravel(np.broadcast_to(pvals, (*size, length)))

    def one_of_many(made, row):
        count = item(element(counts, row))
        split_by_chance(state, count, rows, row * length, length, made, row * length)

    return vectors(state, one_of_many, size, length, np.int64)


def check_shares(given, pvals):
    if not np.all((pvals >= 0) & (pvals <= 1)):
        raise ValueError("pvals < 0, pvals > 1 or pvals contains NaNs")
    if np.any(np.sum(pvals[..., :-1], -1) > 1.0 + 1e-12):
        part = "[:-1]" if pvals.ndim == 1 else "[...,:-1]"
        is_narrow = hasattr(given, "dtype") and given.dtype.kind == "f" and given.dtype.itemsize < 8
        if is_narrow and np.sum(given) < 1.0001:
            raise ValueError(
                f"sum(pvals{part}.astype(np.float64)) > 1.0. The pvals array is cast to 64-bit "
                "floating point prior to checking the sum. Precision changes when casting may "
                "cause problems even if the sum of the original pvals is valid."
            )
        raise ValueError(f"sum(pvals{part}) > 1.0")


def rows_of(n, pvals, size):
    """The size of what is drawn, without the vectors' own length."""
    both = np.broadcast_shapes(n.shape, pvals.shape[:-1])
    if size is None:
        return both
    size = lengths(size)
    whole = np.broadcast_shapes(both, size)
    if whole != size:
        raise ValueError(f"Output size {size} is not compatible with broadcast dimensions of "
                         f"inputs {whole}.")  # fmt: skip
    return size


def split_by_chance(state, n, pvals, first, length, made, start):
    """Each count is binomial among what the counts before it left."""
    left, rest, j = later(0) + n, later(1.0), later(0)
    while left > 0 and j < length - 1:
        p = item(element(pvals, first + j))
        count = binomial_of(state, left, quotient(p, rest), False)
        put(made, start + j, count)
        left = left - count
        rest = rest - p
        j = j + 1
    if left > 0:
        put(made, start + length - 1, left)


# -- Dirichlet


def dirichlet(state, alpha, size=None):
    alpha = np.asarray(alpha, np.float64)
    if alpha.ndim != 1:
        raise TypeError("object of type 'float' has no len()")
    if np.any(alpha <= 0 if is_legacy(state) else alpha < 0):
        raise ValueError("alpha <= 0" if is_legacy(state) else "alpha < 0")
    length, size = alpha.shape[0], lengths(() if size is None else size)
    if not is_legacy(state) and bool(np.all(alpha < 0.1)):
        after = np.append(np.cumsum(alpha[::-1])[::-1], 0.0)

        def one(made, row):
            break_stick(state, alpha, after, made, row * length)
    else:

        def one(made, row):
            share(state, alpha, made, row * length)

    return vectors(state, one, size, length, np.float64)


def share(state, alpha, made, start):
    """Gamma variates, divided by their sum."""
    length, total = alpha.shape[0], later(0.0)
    for j in range(later(length)):
        value = next_gamma(state, item(element(alpha, j)))
        put(made, start + j, value)
        total = total + value
    factor = quotient(1.0, total)
    for j in range(later(length)):
        put(made, start + j, item(element(made, start + j)) * factor)


def break_stick(state, alpha, after, made, start):
    """Of what is left, a beta variate's part; gamma variates of so small shapes would vanish."""
    length, left, j = alpha.shape[0], later(1.0), later(0)
    is_some = bool(element(after, 0) > 0.0)
    again = is_some
    while again and j < length - 1:
        rest = item(element(after, j + 1))
        part = next_beta(state, item(element(alpha, j)), rest)
        put(made, start + j, left * part)
        left = left * (1.0 - part)
        again = rest > 0.0
        j = j + 1
    if is_some:
        put(made, start + length - 1, left)


# -- normal


def multivariate_normal(
    state, mean, cov, size=None, check_valid="warn", tol=1e-8, *, method="svd"
):
    if is_legacy(state) and method != "svd":
        raise TypeError("multivariate_normal() got an unexpected keyword argument 'method'")
    if method not in ("eigh", "svd", "cholesky"):
        raise ValueError("method must be one of {'eigh', 'svd', 'cholesky'}")
    mean, cov = np.asarray(mean), np.asarray(cov)
    if mean.dtype.kind == "c" or cov.dtype.kind == "c":
        raise TypeError("mean and cov must not be complex")
    if mean.ndim != 1:
        raise ValueError("mean must be 1 dimensional")
    if cov.ndim != 2 or cov.shape[0] != cov.shape[1]:
        raise ValueError("cov must be 2 dimensional and square")
    if mean.shape[0] != cov.shape[0]:
        raise ValueError("mean and cov must have same length")
    shape = (*lengths(() if size is None else size), mean.shape[0])
    x = draw(state, "standard_normal", shape).reshape(-1, mean.shape[0])
    cov = cov.astype(np.float64)
    factor = factor_of(state, cov, method, check_valid, tol)
    return (mean + x @ factor.T).reshape(shape)


def factor_of(state, cov, method, check_valid, tol):
    """A matrix that times its transpose is the covariance."""
    if method == "cholesky":
        return np.linalg.cholesky(cov)
    if check_valid not in ("warn", "raise", "ignore"):
        raise ValueError("check_valid must equal 'warn', 'raise', or 'ignore'")
    if method == "eigh":
        values, vectors = np.linalg.eigh(cov)
        is_valid = not np.any(values < -tol)
    else:
        left, values, right = np.linalg.svd(cov)
        vectors = right.T if is_legacy(state) else left
        is_valid = np.allclose((right.T * values) @ right, cov, rtol=tol, atol=tol)
    if check_valid != "ignore" and not is_valid:
        message = "covariance is not symmetric positive-semidefinite."
        if check_valid == "raise":
            raise ValueError(message)
        warnings.warn(message, RuntimeWarning, stacklevel=1)
    return vectors * np.sqrt(np.abs(values))
