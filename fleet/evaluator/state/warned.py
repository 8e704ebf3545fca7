"""What NumPy calls the functions that it warns of, and what the program has it ignore.

In: a function of the prelude and the operations that it is made of; `np.errstate`. Out: the name
that a warning bears. The one idea: a warning of `np.cosh` speaks of cosh, though here two exp and a
sum make it; and where NumPy's own function computes in another way, what ours meets is not shown.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from fleet.dialects.numpy.warnings import KINDS

SILENT = {"allclose", "isclose", "isfinite", "isinf", "isnan", "random", "sign"}
"""NumPy's own functions of these names warn of nothing; `random`: all that draw numbers."""
PRODUCTS = {"dot", "inner", "norm", "vdot"}
"""Those that NumPy does with `dot`."""


@cache
def naming(function: str, file: str) -> str | None:
    """The name that a function of the prelude gives to what it is made of, if it gives one.

    file: where it is defined.
    """
    if Path(file).parent.name == "random":
        return "random"
    known = function in SILENT or function in PRODUCTS
    return function if known or isinstance(getattr(np, function, None), np.ufunc) else None


def said(function: str | None, operation: str) -> str:
    """What NumPy calls an operation that such a function does; nothing: no warning.

    operation: its name where the program asks for it itself.
    """
    if function is None:
        return operation
    if function in SILENT:
        return ""
    if function in PRODUCTS:
        return "dot" if operation == "matmul" or function == "norm" else operation
    return function


@contextmanager
def heard(show: Callable[[str, str], None]) -> Iterator[None]:
    """Hear what Python and NumPy warn of: `show` is given the message and the category."""

    def hear(message: Any, category: type[Warning], *_: Any, **__: Any) -> None:
        show(str(message), category.__name__)

    with warnings.catch_warnings():
        warnings.simplefilter("always", RuntimeWarning)
        warnings.showwarning = hear
        yield


def as_said(message: str, function: str | None, ignored: frozenset[str]) -> str | None:
    """A message of NumPy's with the name that it would use; None: it is not shown."""
    kind, encountered, operation = message.partition(" encountered in ")
    if not encountered:
        return message
    name = said(function, operation)
    return f"{kind} encountered in {name}" if name and KINDS.get(kind) not in ignored else None
