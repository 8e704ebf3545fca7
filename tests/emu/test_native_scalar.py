"""Scalar instructions among vector ones: host code does what Unicorn does, or leaves it to it."""

from __future__ import annotations

import os
import signal
import threading

import numpy as np
import pytest
from test_device import code_of
from test_native_hostile import both, machine_with, run
from test_native_memory import DATA, FAR, SIZE, map_memory, state_of

from fleet.asm.isa.compress import compress
from fleet.asm.isa.table import encodings
from fleet.emu.faults import GuestFault
from fleet.emu.machine import Machine
from fleet.emu.memory import READ, WRITE
from fleet.emu.native.executor import unusable
from fleet.emu.native.scalars import runs

pytestmark = pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable")

CODE, RETURN = 0x10000, 0x1000
COUNTER, LENGTH = 31, 30
ADDRESSES = range(10, 16)
KNOWN = [
    *runs.ARITHMETIC, *runs.SHIFTS, *runs.COMPARISONS, *runs.LOADS, *runs.STORES, "addw",
    "subw", "sllw", "srlw", "sraw", "slli", "srli", "srai", "slliw", "srliw", "sraiw", "addi",
    "addiw", "andi", "ori", "xori", "slti", "sltiu", "lui", "auipc", "mul", "mulw",
]  # fmt: skip
OTHERS = [
    name for name, e in encodings().items()
    if e.extension in ("I", "M", "F", "D") and name not in KNOWN and name not in runs.BRANCHES
    and name not in ("jal", "jalr", "ecall", "ebreak", "fence.tso", "pause", "fence.i")
]  # fmt: skip
VECTORS = [
    "vadd.vi v1, v1, 1", "vsetvli t0, s11, e32, m1, ta, ma", "vsetvli t1, s11, e8, m2, ta, ma",
    "vmv.x.s t2, v1", "vse32.v v1, (a0)", "vle8.v v2, (a0)", "vfadd.vv v3, v2, v1", "csrr t3, vl",
]  # fmt: skip


def one(rng: np.random.Generator, items: list[int] | list[str] | range) -> int | str:
    return items[int(rng.integers(len(items)))]


def scalar_word(rng: np.random.Generator) -> int:
    encoding = encodings()[one(rng, KNOWN if rng.random() < 0.9 else OTHERS)]
    operands = {}
    memory = encoding.mnemonic in runs.LOADS or encoding.mnemonic in runs.STORES
    for field in encoding.fields:
        value = int(rng.integers(field.minimum, field.maximum + 1)) // field.multiple_of
        value *= field.multiple_of
        if field.name == "rs1" and memory:
            value = one(rng, ADDRESSES)
        elif field.name == "imm" and memory:
            value = one(rng, [0, 4, 8, 16, -8, 1, value])
        elif field.name == "rd":
            value = int(rng.integers(0, 27))
            value = 5 if value in ADDRESSES or value == 1 else value
        operands[field.name] = value
    return encoding.encode(operands)


def random_code(rng: np.random.Generator) -> bytes:
    """A loop of scalar and vector instructions with branches forward, that runs three times."""
    vectors = {text: code_of(text) for text in VECTORS}
    parts: list[bytes | tuple[str, int]] = []
    for _ in range(int(rng.integers(5, 40))):
        pick = rng.random()
        if pick < 0.25:
            parts.append(vectors[one(rng, VECTORS)])
        elif pick < 0.4:
            parts.append((one(rng, [*runs.BRANCHES, "jal"]), int(rng.integers(1, 5))))
        else:
            word = scalar_word(rng)
            short = compress(word) if rng.random() < 0.6 else None
            size = 4 if short is None else 2
            parts.append((word if short is None else short).to_bytes(size, "little"))
    sizes = [4 if isinstance(part, tuple) else len(part) for part in parts]
    code = b""
    for number, part in enumerate(parts):
        if isinstance(part, tuple):
            name, over = part
            distance = 4 + sum(sizes[number + 1 : number + 1 + over])
            registers = {"rd": 0} if name == "jal" else {
                "rs1": int(rng.integers(32)), "rs2": int(rng.integers(32))
            }  # fmt: skip
            part = encodings()[name].encode({"imm": distance, **registers}).to_bytes(4, "little")
        code += part
    back = encodings()["bne"].encode({"rs1": COUNTER, "rs2": 0, "imm": -len(code) - 4})
    return code + code_of("addi t6, t6, -1") + back.to_bytes(4, "little") + code_of("ret")


