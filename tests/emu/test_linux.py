"""Plain static executables find what Linux gives them, print and exit; qemu is the judge."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest

from fleet.diagnostics import FleetError
from fleet.emu.faults import GuestFault
from fleet.emu.linux.file_calls import FILE_CALLS
from fleet.emu.linux.path_calls import PATH_CALLS
from fleet.emu.linux.process import Process
from fleet.emu.linux.table import SYSTEM_CALLS
from fleet.emu.loader import PIE_BASE
from fleet.emu.machine import Machine

HELLO = """
.globl _start
_start:
    ld s0, 0(sp)          # argc
    addi s1, sp, 8        # argv
next:
    ld a1, 0(s1)
    mv a2, a1
length:
    lbu t0, 0(a2)
    addi a2, a2, 1
    bnez t0, length
    addi a2, a2, -1
    sub a2, a2, a1
    li a0, 1
    li a7, 64
    ecall
    la a1, newline
    li a2, 1
    li a0, 1
    ecall
    addi s1, s1, 8
    addi s0, s0, -1
    bnez s0, next
    la t0, counter
    ld a0, 0(t0)
    addi a0, a0, 40
    sd a0, 0(t0)
    la t1, zeros + 8184
    ld t1, 0(t1)
    add a0, a0, t1
    li a7, 94
    ecall
.section .rodata
newline: .byte 10
.data
counter: .dword 2
.bss
zeros: .zero 8192
"""

PIE = "-pie", "--no-dynamic-linker"

VECTOR_SUM = """
.globl _start
_start:
    la a0, numbers
    li a1, 1000
    vsetvli t0, zero, e64, m4, ta, ma
    vmv.v.i v8, 0
loop:
    vsetvli t0, a1, e64, m4, tu, ma
    vle64.v v4, (a0)
    vadd.vv v8, v8, v4
    sub a1, a1, t0
    slli t0, t0, 3
    add a0, a0, t0
    bnez a1, loop
    vsetvli t0, zero, e64, m4, ta, ma
    vmv.s.x v1, zero
    vredsum.vs v1, v8, v1
    vmv.x.s a0, v1
    andi a0, a0, 255
    li a7, 93
    ecall
