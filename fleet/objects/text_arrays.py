"""Arrays of texts on the host: what the prelude's, which are arrays of code points, ask of NumPy.

In: uint32 arrays whose last axis has the characters of one text, zeros after its end, which is how
NumPy keeps them. Out: texts, their order, their print, and what `np.strings` makes of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def as_texts(codes: np.ndarray) -> np.ndarray:
    """The array of texts; its rank is one less."""
    codes = np.ascontiguousarray(codes, np.uint32)
    if not codes.shape[-1]:
        return np.zeros(codes.shape[:-1], "<U1")
    return codes.view(f"<U{codes.shape[-1]}")[..., 0]


def as_codes(texts: Any, width: int = 0) -> np.ndarray:
    """The other way round; width: characters of each text, 0: of the longest."""
    array = np.asarray(texts, f"<U{width}" if width else "U")
    size = array.dtype.itemsize // 4
    if not array.size:
        return np.zeros((*array.shape, max(size, 1)), np.uint32)
    return np.ascontiguousarray(array)[..., None].view(np.uint32).reshape(*array.shape, size)


def text_codes(texts: Any, width: int, depth: int) -> np.ndarray:
    """Of a text or number or a list of such: numbers become texts. depth: of lists in lists."""
    codes = as_codes(list(texts) if isinstance(texts, list | tuple) else [texts], width)
    if codes.ndim != depth + 1:
        raise NotImplementedError("this list is empty, and NumPy would make floats of it")
    return codes


def text_at(codes: np.ndarray) -> np.str_:
    return as_texts(codes)[()]


def text_dtype(codes: np.ndarray) -> np.dtype:
    return as_texts(codes).dtype


def text_list(codes: np.ndarray) -> Any:
    return as_texts(codes).tolist()


def text_ranks(codes: np.ndarray) -> np.ndarray:
    """int64, of equal texts the same one, of a greater text a greater one."""
    return np.unique(as_texts(codes), return_inverse=True)[1].reshape(codes.shape[:-1])


def texts_shown(name: str, codes: np.ndarray, **options: Any) -> str:
    """np.array_str, np.array_repr or np.array2string, by name."""
    return getattr(np, name)(as_texts(codes), **options)


def text_numbers(codes: np.ndarray, dtype: str) -> np.ndarray:
    """As numbers of a dtype. Raises ValueError for what is none."""
    return as_texts(codes).astype(dtype)


def number_texts(array: np.ndarray, width: int) -> np.ndarray:
    """Of numbers their texts."""
    return as_codes(np.asarray(array).astype(f"<U{width}"), width)


def strings_function(name: str, is_text: str, *values: Any) -> np.ndarray:
    """np.strings.<name>; is_text: for each value `t` where it is codes, else `v`."""
    given = [as_texts(value) if kind == "t" else value
             for kind, value in zip(is_text, values, strict=True)]  # fmt: skip
    found = getattr(np.strings if hasattr(np.strings, name) else np.char, name)(*given)
    return as_codes(found) if np.asarray(found).dtype.kind == "U" else np.asarray(found)


FUNCTIONS = {
    f"numpy.{function.__name__}": function
    for function in (text_codes, text_at, text_dtype, text_list, text_ranks, texts_shown,
                     text_numbers, number_texts, strings_function)
}  # fmt: skip
