"""Executables against readelf, addr2line and qemu; and the reader against damage of all kinds."""

from __future__ import annotations

import random
import subprocess
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fleet.asm.assembler import assemble
from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.asm.objects.dwarf import Place, Row, line_section
from fleet.asm.objects.elf import PF_X, parse_elf, read_elf
from fleet.asm.objects.line_reader import read_lines
from fleet.asm.objects.model import SourceFile
from fleet.asm.show.disassembler import disassemble
from fleet.asm.show.listing import list_elf, list_image
from fleet.diagnostics import FleetError

Tool = Callable[..., str]

HELLO = """
    .file 1 "hello.py"
    .text
    .globl _start
    .type _start, @function
_start:
    .loc 1 3 5
    li a0, 1
    la a1, message
    lw a2, length
    li a7, 64
    ecall
    .loc 1 7
    call leave
    .size _start, .-_start
    .type leave, @function
leave:
    la t0, counter
    ld a0, (t0)
    addi a0, a0, 3
    .loc 1 300
    sd a0, (t0)
    la t1, weights
    flw fa0, (t1)
    fcvt.w.s a1, fa0
    add a0, a0, a1
    la t2, buffer
    ld a2, 96(t2)
    add a0, a0, a2
    li a7, 93
    ecall
    .size leave, .-leave
    .section .rodata
message: .asciz "hello from fleet\\n"
    .balign 8
length: .word 17
    .data
counter: .quad 4
    .bss
buffer: .zero 100000
"""


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    path = tmp_path / "hello.elf"
    weights = np.full((10, 100), 35, np.float32)
    image = link(
        [assemble(HELLO, "hello.s")],
        arrays=[("weights", weights), ("more", np.arange(10.0))],
        sections={".fleet.vm": b"bytecode"},
        directory="/src",
    )
    write_executable(path, image)
    return path


def test_qemu_runs_what_we_assemble_and_link(tool: Tool, hello: Path) -> None:
    run = subprocess.run([tool("qemu-riscv64"), hello], capture_output=True, text=True)
    assert (run.stdout, run.returncode) == ("hello from fleet\n", 4 + 3 + 35)


def test_readelf_has_no_complaint(tool: Tool, hello: Path) -> None:
    command = [tool("riscv64-linux-gnu-readelf"), "-a", "-W", hello]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    assert "Warning" not in run.stdout and "warning" not in run.stdout
    assert "Flags:                             0x5, RVC, double-float ABI" in run.stdout
    assert "_v1p0_" in run.stdout and "Tag_RISCV_stack_align: 16-bytes" in run.stdout
    assert " FUNC    GLOBAL DEFAULT    1 _start" in run.stdout


def test_objdump_shows_the_code_as_we_do(tool: Tool, hello: Path) -> None:
    command = [tool("riscv64-linux-gnu-objdump"), "-d", "-M", "no-aliases", hello]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    theirs = [line.split(" #")[0].split("<")[0].rstrip() for line in listing.splitlines()]
    elf = read_elf(hello)
    text = elf.section(".text")
    assert text is not None
    for line in disassemble(elf.data(text), text.address):
        assert str(line).split(" #")[0] in theirs


def test_addr2line_finds_the_source_lines(tool: Tool, hello: Path) -> None:
    addresses = read_elf(hello).addresses
    places = [hex(addresses[name]) for name in ("_start", "leave")]
    command = [tool("riscv64-linux-gnu-addr2line"), "-e", hello, *places]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["/src/hello.py:3", "/src/hello.py:7"]


def test_the_reader_finds_what_the_writer_wrote(hello: Path) -> None:
    elf = read_elf(hello)
    bytecode, rodata = elf.section(".fleet.vm"), elf.section(".rodata")
    assert bytecode is not None and elf.data(bytecode) == b"bytecode"
    assert rodata is not None and rodata.address % 4096 == rodata.offset % 4096 == 0
    weights = elf.addresses["weights"]
    assert weights % 4096 == 0
    start = weights - rodata.address
    assert np.frombuffer(elf.data(rodata)[start : start + 4000], np.float32).tolist() == [35] * 1000
    leave = next(s for s in elf.symbols if s.name == "leave")
    text = elf.section(".text")
    assert text is not None
    assert (leave.kind, leave.binding) == ("func", "local")
    assert leave.address + leave.size == text.address + text.size
    lines = elf.section(".debug_line")
    assert lines is not None
    rows = read_lines(bytes(elf.data(lines)))
    assert [(row.file, row.line, row.column) for row in rows[:-1]] == [
        ("hello.py", 3, 5), ("hello.py", 7, 0), ("hello.py", 300, 0),
    ]  # fmt: skip
    assert [load.flags & PF_X for load in elf.loads] == [1, 0, 0]


