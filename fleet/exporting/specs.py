"""What the arguments of an exported function are: `f32[batch,768]`, `i64`, `{w: f32[3], n: 4}`.

In: the text of an argument. Out: a spec: arrays and numbers that come when the graph is run,
containers of such, and expressions whose values are known. The one idea: a spec has the form of the
value, so that the same names say where in a value something is: `params.blocks.0.w`.

    f32[batch,768]       an array; a name or `?` for a length that only the run knows, and lengths
                         of one name are equal; f32[] has no axes
    f32                  a NumPy scalar; but i64, f64 and bool are Python's int, float and bool
    (a, b)  [a, b]       a tuple, a list
    {w: a, 'b': b}       a dictionary
    3  'mean'  cfg.n     anything else is an expression of the program's, and known
    x=...                by name; **... for all entries of a dictionary
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fleet.diagnostics import FleetError

Dim = int | str | None
"""A length: known, or the run's, with or without a name."""


@dataclass(frozen=True)
class ArraySpec:
    """An array, or with `scalar` a NumPy scalar."""

    dtype: np.dtype
    dims: tuple[Dim, ...] = ()
    scalar: bool = False


@dataclass(frozen=True)
class NumberSpec:
    """Python's `bool`, `int` or `float`."""

    kind: str


@dataclass(frozen=True)
class Items:
    """A tuple, list or dict of arguments. keys: of a dict; form: a class of named tuples, too."""

    form: type
    items: tuple[Spec, ...]
    keys: tuple[object, ...] = ()


@dataclass(frozen=True)
class Known:
    """A value that is known: an expression of the program's, or the live value itself."""

    value: object


Spec = ArraySpec | NumberSpec | Items | Known


@dataclass(frozen=True)
class Argument:
    """One argument of the call: by position where it has no name; `**` for a dictionary's all."""

    name: str | None
    spec: Spec


DTYPES = {
    "bool": "bool", "f16": "float16", "f32": "float32", "f64": "float64",
    **{f"i{width}": f"int{width}" for width in (8, 16, 32, 64)},
    **{f"u{width}": f"uint{width}" for width in (8, 16, 32, 64)},
}  # fmt: skip
"""Short name -> NumPy's."""
_LONG = {name: np.dtype(name) for name in DTYPES.values()}
_SHORT = {name: np.dtype(long) for name, long in DTYPES.items()}
NAMES = {dtype: name for name, dtype in _SHORT.items()}
"""dtype -> its short name."""
_NUMBERS = {"i64": "int", "int": "int", "f64": "float", "float": "float", "bool": "bool"}
_ARRAY = re.compile(r"([A-Za-z]\w*)\s*\[([^\[\]]*)\]")
_NAMED = re.compile(r"([A-Za-z_]\w*)\s*=(?!=)\s*", re.A)
_OPEN, _CLOSE = "([{", ")]}"


def parse_argument(text: str) -> Argument:
    """The argument that a text stands for. Raises FleetError."""
    rest = text.strip()
    if rest.startswith("**"):
        return Argument("**", Known(rest[2:].strip()))
    named = _NAMED.match(rest)
    name = named[1] if named else None
    return Argument(name, _spec(rest[named.end() :] if named else rest, text))


def _spec(text: str, whole: str) -> Spec:
    text = text.strip()
    if not text:
        raise FleetError(f"an argument is missing in {whole!r}", hint=_HINT)
    found = _ARRAY.fullmatch(text)
    if found and (found[1] in _SHORT or found[1] in _LONG):
        dtype = _SHORT.get(found[1]) or _LONG[found[1]]
        return ArraySpec(dtype, tuple(_dim(dim, whole) for dim in _split(found[2], whole)))
    if text in _NUMBERS:
        return NumberSpec(_NUMBERS[text])
    if text in _SHORT or text in _LONG:
        return ArraySpec(_SHORT.get(text) or _LONG[text], (), True)
    structure = _structure(text, whole) if text[0] in _OPEN else None
    return structure if structure is not None and any(late(structure)) else Known(text)


