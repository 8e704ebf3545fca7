"""A program ends after exactly as many instructions as it may execute, and a fault counts none."""

from __future__ import annotations

import io
import re
from collections import Counter
from functools import cache

import numpy as np
import pytest
from test_device import CODE, code_of

from fleet.emu import counting
from fleet.emu.device import Device
from fleet.emu.faults import GuestFault, LimitReached
from fleet.emu.machine import EXECUTORS
from fleet.emu.observer import Trace

DATA = 0x100000

# Scalar loops, vector instructions alone and in runs, settings and CSRs within runs, stores.
MIXED = """
    li s0, 1000
outer:
    li s1, 3
inner:
    addi s1, s1, -1
    add s2, s2, s1
    bnez s1, inner
    vsetivli t0, 4, e32, m1, ta, ma
    vadd.vi v1, v1, 1
    vadd.vv v2, v2, v1
    csrr t1, vl
    vsetvli t0, t1, e16, m1, ta, ma
    vadd.vx v3, v3, s0
    vse16.v v3, (a1)
    lhu t2, 0(a1)
    vmv.x.s t3, v2
    add s2, s2, t2
    vmul.vv v4, v3, v2
    addi s0, s0, -1
    bnez s0, outer
    ret
"""

STRAIGHT = "vsetivli t0, 4, e32, m1, ta, ma\n" + "vadd.vi v1, v1, 1\n" * 900 + "ret"

ENDLESS = [
    "j .",
    "vsetivli t0, 4, e32, m1, ta, ma\nvadd.vv v1, v1, v1\nj .-4",
    "li a0, 9\nagain: auipc a1, 0\njr a1",
]

code_of = cache(code_of)


def device_with(text: str, **options: int | str) -> Device:
    device = Device(vlen=128, **options)
    device.machine.load(CODE, code_of(text))
    device.machine.map(DATA, 4096)
    return device


def addresses(text: str, most: int) -> list[int]:
    """Where the first instructions of a program are, by a trace."""
    device = device_with(text)
    out = io.StringIO()
    trace = Trace(device.machine, out, f"1-{most}")
    device.call(CODE, [0, DATA])
    trace.close()
    return [int(line.split()[1], 16) for line in out.getvalue().splitlines()]


def state(device: Device) -> tuple[object, ...]:
    machine = device.machine
    return (
        list(machine.cpu.registers[:65]), machine.vector.file.tobytes(), machine.setting(),
        bytes(device.view(DATA, "u1", 4096)),
    )  # fmt: skip


