"""Guest memory: regions, views, and accesses that span regions."""

from __future__ import annotations

import random
import resource
from pathlib import Path

import numpy as np
import pytest

from fleet.asm.assembler import assemble
from fleet.asm.objects.elf import EHDR, PHDR
from fleet.diagnostics import FleetError
from fleet.emu.device import Device
from fleet.emu.faults import AccessFault, GuestFault
from fleet.emu.host_memory import PAGE
from fleet.emu.machine import EXECUTORS, STOP, Machine
from fleet.emu.memory import EXECUTE, READ, WRITE, Memory, Region

BASE = 0x100000


@pytest.fixture
def memory() -> Memory:
    """Two regions that touch, the second read-only, and one apart."""
    memory = Memory()
    memory.map_anonymous(BASE, PAGE, READ | WRITE, "first")
    memory.map_anonymous(BASE + PAGE, PAGE, READ, "second")
    memory.map_anonymous(BASE + 4 * PAGE, PAGE, READ | WRITE, "third")
    return memory


def test_the_region_of_an_address_is_found(memory: Memory) -> None:
    def name(address: int) -> str | None:
        region = memory.find(address)
        return region.name if region else None

    assert [name(BASE + offset) for offset in (-1, 0, PAGE - 1, PAGE, 2 * PAGE - 1, 2 * PAGE)] == [
        None, "first", "first", "second", "second", None
    ]  # fmt: skip
    assert name(BASE + 4 * PAGE) == "third"
    assert name(BASE + 5 * PAGE) is None


def test_reading_spans_regions_and_writing_respects_permissions(memory: Memory) -> None:
    memory.regions[1].data[:4] = b"wxyz"
    memory.write(BASE + PAGE - 4, b"abcd")
    assert memory.read(BASE + PAGE - 4, 8) == b"abcdwxyz"
    with pytest.raises(AccessFault, match=f"bad write of 4 bytes at {BASE + PAGE:#x}"):
        memory.write(BASE + PAGE - 4, b"12345678")
    assert memory.read(BASE + PAGE - 4, 4) == b"abcd"
    with pytest.raises(AccessFault, match=f"bad read of 8 bytes at {BASE + 2 * PAGE:#x}"):
        memory.read(BASE + 2 * PAGE - 8, 16)
    with pytest.raises(AccessFault, match="bad fetch"):
        memory.read(BASE, 4, EXECUTE)


def test_reach_says_how_much_is_accessible(memory: Memory) -> None:
    assert memory.reach(BASE, 10 * PAGE, READ) == 2 * PAGE
    assert memory.reach(BASE, 10 * PAGE, WRITE) == PAGE
    assert memory.reach(BASE + 1, 5, READ) == 5
    assert memory.reach(0, 1, READ) == 0


@pytest.mark.parametrize(
    ("base", "size"),
    [(BASE, PAGE), (BASE - PAGE, 2 * PAGE), (BASE + PAGE, PAGE), (BASE - PAGE, 16 * PAGE),
     (BASE + 8, PAGE), ((1 << 63) - PAGE, 2 * PAGE)],
)  # fmt: skip
def test_regions_are_whole_pages_and_do_not_overlap(memory: Memory, base: int, size: int) -> None:
    with pytest.raises(FleetError, match="cannot map"):
        memory.map_anonymous(base, size, READ, "another")
    assert len(memory.regions) == 3


def test_a_view_shares_the_bytes(memory: Memory) -> None:
    memory.view(BASE + 8, "<f8", 2)[:] = (1.5, -2.5)
    assert np.frombuffer(memory.read(BASE + 8, 16), "<f8").tolist() == [1.5, -2.5]
    assert memory.view(BASE + 3, "u1", 0).size == 0


def code_of(text: str) -> bytes:
    sections = assemble(".option norvc\n" + text).sections
    return bytes(next(section.data for section in sections if section.name == ".text"))


