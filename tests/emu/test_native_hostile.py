"""What hostile, odd and long-lived programs do to stubs: the reference executor says what is right.

Code that changes, memory that comes and goes, addresses that wrap, places where no code should be.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from test_device import code_of
from test_native_memory import outcome, state_of

from fleet.asm.isa.table import encodings
from fleet.emu.faults import GuestFault
from fleet.emu.machine import Exit, Machine
from fleet.emu.memory import EXECUTE, READ, WRITE
from fleet.emu.native import executor as native_executor
from fleet.emu.native import state
from fleet.emu.native.executor import unusable

pytestmark = pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable")

CODE, DATA, RETURN = 0x10000, 0x200000, 0x1000
ALL = READ | WRITE | EXECUTE
A0, A1 = 10, 11


def machine_with(
    text: str, executor: str, *, at: int = CODE, permissions: int = READ | EXECUTE, vlen: int = 256
) -> Machine:
    machine = Machine(vlen, executor=executor)
    if machine.native is not None:
        machine.native.hot = 1
    code = code_of(text)
    region = machine.memory.map_anonymous(at & -4096, 8192, permissions, "code")
    region.data[at & 4095 : (at & 4095) + len(code)] = code
    machine.cpu.registers[1] = RETURN
    return machine


def run(machine: Machine, start: int = CODE, **registers: int) -> str:
    """Runs until the end or a fault, of which it returns the report."""
    for name, value in registers.items():
        machine.cpu.registers[int(name[1:])] = value & (1 << 64) - 1
    machine.cpu.store()
    try:
        machine.run(start)
    except GuestFault as fault:
        return fault.render()
    except Exit:
        pass
    return ""


def both(prepare: Callable[[str], tuple[Machine, str]]) -> Machine:
    """Does the same under both executors, sees to it that the same comes out, returns the last."""
    expected, report = prepare("reference")
    machine, got = prepare("native")
    assert got == report
    assert state_of(machine) == state_of(expected)
    assert machine.native is not None
    return machine


# -- memory that comes and goes


def test_stubs_find_guest_memory_in_any_number_of_regions() -> None:
    text = """
        vsetivli t0, 4, e64, m1, ta, ma
    again:
        ld t1, 0(a0)
        vle64.v v1, (t1)
        vadd.vi v1, v1, 1
        vse64.v v1, (t1)
        addi a0, a0, 8
        addi a1, a1, -1
        bnez a1, again
        ret
    """
    count = 500
    order = np.random.default_rng(0).permutation(count)

    def prepare(executor: str) -> tuple[Machine, str]:
        machine = machine_with(text, executor)
        for number in order.tolist():
            machine.map(DATA + 8192 * number, 4096)
        table = machine.map(0x100000, 8 * count)
        places = DATA + 8192 * order.astype("u8") + 8
        table.data[: 8 * count] = places.tobytes()
        return machine, run(machine, x10=0x100000, x11=count)

    machine = both(prepare)
    assert machine.native.executed > 3 * count - 10
    assert machine.vector.executed < 10


CHANGES = """
    vsetivli t0, 8, e32, m1, ta, ma
    li s0, 6
again:
    vle32.v v1, (a0)
    vluxei32.v v2, (a0), v0
    vlseg2e32.v v4, (a0)
    vadd.vv v3, v3, v1
    vse32.v v3, (a1)
    vsse32.v v3, (a1), t0
    li a7, 1
    ecall
    addi s0, s0, -1
    bnez s0, again
    ret
"""


@pytest.mark.parametrize("change", ["remap", "unmap", "protect", "split", "grow"])
@pytest.mark.parametrize("target", [DATA, DATA + 0x10000])
def test_memory_that_changes_in_the_middle_of_a_run_is_what_stubs_access(
    change: str, target: int
) -> None:
    def prepare(executor: str) -> tuple[Machine, str]:
        machine = machine_with(CHANGES, executor)
        memory = machine.memory
        for base in (DATA, DATA + 0x10000):
            machine.map(base, 8192).data[:] = bytes(range(256)) * 32
        calls = []

        def system_call(_: Machine) -> None:
            calls.append(change)
            if len(calls) != 4:
                return
            match change:
                case "remap":
                    memory.unmap(target, 4096)
                    memory.map_anonymous(target, 4096, READ | WRITE, "new").data[:8] = b"12345678"
                case "unmap":
                    memory.unmap(target, 8192)
                case "protect":
                    memory.protect(target, 4096, READ)
                case "split":
                    memory.protect(target + 4096, 4096, READ)
                    memory.unmap(target + 4096, 4096)
                case "grow":
                    machine.map(target + 8192, 4096)

        machine.on_system_call = system_call
        report = run(machine, x10=DATA + 4096 - 64, x11=DATA + 0x10000 + 4096 - 32)
        return machine, report

    machine = both(prepare)
    assert machine.native.executed > 10


# -- code that changes


REWRITTEN = """
    mv s0, ra
    vsetivli t0, 8, e8, m1, ta, ma
    li s1, 6
