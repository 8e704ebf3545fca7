"""Arrays and numbers in and out of the machine: what host services and callers of functions need.

In: an IR type's text, and registers or the host's values. Out: the other ones. The one idea: a
tensor is a pointer and its dynamic dimensions, one register each, as everywhere in the schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from fleet.diagnostics import FleetError
from fleet.host import Data
from fleet.vm.arena import Arena
from fleet.vm.device import Device

Register = int | float


@dataclass(frozen=True)
class TensorForm:
    """A tensor type as those outside need it: dimensions (None: in a register) and dtype."""

    shape: tuple[int | None, ...]
    dtype: np.dtype

    @staticmethod
    def parse(type: str) -> TensorForm | None:
        """The form of `tensor<2x?xf32>`; None for a scalar's type. Raises ValueError."""
        if not type.startswith("tensor<"):
            return None
        *dims, element = type.removeprefix("tensor<").removesuffix(">").split("x")
        if element not in _DTYPES:
            raise ValueError(f"no array can be {type}")
        return TensorForm(
            tuple(None if dim == "?" else int(dim) for dim in dims), _DTYPES[element]
        )


_DTYPES = {
    "i1": np.dtype("?"), "f16": np.dtype("f2"), "f32": np.dtype("f4"), "f64": np.dtype("f8"),
    "index": np.dtype("i8"),
    **{f"i{8 * size}": np.dtype(f"i{size}") for size in (1, 2, 4, 8)},
    **{f"ui{8 * size}": np.dtype(f"u{size}") for size in (1, 2, 4, 8)},
}  # fmt: skip


def number_register(value: Data) -> Register:
    """What a register holds of a number."""
    return float(value) if isinstance(value, float | np.floating) else int(value)


class Transfer:
    """Between registers with the device's memory, and the host's values."""

    def __init__(self, device: Device, arena: Arena) -> None:
        self.device = device
        self.arena = arena

    def read(self, form: TensorForm | None, given: Iterator[Register]) -> Data:
        """A value: a number, or an array that shares the device's memory."""
        first = next(given)
        if form is None:
            return first
        shape = tuple(int(next(given)) if dim is None else dim for dim in form.shape)
        count = int(np.prod(shape, dtype=np.int64))
        return self.device.view(int(first), form.dtype, count).reshape(shape)

    def write(self, form: TensorForm | None, value: Data) -> list[Register]:
        """A value as registers; an array is copied to a fresh buffer."""
        if form is None:
            return [number_register(value)]
        array = np.asarray(value)
        if array.ndim != len(form.shape):
            raise FleetError(f"the host gave rank {array.ndim}, not {len(form.shape)}")
        pointer = self.arena.alloc(array.size * form.dtype.itemsize)
        self.device.view(pointer, form.dtype, array.size).reshape(array.shape)[...] = array
        return [pointer, *self.dynamic(form, array)]

    @staticmethod
    def dynamic(form: TensorForm, array: np.ndarray) -> list[Register]:
        """The sizes that registers hold."""
        return [size for size, dim in zip(array.shape, form.shape, strict=True) if dim is None]


def texts_in(
    memory: memoryview, arena: Arena, view: Callable[[int, DTypeLike, int], np.ndarray]
) -> tuple[Callable[[int, int], str], Callable[[str], tuple[int, int]],
           Callable[[int, bytes], None]]:  # fmt: skip
    """What reads a text, what puts one into fresh memory, and what writes bytes to an address.

    memory: the arena's
    """
    base, size, alloc = arena.base, len(memory), arena.alloc

    def text(address: int, count: int) -> str:
        start = address - base
        within = start >= 0 and start + count <= size
        data = memory[start : start + count] if within else view(address, np.uint8, count)
        return data.tobytes().decode("utf-8", "surrogateescape")

    def keep_text(value: str) -> tuple[int, int]:
        data = value.encode("utf-8", "surrogateescape")
        address = alloc(len(data))
        memory[address - base : address - base + len(data)] = data
        return address, len(data)

    def put(address: int, data: bytes) -> None:
        start = address - base
        if 0 <= start <= size - len(data):
            memory[start : start + len(data)] = data
        else:
            view(address, np.uint8, len(data))[:] = np.frombuffer(data, np.uint8)

    return text, keep_text, put
