"""Kernels are C functions: arguments, memory, results and faults as the psABI says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fleet.asm.assembler import assemble
from fleet.diagnostics import FleetError
from fleet.emu.device import ARENA, STACK_SIZE, STACK_TOP, Device
from fleet.emu.faults import GuestFault
from fleet.emu.machine import EXECUTORS, Machine

CODE = 0x10000

AXPY = """
    vsetvli t0, a0, e32, m8, ta, ma
    vle32.v v0, (a1)
    vle32.v v8, (a2)
    vfmacc.vf v8, fa0, v0
    vse32.v v8, (a2)
    sub a0, a0, t0
    slli t0, t0, 2
    add a1, a1, t0
    add a2, a2, t0
    bnez a0, .-36
    ret
"""


def code_of(text: str) -> bytes:
    """The bytes of .text of an assembly source without relocations."""
    sections = assemble(".option norvc\n" + text).sections
    return bytes(next(section.data for section in sections if section.name == ".text"))


def device_with(text: str, **options: int | bool) -> Device:
    device = Device(**options)
    device.machine.load(CODE, code_of(text))
    return device


def fault_of(text: str, arguments: tuple[int, ...] = (), **options: int | str) -> GuestFault:
    with pytest.raises(GuestFault) as caught:
        device_with(text, **options).call(CODE, arguments)
    return caught.value


def test_eight_arguments_are_in_registers_and_the_rest_on_the_stack() -> None:
    device = device_with("""
        ld t0, 0(sp)
        ld t1, 8(sp)
        ld t2, 16(sp)
        slli t0, t0, 8
        add a0, a7, t0
        slli t1, t1, 16
        add a0, a0, t1
        slli t2, t2, 24
        add a0, a0, t2
        ret
    """)
    assert device.call(CODE, [0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]) == 0x04030201


def test_the_stack_is_aligned_to_16_bytes_whatever_the_number_of_arguments() -> None:
    device = device_with("andi a0, sp, 15\nret")
    assert [device.call(CODE, [0] * count) for count in range(13)] == [0] * 13


def test_negative_arguments_are_words_in_twos_complement() -> None:
    device = device_with("ret")
    assert device.call(CODE, [-5]) == (1 << 64) - 5


@pytest.mark.parametrize("vlen", [128, 256, 1024, 16384, 65536])
@pytest.mark.parametrize("count", [1, 7, 64, 1000, 4099])
def test_a_strip_mined_kernel_is_right_for_every_vlen_and_length(vlen: int, count: int) -> None:
    device = device_with(AXPY, vlen=vlen)
    rng = np.random.default_rng(count)
    base = device.map_arena(64 << 10)
    x, y = device.view(base, "f4", count), device.view(base + 32768, "f4", count)
    x[:], y[:] = rng.standard_normal((2, count))
    expected = (x.astype("f8") * 1.5 + y).astype("f4")
    device.machine.cpu.registers[32 + 10] = 0xFFFF_FFFF_3FC0_0000
    device.call(CODE, [count, base, base + 32768])
    assert np.array_equal(y, expected)
    strips = -(-count // (vlen // 4))
    assert device.stats.vector["vle32.v"] == 2 * strips
    assert device.stats.by_class() == {
        "configuration": strips, "load": 2 * strips, "store": strips, "float": strips
    }  # fmt: skip


def test_all_instructions_are_counted_when_asked_for() -> None:
    device = device_with(AXPY, count_instructions=True)
    base = device.map_arena(4096)
    device.call(CODE, [200, base, base])
    assert device.stats.instructions == 4 * 10 + 1
    assert device.stats.vector_instructions == 4 * 5


def test_the_stats_do_not_count_scalar_instructions_unless_asked() -> None:
    assert device_with("ret").stats.instructions is None


def test_an_arena_far_greater_than_memory_costs_nothing_until_it_is_touched() -> None:
    device = device_with("sd a1, 0(a0)\nret")
    size = 64 << 30
    base = device.map_arena(size)
    device.call(CODE, [base + size - 8, 77])
    assert device.view(base + size - 8, "i8", 1)[0] == 77
    assert device.view(base, "u1", 4096).sum() == 0


def test_arenas_are_apart_and_a_view_must_lie_in_one() -> None:
    device = Device()
    first, second = device.map_arena(100), device.map_arena(100)
    assert first == ARENA
    assert second - first > 4096
    for address, count in ((first + 4092, 2), (first - 4, 1), (0, 1), (first, -1), (1 << 63, 1)):
        with pytest.raises(FleetError, match="not mapped"):
            device.view(address, "f4", count)


def test_code_and_constants_can_be_viewed_but_not_written() -> None:
    device = device_with("ret")
    view = device.view(CODE, "u4", 1)
    assert view[0] == 0x00008067
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 0


def test_an_unknown_function_is_an_error_that_names_it() -> None:
    with pytest.raises(FleetError, match="no symbol 'kernel_7'"):
        Device().call("kernel_7")


@pytest.mark.parametrize("vlen", [0, 64, 100, 192, 131072, -128])
def test_a_vlen_that_cannot_be_is_refused(vlen: int) -> None:
    with pytest.raises(FleetError, match="power of two"):
        Device(vlen=vlen)


def test_a_file_that_is_no_executable_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("hello")
    with pytest.raises(FleetError, match="not an ELF file"):
        Device(path)
    with pytest.raises(FleetError, match="cannot read"):
        Device(tmp_path / "missing")


# -- hostile programs

BAD_ACCESSES = {
    "a scalar load": "ld a0, 0(a1)",
    "a scalar store": "sd a0, 0(a1)",
    "a vector load": "vsetivli t0, 4, e32, m1, ta, ma\nvle32.v v1, (a1)",
    "a vector store": "vsetivli t0, 4, e32, m1, ta, ma\nvse32.v v1, (a1)",
    "a strided load": "vsetivli t0, 4, e32, m1, ta, ma\nvlse32.v v1, (a1), a2",
    "a strided store": "vsetivli t0, 4, e32, m1, ta, ma\nvsse32.v v1, (a1), zero",
    "an indexed load": "vsetivli t0, 4, e32, m1, ta, ma\nvluxei32.v v1, (a1), v2",
    "a segment store": "vsetivli t0, 4, e32, m1, ta, ma\nvsseg3e32.v v1, (a1)",
    "a masked store": (
        "vsetivli t0, 4, e32, m1, ta, ma\nvmset.m v0\nvse32.v v1, (a1), v0.t"
    ),
    "a fault-only-first load": "vsetivli t0, 4, e32, m1, ta, ma\nvle32ff.v v1, (a1)",
    "a whole-register load": "vl8re16.v v0, (a1)",
    "a whole-register store": "vs8r.v v0, (a1)",
}

WILD = [0, 8, 0xFFFF_FFFF_FFFF_FFF8, 1 << 63, 0x7FFF_FFFF_F000, ARENA - 2, STACK_TOP - 2, 1 << 40]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("address", WILD)
@pytest.mark.parametrize("text", BAD_ACCESSES.values(), ids=BAD_ACCESSES.keys())
def test_a_bad_access_is_a_fault_with_its_place(text: str, address: int, executor: str) -> None:
    """Also of an instruction that has gone well before: there may be a stub for it."""
    device = device_with(text + "\nret", executor=executor)
    good = device.map_arena(4096)
    for _ in range(3):
        device.call(CODE, [0, good, 4])
    with pytest.raises(GuestFault) as caught:
        device.call(CODE, [0, address, 4])
    fault = caught.value
    lines = text.splitlines()
    assert fault.pc == CODE + 4 * (len(lines) - 1)
    assert lines[-1].split()[0] in fault.instruction
    assert "bad read" in fault.cause or "bad write" in fault.cause
    assert fault.registers["a1"] == address
    assert fault.status == 139
    assert f"pc {fault.pc:#x}" in fault.render()


@pytest.mark.parametrize("executor", EXECUTORS)
def test_constants_cannot_be_stored_to(executor: str) -> None:
    for text in ("sd a0, 0(a1)", "vsetivli t0, 4, e32, m1, ta, ma\nvse32.v v1, (a1)"):
        assert "bad write" in fault_of(text, (0, CODE), executor=executor).cause


@pytest.mark.parametrize("target", [0, 0x50, 1 << 40, STACK_TOP - STACK_SIZE, (1 << 64) - 2])
def test_a_jump_to_where_there_is_no_code_is_a_fault(target: int) -> None:
    fault = fault_of("jr a0", (target,))
    assert "fetch" in fault.cause


def test_an_illegal_instruction_is_a_fault() -> None:
    for word in (0, 0xFFFF_FFFF, 0x0000_0057, 0xFE00_0057):
        fault = fault_of(f"nop\n.word {word:#x}")
        assert "illegal instruction" in fault.cause
        assert fault.pc == CODE + 4


def test_a_vector_instruction_without_vsetvl_is_illegal() -> None:
    assert "vill" in fault_of("vadd.vv v1, v2, v3").cause


ENDS = {
    "ebreak": "breakpoint",
    ".option rvc\nc.ebreak": "breakpoint",
    ".word 0x10500073": "illegal instruction",
    "ecall": "system call",
    "amoadd.w a0, a2, (a1)": "misaligned",
    "lr.d a0, (a1)": "misaligned",
    ".option rvc\n.half 0": "illegal instruction",
}


@pytest.mark.parametrize("text", ENDS)
def test_what_ends_a_kernel_is_reported_where_it_is(text: str) -> None:
    device = device_with("nop\nnop\n" + text + "\nret\nret")
    with pytest.raises(GuestFault, match=ENDS[text]) as caught:
        device.call(CODE, [0, device.map_arena(4096) + 1])
    assert caught.value.pc == CODE + 8
    statuses = {"illegal instruction": 132, "breakpoint": 133, "misaligned": 135}
    assert caught.value.status == statuses.get(ENDS[text], 139)


def test_misaligned_loads_and_stores_are_executed() -> None:
    device = device_with("sd a0, 0(a1)\nld a0, 0(a1)\nret")
    base = device.map_arena(8192)
    for offset in (1, 7, 4093):
        assert device.call(CODE, [0x0123_4567_89AB_CDEF, base + offset]) == 0x0123_4567_89AB_CDEF


@pytest.mark.parametrize("executor", EXECUTORS)
def test_an_endless_recursion_fills_the_stack_and_says_so(executor: str) -> None:
    scalar = "addi sp, sp, -64\nsd ra, 0(sp)\nj .-8"
    vector = "vsetivli t0, 8, e64, m1, ta, ma\naddi sp, sp, -64\nvse64.v v1, (sp)\nj .-8"
    for text in (scalar, vector):
        fault = fault_of(text, executor=executor, vlen=512)
        assert fault.cause.endswith(": the stack is full")
        assert "bad write" in fault.cause
        assert fault.registers["sp"] == STACK_TOP - STACK_SIZE - 64


def test_an_instruction_that_reaches_into_no_memory_is_a_bad_fetch() -> None:
    """Its first half is the last of a page."""
    device = Device()
    code = code_of("nop\n" * 1023) + b"\x01\x00\x13\x00"
    device.machine.load(CODE, code)
    with pytest.raises(GuestFault, match="bad fetch"):
        device.call(CODE + 4092 - 8)


def test_a_device_goes_on_after_a_fault() -> None:
    device = device_with("beqz a0, .+8\nret\nld a0, 0(zero)\nret")
    for _ in range(3):
        with pytest.raises(GuestFault):
            device.call(CODE, [0])
        assert device.call(CODE, [9]) == 9


def test_random_words_never_crash_the_machine() -> None:
    rng = np.random.default_rng(3)
    for seed in range(150):
        machine = Machine(128, max_instructions=2000)
        words = rng.integers(0, 1 << 32, 512, np.uint32)
        opcodes = rng.choice([0x57, 0x07, 0x27, 0x73, 0x13, 0x33, 0x63], 512)
        words = np.where(rng.random(512) < 0.8, words & ~np.uint32(0x7F) | opcodes, words)
        machine.load(CODE, words.astype("<u4").tobytes())
        machine.map(0x100000, 1 << 16)
        registers = rng.integers(0, 1 << 64, 64, np.uint64)
        registers[::3] = 0x108000
        machine.cpu.array[1:64] = registers[1:]
        machine.vector.set_vl(seed % 4 << 3 | seed % 3, 100)
        start = CODE
        for _ in range(40):
            try:
                machine.run(start)
            except GuestFault as fault:
                start = fault.pc + 4
                if not CODE <= start < CODE + 2000:
                    break


def test_code_that_the_guest_writes_itself_is_executed_as_written() -> None:
    """Vector instructions in writable memory are decoded anew each time."""
    machine = Machine(128)
    region = machine.memory.map_anonymous(CODE, 4096, 7, "code")
    region.data[:] = bytes(4096)
    body = code_of("""
        vsetivli t0, 4, e32, m1, ta, ma
        li a2, 2
    again:
        vadd.vi v1, v1, 1
        sw a1, 0(a0)
        addi a2, a2, -1
        bnez a2, again
        ret
    """)
    region.data[: len(body)] = body
    double = int.from_bytes(code_of("vadd.vv v1, v1, v1"), "little")
    registers = machine.cpu.registers
    machine.vector.file.view("u4")[4:8] = 10
    registers[1], registers[10], registers[11] = 0x1000, CODE + 8, double
    machine.cpu.store()
    machine.run(CODE)
    assert machine.vector.file.view("u4")[4:8].tolist() == [22] * 4