def test_a_listing_has_source_lines_addresses_bytes_and_assembly(hello: Path) -> None:
    lines = list(list_elf(read_elf(hello), "_start"))
    assert lines[:7] == [
        "",
        "Disassembly of section .text:",
        "",
        "0000000000010200 <_start>:",
        "; hello.py:3",
        "   10200:\t4505                \tc.li\ta0,1",
        "   10202:\t00001597          \tauipc\ta1,0x1",
    ]
    assert "; hello.py:7" in lines and "; hello.py:300" not in lines
    image = link([assemble(HELLO, "hello.s")], arrays=[("weights", np.zeros(9, np.float32))])
    assert "; hello.py:300" in list(list_image(image))


def test_line_numbers_come_back_from_dwarf() -> None:
    rng = random.Random(1)
    files = ("a.py", "b.py", "dir/c.py")
    rows, address = [], 0x10000
    for _ in range(3000):
        address += rng.choice((2, 4, 8, 400, 70_000))
        rows.append(Place(address, rng.randrange(1, 4), rng.randrange(1, 5000), rng.randrange(90)))
    names = [SourceFile(number, "", name) for number, name in enumerate(files, 1)]
    expected = [Row(p.address, files[p.file - 1], p.line, p.column) for p in rows]
    assert read_lines(line_section([(rows, address + 4)], names)[0])[:-1] == expected


def test_writing_replaces_a_file_at_once_and_leaves_no_other(hello: Path) -> None:
    before = hello.read_bytes()
    write_executable(hello, link([assemble(".globl _start\n_start: ret\n")]))
    assert hello.read_bytes() != before
    assert hello.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in hello.parent.iterdir()] == ["hello.elf"]


def test_a_path_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    image = link([assemble(".globl _start\n_start: ret\n")])
    with pytest.raises(FleetError, match="cannot write .*: No such file or directory"):
        write_executable(tmp_path / "missing" / "a.elf", image)


def test_large_files_are_neither_copied_nor_read_through(tmp_path: Path) -> None:
    path = tmp_path / "large.elf"
    weights = np.zeros(50_000_000, np.float32)
    tracemalloc.start()
    image = link([assemble(".globl _start\n_start: ret\n")], arrays=[("weights", weights)])
    assert any(part is weights for _, part in image.section(".rodata").parts)
    write_executable(path, image)
    elf = read_elf(path)
    assert elf.addresses["weights"] == image.address_of("weights")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > weights.nbytes
    assert peak < weights.nbytes / 20
    path.unlink()


def tried(data: bytes) -> None:
    """Open damaged bytes and look at everything in them: an error at most."""
    try:
        elf = parse_elf(memoryview(data))
        for section in elf.sections:
            elf.data(section)
        for segment in elf.segments:
            elf.segment_data(segment)
        assert all(segment.memory_size < 1 << 47 for segment in elf.loads)
        assert elf.addresses is not None
        lines = elf.section(".debug_line")
        if lines is not None:
            read_lines(bytes(elf.data(lines)))
    except FleetError as error:
        assert error.render()


def test_a_file_cut_off_anywhere_is_an_error_and_no_traceback(hello: Path) -> None:
    data = hello.read_bytes()
    for length in (*range(0, 700), *range(700, len(data), 37)):
        tried(data[:length])


def test_a_file_with_any_header_field_damaged_is_an_error_and_no_traceback(hello: Path) -> None:
    data = hello.read_bytes()
    rng = random.Random(7)
    table = int.from_bytes(data[40:48], "little")
    headers = [*range(0, 64 + 5 * 56), *range(table, len(data))]
    interesting = (0, 1, 0x7F, 0x80, 0xFF)
    for place in headers:
        for value in (*interesting, rng.randrange(256)):
            tried(data[:place] + bytes((value,)) + data[place + 1 :])
    for _ in range(500):
        damaged = bytearray(data)
        for _ in range(rng.randrange(1, 8)):
            damaged[rng.choice(headers)] = rng.randrange(256)
        tried(bytes(damaged))


def test_damaged_line_numbers_and_symbols_are_an_error_and_no_traceback(hello: Path) -> None:
    data = hello.read_bytes()
    elf = read_elf(hello)
    rng = random.Random(8)
    for name in (".debug_line", ".symtab", ".strtab"):
        section = elf.section(name)
        assert section is not None
        for place in range(section.offset, section.offset + section.size):
            tried(data[:place] + bytes((rng.randrange(256),)) + data[place + 1 :])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"print('hello')\n", "is not an ELF file"),
        (b"\x7fELF\x02\x01\x01", "ends within its header"),
        (b"\x7fELF\x01\x01\x01" + bytes(100), "not a 64-bit little-endian ELF file"),
    ],
)
def test_what_is_no_executable_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.elf"
    path.write_bytes(content)
    with pytest.raises(FleetError, match=message):
        read_elf(path)


def test_a_file_of_another_machine_is_named(tool: Tool) -> None:
    with pytest.raises(FleetError, match="is not for RISC-V"):
        read_elf(tool("sh"))
