"""Executables with bytes changed or missing: every command ends with one message, none crashes."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest
from command_line import CommandLine, Result

from fleet.asm.objects.elf import read_elf

MOST = 5_000_000
"""Instructions: damage may make a program endless."""

SECTION_TABLE = 0x28
"""Offset in the ELF header of the section table's offset."""


def damaged(data: bytes, bytecode: range, generator: random.Random) -> bytes:
    """A copy with one kind of damage."""
    copy = bytearray(data)
    table = struct.unpack_from("<Q", data, SECTION_TABLE)[0]
    match generator.choice(["cut", "header", "sections", "bits", "bytecode", "word", "text"]):
        case "cut":
            del copy[generator.randrange(len(copy)) :]
        case "header":
            for _ in range(generator.randint(1, 4)):
                copy[generator.randrange(64)] = generator.randrange(256)
        case "sections":
            for _ in range(generator.randint(1, 4)):
                at = generator.randrange(table, len(copy))
                copy[at] = generator.choice([0, 1, 128, 255, generator.randrange(256)])
        case "bits":
            for _ in range(generator.randint(1, 8)):
                copy[generator.randrange(len(copy))] ^= 1 << generator.randrange(8)
        case "bytecode":
            for _ in range(generator.randint(1, 4)):
                copy[generator.choice(bytecode)] = generator.randrange(256)
        case "word":  # operands are words: small changes stay in range and so go further
            at = bytecode.stop - 4 * generator.randint(1, len(bytecode) // 8)
            word = struct.unpack_from("<I", copy, at)[0]
            struct.pack_into("<I", copy, at, max(0, word + generator.randint(-3, 3)))
        case "text":  # the tables of the bytecode are JSON
            at = generator.choice(bytecode[24 : len(bytecode) // 3])
            copy[at] = generator.choice(b'0123456789,:[]{}" xf')
    return bytes(copy)


def bytecode_of(path: Path) -> range:
    section = read_elf(path).section(".fleet.vm")
    assert section is not None
    return range(section.offset, section.offset + section.size)


def assert_clean(result: Result, seed: int) -> None:
    assert "internal error" not in result.stderr, (seed, result)
    assert "error: error:" not in result.stderr, (seed, result)
    if result.status not in (0, 132, 133, 135, 139) and "Traceback" not in result.stderr:
        assert result.stderr, (seed, result)


READERS = [["dis"], ["dis", "--source"], ["dis", "--bytecode"], ["readelf"]]


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_reading_a_damaged_executable_ends_with_text_or_a_message(
    run: CommandLine, place: Path, command: list[str]
) -> None:
    data, bytecode = Path("small.elf").read_bytes(), bytecode_of(Path("small.elf"))
    for seed in range(100):
        Path("damaged.elf").write_bytes(damaged(data, bytecode, random.Random(seed)))
        result = run(*command, "damaged.elf")
        assert result.status in (0, 1), (seed, result)
        assert "Traceback" not in result.stderr, (seed, result)
        assert_clean(result, seed)


@pytest.mark.parametrize("start", range(0, 500, 50))
def test_running_a_damaged_executable_ends_with_a_status_and_a_message(
    run: CommandLine, place: Path, start: int
) -> None:
    data, bytecode = Path("small.elf").read_bytes(), bytecode_of(Path("small.elf"))
    for seed in range(start, start + 50):
        Path("damaged.elf").write_bytes(damaged(data, bytecode, random.Random(seed)))
        result = run("emu", "--memory", "64M", "--max-instructions", MOST, "damaged.elf", "3")
        assert_clean(result, seed)


@pytest.mark.parametrize("size", range(0, 4000, 250))
def test_a_truncated_executable_is_rejected(run: CommandLine, place: Path, size: int) -> None:
    Path("cut.elf").write_bytes(Path("small.elf").read_bytes()[:size])
    for command in (["emu"], ["dis"], ["readelf"]):
        run.rejects(*command, "cut.elf")
