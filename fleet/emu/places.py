"""Addresses of code -> functions and source lines, for reports about a running program.

In: names of addresses, and the executables that were loaded. Out: `name+0x10`, or `file:line`. The
one idea: everything is read when the first question comes, so a program that needs no report pays
nothing.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Mapping

from fleet.asm.objects.dwarf import Row
from fleet.asm.objects.elf import ElfFile
from fleet.asm.objects.line_reader import line_rows
from fleet.diagnostics import FleetError


class Places:
    """What is where.

    symbols: names to addresses, as the machine has them
    files:   executables that were loaded
    """

    def __init__(self, symbols: Mapping[str, int], files: list[ElfFile]) -> None:
        functions = {
            symbol.address: symbol
            for file in files for symbol in file.symbols
            if symbol.kind == "func" and symbol.size
        }  # fmt: skip
        self._functions = [functions[start] for start in sorted(functions)]
        self._function_starts = [symbol.address for symbol in self._functions]
        by_address: dict[int, str] = {}
        for name, address in symbols.items():
            by_address.setdefault(address, name)
        self._names = by_address
        self._starts = sorted(by_address)
        self._rows = sorted((row for file in files for row in _rows(file)), key=_order)
        self._folder = os.path.join(os.getcwd(), "")
        self._row_starts = [row.address for row in self._rows]

    def function(self, address: int) -> tuple[str, int]:
        """Name and start of the function that holds an address, or of the nearest symbol below."""
        index = bisect_right(self._function_starts, address) - 1
        if index >= 0:
            found = self._functions[index]
            if address < found.address + found.size:
                return found.name, found.address
        index = bisect_right(self._starts, address) - 1
        if index < 0:
            return "", 0
        start = self._starts[index]
        return self._names[start], start

    def symbol(self, address: int) -> str:
        """`name+0x10`, "" below every symbol."""
        name, start = self.function(address)
        return name if not name or start == address else f"{name}+{address - start:#x}"

    def line(self, address: int) -> str:
        """`file:line`, files below the current folder relative to it; "" where that is unknown."""
        index = bisect_right(self._row_starts, address) - 1
        row = self._rows[index] if index >= 0 else None
        if row is None or not row.file or not row.line:
            return ""
        return f"{row.file.removeprefix(self._folder)}:{row.line}"

    def extent(self, name: str) -> range | None:
        """The addresses of a function; up to the next symbol where its size is not known."""
        for symbol in self._functions:
            if symbol.name == name:
                return range(symbol.address, symbol.address + symbol.size)
        start = next((at for at, known in self._names.items() if known == name), None)
        if start is None:
            return None
        index = bisect_right(self._starts, start)
        end = self._starts[index] if index < len(self._starts) else start + (1 << 20)
        return range(start, end)


def _order(row: Row) -> tuple[int, bool]:
    """By address; where one sequence ends and the next begins, the beginning counts."""
    return row.address, row.file is not None


def _rows(file: ElfFile) -> list[Row]:
    try:
        rows = line_rows(file)
        return [row._replace(address=row.address + file.base) for row in rows]
    except FleetError:  # damaged line numbers: the program runs all the same
        return []
