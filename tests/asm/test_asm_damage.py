"""Damaged files before every command: one clear error at most; no traceback, no hang, no memory."""

from __future__ import annotations

import io
import random
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from work import calls

from fleet.asm.assembler import assemble
from fleet.asm.link.executable import write_image
from fleet.asm.link.linker import link
from fleet.asm.objects.archive import parse_archive, with_members
from fleet.asm.objects.elf import parse_elf
from fleet.asm.objects.reader import parse_object
from fleet.asm.objects.writer import object_bytes
from fleet.asm.show.listing import list_elf
from fleet.asm.show.readelf import describe
from fleet.diagnostics import FleetError

Tool = Callable[..., str]

SOURCE = """
    .file 1 "f.py"
    .globl _start
    .type _start, @function
_start:
    .loc 1 2
    la a0, message
    .balign 8
    .loc 1 4
    call missing
    beqz a0, missing
    ret
    .size _start, .-_start
    .section .rodata
message: .asciz "hello"
    .word missing - message
    .data
    .quad message
    .bss
room: .zero 64
    .weak missing
"""
C_SOURCE = """
int counter; static int table[9]; extern int other(int); __thread int mine;
int pick(int k) { switch (k) { case 0: return 1; case 1: return other(2); case 2: return 7;
    case 3: return mine; case 4: return counter; case 5: return table[k]; } return -1; }
void _start(void) { counter += pick(counter); }
"""
ROOM = 1 << 30  # bytes of address space that a damaged file may cost
MOST_WORK = 200_000  # calls of functions that looking at a damaged file may take
TABLES = (2, 3, 4, 6, 7, 11, 17, 0x70000003, 0x6FFFFFFD, 0x6FFFFFFE, 0x6FFFFFFF)
"""Types of sections that tools look into: symbols, names, relocations, groups, versions, notes."""


@pytest.fixture(autouse=True)
def little_memory() -> Iterator[None]:
    """A limit on memory, so that what a header claims is not allocated unnoticed."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def commands(data: bytes) -> None:
    """What readelf, dis and link do with the bytes of a file."""
    view = memoryview(data)
    assert calls(_all_commands, view) < MOST_WORK


def _all_commands(view: memoryview) -> None:
    for command in (
        lambda: describe(parse_elf(view)),
        lambda: list(list_elf(parse_elf(view), aliases=True)),
        lambda: list(list_elf(parse_elf(view), sources=False)),
        lambda: write_image(io.BytesIO(), link([parse_object(view)])),
    ):
        try:
            command()
        except FleetError as error:
            assert error.render()


def headers_of(data: bytes) -> list[int]:
    """Where the bytes of all headers and tables are."""
    file = parse_elf(memoryview(data))
    table = int.from_bytes(data[40:48], "little")
    places = [*range(64), *range(table, table + 64 * len(file.sections))]
    places += range(64, 64 + 56 * len(file.segments))
    for section in file.sections:
        if section.type in TABLES or section.name == ".debug_line":
            places += range(section.offset, section.offset + section.size)
    return places


def our_object() -> bytes:
    return object_bytes(assemble(SOURCE, "f.s"))


def our_executable() -> bytes:
    file = io.BytesIO()
    write_image(file, link([assemble(SOURCE, "f.s")]))
    return file.getvalue()


def compiled(tool: Tool, folder: Path, flags: str) -> bytes:
    path = folder / "a.c"
    path.write_text(C_SOURCE)
    gcc = tool("riscv64-linux-gnu-gcc")
    command = [gcc, *flags.split(), "-ffreestanding", "-c", "-o", folder / "a.o", path]
    subprocess.run(command, check=True)
    return (folder / "a.o").read_bytes()


def grouped(tool: Tool, folder: Path) -> bytes:
    """An object with a COMDAT group and padding for a linker that relaxes."""
    (folder / "g.s").write_text("""
        .globl _start
_start: call foo
        .align 4
        ret
        .section .text.foo,"axG",@progbits,foo,comdat
        .weak foo
