"""The bytecode: its instructions, its program container, and the binary form in `.fleet.vm`.

In: lists of instructions with symbolic tables. Out: bytes, and back. The one idea: one table,
`OPCODES`, gives every instruction's operand kinds; the encoder, the decoder, the validator, the
listing and the machine all read it.

An instruction is a run of 32-bit words: `opcode | length << 16` (length in words, this one
included), then a word an operand. Registers are 64 bits wide and belong to the running function.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError

SECTION = ".fleet.vm"
"""The section of an executable that holds it."""

MAGIC = b"FLEETVM\0"
VERSION = 4
HEADER = "<8sIIII"
"""Magic, version, bytes of tables, count of numbers, count of code words."""

OPERAND_KINDS = {
    "d": "destination register",
    "s": "source register",
    "i": "index of a number in the constant pool",
    "a": "index of a constant array",
    "k": "index of a kernel",
    "f": "index of a function",
    "h": "index of a host service",
    "t": "branch target: instruction number in the function",
    "n": "how many destination registers follow",
}

INTEGER_BINARY = (
    "addi", "subi", "muli", "divsi", "divui", "floordivsi", "ceildivsi", "remsi", "remui",
    "andi", "ori", "xori", "shli", "shrsi", "shrui", "maxsi", "minsi", "maxui", "minui",
)  # fmt: skip
FLOAT_BINARY = (
    "addf", "subf", "mulf", "divf", "remf", "maximumf", "minimumf", "maxnumf", "minnumf",
    "powf", "copysign", "atan2",
)  # fmt: skip
UNARY = (
    "negf", "absf", "sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "tanh",
    "sin", "cos", "erf", "floor", "ceil", "trunc", "roundeven",
    "sitofp", "uitofp", "fptosi", "fptoui", "absi", "bitsf32", "bitsf64", "floatf32", "floatf64",
    "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "cbrt",
)  # fmt: skip
"""`bits…`: a float's bits as an integer; `float…`: an integer's bits as a float."""
COMPARE_INTEGER = ("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge")
COMPARE_FLOAT = (
    "false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord",
    "ueq", "ugt", "uge", "ult", "ule", "une", "uno", "true",
)  # fmt: skip
PYTHON_BINARY = (
    "int_add", "int_sub", "int_mul", "int_floordiv", "int_mod", "int_lshift", "int_pow",
    "int_truediv", "int_eq", "int_lt", "int_le", "int_gt", "int_ge",
)  # fmt: skip
"""Python's own: an int beyond 64 bits is an OverflowError, division by zero raises."""
NARROW = ("sext8", "sext16", "sext32", "zext1", "zext8", "zext16", "zext32", "roundf32", "roundf16")
"""Bring a register back to a narrower type's range after arithmetic."""
MEMORY_TYPES = ("i1", "i8", "i16", "i32", "i64", "f16", "f32", "f64")

OPCODES: dict[str, str] = {
    "move": "ds",
    "const": "di",
    "address": "da",
    "alloc": "ds",
    "free": "s",
    "copy": "sss",
    "select": "dsss",
    "jump": "t",
    "jump_if": "st",
    "jump_unless": "st",
    "call": "fnd*s*",
    "return": "s*",
    "launch": "ks*",
    "host": "hnd*s*",
    **{f"load.{type}": "ds" for type in MEMORY_TYPES},
    **{f"store.{type}": "ss" for type in MEMORY_TYPES},
    **dict.fromkeys(INTEGER_BINARY + FLOAT_BINARY, "dss"),
    **dict.fromkeys(UNARY + NARROW, "ds"),
    "fma": "dsss",
    **dict.fromkeys(PYTHON_BINARY, "dss"),
    "int_powmod": "dsss",
    "int_trunc": "ds",
    **{f"cmpi.{predicate}": "dss" for predicate in COMPARE_INTEGER},
    **{f"cmpf.{predicate}": "dss" for predicate in COMPARE_FLOAT},
    "bitsf16": "ds",
    "floatf16": "ds",
}
"""Mnemonic -> operand kinds, `*` after a kind for any number of them."""

NUMBERS = {mnemonic: number for number, mnemonic in enumerate(OPCODES)}
MNEMONICS = list(OPCODES)


@dataclass(frozen=True)
class Instruction:
    """One instruction: operands as plain ints, and where in the source it comes from.

    location: index into the program's locations, -1 for none.
    """

    mnemonic: str
    operands: tuple[int, ...]
    location: int = -1

    def fields(self) -> Iterator[tuple[str, int]]:
        """(kind, operand) pairs. Raises ValueError when the count does not fit the mnemonic."""
        yield from zip(operand_kinds(self.mnemonic, self.operands), self.operands, strict=True)


def operand_kinds(mnemonic: str, operands: tuple[int, ...]) -> str:
    """One kind letter an operand."""
    pattern = OPCODES[mnemonic]
    if "*" not in pattern:
        return pattern
    if "n" not in pattern:
        head = pattern[:-2]
        return head + pattern[-2] * (len(operands) - len(head))
    destinations = operands[1] if len(operands) > 1 else 0
    if destinations > len(operands):
        raise ValueError(f"{mnemonic} with {len(operands)} operands names {destinations} results")
    return pattern[0] + "n" + "d" * destinations + "s" * (len(operands) - 2 - destinations)


