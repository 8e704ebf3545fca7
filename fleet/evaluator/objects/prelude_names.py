"""Whose a function of the prelude is: the module and the name that programs know it by.

In: a function's name and file. Out: NumPy's module and the name there. The one idea: a folder of
the prelude is a module of NumPy's, and a name that two modules have begins with its folder's in the
second: `linalg_outer` is `numpy.linalg.outer`.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np

NAMESPACES = {
    "linalg": "numpy.linalg", "fft": "numpy.fft", "stride_tricks": "numpy.lib.stride_tricks",
    "emath": "numpy.emath", "polynomial": "numpy.polynomial",
    "power_series": "numpy.polynomial.polynomial",
    "chebyshev": "numpy.polynomial.chebyshev", "legendre": "numpy.polynomial.legendre",
    "hermite": "numpy.polynomial.hermite", "hermite_e": "numpy.polynomial.hermite_e",
    "laguerre": "numpy.polynomial.laguerre", "strings": "numpy.strings",
    "char": "numpy.char",
}  # fmt: skip
"""Folders of the prelude whose functions are not those of `numpy` itself -> whose they are."""


def public_name(function: str, file: str | Path) -> tuple[str, str]:
    """The module that a function of the prelude belongs to, and its name there."""
    folder = Path(file).parent.name
    if folder not in NAMESPACES:
        return "numpy", function
    return NAMESPACES[folder], function.removeprefix(f"{folder}_")


def real_module(module: str) -> Any:
    """NumPy's own."""
    return functools.reduce(getattr, module.split(".")[1:], np)


def real_function(function: str, file: str | Path) -> Any:
    """NumPy's own function, asked for its words of wrong calls; None: it has none."""
    module, name = public_name(function, file)
    return getattr(real_module(module), name, None)
