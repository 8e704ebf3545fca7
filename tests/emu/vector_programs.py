"""Programs that execute random vector instructions one by one and write what each left behind.

A *case* is one instruction word with the state it starts from: vtype, AVL, vstart, rounding modes,
and an offset into a pool of values from which all vector, float and integer registers are loaded.
After it, the program stores every register and CSR (and a checksum of memory) as one record. Under
qemu-riscv64 an illegal instruction reaches a signal handler that sets s11 and goes on; in our
machine the test does that.
"""

from __future__ import annotations

import random
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fleet.asm.encoding import Encoding
from fleet.asm.table import encodings
from fleet.emu.cpu import PC
from fleet.emu.faults import GuestFault
from fleet.emu.loader import load_elf
from fleet.emu.machine import Exit, Machine
from fleet.emu.vector.config import legal_vtype, vlmax_of

POOL_BYTES = 1 << 16
MEMORY_BYTES = 1 << 16
INDICES = {8: 0, 16: 1, 32: 2, 64: 3}
SCALARS = 31 + 32 + 6
"""Words of a record besides the vector registers: x1-x31, f0-f31, CSRs and the checksum."""


@dataclass(frozen=True)
class Case:
    word: int
    mnemonic: str
    vtype: int
    avl: int
    vstart: int
    fflags: int
    frm: int
    vxrm: int
    pool_offset: int
    float_width: int
    index: tuple[int, int] | None = None
    """Register and element width of the index operand, which is loaded with small offsets."""


PROLOGUE = """
.option norelax
.globl _start
_start:
    la s0, pool
    la s1, memory + {middle}
    la s9, records
    la s10, records
    li a0, 4
    la a1, action
    li a2, 0
    li a3, 8
    li a7, 134
    ecall
    j cases
handler:
    ld t0, 176(a2)
    addi t0, t0, 4
    sd t0, 176(a2)
    li t0, 1
    sd t0, 176+27*8(a2)
    ret
store_record:
    csrr t1, vstart
    sd t1, 63*8(s10)
    csrr t1, vl
    sd t1, 64*8(s10)
    csrr t1, vtype
    sd t1, 65*8(s10)
    csrr t1, vcsr
    sd t1, 66*8(s10)
    csrr t1, fcsr
    sd t1, 67*8(s10)
    la t0, memory
    li t1, {memory_words}
    li t2, 0
checksum:
    ld t3, 0(t0)
    slli t4, t2, 5
    add t2, t2, t4
    add t2, t2, t3
    addi t0, t0, 8
    addi t1, t1, -1
    bnez t1, checksum
    sd t2, 68*8(s10)
    li t0, 0
    li t1, 0
    li t2, 0
    li t3, 0
    li t4, 0
{store_x}
{store_f}
    addi s10, s10, {scalar_bytes}
    vs8r.v v0, (s10)
    add s10, s10, s8
    vs8r.v v8, (s10)
    add s10, s10, s8
    vs8r.v v16, (s10)
    add s10, s10, s8
    vs8r.v v24, (s10)
    add s10, s10, s8
    ret
.macro case pool, floats, vtype, avl, fflags, frm, vxrm
    li t0, \\pool
    add t0, t0, s0
    vl8re8.v v0, (t0)
    add t0, t0, s8
    vl8re8.v v8, (t0)
    add t0, t0, s8
    vl8re8.v v16, (t0)
    add t0, t0, s8
    vl8re8.v v24, (t0)
    la t1, \\floats
    li t0, \\pool
    add t1, t1, t0
{load_f}
    add t1, s0, t0
{load_a}
    mv s2, s1
    addi s3, s1, 3
    li s4, 0
    li s5, 8
    li s6, -4
    li s7, 13
    li s11, 0
    fsflagsi \\fflags
    fsrmi \\frm
    csrwi vcsr, 0
    csrwi vxrm, \\vxrm
    li t0, \\avl
    li t1, \\vtype
    vsetvl zero, t0, t1
.endm
cases:
    csrr s8, vlenb
    slli s8, s8, 3
"""

EPILOGUE = """
    csrr t0, vlenb
    la a1, records
    sub a2, s10, a1
write_more:
    li a0, 1
    li a7, 64
    ecall
    add a1, a1, a0
    sub a2, a2, a0
    bnez a2, write_more
    li a0, 0
    li a7, 93
    ecall
.data
.balign 8
action: .dword handler, 4, 0, 0
.balign 4096
pool: .incbin "pool.bin"
single: .incbin "single.bin"
double: .incbin "double.bin"
index0: .incbin "index0.bin"
index1: .incbin "index1.bin"
index2: .incbin "index2.bin"
index3: .incbin "index3.bin"
.balign 4096
memory: .incbin "memory.bin"
.bss
.balign 4096
records: .zero {record_bytes}
"""

