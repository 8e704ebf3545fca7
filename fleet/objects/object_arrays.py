"""The print of arrays of objects, on the host.

In: how Python shows each object, and an array of the same shape. Out: NumPy's text of the array.
The one idea: NumPy places the words, of objects that show themselves as these.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class _Shown:
    """An object that is shown as a text says."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def objects_shown(name: str, words: list[str], at: np.ndarray, **options: Any) -> str:
    """np.array_str, np.array_repr or np.array2string, by name. at: of the array's shape."""
    row = np.empty(len(words), object)
    for number, word in enumerate(words):
        row[number] = _Shown(word)
    return getattr(np, name)(row.reshape(np.shape(at)), **options)


FUNCTIONS = {"numpy.objects_shown": objects_shown}