.data
.balign 8
numbers:
.set i, 1
.rept 1000
.dword i * i
.set i, i + 1
.endr
"""


def link(folder: Path, text: str, tool: Callable[..., str], *options: str) -> Path:
    source, obj, elf = folder / "program.s", folder / "program.o", folder / "program.elf"
    source.write_text(text)
    gnu_as, gnu_ld = tool("riscv64-linux-gnu-as"), tool("riscv64-linux-gnu-ld")
    subprocess.run([gnu_as, "-march=rv64gcv", "-o", obj, source], check=True)
    subprocess.run([gnu_ld, *options, "-o", elf, obj], check=True)
    return elf


def run(
    elf: Path, *arguments: str, vlen: int = 256, root: str | None = None
) -> tuple[bytes, int]:
    output = BytesIO()
    streams = {0: BytesIO(), 1: output, 2: BytesIO()}
    machine = Machine(vlen, max_instructions=100_000)
    status = Process(machine, elf, [str(elf), *arguments], streams=streams, root=root).run()
    return output.getvalue(), status


@pytest.mark.parametrize("options", [(), ("-z", "noseparate-code"), ("-N",), ("--omagic",), PIE])
def test_a_program_prints_its_arguments_and_exits_as_under_qemu(
    options: tuple[str, ...], tmp_path: Path, tool: Callable[..., str]
) -> None:
    elf = link(tmp_path, HELLO, tool, *options)
    qemu = subprocess.run([tool("qemu-riscv64"), elf, "one", "zwei und drei"], capture_output=True)
    assert run(elf, "one", "zwei und drei") == (qemu.stdout, qemu.returncode)
    assert qemu.returncode == 42
    assert b"zwei und drei\n" in qemu.stdout


@pytest.mark.parametrize("vlen", [128, 256, 512, 1024])
def test_a_vector_program_computes_what_it_computes_under_qemu(
    vlen: int, tmp_path: Path, tool: Callable[..., str]
) -> None:
    elf = link(tmp_path, VECTOR_SUM, tool)
    cpu = f"rv64,v=true,vlen={vlen},vext_spec=v1.0"
    qemu = subprocess.run([tool("qemu-riscv64"), "-cpu", cpu, elf])
    assert run(elf, vlen=vlen) == (b"", qemu.returncode)
    assert qemu.returncode == sum(i * i for i in range(1001)) % 256


def test_time_goes_on(tmp_path: Path, tool: Callable[..., str]) -> None:
    text = """
    .globl _start
    _start:
        rdtime s0
        li a1, 30
    again:
        addi a1, a1, -1
        rdtime s1
        bnez a1, again
        sltu a0, s0, s1
        li a7, 93
        ecall
    """
    assert run(link(tmp_path, text, tool)) == (b"", 1)


def test_an_unknown_system_call_returns_enosys(tmp_path: Path, tool: Callable[..., str]) -> None:
    text = ".globl _start\n_start: li a7, 4000\necall\nneg a0, a0\nli a7, 93\necall\n"
    assert run(link(tmp_path, text, tool))[1] == 38


def test_a_bad_buffer_is_efault_and_a_bad_descriptor_ebadf(
    tmp_path: Path, tool: Callable[..., str]
) -> None:
    text = """
    .globl _start
    _start:
        li a0, 1
        li a1, 0
        li a2, 5
        li a7, 64
        ecall
        neg s0, a0
        li a0, 77
        la a1, _start
        ecall
        slli a0, a0, 4
        sub a0, s0, a0
        li a7, 93
        ecall
    """
    assert run(link(tmp_path, text, tool))[1] == 14 + 16 * 9


def test_a_fault_names_the_symbol(tmp_path: Path, tool: Callable[..., str]) -> None:
    text = ".globl _start\n_start: nop\nculprit: nop\nli a0, 64\nld a1, 8(a0)\n"
    elf = link(tmp_path, text, tool)
    with pytest.raises(GuestFault) as caught:
        run(elf)
    assert caught.value.where == "culprit+0x6"
    assert "ld a1, 8(a0)" in caught.value.instruction.replace(",", ", ").replace("  ", " ")
    assert "bad read of 8 bytes at 0x48" in caught.value.render()


def refusal(elf: Path) -> str:
    with pytest.raises(FleetError) as caught:
        run(elf)
    assert not isinstance(caught.value, GuestFault)
    return caught.value.message.replace(str(elf), "it")


def test_what_cannot_run_is_refused_saying_why(tmp_path: Path, tool: Callable[..., str]) -> None:
    elf = link(tmp_path, HELLO, tool, "-pie", "--dynamic-linker=/lib/ld.so")
    assert refusal(elf).startswith("it is a dynamic executable")
    assert refusal(tmp_path / "program.o") == "it is an object file, and no executable"
    elf = link(tmp_path, HELLO, tool, "-shared", "-e", "0")
    assert refusal(elf) == "it is a shared library, and no executable"
    huge = HELLO + ".bss\n.zero 0x100000000000\n"
    assert "takes memory up to 0x100000" in refusal(link(tmp_path, huge, tool, "--no-relax"))
    low = link(tmp_path, HELLO, tool, "-Ttext-segment=0x1000")
    assert refusal(low) == "it takes memory at 0x1000, below 0x2000, where none is for programs"
    (tmp_path / "text").write_text("no ELF")
    assert refusal(tmp_path / "text") == "it is not an ELF file"
    other = bytearray(low.read_bytes())
    other[18] = 62
    (tmp_path / "other").write_bytes(other)
    assert refusal(tmp_path / "other") == "it is not for RISC-V (machine 62)"
    other[4] = 1
    (tmp_path / "other").write_bytes(other)
    assert refusal(tmp_path / "other") == "it is not a 64-bit little-endian ELF file"


def test_a_position_independent_executable_knows_its_symbols_where_it_is(
    tmp_path: Path, tool: Callable[..., str]
) -> None:
    text = ".globl _start\n_start: nop\nculprit: nop\nli a0, 64\nld a1, 8(a0)\n"
    elf = link(tmp_path, text, tool, *PIE)
    with pytest.raises(GuestFault) as caught:
        run(elf)
    assert caught.value.where == "culprit+0x6"
    assert caught.value.pc > PIE_BASE


def test_a_damaged_executable_is_an_error_and_no_traceback(
    tmp_path: Path, tool: Callable[..., str]
) -> None:
    data = link(tmp_path, HELLO, tool).read_bytes()
    broken = tmp_path / "broken.elf"
    for size in (0, 3, 20, 63, 64, 100, 120, 200, len(data) // 2):
        broken.write_bytes(data[:size])
        with pytest.raises(FleetError):
            run(broken)
    for place in range(24, 64 + 3 * 56):
        broken.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        try:
            run(broken)
        except FleetError:  # a GuestFault is one
            continue


HOSTILE = """
.globl _start
_start:
    la s0, calls
    la s1, end
