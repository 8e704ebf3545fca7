"""The bytecode as text, and text back to bytecode.

    function 0 main: 0 arguments, 0 results, 12 registers
        0  const         r0, #0               @2  ; 24, models/gpt2.py:77
        1  launch        %0, r4, r5, r0       @3  ; softmax, models/gpt2.py:19

Operands: `r` register, `#` number, `=` array, `%` kernel, `&` function, `!` service, `>` branch
target, a plain number for a count. `@` is the place in the source; what follows `;` is comment.
"""

from __future__ import annotations

import json
import re

from fleet.diagnostics import FleetError, Location
from fleet.vm.bytecode import (
    OPCODES,
    OPERAND_KINDS,
    Function,
    Instruction,
    Place,
    Program,
    Signature,
    Symbol,
    operand_kinds,
    validate,
)

_SIGILS = {
    "d": "r", "s": "r", "i": "#", "a": "=", "k": "%", "f": "&", "h": "!", "t": ">", "n": "",
}  # fmt: skip
assert _SIGILS.keys() == OPERAND_KINDS.keys()


def print_listing(program: Program) -> str:
    """The whole program as text that `parse_listing` reads back."""
    lines = ["fleet bytecode"]
    if program.entry != Signature():
        entry = program.entry
        lines.append(f"entry = {json.dumps([list(entry.parameters), list(entry.results)])}")
    for number, value in enumerate(program.numbers):
        text = f"f64 {value.hex()}" if isinstance(value, float) else f"i64 {value}"
        lines.append(f"number {number} = {text}")
    for kind, symbols in (("array", program.arrays), ("kernel", program.kernels)):
        for number, symbol in enumerate(symbols):
            lines.append(f"{kind} {number} = {symbol.address:#x} {json.dumps(symbol.name)}")
    for number, service in enumerate(program.services):
        lines.append(f"service {number} = {json.dumps(service)}")
    for number, place in enumerate(program.places):
        caller = "" if place.caller < 0 else f" from {place.caller}"
        lines.append(
            f"place {number} = {place.line}:{place.column} of {json.dumps(place.file)} "
            f"in {json.dumps(place.function)}{caller}"
        )
    for kind, numbers in program.watched.rows():
        lines += [f"watch {kind} {number}" for number in numbers]
    if program.watched.always:
        lines.append("watch always")
    for number, function in enumerate(program.functions):
        lines.append("")
        lines.append(
            f"function {number} {function.name}: {function.arguments} arguments, "
            f"{function.results} results, {function.registers} registers"
        )
        for position, item in enumerate(function.code):
            lines.append(_instruction(program, position, item))
    return "\n".join(lines) + "\n"


def _instruction(program: Program, position: int, item: Instruction) -> str:
    operands = ", ".join(f"{_SIGILS[kind]}{operand}" for kind, operand in item.fields())
    notes = [note for kind, operand in item.fields() if (note := _note(program, kind, operand))]
    line = f"{position:5}  {item.mnemonic:<13} {operands}"
    if item.location >= 0:
        place = program.places[item.location]
        notes.append(f"{place.file}:{place.line}")
        line = f"{line:<44} @{item.location}"
    return f"{line}  ; {', '.join(notes)}" if notes else line.rstrip()


def _note(program: Program, kind: str, operand: int) -> str | None:
    match kind:
        case "i":
            return repr(program.numbers[operand])
        case "a":
            return program.arrays[operand].name
        case "k":
            return program.kernels[operand].name
        case "f":
            return program.functions[operand].name
        case "h":
            return str(program.services[operand]["name"])
    return None


_ENTRY = re.compile(r"entry = (\[.*\])$")
_NUMBER = re.compile(r"number \d+ = (i64|f64) (\S+)$")
_SYMBOL = re.compile(r"(array|kernel) \d+ = (0x[0-9a-f]+) (\".*\")$")
_SERVICE = re.compile(r"service \d+ = (\{.*\})$")
_PLACE = re.compile(r"place \d+ = (\d+):(\d+) of (\".*\") in (\".*?\")(?: from (\d+))?$")
_WATCH = re.compile(r"watch (flags|launch|place) (\d+)$")
_FUNCTION = re.compile(
    r"function \d+ (\S+): (\d+) arguments, (\d+) results, (\d+) registers$"
)
_INSTRUCTION = re.compile(r"\s*\d+\s+([\w.]+)\s*([^@;]*?)\s*(?:@(\d+))?\s*(?:;.*)?$")


def parse_listing(text: str, file: str = "<listing>") -> Program:
    """The program in a listing. Raises FleetError with the line that is wrong."""
    program = Program()
    for number, line in enumerate(text.splitlines(), 1):
        try:
            if number > 1 and line.strip():
                _parse_line(program, line)
            elif number == 1 and line != "fleet bytecode":
                raise ValueError("a listing begins with `fleet bytecode`")
        except (ValueError, TypeError, KeyError, IndexError) as error:
            place = Location(file, number, 0, number, len(line))
            raise FleetError(f"malformed listing: {error}", place, source=text) from None
    try:
        validate(program)
    except (ValueError, IndexError) as error:
        raise FleetError(f"{file}: malformed listing: {error}") from None
    return program


def _parse_line(program: Program, line: str) -> None:
    if found := _NUMBER.match(line):
        kind, value = found.groups()
        program.numbers.append(float.fromhex(value) if kind == "f64" else int(value))
    elif found := _ENTRY.match(line):
        parameters, results = json.loads(found[1])
        program.entry = Signature(tuple(map(str, parameters)), tuple(map(str, results)))
    elif found := _SYMBOL.match(line):
        symbols = program.arrays if found[1] == "array" else program.kernels
        symbols.append(Symbol(json.loads(found[3]), int(found[2], 16)))
    elif found := _SERVICE.match(line):
        program.services.append(json.loads(found[1]))
    elif found := _PLACE.match(line):
        place_line, column, file, function, caller = found.groups()
        program.places.append(
            Place(
                json.loads(file), int(place_line), int(column), json.loads(function),
                -1 if caller is None else int(caller),
            )
        )  # fmt: skip
    elif found := _WATCH.match(line):
        dict(program.watched.rows())[found[1]].append(int(found[2]))
    elif line == "watch always":
        program.watched.always = True
    elif found := _FUNCTION.match(line):
        name, *counts = found.groups()
        program.functions.append(Function(name, *map(int, counts)))
    elif found := _INSTRUCTION.match(line):
        mnemonic, operands, location = found.groups()
        if mnemonic not in OPCODES:
            raise ValueError(f"unknown instruction {mnemonic}")
        texts = [operand.strip() for operand in operands.split(",")] if operands else []
        values = tuple(int(operand.lstrip("r#=%&!>")) for operand in texts)
        for kind, operand in zip(operand_kinds(mnemonic, values), texts, strict=True):
            if operand.rstrip("0123456789") != _SIGILS[kind]:
                raise ValueError(f"{operand} is not a {OPERAND_KINDS[kind]}")
        item = Instruction(mnemonic, values, -1 if location is None else int(location))
        program.functions[-1].code.append(item)
    else:
        raise ValueError("not a line of a listing")
