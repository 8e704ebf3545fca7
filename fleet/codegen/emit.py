"""Assembly text of a module's kernels, from `rv` over physical registers.

In: functions whose registers are allocated. Out: lines of text for `fleet.asm` (or GNU as):
sections, symbols, `.loc` lines that say which line of the program an instruction comes from, and
one instruction a line. Blocks stay in their order; what only jumps on is skipped, and the jump to
the next block is left out.
"""

from __future__ import annotations

from functools import cache

from fleet.asm.isa.encoding import Encoding, OperandSpec, parse_operand
from fleet.asm.isa.registers import CSR_NAMES, ROUNDING_NAMES
from fleet.asm.source.text import Line, print_assembly
from fleet.codegen.kernels import kernels_of
from fleet.codegen.lookups import lines_of, symbol_of
from fleet.diagnostics import UNKNOWN, Location
from fleet.dialects import rv
from fleet.dialects.loop import tables
from fleet.ir.core import Block, Operation, Region, Value

INVERTED = {
    "beq": "bne", "bne": "beq", "blt": "bge", "bge": "blt", "bltu": "bgeu", "bgeu": "bltu",
}  # fmt: skip
WITH_ZERO = {"beq": "beqz", "bne": "bnez", "blt": "bltz", "bge": "bgez"}
"""Branches that compare with zero on the right."""
ZERO_WITH = {"blt": "bgtz", "bge": "blez"}
"""Branches that compare zero with what is on the right."""


def emit_assembly(module: Operation) -> str:
    """The text of all kernels."""
    return print_assembly(emit_lines(module))


def emit_lines(module: Operation) -> list[Line]:
    """The lines of all kernels."""
    writer = _Writer()
    writer.lines.append(Line(".text"))
    for kernel in kernels_of(module):
        writer.function(kernel)
    looked_up = [name for name in tables.names() if symbol_of(name) in writer.symbols]
    return writer.lines + lines_of(looked_up)


def _line(text: str) -> Line:
    """The line of an instruction."""
    mnemonic, _, operands = text.partition(" ")
    return Line(mnemonic, tuple(operands.split(", ")) if operands else ())


class _Writer:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.files: dict[str, int] = {}
        self.place: tuple[int, int] | None = None
        self.symbols: set[str] = set()
        """Whose addresses are loaded."""

    def function(self, function: Operation) -> None:
        name = function.get("sym_name")
        self.lines += [
            Line(), Line(".p2align", ("2",)), Line(".globl", (name,)),
            Line(".type", (name, "@function")), Line(labels=(name,)),
        ]  # fmt: skip
        self.place = None
        layout = _Layout(name, function.regions[0])
        for number, block in enumerate(layout.order):
            if block in layout.targets:
                self.lines.append(Line(labels=(layout.labels[block],)))
            following = layout.order[number + 1] if number + 1 < len(layout.order) else None
            for operation in block:
                self.operation(operation, layout, following)
        self.lines.append(Line(".size", (name, f".-{name}")))

    def operation(self, operation: Operation, layout: _Layout, following: Block | None) -> None:
        if operation.definition in (rv.label, rv.register):
            return
        if operation.definition is rv.la:
            self.symbols.add(operation.get("symbol"))
        texts = layout.jump(operation, following)
        if texts is None:
            texts = [instruction(operation)]
        if texts:
            self.locate(operation.location)
        self.lines += map(_line, texts)

    def locate(self, location: Location) -> None:
        """A `.loc` line where the source line changes."""
        if location is UNKNOWN or location.line <= 0:
            return
        file = self.files.get(location.file)
        if file is None:
            file = self.files[location.file] = len(self.files) + 1
            quoted = location.file.replace("\\", "\\\\").replace('"', '\\"')
            self.lines.append(Line(".file", (f'{file} "{quoted}"',)))
        if self.place != (file, location.line):
            self.place = file, location.line
            self.lines.append(Line(".loc", (f"{file} {location.line} {location.column + 1}",)))