SPECIAL = {
    32: [0, 0x80000000, 1, 0x80000001, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x7F800000,
         0xFF800000, 0x7FC00000, 0xFFC00001, 0x7F800001, 0xFFBFFFFF, 0x3F800000, 0xBF800000,
         0x3F800001, 0x4B000000, 0x4B800001, 0x4F000000, 0xCF000000, 0x4F800000, 0x5F000000,
         0xDF000000, 0x5F800000, 0x3F000000, 0x3FC00000, 0x40200000, 0xBF000000, 0x33800000,
         0x00400000, 0x00200000, 0x7E800000, 0x7F000000],
    64: [0, 1 << 63, 1, 1 << 63 | 1, (1 << 52) - 1, 1 << 52, 0x7FEFFFFFFFFFFFFF,
         0xFFEFFFFFFFFFFFFF, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000,
         0xFFF8000000000001, 0x7FF0000000000001, 0x3FF0000000000000, 0xBFF0000000000000,
         0x3FF0000000000001, 0x41E0000000000000, 0xC1E0000000000000, 0x41DFFFFFFFC00000,
         0x43E0000000000000, 0xC3E0000000000000, 0x43F0000000000000, 0x3FE0000000000000,
         0x3FF8000000000000, 0x4004000000000000, 0x47EFFFFFE0000000, 0x47EFFFFFF0000000,
         0x3810000000000000, 0x36A0000000000000, 0x3690000000000000, 0x3690000000000001,
         0x380FFFFFE0000000, 0x380FFFFFF0000000, 0x7FD0000000000000, 0x0008000000000000],
}  # fmt: skip


def floats(rng: np.random.Generator, width: int, count: int) -> np.ndarray:
    """Bit patterns: special values, numbers of moderate size, numbers of every size."""
    bits = rng.integers(0, 1 << 64, count, np.uint64)
    moderate = rng.standard_normal(count) * 2.0 ** rng.integers(-12, 12, count)
    small = np.round(rng.standard_normal(count) * 8) / 4
    kind = np.dtype(f"u{width // 8}")
    real = np.dtype(f"f{width // 8}")
    choice = rng.integers(0, 4, count)
    special = np.array(SPECIAL[width], kind)[rng.integers(0, len(SPECIAL[width]), count)]
    values = np.where(choice == 0, special, bits.astype(kind))
    values = np.where(choice == 1, moderate.astype(real).view(kind), values)
    return np.where(choice == 2, small.astype(real).view(kind), values)


