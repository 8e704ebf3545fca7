"""A program of many sequences, and running it under qemu-riscv64 and on our machine.

For each sequence the program restores memory, loads all registers from tables of values, calls the
code, and writes one *record*: registers, CSRs, vector registers, a checksum of memory, and how many
instructions were illegal and where. Under qemu those reach a signal handler that counts them and
goes on behind; on our machine `run_fleet` does the same.
"""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Sequence as Many
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from fleet.asm.assembler import assemble
from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.emu.cpu import PC
from fleet.emu.faults import GuestFault
from fleet.emu.host_memory import PAGE
from fleet.emu.loader import load_elf
from fleet.emu.machine import Exit, Machine

from .sequences import SPARE_INDICES, Sequence
from .values import floats, integers

_WORDS = 8 + 32 + 8
"""Words of a record besides the vector registers: a0-a7, f0-f31, and SETTINGS."""

SETTINGS = (
    "vstart", "vl", "vtype", "vcsr", "fcsr", "illegal instructions", "their places",
    "memory checksum",
)  # fmt: skip

PROGRAM = """
.globl _start
_start:
    la tp, variables
    li a0, 4
    la a1, action
    li a2, 0
    li a3, 8
    li a7, 134
    ecall
    la a0, before_memory
    li a1, 4096
    li a7, 215
    ecall
    la a0, after_memory
    li a1, 4096
    ecall
    la s0, descriptors
next_sequence:
    la t0, pristine
    la t1, memory
    li t2, {memory_bytes} / 32
restore:
    ld t3, 0(t0)
    ld t4, 8(t0)
    ld t5, 16(t0)
    ld t6, 24(t0)
    sd t3, 0(t1)
    sd t4, 8(t1)
    sd t5, 16(t1)
    sd t6, 24(t1)
    addi t0, t0, 32
    addi t1, t1, 32
    addi t2, t2, -1
    bnez t2, restore
    vsetivli zero, 0, e8, m1, tu, mu
    csrr t2, vlenb
    slli t2, t2, 3
    ld t0, 8(s0)
    la t1, vectors
    add t0, t0, t1
    vl8re8.v v0, (t0)
    add t0, t0, t2
    vl8re8.v v8, (t0)
    add t0, t0, t2
    vl8re8.v v16, (t0)
    add t0, t0, t2
    vl8re8.v v24, (t0)
    ld t0, 16(s0)
    la t1, floats
    add t0, t0, t1
{load_floats}
    ld t0, 24(s0)
    la t1, integers
    add t0, t0, t1
{load_integers}
    la s2, memory + {memory_bytes} / 2
    addi s3, s2, 3
    la s4, memory + {memory_bytes} - 72
    li s5, 0
    li s6, 8
    li s7, -4
    li s8, 13
    la s9, index0
    la s10, index1
    la s11, index2
    la t3, index3
    sd zero, 0(tp)
    sd zero, 8(tp)
    ld t0, 32(s0)
    csrw fcsr, t0
    ld t0, 40(s0)
    csrw vcsr, t0
    ld t0, 0(s0)
    la t1, sequences
    add t2, t0, t1
    jalr ra, t2

    la s1, record
    csrr t1, vstart
    sd t1, 320(s1)
    csrr t1, vl
    sd t1, 328(s1)
    csrr t1, vtype
    sd t1, 336(s1)
    csrr t1, vcsr
    sd t1, 344(s1)
    csrr t1, fcsr
    sd t1, 352(s1)
    ld t1, 0(tp)
    sd t1, 360(s1)
    ld t1, 8(tp)
    sd t1, 368(s1)
    la t0, memory
    li t1, {memory_bytes} / 16
    li t2, 0
    li t4, 0
checksum:
    ld t3, 0(t0)
    ld t5, 8(t0)
    slli t6, t2, 5
    add t2, t2, t6
    add t2, t2, t3
    slli t6, t4, 7
    add t4, t4, t6
    add t4, t4, t5
    addi t0, t0, 16
    addi t1, t1, -1
    bnez t1, checksum
    slli t6, t4, 1
    xor t2, t2, t6
    sd t2, 376(s1)
{store_integers}
{store_floats}
    addi s1, s1, 384
    csrwi vstart, 0
    csrr t2, vlenb
    slli t2, t2, 3
    vs8r.v v0, (s1)
    add s1, s1, t2
    vs8r.v v8, (s1)
    add s1, s1, t2
    vs8r.v v16, (s1)
    add s1, s1, t2
    vs8r.v v24, (s1)
    add s1, s1, t2
    la a1, record
    sub a2, s1, a1
write_more:
    li a0, 1
    li a7, 64
    ecall
    add a1, a1, a0
    sub a2, a2, a0
    bnez a2, write_more
    addi s0, s0, 48
    la t0, descriptors_end
    bltu s0, t0, next_sequence
    li a0, 0
    li a7, 93
    ecall

handler:
    ld t0, 176(a2)
    la t1, variables
    ld t2, 0(t1)
    addi t2, t2, 1
    sd t2, 0(t1)
    ld t2, 8(t1)
    slli t3, t2, 5
    sub t3, t3, t2
    add t3, t3, t0
    sd t3, 8(t1)
    addi t0, t0, 4
    sd t0, 176(a2)
    ret

.balign 2048
sequences: .incbin "sequences.bin"

.section .rodata
.balign 64
descriptors: .incbin "descriptors.bin"
descriptors_end:
vectors: .incbin "vectors.bin"
floats: .incbin "floats.bin"
integers: .incbin "integers.bin"
index0: .incbin "index0.bin"
index1: .incbin "index1.bin"
index2: .incbin "index2.bin"
index3: .incbin "index3.bin"
.balign 64
pristine: .incbin "pristine.bin"

.data
.balign 8
action: .dword handler, 4, 0, 0
variables: .dword 0, 0

.bss
.balign 4096
before_memory: .zero 4096
memory: .zero {memory_bytes}
after_memory: .zero 4096
record: .zero {record_bytes}
"""


