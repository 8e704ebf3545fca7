"""The back end that computes at once: NumPy itself under the evaluator (`--on ast`).

In: the primitives that the prelude is written in. Out: NumPy's results. The one idea: nothing here
is known at run time only, so every value is a plain Python or NumPy object and this file is the
shortest definition of what the primitives mean.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.values.heap import Heap, List
from fleet.host import Host, of_parts


def _reduce(name: str, value: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    options = {"dtype": np.result_type(value)} if name in ("sum", "prod") else {}
    return getattr(np, name)(value, axis=axes, keepdims=keepdims, **options)


def _to_list(value: Any) -> Any:
    return np.asarray(value).tolist()


def _scatter(dest: Any, indices: Any, values: Any, combine: str) -> Any:
    made = np.array(dest)
    if combine == "set":
        made[indices] = values
    else:
        getattr(np, combine).at(made, indices, values)
    return made


_CUMULATED = {
    "cumsum": np.add, "cumprod": np.multiply, "cummax": np.maximum, "cummin": np.minimum,
}  # fmt: skip

PRIMITIVES: dict[str, Callable[..., Any]] = {
    "ufunc": lambda name, *values: getattr(np, {"divide": "true_divide"}.get(name, name))(*values),
    "reduce": _reduce,
    "arg_extreme": lambda name, value, axis: getattr(np, name)(value, axis=axis),
    "cumulate": lambda name, value, axis: _CUMULATED[name].accumulate(
        value, axis=axis, dtype=np.asarray(value).dtype),
    "sort": lambda value: np.sort(value, axis=-1, kind="stable"),
    "argsort": lambda value: np.argsort(value, axis=-1, kind="stable"),
    "searchsorted": lambda table, values, right: np.searchsorted(
        table, values, "right" if right else "left"),
    "nonzero": np.flatnonzero,
    "scatter": _scatter,
    "matmul": np.matmul,
    "where": np.where,
    "asarray": lambda value, dtype=None: np.asarray(value, dtype),
    "cast": lambda value, dtype: value.astype(dtype) if isinstance(
        value, np.ndarray | np.generic) else np.asarray(value, dtype)[()],
    "bitcast": lambda value, dtype: value.view(dtype),
    "transpose": np.transpose,
    "reshape": lambda value, shape: np.reshape(value, shape),
    "broadcast_to": lambda value, shape: np.broadcast_to(value, shape).copy(),
    "concatenate": lambda values, axis, dtype=None: np.concatenate(
        [np.asarray(value) for value in values], axis, dtype=dtype),
    "arange": lambda start, step, count, dtype: (np.arange(count) * step + start).astype(dtype),
    "full": lambda shape, value, dtype: (
        np.zeros(shape, dtype) if value.__class__ is int and not value
        else np.full(shape, value, dtype)),
    "take": lambda value, indices, axis: np.take(value, indices, axis),
    "item": lambda value: value.item(),
    "to_list": _to_list,
    "part": lambda name, value: getattr(np.asarray(value)[()] if not isinstance(
        value, np.ndarray) else value, name),
    "of_parts": lambda real, imag: of_parts(real, imag)[()],
    "copy": lambda value, order="C": np.array(value, order=order),
    "shape": lambda value: np.shape(value),
    "dtype_of": lambda value: value.dtype,
    "result_type": np.result_type,
    "is_known": lambda *values: True,
}  # fmt: skip


class Eager:
    """Runs the program directly on a host."""

    e = None

    def __init__(self, heap: Heap, host: Host) -> None:
        self.host = host
        self.argv = List(heap, host.argv)
        self.primitives = PRIMITIVES

    def show(self, values: tuple, sep: str | None, end: str | None, file: str) -> None:
        self.host.note(values)
        stream = self.host.stderr if file == "stderr" else self.host.stdout
        print(*values, sep=sep, end=end, file=stream, flush=True)

    def read_line(self, prompt: Any) -> str:
        self.host.stdout.write(str(prompt))
        self.host.stdout.flush()
        line = self.host.read_line()
        if not line:
            raise EOFError("EOF when reading a line")
        return line.rstrip("\n")

    def array(self, known: Any, name: str | None = None) -> Any:
        return known
