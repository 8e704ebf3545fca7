"""The files of stages: written as dumps, and read to go on from there.

In: what a stage holds. Out: its file; and from any stage's file what it holds. The one idea: the
first line of each file says which stage it is and what belongs to it (see
`fleet.ir.parsing.dumps`), so a name is only a name, and a file may be changed and compiled on.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fleet.diagnostics import FleetError, Location
from fleet.files import read_bytes, read_text, reason_of, write_text
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation
from fleet.ir.parsing.dumps import Header, constants_of, header_of, load_document, save
from fleet.ir.printing.resources import ResourceFile
from fleet.kept import Kept
from fleet.stages import ALL_STAGES, ASSEMBLY, BYTECODE, LISTING, TOKENS, TREE
from fleet.syntax import tree
from fleet.syntax.lexer import print_tokens, tokenize
from fleet.syntax.parser import parse
from fleet.syntax.parser_dump import parse_program_dump, parse_program_tokens
from fleet.syntax.source import decode_source, read_source
from fleet.vm.bytecode import Program
from fleet.vm.listing import parse_listing, print_listing

CONSTANTS = "constants.npz"
"""The file that all dumps of one compilation keep their large constants in."""

SOURCE = "source"
_ARRAY = re.compile(r'# Fleet array: ("(?:[^"\\]|\\.)*") in ("(?:[^"\\]|\\.)*")')


@dataclass
class Assembly:
    """The last stage: kernels as assembly, the schedule as bytecode, constants by symbol.

    kept: of the first one, where it says of what NumPy warns.
    """

    text: str
    bytecode: Program
    arrays: Mapping[str, np.ndarray]
    kept: Kept | None = None


@dataclass
class Given:
    """What a file holds. stage: SOURCE for a program; program: the path of the program, which a
    stage's file names. One of `tree`, `module` and `assembly` is there, but for a program.

    original: the file of the numpy stage, where a later stage's says that NumPy may warn.
    """

    path: str
    program: str
    stage: str = SOURCE
    tree: tree.AST | None = None
    module: Operation | None = None
    assembly: Assembly | None = None
    original: Path | None = None

    def rejects(self, wish: str, hint: str) -> FleetError:
        return FleetError(f"{self.path} is stage {self.stage}: {wish}", hint=hint)


# -- writing


class Dump:
    """Numbered files of one compilation in a folder; large constants share one .npz file."""

    def __init__(self, folder: str | Path, program: str) -> None:
        self.folder = Path(folder)
        self.program = program
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FleetError(f"cannot write dumps to {folder}: {reason_of(error)}") from None
        self.constants = ResourceFile(self.folder / CONSTANTS)
        self.original: Path | None = None

    def path(self, stage: str, ending: str) -> Path:
        number = (*ALL_STAGES, BYTECODE, LISTING).index(stage)
        name = "kernels" if stage == ASSEMBLY else stage
        return self.folder / f"{number:02}-{name}.{ending}"

    def front_end(self, program: str) -> None:
        """The tokens and the tree of a program's text."""
        write_tokens(self.path(TOKENS, "txt"), program)
        write_tree(self.path(TREE, "txt"), parse(read_source(program), program), program)

    def module(self, stage: str, module: Operation) -> None:
        path = self.path(stage, "mlir")
        save(module, path, self.constants, stage=stage, program=self.program,
             original=self.original)  # fmt: skip

    def assembly(self, made: Assembly) -> None:
        path, listing = self.path(ASSEMBLY, "s"), self.path(BYTECODE, "txt")
        write_assembly(path, listing, self.constants, made, self.program, self.original)

    def bytecode(self, bytecode: Program) -> None:
        write_bytecode(self.path(BYTECODE, "txt"), bytecode)

    def listing(self, text: str) -> None:
        write_text(self.path(LISTING, "txt"), text)


def write_tokens(path: Path, program: str) -> None:
    header = Header({"stage": TOKENS, "program": program}).line("#")
    write_text(path, header + print_tokens(tokenize(read_source(program), program)))


def write_tree(path: Path, module: tree.AST, program: str) -> None:
    """With positions: what goes on from here reports errors at the program's lines."""
    header = Header({"stage": TREE, "program": program}).line("#")
    write_text(path, header + tree.dump(module, indent=2, include_attributes=True) + "\n")


