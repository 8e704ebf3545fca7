"""A launch in a file: what a kernel was given, and the kernel, to run it again alone.

In: a kernel and a launch. Out: an .npz file, and both back. It holds the arrays under their numbers
and, as text, the kernel on tensors and as loops; later forms are made anew when it is read, by the
compiler as it is then.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fleet.diagnostics import FleetError
from fleet.files import write_whole
from fleet.ir.parser import parse_module
from fleet.ir.printer import print_op
from fleet.judges.kernels import TENSORS, Kernel, Launch, module_of, note_forms
from fleet.judges.programs import KERNEL_STAGES, lower_kernels

LOOPS = KERNEL_STAGES[0].passes[-1]
"""The form that the others are made from."""
_FORMAT = "fleet launch 1"


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
        form: print_op(module_of(kernel.forms[form]), locations=True) for form in (TENSORS, LOOPS)
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
    except (LookupError, TypeError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise FleetError(
            f"{path} holds no launch of a kernel: {error}",
            hint="`fleet run --on all` and `fleet bisect` write such files",
        ) from None
    tensors = parse_module(texts[TENSORS], f"{path}: {TENSORS}")
    kernel.forms[TENSORS] = tensors.body.first
    module = parse_module(texts[LOOPS], f"{path}: {LOOPS}")
    kernels = {kernel.name: kernel}
    note_forms(kernels, LOOPS, module)
    for stage in KERNEL_STAGES[1:]:
        lower_kernels(kernels, module, stage.passes)
    return Saved(kernel, launch, vlen)
