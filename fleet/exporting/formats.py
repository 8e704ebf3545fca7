"""The formats that a function can be exported in: a table of what writes them.

In: a `Graph`. Out: a file. The one idea: a format is a row. Its options are the fields of a frozen
dataclass, with their defaults; the command line and `fleet.export` know no more of them than that,
and `help` says what each does. Two formats may share the name of an option.

What a format's `write` gets: the graph (its module at the numpy stage, which is the format's own to
change; flat names and dimensions of arguments and results; large constants by name with
`Graph.weights`), the path to write to, and its options. It writes the file whole or not at all (see
`fleet.files`), and raises FleetError, with the place of the operation, for what it cannot express.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fleet.diagnostics import FleetError
from fleet.exporting.drawing import svg
from fleet.exporting.drawing.svg import SvgOptions, write_svg
from fleet.exporting.graph import Graph
from fleet.exporting.mlir import writer as mlir
from fleet.exporting.mlir.writer import MlirOptions, write_mlir
from fleet.exporting.onnx import writer as onnx
from fleet.exporting.onnx.writer import OnnxOptions, write_onnx


@dataclasses.dataclass(frozen=True)
class Format:
    """One format.

    endings: of files that are written in it where nobody names a format
    options: a frozen dataclass whose fields are bool (a flag; `--no-checks` where the default is
        True), str or int
    help: by option; choices: of those that have a few values
    """

    name: str
    endings: tuple[str, ...]
    description: str
    options: type
    write: Callable[[Graph, Path, Any], None]
    help: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)

    def given(self, values: Mapping[str, object]) -> Any:
        """The options with these values. Raises FleetError for one that the format has not."""
        names = [one.name for one in dataclasses.fields(self.options)]
        for name, value in values.items():
            if name not in names:
                raise FleetError(f"the format {self.name} has no option `{name}`",
                                 hint=f"it has: {', '.join(names) or 'none'}")  # fmt: skip
            choices = self.choices.get(name)
            if choices is not None and value not in choices:
                raise FleetError(f"{value!r} is no value of the option `{name}`",
                                 hint=f"these are: {', '.join(choices)}")  # fmt: skip
        return self.options(**values)


FORMATS = {
    one.name: one
    for one in (
        Format(
            "mlir", (".mlir",), "MLIR's text, for mlir-opt and IREE", MlirOptions, write_mlir,
            mlir.HELP, mlir.CHOICES,
        ),
        Format(
            "onnx", (".onnx",), "ONNX, for onnxruntime and the like", OnnxOptions, write_onnx,
            onnx.HELP, {"weights": onnx.WEIGHTS},
        ),
        Format(
            "svg", (".svg",), "a picture, for a browser: functions fold", SvgOptions, write_svg,
            svg.HELP,
        ),
    )
}  # fmt: skip
"""All formats by name."""


def format_of(name: str | None, path: str | Path | None = None) -> Format:
    """The format of this name, or that of a file's ending. Raises FleetError."""
    if name is not None:
        if name not in FORMATS:
            raise FleetError(f"there is no format {name!r}",
                             hint=f"these are: {', '.join(FORMATS)}")  # fmt: skip
        return FORMATS[name]
    ending = Path(path or "").suffix
    for one in FORMATS.values():
        if ending in one.endings:
            return one
    known = ", ".join(ending for one in FORMATS.values() for ending in one.endings)
    raise FleetError(
        f"the name {str(path)!r} does not say which format it is to have",
        hint=f"end it with one of {known}, or name the format",
    )