class _Layout:
    """The order of blocks in memory, their labels, and where jumps lead in the end."""

    def __init__(self, name: str, region: Region) -> None:
        entry = region.blocks[0]
        self.entry = entry
        reached = self._reached(entry)
        self.order = [block for block in region.blocks if block in reached]
        self.targets: set[Block] = set()
        self.labels: dict[Block, str] = {}
        for number, block in enumerate(self.order):
            first = block.first
            named = first is not None and first.definition is rv.label
            self.labels[block] = first.get("name") if named else f".L{name}_{number}"
        for number, block in enumerate(self.order):
            following = self.order[number + 1] if number + 1 < len(self.order) else None
            self._note_targets(block.terminator, following)

    def final(self, block: Block) -> Block:
        """Where a jump to the block leads."""
        seen: set[Block] = set()
        while block is not self.entry and block not in seen and _only_jumps(block):
            seen.add(block)
            block = block.terminator.successors[0]
        return block

    def _reached(self, entry: Block) -> set[Block]:
        reached, todo = {entry}, [entry]
        while todo:
            for successor in todo.pop().terminator.successors:
                final = self.final(successor)
                if final not in reached:
                    reached.add(final)
                    todo.append(final)
        return reached

    def _note_targets(self, terminator: Operation, following: Block | None) -> None:
        for target in self._branches(terminator, following)[1]:
            self.targets.add(target)

    def _branches(
        self, operation: Operation, following: Block | None
    ) -> tuple[list[str], list[Block]]:
        """Mnemonics and targets of the jumps that a terminator needs."""
        successors = [self.final(block) for block in operation.successors]
        if len(successors) == 2 and successors[0] is successors[1]:
            successors = successors[:1]
        if len(successors) == 1:
            return ([], []) if successors[0] is following else (["j"], successors)
        if not successors:
            return [], []
        mnemonic = operation.name[3:]
        taken, other = successors
        if other is following:
            return [mnemonic], [taken]
        if taken is following:
            return [INVERTED[mnemonic]], [other]
        return [mnemonic, "j"], [taken, other]

    def jump(self, operation: Operation, following: Block | None) -> list[str] | None:
        """The text of a jump or branch; None for other operations."""
        if not operation.successors:
            return None
        texts = []
        mnemonics, targets = self._branches(operation, following)
        for mnemonic, target in zip(mnemonics, targets, strict=True):
            label = self.labels[target]
            if mnemonic == "j":
                texts.append(f"j {label}")
                continue
            a, b = (register_name(value) for value in operation.operands)
            if b == "zero" and mnemonic in WITH_ZERO:
                texts.append(f"{WITH_ZERO[mnemonic]} {a}, {label}")
            elif a == "zero" and mnemonic in ZERO_WITH:
                texts.append(f"{ZERO_WITH[mnemonic]} {b}, {label}")
            else:
                texts.append(f"{mnemonic} {a}, {b}, {label}")
        return texts


def _only_jumps(block: Block) -> bool:
    return block.first is not None and block.first.definition is rv.j


def register_name(value: Value) -> str:
    return rv.register_of(value.type).name


def instruction(operation: Operation) -> str:
    """One operation as assembly."""
    match operation.name[3:]:
        case "ret":
            return "ret"
        case "li":
            return f"li {register_name(operation.result)}, {operation.get('value')}"
        case "la":
            return f"la {register_name(operation.result)}, {operation.get('symbol')}"
        case "copy":
            return _copy(operation)
    encoding = rv.encoding_of(operation)
    if encoding is None:
        raise ValueError(f"{operation.name} is not an instruction")
    if encoding.mnemonic == "csrrs" and register_name(operation.operand(0)) == "zero":
        return f"csrr {register_name(operation.result)}, {CSR_NAMES[operation.get('csr')]}"
    names = _names(operation)
    pieces = [_piece(specs, text, names) for text, specs in _pieces(encoding)]
    written = ", ".join(piece for piece in pieces if piece)
    return f"{encoding.mnemonic} {written}" if written else encoding.mnemonic


def _copy(operation: Operation) -> str:
    register = rv.register_of(operation.result.type)
    target, source = register.name, register_name(operation.operand(0))
    mnemonic = {"x": "mv", "f": "fmv.d", "v": f"vmv{register.units}r.v"}[register.kind]
    return f"{mnemonic} {target}, {source}"


@cache
def _pieces(encoding: Encoding) -> list[tuple[str, list[OperandSpec]]]:
    """The operands between commas, each with the names in it."""
    return [
        (piece, [parse_operand(name) for name in piece.rstrip(")").split("(") if name])
        for piece in encoding.pieces
    ]


def _names(operation: Operation) -> dict[str, str]:
    """Registers, immediates and the rest, as written, by the table's names."""
    definition = operation.definition
    names = {
        name: str(getattr(value, "value", value)) for name, value in operation.attributes.items()
    }
    for slot, value in zip(definition.operands, operation.operands, strict=False):
        if slot.arity != "*":
            names[slot.name] = register_name(value)
    for slot, value in zip(definition.results, operation.results, strict=True):
        names[slot.name] = register_name(value)
    if rv.extras(operation).mask is not None:
        names["vm"] = "v0.t"
    if "rm" in names:
        names["rm"] = ROUNDING_NAMES[operation.get("rm")]
    if "csr" in names:
        names["csr"] = CSR_NAMES[operation.get("csr")]
    if "vtype" in names:
        names["vtype"] = ", ".join(names["vtype"].split(","))
    return names


def _piece(specs: list[OperandSpec], text: str, names: dict[str, str]) -> str:
    """One operand as written; empty when it is left out."""
    values = [names.get(spec.name, "") for spec in specs]
    if not text.endswith(")"):
        return values[0] if specs[0].kind != "v0" else "v0"
    if len(values) == 1:
        return f"({values[0]})"
    return f"{values[0]}({values[1]})"
