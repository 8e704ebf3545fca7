"""An independent decoder: what GNU objdump reads in the bytes that we wrote for our own text.

In: a kernel's executable. Out: the instructions that objdump reads as others. The one idea: our
assembler, disassembler and emulator share one table, so a wrong row agrees with itself everywhere;
only who has a table of its own can tell.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fleet.asm.isa.table import encodings
from fleet.asm.objects.elf import read_elf
from fleet.asm.show.disassembler import disassemble
from fleet.asm.source_lines import LineAssembler
from fleet.judges.machine_code import Image

OBJDUMP = "riscv64-linux-gnu-objdump"
_LINE = re.compile(r"^\s*([0-9a-f]+):\s+([0-9a-f]+)\s+(\S+)(?:\s+(.*))?$")
_NOTE = re.compile(r"\s*[#<].*$")
_EXACT = ("F", "D", "V")
"""Extensions whose instructions are written by their own names."""


@dataclass(frozen=True)
class Misreading:
    """An instruction: its address and bytes, what we wrote, and what objdump reads."""

    address: int
    word: int
    written: str
    read: str

    def __str__(self) -> str:
        return f"`{self.written}` is encoded as {self.word:#010x}, which is `{self.read}`"


def objdump() -> str | None:
    """The path of the decoder, which is among the judges where it is installed."""
    return shutil.which(OBJDUMP)


def misreadings(image: Image) -> Iterator[Misreading]:
    """Instructions of the kernel that objdump, which must be there, reads as others."""
    start, code = _code(image)
    texts = instruction_texts(image.assembly)
    read = _read(image.path, start, start + len(code))
    for line in disassemble(code, start):
        word, mnemonic, operands = read.get(line.address, (line.word, "nothing", ""))
        theirs = f"{mnemonic} {operands}".strip()
        written = texts.get(line.address - start)
        exact = written is not None and _is_exact(written) and not line.mnemonic.startswith("c.")
        if exact and written.split()[0] != mnemonic:
            yield Misreading(line.address, word, written, theirs)
        elif (line.mnemonic, _plain(line.operands)) != (mnemonic, _plain(operands)):
            ours = f"{line.mnemonic} {line.operands}".strip()
            yield Misreading(line.address, word, ours, theirs)


def _code(image: Image) -> tuple[int, bytes]:
    file = read_elf(image.path)
    symbol = next(s for s in file.symbols if s.name == image.kernel)
    section = file.sections[symbol.section]
    at = symbol.address - section.address
    return symbol.address, bytes(file.data(section)[at : at + symbol.size])


def instruction_texts(assembly: str) -> dict[int, str]:
    """The lines of a kernel's assembly by the offset of their (first) instruction."""
    plain = "\n".join(
        "" if line.lstrip().startswith((".loc", ".file")) else line
        for line in assembly.split("\n")
    )
    unit = LineAssembler("kernel.s").assemble(plain)
    lines = plain.split("\n")
    text = next(section for section in unit.sections if section.name == ".text")
    return {row.offset: lines[row.line - 1].strip() for row in reversed(text.lines)}


def _is_exact(text: str) -> bool:
    row = encodings().get(text.split()[0])
    return row is not None and row.extension in _EXACT


def _plain(operands: str) -> str:
    """Operands without the names of addresses."""
    return _NOTE.sub("", operands).replace(" ", "").replace("0x", "")


def _read(path: Path, start: int, stop: int) -> dict[int, tuple[int, str, str]]:
    """What objdump reads: word, mnemonic and operands by address."""
    command = [
        objdump() or OBJDUMP, "-d", "-z", "-M", "no-aliases",
        f"--start-address={start}", f"--stop-address={stop}", str(path),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {}
    for line in done.stdout.splitlines():
        match = _LINE.match(line)
        if match is not None:
            address, word, mnemonic, operands = match.groups()
            found[int(address, 16)] = int(word, 16), mnemonic, operands or ""
    return found
