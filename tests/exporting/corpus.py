"""The functions that are exported, with the arguments that they are exported and run for.

Every file of `functions/` is a program in NumPy with a table

    CASES = [("softmax", ["f32[rows,cols]"], [{"rows": 3, "cols": 5}, {"rows": 1, "cols": 1}])]

of a function's name, its arguments as `fleet export --arg` takes them, and runs: lengths by their
names, and by an argument's flat name its value, or (low, high) for random integers in between.
Other arrays are random: floats normal, integers from -9 to 9. What the functions give is NumPy's.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from fleet.exporting.evaluation import export_function
from fleet.exporting.graph import Graph
from fleet.exporting.specs import ArraySpec, Items, Known, NumberSpec, Spec, joined, parse_argument

FOLDER = Path(__file__).parent / "functions"


@dataclass(frozen=True, eq=False)
class Case:
    """A function with its arguments, and what it is run for."""

    file: str
    name: str
    arguments: tuple[str, ...]
    runs: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        return self.name

    @property
    def program(self) -> str:
        return str(FOLDER / self.file)

    def graph(self) -> Graph:
        """The exported function: evaluated once, copied for each who writes it."""
        made = _graph(self.program, self.name, self.arguments)
        return replace(made, module=made.module.clone())

    def value(self) -> Any:
        """What the name is in Python."""
        return functools.reduce(getattr, self.name.split("."), _module(self.file))

    def calls(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """For each run: the graph's arguments by flat name, and what NumPy gives for them."""
        module = _module(self.file)
        for number, run in enumerate(self.runs):
            rng = np.random.default_rng(zlib.crc32(f"{self.name}{number}".encode()))
            flat: dict[str, Any] = {}
            positional: list[Any] = []
            keywords: dict[str, Any] = {}
            function = self.value()
            names = _parameters(function)
            for text in self.arguments:
                one = parse_argument(text)
                if one.name == "**":
                    assert isinstance(one.spec, Known)
                    keywords |= eval(str(one.spec.value), vars(module))
                    continue
                name = one.name or names[len(positional)]
                value = _value(one.spec, name, run, rng, flat, module)
                if one.name is None:
                    positional.append(value)
                else:
                    keywords[name] = value
            inputs = {name: np.array(value) if isinstance(value, np.ndarray) else value
                      for name, value in flat.items()}  # fmt: skip
            with np.errstate(all="ignore"):
                result = function(*positional, **keywords)
            results = dict(_parts(result, "result"))
            for name, before in inputs.items():
                now = flat[name]
                if isinstance(now, np.ndarray) and now.tobytes() != before.tobytes():
                    results[joined(name, "updated")] = now
            yield inputs, results


@functools.cache
def _graph(program: str, name: str, arguments: tuple[str, ...]) -> Graph:
    return export_function(program, name, [parse_argument(text) for text in arguments])


def _parameters(function: Any) -> list[str]:
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    return list(names[1:] if hasattr(function, "__self__") else names)


def _value(
    spec: Spec, name: str, run: dict[str, Any], rng: np.random.Generator, flat: dict[str, Any],
    module: ModuleType,
) -> Any:  # fmt: skip
    match spec:
        case Known(value):
            return eval(str(value), vars(module))
        case Items(form, items, keys):
            made = [_value(item, joined(name, key), run, rng, flat, module)  # fmt: skip
                    for key, item in zip(keys or range(len(items)), items, strict=True)]
            return dict(zip(keys, made, strict=True)) if form is dict else form(made)
        case NumberSpec():
            flat[name] = run[name]
        case ArraySpec(dtype, dims, scalar):
            shape = tuple(run[dim] if isinstance(dim, str) else dim for dim in dims)
            flat[name] = _array(run.get(name), shape, dtype, rng)
            if scalar:
                flat[name] = flat[name][()]
    return flat[name]


def _array(
    said: Any, shape: tuple[Any, ...], dtype: np.dtype, rng: np.random.Generator
) -> np.ndarray:
    if isinstance(said, tuple):
        return rng.integers(*said, shape).astype(dtype)
    if said is not None:
        return np.asarray(said, dtype)
    if dtype.kind == "b":
        return rng.integers(0, 2, shape).astype(bool)
    if dtype.kind in "iu":
        return rng.integers(0 if dtype.kind == "u" else -9, 10, shape).astype(dtype)
    return rng.standard_normal(shape).astype(dtype)


def _parts(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if value is None:
        return
    if isinstance(value, tuple | list | dict):
        labels = getattr(type(value), "_fields", range(len(value)))
        pairs = value.items() if isinstance(value, dict) else zip(labels, value, strict=True)
        for key, part in pairs:
            yield from _parts(part, joined(name, key))
    else:
        yield name, value


@functools.cache
def _module(file: str) -> ModuleType:
    name = f"exported_{Path(file).stem}"
    spec = importlib.util.spec_from_file_location(name, FOLDER / file)
    assert spec is not None and spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases() -> list[Case]:
    """All of them."""
    return [
        Case(path.name, name, tuple(arguments), tuple(runs))
        for path in sorted(FOLDER.glob("*.py"))
        for name, arguments, runs in _module(path.name).CASES
    ]


TOLERANCE = {4: 1e-5, 8: 1e-12, 2: 1e-2}
"""Relative to the largest element, by bytes of a float."""


def differences(found: dict[str, Any], wanted: dict[str, Any], strict: bool = True) -> list[str]:
    """How results differ from NumPy's, in words.

    strict: whether dtypes are to be the same; Python's numbers have those of 64 bits.
    """
    said = [f"{name} is missing" for name in wanted if name not in found]
    for name, value in wanted.items():
        if name not in found:
            continue
        a, b = np.asarray(found[name]), np.asarray(value)
        if a.shape != b.shape or strict and a.dtype != b.dtype:
            said.append(f"{name} is {a.dtype}{a.shape}, not {b.dtype}{b.shape}")
        elif b.dtype.kind != "f":
            if not np.array_equal(a, b):
                said.append(f"{name} is {a}, not {b}")
        elif b.size:
            finite = np.abs(b[np.isfinite(b)].astype("f8"))
            scale = max(1.0, float(finite.max())) if finite.size else 1.0
            if not np.allclose(a.astype("f8"), b.astype("f8"), 0, TOLERANCE[b.itemsize] * scale,
                               equal_nan=True):  # fmt: skip
                said.append(f"{name} is {a}, not {b}")
    return said