again:
    jalr ra, 0(a0)
    vle8.v v1, (a1)
    ecall
    vse8.v v1, (a0)
    ecall
    fence.i
    addi a1, a1, 8
    addi s1, s1, -1
    bnez s1, again
    mv ra, s0
    ret
"""


@pytest.mark.parametrize("way", ["writable", "protected", "by the system"])
def test_code_that_was_rewritten_is_executed_as_it_is_now(way: str) -> None:
    """Scalar and vector instructions in turn, into memory from which others were executed."""
    place, source = 0x20000, 0x30000
    versions = [
        "addi s2, s2, 1", "vadd.vi v8, v8, 1", "vadd.vi v8, v8, 2", "addi s2, s2, 16",
        "vsub.vv v8, v8, v1", "vid.v v8", "vadd.vi v8, v8, 3",
    ]  # fmt: skip

    def prepare(executor: str) -> tuple[Machine, str]:
        machine = machine_with(REWRITTEN, executor)
        memory = machine.memory
        permissions = ALL if way == "writable" else READ | EXECUTE
        memory.map_anonymous(place, 4096, permissions, "changing")
        machine.map(source, 4096)
        memory.find(place).data[:8] = code_of(versions[0] + "\nret")
        memory.write(source, b"".join(code_of(v + "\nret") for v in versions[1:]))
        calls = []

        def system_call(machine: Machine) -> None:
            calls.append(way)
            match way:
                case "protected":
                    memory.protect(place, 4096, [READ | EXECUTE, READ | WRITE][len(calls) % 2])
                case "by the system" if len(calls) % 2:
                    memory.protect(place, 4096, READ | WRITE)
                    memory.write(place, memory.read(machine.cpu.registers[11], 8))
                case "by the system":
                    memory.protect(place, 4096, READ | EXECUTE)
                    machine.cpu.registers[10] = place

        machine.on_system_call = system_call
        return machine, run(machine, x10=place, x11=source)

    both(prepare)


def test_stores_over_the_next_instruction_take_effect() -> None:
    """Straight-line code in writable memory that replaces what follows."""
    text = """
        vsetivli t0, 4, e8, m1, ta, ma
        vle8.v v1, (a1)
        vse8.v v1, (a0)
        vadd.vi v2, v2, 1
        vadd.vi v2, v2, 1
        vadd.vi v2, v2, 1
        ret
    """

    def prepare(executor: str) -> tuple[Machine, str]:
        machine = machine_with(text, executor, permissions=ALL)
        machine.map(DATA, 4096).data[:4] = code_of("vsub.vv v2, v2, v1")
        reports = [run(machine, x10=CODE + 12 + 4 * i, x11=DATA) for i in (0, 0, 1, 2)]
        return machine, "".join(reports)

    machine = both(prepare)
    assert machine.native.executed == 0


# -- places of code


@pytest.mark.parametrize("beyond", [0, EXECUTE, READ | WRITE])
@pytest.mark.parametrize("shift", [0, 2])
def test_vector_code_may_run_up_to_the_end_of_its_region_and_into_the_next(
    beyond: int, shift: int
) -> None:
    count = 64

    def prepare(executor: str) -> tuple[Machine, str]:
        machine = Machine(256, executor=executor)
        if machine.native is not None:
            machine.native.hot = 1
        code = code_of("vadd.vi v1, v1, 1\n" * count)
        first = machine.memory.map_anonymous(CODE, 4096, READ | EXECUTE, "code")
        at = 4096 - len(code) // 2 - shift
        first.data[at:] = code[: 4096 - at]
        if beyond:
            rest = machine.memory.map_anonymous(CODE + 4096, 4096, beyond | READ, "more")
            tail = code[4096 - at :] + code_of("ret")
            rest.data[: len(tail)] = tail
        machine.vector.config = machine.vector.configuration(0, 32)
        machine.cpu.registers[1] = RETURN
        return machine, "".join(run(machine, CODE + at) for _ in range(3))

    both(prepare)


def test_vector_code_at_an_odd_address_is_pythons() -> None:
    """Machine mode's mret jumps to where jalr cannot."""
    text = "csrw mepc, a0\nli t0, 0x1800\ncsrs mstatus, t0\nmret"

    def prepare(executor: str) -> tuple[Machine, str]:
        machine = machine_with(text, executor)
        code = machine.memory.find(CODE)
        body = code_of("vsetivli t0, 8, e8, m1, ta, ma\nvadd.vi v1, v1, 1\nvadd.vi v1, v1, 1\nret")
        code.data[0x101 : 0x101 + len(body)] = body
        return machine, "".join(run(machine, x10=CODE + 0x101) for _ in range(3))

    both(prepare)


