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


def reorderable(module: Operation) -> Iterator[Operation]:
    """Those whose loops were made of whole-array operations, so that how they run is open. Loops
    that the program wrote itself (`ordered`) say in which order."""
    return (kernel for kernel in kernels_of(module) if "ordered" not in kernel.attributes)