@dataclass
class Function:
    """A function of the schedule. Arguments arrive in registers 0, 1, …"""

    name: str
    arguments: int
    results: int
    registers: int
    code: list[Instruction] = field(default_factory=list)


@dataclass
class Symbol:
    """A kernel or a constant array: its name, and its address once it is linked (else 0)."""

    name: str
    address: int = 0


@dataclass(frozen=True)
class Place:
    """A place in the source: column from 0; caller: the place of the call, -1 for none."""

    file: str
    line: int
    column: int
    function: str
    caller: int = -1


@dataclass(frozen=True)
class Signature:
    """What the entry, function 0, takes and gives: types of the IR, such as `tensor<?x4xf32>`.

    A tensor is a pointer and one register for each `?`. A program takes and gives nothing.
    """

    parameters: tuple[str, ...] = ()
    results: tuple[str, ...] = ()

    @staticmethod
    def registers(types: Sequence[str]) -> int:
        """How many registers hold values of these types."""
        return sum(1 + type.count("?") for type in types)


@dataclass
class Watched:
    """What may be a reason for NumPy to warn, so that the run has to look.

    flags:    kernels of whose floating-point exceptions to ask after a launch
    launches: kernels that are a reason by themselves
    places:   of arithmetic on NumPy's scalars, whose results tell
    always:   there is a reason from the start
    """

    flags: list[int] = field(default_factory=list)
    launches: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    always: bool = False

    def rows(self) -> list[tuple[str, list[int]]]:
        """The lists, by the kind of what they hold."""
        return [("flags", self.flags), ("launch", self.launches), ("place", self.places)]


