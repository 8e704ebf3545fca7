"""Stubs of loads, stores and permutations leave what the reference executor leaves, faults too."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from test_device import code_of

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import encodings, lookup
from fleet.emu.faults import GuestFault
from fleet.emu.machine import Machine
from fleet.emu.memory import READ, WRITE
from fleet.emu.native.executor import unusable
from fleet.emu.native.stubs import access, permutation
from fleet.emu.vector.config import legal_vtype

pytestmark = pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable")

CODE, DATA, SIZE, FAR, INDICES = 0x10000, 0x200000, 1 << 16, 0x3F_F000_0000, 0x400000
BASES, LENGTHS, STRIDES, POOLS = range(10, 16), range(16, 20), range(20, 26), range(26, 30)
"""Integer registers with addresses, with lengths, with strides, with addresses of indices."""

STEMS = {stem for module in (access, permutation) for stem in module.RULES} | {
    "vmv1r", "vmv2r", "vmv4r", "vmv8r", "vmerge", "vmv.x", "vmv.s", "vfmv.s", "vfmv.f"
}  # fmt: skip
CHOICES = [e for e in encodings().values() if e.stem in STEMS]


def map_memory(machine: Machine) -> None:
    """Neighbours with other permissions and other host memory, holes, the lowest page."""
    for base, size, permissions in (
        (0, 4096, READ | WRITE), (DATA, SIZE, READ | WRITE), (DATA + SIZE, 4096, READ | WRITE),
        (DATA + SIZE + 4096, 4096, READ), (DATA + SIZE + 8192, 4096, WRITE),
        (DATA + SIZE + 16384, 4096, READ | WRITE), (FAR, 8192, READ | WRITE),
    ):  # fmt: skip
        machine.memory.map_anonymous(base, size, permissions, "data")


def one(rng: np.random.Generator, items: list[int] | range) -> int:
    return int(items[int(rng.integers(len(items)))])


def random_word(rng: np.random.Generator) -> tuple[Encoding, int]:
    encoding = CHOICES[int(rng.integers(len(CHOICES)))]
    operands = {}
    memory = bool(encoding.flags & {"load", "store"})
    for field in encoding.fields:
        value = int(rng.integers(field.minimum, field.maximum + 1))
        if field.name in ("vd", "vs1", "vs2", "vs3"):
            value &= one(rng, [31, 30, 28, 24])
        elif field.name == "rs1":
            value = one(rng, BASES if memory else [0, 5, *BASES, *LENGTHS])
        elif field.name == "rs2":
            value = one(rng, STRIDES)
        elif field.name == "rd":
            value = one(rng, [0, 5, 6])
        operands[field.name] = value
    return encoding, encoding.encode(operands)


def random_program(rng: np.random.Generator, vlen: int, count: int) -> bytes:
    """Legal instructions for the most part, and their setting, in a loop that runs twice."""
    unit = Machine(vlen).vector
    load_indices = lookup("vl8re8.v")
    words: list[int] = []
    while len(words) < count:
        if not words or rng.random() < 0.15:
            vtype = int(rng.integers(0, 4)) << 3 | one(rng, [0, 0, 1, 2, 3, 7, 6, 5])
            if not legal_vtype(vtype):
                continue
            vtype |= int(rng.integers(4)) << 6
            unit.set_vl(vtype, 8)
            words.append(vtype << 20 | one(rng, LENGTHS) << 15 | 7 << 12 | 0x57)
            continue
        encoding, word = random_word(rng)
        if not unit.accepts(word) and rng.random() < 0.98:
            continue
        if "indexed" in encoding.flags and rng.random() < 0.9:
            place = POOLS[encoding.eew.bit_length() - 4]
            words.append(load_indices.encode({"vd": word >> 20 & 24, "rs1": place}))
        words.append(word)
    tail = code_of(f"addi t6, t6, -1\nbnez t6, .-{4 * len(words) + 4}\nret")
    return np.array(words, "<u4").tobytes() + tail


def index_pool(rng: np.random.Generator, vlen: int) -> bytes:
    """Four times eight registers: offsets of each width, small for the most part."""
    parts = []
    for width in (1, 2, 4, 8):
        count = vlen // width
        offsets = rng.integers(0, one(rng, [8, 200, 3000, 60000]), count, np.uint64)
        if rng.random() < 0.3:
            wild = rng.integers(0, 1 << 64, count, np.uint64)
            offsets = np.where(rng.random(count) < 0.02, wild, offsets)
        if rng.random() < 0.3:
            offsets = np.uint64(DATA) + offsets
        if rng.random() < 0.2:
            offsets = np.uint64(0) - offsets
        parts.append(offsets.astype(f"u{width}").tobytes())
    return b"".join(parts)


def state_of(machine: Machine) -> dict[str, object]:
    """All that a program can see."""
    digest = hashlib.blake2b(machine.vector.file.tobytes())
    for region in machine.memory.regions:
        digest.update(region.data)
    unit = machine.vector
    return {
        "registers": tuple(machine.cpu.registers[:64]), "setting": machine.setting(),
        "vectors and memory": digest.hexdigest(), "flags": machine.cpu.flags,
        "vxrm": unit.vxrm, "vxsat": unit.vxsat, "vstart": unit.config.vstart,
    }  # fmt: skip


def outcome(executor: str, vlen: int, seed: int, count: int) -> tuple[list[object], int]:
    """The states at each fault, where the program goes on after it, and at the end."""
    rng = np.random.default_rng(seed)
    machine = Machine(vlen, executor=executor)
    if machine.native is not None:
        machine.native.hot = 1
    code = random_program(rng, vlen, count)
    machine.load(CODE, code)
    map_memory(machine)
    pool = machine.map(INDICES, 4 * vlen)
    pool.data[: 4 * vlen] = index_pool(rng, vlen)
    for region in machine.memory.regions:
        if region.name == "data":
            region.data[:] = rng.integers(0, 256, region.size, np.uint8).tobytes()
    machine.vector.file[:] = rng.integers(0, 256, 4 * vlen, np.uint8)
    registers = machine.cpu.registers
    end = DATA + SIZE
    addresses = [
        DATA + SIZE // 2, DATA + SIZE // 2 + 1, DATA + 4096, 0, 8, end - 64, end, end + 4096 - 100,
        end + 4096, end + 8192 + 16, end + 12288 - 40, end + 16384, FAR, FAR + 8192 - 8, DATA - 16,
        (1 << 64) - 8, 1 << 63, CODE, int(rng.integers(1 << 62)),
    ]  # fmt: skip
    for number in BASES:
        registers[number] = addresses[0] if rng.random() < 0.5 else one(rng, addresses)
    for number in LENGTHS:
        registers[number] = one(rng, [1, 3, 7, 8, 15, 17, 33, 64, 100, vlen // 8, 1 << 20, 0])
    strides = [0, 1, 2, 4, 8, 12, 16, 24, -8, -4, 3, 64, 256, 4096, 1 << 40, 1 << 62, -(1 << 61)]
    for number in STRIDES:
        registers[number] = one(rng, strides) & (1 << 64) - 1
    for place, number in enumerate(POOLS):
        registers[number] = INDICES + place * vlen
    for number in range(32):
        registers[32 + number] = int(rng.integers(1 << 63))
    registers[1], registers[31] = 0x1000, 2
    states: list[object] = []
    start = CODE
    for _ in range(400):
        machine.cpu.store()
        try:
            machine.run(start)
            break
        except GuestFault as fault:
            states.append((fault.pc, fault.cause, fault.setting, state_of(machine)))
            start = fault.pc + 4
    states.append(state_of(machine))
    return states, machine.native.executed if machine.native is not None else 0


@pytest.mark.parametrize("vlen", [128, 256, 1024])
def test_random_accesses_and_permutations_leave_the_same_state(vlen: int) -> None:
    executed = 0
    for seed in range(20):
        expected, _ = outcome("reference", vlen, seed, 60)
        got, native = outcome("native", vlen, seed, 60)
        executed += native
        for place, (one_state, other) in enumerate(zip(expected, got, strict=True)):
            assert one_state == other, f"seed {seed}, state {place}"
    assert executed > 1000
