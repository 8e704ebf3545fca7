"""A model's file run like a program: arguments from the command line, results printed.

In: `softmax.onnx x=x.npy`. Out: each result's name, type and elements. The one idea: an argument is
a file of NumPy's (`x.npy`, `all.npz:x`) or Python's spelling of a number or of nested lists, for
the input of that name, or for the next one.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from typing import TextIO

import numpy as np

from fleet.diagnostics import FleetError
from fleet.exporting.onnx.execution.running import run_model, written
from fleet.exporting.onnx.files import read_model
from fleet.exporting.onnx.graph import Model, ValueType
from fleet.files import reason_of

ENDING = ".onnx"


def run_file(argv: Sequence[str], stdout: TextIO) -> None:
    """Run a model's file with these arguments. Raises FleetError."""
    path, *texts = argv
    if not path.endswith(ENDING):
        raise FleetError(
            f"{path} is no model of ONNX", hint="make one with fleet export, and run that"
        )
    model = read_model(path)
    for name, value in run_model(model, arguments(model, texts)).items():
        type = ValueType(value.dtype, value.shape)
        shown = np.array_str(value) if value.ndim else str(value[()])
        stdout.write(f"{name}: {written(type)}\n{shown}\n")


def arguments(model: Model, texts: Sequence[str]) -> dict[str, np.ndarray]:
    """The inputs that these arguments give. Raises FleetError."""
    inputs = model.graph.inputs
    given: dict[str, np.ndarray] = {}
    for text in texts:
        name, equals, rest = text.partition("=")
        if not equals or name not in inputs:
            left = [one for one in inputs if one not in given]
            if equals and name.isidentifier() or not left:
                raise FleetError(f"the model has no input for the argument {text!r}",
                                 hint=f"it takes {', '.join(inputs) or 'none'}")  # fmt: skip
            name, rest = left[0], text
        if name in given:
            raise FleetError(f"`{name}` is given twice")
        given[name] = _value(rest, name, inputs[name].dtype)
    return given


def _value(text: str, name: str, dtype: np.dtype) -> np.ndarray:
    file, colon, key = text.rpartition(":")
    try:
        if text.endswith(".npy"):
            return np.load(text, mmap_mode="r")
        if colon and file.endswith(".npz"):
            with np.load(file) as archive:
                return archive[key]
    except KeyError:
        raise FleetError(f"{file} has no array {key!r}") from None
    except (OSError, ValueError, EOFError) as error:
        raise FleetError(f"cannot read {file or text}: {reason_of(error)}") from None
    return _literal(text, name, dtype)


def _literal(text: str, name: str, dtype: np.dtype) -> np.ndarray:
    names = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
    try:
        value = names[text] if text in names else ast.literal_eval(text)
        array = np.asarray(value)
        made = array.astype(dtype)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError, OverflowError):
        raise FleetError(
            f"`{name}`: {text!r} is neither a file of NumPy's nor a number or nested lists",
            hint="for example x.npy, all.npz:x, 3, or '[[1, 2], [3, 4]]'",
        ) from None
    exact = array.dtype.kind in "bi" or dtype.kind == "f"
    if array.dtype.kind not in "biuf" or not (exact and (made == array).all() or dtype.kind == "f"):
        raise FleetError(f"`{name}`: {text} are no numbers of {dtype}")
    return made