def test_a_large_executable_is_mapped_and_not_read(tmp_path: Path) -> None:
    """Constants of 4 GiB, a hole in the file, of which the program reads a few bytes."""
    constants, base, data = 4 << 30, 0x10000, 0x100000
    path = tmp_path / "large"
    text = "lw a1, 0(a0)\nvsetivli t0, 4, e32, m1, ta, ma\nvle32.v v1, (a0)\nvmv.x.s a0, v1\nret"
    segments = [(5, 0, base, 4096), (4, 4096, data, constants)]
    with open(path, "wb") as file:
        file.write(EHDR.pack(
            b"\x7fELF\x02\x01\x01".ljust(16, b"\0"), 2, 243, 1, base + 0x200, EHDR.size, 0, 5,
            EHDR.size, PHDR.size, len(segments), 0, 0, 0,
        ))  # fmt: skip
        for flags, offset, address, size in segments:
            file.write(PHDR.pack(1, flags, offset, address, address, size, size, 4096))
        file.seek(0x200)
        file.write(code_of(text))
        file.seek(4096 + constants - 16)
        file.write((7).to_bytes(16, "little"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    device = Device(path)
    place = data + constants - 16
    assert [device.call(base + 0x200, [place]) for _ in range(3)] == [7, 7, 7]
    assert device.view(data + (1 << 30), "u1", 4096).sum() == 0
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64 << 10, f"{grown} KiB"
    with pytest.raises(GuestFault, match="bad read"):
        device.call(base + 0x200, [place + 8])


@pytest.mark.parametrize("executor", EXECUTORS)
def test_vector_accesses_span_regions(executor: str) -> None:
    """Loads and stores of every kind across two regions that touch."""
    accesses = (
        "vle32.v v8, (a0)\nvse32.v v8, (a1)",
        "vle32.v v8, (a0), v0.t\nvse32.v v8, (a1), v0.t",
        "vle32ff.v v8, (a0)\nvse32.v v8, (a1)",
        "vlse32.v v8, (a0), a2\nvsse32.v v8, (a1), a2",
        "vluxei32.v v8, (a0), v16\nvsuxei32.v v8, (a1), v16",
        "vlseg2e16.v v8, (a0)\nvsseg2e16.v v8, (a1)",
        "vl4re8.v v8, (a0)\nvs4r.v v8, (a1)",
    )
    for text in accesses:
        machine = Machine(256, executor=executor)
        setting = "vsetvli t0, zero, e32, m4, ta, ma\nvmset.m v0"
        machine.load(0x10000, code_of(f"{setting}\n{text}\nret"))
        regions: list[Region] = [
            machine.map(address, PAGE) for address in (BASE, BASE + PAGE, 2 * BASE, 2 * BASE + PAGE)
        ]
        place = PAGE - 62
        data = np.random.default_rng(1).integers(0, 256, 128, np.uint8).tobytes()
        machine.memory.write(BASE + place, data)
        machine.vector.file.view("u4")[16 * 8 : 20 * 8] = np.arange(32) * 4
        registers = machine.cpu.registers
        registers[1], registers[10], registers[11] = STOP, BASE + place, 2 * BASE + place
        registers[12] = 4
        for _ in range(4):
            machine.memory.write(2 * BASE + place, bytes(128))
            machine.cpu.store()
            machine.run(0x10000)
            assert machine.memory.read(2 * BASE + place, 128) == data, text
            assert bytes(regions[3].data[66:]) == bytes(PAGE - 66)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_code_that_was_discarded_is_gone(executor: str) -> None:
    machine = Machine(128, executor=executor)
    if machine.native is not None:
        machine.native.hot = 1
    text = "vsetivli t0, 4, e32, m1, ta, ma\nvadd.vi v1, v1, 1\nvadd.vi v1, v1, 1\nret"
    machine.load(0x10000, code_of(text))
    registers = machine.cpu.registers
    for _ in range(4):
        registers[1] = STOP
        machine.run(0x10000)
    machine.memory.discard(0x10000, PAGE)
    for start in (0x10000, 0x10004):
        with pytest.raises(GuestFault, match="illegal instruction") as fault:
            machine.run(start)
        assert fault.value.pc == start


@pytest.mark.parametrize("counting", [False, True])
@pytest.mark.parametrize("change", ["protect", "unmap"])
def test_code_that_ran_before_cannot_run_when_it_is_no_code_any_more(
    change: str, counting: bool
) -> None:
    machine = Machine(128, count_instructions=counting)
    machine.load(0x10000, code_of("addi a0, a0, 1\nret"))
    machine.load(0x20000, code_of("ecall\njr a1"))

    def take_away(machine: Machine) -> None:
        if change == "protect":
            machine.memory.protect(0x10000, PAGE, READ)
        else:
            machine.memory.unmap(0x10000, PAGE)

    machine.on_system_call = take_away
    registers = machine.cpu.registers
    registers[1], registers[11] = STOP, 0x10000
    machine.run(0x10000)
    with pytest.raises(GuestFault, match="bad fetch of 2 bytes at 0x10000"):
        machine.run(0x20000)
    assert registers[10] == 1


def test_neighbours_of_one_kind_become_one(memory: Memory) -> None:
    base = 64 << 20
    memory.reserve(base // 2, base)
    memory.map_anonymous(base, PAGE, READ | WRITE, "growing")
    memory.map_anonymous(base + 2 * PAGE, PAGE, READ | WRITE, "growing")
    added = memory.map_anonymous(base + PAGE, PAGE, READ | WRITE, "growing")
    assert (added.base, added.size) == (base + PAGE, PAGE)
    whole = memory.find(base)
    assert (whole.base, whole.size) == (base, 3 * PAGE)
    memory.write(base + PAGE - 4, b"ABCDEFGH")
    assert bytes(added.data[:4]) == b"EFGH"
    memory.map_anonymous(base + 3 * PAGE, PAGE, READ, "growing")
    memory.map_anonymous(base - PAGE, PAGE, READ | WRITE, "another")
    assert memory.find(base + 2 * PAGE).end == base + 3 * PAGE
    assert memory.find(base - PAGE).size == PAGE
    memory.unmap(base + PAGE, PAGE)
    assert [memory.find(base + i * PAGE) is None for i in range(3)] == [False, True, False]
    memory.map_anonymous(base + PAGE, PAGE, READ | WRITE, "growing")
    assert memory.read(base + PAGE - 4, 8) == b"ABCD\0\0\0\0"


@pytest.mark.parametrize("seed", range(6))
def test_every_access_is_checked_however_memory_changes(seed: int) -> None:
    """Loads and stores by Unicorn, which remembers pages, between changes of what is mapped."""
    choose = random.Random(seed)
    machine = Machine(256)
    machine.load(0x10000, code_of("sb a1, (a0)\nret\nlb a1, (a0)\nret"))
    memory, pages = machine.memory, [BASE + index * PAGE for index in range(12)]
    for _ in range(400):
        page, count = choose.choice(pages), choose.randrange(1, 4)
        size = min(count * PAGE, pages[-1] + PAGE - page)
        action = choose.random()
        if action < 0.1:
            memory.unmap(page, size)
        elif action < 0.2 and memory.room(size, page + size, page) is not None:
            memory.map_anonymous(page, size, choose.choice((READ, READ | WRITE, 7)), "some")
        elif action < 0.3 and memory.reach(page, size, 7) == size:
            memory.protect(page, size, choose.choice((0, READ, READ | WRITE, 7)))
        address = choose.choice(pages) + choose.randrange(PAGE)
        stores = choose.random() < 0.5
        region = memory.find(address)
        allowed = region is not None and region.permissions & (WRITE if stores else READ)
        registers = machine.cpu.registers
        registers[1], registers[10], registers[11] = STOP, address, 0x5A
        machine.cpu.store()
        try:
            machine.run(0x10000 if stores else 0x10008)
        except GuestFault as fault:
            assert not allowed
            assert fault.cause == f"bad {'write' if stores else 'read'} of 1 bytes at {address:#x}"
        else:
            assert allowed
            if stores:
                assert memory.read(address, 1, 7) == b"Z"
