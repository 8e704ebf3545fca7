"""Dumps: the IR after a stage in a file, its large constants in an .npz file that others share.

In: a module and what the dump is of. Out: a file, and from the file the same again. The one idea:
the first line of a dump, a comment, says which stage it is, of which program, and where its
constants are, seen from the dump's own folder; so a dump can be looked at, changed, and gone on
from, and it is written back as it was read.

    // Fleet dump: stage "linalg", program "models/gpt2.py", constants "constants.npz"
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fleet.diagnostics import FleetError
from fleet.files import read_text, write_text
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation
from fleet.ir.parsing.parser import Parsed, parse_text
from fleet.ir.printing.printer import Printer
from fleet.ir.printing.resources import KeptResources, ResourceFile, ResourceReader, Resources

_HEADER = re.compile(r"(?://|#|;) Fleet dump: ([^\n]*)\n")
_PART = re.compile(r'(\w+) ("(?:[^"\\]|\\.)*")(?:, |\Z)')


@dataclass(frozen=True)
class Header:
    """The first line of a dump: `stage`, `program`, `constants`, `original` (the numpy stage, which
    says of what NumPy warns) and so on, each with a text."""

    parts: Mapping[str, str] = field(default_factory=dict)

    def line(self, mark: str = "//") -> str:
        """The line, as a comment that begins with the mark."""
        listed = ", ".join(f"{name} {json.dumps(text)}" for name, text in self.parts.items())
        return f"{mark} Fleet dump: {listed}\n"

    def get(self, name: str) -> str:
        return self.parts.get(name, "")

    def moved(self, folder: Path, target: Path) -> Header:
        """The same for a dump in another folder: names of files lead from there."""
        files = {
            name: os.path.relpath(folder / text, target)
            for name, text in self.parts.items()
            if name not in ("stage", "program")
        }
        return Header({**self.parts, **files})


def header_of(text: str) -> Header | None:
    """What the first line says, or None where it is no dump's."""
    found = _HEADER.match(text)
    if found is None:
        return None
    parts: dict[str, str] = {}
    position = 0
    while position < len(found[1]):
        part = _PART.match(found[1], position)
        if part is None:
            return None
        try:
            parts[part[1]] = json.loads(part[2])
        except ValueError:
            return None
        position = part.end()
    return Header(parts)


def save(
    module: Operation,
    path: str | Path,
    side_file: ResourceFile | None = None,
    *,
    stage: str = "",
    program: str = "",
    original: Path | None = None,
) -> None:
    """Write a dump, its large constants to an .npz file: `side_file`, or one beside it.

    original: the dump of the numpy stage, where that says of what NumPy warns.
    """
    path = Path(path)
    resources = ResourceFile(path.with_suffix(".npz")) if side_file is None else side_file
    printer = Printer(locations=True, resources=Used(resources))
    body = printer.top_level(module)
    parts = {"stage": stage, "program": program}
    if printer.resources.arrays:
        parts["constants"] = os.path.relpath(resources.path, path.parent)
    if original is not None and original != path:
        parts["original"] = os.path.relpath(original, path.parent)
    parts = {name: text for name, text in parts.items() if text}
    write_text(path, Header(parts).line() + body)


class Used(Resources):
    """Names from a file of constants, and which of them one dump uses."""

    def __init__(self, file: ResourceFile) -> None:
        super().__init__()
        self._file = file

    def name(self, attr: DenseAttr) -> str:
        name = self._file.name(attr)
        self.arrays[name] = attr
        return name


@dataclass
class Document:
    """IR as it was read: the module, and what it takes to write it back in the same form."""

    module: Operation
    header: Header | None
    folder: Path
    kept: KeptResources

    def text(self, folder: Path | None = None) -> str:
        """The dump again, of the module as it is now.

        folder: where it goes to, when not to where it came from. Constants that are not in the
        dump's file follow the text in hexadecimal digits.
        """
        header = self.header or Header()
        if folder is not None:
            header = header.moved(self.folder, folder)
        printer = Printer(locations=True, resources=self.kept)
        return header.line() + printer.top_level(self.module) + printer.trailer()


def constants_of(header: Header | None, folder: Path, path: str) -> ResourceReader | None:
    """The constants that a dump's first line speaks of."""
    if header is None or not header.get("constants"):
        return None
    side = folder / header.get("constants")
    if not side.exists():
        raise FleetError(
            f"{path} has its constants in {side}, which is not there",
            hint="keep the two together: the dump's first line says where it looks",
        )
    return ResourceReader(side)


def document(parsed: Parsed, header: Header | None, folder: Path) -> Document:
    return Document(parsed.module, header, folder, KeptResources(parsed.kept, parsed.resources))


def load_document(path: str | Path, *, check: bool = True) -> Document:
    """The dump, or any IR text, in a file; constants without a word on them in its .npz file."""
    path = Path(path)
    text = read_text(path)
    header = header_of(text)
    resources = constants_of(header, path.parent, str(path))
    beside = path.with_suffix(".npz")
    if resources is None and beside != path and beside.exists():
        resources = ResourceReader(beside)
    return document(parse_text(text, str(path), resources=resources, check=check), header,
                    path.parent)  # fmt: skip


def load(path: str | Path) -> Operation:
    """The module in a file."""
    return load_document(path).module
