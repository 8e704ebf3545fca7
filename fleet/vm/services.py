"""Host services for the bytecode machine: between registers and the host's values.

In: a service's description and registers; a tensor is a pointer and its dynamic dimensions. Out:
registers again; a tensor that a service gives lies in a fresh buffer of the arena.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.host import Data, Host, call_service
from fleet.vm.arena import Arena
from fleet.vm.device import Device

Register = int | float


@dataclass(frozen=True)
class TensorForm:
    """A tensor type as a service needs it: dimensions (None: in a register) and dtype."""

    shape: tuple[int | None, ...]
    dtype: np.dtype

    @staticmethod
    def parse(type: str) -> TensorForm | None:
        """The form of `tensor<2x?xf32>`; None for a scalar's type. Raises ValueError."""
        if not type.startswith("tensor<"):
            return None
        *dims, element = type.removeprefix("tensor<").removesuffix(">").split("x")
        if element not in _DTYPES:
            raise ValueError(f"no host service can take {type}")
        return TensorForm(
            tuple(None if dim == "?" else int(dim) for dim in dims), _DTYPES[element]
        )


_DTYPES = {
    "i1": np.dtype("?"), "f16": np.dtype("f2"), "f32": np.dtype("f4"), "f64": np.dtype("f8"),
    "index": np.dtype("i8"),
    **{f"i{8 * size}": np.dtype(f"i{size}") for size in (1, 2, 4, 8)},
    **{f"ui{8 * size}": np.dtype(f"u{size}") for size in (1, 2, 4, 8)},
}  # fmt: skip


class Services:
    """The services of one program, called by number."""

    def __init__(
        self, descriptions: Sequence[dict[str, Any]], device: Device, arena: Arena, host: Host
    ) -> None:
        self.device = device
        self.arena = arena
        self.host = host
        self._services = [_Service(description) for description in descriptions]

    def call(self, number: int, registers: Sequence[Register]) -> list[Register]:
        """Perform a service; arguments and results as registers."""
        service = self._services[number]
        if len(registers) != service.registers:
            raise FleetError(
                f"host service {service.name!r} is given {len(registers)} registers "
                f"and takes {service.registers}"
            )
        given = iter(registers)
        operands = [self._read(form, given) for form in service.operands]
        results = call_service(
            self.host, service.name, operands, service.kinds, service.result_kinds,
            service.options,
        )  # fmt: skip
        flat: list[Register] = []
        for form, value in zip(service.results, results, strict=True):
            flat += self._write(form, value)
        return flat

    def _read(self, form: TensorForm | None, given: Iterator[Register]) -> Data:
        first = next(given)
        if form is None:
            return first
        shape = tuple(int(next(given)) if dim is None else dim for dim in form.shape)
        count = int(np.prod(shape, dtype=np.int64))
        return self.device.view(int(first), form.dtype, count).reshape(shape)

    def _write(self, form: TensorForm | None, value: Data) -> list[Register]:
        if form is None:
            return [float(value) if isinstance(value, float | np.floating) else int(value)]
        array = np.asarray(value).astype(form.dtype, copy=False)
        if array.ndim != len(form.shape):
            raise FleetError(f"a host service gave rank {array.ndim}, not {len(form.shape)}")
        pointer = self.arena.alloc(array.nbytes)
        self.device.view(pointer, form.dtype, array.size)[:] = array.reshape(-1)
        dynamic = [
            size for size, dim in zip(array.shape, form.shape, strict=True) if dim is None
        ]
        return [pointer, *dynamic]


class _Service:
    """One description, its types read; `registers` is how many it takes."""

    def __init__(self, description: dict[str, Any]) -> None:
        try:
            self.name = str(description["name"])
            self.kinds = [str(kind) for kind in description["kinds"]]
            self.result_kinds = [str(kind) for kind in description["result_kinds"]]
            self.options = dict(description["options"])
            self.operands = [TensorForm.parse(type) for type in description["types"]]
            self.results = [TensorForm.parse(type) for type in description["result_types"]]
        except (TypeError, ValueError, AttributeError) as error:
            raise FleetError(f"the bytecode has a malformed host service: {error}") from error
        taken = len(self.kinds) - self.kinds.count("none")
        if (taken, len(self.result_kinds)) != (len(self.operands), len(self.results)):
            raise FleetError(f"the bytecode has a malformed host service: {self.name}")
        self.registers = sum(
            1 if form is None else 1 + form.shape.count(None) for form in self.operands
        )