def memory_bytes(vlen: int) -> int:
    return max(16 << 10, 32 * vlen)


def record_bytes(vlen: int) -> int:
    return 8 * _WORDS + 32 * vlen // 8


def _listing(mnemonic: str, register: str, count: int, base: str, start: int = 0) -> str:
    lines = [f"    {mnemonic} {register}{i}, {start + 8 * i}({base})" for i in range(count)]
    return "\n".join(lines)


class Harness:
    """Programs for one VLEN, in a folder with tables of values drawn by a seed."""

    def __init__(self, folder: Path, vlen: int, seed: int) -> None:
        self.folder = folder
        self.vlen = vlen
        rng = np.random.default_rng(seed)
        vectors = 8 * 1024 + 4 * vlen
        half = vectors // 4
        parts = [
            rng.integers(0, 256, half, np.uint8).tobytes(),
            rng.choice(np.array([0, 1, 127, 128, 255], np.uint8), half // 2).tobytes(),
        ]
        while sum(map(len, parts)) < vectors:
            parts.append(floats(rng, 32, 128).tobytes())
            parts.append(floats(rng, 64, 64).tobytes())
            parts.append(floats(rng, 16, 256).tobytes())
        self._write("vectors", b"".join(parts)[:vectors])
        rows = [
            floats(rng, 64, 16).tobytes()
            + (floats(rng, 32, 12).astype("u8") | np.uint64(0xFFFFFFFF << 32)).tobytes()
            + (floats(rng, 16, 4).astype("u8") | np.uint64(0xFFFFFFFFFFFF << 16)).tobytes()
            for _ in range(128)
        ]
        self._write("floats", b"".join(rows))
        self._write("integers", integers(rng, vlen, 256 * 8 + 8).tobytes())
        for number, width in enumerate((8, 16, 32, 64)):
            count = (vlen + 8 * SPARE_INDICES) * 8 // width
            offsets = rng.integers(0, 256 if width == 8 else 4 * vlen, count)
            self._write(f"index{number}", offsets.astype(f"u{width // 8}").tobytes())
        self._write("pristine", rng.integers(0, 256, memory_bytes(vlen), np.uint8).tobytes())

    def _write(self, name: str, data: bytes) -> None:
        (self.folder / f"{name}.bin").write_bytes(data)

    def build(self, sequences: Many[Sequence]) -> Path:
        """The executable that runs these sequences."""
        code: list[int] = []
        descriptors = []
        for each in sequences:
            place = 4 * len(code)
            code += each.words(len(code))
            descriptors.append(
                struct.pack(
                    "<6Q", place, each.vectors, each.floats, each.integers, each.fcsr, each.vcsr
                )
            )
        self._write("sequences", struct.pack(f"<{len(code)}I", *code))
        self._write("descriptors", b"".join(descriptors))
        text = PROGRAM.format(
            memory_bytes=memory_bytes(self.vlen),
            record_bytes=record_bytes(self.vlen),
            load_floats=_listing("fld", "f", 32, "t0"),
            load_integers=_listing("ld", "a", 8, "t0"),
            store_integers=_listing("sd", "a", 8, "s1"),
            store_floats=_listing("fsd", "f", 32, "s1", 64),
        )
        unit = assemble(".option norvc\n.option norelax\n" + text, str(self.folder / "program.s"))
        path = self.folder / "program.elf"
        write_executable(str(path), link([unit]))
        return path

    def records(self, output: bytes) -> list[Record]:
        size = record_bytes(self.vlen)
        return [
            Record.parse(output[at : at + size], self.vlen // 8)
            for at in range(0, len(output) - size + 1, size)
        ]


@dataclass(frozen=True)
class Record:
    """What a sequence left behind."""

    a: tuple[int, ...]
    f: tuple[int, ...]
    settings: tuple[int, ...]
    vectors: bytes
    vlenb: int

    @staticmethod
    def parse(data: bytes, vlenb: int) -> Record:
        words = struct.unpack_from(f"<{_WORDS}Q", data)
        return Record(words[:8], words[8:40], words[40:], data[8 * _WORDS :], vlenb)

    def setting(self, name: str) -> int:
        """One of SETTINGS."""
        return self.settings[SETTINGS.index(name)]

    def differences(self, other: Record) -> list[str]:
        """What differs, as lines `place: mine != other's`."""
        names = [*(f"a{i}" for i in range(8)), *(f"f{i}" for i in range(32)), *SETTINGS]
        mine, others = ((*r.a, *r.f, *r.settings) for r in (self, other))
        found = [
            f"{name}: {a:#x} != {b:#x}"
            for name, a, b in zip(names, mine, others, strict=True)
            if a != b
        ]
        for i in range(32):
            a, b = (r.vectors[i * self.vlenb : (i + 1) * self.vlenb] for r in (self, other))
            if a != b:
                first = next(k for k in range(self.vlenb) if a[k] != b[k])
                at = first & -8
                found.append(f"v{i} from byte {at}: {_hex(a, at)} != {_hex(b, at)}")
        return found


def _hex(data: bytes, at: int) -> str:
    return data[at : at + 16].hex(" ", 4)


@cache
def is_modern(qemu: str) -> bool:
    """Whether it has the extensions of RVA23."""
    said = subprocess.run([qemu, "--version"], capture_output=True, text=True).stdout
    return int(said.split("version ")[1].split(".")[0]) >= 10


def run_qemu(qemu: str, elf: Path, vlen: int) -> tuple[bytes, int]:
    """Records, fewer where qemu died, and its exit status."""
    cpu = f"rv64,v=true,vlen={vlen},vext_spec=v1.0"
    if is_modern(qemu):
        cpu += ",zvbb=true,zvfh=true,zfh=true"
    done = subprocess.run(
        [qemu, "-cpu", cpu, elf], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return done.stdout, done.returncode


def take_stubs_at_once(machine: Machine, executor: str) -> None:
    """Lets the native executor write a stub when it first meets an instruction."""
    if executor == "native":
        if machine.native is None:
            raise RuntimeError("the native executor does not serve here")
        machine.native.hot = 1


def run_fleet(elf: Path, vlen: int, executor: str, *, direct: bool = True) -> bytes:
    """Runs the program on our machine, playing the kernel's part."""
    machine = Machine(vlen, direct=direct, executor=executor)
    take_stubs_at_once(machine, executor)
    start = load_elf(machine, elf).entry
    output: list[bytes] = []

    def system_call(machine: Machine) -> None:
        registers = machine.cpu.registers
        match registers[17]:
            case 64:
                output.append(machine.memory.read(registers[11], registers[12]))
                registers[10] = registers[12]
            case 93:
                raise Exit(0)
            case 215:
                machine.memory.unmap(registers[10], PAGE)
                registers[10] = 0
            case _:
                registers[10] = 0

    machine.on_system_call = system_call
    variables = machine.symbols["variables"]
    while True:
        try:
            machine.run(start)
        except Exit:
            return b"".join(output)
        except GuestFault as fault:
            if "illegal instruction" not in fault.cause:
                raise
            count, places = machine.memory.view(variables, "u8", 2).tolist()
            new = struct.pack("<2Q", count + 1, (places * 31 + fault.pc) & (1 << 64) - 1)
            machine.memory.write(variables, new)
            start = machine.cpu.registers[PC] = fault.pc + 4
            machine.cpu.store()
