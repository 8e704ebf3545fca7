"""Architecture strings such as `rv64gcv`, and the section .riscv.attributes that holds them.

In: `--march` as a user writes it, or the section of an object. Out: extensions with their
versions, what they imply included. Format: psABI, chapter "Attributes"; string: the manual's
chapter "ISA Extension Naming Conventions"; versions as the manual of 2024 ratified them.
"""

from __future__ import annotations

import difflib
import re
import struct
from collections.abc import Iterable, Mapping

from fleet.asm.objects.model import (
    EF_RISCV_FLOAT_ABI_DOUBLE,
    EF_RISCV_FLOAT_ABI_SINGLE,
    EF_RISCV_RVC,
)
from fleet.asm.objects.profiles import (
    EARLIER,
    IMPLIED,
    INSTRUCTIONS,
    PARTS,
    PROFILES,
    VERSIONS,
)
from fleet.diagnostics import FleetError
from fleet.leb128 import unsigned

STACK_ALIGN, ARCH = 4, 5
TAGS = {
    "stack_align": STACK_ALIGN, "arch": ARCH, "unaligned_access": 6, "priv_spec": 8,
    "priv_spec_minor": 10, "priv_spec_revision": 12, "atomic_abi": 14, "x3_reg_usage": 16,
}  # fmt: skip
"""What the psABI knows of an object, by the name that GNU as has for it."""

G = ("i", "m", "a", "f", "d", "zicsr", "zifencei")
ORDER = "iemafdqlcbkjtpvh"  # of the one-letter extensions
PART = re.compile(r"([a-z]|[zsx][a-z0-9]*?[a-z])(?:(\d+)p(\d+)|(\d+))?")

Extensions = Mapping[str, tuple[int, int]]


def parse_arch(text: str) -> dict[str, tuple[int, int]]:
    """The extensions of an architecture string, with versions where it has them, else the usual.

    Nothing is implied and nothing unknown: it is read as it is. FleetError if it is malformed.
    """
    words = text.lower().split("_")
    if words[0] in PROFILES:
        words[:1] = PROFILES[words[0]].split("_")
    if not words[0].startswith("rv64") or len(words[0]) < 5:
        hint = f"such as rv64gc, rv64gcv or a profile: {', '.join(PROFILES)}"
        raise FleetError(f"{text!r} is no architecture of RV64", hint=hint)
    found: dict[str, tuple[int, int]] = {}

    def add(match: re.Match[str]) -> None:
        name, major, minor, short = match.groups()
        version = VERSIONS.get(name, (1, 0))
        if major or short:
            version = int(major or short), int(minor or 0)
        for each in G if name == "g" else (name,):
            found[each] = VERSIONS[each] if name == "g" else version

    letters = words[0][4:]
    for number, word in enumerate([letters, *words[1:]]):
        at = 0
        while at < len(word):
            long = word[at] in "zsx"
            match = PART.fullmatch(word, at) if long else PART.match(word, at)
            if match is None or len(match[0]) > 40:
                raise FleetError(f"{text!r} is no architecture: {word[at:]!r} cannot be read")
            add(match)
            at = match.end()
        if not word and number:
            raise FleetError(f"{text!r} is no architecture: an extension is missing after _")
    return found


def extensions_of(march: str) -> dict[str, tuple[int, int]]:
    """What `--march` asks for, with all that it implies. FleetError for what we do not know."""
    found = parse_arch(march)
    for name in found:
        if name not in VERSIONS:
            near = difflib.get_close_matches(name, VERSIONS, n=2)
            known = "those with instructions are i m a f d c v zicsr zifencei zihintpause "
            known += " ".join(INSTRUCTIONS)
            hint = f"did you mean {' or '.join(near)}?" if near else known
            raise FleetError(f"there is no extension {name!r} in {march}", hint=hint)
    if "i" not in found:
        raise FleetError(f"{march} has no base instruction set", hint="write rv64i or rv64g first")
    waiting = list(found)
    while waiting:
        for implied in IMPLIED.get(waiting.pop(), ()):
            if implied not in found:
                found[implied] = VERSIONS[implied]
                waiting.append(implied)
    if not EARLIER.issuperset(found):
        for whole, parts in PARTS.items():
            if whole in found:
                found.update((part, VERSIONS[part]) for part in parts)
    return found


