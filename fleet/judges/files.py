"""A launch in a file: what a kernel was given, and the kernel, to run it again alone.

In: a kernel and a launch. Out: an .npz file, and both back. It holds the arrays under their numbers
and, as text, the kernel on tensors and as loops; later forms are made anew when it is read, by the
compiler as it is then.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fleet.diagnostics import FleetError
from fleet.files import write_whole
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.types import MemRefType, numpy_dtype
from fleet.judges.kernels import (
    TENSORS,
    Kernel,
    Launch,
    kernels_in,
    module_of,
    note_forms,
    private_buffers,
)
from fleet.judges.programs import KERNEL_STAGES, lower_kernels

LOOPS = KERNEL_STAGES[0].passes[-1]
"""The form that the others are made from."""
_FORMAT = "fleet launch 1"
_MALFORMED = (
    LookupError, TypeError, ValueError, AttributeError, EOFError, NotImplementedError, RuntimeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading goes wrong with when the file is another."""


@dataclass(frozen=True)
class Saved:
    """A kernel after every pass, a launch of it, and the VLEN on which it was wrong."""

    kernel: Kernel
    launch: Launch
    vlen: int


def save_launch(path: Path, kernel: Kernel, launch: Launch, vlen: int) -> None:
    """Write a launch. Raises FleetError where the file cannot be written."""
    description = {
        "format": _FORMAT, "kernel": kernel.name, "outputs": kernel.outputs, "vlen": vlen,
        "sizes": launch.sizes, "number": launch.number,
    }  # fmt: skip
    texts = {
        form: print_op(module_of(kernel.forms[form], kernel.callees), locations=True)
        for form in (TENSORS, LOOPS)
    }
    arrays = {f"array_{n:02}": array for n, array in enumerate(launch.arrays)}
    content = io.BytesIO()
    np.savez(
        content, launch=np.array(json.dumps(description)),
        **{f"text_{form}": np.array(text) for form, text in texts.items()}, **arrays,
    )  # fmt: skip
    write_whole(path, lambda file: file.write(content.getvalue()))


def load_launch(path: str) -> Saved:
    """Read a launch, and make the kernel's other forms. Raises FleetError for any other file."""
    try:
        with np.load(path, allow_pickle=False) as file:
            content = {name: file[name] for name in file.files}
        description = json.loads(str(content["launch"][()]))
        if description["format"] != _FORMAT:
            raise ValueError("it is of another version")
        arrays = tuple(content[name] for name in sorted(content) if name.startswith("array_"))
        texts = {form: str(content[f"text_{form}"][()]) for form in (TENSORS, LOOPS)}
        kernel = Kernel(str(description["kernel"]), int(description["outputs"]))
        launch = Launch(
            kernel.name, arrays, tuple(map(int, description["sizes"])), int(description["number"])
        )
        vlen = int(description["vlen"])
    except OSError as error:
        raise FleetError(f"cannot read {path}: {error.strerror or error}") from None
    except _MALFORMED as error:
        raise FleetError(
            f"{path} holds no launch of a kernel: {error}",
            hint="`fleet run --on all` and `fleet bisect` write such files",
        ) from None
    tensors = parse_module(texts[TENSORS], f"{path}: {TENSORS}")
    module = parse_module(texts[LOOPS], f"{path}: {LOOPS}")
    kernels = kernels_in(tensors)
    if kernel.name not in kernels or kernels[kernel.name].outputs != kernel.outputs:
        raise FleetError(f"{path} holds a launch, but not of the kernel that it holds")
    kernel = kernels[kernel.name]
    note_forms(kernels, LOOPS, module)
    _check(path, kernel, launch)
    try:
        for stage in KERNEL_STAGES[1:]:
            lower_kernels(kernels, module, stage.passes)
    except RuntimeError as error:  # a pass chokes on what no pass has made
        raise FleetError(f"{path} holds a kernel that cannot be compiled: {error}") from None
    return Saved(kernel, launch, vlen)


def _check(path: str, kernel: Kernel, launch: Launch) -> None:
    """Raise FleetError where the arrays are not those that the kernel takes."""
    function = kernel.forms.get(LOOPS)
    types = [] if function is None else [a.type for a in function.body.arguments]
    memrefs = [type for type in types if isinstance(type, MemRefType)]
    count = len(memrefs) - (0 if function is None else private_buffers(function))
    fits = count == len(launch.arrays) and len(types) - len(memrefs) == len(launch.sizes)
    for type, array in zip(memrefs, launch.arrays, strict=False):
        fits = fits and numpy_dtype(type.element) == array.dtype and (
            len(type.shape) == array.ndim
            and all(d in (None, n) for d, n in zip(type.shape, array.shape, strict=True))
        )
    if not fits:
        raise FleetError(f"{path} holds arrays that kernel @{kernel.name} does not take")
