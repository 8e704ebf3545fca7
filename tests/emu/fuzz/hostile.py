"""Programs that respect nothing: random instructions, pointers that lead anywhere, odd settings,
and system calls that take memory away, move it and protect it.

`Program.draw` makes one from a seed. Both executors run it and go on after each fault, somewhere
else; then all that can be seen of the two machines is compared. A program must not bring down the
process, outlast its limit of instructions, or raise anything but GuestFault; so `run_seeds` is for
a process of its own, which says when it is done with each seed.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import numpy as np

from fleet.asm.assembler import assemble
from fleet.asm.isa.encoding import Encoding, Field
from fleet.asm.isa.table import encodings
from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.emu.cpu import PC, ROUNDING_MODE
from fleet.emu.faults import GuestFault
from fleet.emu.host_memory import PAGE
from fleet.emu.linux.process import STACK_TOP, Process
from fleet.emu.linux.table import SYSTEM_CALLS
from fleet.emu.machine import Exit, Machine
from fleet.emu.memory import EXECUTE, READ, WRITE, Region
from fleet.emu.vector.config import legal_vtype
from fleet.emu.vector.unit import VectorUnit

from .harness import take_stubs_at_once
from .scalar import NOP
from .values import floats

CODE, CODE_PAGES = 0x40000, 2
MOST_FAULTS = 100
MAX_INSTRUCTIONS = 4000
_END_BYTES = 256 << 10
VLENS = (128, 256, 512, 1024, 4096, 65536)

LAYOUT = (
    (0x100000, 8, READ | WRITE),
    (0x100000 + 8 * PAGE, 8, READ | WRITE),
    (0x100000 + 16 * PAGE, 1, READ),
    (0x200000, 64, READ | WRITE),
    ((1 << 47) - 2 * PAGE, 2, READ | WRITE),
    ((1 << 63) - PAGE, 1, READ | WRITE),
)
"""Address, pages and permissions of memory: regions that touch, that are far away, read-only."""

_ROOMY = 3
"""Number of the greatest region in LAYOUT."""

_LEFT_OUT = frozenset(
    "nanosleep clock_nanosleep pselect6 ppoll rt_sigtimedwait rt_sigsuspend futex pipe2 "
    "clock_gettime gettimeofday times getrusage getrandom sysinfo statfs fstatfs getcpu".split()
)
"""System calls that wait, and those that answer something else each time."""

CALLS = tuple(n for n, call in SYSTEM_CALLS.items() if call.name not in _LEFT_OUT)
MEMORY_CALLS = (214, 215, 216, 222, 226, 233, 259)

_COUNTERS = frozenset((*range(0xC00, 0xC20), *range(0xB00, 0xB20)))


@dataclass(frozen=True)
class Program:
    """Everything that a machine starts with.

    calls: as a process, which makes system calls
    counted: instructions are counted and limited; else it is loops that end, and scalar ones may
        be executed by host code
    """

    vlen: int
    code: bytes
    permissions: int
    registers: tuple[int, ...]
    frm: int
    vectors: bytes
    memory: bytes
    calls: bool
    counted: bool

    @staticmethod
    def draw(seed: int) -> Program:
        rng = np.random.default_rng(seed)
        vlen = int(rng.choice(VLENS, p=(0.3, 0.3, 0.1, 0.15, 0.1, 0.05)))
        counted, calls = bool(rng.random() < 0.7), bool(rng.random() < 0.25)
        writer = Writer(rng, calls)
        code = writer.code() if counted else writer.loops()
        count = sum(pages for _, pages, _ in LAYOUT) * PAGE
        return Program(
            vlen=vlen,
            code=code,
            permissions=READ | EXECUTE | (WRITE if rng.random() < 0.1 else 0),
            registers=tuple(_registers(rng, vlen, tame=not counted)),
            frm=int(rng.choice((0, 0, 0, 0, 1, 2, 3, 4, 5, 7))),
            vectors=_bytes(rng, 4 * vlen),
            memory=_bytes(rng, count),
            calls=calls,
            counted=counted,
        )


def _pick(rng: np.random.Generator, items: Sequence[int]) -> int:
    return items[int(rng.integers(len(items)))]


def _bytes(rng: np.random.Generator, count: int) -> bytes:
    """Random bits, special floats of both widths, small numbers that do as offsets."""
    parts, size = [], 256
    for _ in range(-(-count // size)):
        match rng.integers(5):
            case 0:
                part = rng.integers(0, 256, size, np.uint8)
            case 1:
                part = floats(rng, 32, size // 4)
            case 2:
                part = floats(rng, 64, size // 8)
            case 3:
                part = rng.integers(0, 4096, size // 8, np.uint64)
            case _:
                part = np.repeat(rng.choice(np.array([0, 255], np.uint8), size // 8), 8)
        parts.append(part.tobytes())
    return b"".join(parts)[:count]


def _registers(rng: np.random.Generator, vlen: int, *, tame: bool) -> list[int]:
    """x0-x31 and f0-f31. tame: most of x16 to x31 lead to memory, with room around."""
    values = [_integer(rng, vlen) for _ in range(32)]
    base, pages, _ = LAYOUT[_ROOMY]
    for register in range(16, 32):
        if tame and rng.random() < 0.8:
            values[register] = base + pages * PAGE // 2 + 8 * int(rng.integers(64))
    single, double = floats(rng, 32, 32).tolist(), floats(rng, 64, 32).tolist()
    for a, b in zip(single, double, strict=True):
        values.append(_pick(rng, (b, 0xFFFFFFFF << 32 | a, 0xFFFFFFFF << 32 | a, a)))
    return [0, *values[1:]]


def _integer(rng: np.random.Generator, vlen: int) -> int:
    match rng.integers(8):
        case 0 | 1 | 2:  # inside a region, or near its ends
            base, pages, _ = LAYOUT[int(rng.integers(len(LAYOUT)))]
            near = int(rng.integers(-64, 65)) & _pick(rng, (-1, -4, -8))
            place = _pick(rng, (0, pages * PAGE, int(rng.integers(pages * PAGE)) & -8))
            value = base + place + near
        case 3:
            value = _pick(rng, (0, CODE, -1, -8, 1 << 63, 0x7FFF_0000_0000, -(1 << 47)))
        case 4:
            value = int(rng.integers(0, 2 * vlen))
        case 5:
            value = _pick(rng, (1, 4, 8, -8, -4, 3, 64, PAGE, 1 << 31, 1 << 62, -(1 << 61)))
        case 6:
            value = int(rng.integers(-64, 64))
        case _:
            value = int(rng.integers(0, 1 << 64, dtype=np.uint64))
    return value & (1 << 64) - 1


# -- code


@cache
def _known(vector: bool) -> tuple[Encoding, ...]:
    return tuple(
        e for e in encodings().values()
        if e.is_vector == vector and not e.stem.startswith("vset")
    )  # fmt: skip


def _word(mnemonic: str, **operands: int) -> bytes:
    return encodings()[mnemonic].encode(operands).to_bytes(4, "little")


class Writer:
    """Random code. `vtype` is the last setting, `align` what register groups need under it."""

    def __init__(self, rng: np.random.Generator, calls: bool) -> None:
        self.rng = rng
        self.calls = calls
        self.align, self.vtype = 1, 0

    def pick(self, items: Sequence[int]) -> int:
        return items[int(self.rng.integers(len(items)))]

    def code(self) -> bytes:
        styles: tuple[Callable[[], bytes], ...] = (
            self.any_word, self.any_instruction, self.mostly_vector, self.mostly_vector,
            self.vector_loop, self.vector_loop,
        )  # fmt: skip
        style = styles[int(self.rng.integers(len(styles)))]
        limit = CODE_PAGES * PAGE
        size = int(self.rng.integers(40, 600)) if self.rng.random() < 0.95 else limit
        parts = [self.vset()]
        while sum(map(len, parts)) < size:
            parts.append(style())
            if self.calls and self.rng.random() < 0.2:
                parts.append(self.system_call())
        code = bytearray(b"".join(parts)[:limit])
        for _ in range(self.rng.integers(0, 3) if self.rng.random() < 0.2 else 0):
            code[int(self.rng.integers(len(code)))] ^= 1 << int(self.rng.integers(8))
        return _without_counters(code)

    def any_word(self) -> bytes:
        word = int(self.rng.integers(0, 1 << 32))
        match self.rng.integers(4):
            case 0:
                word = word & ~0x7F | self.pick((0x57, 0x57, 0x07, 0x27))
            case 1:
                return (word & 0xFFFF).to_bytes(2, "little")
            case _:
                pass
        return word.to_bytes(4, "little")

    def any_instruction(self) -> bytes:
        return self.instruction(_known(bool(self.rng.integers(2))))

    def mostly_vector(self) -> bytes:
        chance = self.rng.random()
        if chance < 0.1:
            return self.vset()
        return self.instruction(_known(bool(chance < 0.85)))

    def vector_loop(self) -> bytes:
        """Vector instructions, and a branch back to them while a counter lasts."""
        body = [self.vset()]
        for _ in range(self.rng.integers(1, 12)):
            body.append(
                self.vset() if self.rng.random() < 0.1 else self.instruction(_known(True))
            )
        size = sum(map(len, body))
        counter = int(self.rng.integers(5, 16))
        count = _word("addi", rd=counter, rs1=0, imm=int(self.rng.integers(2, 6)))
        down = _word("addi", rd=counter, rs1=counter, imm=-1)
        return count + b"".join(body) + down + _word("bne", rs1=counter, rs2=0, imm=-size - 4)

    def loops(self) -> bytes:
        """Loops of vector and scalar instructions, most of them legal, that run often, and end."""
        parts = [self.vset({"rd": 0, "rs1": 5})]
        for _ in range(self.rng.integers(1, 4)):
            body = [self.tame() for _ in range(self.rng.integers(2, 16))]
            size = sum(map(len, body))
            times = int(self.rng.integers(3, 200))
            down = _word("addi", rd=_COUNTER, rs1=_COUNTER, imm=-1)
            back = _word("bne", rs1=_COUNTER, rs2=0, imm=-size - 4)
            parts += [_word("addi", rd=_COUNTER, rs1=0, imm=times), *body, down, back]
        return _without_counters(bytearray(b"".join(parts)))

    def tame(self) -> bytes:
        """An instruction that jumps nowhere and leaves the counter of loops alone."""
        rd = {"rd": int(self.rng.integers(16))}
        chance = self.rng.random()
        if chance < 0.05:
            return self.vset(rd)
        if chance < 0.5:
            return self.fill(encodings()[_CALM[int(self.rng.integers(len(_CALM)))]], rd)
        while True:
            known = _known(True)
            code = self.fill(known[int(self.rng.integers(len(known)))], rd)
            if self.rng.random() < 0.02 or _is_legal(int.from_bytes(code, "little"), self.vtype):
                return code

    def system_call(self) -> bytes:
        """Mostly one that changes what is mapped, at pages that are, the code's own among them."""
        number = self.pick(MEMORY_CALLS if self.rng.random() < 0.7 else CALLS)
        pages = [CODE, CODE + PAGE, *(base for base, _, _ in LAYOUT if base < 1 << 31)]
        address = self.pick(pages) + self.pick((0, 0, PAGE, 4 * PAGE))
        parts = []
        if self.rng.random() < 0.8:
            parts.append(_word("lui", rd=10, imm=address))
        if self.rng.random() < 0.8:
            parts.append(_word("lui", rd=11, imm=self.pick((0, 1, 1, 2, 8, 64)) * PAGE))
        if self.rng.random() < 0.7:
            parts.append(_word("addi", rd=12, rs1=0, imm=self.pick((0, 1, 2, 3, 3, 4, 5, 7))))
        if self.rng.random() < 0.7:
            parts.append(_word("addi", rd=13, rs1=0, imm=self.pick((0x22, 0x32, 1, 2, 0x12))))
        parts += [_word("addi", rd=17, rs1=0, imm=number), _word("ecall")]
        return b"".join(parts)

    def vset(self, chosen: Mapping[str, int] = MappingProxyType({})) -> bytes:
        mnemonic = self.rng.choice(("vsetvli", "vsetivli", "vsetvl"), p=(0.6, 0.38, 0.02))
        encoding = encodings()[mnemonic]
        lmul = self.pick((0, 0, 1, 2, 3, 5, 6, 7))
        vtype = int(self.rng.integers(4)) << 6 | self.pick((0, 1, 2, 2, 3)) << 3 | lmul
        self.align = 1 << lmul if lmul < 4 else 1
        self.vtype = vtype
        some = {} if self.rng.random() < 0.05 else {"vtype": vtype}
        return self.fill(encoding, some | dict(chosen))

    def instruction(self, choices: tuple[Encoding, ...]) -> bytes:
        return self.fill(choices[int(self.rng.integers(len(choices)))], {})

    def fill(self, encoding: Encoding, chosen: dict[str, int]) -> bytes:
        word = encoding.match
        align = self.pick((self.align, self.align, 2 * self.align, 1))
        for field in encoding.fields:
            value = chosen.get(field.name)
            if value is None:
                value = self.value(encoding, field, align)
            if field.accepts(value):
                word |= field.insert(value)
        return word.to_bytes(encoding.size, "little")

    def value(self, encoding: Encoding, field: Field, align: int) -> int:
        value = int(self.rng.integers(field.minimum, field.maximum + 1))
        if self.rng.random() < 0.1:
            return value
        match field.name:
            case "vd" | "vs1" | "vs2" | "vs3":
                return value & -min(align, 8)
            case "rd":  # those from 16 on keep the pointers that they begin with
                return value & 15
            case "rs1" if encoding.flags & {"load", "store"} or encoding.mnemonic in _ACCESSES:
                return value | 16
            case "imm" if encoding.mnemonic[0] in "bj" or encoding.mnemonic[:3] in ("c.b", "c.j"):
                return int(self.rng.integers(-16, 17)) * 2
        return value


