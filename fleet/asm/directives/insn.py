"""`.insn`: instructions that no table has, written by their format and fields.

In: `.insn r CUSTOM_0, 0, 0x10, a0, a1, a2`. Out: an instruction word and what a linker has to fill
in. The one idea: a format is the pattern of its word and its operands in the notation of the
instruction table, so it is an `Encoding` whose opcode is a field, too. Formats: the manual of GNU
as, "RISC-V Instruction Formats".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from fleet.asm.isa.encoding import Field, instruction_length, parse_pattern
from fleet.asm.isa.registers import REGISTERS
from fleet.asm.objects.model import R
from fleet.asm.source.expressions import Expression, SyntaxProblem
from fleet.asm.source.statements import Text

OPCODES = {
    "c0": 0, "c1": 1, "c2": 2, "load": 0x03, "load_fp": 0x07, "custom_0": 0x0B, "misc_mem": 0x0F,
    "op_imm": 0x13, "auipc": 0x17, "op_imm_32": 0x1B, "store": 0x23, "store_fp": 0x27,
    "custom_1": 0x2B, "amo": 0x2F, "op": 0x33, "lui": 0x37, "op_32": 0x3B, "madd": 0x43,
    "msub": 0x47, "nmsub": 0x4B, "nmadd": 0x4F, "op_fp": 0x53, "op_v": 0x57, "custom_2": 0x5B,
    "branch": 0x63, "jalr": 0x67, "jal": 0x6F, "system": 0x73, "custom_3": 0x7B,
}  # fmt: skip
# Name; the word, most significant field first; operands. `opcode`, `opcode2` and `func` with a
# width are numbers; an address is `number(register)`.
ROWS = """
r    func7 rs2 rs1 func3 rd opcode                 opcode, func3, func7, rd, rs1, rs2
r    rs3 func2 rs2 rs1 func3 rd opcode             opcode, func3, func2, rd, rs1, rs2, rs3
r4   rs3 func2 rs2 rs1 func3 rd opcode             opcode, func3, func2, rd, rs1, rs2, rs3
i    imm[11:0] rs1 func3 rd opcode                 opcode, func3, rd, rs1, imm
i    imm[11:0] rs1 func3 rd opcode                 opcode, func3, rd, imm(rs1)
s    imm[11:5] rs2 rs1 func3 imm[4:0] opcode       opcode, func3, rs2, imm(rs1)
b    imm[12|10:5] rs2 rs1 func3 imm[4:1|11] opcode  opcode, func3, rs1, rs2, label
sb   imm[12|10:5] rs2 rs1 func3 imm[4:1|11] opcode  opcode, func3, rs1, rs2, label
u    uimm[19:0] rd opcode                          opcode, rd, imm
j    imm[20|10:1|11|19:12] rd opcode               opcode, rd, label
uj   imm[20|10:1|11|19:12] rd opcode               opcode, rd, label
cr   func4 rd rs2 opcode2                          opcode2, func4, rd, rs2
ci   func3 imm[5] rd imm[4:0] opcode2              opcode2, func3, rd, imm
ciw  func3 uimm[7:0] rd' opcode2                   opcode2, func3, rd', imm
css  func3 uimm[5:0] rs2 opcode2                   opcode2, func3, rs2, imm
cl   func3 uimm[4:2] rs1' uimm[1:0] rd' opcode2    opcode2, func3, rd', imm(rs1')
cs   func3 uimm[4:2] rs1' uimm[1:0] rs2' opcode2   opcode2, func3, rs2', imm(rs1')
ca   func6 rd' func2 rs2' opcode2                  opcode2, func6, func2, rd', rs2'
cb   func3 imm[8|4:3] rs1' imm[7:6|2:1|5] opcode2  opcode2, func3, rs1', label
cj   func3 imm[11|4|9:8|10|6|7|3:1|5] opcode2      opcode2, func3, label
"""
LABELS = {"b": R.BRANCH, "sb": R.BRANCH, "j": R.JAL, "uj": R.JAL, "cb": R.RVC_BRANCH,
          "cj": R.RVC_JUMP}  # fmt: skip


class Format(NamedTuple):
    fields: dict[str, Field]
    pieces: tuple[str, ...]
    size: int


class Written(NamedTuple):
    """An instruction; `target` and `relocation` if it goes somewhere.

    is_number: whether it is written as a number, which may have any length anywhere.
    """

    word: int
    size: int
    target: Expression | None = None
    relocation: R | None = None
    is_number: bool = False


@cache
def formats() -> dict[tuple[str, int], tuple[Format, ...]]:
    """The ways to write a format with so many operands."""
    found: dict[tuple[str, int], tuple[Format, ...]] = {}
    for line in ROWS.strip().splitlines():
        name, rest = line.split(None, 1)
        pattern, _, operands = rest.partition("  ")
        _, _, size, fields = parse_pattern(pattern)
        pieces = tuple(operands.strip().split(", "))
        key = (name, len(pieces))
        by_name = {field.name: field for field in fields}
        found[key] = (*found.get(key, ()), Format(by_name, pieces, size))
    return found


def _number(field: Field, value: int, text: Text) -> int:
    if not field.accepts(value):
        message = f"{value} is out of range; it can be {field.minimum} to {field.maximum}"
        raise SyntaxProblem(message, text.start, text.end)
    return field.insert(value)


def _register(field: Field, text: Text) -> int:
    for kind in ("x", "f"):
        number = REGISTERS[kind].get(text.text)
        if number is not None:
            if field.accepts(number):
                return field.insert(number)
            message = f"{text.text} cannot be used here; it can be a register from 8 to 15"
            raise SyntaxProblem(message, text.start, text.end)
    raise SyntaxProblem(f"{text.text!r} is no register", text.start, text.end)


def written(
    operands: tuple[Text, ...],
    number_of: Callable[[Text], int],
    expression: Callable[[Text], Expression],
) -> Written:
    """The instruction that the operands of `.insn` describe; SyntaxProblem if they do not."""
    first = operands[0]
    name, _, opcode = first.text.partition(" ")
    name, opcode = name.lower(), opcode.strip()
    known = {name for name, _ in formats()}
    if name not in known:
        return _raw(operands, number_of)
    at = first.end - len(opcode)
    operands = (Text(opcode, at, first.end), *operands[1:])
    choices = formats().get((name, len(operands)))
    if choices is None:
        ways = [row for key, rows in formats().items() if key[0] == name for row in rows]
        hint = "it is written " + " or ".join(f".insn {name} " + ", ".join(w.pieces) for w in ways)
        message = f".insn {name} does not take {len(operands)} operands"
        raise SyntaxProblem(message, first.start, operands[-1].end, hint)
    is_address = operands[-1].text.endswith(")")
    form = next((f for f in choices if ("(" in f.pieces[-1]) == is_address), choices[-1])
    word = 0
    target = None
    for piece, operand in zip(form.pieces, operands, strict=True):
        key = piece.rstrip("'")
        if piece.startswith("opcode"):
            value = OPCODES.get(operand.text.lower())
            value = number_of(operand) if value is None else value
            word |= _number(form.fields[key], value, operand)
        elif piece == "label":
            target = expression(operand)
        elif "(" in piece:
            number, register = _address(operand)
            inside = form.fields[piece[piece.index("(") + 1 :].rstrip(")'")]
            word |= _register(inside, register)
            value = number_of(number) if number.text else 0
            word |= _number(form.fields["imm"], value, number)
        elif piece[0] == "r":
            word |= _register(form.fields[key], operand)
        else:
            word |= _number(form.fields[key], number_of(operand), operand)
    if isinstance(target, int):
        word |= _number(form.fields["imm"], target, operands[-1])
        target = None
    return Written(word, form.size, target, LABELS.get(name) if target is not None else None)


def _address(text: Text) -> tuple[Text, Text]:
    """`8(a0)` as its number and its register."""
    number, bracket, register = text.text.rstrip().rpartition("(")
    if not bracket or register[-1:] != ")":
        raise SyntaxProblem("an address such as 8(a0) is needed", text.start, text.end)
    middle = text.start + len(number)
    inner = Text(register[:-1].strip(), middle + 1, text.end - 1)
    return Text(number.strip(), text.start, max(middle, text.start + 1)), inner


def _raw(operands: tuple[Text, ...], number_of: Callable[[Text], int]) -> Written:
    """`.insn 0x0001`, `.insn 4, 0x00000013`: the number itself, with its length."""
    if operands[0].text[:1].isalpha():
        names = sorted({name for name, _ in formats()})
        word = operands[0].text.split()[0]
        start = operands[0].start
        hint = "formats are " + " ".join(names)
        message = f"there is no instruction format {word}"
        raise SyntaxProblem(message, start, start + len(word), hint)
    if len(operands) > 2:
        message = ".insn takes a length and a number, or a format"
        raise SyntaxProblem(message, operands[0].start, operands[-1].end)
    value = number_of(operands[-1])
    size = instruction_length(value & 0xFFFF)
    if len(operands) == 2 and number_of(operands[0]) != size:
        message = f"an instruction that begins with these bits has {size} bytes"
        raise SyntaxProblem(message, operands[0].start, operands[0].end)
    if not 0 <= value < 1 << 8 * size:
        message = f"{value:#x} does not fit in {size} bytes"
        raise SyntaxProblem(message, operands[-1].start, operands[-1].end)
    return Written(value, size, is_number=True)
