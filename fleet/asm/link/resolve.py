"""Which definition every symbol has: the rules of strong, weak and common ones, COMDAT groups.

In: objects. Out: a `Definitions`; symbols that are defined more than once become errors, those
that nothing defines only where they are used. Also the words for what is wrong with a reference.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fleet.asm.link.image import ImageSymbol
from fleet.asm.objects.model import ABSOLUTE, COMMON, GRP_COMDAT, Object, R, Relocation, Symbol
from fleet.diagnostics import FleetError

STRONG, SHARED, WEAK = 3, 2, 1
SHORT_JUMPS = (R.BRANCH, R.JAL, R.RVC_BRANCH, R.RVC_JUMP)


class Definition(NamedTuple):
    unit: int
    index: int
    symbol: Symbol

    @property
    def strength(self) -> int:
        if self.symbol.section == COMMON:
            return SHARED
        return WEAK if self.symbol.binding == "weak" else STRONG


class Definitions:
    """globals: name -> its definition; dropped: (unit, section) of groups that are there twice."""

    def __init__(self, objects: Sequence[Object]) -> None:
        self.objects = objects
        self.globals: dict[str, Definition] = {}
        self.dropped: set[tuple[int, int]] = set()
        self.errors: list[FleetError] = []
        self._drop_groups()
        for number, unit in enumerate(objects):
            for index, symbol in enumerate(unit.symbols):
                if symbol.section is None or symbol.binding == "local":
                    continue
                if (number, symbol.section) not in self.dropped:
                    self._define(Definition(number, index, symbol))

    def _drop_groups(self) -> None:
        seen: set[str] = set()
        for number, unit in enumerate(self.objects):
            for group in unit.groups:
                if not group.flags & GRP_COMDAT:
                    continue
                signature = unit.symbols[group.signature]
                name = signature.name
                if signature.kind == "section" and isinstance(signature.section, int):
                    name = unit.sections[signature.section].name
                if name in seen:
                    self.dropped.update((number, index) for index in group.sections)
                seen.add(name)

    def _define(self, new: Definition) -> None:
        name = new.symbol.name
        known = self.globals.get(name)
        if known is None or new.strength > known.strength:
            self.globals[name] = new
        elif new.strength == known.strength == STRONG:
            here, there = self.place(new), self.place(known)
            message = f"{name} is defined in two objects"
            location = new.symbol.location
            if location is None:
                message = f"{here}: {message}"
            hint = f"the other definition is {'at' if known.symbol.location else 'in'} {there}"
            self.errors.append(FleetError(message, location, hint=hint))
        elif new.strength == known.strength == SHARED and new.symbol.size > known.symbol.size:
            self.globals[name] = new

    def place(self, definition: Definition) -> str:
        """Where a symbol is defined, for a message."""
        symbol, unit = definition.symbol, self.objects[definition.unit]
        if symbol.location is not None:
            return str(symbol.location)
        if symbol.section in (None, ABSOLUTE, COMMON):
            return unit.file
        return f"{unit.file} ({unit.sections[symbol.section].name}+{symbol.value:#x})"

    def find(self, number: int, index: int) -> Definition | None:
        """What the symbol with this index in this object is; None if nothing defines it."""
        symbol = self.objects[number].symbols[index]
        if symbol.binding != "local" and symbol.name in self.globals:
            return self.globals[symbol.name]
        if symbol.section is None or (number, symbol.section) in self.dropped:
            return None
        return Definition(number, index, symbol)

    def is_dropped(self, number: int, index: int) -> bool:
        """Whether a symbol was in a section that is gone, as another object has it, too."""
        symbol = self.objects[number].symbols[index]
        return symbol.section is not None and (number, symbol.section) in self.dropped


def function_at(unit: Object, section: int, offset: int) -> str | None:
    """The name of the function around a place."""
    best: Symbol | None = None
    for symbol in unit.symbols:
        if symbol.section == section and symbol.kind in ("func", "notype") and symbol.name:
            if symbol.name.startswith((".L", "$")) or symbol.value > offset:
                continue
            if best is None or symbol.value >= best.value:
                best = symbol
    return None if best is None else best.name


def place_of(unit: Object, section: int, offset: int) -> str:
    """`main.o: in main (.text+0x8)`"""
    name = function_at(unit, section, offset)
    place = f"{unit.sections[section].name}+{offset:#x}"
    return f"{unit.file}: in {name} ({place})" if name else f"{unit.file} ({place})"


def out_of_reach(
    unit: Object, relocation: Relocation, base: int, target: int
) -> tuple[str, str | None]:
    """What to say of a relocation that cannot hold its target; `base` is its section's address."""
    distance = target - (base + relocation.offset)
    name = "" if relocation.symbol is None else unit.symbols[relocation.symbol].name
    name = name if name and not name.startswith(".L") else "the target"
    if relocation.type in (R.R32, R.R64, R.HI20, R.TPREL_HI20):
        return f"{name} is out of reach, {target:#x} does not fit", None
    if distance % 2:
        return f"{name} is at an odd distance of {distance} bytes", None
    hint = "call and tail reach 2 GiB" if relocation.type in SHORT_JUMPS else None
    return f"{name} is out of reach, {distance} bytes away", hint


def entry_hint(symbols: Iterable[ImageSymbol], entry: str) -> str:
    """Where a program could begin instead."""
    names = [s.name for s in symbols if s.binding != "local" and s.kind in ("func", "notype")]
    near = difflib.get_close_matches(entry, names, n=1) or [n for n in names if n == "main"]
    return f"--entry {near[0]} would begin there" if near else "name another with --entry"
