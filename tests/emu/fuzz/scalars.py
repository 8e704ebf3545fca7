"""Random scalar instructions of RVA23, and what they leave behind under qemu 10 and here.

A program loads registers from tables of values now and then, executes a row of instructions, and
writes its registers, its memory and a checksum of the exceptions that it saw. Integer programs have
all of Zba, Zbb, Zbc, Zbs, Zicond, Zcb, Zimop, Zcmop, Zicboz and hints; float programs have Zfh and
Zfa with float registers 0 to 9 for halves, 10 to 19 for singles and 20 to 29 for doubles.
"""

from __future__ import annotations

import random
import struct
import subprocess
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from fleet.asm.assembler import assemble
from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import encodings
from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.emu.linux.process import Process
from fleet.emu.machine import Machine

from .harness import take_stubs_at_once
from .values import SPECIAL

INTEGER = (
    "Zba", "Zbb", "Zbc", "Zbs", "Zicond", "Zimop", "Zcmop", "Zcb", "Zihintntl", "Zihintpause",
    "Zawrs", "Zicbop", "Zicboz",
)  # fmt: skip
FLOAT = ("Zfh", "Zfhmin", "Zfa")
MORE = ("fmin.s", "fmax.s", "fmin.d", "fmax.d")
"""What F and D have that Unicorn does otherwise."""

REGISTERS = (5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31)
BASE, TABLES, FLAGS, SEEN = 8, (18, 22, 23, 24), 20, 21
"""Registers: of the memory, of the tables of halves, singles, doubles and integers, and sums."""

OF_FORMAT = {"h": range(10), "s": range(10, 20), "d": range(20, 30)}
EDGES = (
    0, 1, 2, 0xFF, 0x80, 0x7F, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 32,
    1 << 63, (1 << 64) - 1, (1 << 63) - 1, 0x0102_0304_0506_0708,
)  # fmt: skip
ENTRIES = 256

PROGRAM = """
.option norvc
.option norelax
.globl _start
_start:
    la x8, memory + 2048
{tables}
{loads}
    li x20, 0
.option rvc
    .incbin "code.bin"
.balign 4
.option norvc
    la x8, result
{stores}
    sd x20, 504(x8)
    frflags x5
    sd x5, 496(x8)
    li a0, 1
    la a1, result
    li a2, 4608
    li a7, 64
    ecall
    li a0, 0
    li a7, 93
    ecall
.data
.balign 64
result: .zero 512
memory: .zero 4096
{data}
"""


def chosen(kind: str) -> list[Encoding]:
    """The instructions of a kind, "integer" or "float"."""
    wanted = INTEGER if kind == "integer" else FLOAT
    return [
        e for e in encodings().values()
        if e.extension in wanted or kind == "float" and e.mnemonic in MORE
    ]  # fmt: skip


