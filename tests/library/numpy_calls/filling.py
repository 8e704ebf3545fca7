"""Templates of calls filled at random.

`{a}` is an array, `{a|b}` one of these words, `[[…]]` is there or not. A name that comes twice is
the same array. What each name means, the tables below say.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from .arrays import DTYPES, FLOATS, REALS, Maker, Shape

_OPTIONAL = re.compile(r"\[\[((?:(?!\[\[|\]\]).)*)\]\]")
_BASE = ("a", "r", "f", "i", "v", "vr", "vi", "m", "q", "sorted")
"""Names of arrays whose shapes the others follow."""
_VECTOR = [0, 1, 2, 4, 5, 7, 9]


def filled(maker: Maker, template: str) -> str:
    """A call; the arrays that it needs are the maker's."""
    r, text = maker.random, template
    while (shorter := _OPTIONAL.sub(lambda m: m[1] if r.random() < 0.35 else "", text)) != text:
        text = shorter
    names: dict[str, str] = {}

    def first() -> str:
        for name in _BASE:
            if name in names:
                return names[name]
        names["a"] = maker.array()
        return names["a"]

    def fill(match: re.Match[str]) -> str:
        what = match[1]
        if "|" in what:
            return r.choice(what.split("|"))
        if what in names:
            return names[what]
        if what in _ARRAYS:
            names[what] = _ARRAYS[what](maker, r, first)
            return names[what]
        return _WORDS[what](maker, r, first) if what in _WORDS else what

    return re.sub(r"\{([^{}]+)\}", fill, text)


Fill = Callable[[Maker, random.Random, Callable[[], str]], str]


def _square(m: Maker, r: random.Random) -> str:
    """Finite, of small whole numbers: what LAPACK makes of NaN is its own."""
    n = r.choice([1, 2, 3, 3, 4])
    shape = (*((2,) if r.random() < 0.2 else ()), n, n)
    flat = [r.randrange(-9, 10) for _ in range(n * n * (2 if len(shape) > 2 else 1))]
    dtype = r.choice(["float32", "float64", "int64"])
    return m.named(f"np.array({flat}, np.{dtype}).reshape({shape})", shape, dtype)


def _sorted(m: Maker, r: random.Random) -> str:
    name = m.array((r.choice([0, 1, 2, 4, 7]),), r.choice(["float64", "int64", "float32", "int8"]))
    m.lines.append(f"{name}.sort()")
    return name


def _mask(m: Maker, r: random.Random, name: str) -> str:
    return m.array(m.near(name) if r.random() < 0.5 else m.shapes[name], "bool")


_INTS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"]
_ARRAYS: dict[str, Fill] = {
    "a": lambda m, r, first: m.array(),
    "r": lambda m, r, first: m.array(None, r.choice(REALS)),
    "f": lambda m, r, first: m.array(None, r.choice(FLOATS)),
    "i": lambda m, r, first: m.array(None, r.choice(_INTS)),
    "v": lambda m, r, first: m.array((r.choice(_VECTOR),)),
    "vr": lambda m, r, first: m.array((r.choice(_VECTOR),), r.choice(REALS)),
    "vi": lambda m, r, first: m.array((r.choice(_VECTOR[:5]),), r.choice(_INTS[:5])),
    "m": lambda m, r, first: m.array((r.choice([1, 2, 3, 4]), r.choice([0, 1, 2, 3, 4]))),
    "q": lambda m, r, first: _square(m, r),
    "sorted": lambda m, r, first: _sorted(m, r),
    "b": lambda m, r, first: m.array(m.near(first())),
    "c": lambda m, r, first: m.array(m.near(first())),
    "s": lambda m, r, first: m.array(m.shapes[first()]),
    "same": lambda m, r, first: m.array(m.shapes[first()], m.dtypes[first()]),
    "mask": lambda m, r, first: _mask(m, r, first()),
    "Mask": lambda m, r, first: m.array(m.shapes[first()], "bool"),
    "w": lambda m, r, first: m.array(
        m.shapes[first()] if r.random() < 0.7 else (r.choice(_VECTOR[:5]),)),
    "index": lambda m, r, first: m.positions(first()),
}  # fmt: skip


def _axis(m: Maker, r: random.Random, first: Callable[[], str]) -> str:
    rank = len(m.shapes[first()])
    return str(r.choice([None, 0, -1, -1, rank - 1, r.randrange(-rank - 1, rank + 1)]))


def _axes(m: Maker, r: random.Random, first: Callable[[], str]) -> str:
    rank = len(m.shapes[first()])
    if rank >= 2 and r.random() < 0.3:
        return str(tuple(r.sample(range(rank), r.randrange(0, rank + 1))))
    return _axis(m, r, first)


def _one_axis(m: Maker, r: random.Random, first: Callable[[], str]) -> str:
    rank = len(m.shapes[first()])
    usual = r.choice([0, -1, max(rank - 1, 0)])
    return str(usual if r.random() < 0.85 else r.randrange(-rank - 1, rank + 2))


def _reshaped(shape: Shape, r: random.Random) -> str:
    size = 1
    for n in shape:
        size *= n
    return str(r.choice([(-1,), (size,), (size, 1), (-1, 1), (1, -1, 1), (2, -1), (0, -1),
                         (3, -1), shape[::-1], (-1, -1), ()]))  # fmt: skip


_NUMBERS = ["0.5", "2", "-1.5", "3", "np.nan", "np.float32(2)", "np.int8(3)", "True", "7", "1e3"]
_WORDS: dict[str, Fill] = {
    "axis": _axis,
    "axes": _axes,
    "ax": _one_axis,
    "k": lambda m, r, first: str(r.choice([0, 1, 1, 2, 3, -1, -2, 5])),
    "n": lambda m, r, first: str(r.choice([0, 1, 2, 3, 5, 8])),
    "x": lambda m, r, first: r.choice(_NUMBERS),
    "bool": lambda m, r, first: r.choice(["True", "False"]),
    "dt": lambda m, r, first: "np." + r.choice(DTYPES),
    "shape": lambda m, r, first: str(m.shape()),
    "reshape": lambda m, r, first: _reshaped(m.shapes[first()], r),
    "subscript": lambda m, r, first: m.subscript(first()),
}