def write_assembly(
    path: Path, listing: Path, constants: ResourceFile, made: Assembly, program: str,
    original: Path | None = None,
) -> None:  # fmt: skip
    """Assembly, which names the listing that its bytecode goes to, and its constants by the names
    that they have in the file of constants, where they mostly are already."""
    members = {id(attr.value): name for name, attr in constants.arrays.items()}
    lines = []
    for symbol, array in made.arrays.items():
        member = members.get(id(array)) or constants.name(DenseAttr.of(array, symbol))
        lines.append(f"# Fleet array: {json.dumps(symbol)} in {json.dumps(member)}\n")
    parts = {"stage": ASSEMBLY, "program": program, "bytecode": listing.name}
    if lines:
        parts["constants"] = os.path.relpath(constants.path, path.parent)
    if original is not None:
        parts["original"] = os.path.relpath(original, path.parent)
    write_text(path, Header(parts).line("#") + "".join(lines) + made.text)


def write_bytecode(path: Path, bytecode: Program) -> None:
    write_text(path, print_listing(bytecode))


# -- reading


def read_given(path: str) -> Given:
    """What a file holds: a program, or a stage. Raises FleetError for a file that is neither."""
    if path.endswith(".py"):
        return Given(path, path)
    if path.endswith(".onnx"):
        raise FleetError(f"{path} is no stage but a model of ONNX", hint="fleet run runs it")
    header = header_of(_first_line(path))
    if header is None:
        if path.endswith((".mlir", ".s")):
            raise FleetError(
                f"{path} does not say which stage it is",
                hint='begin it with a comment such as `// Fleet dump: stage "linalg"`',
            )
        return Given(path, path)
    stage, program = header.get("stage"), header.get("program") or path
    if stage not in ALL_STAGES:
        raise FleetError(
            f"{path} is stage {stage!r}, which cannot be gone on from",
            hint=f"stages that can: {', '.join(ALL_STAGES)}",
        )
    match stage:
        case "tokens":
            read = parse_program_tokens(read_text(path), path, program)
            return Given(path, program, stage, tree=read)
        case "tree":
            return Given(path, program, stage, tree=_read_tree(path, program))
        case "assembly":
            made = _read_assembly(path, header)
            return Given(path, program, stage, assembly=made, original=_original(path, header))
    module = load_document(path).module
    return Given(path, program, stage, module=module, original=_original(path, header))


def _original(path: str, header: Header) -> Path | None:
    """The file of the numpy stage that a later one names."""
    if not header.get("original"):
        return None
    found = Path(path).parent / header.get("original")
    if found.exists():
        return found
    print(f"note: {path}: of what NumPy warns says {found}, which is not there", file=sys.stderr)
    return None


def _first_line(path: str) -> str:
    line = read_bytes(path)[:10000].partition(b"\n")[0]
    return line.decode("utf-8", "replace") + "\n"


def _read_tree(path: str, program: str) -> tree.AST:
    try:
        text = decode_source(Path(program).read_bytes(), program)[0]
    except (OSError, ValueError, FleetError):  # a tree tells enough; only columns may be off
        text = ""
    return parse_program_dump(read_text(path), path, text, program)


def _read_assembly(path: str, header: Header) -> Assembly:
    text = read_text(path)
    folder = Path(path).parent
    if not header.get("bytecode"):
        raise FleetError(f"{path} does not say where its bytecode is",
                         hint="its first line names the listing: bytecode \"FILE\"")  # fmt: skip
    listing = folder / header.get("bytecode")
    bytecode = parse_listing(read_text(listing), str(listing))
    constants = constants_of(header, folder, path) or {}
    arrays: dict[str, np.ndarray] = {}
    for number, line in enumerate(text.splitlines()[1:], 2):
        found = _ARRAY.fullmatch(line)
        if found is None:
            break
        symbol, member = json.loads(found[1]), json.loads(found[2])
        if member not in constants:
            raise FleetError(
                f"the constant {member!r} is not in {header.get('constants')}",
                Location(path, number, 0, number, len(line)),
            )
        arrays[symbol] = constants[member]
    missing = {symbol.name for symbol in bytecode.arrays} - arrays.keys()
    if missing:
        raise FleetError(f"{path} does not say where the constant {min(missing)!r} is",
                         hint='lines `# Fleet array: "SYMBOL" in "MEMBER"` say it')  # fmt: skip
    return Assembly(text, bytecode, arrays)