foo:    .align 3
        la a0, foo
        ret
        """)
    as_ = tool("riscv64-linux-gnu-as")
    subprocess.run([as_, "-march=rv64gc", "-o", folder / "g.o", folder / "g.s"], check=True)
    return (folder / "g.o").read_bytes()


def dynamic(tool: Tool, folder: Path) -> bytes:
    """A program for the dynamic linker, with versions of symbols, notes, everything."""
    (folder / "d.c").write_text('#include <stdio.h>\nint main(void) { return fputs("", stdout); }')
    command = [tool("riscv64-linux-gnu-gcc"), "-O1", "-o", folder / "d", folder / "d.c"]
    subprocess.run(command, check=True)
    return (folder / "d").read_bytes()


FILES: dict[str, Callable[[Tool, Path], bytes]] = {
    "our object": lambda tool, folder: our_object(),
    "our executable": lambda tool, folder: our_executable(),
    "gcc's object": lambda tool, folder: compiled(tool, folder, "-O2 -g"),
    "an object with a group": grouped,
    "a dynamic program": dynamic,
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_off_anywhere_is_an_error(tool: Tool, tmp_path: Path, name: str) -> None:
    data = FILES[name](tool, tmp_path)
    commands(data)
    for length in (*range(0, 130), *range(130, len(data), max(len(data) // 100, 1))):
        commands(data[:length])


@pytest.mark.parametrize("name", FILES)
def test_any_header_or_table_may_be_damaged(tool: Tool, tmp_path: Path, name: str) -> None:
    data = FILES[name](tool, tmp_path)
    places = headers_of(data)
    rng = random.Random(name)
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(rng.choice((1, 1, 2, 5))):
            damaged[rng.choice(places)] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
        commands(bytes(damaged))


@pytest.mark.parametrize("name", FILES)
def test_every_field_of_the_headers_may_be_wrong(tool: Tool, tmp_path: Path, name: str) -> None:
    """Whole fields at a time: zero, one, as large as it can be, as large as the file."""
    data = FILES[name](tool, tmp_path)
    file = parse_elf(memoryview(data))
    table = int.from_bytes(data[40:48], "little")
    sizes = (4, 4, 8, 8, 8, 8, 4, 4, 8, 8)
    fields = [(24, 8), (32, 8), (40, 8), (48, 4), *((at, 2) for at in range(52, 64, 2))]
    for number in range(1, len(file.sections)):
        at = table + 64 * number
        for size in sizes:
            fields.append((at, size))
            at += size
    rng = random.Random(5)
    for at, size in rng.sample(fields, min(len(fields), 30)):
        for value in (0, 1, len(data), (1 << 8 * size) - 1, 1 << 8 * size - 1):
            damaged = bytearray(data)
            damaged[at : at + size] = (value & (1 << 8 * size) - 1).to_bytes(size, "little")
            commands(bytes(damaged))


def test_a_damaged_library_is_an_error(tool: Tool, tmp_path: Path) -> None:
    for name in ("one", "a_name_that_is_longer_than_sixteen"):
        unit = assemble(f".globl {name}\n{name}: ret\n")
        (tmp_path / f"{name}.o").write_bytes(object_bytes(unit))
    library = tmp_path / "l.a"
    ar = tool("riscv64-linux-gnu-ar")
    subprocess.run([ar, "rcs", library, *tmp_path.glob("*.o")], check=True)
    data = library.read_bytes()
    start = assemble(".globl _start\n_start: call one\n call a_name_that_is_longer_than_sixteen\n")

    def tried(damaged: bytes) -> None:
        try:
            link(with_members([start], [parse_archive(memoryview(damaged), "l.a")]))
        except FleetError as error:
            assert error.render()

    tried(data)
    rng = random.Random(6)
    for length in range(8, len(data), 7):
        tried(data[:length])
    for _ in range(1000):
        damaged = bytearray(data)
        damaged[rng.randrange(8, 400)] = rng.randrange(256)
        tried(bytes(damaged))


def test_sections_of_threads_that_are_not_in_memory_are_linked_as_any_others() -> None:
    section = '.section .debug_x, "T", @progbits\n.quad 1\n'
    unit = assemble(section + '.text\n.globl _start\n_start: ret\n')
    write_image(io.BytesIO(), link([parse_object(object_bytes(unit))]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data[:50], "is damaged: it ends within its header"),
        (lambda data: data[:16] + b"\x02" + data[17:], "entry is not in executable code"),
        (lambda data: data[:18] + b"\x3e" + data[19:], "is not for RISC-V"),
        (lambda data: data[:-64], "is damaged: its section headers lie outside the file"),
    ],
)
def test_what_is_wrong_with_an_object_is_said(
    change: Callable[[bytes], bytes], message: str
) -> None:
    with pytest.raises(FleetError, match=message):
        parse_object(change(our_object()), "a.o")