@pytest.mark.parametrize("text", [MIXED, STRAIGHT], ids=["mixed", "straight"])
def test_exactly_so_many_instructions_are_executed(text: str) -> None:
    places = addresses(text, 900)
    rng = np.random.default_rng(1)
    for limit in [*range(1, 24), *sorted(rng.integers(24, 890, 8).tolist())]:
        states = []
        for executor in EXECUTORS:
            device = device_with(text, executor=executor, max_instructions=limit)
            with pytest.raises(GuestFault, match=f"more than {limit} instructions") as caught:
                device.call(CODE, [0, DATA])
            assert device.stats.instructions == limit
            assert caught.value.pc == places[limit]
            states.append(state(device))
            with pytest.raises(GuestFault, match="more than"):
                device.call(CODE, [0, DATA])
            assert device.stats.instructions == limit
        assert states[0] == states[1]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_program_that_needs_all_of_its_limit_ends_well(executor: str) -> None:
    for text in (MIXED, STRAIGHT):
        count = len(addresses(text, 1 << 20))
        device = device_with(text, executor=executor, max_instructions=count)
        device.call(CODE, [0, DATA])
        assert device.stats.instructions == count
        device = device_with(text, executor=executor, max_instructions=count - 1)
        with pytest.raises(GuestFault, match="more than"):
            device.call(CODE, [0, DATA])
        assert device.stats.instructions == count - 1


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("text", ENDLESS)
def test_an_endless_loop_ends_at_the_limit(text: str, executor: str) -> None:
    for limit in (1000, 200_001):
        device = device_with(text, executor=executor, max_instructions=limit)
        with pytest.raises(GuestFault, match="more than"):
            device.call(CODE)
        assert device.stats.instructions == limit
        vectors = device.stats.vector_instructions
        assert abs(vectors - limit // 2) < 2 if "vadd" in text else vectors == 0


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_limit_holds_where_a_program_writes_its_own_code(executor: str) -> None:
    for limit in (10, 5003):
        device = Device(vlen=128, executor=executor, max_instructions=limit)
        region = device.memory.map_anonymous(CODE, 4096, 7, "code")
        body = code_of("""
            li a3, 0
            vsetivli t0, 4, e32, m1, ta, ma
        again:
            vadd.vi v1, v1, 1
            vadd.vi v1, v1, 1
            sw a1, 16(a0)
            addi a3, a3, 1
            j again
        """)
        region.data[: len(body)] = body
        nop = int.from_bytes(code_of("nop"), "little")
        with pytest.raises(GuestFault, match="more than"):
            device.call(CODE, [CODE, nop])
        assert device.stats.instructions == limit


def test_what_another_machine_executes_counts_for_the_limit() -> None:
    device = device_with("addi a0, a0, 1\nret", max_instructions=100)
    device.machine.charge()
    for _ in range(33):
        assert device.call(CODE, [1]) == 2
        device.machine.charge()
    assert device.stats.instructions == 66
    with pytest.raises(LimitReached, match="more than 100 instructions"):
        device.machine.charge()
    with pytest.raises(GuestFault, match="more than 100 instructions"):
        device.call(CODE, [1])


@pytest.mark.parametrize("executor", EXECUTORS)
def test_what_faults_is_not_counted_nor_what_would_have_followed(executor: str) -> None:
    bad = {
        "ld a2, 0(zero)": "bad read", "sd a2, 0(zero)": "bad write", ".word 0": "illegal",
        "ebreak": "breakpoint", "ecall": "system call", ".word 0x10500073": "illegal",
        "vle32.v v1, (zero)": "bad read", "vse32.v v1, (zero)": "bad write",
    }  # fmt: skip
    for text, cause in bad.items():
        for before in ("", "vadd.vv v1, v1, v1\n", "nop\n", "vadd.vv v1, v1, v1\nnop\n"):
            head = "vsetivli t0, 4, e32, m1, ta, ma\nnop\n" + before
            device = device_with(
                head + text + "\nnop\nvadd.vv v1, v1, v1\nnop\nret",
                executor=executor, count_instructions=True,
            )  # fmt: skip
            device.machine.count_by_address()
            for times in (1, 2, 3, 4):
                with pytest.raises(GuestFault, match=re.escape(cause)) as caught:
                    device.call(CODE)
                count = len(head.splitlines())
                assert caught.value.pc == CODE + 4 * count
                assert device.stats.instructions == times * count
                places: Counter[int] = Counter()
                for row in device.machine.executions():
                    places[row.address] += row.count
                assert places == {CODE + 4 * i: times for i in range(count)}


def test_counts_survive_that_memory_is_unmapped_and_protected() -> None:
    device = device_with("addi a0, a0, 1\nj .+4\naddi a0, a0, 1\nret", count_instructions=True)
    device.call(CODE)
    device.memory.protect(CODE, 4096, 7)
    device.call(CODE)
    device.memory.protect(CODE, 4096, 5)
    device.call(CODE)
    device.memory.unmap(CODE, 4096)
    assert device.stats.instructions == 12
    assert sum(row.count for row in device.machine.executions()) == 12


def counted(device: Device) -> dict[int, int]:
    """Scalar instructions by address."""
    return {row.address: row.count for row in device.machine.blocks.executions()}


def test_counts_are_exact_while_blocks_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose counts are kept by address, and beyond many addresses without them."""
    text = "addi a0, a0, 1\nj .+4\n" * 50 + "vsetivli t0, 4, e32, m1, ta, ma\nnop\nret"
    expected = device_with(text, count_instructions=True)
    for _ in range(4):
        expected.call(CODE, [0])
    for slots, blocks, places in ((8, 8, 1 << 20), (16, 1 << 20, 1 << 20), (8, 16, 20)):
        monkeypatch.setattr(counting, "_LEAST_SLOTS", slots)
        monkeypatch.setattr(counting, "_MOST_BLOCKS", blocks)
        monkeypatch.setattr(counting, "_MOST_PLACES", places)
        device = device_with(text, count_instructions=True)
        for _ in range(4):
            assert device.call(CODE, [0]) == 50
        assert device.stats.total == expected.stats.total
        if places > 1000:
            assert counted(device) == counted(expected)


def test_code_that_changes_all_the_time_is_counted_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(counting, "_MOST_CHANGEABLE", 8)
    device = Device(vlen=128, count_instructions=True)
    region = device.memory.map_anonymous(CODE, 4096, 7, "code")
    body = code_of("""
        li a3, 100
    again:
        addi a0, a0, 0
        lw a4, 4(a5)                    # the immediate of the instruction above grows by one
        add a4, a4, a1
        sw a4, 4(a5)
        addi a3, a3, -1
        bnez a3, again
        ret
    """)
    region.data[: len(body)] = body
    device.machine.cpu.registers[15] = CODE
    assert device.call(CODE, [0, 1 << 20, 0, 0, 0, CODE]) == sum(range(100))
    counts = device.stats.total
    assert (counts.instructions, counts.loads, counts.stores) == (602, 100, 100)


def test_thousands_of_blocks_are_counted() -> None:
    """More than the table of blocks has room for at first."""
    count = 9000
    text = "addi a0, a0, 1\nj .+4\n" * count + "ret"
    device = device_with(text, count_instructions=True)
    for times in (1, 2, 3):
        assert device.call(CODE, [0]) == count
        assert device.stats.instructions == times * (2 * count + 1)