@dataclass
class Program:
    """A whole program: what `.fleet.vm` holds."""

    functions: list[Function] = field(default_factory=list)
    kernels: list[Symbol] = field(default_factory=list)
    arrays: list[Symbol] = field(default_factory=list)
    numbers: list[int | float] = field(default_factory=list)
    services: list[dict[str, Any]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    watched: Watched = field(default_factory=Watched)
    entry: Signature = Signature()

    def link(self, addresses: Mapping[str, int]) -> None:
        """Fill in the addresses of kernels and constants. Raises KeyError for one not given."""
        for symbol in self.kernels + self.arrays:
            symbol.address = addresses[symbol.name]

    # -- the binary form

    def encode(self) -> bytes:
        """The section's bytes: header, JSON tables, numbers, addresses, code words.

        Numbers and addresses are 64-bit words outside the tables: floats keep every bit, and the
        size does not depend on the addresses, which are known only when all sizes are.
        """
        words: list[int] = []
        functions = []
        for function in self.functions:
            start = len(words)
            for item in function.code:
                size = 2 + len(item.operands)
                words += [NUMBERS[item.mnemonic] | size << 16, item.location & 0xFFFFFFFF]
                words += item.operands
            functions.append(
                [function.name, function.arguments, function.results, function.registers]
                + [start, len(words) - start]
            )
        tables = {
            "functions": functions,
            "kernels": [symbol.name for symbol in self.kernels],
            "arrays": [symbol.name for symbol in self.arrays],
            "services": self.services,
            "entry": [self.entry.parameters, self.entry.results],
            "places": [[p.file, p.line, p.column, p.function, p.caller] for p in self.places],
            "watched": [*(numbers for _, numbers in self.watched.rows()), self.watched.always],
        }
        text = json.dumps(tables, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        pool = b"".join(
            struct.pack("<cxxxxxxxd" if isinstance(n, float) else "<cxxxxxxxq",
                        b"f" if isinstance(n, float) else b"i", n)
            for n in self.numbers
        )  # fmt: skip
        addresses = [symbol.address for symbol in self.kernels + self.arrays]
        pool += np.array(addresses, "<u8").tobytes()
        header = struct.pack(HEADER, MAGIC, VERSION, len(text), len(self.numbers), len(words))
        return header + text + pool + np.array(words, "<u4").tobytes()


_MALFORMED = (
    LookupError, RecursionError, TypeError, ValueError, AttributeError, struct.error,
)  # fmt: skip
"""What reading goes wrong with when the bytes are not what `encode` writes."""


def decode(data: bytes | memoryview, file: str = ".fleet.vm") -> Program:
    """The program in a section's bytes, validated. Raises FleetError for anything malformed."""
    try:
        return _decode(bytes(data))
    except _MALFORMED as error:
        raise FleetError(
            f"{file}: the bytecode is malformed ({error})",
            hint="rebuild the executable with `fleet build`",
        ) from error


def _decode(data: bytes) -> Program:
    magic, version, text_size, number_count, word_count = struct.unpack_from(HEADER, data)
    if magic != MAGIC:
        raise ValueError("no FLEETVM magic")
    if version != VERSION:
        raise ValueError(f"version {version}, this Fleet reads {VERSION}")
    at = struct.calcsize(HEADER)
    tables = json.loads(data[at : at + text_size])
    symbols = [*tables["kernels"], *tables["arrays"]]
    if len(data) < at + text_size + 16 * number_count + 8 * len(symbols) + 4 * word_count:
        raise ValueError("truncated")
    at += text_size
    numbers: list[int | float] = []
    for _ in range(number_count):
        kind = data[at : at + 1]
        numbers.append(struct.unpack_from("<d" if kind == b"f" else "<q", data, at + 8)[0])
        at += 16
    linked = [
        Symbol(str(name), address)
        for name, address in zip(
            symbols, np.frombuffer(data, "<u8", len(symbols), at).tolist(), strict=True
        )
    ]
    words = np.frombuffer(data, "<u4", word_count, at + 8 * len(symbols)).tolist()
    parameters, results = (tuple(map(str, types)) for types in tables["entry"])
    program = Program(
        entry=Signature(parameters, results),
        kernels=linked[: len(tables["kernels"])],
        arrays=linked[len(tables["kernels"]) :],
        numbers=numbers,
        services=list(tables["services"]),
        places=[
            Place(str(file), int(line), int(column), str(function), int(caller))
            for file, line, column, function, caller in tables["places"]
        ],
    )
    *watched, always = tables["watched"]
    flags, launches, doubtful = ([int(number) for number in numbers] for numbers in watched)
    program.watched = Watched(flags, launches, doubtful, bool(always))
    for name, arguments, results, registers, start, size in tables["functions"]:
        if not 0 <= start <= start + size <= len(words):
            raise ValueError(f"function {name} lies outside the code")
        code = list(_instructions(words[start : start + size]))
        program.functions.append(
            Function(str(name), int(arguments), int(results), int(registers), code)
        )
    validate(program)
    return program


def _instructions(words: list[int]) -> Iterator[Instruction]:
    at = 0
    while at < len(words):
        size = words[at] >> 16
        if size < 2 or at + size > len(words):
            raise ValueError(f"instruction at word {at} has length {size}")
        location = words[at + 1]
        yield Instruction(
            MNEMONICS[words[at] & 0xFFFF],
            tuple(words[at + 2 : at + size]),
            -1 if location == 0xFFFFFFFF else location,
        )
        at += size


def validate(program: Program) -> None:
    """Check every operand's range, so that the machine need not. Raises ValueError."""
    _validate_entry(program)
    for number, place in enumerate(program.places):
        if not -1 <= place.caller < number:
            raise ValueError(f"place {number} is called from {place.caller}")
    counts = {"place": len(program.places)}
    for kind, numbers in program.watched.rows():
        if not all(0 <= n < counts.get(kind, len(program.kernels)) for n in numbers):
            raise ValueError(f"what to watch ({kind}) is out of range")
    for service in program.services:
        missing = SERVICE_KEYS - service.keys()
        if missing:
            raise ValueError(f"a host service lacks {', '.join(sorted(missing))}")
    for function in program.functions:
        if function.arguments > function.registers or function.registers > 1 << 20:
            raise ValueError(f"function {function.name} has {function.registers} registers")
        limits = {
            "d": function.registers,
            "s": function.registers,
            "i": len(program.numbers),
            "a": len(program.arrays),
            "k": len(program.kernels),
            "f": len(program.functions),
            "h": len(program.services),
            "t": len(function.code),
            "n": function.registers + 1,
        }
        for position, item in enumerate(function.code):
            if not -1 <= item.location < len(program.places):
                raise ValueError(f"{function.name}:{position}: no place {item.location}")
            for kind, operand in item.fields():
                if not 0 <= operand < limits[kind]:
                    raise ValueError(
                        f"{function.name}:{position}: {item.mnemonic} {OPERAND_KINDS[kind]} "
                        f"{operand} is out of range"
                    )
            _validate_counts(program, function, position, item)
        if not function.code or function.code[-1].mnemonic not in ("return", "jump"):
            raise ValueError(f"function {function.name} runs past its end")


def _validate_entry(program: Program) -> None:
    if not program.functions:
        raise ValueError("there is no function to begin with")
    first, entry = program.functions[0], program.entry
    taken, given = map(Signature.registers, (entry.parameters, entry.results))
    if (first.arguments, first.results) != (taken, given):
        raise ValueError(f"function {first.name} does not fit the entry's signature")


SERVICE_KEYS = {"name", "kinds", "types", "result_kinds", "result_types", "options"}


def _validate_counts(program: Program, function: Function, at: int, item: Instruction) -> None:
    if item.mnemonic == "call":
        callee = program.functions[item.operands[0]]
        given = len(item.operands) - 2 - item.operands[1]
        if (item.operands[1], given) != (callee.results, callee.arguments):
            raise ValueError(f"{function.name}:{at}: call of {callee.name} does not fit it")
    elif item.mnemonic == "return" and len(item.operands) != function.results:
        raise ValueError(f"{function.name}:{at}: returns {len(item.operands)} values")
