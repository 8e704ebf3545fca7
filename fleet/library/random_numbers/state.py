"""The whole state of a random generator, in cells of the evaluator's heap.

In: a seed, or a generator of NumPy's. Out: a `State` whose fields are known now (NumPy then draws,
at once) or at run time only (the prelude draws). The one idea: a draw is a write to the program's
state like any other, so branches and loops journal, merge and carry it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.objects import members
from fleet.evaluator.values.heap import Cell, Heap
from fleet.evaluator.values.identity import same
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.then import Array, Tensor, Then

_LOW = (1 << 64) - 1


def _field(name: str) -> property:
    return property(
        lambda state: state.read(name), lambda state, value: state.write(name, value), doc=name
    )


class State:
    """What a bit generator keeps. A field holds a value of the program, an array its content."""

    __slots__ = ("cells", "e", "heap", "pending")
    kind = ""
    fields: tuple[str, ...] = ()

    def __init__(self, heap: Heap, e: Any) -> None:
        self.heap = heap
        self.e = e
        self.cells = {name: Cell(None) for name in self.fields}
        self.pending: Callable[[], tuple] | None = None
        """Gives the first values of all fields when one is asked for, if none were given."""

    def settle(self) -> None:
        """Have values, as if they had been there from the start: no journal notes it."""
        if self.pending is not None:
            values = self.pending()  # which ends a trial whether anything is emitted
            self.pending = None
            for cell, value in zip(self.cells.values(), values, strict=True):
                cell.content = _content(value)

    def read(self, name: str) -> Any:
        self.settle()
        content = self.cells[name].content
        if self.e is not None and isinstance(content, np.ndarray | Tensor):
            return tensors.wrap(self.e, content)
        return content

    def write(self, name: str, value: Any) -> None:
        self.settle()
        cell, content = self.cells[name], _content(value)
        if not _same(cell.content, content):
            self.heap.touch(cell)
            cell.content = content

    @property
    def is_known(self) -> bool:
        """Whether the state is known now."""
        self.settle()
        return not any(isinstance(cell.content, Then | Tensor) for cell in self.cells.values())

    def values(self) -> list[Any]:
        return [cell.content for cell in self.cells.values()]

    def assign(self, *values: Any) -> None:
        if not self.heap.is_conditional:
            self.heap.mark(self, "pending", None)
        for name, value in zip(self.fields, values, strict=True):
            self.write(name, value)

    def generator(self) -> Any:
        """NumPy's generator in this state, which must be known."""
        raise NotImplementedError

    def absorb(self, generator: Any) -> None:
        """Take over the state that NumPy's generator is in."""
        raise NotImplementedError


def _content(value: Any) -> Any:
    return value.read() if isinstance(value, Array) and not value.scalar else value


def _same(old: Any, new: Any) -> bool:
    """Whether a content need not be replaced, so that what does not change stays known."""
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        return np.array_equal(old, new)
    return same(old, new)


class Pcg64(State):
    """PCG64's 128-bit state and increment, and the half of a draw that a 32-bit draw left over.

    M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms".
    """

    __slots__ = ()
    kind = "pcg64"
    fields = ("hi", "lo", "inc_hi", "inc_lo", "has_half", "half")
    hi, lo, inc_hi, inc_lo, has_half, half = map(_field, fields)

    def generator(self) -> np.random.Generator:
        hi, lo, inc_hi, inc_lo, has_half, half = self.values()
        made = np.random.PCG64(0)
        made.state = {
            "bit_generator": "PCG64",
            "state": {"state": int(hi) << 64 | int(lo), "inc": int(inc_hi) << 64 | int(inc_lo)},
            "has_uint32": int(has_half),
            "uinteger": int(half),
        }
        return np.random.Generator(made)

    def absorb(self, generator: np.random.Generator | np.random.PCG64) -> None:
        bits = getattr(generator, "bit_generator", generator)
        whole = bits.state
        state, inc = whole["state"]["state"], whole["state"]["inc"]
        words = map(np.uint64, (state >> 64, state & _LOW, inc >> 64, inc & _LOW))
        self.assign(*words, bool(whole["has_uint32"]), np.uint64(whole["uinteger"]))


class Mt19937(State):
    """The Mersenne Twister's key and position, and the second of a pair of normal draws.

    M. Matsumoto and T. Nishimura, "Mersenne Twister: A 623-Dimensionally Equidistributed Uniform
    Pseudo-Random Number Generator".
    """

    __slots__ = ()
    kind = "mt19937"
    fields = ("key", "position", "has_gauss", "gauss")
    key, position, has_gauss, gauss = map(_field, fields)

    def generator(self) -> np.random.RandomState:
        key, position, has_gauss, gauss = self.values()
        made = np.random.RandomState(0)
        made.set_state(("MT19937", key, position, int(has_gauss), gauss))
        return made

    def absorb(self, generator: np.random.RandomState) -> None:
        _, key, position, has_gauss, gauss = generator.get_state()
        self.assign(key, int(position), bool(has_gauss), float(gauss))


for _kind in (Pcg64, Mt19937):  # for the prelude; no other program gets at one
    members.declare(_kind, _kind, "kind", " ".join(_kind.fields))