_COUNTER = 31
_ACCESSES = frozenset("lb lh lw ld lbu lhu lwu sb sh sw sd flw fld fsw fsd".split())
_CALM = tuple(
    name for name, e in encodings().items()
    if e.size == 4 and (e.extension == "M" or name in _ACCESSES or (
        e.extension == "I" and name[0] in "aslxo" and not name.startswith("sb")
    ))
)  # fmt: skip


def _without_counters(code: bytearray) -> bytes:
    """Clocks and counters read as another number each time; a no-operation takes their place."""
    for at in range(0, len(code) - 3, 2):
        word = int.from_bytes(code[at : at + 4], "little")
        if word & 0x7F == 0x73 and word >> 20 in _COUNTERS:
            code[at : at + 4] = NOP.to_bytes(4, "little")
    return bytes(code)


@cache
def _unit() -> VectorUnit:
    return Machine(128).vector


def _is_legal(word: int, vtype: int) -> bool:
    if not legal_vtype(vtype):
        return True
    unit = _unit()
    unit.config = unit.configuration(vtype, 1)
    return unit.accepts(word)


# -- running


def outcome(program: Program, executor: str) -> dict[str, object]:
    """What can be seen of a machine after a program, and its faults on the way."""
    machine = Machine(
        program.vlen, executor=executor, count_instructions=program.counted,
        max_instructions=MAX_INSTRUCTIONS if program.counted else None,
    )  # fmt: skip
    take_stubs_at_once(machine, executor)
    output = _make_process(machine) if program.calls else BytesIO()
    code = machine.memory.map_anonymous(CODE, CODE_PAGES * PAGE, program.permissions, "code")
    code.data[: len(program.code)] = program.code
    done = 0
    for base, pages, permissions in LAYOUT:
        region = machine.memory.map_anonymous(base, pages * PAGE, permissions, "data")
        region.data[:] = program.memory[done : done + region.size]
        done += region.size
    machine.vector.file[:] = np.frombuffer(program.vectors, np.uint8)
    registers = machine.cpu.registers
    for slot, value in enumerate(program.registers[1:], 1):
        registers[slot] = value
    registers[ROUNDING_MODE] = program.frm
    faults = []
    start = CODE
    end = CODE + len(program.code)
    while CODE <= start < end and len(faults) < MOST_FAULTS:
        registers[PC] = start
        machine.cpu.store()
        try:
            machine.run(start)
            break
        except Exit:
            break
        except GuestFault as fault:
            faults.append((fault.pc, fault.cause, fault.setting))
        start = _after(program, faults)
    stats = machine.stats()
    unit = machine.vector
    return {
        "faults": faults, "registers": list(registers[:PC]), "frm": registers[ROUNDING_MODE],
        "fflags": machine.cpu.flags, "setting": machine.setting(), "vstart": unit.config.vstart,
        "vxrm": unit.vxrm, "vxsat": unit.vxsat, "instructions": stats.instructions,
        "vector instructions": dict(stats.vector), "vector registers": unit.file.tobytes(),
        "memory": [_shown(region) for region in machine.memory.regions],
        "output": output.getvalue(),
    }  # fmt: skip


