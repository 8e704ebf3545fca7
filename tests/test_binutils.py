"""The commands asm, link, dis and readelf as a user types them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.asm.objects.reader import read_object
from fleet.cli import main

Tool = Callable[..., str]

HELLO = """\
    .globl _start
_start:
    li a0, 1
    lla a1, message     # its text
    li a2, 6
    li a7, 64
    ecall
    li a0, 0
    call leave
    .section .rodata
message: .ascii "hello\\n"
"""
SUMS = """\
import numpy as np


def norm(x, y):
    return np.sqrt(x * x + y)


x = np.arange(100, dtype=np.float32)
print(np.sum(norm(x, x + 1)))
"""
LEAVE = """\
    .globl leave
leave:
    li a7, 93
    mv a1, a0
    ecall
"""


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hello.s").write_text(HELLO)
    (tmp_path / "leave.s").write_text(LEAVE)
    return tmp_path


def test_from_assembly_to_a_program_that_runs(
    tool: Tool, sources: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["asm", "hello.s"]) == 0
    assert main(["asm", "leave.s", "-o", "other.o"]) == 0
    assert main(["link", "hello.o", "other.o", "-o", "hello.elf"]) == 0
    run = subprocess.run([tool("qemu-riscv64"), "hello.elf"], capture_output=True, text=True)
    assert (run.stdout, run.stderr, run.returncode) == ("hello\n", "", 0)
    assert capfd.readouterr() == ("", "")
    assert main(["emu", "hello.elf"]) == 0
    assert capfd.readouterr().out == "hello\n"


def test_a_listing_shows_the_source_line_of_every_instruction(
    sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["asm", "hello.s", "--listing"]) == 0
    lines = capsys.readouterr().out.splitlines()
    start = lines.index("; hello.s:4: lla a1, message     # its text")
    assert lines[start + 1 : start + 4] == [
        "   2:\t00000597          \tauipc\ta1,0x0",
        "   6:\t00058593          \tmv\ta1,a1",
        "; hello.s:5: li a2, 6",
    ]
    assert not any(section.name == ".debug_line" for section in read_object("hello.o").sections)


def test_debuggers_find_the_lines_of_assembly(tool: Tool, sources: Path) -> None:
    main(["asm", "hello.s", "-g"])
    command = [tool("riscv64-linux-gnu-addr2line"), "-e", "hello.o", "0", "2", "a"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.stdout.split() == [f"{sources}/hello.s:{line}" for line in (3, 4, 5)]


def test_march_decides_about_compression_and_the_float_abi(sources: Path) -> None:
    main(["asm", "leave.s", "--march", "rv64g"])
    unit = read_object("leave.o")
    assert (unit.section(".text").size, unit.flags) == (12, 4)
    main(["asm", "leave.s", "--march", "rv64imac"])
    unit = read_object("leave.o")
    assert (unit.section(".text").size, unit.flags) == (10, 1)
    assert unit.arch == "rv64i2p1_m2p0_a2p1_c2p0_zmmul1p0"


@pytest.mark.parametrize("options", [[], ["--no-aliases"], ["--symbol", "_start"]])
@pytest.mark.parametrize("name", ["hello.o", "hello.elf"])
def test_dis_prints_what_objdump_prints(
    tool: Tool, sources: Path, capsys: pytest.CaptureFixture[str], options: list[str], name: str
) -> None:
    main(["asm", "hello.s"])
    main(["asm", "leave.s"])
    main(["link", "hello.o", "leave.o", "-o", "hello.elf"])
    assert main(["dis", name, *options]) == 0
    ours = capsys.readouterr().out.splitlines()
    flags = {"--no-aliases": ["-M", "no-aliases"]}.get(options[0], []) if options else []
    command = [tool("riscv64-linux-gnu-objdump"), "-d", *flags, name]
    theirs = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    if options[:1] == ["--symbol"]:
        assert len(ours) > 10 and all(line in theirs for line in ours)
    else:
        assert ours == theirs


def test_readelf_prints_tables(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["asm", "hello.s"])
    assert main(["readelf", "hello.o"]) == 0
    text = capsys.readouterr().out
    assert "Type:                              REL (Relocatable file)" in text
    assert "R_RISCV_CALL_PLT       0000000000000000 leave + 0" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["asm", "missing.s"], "error: cannot read missing.s: No such file or directory"),
        (["asm", "bad.s"], "bad.s:2:6: error: there is no instruction frob"),
        (["asm", "hello.s", "--march", "rv32i"], "error: 'rv32i' is no architecture of RV64"),
        (["asm", "hello.s", "-o", "no/a.o"], "error: cannot write no/a.o: No such file"),
        (["link", "hello.s", "-o", "x"], "error: hello.s is not an ELF file"),
        (["link", "hello.o", "-o", "x"], "error: hello.o: in _start (.text+0x16): leave is not"),
        (["dis", "hello.s"], "error: hello.s is not an ELF file"),
        (["dis", "hello.o", "--symbol", "f"], "error: there is no symbol f in hello.o"),
        (["dis", "hello.o", "--bytecode"], "error: hello.o has no bytecode"),
        (["readelf", "."], "error: cannot read .: Is a directory"),
        (["readelf", "/dev/null"], "error: /dev/null is empty"),
    ],
)
def test_what_is_wrong_is_one_error_and_nothing_is_written(
    sources: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (sources / "bad.s").write_text("nop\nfoo: frob a0\n  lw a0, 5000(a1)\n")
    main(["asm", "hello.s"])
    before = sorted(sources.iterdir())
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[0].startswith(message)
    assert sorted(sources.iterdir()) == before


def test_the_listing_of_a_build_is_what_objdump_and_addr2line_say(
    tool: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sums.py").write_text(SUMS)
    assert main(["build", "sums.py", "-o", "sums.elf", "--dump", "stages"]) == 0
    (listing,) = Path("stages").glob("*listing.txt")
    lines = listing.read_text().splitlines()
    command = [tool("riscv64-linux-gnu-objdump"), "-d", "-M", "no-aliases", "sums.elf"]
    theirs = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[3:]
    assert [line for line in lines if not line.startswith(";")] == theirs
    places: dict[str, str] = {}
    place = ""
    for line in lines:
        heading, address = re.match(r"; (\S+:\d+): ", line), re.match(r" *([0-9a-f]+):\t", line)
        place = heading[1] if heading else place
        if address and place:
            places[address[1]] = place
    command = [tool("riscv64-linux-gnu-addr2line"), "-e", "sums.elf", *places]
    found = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    assert found == [f"{tmp_path}/{place}" for place in places.values()]
    assert "; sums.py:5: return np.sqrt(x * x + y)" in lines


@pytest.mark.parametrize("command", ["asm", "link", "dis", "readelf"])
def test_help_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert f"example: fleet {command} " in " ".join(capsys.readouterr().out.split())
