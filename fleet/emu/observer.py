"""Watching a program run: counts by address, a trace of instructions, registers at breakpoints.

In: a machine that is about to run. Out: tables and lines of text. The one idea: while a trace is
written, the vector unit executes one instruction at a time, so Unicorn announces every one, scalar
or vector, in order; a breakpoint does that to its own instruction alone, and a profile to none.
"""

from __future__ import annotations

import io
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import TextIO

from fleet.asm.isa.registers import REGISTER_NAMES
from fleet.asm.objects.symbols import Symbols
from fleet.asm.show.disassembler import disassemble
from fleet.diagnostics import FleetError
from fleet.emu.faults import dump
from fleet.emu.machine import Machine
from fleet.emu.memory import EXECUTE
from fleet.emu.statistics import Counts
from fleet.emu.vector.config import vtype_text
from fleet.files import STANDARD

_SCALAR_NAMES = [*REGISTER_NAMES["x"], *REGISTER_NAMES["f"]]
_ROWS = 25
"""Lines of a table."""


@dataclass
class Watch:
    """What somebody wants to see.

    profile:     tables of what was executed where, at the end
    trace:       file for a trace of instructions
    trace_only:  what to trace, see Trace
    breakpoints: symbols at which the registers are shown
    calls:       a line for each system call
    """

    profile: bool = False
    trace: str | None = None
    trace_only: str = ""
    breakpoints: Sequence[str] = ()
    calls: bool = False


@contextmanager
def observing(machine: Machine, wanted: Watch, out: TextIO) -> Iterator[None]:
    """While this is open, a loaded machine is watched; what was seen goes to `out` and files."""
    if wanted.trace_only and wanted.trace is None:
        raise FleetError("a part of a trace is asked for, but no trace", hint="give --trace FILE")
    with ExitStack() as stack:
        if wanted.profile:
            machine.count_by_address()
            stack.callback(lambda: print(profile(machine), file=out))
        if wanted.trace is not None:
            file = stack.enter_context(_created(wanted.trace))
            stack.callback(Trace(machine, file, wanted.trace_only).close)
        for symbol in wanted.breakpoints:
            Breakpoint(machine, symbol, out)
        yield


def _created(path: str) -> AbstractContextManager[TextIO]:
    if path == STANDARD:
        return nullcontext(sys.stdout)
    try:
        file = io.BufferedWriter(_File(path, "w"))
    except OSError as error:
        raise FleetError(f"cannot write {path}: {error.strerror}") from None
    return io.TextIOWrapper(file, encoding="utf-8", errors="surrogateescape")


class _File(io.FileIO):
    """Says which file it is that cannot be written, whatever else is being written meanwhile."""

    def write(self, data: bytes) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise FleetError(f"cannot write {self.name}: {error.strerror}") from None


# -- counts


def shares(machine: Machine, place: Callable[[int], str]) -> dict[str, Counts]:
    """What was executed by the place of its address."""
    table: defaultdict[str, Counts] = defaultdict(Counts)
    place = cache(place)
    for row in machine.executions():
        table[place(row.address)].add(row)
    return dict(table)


def profile(machine: Machine) -> str:
    """Tables by symbol and by source line."""
    places = machine.places
    parts = [_table("symbol", shares(machine, lambda at: places.function(at)[0]))]
    by_line = shares(machine, places.line)
    if set(by_line) - {""}:
        parts.append(_table("source line", by_line))
    return "\n\n".join(parts)


def _table(heading: str, table: dict[str, Counts]) -> str:
    total = Counts()
    for share in table.values():
        total.merge(share)
    rows = sorted(table.items(), key=lambda item: (-item[1].instructions, item[0]))
    lines = [f"{'instructions':>14} {'share':>7} {'vector':>12} {'elements':>14}  {heading}"]
    for name, share in rows[:_ROWS]:
        lines.append(_row(share, total.instructions, name or "(unknown)"))
    rest = Counts()
    for _, share in rows[_ROWS:]:
        rest.merge(share)
    if rest.instructions:
        lines.append(_row(rest, total.instructions, f"({len(rows) - _ROWS} others)"))
    lines.append(_row(total, total.instructions, "(all)"))
    return "\n".join(lines)


