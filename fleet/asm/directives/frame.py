"""Directives about call frames, `.cfi_...`: how to unwind the stack from every instruction.

In: what the directives say, function by function. Out: `Frame`s, which `frames.py` writes. The one
idea: each directive is one instruction of DWARF, encoded as soon as it is read.
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.asm.directives.option import OptionDirectives
from fleet.asm.isa.registers import CSRS, REGISTERS
from fleet.asm.source.expressions import SyntaxProblem
from fleet.asm.source.frames import DATA_ALIGN, OMITTED, Frame, Pointer, Step, pointer_size
from fleet.asm.source.statements import Statement, Text
from fleet.leb128 import signed, unsigned

FIRST_OF_KIND = {"x": 0, "f": 32, "v": 96}  # numbers of registers in DWARF, by the psABI
FIRST_CSR = 4096
STACK_POINTER = 2
FRAME_SECTIONS = (".eh_frame", ".debug_frame")


class FrameDirectives(OptionDirectives):
    def open_frame(self, statement: Statement) -> Frame:
        if self.frame is None:
            assert statement.name is not None
            at = statement.name
            hint = "write .cfi_startproc at the start of the function"
            raise SyntaxProblem(f"{at.text} is outside of a function", at.start, at.end, hint)
        return self.frame

    def start_function(self, statement: Statement) -> None:
        assert statement.name is not None
        at = statement.name
        place = self.place(at.start, at.end)
        if self.frame is not None:
            hint = f"the function before begins in line {self.frame.place.line}"
            raise SyntaxProblem(".cfi_endproc is missing", at.start, at.end, hint)
        operands = self.needed(statement, 0, 1)
        if operands and operands[0].text != "simple":
            message = f"{operands[0].text!r} does not belong here"
            raise SyntaxProblem(message, operands[0].start, operands[0].end)
        frame = self.frame = Frame(self.here(), place)
        if not operands:
            frame.steps.append(Step(frame.start, b"\x0d" + unsigned(STACK_POINTER)))

    def end_function(self, statement: Statement) -> None:
        frame = self.open_frame(statement)
        end = self.here()
        if end.section is not frame.start.section:
            at = statement.name
            assert at is not None
            message = "the function ends in another section than it begins"
            raise SyntaxProblem(message, at.start, at.end)
        frame.end = end
        self.frames.append(frame)
        self.frame = None

    def which_sections(self, statement: Statement) -> None:
        """`.cfi_sections .eh_frame, .debug_frame`"""
        for operand in self.needed(statement, 0, 2):
            if operand.text not in FRAME_SECTIONS:
                message = f"there are no tables of frames in {operand.text}"
                hint = "there are in .eh_frame and .debug_frame"
                raise SyntaxProblem(message, operand.start, operand.end, hint)
        self.frame_sections = tuple(operand.text for operand in statement.operands)

    def dwarf_register(self, text: Text) -> int:
        """The number that DWARF gives to a register."""
        for kind, first in FIRST_OF_KIND.items():
            number = REGISTERS[kind].get(text.text)
            if number is not None:
                return first + number
        if text.text in CSRS:
            return FIRST_CSR + CSRS[text.text]
        number = self.number_of(text)
        if not 0 <= number < 1 << 16:
            raise SyntaxProblem(f"there is no register {number}", text.start, text.end)
        return number

    def step(self, frame: Frame, code: bytes, *, own: bool = False) -> None:
        frame.steps.append(Step(self.here(), code, own))

    def rule(self, statement: Statement) -> None:
        """The directives that say where the CFA or a register is."""
        frame = self.open_frame(statement)
        assert statement.name is not None
        name = statement.name.text[5:]
        operands = self.needed(statement, *OPERANDS[name])
        match name:
            case "def_cfa":
                register, offset = self.dwarf_register(operands[0]), self.number_of(operands[1])
                frame.offset = offset
                code = b"\x0c" if offset >= 0 else b"\x12"
                self.step(frame, code + unsigned(register) + _cfa_offset(offset))
            case "def_cfa_register":
                self.step(frame, b"\x0d" + unsigned(self.dwarf_register(operands[0])))
            case "def_cfa_offset" | "adjust_cfa_offset":
                offset = self.number_of(operands[0])
                offset += frame.offset if name[0] == "a" else 0
                frame.offset = offset
                self.step(frame, (b"\x0e" if offset >= 0 else b"\x13") + _cfa_offset(offset))
            case "offset" | "rel_offset":
                register, offset = self.dwarf_register(operands[0]), self.number_of(operands[1])
                offset -= frame.offset if name[0] == "r" else 0
                self.step(frame, _saved_at(register, _factored(offset, operands[1])))
            case "val_offset":
                register, offset = self.dwarf_register(operands[0]), self.number_of(operands[1])
                factored = _factored(offset, operands[1])
                code, number = (b"\x14", unsigned) if factored >= 0 else (b"\x15", signed)
                self.step(frame, code + unsigned(register) + number(factored))
            case "register":
                first, second = map(self.dwarf_register, operands)
                self.step(frame, b"\x09" + unsigned(first) + unsigned(second))
            case "gnu_args_size":
                self.step(frame, b"\x2e" + unsigned(self.number_of(operands[0])))
            case _:  # restore, undefined, same_value
                for operand in operands:
                    register = self.dwarf_register(operand)
                    if name == "restore" and register < 64:
                        self.step(frame, bytes((0xC0 | register,)))
                    else:
                        code = {"restore": 6, "undefined": 7, "same_value": 8}[name]
                        self.step(frame, bytes((code,)) + unsigned(register))

    def remember(self, statement: Statement) -> None:
        frame = self.open_frame(statement)
        frame.saved_offsets.append(frame.offset)
        self.step(frame, b"\x0a", own=True)

    def restore_state(self, statement: Statement) -> None:
        frame = self.open_frame(statement)
        if not frame.saved_offsets:
            at = statement.name
            assert at is not None
            message = ".cfi_restore_state without .cfi_remember_state"
            raise SyntaxProblem(message, at.start, at.end)
        frame.offset = frame.saved_offsets.pop()
        self.step(frame, b"\x0b")

    def escape(self, statement: Statement) -> None:
        frame = self.open_frame(statement)
        numbers = [self.number_of(operand) for operand in self.needed(statement, 1, 1000)]
        self.step(frame, bytes(number & 0xFF for number in numbers), own=True)

    def return_column(self, statement: Statement) -> None:
        frame = self.open_frame(statement)
        (register,) = self.needed(statement, 1, 1)
        frame.return_column = self.dwarf_register(register)

    def signal_frame(self, statement: Statement) -> None:
        self.open_frame(statement).is_signal = True

    def pointer(self, statement: Statement) -> None:
        """`.cfi_personality` and `.cfi_lsda`: an encoding and what is encoded so."""
        frame = self.open_frame(statement)
        assert statement.name is not None
        encoding, *target = self.needed(statement, 1, 2)
        number = self.number_of(encoding)
        if not 0 <= number <= 0xFF or pointer_size(number) is None:
            message = f"pointers cannot be encoded as {number:#x}"
            raise SyntaxProblem(message, encoding.start, encoding.end, "usual is 0x9b or 0x1b")
        if (number == OMITTED) == bool(target):
            message = f"{statement.name.text} takes an encoding and a symbol"
            raise SyntaxProblem(message, statement.name.start, statement.rest.end)
        pointer = Pointer()
        if target:
            place = self.place(target[0].start, target[0].end)
            pointer = Pointer(number, self.expression(target[0]), place)
        if statement.name.text == ".cfi_lsda":
            frame.lsda = pointer
        else:
            frame.personality = pointer


def _cfa_offset(offset: int) -> bytes:
    return unsigned(offset) if offset >= 0 else signed(offset // DATA_ALIGN)


def _factored(offset: int, at: Text) -> int:
    if offset % DATA_ALIGN:
        message = f"{offset} is not a multiple of {-DATA_ALIGN}"
        raise SyntaxProblem(message, at.start, at.end)
    return offset // DATA_ALIGN


def _saved_at(register: int, factored: int) -> bytes:
    if factored < 0:
        return b"\x11" + unsigned(register) + signed(factored)
    if register < 64:
        return bytes((0x80 | register,)) + unsigned(factored)
    return b"\x05" + unsigned(register) + unsigned(factored)


OPERANDS = {
    "def_cfa": (2, 2), "def_cfa_register": (1, 1), "def_cfa_offset": (1, 1),
    "adjust_cfa_offset": (1, 1), "offset": (2, 2), "rel_offset": (2, 2), "val_offset": (2, 2),
    "register": (2, 2), "gnu_args_size": (1, 1), "restore": (1, 100), "undefined": (1, 100),
    "same_value": (1, 100),
}  # fmt: skip
"""Least and most operands of each."""
FRAME_DIRECTIVES: dict[str, Callable[[FrameDirectives, Statement], None]] = {
    ".cfi_startproc": FrameDirectives.start_function,
    ".cfi_endproc": FrameDirectives.end_function,
    ".cfi_sections": FrameDirectives.which_sections,
    **{f".cfi_{name}": FrameDirectives.rule for name in OPERANDS},
    ".cfi_remember_state": FrameDirectives.remember,
    ".cfi_restore_state": FrameDirectives.restore_state,
    ".cfi_escape": FrameDirectives.escape,
    ".cfi_return_column": FrameDirectives.return_column,
    ".cfi_signal_frame": FrameDirectives.signal_frame,
    **dict.fromkeys((".cfi_personality", ".cfi_lsda"), FrameDirectives.pointer),
}
