"""Types as users of Fleet from Python see them: `make lint` checks this, nobody runs it."""

from __future__ import annotations

from typing import Any

import numpy as np

import fleet

Array = np.ndarray[Any, np.dtype[np.float64]]


@fleet.jit
def scaled(x: Array, factor: float = 2.0) -> Array:
    return x * factor


@fleet.jit(static_argnames="axis", count=True)
def total(x: Array, *, axis: int) -> tuple[Array, int]:
    return x.sum(axis=axis), axis


class Scale:
    @fleet.jit
    def times(self, x: Array) -> Array:
        return x * 2


def use(x: Array) -> Array:
    doubled: Array = Scale().times(x)
    Scale().times("text")  # type: ignore[arg-type]
    Scale.times(Scale(), doubled).sum()
    rows, axis = total(scaled(x), axis=1)
    scaled("text")  # type: ignore[arg-type]
    total(x, 1)  # type: ignore[call-arg]
    text: str = scaled(x)  # type: ignore[assignment]
    launches: dict[str, int] = total.stats().launches
    output: str = fleet.run("program.py", "argument", on="vm").stdout
    data: bytes = bytes(fleet.build("program.py"))
    print(text, launches, output, data, fleet.lower("program.py", "linalg").text)
    return rows * axis