def _row(share: Counts, total: int, name: str) -> str:
    percent = 100 * share.instructions / total if total else 0.0
    vector, elements = share.vector_instructions, share.elements
    return f"{share.instructions:14,} {percent:6.2f}% {vector:12,} {elements:14,}  {name}"


# -- single instructions


class Breakpoint:
    """Writes the registers whenever execution comes to a symbol."""

    def __init__(self, machine: Machine, symbol: str, out: TextIO) -> None:
        address = machine.symbols.get(symbol)
        if address is None:
            raise FleetError(f"the executable has no symbol '{symbol}' to break at")
        self._machine, self._symbol, self._out = machine, symbol, out
        self._reached = 0
        machine.on_instruction(self._before, address)

    def _before(self, address: int, _size: int) -> None:
        self._reached += 1
        machine = self._machine
        line = machine.places.line(address)
        text = [f"break {self._symbol} ({self._reached}){' at ' + line if line else ''}"]
        text.append(f"  pc {address:#x}: {machine.instruction_text(address)}")
        text.append(dump(machine.registers(), machine.setting()))
        print("\n".join(text), file=self._out)


class Trace:
    """Writes each instruction with its disassembly and the registers that it changed.

    what: a function's name, or FIRST-LAST by count from 1; "": everything
    """

    def __init__(self, machine: Machine, out: TextIO, what: str = "") -> None:
        self._machine, self._out = machine, out
        self._addresses: range | None = None
        self._counts = range(1, 1 << 64)
        first, dash, last = what.partition("-")
        if dash and first.isdecimal() and last.isdecimal():
            self._counts = range(int(first), int(last) + 1)
            if not 0 < int(first) <= int(last):
                raise FleetError(
                    f"there are no instructions {what}",
                    hint="they count from 1, and the first of a range comes first, as in 1-5",
                )
        elif what:
            self._addresses = machine.places.extent(what)
            if self._addresses is None:
                raise FleetError(
                    f"the executable has no function '{what}' to trace",
                    hint="give a function's name, or a range of instructions such as 1-1000",
                )
        self._symbols = Symbols(machine.symbols)
        self._texts: dict[int, str] = {}
        self._count = 0
        self._pending = ""
        self._scalars: list[int] = []
        self._vectors = b""
        self._setting = ""
        machine.on_instruction(self._before)

    def close(self) -> None:
        """Writes the last instruction."""
        self._finish()
        self._out.flush()

    def _before(self, address: int, size: int) -> None:
        self._count += 1
        if self._pending:
            self._finish()
        within = self._addresses is None or address in self._addresses
        if not within or self._count not in self._counts:
            return
        text = self._texts.get(address)
        if text is None:
            text = self._texts[address] = self._text(address, size)
        self._pending = f"{self._count:>8} {text}"
        machine = self._machine
        self._scalars = machine.cpu.registers[:64].tolist()
        self._vectors = machine.vector.file.tobytes()
        self._setting = self._vector_setting()

    def _finish(self) -> None:
        if self._pending:
            changes = " ".join(self._changes())
            print(f"{self._pending:<72} {changes}".rstrip(), file=self._out)
            self._pending = ""

    def _changes(self) -> Iterator[str]:
        machine = self._machine
        now = machine.cpu.registers[:64].tolist()
        for name, old, new in zip(_SCALAR_NAMES, self._scalars, now, strict=True):
            if old != new:
                yield f"{name}={new:#x}"
        setting = self._vector_setting()
        if setting != self._setting:
            yield setting
        vectors = machine.vector.file.tobytes()
        if vectors != self._vectors:
            size = machine.vector.vlenb
            for number in range(32):
                part = slice(number * size, (number + 1) * size)
                if vectors[part] != self._vectors[part]:
                    yield f"v{number}={vectors[part][::-1].hex()}"

    def _vector_setting(self) -> str:
        config = self._machine.vector.config
        return f"vl={config.vl} vtype={vtype_text(config.vtype)}"

    def _text(self, address: int, size: int) -> str:
        machine = self._machine
        code = machine.memory.read(address, size, EXECUTE)
        line = next(disassemble(code, address, self._symbols, aliases=True))
        place = f"{address:x} <{machine.places.symbol(address)}>"
        return f"{place:<32} {line.mnemonic} {line.operands}".rstrip()
