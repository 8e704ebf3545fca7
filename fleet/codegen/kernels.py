"""Finding the kernels of a module."""

from __future__ import annotations

from collections.abc import Iterator

from fleet.ir.core import Operation


def kernels_of(module: Operation) -> Iterator[Operation]:
    """Functions that run on the device and have a body; `module` may be one itself."""
    candidates = [module] if module.name == "func.func" else list(module.body)
    for operation in candidates:
        is_kernel = operation.name == "func.func" and "kernel" in operation.attributes
        if is_kernel and operation.regions and operation.regions[0].blocks:
            yield operation