def outcome(executor: str, seed: int) -> tuple[list[object], int]:
    rng = np.random.default_rng(seed)
    machine = Machine(256, executor=executor)
    if machine.native is not None:
        machine.native.hot, machine.native.patience = 1, (1, 1)
    machine.load(CODE, random_code(rng))
    map_memory(machine)
    for region in machine.memory.regions:
        if region.name == "data":
            region.data[:] = rng.integers(0, 256, region.size, np.uint8).tobytes()
    machine.vector.file[:] = rng.integers(0, 256, 1024, np.uint8)
    registers = machine.cpu.registers
    for number in range(2, 64):
        registers[number] = one(rng, [0, 1, 1 << 31, 1 << 63, int(rng.integers(1 << 62)), 77])
    for number in ADDRESSES:  # none that is for writing only: Unicorn reads there, after a write
        registers[number] = one(rng, [
            DATA + 4096, DATA + SIZE - 4, DATA + SIZE + 4096 - 6, DATA + SIZE + 4096, FAR,
            FAR + 8188, 0, (1 << 64) - 4, CODE, int(rng.integers(1 << 62)), DATA + 64, DATA + 128,
        ])  # fmt: skip
    registers[1], registers[COUNTER], registers[LENGTH - 3] = RETURN, 3, 12
    states: list[object] = []
    start = CODE
    for _ in range(60):
        machine.cpu.store()
        try:
            machine.run(start)
            break
        except GuestFault as fault:
            states.append((fault.pc, fault.cause, fault.setting, state_of(machine)))
            size = 4 if machine.memory.read(fault.pc, 1, 4)[0] & 3 == 3 else 2
            start = fault.pc + size
    states.append(state_of(machine))
    return states, 0 if machine.native is None else len(machine.native._runs)


def test_random_scalar_and_vector_code_leaves_the_same_state() -> None:
    runs = 0
    for seed in range(40):
        expected, _ = outcome("reference", seed)
        got, count = outcome("native", seed)
        runs += count
        for place, (one_state, other) in enumerate(zip(expected, got, strict=True)):
            assert one_state == other, f"seed {seed}, state {place}"
    assert runs > 200


LOOP = """
    vsetivli t0, 8, e32, m1, ta, ma
again:
    vle32.v v1, (a0)
    lw t1, 0(a0)
    add t2, t2, t1
    vadd.vx v2, v2, t1
    sd t2, 32(a0)
    addi a1, a1, -1
    bnez a1, again
    ret
"""


def test_a_loop_of_any_length_gives_unicorn_its_turn_now_and_then() -> None:
    def prepare(executor: str) -> tuple[Machine, str]:
        machine = machine_with(LOOP, executor)
        machine.map(DATA, 4096).data[:8] = b"12345678"
        return machine, run(machine, x10=DATA, x11=10_000)

    machine = both(prepare)
    assert 0 < machine.native.traps < 300


def test_an_endless_loop_can_be_interrupted() -> None:
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        pytest.skip("this process was started with interrupts ignored")
    machine = machine_with("vsetivli t0, 8, e32, m1, ta, ma\nvadd.vi v1, v1, 1\nj .-4", "native")
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with machine.interrupts, pytest.raises(KeyboardInterrupt):
        machine.run(CODE)
    assert machine.native.executed > 10_000


def test_memory_that_is_unmapped_or_protected_is_not_accessed_by_scalars() -> None:
    for change, cause in (("unmap", "bad read"), ("protect", "bad write")):
        machine = machine_with(LOOP, "native")
        machine.map(DATA, 4096)
        machine.native.patience = 1, 1
        for _ in range(3):
            assert run(machine, x10=DATA, x11=5) == ""
        if change == "unmap":
            machine.memory.unmap(DATA, 4096)
            machine.map(DATA + 8192, 4096)
        else:
            machine.memory.protect(DATA, 4096, READ)
        assert cause in run(machine, x10=DATA, x11=5)


def test_counting_and_breakpoints_see_every_scalar_instruction() -> None:
    counts = []
    for executor in ("reference", "native"):
        machine = Machine(256, executor=executor, count_instructions=True)
        machine.load(CODE, code_of(LOOP))
        machine.map(DATA, 4096)
        machine.cpu.registers[1] = RETURN
        run(machine, x10=DATA, x11=100)
        counts.append(machine.stats().instructions)
    assert counts == [702, 702]
    machine = machine_with(LOOP, "native")
    machine.map(DATA, 4096)
    run(machine, x10=DATA, x11=10)
    met = []
    machine.on_instruction(lambda address, size: met.append(address), CODE + 4 * 3)
    run(machine, x10=DATA, x11=10)
    assert met == [CODE + 12] * 10


@pytest.mark.parametrize("executor", ["reference", "native"])
def test_a_run_ends_where_the_machine_is_to_stop(executor: str) -> None:
    machine = machine_with(LOOP, executor)
    machine.map(DATA, 4096)
    if machine.native is not None:
        machine.native.patience = 1, 1
    registers = machine.cpu.registers
    run(machine, x10=DATA, x11=10)
    for stop in (CODE + 12, CODE + 16, CODE + 20):
        registers[10], registers[11] = DATA, 10
        machine.cpu.store()
        machine.run(CODE, stop)
        assert (registers[64], registers[11]) == (stop, 10)


def test_scalar_stores_into_code_are_unicorns() -> None:
    text = """
        vsetivli t0, 8, e32, m1, ta, ma
        li s1, 6
    again:
        vadd.vi v1, v1, 1
        lw t1, 0(a1)
        sw t1, 0(a0)
        jalr s0, 0(a0)
        addi a1, a1, 4
        addi s1, s1, -1
        bnez s1, again
        ret
    """

    def prepare(executor: str) -> tuple[Machine, str]:
        machine = machine_with(text, executor)
        machine.memory.map_anonymous(0x20000, 4096, READ | WRITE | 4, "changing")
        machine.memory.write(0x20000, code_of("nop\njr s0"))
        versions = "\n".join(f"addi s2, s2, {1 << i}" for i in range(6))
        machine.map(DATA, 4096).data[:24] = code_of(versions)
        return machine, run(machine, x10=0x20000, x11=DATA)

    both(prepare)
