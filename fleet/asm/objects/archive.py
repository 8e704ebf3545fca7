"""Static libraries, `.a` files: which of their objects a link needs.

In: objects, and archives that may define what they lack. Out: the objects and, of each archive,
the members that define an undefined symbol, and those that these need in turn. The one idea: the
archive's own index says which member defines a name, so members that nothing needs are not read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fleet.asm.objects.elf import parse_elf
from fleet.asm.objects.model import COMMON, Object
from fleet.asm.objects.reader import object_of
from fleet.diagnostics import FleetError

MAGIC, THIN_MAGIC = b"!<arch>\n", b"!<thin>\n"
HEADER = 60
SYMBOLS_NAME, LONG_SYMBOLS_NAME, NAMES_NAME = "/", "/SYM64/", "//"


@dataclass
class Archive:
    """index: symbol -> where the header of the member is that defines it."""

    path: str
    view: memoryview
    index: dict[str, int]
    names: bytes

    def damaged(self, what: str) -> FleetError:
        return FleetError(f"{self.path} is damaged: {what}")

    def header(self, at: int) -> tuple[str, int, int]:
        """(name, start, end) of the member whose header is here."""
        row = bytes(self.view[at : at + HEADER])
        digits = row[48:58].strip()
        if len(row) < HEADER or row[58:] != b"`\n" or not digits.isdigit():
            raise self.damaged(f"there is no member at {at:#x}")
        start, end = at + HEADER, at + HEADER + int(digits)
        if end > len(self.view):
            raise self.damaged("a member is longer than the file")
        name = row[:16].decode("latin-1").rstrip()
        if name[:1] == "/" and name[1:].isdigit():  # it is in the table of long names
            first = int(name[1:])
            name = self.names[first : self.names.find(b"/\n", first)].decode("latin-1")
        elif name not in (SYMBOLS_NAME, LONG_SYMBOLS_NAME, NAMES_NAME):
            name = name.rstrip("/")
        return name, start, end

    def member(self, at: int) -> Object:
        """The object whose header is here."""
        name, start, end = self.header(at)
        return object_of(parse_elf(self.view[start:end], f"{self.path}({name})"))


def is_archive(view: memoryview) -> bool:
    return bytes(view[: len(MAGIC)]) in (MAGIC, THIN_MAGIC)


def parse_archive(view: memoryview, path: str) -> Archive:
    """The index of an archive; FleetError if it is damaged, thin or has none."""
    archive = Archive(path, view, {}, b"")
    if bytes(view[: len(MAGIC)]) == THIN_MAGIC:
        raise FleetError(f"{path} is a thin archive", hint="make it without the letter T")
    at = len(MAGIC)
    indexed = False
    while at < len(view):
        name, start, end = archive.header(at)
        if name in (SYMBOLS_NAME, LONG_SYMBOLS_NAME):
            size = 4 if name == SYMBOLS_NAME else 8
            archive.index = _read_index(archive, bytes(view[start:end]), size)
            indexed = True
        elif name == NAMES_NAME:
            archive.names = bytes(view[start:end])
        else:
            break
        at = end + end % 2
    if not indexed and at < len(view):
        raise FleetError(f"{path} has no index of symbols", hint="run ranlib on it")
    return archive


def _read_index(archive: Archive, data: bytes, size: int) -> dict[str, int]:
    count = int.from_bytes(data[:size], "big")
    if size * (count + 1) > len(data):
        raise archive.damaged("its index is too short")
    names = data[size * (count + 1) :].split(b"\0")
    if len(names) < count:
        raise archive.damaged("its index lacks names")
    index: dict[str, int] = {}
    for number in range(count):
        place = size * (number + 1)
        at = int.from_bytes(data[place : place + size], "big")
        index.setdefault(names[number].decode("utf-8", "surrogateescape"), at)
    return index


def with_members(objects: Iterable[Object], archives: Iterable[Archive]) -> list[Object]:
    """The objects and the members of archives that they need; archives in any order."""
    result = list(objects)
    archives = list(archives)
    taken: set[tuple[int, int]] = set()
    defined: set[str] = set()
    waiting: list[str] = []

    def look_at(unit: Object) -> None:
        for symbol in unit.symbols:
            if symbol.binding == "local":
                continue
            if symbol.section is not None:
                if symbol.section != COMMON:
                    defined.add(symbol.name)
            elif symbol.binding != "weak":
                waiting.append(symbol.name)

    for unit in result:
        look_at(unit)
    while waiting:
        name = waiting.pop()
        if name in defined:
            continue
        for number, archive in enumerate(archives):
            at = archive.index.get(name)
            if at is not None and (number, at) not in taken:
                taken.add((number, at))
                unit = archive.member(at)
                result.append(unit)
                look_at(unit)
                break
    return result
