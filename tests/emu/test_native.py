"""The native executor does to the last bit what the reference executor does."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from test_device import AXPY, code_of

from fleet.asm.isa.table import encodings
from fleet.emu.device import Device
from fleet.emu.faults import GuestFault
from fleet.emu.machine import Machine
from fleet.emu.native.executor import unusable
from fleet.emu.native.stubs.rules import RULES

pytestmark = pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable")

CODE, DATA, BYTES = 0x10000, 0x100000, 1 << 16
STEMS = set(RULES)
SPECIAL = {
    4: [0, 1 << 31, 1, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 0xFFC00123, 0x7F7FFFFF,
        0x00800000, 0x3F800000, 0x4F000000, 0xCF000000, 0x3EFFFFFF],
    8: [0, 1 << 63, 1, 0x7FF << 52, 0xFFF << 52, 0x7FF8 << 48, 0x7FF << 52 | 1, 0x7FEF << 48,
        1 << 52, 0x3FF << 52],
}  # fmt: skip


def values(rng: np.random.Generator, size: int) -> np.ndarray:
    """Bytes: random bits, special floats of both widths, and ordinary ones."""
    parts = []
    for _ in range(size // 64):
        match rng.integers(5):
            case 0:
                part = rng.integers(0, 256, 64, np.uint8)
            case 1:
                part = rng.choice(np.array(SPECIAL[4], "u4"), 16)
            case 2:
                part = rng.choice(np.array(SPECIAL[8], "u8"), 8)
            case 3:
                part = (rng.standard_normal(16) * 10.0 ** rng.integers(-3, 4)).astype("f4")
            case _:
                part = rng.standard_normal(8)
        parts.append(part.view(np.uint8))
    return np.concatenate(parts)


def one(rng: np.random.Generator, items: list[int]) -> int:
    return items[int(rng.integers(len(items)))]


def random_loop(rng: np.random.Generator) -> bytes:
    """A loop of vector instructions, some illegal, that runs four times."""
    known = [e for e in encodings().values() if e.extension == "V"]
    preferred = [e for e in known if e.stem in STEMS]
    words = []
    for _ in range(rng.integers(5, 40)):
        pick = rng.random()
        if pick < 0.2:
            vtype = int(rng.integers(0, 4)) << 3 | one(rng, [0, 0, 1, 2, 3, 7, 6, 5])
            vtype |= int(rng.integers(4)) << 6
            words.append(vtype << 20 | int(rng.integers(10, 18)) << 15 | 7 << 12 | 0x57)
            continue
        choices = preferred if pick < 0.9 else known
        encoding = choices[int(rng.integers(len(choices)))]
        word = encoding.match
        for field in encoding.fields:
            value = int(rng.integers(field.minimum, field.maximum + 1))
            if field.name in ("vd", "vs1", "vs2", "vs3"):
                value &= one(rng, [31, 28, 24])
            elif field.name == "rs1" and encoding.flags & {"load", "store"}:
                value = one(rng, [18, 18, 18, 19, 20, 21])
            elif field.name == "rs2" and encoding.flags & {"load", "store"}:
                value = int(rng.integers(22, 26))
            elif field.name == "rd":
                value = one(rng, [0, 5, 6])
            if field.accepts(value):
                word |= field.insert(value)
        words.append(word)
    tail = code_of(f"addi s11, s11, -1\nbnez s11, .-{4 * len(words) + 4}\nret")
    return np.array(words, "<u4").tobytes() + tail


def outcome(executor: str, vlen: int, seed: int) -> dict[str, object]:
    """What a random loop leaves behind, continued after each fault."""
    rng = np.random.default_rng(seed)
    machine = Machine(vlen, count_instructions=True, executor=executor)
    if machine.native is not None:
        machine.native.hot = 1
    code = random_loop(rng)
    machine.load(CODE, code)
    data = machine.map(DATA, BYTES)
    data.data[:] = values(rng, BYTES)
    machine.vector.file[:] = values(rng, 32 * vlen // 8 + 64)[: 32 * vlen // 8]
    registers = machine.cpu.registers
    for number in range(32):
        registers[32 + number] = (
            one(rng, SPECIAL[8]) if rng.random() < 0.3 else 0xFFFFFFFF << 32 | one(rng, SPECIAL[4])
        )
    lengths = [0, 1, 3, 7, 16, 33, 100, 1 << 62]
    registers[10], registers[11] = int(rng.integers(0, vlen)), one(rng, lengths)
    for number in range(12, 18):
        registers[number] = one(rng, lengths + [-1, 1 << 31]) & (1 << 64) - 1
    registers[18] = DATA + BYTES // 2 + int(rng.integers(0, 64))
    registers[19] = DATA + BYTES - int(rng.integers(0, 300))
    registers[20] = int(rng.integers(1 << 63)) * 2
    registers[21] = one(rng, [0, CODE, DATA - 8, (1 << 64) - 4, 1 << 63, 0x7FFF_0000_0000])
    strides = [0, 4, 8, -8, -4, 3, 64, 1 << 40, 1 << 62, -(1 << 61)]
    for number in range(22, 26):
        registers[number] = one(rng, strides) & (1 << 64) - 1
    registers[1], registers[27] = 0x1000, 4
    faults = []
    start = CODE
    for _ in range(200):
        machine.cpu.store()
        try:
            machine.run(start)
            break
        except GuestFault as fault:
            faults.append((fault.pc, fault.cause, fault.setting))
            start = fault.pc + 4
    native = machine.native.executed if machine.native is not None else 0
    return {
        "faults": faults, "native": native, "registers": list(registers[:65]),
        "flags": machine.cpu.flags, "config": machine.setting(), "counts": machine.stats().vector,
        "instructions": machine.stats().instructions, "vxsat": machine.vector.vxsat,
        "vectors": machine.vector.file.tobytes(), "memory": bytes(data.data),
        "code": bytes(machine.memory.read(CODE, len(code))),
    }  # fmt: skip


@pytest.mark.parametrize("vlen", [128, 256, 1024, 4096])
def test_random_loops_hostile_ones_too_end_in_the_same_state(vlen: int) -> None:
    executed = 0
    for seed in (*range(12), 1184, 1210, 1220):  # the last ones found something
        expected, got = outcome("reference", vlen, seed), outcome("native", vlen, seed)
        executed += got.pop("native")
        expected.pop("native")
        assert [key for key in expected if expected[key] != got[key]] == [], f"seed {seed}"
    assert executed > 150


def test_a_kernel_is_right_for_every_length_and_its_instructions_are_counted() -> None:
    for vlen in (128, 256, 512, 1024, 4096, 65536):
        counts: list[Counter[str]] = []
        for executor in ("reference", "native"):
            device = Device(vlen=vlen, executor=executor, count_instructions=True)
            device.machine.load(CODE, code_of(AXPY))
            base = device.map_arena(64 << 10)
            x, y = device.view(base, "f4", 5000), device.view(base + 32768, "f4", 5000)
            x[:], y[:] = np.random.default_rng(0).standard_normal((2, 5000))
            expected = y.copy()
            for count in (1, 7, 8, 9, 31, 32, 33, 100, 257, 1000, 4099):
                device.machine.cpu.registers[42] = 0xFFFF_FFFF_3FC0_0000
                device.call(CODE, [count, base, base + 32768])
                expected[:count] = (x[:count].astype("f8") * 1.5 + expected[:count]).astype("f4")
                assert np.array_equal(y, expected)
            counts.append(device.stats.vector + Counter(all=device.stats.instructions))
        assert counts[0] == counts[1]


def test_memory_that_was_unmapped_or_protected_is_not_accessed() -> None:
    """A stub remembers the region that it accessed last."""
    text = "vsetivli t0, 4, e32, m1, ta, ma\nvle32.v v1, (a0)\nvse32.v v1, (a0)\nret"
    for change in ("unmap", "protect"):
        device = Device(executor="native")
        device.machine.load(CODE, code_of(text))
        device.memory.map_anonymous(DATA, BYTES, 3, "data")
        for _ in range(5):
            device.call(CODE, [DATA])
        assert device.machine.native.executed > 0
        if change == "unmap":
            device.memory.unmap(DATA, BYTES)
        else:
            device.memory.protect(DATA, BYTES, 1)
        with pytest.raises(GuestFault, match="bad read" if change == "unmap" else "bad write"):
            device.call(CODE, [DATA])


def test_executions_and_elements_are_those_of_the_reference_executor_at_each_address() -> None:
    expected: Counter[tuple[int, str, str]] = Counter()
    for executor in ("reference", "native"):
        got: Counter[tuple[int, str, str]] = Counter()
        for starts_anew in (False, True):
            device = Device(vlen=256, executor=executor)
            device.machine.load(CODE, code_of(AXPY))
            base = device.map_arena(64 << 10)
            native = device.machine.native
            if native is not None:
                native.count_by_address()
            for count in (1, 7, 100, 4099):
                device.call(CODE, [count, base, base + 32768])
                if native is not None and starts_anew:
                    native.memory_changed()
                    native.count_by_address()
            for (at, name, vl), times in device.machine.vector.executions().items():
                got[at, name, "count"] += times
                got[at, name, "elements"] += 0 if name.startswith("vset") else times * vl
            if native is not None:
                assert native.executed > 100
                for (at, name), tally in native.executions().items():
                    got[at, name, "count"] += tally.count
                    got[at, name, "elements"] += tally.elements
        if executor == "reference":
            expected = got
        else:
            assert got == expected
