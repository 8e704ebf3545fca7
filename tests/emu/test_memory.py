"""Guest memory: regions, views, and accesses that span regions."""

from __future__ import annotations

import numpy as np
import pytest

from fleet.asm.assembler import assemble
from fleet.diagnostics import FleetError
from fleet.emu.faults import AccessFault
from fleet.emu.machine import STOP, Machine
from fleet.emu.memory import EXECUTE, PAGE, READ, WRITE, Memory, Region

BASE = 0x100000


@pytest.fixture
def memory() -> Memory:
    """Two regions that touch, the second read-only, and one apart."""
    memory = Memory(lambda region: None)
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


def test_vector_accesses_span_regions() -> None:
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
        machine = Machine(256)
        body = f".option norvc\nvsetvli t0, zero, e32, m4, ta, ma\nvmset.m v0\n{text}\nret"
        code = next(s.data for s in assemble(body).sections if s.name == ".text")
        machine.load(0x10000, bytes(code))
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
        machine.cpu.store()
        machine.run(0x10000)
        assert machine.memory.read(2 * BASE + place, 128) == data, text
        assert bytes(regions[3].data[66:]) == bytes(PAGE - 66)