def _structure(text: str, whole: str) -> Items | None:
    """A tuple, list or dict; None where it is an expression that begins with a bracket."""
    if _end(text, 0, whole) != len(text) - 1:
        return None
    inner = text[1:-1]
    parts = _split(inner, whole)
    if text[0] == "(" and len(parts) == 1 and not inner.rstrip().endswith(","):
        return None
    if text[0] != "{":
        form = tuple if text[0] == "(" else list
        return Items(form, tuple(_spec(part, whole) for part in parts))
    keys, items = [], []
    for part in parts:
        key, *value = _split(part, whole, ":")
        if len(value) != 1:
            return None
        keys.append(_key(key, whole))
        items.append(_spec(value[0], whole))
    return Items(dict, tuple(items), tuple(keys))


def _key(text: str, whole: str) -> object:
    text = text.strip()
    if text.isidentifier():
        return text
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        raise FleetError(f"{text!r} is no key of a dictionary in {whole!r}", hint=_HINT) from None


def _dim(text: str, whole: str) -> Dim:
    text = text.strip()
    if text == "?":
        return None
    if text.isascii() and text.isdecimal():
        return int(text)
    if text.isidentifier():
        return text
    raise FleetError(
        f"{text!r} is no length in {whole!r}",
        hint="a length is a number, a name, or ? for one that only the run knows",
    )


def _split(text: str, whole: str, mark: str = ",") -> list[str]:
    """The parts between marks that stand in no brackets or quotes; an empty last one is none."""
    parts, start, at = [], 0, 0
    while at < len(text):
        if text[at] in _OPEN or text[at] in "'\"":
            at = _end(text, at, whole)
        elif text[at] == mark:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    if text[start:].strip() or not parts and text.strip():
        parts.append(text[start:])
    return parts


def _end(text: str, at: int, whole: str) -> int:
    """Where what begins at `at` with a bracket or quote ends."""
    if text[at] in "'\"":
        end = at + 1
        while end < len(text) and text[end] != text[at]:
            end += 2 if text[end] == "\\" else 1
        if end < len(text):
            return end
    else:
        close, end = _CLOSE[_OPEN.index(text[at])], at + 1
        while end < len(text) and text[end] != close:
            nested = text[end] in _OPEN or text[end] in "'\""
            if text[end] in _CLOSE:
                break
            end = (_end(text, end, whole) if nested else end) + 1
        if end < len(text) and text[end] == close:
            return end
    raise FleetError(f"{text[at]!r} is not closed in {whole!r}", hint=_HINT)


_HINT = "arguments are such as 'f32[batch,768]', 'i64', 'x={w: f32[3], n: 4}' or '3'"


def late(spec: Spec) -> Iterator[Spec]:
    """The arrays and numbers of a spec that come when the graph is run."""
    match spec:
        case ArraySpec() | NumberSpec():
            yield spec
        case Items():
            for item in spec.items:
                yield from late(item)


# -- of values


def spec_of(
    value: object, name: str, dynamic: Callable[[str, int, int], Dim] = lambda name, axis, n: n
) -> Spec:
    """The spec of an example. dynamic: (flat name, axis, length) -> the length in the graph."""
    kind = type(value)
    if kind in (bool, int, float):
        return NumberSpec(kind.__name__)
    if isinstance(value, np.generic | np.ndarray):
        if value.dtype not in NAMES:
            raise FleetError(
                f"the argument `{name}` has the dtype {value.dtype}, which is not supported",
                hint=f"use {', '.join(DTYPES.values())}",
            )
        dims = tuple(dynamic(name, axis, n) for axis, n in enumerate(value.shape))
        return ArraySpec(value.dtype, dims, isinstance(value, np.generic))
    if isinstance(value, dict) and kind is dict:
        parts = [spec_of(part, joined(name, key), dynamic) for key, part in value.items()]
        return Items(dict, tuple(parts), tuple(value))
    if isinstance(value, tuple | list) and (kind in (tuple, list) or hasattr(kind, "_fields")):
        names = getattr(kind, "_fields", range(len(value)))
        made = [spec_of(part, joined(name, at), dynamic)
                for at, part in zip(names, value, strict=True)]  # fmt: skip
        return Items(kind, tuple(made))
    return Known(value)


def joined(name: str, key: object) -> str:
    """The flat name of a part: `params.blocks.0.w`."""
    return f"{name}.{key}" if name else str(key)


def unique(name: str, taken: Sequence[str]) -> str:
    """The name, or with a number where it is taken."""
    made, number = name, 1
    while made in taken:
        number += 1
        made = f"{name}_{number}"
    return made