def test_code_of_a_gigabyte_takes_no_memory_for_what_is_not_executed() -> None:
    size = 1 << 30
    text = "vsetivli t0, 8, e8, m1, ta, ma\nvadd.vi v1, v1, 1\njalr t1, 0(a0)"
    more = "vadd.vi v1, v1, 3\nvadd.vv v2, v2, v1\nret"

    def prepare(executor: str) -> tuple[Machine, str]:
        machine = Machine(256, executor=executor)
        if machine.native is not None:
            machine.native.hot = 1
        region = machine.memory.map_anonymous(1 << 32, size, READ | EXECUTE, "code")
        for at, part in ((0, text), (size - 4096, more)):
            code = code_of(part)
            region.data[at : at + len(code)] = code
        machine.cpu.registers[1] = RETURN
        reports = [run(machine, 1 << 32, x10=(1 << 32) + size - 4096) for _ in range(3)]
        machine.memory.unmap(1 << 32, size)
        return machine, "".join(reports)

    machine = both(prepare)
    assert machine.native.executed > 3


def test_starting_anew_when_there_is_no_room_for_stubs_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state, "MAX_STUBS", 5)
    for seed in range(3):
        expected, _ = outcome("reference", 256, seed, 60)
        got, native = outcome("native", 256, seed, 60)
        assert got == expected
        assert native > 20
    monkeypatch.setattr(state, "MAX_STUBS", 1 << 14)
    monkeypatch.setattr(native_executor, "PAGE_BYTES", 14 << 10)
    expected, _ = outcome("reference", 256, 4, 60)
    got, _ = outcome("native", 256, 4, 60)
    assert got == expected


def test_what_python_raises_between_stubs_is_raised_after_the_run() -> None:
    machine = machine_with("vsetivli t0, 8, e8, m1, ta, ma\nret", "native")

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    machine.native._write_stub = fail
    with pytest.raises(ZeroDivisionError):
        run(machine)


# -- addresses


ACCESSES = [
    e for e in encodings().values()
    if e.extension == "V" and e.flags & {"load", "store"} and e.nf in (1, 2, 8)
]  # fmt: skip
EDGES = [
    0, 1, 8, 4095, 4096, DATA - 1, DATA - 64, DATA, DATA + 4095, DATA + 4096, (1 << 63) - 4096,
    (1 << 63) - 1, 1 << 63, (1 << 63) + 8, (1 << 64) - 4096, (1 << 64) - 64, (1 << 64) - 8,
    (1 << 64) - 1, 1 << 32, (1 << 32) - 1, 1 << 31, (1 << 47) - 8, 1 << 47, 0xFFFF_8000_0000_0000,
]  # fmt: skip
STEPS = [
    0, 1, -1, 8, -8, 4096, -4096, 1 << 31, -(1 << 31), 1 << 32, 1 << 47, (1 << 63) - 1, -(1 << 63),
    1 << 61, 1 << 60, -(1 << 61), (1 << 64) // 3,
]  # fmt: skip


def random_access(rng: np.random.Generator) -> int:
    encoding = ACCESSES[int(rng.integers(len(ACCESSES)))]
    operands = {}
    for field in encoding.fields:
        match field.name:
            case "vd" | "vs3":
                value = int(rng.choice([8, 16, 24]))
            case "vs2":
                value = 0 if operands.get("vm") == 0 else 8
            case "rs1":
                value = A0
            case "rs2":
                value = A1
            case _:
                value = int(rng.integers(field.minimum, field.maximum + 1))
        operands[field.name] = value
    return encoding.encode(operands)


def pick(rng: np.random.Generator, items: list[int]) -> int:
    return items[int(rng.integers(len(items)))]


def test_addresses_that_wrap_around_or_are_anywhere_reach_nothing_but_guest_memory() -> None:
    """One instruction after the other, with addresses, strides and indices at the edges.

    The regions are at the lowest address, at an ordinary one, and as high as one can be.
    """
    rng = np.random.default_rng(0)
    machines = []
    for executor in ("reference", "native"):
        machine = machine_with("vsetvl zero, a3, a4\nvid.v v2\nret", executor)
        for base in (0, DATA, (1 << 63) - 4096):
            machine.map(base, 4096).data[:] = bytes(range(256)) * 16
        machines.append(machine)
    place = CODE + 4
    for number in range(150):
        word = random_access(rng)
        for machine in machines:
            machine.memory.protect(CODE, 8192, READ | WRITE)
            machine.memory.write(place, word.to_bytes(4, "little"))
            machine.memory.protect(CODE, 8192, READ | EXECUTE)
        vtype = pick(rng, [0, 8, 16, 24]) | pick(rng, [0, 1, 0, 3, 7])
        for _ in range(6):
            length = pick(rng, [0, 1, 2, 5, 8, 40])
            base = pick(rng, EDGES) + pick(rng, [0, 0, 1, -8, 16])
            step = pick(rng, STEPS)
            indices = rng.integers(0, 4000, 32, np.uint64)
            if rng.random() < 0.5:
                wild = np.array([x & (1 << 64) - 1 for x in EDGES + STEPS], np.uint64)
                indices = rng.choice(wild, 32)
            mask = rng.integers(0, 256, 32, np.uint8)
            results = []
            for machine in machines:
                machine.vector.file[:32], machine.vector.file[256:512] = mask, indices.view("u1")
                report = run(machine, x10=base, x11=step, x13=length, x14=vtype)
                results.append((report, state_of(machine)))
            assert results[0] == results[1], f"case {number}: {word:#x}"
    assert machines[1].native.executed > 500