@cache
def _executable() -> str:
    """A program that nobody runs: a process begins with one."""
    path = Path(tempfile.mkdtemp(prefix="fleet-fuzz-")) / "empty"
    atexit.register(shutil.rmtree, path.parent)
    write_executable(str(path), link([assemble(".globl _start\n_start: nop\n")]))
    return str(path)


def _make_process(machine: Machine) -> BytesIO:
    """Makes the machine a Linux process; what that writes."""
    output = BytesIO()
    Process(machine, _executable(), ["hostile"], streams={
        0: BytesIO(b"input" * 100), 1: output, 2: output
    })  # fmt: skip
    machine.memory.write(STACK_TOP - 16, bytes(16))  # which were random
    return output


def _shown(region: Region) -> tuple[str, int, int, int, bytes, bytes]:
    """Memory as far as it is compared: of great regions the ends."""
    data = region.data
    ends = bytes(data[:_END_BYTES]), bytes(data[-_END_BYTES:])
    return region.name, region.base, region.size, region.permissions, *ends


def _after(program: Program, faults: list[tuple[int, str, str]]) -> int:
    """Where to go on: behind the instruction; anywhere in the code if it had left that."""
    pc = faults[-1][0]
    if f"more than {MAX_INSTRUCTIONS}" in faults[-1][1]:
        return 0
    at = pc - CODE
    if not 0 <= at < len(program.code):
        return CODE + len(faults) * 4 if program.counted else 0
    return pc + (4 if program.code[at] & 3 == 3 else 2)


def mended(program: Program, faults: list[tuple[int, str, str]]) -> Program:
    """Without most of the instructions that fault: a loop that does is left too early."""
    code = bytearray(program.code)
    for pc in sorted({pc for pc, _, _ in faults})[1:]:
        if 0 <= pc - CODE < len(code):
            code[pc - CODE : pc - CODE + 4] = NOP.to_bytes(4, "little")
    return replace(program, code=bytes(code))


def differences(seed: int) -> list[str]:
    """What the two executors leave behind differently."""
    program = Program.draw(seed)
    expected = outcome(program, "reference")
    if not program.counted:
        program = mended(program, expected["faults"])
        expected = outcome(program, "reference")
    got = outcome(program, "native")
    return [
        f"{key}: {_differing(expected[key], got[key])}"
        for key in expected
        if expected[key] != got[key]
    ]


def _differing(a: object, b: object) -> str:
    """The first place where two sequences differ, or both values."""
    if isinstance(a, (list, bytes)) and isinstance(b, type(a)):
        for place, (x, y) in enumerate(zip(a, b, strict=False)):
            if x != y:
                return f"at {place} {x!r} != {y!r}"
        return f"{len(a)} != {len(b)} items"
    return f"{a!r} != {b!r}"