def write_data(folder: Path, rng: np.random.Generator) -> None:
    half = POOL_BYTES // 2
    pool = [
        rng.integers(0, 256, half // 4, np.uint8).tobytes(),
        rng.choice(np.array([0, 1, 127, 128, 255], np.uint8), half // 4).tobytes(),
    ]
    while sum(map(len, pool)) < POOL_BYTES:
        pool.append(floats(rng, 32, 512).tobytes())
        pool.append(floats(rng, 64, 256).tobytes())
    (folder / "pool.bin").write_bytes(b"".join(pool)[:POOL_BYTES])
    boxed = floats(rng, 32, POOL_BYTES // 8).astype(np.uint64) | np.uint64(0xFFFFFFFF << 32)
    (folder / "single.bin").write_bytes(boxed.tobytes())
    (folder / "double.bin").write_bytes(floats(rng, 64, POOL_BYTES // 8).tobytes())
    for width, number in INDICES.items():
        small = rng.integers(0, 256 if width == 8 else 2048, POOL_BYTES * 8 // width // 4)
        (folder / f"index{number}.bin").write_bytes(small.astype(f"u{width // 8}").tobytes())
    (folder / "memory.bin").write_bytes(rng.integers(0, 256, MEMORY_BYTES, np.uint8).tobytes())


def program(cases: list[Case], vlen: int) -> str:
    """Assembly text; the files of `write_data` are to be in the assembler's folder."""
    values = {
        "middle": MEMORY_BYTES // 2,
        "memory_words": MEMORY_BYTES // 8,
        "scalar_bytes": SCALARS * 8,
        "record_bytes": len(cases) * record_bytes(vlen),
        "store_x": "\n".join(
            f"    sd {'zero' if i in (1, 2, 26) else f'x{i}'}, {8 * (i - 1)}(s10)"
            for i in range(1, 32)
        ),
        "store_f": "\n".join(f"    fsd f{i}, {8 * (31 + i)}(s10)" for i in range(32)),
        "load_f": "\n".join(f"    fld f{i}, {8 * i}(t1)" for i in range(32)),
        "load_a": "\n".join(f"    ld a{i}, {8 * i}(t1)" for i in range(8)),
    }
    lines = [PROLOGUE.format(**values)]
    for case in cases:
        table = "double" if case.float_width == 64 else "single"
        lines.append(
            f"    case {case.pool_offset}, {table}, {case.vtype}, {case.avl}, {case.fflags}, "
            f"{case.frm}, {case.vxrm}"
        )
        if case.index is not None:
            register, width = case.index
            lines += [f"    la t0, index{INDICES[width]}", f"    vl8re8.v v{register & 24}, (t0)"]
        lines += [
            f"    li t0, {case.vstart}", "    csrw vstart, t0", "    li t0, 0", "    li t1, 0",
            f"    .word {case.word:#x}  # {case.mnemonic}",
            "    call store_record",
        ]  # fmt: skip
    lines.append(EPILOGUE.format(**values))
    return "\n".join(lines) + "\n"


def record_bytes(vlen: int) -> int:
    return SCALARS * 8 + 32 * vlen // 8


def assemble(folder: Path, text: str, gnu_as: str, gnu_ld: str) -> Path:
    source, obj, elf = folder / "cases.s", folder / "cases.o", folder / "cases.elf"
    source.write_text(text)
    subprocess.run([gnu_as, "-march=rv64gcv", "-o", obj, source], check=True, cwd=folder)
    subprocess.run([gnu_ld, "-o", elf, obj], check=True)
    return elf


def run_qemu(qemu: str, elf: Path, vlen: int) -> bytes:
    cpu = f"rv64,v=true,vlen={vlen},vext_spec=v1.0"
    done = subprocess.run([qemu, "-cpu", cpu, elf], stdout=subprocess.PIPE, check=True)
    return done.stdout


def run_fleet(
    elf: Path, vlen: int, *, direct: bool = True, executor: str = "reference"
) -> bytes:
    """Runs the program on our machine, playing the kernel's part."""
    machine = Machine(vlen, direct=direct, executor=executor)
    if machine.native is not None:
        machine.native.hot = 1
    entry = load_elf(machine, elf).entry
    output = []

    def system_call(machine: Machine) -> None:
        registers = machine.cpu.registers
        number, a1, a2 = registers[17], registers[11], registers[12]
        if number == 93:
            raise Exit(0)
        if number == 64:
            output.append(machine.memory.read(a1, a2))
            registers[10] = a2
        else:
            registers[10] = 0

    machine.on_system_call = system_call
    start = entry
    while True:
        try:
            machine.run(start)
        except Exit:
            return b"".join(output)
        except GuestFault as fault:
            if "illegal instruction" not in fault.cause:
                raise
            machine.cpu.registers[27] = 1
            machine.cpu.registers[PC] = fault.pc + 4
            machine.cpu.store()
            start = fault.pc + 4


MEMORY_BASES = (18, 19)  # s2, s3
STRIDES = (20, 21, 22, 23)  # s4 to s7


def differs_in_legality(case: Case) -> bool:
    """Where qemu 7.2 takes for legal what is not: elements of 16-bit floats, which are an extension
    of their own (Zvfh), and whole-register moves under vill, which depend on vtype (the manual,
    3.4.4).
    """
    is_float = case.mnemonic.startswith(("vf", "vmf")) and not case.mnemonic.startswith("vfirst")
    is_whole_move = case.mnemonic in ("vmv1r.v", "vmv2r.v", "vmv4r.v", "vmv8r.v")
    return (is_float and case.float_width < 32) or (is_whole_move and not legal_vtype(case.vtype))


VSTART_TROUBLE = frozenset(
    "vmv1r vmv2r vmv4r vmv8r vmv.x vmv.s vfmv.f vfmv.s vslideup vslide1up vfslide1up".split()
)
"""Stems that qemu 7.2 executes wrongly, or dies of, when vstart is not 0; see Generator."""


class Generator:
    """Random cases. `vlen` matters for AVLs and legality only.

    vset instructions are part of every case already; conversions with .rtz. make qemu 7.2 abort in
    its translator (an assertion in decode_save_opc), whole-register moves with vstart make it
    crash: tested elsewhere. Where vstart leaves nothing to do (vstart >= vl, slides, moves of
    element 0) qemu 7.2 does not clear it, which every vector instruction does (the manual, 3.7).
    """

    def __init__(self, seed: int, vlen: int, wild: float = 0.0) -> None:
        self.random = random.Random(seed)
        self.wild = wild
        self.vlen = vlen
        self.machine = Machine(vlen)
        self.choices: list[Encoding] = [
            e for e in encodings().values() if e.extension == "V"
            and not e.mnemonic.startswith("vset") and ".rtz." not in e.mnemonic
        ]  # fmt: skip
        singles = [e for e in self.choices if e.nf == 1]
        self.choices = singles * 4 + self.choices

    def vtype(self) -> int:
        pick = self.random
        lmul = pick.choice((0, 1, 2, 3, 5, 6, 7))
        sew = pick.choice((0, 1, 2, 2, 3, 3))
        return pick.randrange(4) << 6 | sew << 3 | lmul

    def case(self) -> Case:
        """A case that is legal as far as we know, or any one with probability `wild`."""
        while True:
            case = self._any()
            if self._is_legal(case) or (
                self.random.random() < self.wild and not differs_in_legality(case)
            ):
                return case

    def _is_legal(self, case: Case) -> bool:
        unit = self.machine.vector
        unit.set_vl(case.vtype, case.avl)
        unit.config = unit.configuration(unit.config.vtype, unit.config.vl, case.vstart)
        self.machine.cpu.registers[67] = case.frm
        return unit.accepts(case.word)

    def _any(self) -> Case:
        pick = self.random
        encoding = pick.choice(self.choices)
        vtype = self.vtype()
        index = None
        operands: dict[str, int] = {}
        memory = "load" in encoding.flags or "store" in encoding.flags
        for field in encoding.fields:
            match field.name:
                case "vd" | "vs1" | "vs2" | "vs3":
                    align = pick.choice((1, 1, 2, 4, 8))
                    operands[field.name] = pick.randrange(32) // align * align
                case "vm":
                    operands["vm"] = pick.randrange(2)
                case "rs1" if memory:
                    operands["rs1"] = pick.choice(MEMORY_BASES)
                case "rs2" if memory:
                    operands["rs2"] = pick.choice(STRIDES)
                case "rd" | "rs1" | "rs2":
                    operands[field.name] = pick.choice((0, *range(10, 18)))
                case _:
                    operands[field.name] = pick.randint(field.minimum, field.maximum)
        if "indexed" in encoding.flags:
            index = operands["vs2"], encoding.eew
        width = 8 << (vtype >> 3 & 7)
        vlmax = self.vlen * 8 // width
        avl = pick.choice((0, 1, pick.randrange(1, vlmax + 2), vlmax // 4, vlmax // 2, vlmax))
        vl = min(avl, vlmax_of(vtype, self.vlen))
        vstart = pick.randrange(vl) if vl and pick.random() < 0.1 else 0
        if "whole" in encoding.flags:
            vstart = min(vstart, encoding.nf * self.vlen // encoding.eew - 1)
        if encoding.stem in VSTART_TROUBLE:
            vstart = 0
        frm = pick.choice((0, 0, 0, 0, 0, 1, 2, 3, 4))
        return Case(
            word=encoding.encode(operands),
            mnemonic=encoding.mnemonic,
            vtype=vtype,
            avl=avl,
            vstart=vstart,
            fflags=pick.choice((0, 0, 1)),
            frm=frm,
            vxrm=pick.randrange(4),
            pool_offset=pick.randrange((POOL_BYTES - 32 * self.vlen // 8) // 8) * 8,
            float_width=width,
            index=index,
        )


@dataclass(frozen=True)
class Record:
    """What a case left behind."""

    x: tuple[int, ...]
    f: tuple[int, ...]
    csrs: tuple[int, ...]
    vectors: bytes

    @staticmethod
    def parse(data: bytes) -> Record:
        words = struct.unpack_from(f"<{SCALARS}Q", data)
        return Record(words[:31], words[31:63], words[63:], data[SCALARS * 8 :])

    @property
    def illegal(self) -> bool:
        return self.x[26] == 1

    def differences(self, other: Record, vlenb: int) -> list[str]:
        found = []
        for i, (a, b) in enumerate(zip(self.x, other.x, strict=True)):
            if a != b:
                found.append(f"x{i + 1}: {a:#x} != {b:#x}")
        for i, (a, b) in enumerate(zip(self.f, other.f, strict=True)):
            if a != b:
                found.append(f"f{i}: {a:#x} != {b:#x}")
        names = ("vstart", "vl", "vtype", "vcsr", "fcsr", "memory checksum")
        for name, a, b in zip(names, self.csrs, other.csrs, strict=True):
            if a != b:
                found.append(f"{name}: {a:#x} != {b:#x}")
        for i in range(32):
            a, b = (r.vectors[i * vlenb : (i + 1) * vlenb] for r in (self, other))
            if a != b:
                found.append(f"v{i}:\n    {a.hex()}\n    {b.hex()}")
        return found
