"""A module that compiled functions of another one use."""

import numpy as np

SCALE = 3.0


class Refused(ValueError):
    """An exception of the user's."""


class Picky(Exception):
    """One that is not made of its message."""

    def __init__(self, code: int, *, why: str) -> None:
        super().__init__(f"{code}: {why}")


def scaled(x):
    return np.tanh(x) * SCALE


def refuse(n):
    if n > 3:
        raise Refused(f"{n} is too large")
    return n


def refuse_pickily(n):
    if n > 3:
        raise Picky(3, why="too large")
    return n


def assertion(n):
    """Not in a test's own file, where pytest rewrites what assertions say."""
    assert n > 0, f"n is {n}"
    return 1 / (n - 1)


def raises(number):
    """Exceptions whose texts are not their only argument."""
    if number == 0:
        raise ValueError
    if number == 1:
        raise KeyError("a", 1)
    if number == 2:
        raise OSError(2, "no such file")
    if number == 3:
        raise UnicodeDecodeError("utf-8", b"x", 0, 1, "because")
    if number == 4:
        raise Picky(4, why="so")
    raise StopIteration(7)