def _rank(name: str) -> tuple[int, int, str]:
    """Canonical order: single letters, then z extensions by their second letter, then s, then x."""
    if len(name) == 1:
        return 0, ORDER.find(name), ""
    if name[0] == "z":
        return 1, ORDER.find(name[1]) % 100, name
    return (2 if name[0] == "s" else 3), 0, name


def format_arch(extensions: Extensions) -> str:
    """The canonical string: `rv64i2p1_m2p0_...`."""
    ordered = [(name, *extensions[name]) for name in sorted(extensions, key=_rank)]
    return "rv64" + "_".join(f"{name}{major}p{minor}" for name, major, minor in ordered)


def elf_flags(extensions: Iterable[str]) -> int:
    """e_flags of code for these: whether it is compressed; the float ABI that it can have."""
    present = set(extensions)
    flags = EF_RISCV_RVC if present & {"c", "zca"} else 0
    if "d" in present:
        return flags | EF_RISCV_FLOAT_ABI_DOUBLE
    return flags | (EF_RISCV_FLOAT_ABI_SINGLE if "f" in present else 0)


def merge_arch(texts: Iterable[str]) -> str:
    """The architecture that code of all of these needs: every extension, at its newest version."""
    merged: dict[str, tuple[int, int]] = {}
    for text in texts:
        for name, version in parse_arch(text).items():
            merged[name] = max(version, merged.get(name, version))
    return format_arch(merged)


NOTHING: Mapping[int, int | str] = {}
RV64GCV = format_arch(extensions_of("rv64gcv"))


def attributes_section(
    arch: str = RV64GCV, stack_align: int = 16, more: Mapping[int, int | str] = NOTHING
) -> bytes:
    """The bytes of the section for this architecture string; `more` attributes by their tags."""
    body = b""
    for tag, value in sorted({STACK_ALIGN: stack_align, ARCH: arch, **more}.items()):
        body += unsigned(tag)
        body += unsigned(value) if isinstance(value, int) else value.encode("latin-1") + b"\0"
    of_file = b"\x01" + struct.pack("<I", len(body) + 5) + body
    vendor = b"riscv\0" + of_file
    return b"A" + struct.pack("<I", len(vendor) + 4) + vendor


def read_attributes(data: bytes) -> list[tuple[int, int | str]]:
    """(tag, value) of each attribute of the file; odd tags have strings, even ones numbers."""
    if not data:
        return []

    def damaged() -> FleetError:
        return FleetError(".riscv.attributes is damaged")

    def end_of(at: int, limit: int) -> int:
        length = int.from_bytes(data[at : at + 4], "little")
        if at + 4 > limit or length < 5 or at + length > limit:
            raise damaged()
        return at + length

    def number(at: int, limit: int) -> tuple[int, int]:
        value = shift = 0
        while at < limit and shift < 70:
            value |= (data[at] & 0x7F) << shift
            shift += 7
            at += 1
            if data[at - 1] < 0x80:
                return value, at
        raise damaged()

    if data[0] != ord("A"):
        raise damaged()
    found: list[tuple[int, int | str]] = []
    at = 1
    while at < len(data):
        end = end_of(at, len(data))
        stop = data.find(b"\0", at + 4, end)
        if stop < 0:
            raise damaged()
        vendor, at = data[at + 4 : stop], stop + 1
        while vendor == b"riscv" and at < end:
            scope = data[at]
            part_end = end_of(at + 1, end + 1) - 1
            at += 5
            while scope == 1 and at < part_end:
                tag, at = number(at, part_end)
                if tag % 2:
                    stop = data.find(b"\0", at, part_end)
                    if stop < 0:
                        raise damaged()
                    found.append((tag, data[at:stop].decode("latin-1")))
                    at = stop + 1
                else:
                    value, at = number(at, part_end)
                    found.append((tag, value))
            at = part_end
        at = end
    return found
