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