class Program:
    """One of `count` instructions, by a seed.

    mnemonics: of what it executes
    """

    def __init__(self, kind: str, seed: object, count: int) -> None:
        self.random = random.Random(repr((kind, seed)))
        self.kind, self.code = kind, bytearray()
        self.mnemonics: set[str] = set()
        known = chosen(kind)
        for number in range(count):
            if number % 6 == 0:
                self._refresh()
            self._instruction(self.random.choice(known))

    def _emit(self, name: str, **operands: int) -> None:
        encoding = encodings()[name]
        self.code += encoding.encode(operands).to_bytes(encoding.size, "little")

    def _refresh(self) -> None:
        """New values for some registers, another rounding mode, and a look at the exceptions."""
        pick = self.random
        for register in pick.sample(REGISTERS, 3):
            self._emit("ld", rd=register, rs1=TABLES[3], imm=self._place())
        if self.kind != "float":
            return
        for register in pick.sample(range(30), 5):
            self._emit("fld", rd=register, rs1=TABLES[register // 10], imm=self._place())
        self._emit("csrrwi", rd=0, csr=2, imm=pick.choice((0, 0, 1, 2, 3, 4)))
        if pick.random() < 0.5:
            self._note_flags()
            self._emit("csrrwi", rd=0, csr=1, imm=0)

    def _place(self) -> int:
        return 8 * (self.random.randrange(ENTRIES) - ENTRIES // 2)

    def _note_flags(self) -> None:
        self._emit("csrrs", rd=SEEN, csr=1, rs1=0)
        self._emit("add", rd=FLAGS, rs1=FLAGS, rs2=SEEN)
        self._emit("slli", rd=SEEN, rs1=FLAGS, shamt=5)
        self._emit("add", rd=FLAGS, rs1=FLAGS, rs2=SEEN)

    def _instruction(self, encoding: Encoding) -> None:
        kinds = {spec.name: spec.kind for spec in encoding.operands}
        addresses = "(rs1" in encoding.syntax
        operands: dict[str, int] = {}
        for field in encoding.fields:
            name = field.name
            if name == "rs1" and addresses:
                operands[name] = BASE
            elif kinds.get(name) == "f":
                operands[name] = self.random.choice(OF_FORMAT[self._format(encoding, name)])
            elif name in ("rd", "rs1", "rs2"):
                choice = [r for r in (0, 0, *REGISTERS) if field.accepts(r)]
                operands[name] = self.random.choice(choice)
            elif name == "rm":
                dynamic = kinds.get("rm") == "rm"
                operands[name] = self.random.choice((0, 1, 2, 3, 4, 7, 7, 7)) if dynamic else 1
            else:
                operands[name] = self._constant(field)
        self.mnemonics.add(encoding.mnemonic)
        self.code += encoding.encode(operands).to_bytes(encoding.size, "little")
        if encoding.stem in ("fround", "froundnx"):  # of which qemu drops those nobody looks at
            self._note_flags()

    def _constant(self, field) -> int:  # noqa: ANN001
        while True:
            value = self.random.randint(field.minimum, field.maximum)
            if field.accepts(value):
                return value

    @staticmethod
    def _format(encoding: Encoding, operand: str) -> str:
        """h, s or d: of the destination or the sources of an instruction."""
        name, *formats = encoding.mnemonic.split(".")
        if not formats:
            return name[-1]  # flh, fsh
        if name in ("fcvt", "fmv"):
            return formats[0] if operand == "rd" else formats[1]
        return formats[-1]

    # -- values

    def _float(self, width: int) -> int:
        pick = self.random
        bits = pick.choice(SPECIAL[width]) if pick.random() < 0.4 else pick.getrandbits(width)
        return bits | (1 << 64) - (1 << width)

    def _integer(self) -> int:
        pick = self.random
        match pick.randrange(4):
            case 0:
                return pick.choice(EDGES)
            case 1:
                return pick.getrandbits(64)
            case 2:
                return pick.getrandbits(pick.randint(1, 64))
            case _:
                return (1 << 64) - 1 - pick.getrandbits(pick.randint(1, 64))

    def build(self, folder: Path) -> Path:
        """The executable, in a folder."""
        draws = [lambda w=w: self._float(w) for w in (16, 32, 64)] + [self._integer]
        for number, draw in enumerate(draws):
            words = struct.pack(f"<{ENTRIES}Q", *(draw() for _ in range(ENTRIES)))
            (folder / f"table{number}.bin").write_bytes(words)
        (folder / "code.bin").write_bytes(self.code)
        half = 4 * ENTRIES
        text = PROGRAM.format(
            tables=_lines(f"    la x{r}, table{i} + {half}" for i, r in enumerate(TABLES)),
            loads=_lines(
                [f"    fld f{r}, {8 * r}(x{TABLES[r // 10]})" for r in range(30)]
                + [f"    ld x{r}, {8 * r}(x{TABLES[3]})" for r in REGISTERS]
            ),
            stores=_lines(
                [f"    sd x{r}, {8 * i}(x8)" for i, r in enumerate(REGISTERS)]
                + [f"    fsd f{r}, {256 + 8 * r}(x8)" for r in range(30)]
            ),
            data=_lines(f'table{i}: .incbin "table{i}.bin"' for i in range(4)),
        )
        unit = assemble(text, str(folder / "program.s"))
        path = folder / "program.elf"
        write_executable(str(path), link([unit]))
        return path


def _lines(texts) -> str:  # noqa: ANN001
    return "\n".join(texts)


def under_qemu(qemu: str, elf: Path) -> bytes:
    return subprocess.run([qemu, "-cpu", "max", elf], capture_output=True, check=True).stdout


def here(elf: Path, executor: str) -> bytes:
    machine = Machine(128, executor=executor)
    take_stubs_at_once(machine, executor)
    streams = {number: BytesIO() for number in range(3)}
    Process(machine, elf, ["program"], streams=streams).run()
    return streams[1].getvalue()


def differences(
    kind: str, seed: object, count: int, qemu: str, executors: Sequence[str], folder: Path
) -> tuple[set[str], list[str]]:
    """Mnemonics of what was executed, and a line for each executor that differs, with where."""
    program = Program(kind, seed, count)
    elf = program.build(folder)
    expected = under_qemu(qemu, elf)
    found = []
    for executor in executors:
        got = here(elf, executor)
        if got != expected:
            pairs = enumerate(zip(expected, got, strict=False))
            at = next((i for i, (a, b) in pairs if a != b), len(got))
            found.append(f"qemu != {executor}: {kind} program {seed} of {count}, at byte {at}")
    return program.mnemonics, found