next:
    ld a7, 0(s0)
    ld a0, 8(s0)
    ld a1, 16(s0)
    ld a2, 24(s0)
    ld a3, 32(s0)
    ld a4, 40(s0)
    ld a5, 48(s0)
    ecall
    addi s0, s0, 56
    bltu s0, s1, next
    li a0, 0
    li a7, 93
    ecall
.data
    .zero 8192  # from 0x11000 on, for calls to write to
.section .calls, "a"  # where none does: what it wrote, the time say, would be the next call
"""
HOSTILE_PLACES = "--no-relax", "-Tdata=0x11000", "--section-start=.calls=0x400000"
ODD_VALUES = [
    0, 1, 2, 7, 0x22, 0x32, 4095, 4096, 0x10000, 0x11000, 0x12000, 0x20000, 0x3F_EE00_0000,
    0x3F_EFFF_FF00, 1 << 31, 1 << 36, 1 << 40, 1 << 47, 1 << 62, 1 << 63, -100 % (1 << 64),
]  # fmt: skip
ENDING_OR_WAITING = frozenset(
    "exit exit_group kill tkill tgkill rt_sigreturn nanosleep clock_nanosleep rt_sigtimedwait"
    " ppoll pselect6".split()
)


@pytest.mark.parametrize("seed", range(12))
def test_random_system_calls_fail_or_work_and_nothing_else(
    seed: int, tmp_path: Path, tool: Callable[..., str]
) -> None:
    choose = random.Random(seed)
    calls = [n for n, call in SYSTEM_CALLS.items() if call.name not in ENDING_OR_WAITING]
    rows = [
        [choose.choice(calls), *(choose.choice(ODD_VALUES) for _ in range(6))] for _ in range(200)
    ]
    words = "\n".join(f".dword {word:#x}" for row in rows for word in row)
    elf = link(tmp_path, f"{HOSTILE}calls:\n{words}\nend: .dword 0\n", tool, *HOSTILE_PLACES)
    with suppress(GuestFault):  # it unmapped its own code, or waits for a thread, of which are none
        assert run(elf)[1] == 0


PATHS = (
    "a", "b", "/a", "a/b", "b/a", "../outside", "/../outside", "a/../../outside", ".", "..", "/",
    "", "a/", "//b//.", "/dev/null", "/proc/self/exe", "../" * 20 + "etc/passwd", "c" * 300,
)  # fmt: skip
SMALL = (0, 1, 2, 3, 4, 5, 6, 0o101, 0o102, 0o1102, 0o200000, 0x100, 0x200, 0x1000, 4096, 1 << 63)


@pytest.mark.parametrize("seed", range(8))
def test_random_calls_about_files_stay_below_the_root(
    seed: int, tmp_path: Path, tool: Callable[..., str]
) -> None:
    choose = random.Random(seed)
    texts = [f"text{number}" for number in range(len(PATHS))]

    def argument(kind: str) -> str:
        if choose.random() < 0.1:
            return str(choose.choice(SMALL))
        if kind == "at":
            return str(-100 % (1 << 64))
        if kind == "path":
            return choose.choice(texts)
        return "buffer" if kind in ("in", "out", "pointer", "stat", "text") else str(
            choose.choice(SMALL)
        )

    calls = [
        (number, (call.kinds.split() + ["number"] * 6)[:6])
        for number, call in (PATH_CALLS | FILE_CALLS).items()
        if call.name not in ENDING_OR_WAITING
    ]
    chosen = choose.choices(calls, k=600)
    rows = [[str(number), *map(argument, kinds)] for number, kinds in chosen]
    words = "\n".join(f".dword {word}" for row in rows for word in row)
    strings = "\n".join(f'text{number}: .asciz "{path}"' for number, path in enumerate(PATHS))
    data = f"calls:\n{words}\nend: .dword 0\n{strings}\n.data\nbuffer: .zero 5000\n"
    elf = link(tmp_path, HOSTILE + data, tool, *HOSTILE_PLACES)
    (tmp_path / "outside").write_text("untouched")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "b").mkdir()
    (tmp_path / "root" / "a").write_text("text")
    before = sorted(tmp_path.iterdir()), os.stat(tmp_path / "outside")
    with suppress(GuestFault):  # it waits for a pipe that only itself could fill
        assert run(elf, root=str(tmp_path / "root"))[1] in (0, 128 + signal.SIGPIPE)
    after = sorted(tmp_path.iterdir()), os.stat(tmp_path / "outside")
    assert before == after and (tmp_path / "outside").read_text() == "untouched"
