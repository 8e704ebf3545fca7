"""What makes a vector instruction or a setting illegal, by the places in the manual that say so.

qemu judges single encodings elsewhere; here whole classes of them are gone through.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_device import code_of

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import encodings
from fleet.emu.cpu import ROUNDING_MODE
from fleet.emu.faults import GuestFault
from fleet.emu.machine import STOP, Machine
from fleet.emu.native.executor import unusable
from fleet.emu.vector.config import VILL, Configuration

CODE = 0x10000
EXECUTORS = ("reference",) if unusable() else ("reference", "native")
VECTOR = [e for e in encodings().values() if e.extension == "V"]
SETTINGS = [e for e in VECTOR if e.stem.startswith("vset")]
OTHERS = [e for e in VECTOR if e not in SETTINGS]
E32_M1 = 0b010_000
ALL_ONES = (1 << 64) - 1


def machine_with(code: bytes, executor: str = "reference", vlen: int = 128) -> Machine:
    machine = Machine(vlen, executor=executor)
    if machine.native is not None:
        machine.native.hot = 1
    machine.load(CODE, code)
    return machine


def each_alone(words: list[int]) -> bytes:
    """Code of eight bytes for each word, which executes it and returns."""
    back = code_of("ret")
    return b"".join(word.to_bytes(4, "little") + back for word in words)


def run(machine: Machine, start: int = CODE, **registers: int) -> Configuration:
    """Runs the code from there; `a0=1` sets a register."""
    words = machine.cpu.registers
    words[1] = STOP
    for name, value in registers.items():
        words[{"a": 10, "t": 5}[name[0]] + int(name[1:])] = value
    machine.cpu.store()
    machine.run(start)
    return machine.vector.config


def word_of(encoding: Encoding, **operands: int) -> int:
    """With registers that suit LMUL=1 and forms of twice the width."""
    chosen = {"vd": 8, "vs1": 12, "vs2": 16, "vs3": 8, "rs1": 10, "rd": 0, "rs2": 0, "vm": 1,
              "imm": 1}  # fmt: skip
    chosen |= operands
    fields = {field.name for field in encoding.fields}
    return encoding.encode({name: value for name, value in chosen.items() if name in fields})


def accepted(machine: Machine, word: int, vtype: int, vl: int, vstart: int = 0) -> bool:
    unit = machine.vector
    unit.config = unit.configuration(vtype, vl, vstart)
    return unit.accepts(word)


# -- settings (chapters 3.4 and 6)


def supported(vtype: int, vlen: int) -> int | None:
    """VLMAX by the text of 3.4.1 and 3.4.2; None where the setting has to be refused."""
    if vtype >> 8 or vtype >> 3 & 7 > 3 or vtype & 7 == 4:
        return None
    sew = (8, 16, 32, 64)[vtype >> 3 & 7]
    eighths = {0: 8, 1: 16, 2: 32, 3: 64, 5: 1, 6: 2, 7: 4}[vtype & 7]
    if sew * 8 > eighths * 64:  # SEW > LMUL * ELEN
        return None
    return vlen * eighths // 8 // sew


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("vlen", [128, 65536])
def test_every_setting_is_taken_or_refused_as_a_whole(vlen: int, executor: str) -> None:
    machine = machine_with(code_of("vsetvl a0, a1, a2\nret"), executor, vlen)
    values = [*range(1 << 8), *(1 << bit | E32_M1 for bit in range(8, 64)), ALL_ONES]
    for vtype in values:
        config = run(machine, a0=7, a1=ALL_ONES, a2=vtype)
        vlmax = supported(vtype, vlen)
        expected = (VILL, 0) if vlmax is None else (vtype, vlmax)
        assert (config.vtype, config.vl) == expected, f"vtype {vtype:#x}"
        assert machine.cpu.registers[10] == config.vl


@pytest.mark.parametrize("executor", EXECUTORS)
def test_reserved_bits_of_an_immediate_count_too(executor: str) -> None:
    words = [
        encodings()["vsetvli"].encode({"rd": 10, "rs1": 11, "vtype": vtype})
        for vtype in range(1 << 11)
    ]
    machine = machine_with(each_alone(words), executor)
    for vtype in range(1 << 11):
        config = run(machine, CODE + 8 * vtype, a1=ALL_ONES)
        assert config.vtype == (VILL if supported(vtype, 128) is None else vtype)


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("vlen", [128, 1024, 65536])
def test_the_length_follows_the_application_vector_length(vlen: int, executor: str) -> None:
    """6.2: rs1, then VLMAX where only rs1 is x0, then vl as it was where rd is x0 too."""
    vlmax = 8 * vlen // 32
    lengths = (0, 1, vlmax - 1, vlmax, vlmax + 1, 2 * vlmax, 1 << 32, 1 << 63, ALL_ONES)
    machine = machine_with(code_of("vsetvli a0, a1, e32, m8, ta, ma\nret"), executor, vlen)
    for avl in lengths:
        assert run(machine, a1=avl).vl == min(avl, vlmax) == machine.cpu.registers[10]
    most = machine_with(code_of("vsetvli a0, zero, e32, m8, ta, ma\nret"), executor, vlen)
    assert run(most).vl == vlmax
    kept = "vsetvli a0, a1, e32, m8, ta, ma\nvsetvli zero, zero, e16, m4, tu, mu\nret"
    machine = machine_with(code_of(kept), executor, vlen)
    for avl in lengths:
        config = run(machine, a1=avl)
        assert (config.vl, config.vtype) == (min(avl, vlmax), 0b001_010)
    immediate = machine_with(code_of("vsetivli a0, 31, e64, m1, ta, ma\nret"), executor, vlen)
    assert run(immediate).vl == min(31, vlen // 64)


@pytest.mark.parametrize("encoding", [encodings()[n] for n in ("vadd.vv", "vle32.v", "vl2re8.v")])
@pytest.mark.parametrize("executor", EXECUTORS)
def test_every_instruction_sets_vstart_to_0(encoding: Encoding, executor: str) -> None:
    """3.7, settings included."""
    code = code_of("vsetvli a0, zero, e32, m1, ta, ma\ncsrwi vstart, 3")
    word = word_of(encoding, rs1=11).to_bytes(4, "little")
    machine = machine_with(code + word + code_of("csrr a2, vstart\nret"), executor)
    machine.map(0x100000, 4096)
    run(machine, a1=0x100000, a2=7)
    assert machine.cpu.registers[12] == 0
    machine = machine_with(
        code_of("csrwi vstart, 3\nvsetvli a0, zero, e8, m1, ta, ma\ncsrr a2, vstart\nret"), executor
    )
    run(machine, a2=7)
    assert machine.cpu.registers[12] == 0


@pytest.mark.parametrize("vlen", [128, 1024, 65536])
def test_vstart_has_as_many_bits_as_the_index_of_the_last_element(vlen: int) -> None:
    """3.7."""
    machine = machine_with(code_of("csrw vstart, a0\ncsrr a1, vstart\nret"), vlen=vlen)
    for value in (0, 1, vlen - 1, vlen, vlen + 5, ALL_ONES):
        run(machine, a0=value)
        assert machine.cpu.registers[11] == value % vlen


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("name", ["vl", "vtype", "vlenb"])
def test_some_registers_can_only_be_read(name: str, executor: str) -> None:
    """3.5: set by the vset instructions and fault-only-first loads alone."""
    numbers = {"vl": 0xC20, "vtype": 0xC21, "vlenb": 0xC22}
    run(machine_with(code_of(f"csrrs a0, {numbers[name]}, zero\nret"), executor))
    for write in (f"csrrw a0, {numbers[name]}, a1", f"csrrsi a0, {numbers[name]}, 1"):
        with pytest.raises(GuestFault, match="illegal instruction"):
            run(machine_with(code_of(write + "\nret"), executor))


def test_vcsr_shows_vxrm_and_vxsat() -> None:
    """3.8 to 3.10: bits 2 to 1 and bit 0; the others stay 0."""
    machine = machine_with(code_of("csrw vcsr, a0\ncsrr a1, vxrm\ncsrr a2, vxsat\nret"))
    for value in (*range(8), ALL_ONES):
        run(machine, a0=value)
        assert machine.cpu.registers[11:13].tolist() == [value >> 1 & 3, value & 1]


# -- what is illegal when


def test_under_vill_only_what_does_not_depend_on_vtype_is_legal() -> None:
    """3.4.4."""
    machine = Machine(128)
    legal = {e.stem for e in OTHERS if accepted(machine, word_of(e), VILL, 0)}
    assert legal == {"vlre", "vsre"}


def test_what_cannot_start_in_the_middle_is_illegal_then() -> None:
    """Reductions (14), vcpop, vfirst, vms*f, viota (15.2 to 15.8), vcompress (16.5)."""
    machine = Machine(128)
    refused = {
        e.stem for e in OTHERS
        if accepted(machine, word_of(e), E32_M1, 4) and not accepted(
            machine, word_of(e), E32_M1, 4, vstart=1
        )
    }  # fmt: skip
    reductions = {e.stem for e in OTHERS if "reduction" in e.flags}
    masks = {"vcpop", "vfirst", "vmsbf", "vmsif", "vmsof", "viota"}
    assert refused == reductions | masks | {"vcompress"}


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_reserved_rounding_mode_makes_every_float_instruction_illegal(executor: str) -> None:
    """10.1: also those that round nothing, and where vl is 0."""
    floats = [e for e in OTHERS if "float" in e.flags]
    assert len(floats) > 90
    words = [word_of(e, vd=8, vs1=16, vs2=24) for e in floats]
    configure = encodings()["vsetivli"]
    words += [configure.encode({"rd": 0, "imm": vl, "vtype": E32_M1}) for vl in (0, 4)]
    machine = machine_with(each_alone(words), executor)
    for setting in (len(words) - 2, len(words) - 1):
        for mode in (5, 6, 7):
            run(machine, CODE + 8 * setting)
            machine.cpu.registers[ROUNDING_MODE] = mode
            for number, encoding in enumerate(floats):
                with pytest.raises(GuestFault, match="illegal instruction") as fault:
                    run(machine, CODE + 8 * number)
                assert fault.value.pc == CODE + 8 * number, encoding.mnemonic


def groups(lmul: int, shift: int) -> Iterator[tuple[int, bool]]:
    """Registers, and whether a group of EMUL = LMUL * 2**shift may begin there (5.2)."""
    count = 1 << max(lmul + shift, 0)
    for register in range(32):
        yield register, lmul + shift <= 3 and register % count == 0


@pytest.mark.parametrize("lmul", [-2, -1, 0, 1, 2, 3])
def test_groups_begin_at_multiples_of_their_size(lmul: int) -> None:
    """5.2: of the width of each operand, which may be twice that of the others."""
    machine = Machine(128)
    vtype = 0b001_000 | lmul & 7
    names = {"vadd.vv": 0, "vwadd.vv": 1, "vnsrl.wi": 1}
    for name, shift in names.items():
        encoding = encodings()[name]
        wide = "vd" if name == "vwadd.vv" else "vs2"
        for register, legal in groups(lmul, shift):
            apart = {"vd": 0, "vs2": 0, "vs1": 0} | {wide: register}
            others = [r for r in (0, 8, 16, 24) if r not in (register & 24,)]
            narrow = [field for field in ("vd", "vs2", "vs1") if field != wide]
            apart |= dict(zip(narrow, others, strict=False))
            assert accepted(machine, word_of(encoding, **apart), vtype, 1) == legal, name


def test_a_destination_overlaps_sources_of_other_widths_only_at_the_right_end() -> None:
    """5.2: the lowest part of a wider source, the highest part of a wider destination."""
    machine = Machine(128)
    e16_m2, e16_mf2 = 0b001_001, 0b001_111
    cases = (
        ("vnsrl.wi", e16_m2, {"vd": 8, "vs2": 8, "imm": 1}, True),
        ("vnsrl.wi", e16_m2, {"vd": 10, "vs2": 8, "imm": 1}, False),
        ("vwadd.vv", e16_m2, {"vd": 8, "vs2": 10, "vs1": 10}, True),
        ("vwadd.vv", e16_m2, {"vd": 8, "vs2": 8, "vs1": 16}, False),
        ("vwadd.vv", e16_mf2, {"vd": 8, "vs2": 8, "vs1": 16}, False),  # EMUL below 1
        ("vwadd.vv", e16_mf2, {"vd": 8, "vs2": 9, "vs1": 16}, True),
        ("vmseq.vv", e16_m2, {"vd": 8, "vs2": 8, "vs1": 16}, True),
        ("vmseq.vv", e16_m2, {"vd": 9, "vs2": 8, "vs1": 16}, False),
        ("vadd.vv", e16_m2, {"vd": 0, "vs2": 8, "vs1": 16, "vm": 0}, False),
        ("vmseq.vv", e16_m2, {"vd": 0, "vs2": 8, "vs1": 16, "vm": 0}, True),
        ("vredsum.vs", e16_m2, {"vd": 0, "vs2": 8, "vs1": 16, "vm": 0}, True),
        ("vslideup.vi", e16_m2, {"vd": 8, "vs2": 8, "imm": 1}, False),
        ("vslidedown.vi", e16_m2, {"vd": 8, "vs2": 8, "imm": 1}, True),
        ("vrgather.vv", e16_m2, {"vd": 8, "vs2": 16, "vs1": 8}, False),
        ("vcompress.vm", e16_m2, {"vd": 8, "vs2": 16, "vs1": 9}, False),
        ("viota.m", e16_m2, {"vd": 8, "vs2": 9}, False),
        ("vluxei8.v", e16_m2, {"vd": 8, "vs2": 9, "rs1": 10}, True),
        ("vluxei8.v", e16_m2, {"vd": 8, "vs2": 8, "rs1": 10}, False),
        ("vluxseg2ei16.v", e16_m2, {"vd": 8, "vs2": 8, "rs1": 10}, False),
        ("vlseg4e16.v", e16_m2, {"vd": 24, "rs1": 10}, True),
        ("vlseg5e16.v", e16_m2, {"vd": 16, "rs1": 10}, False),  # EMUL * NFIELDS > 8
        ("vlseg4e16.v", e16_m2, {"vd": 26, "rs1": 10}, False),  # beyond v31
        ("vle64.v", e16_m2, {"vd": 8, "rs1": 10}, True),
        ("vle64.v", 0b000_001, {"vd": 8, "rs1": 10}, False),  # EMUL 16
        ("vle8.v", 0b011_000, {"vd": 8, "rs1": 10}, True),  # EMUL 1/8
        ("vzext.vf8", 0b010_000, {"vd": 8, "vs2": 16}, False),  # elements of 4 bits
        ("vwadd.vv", 0b011_000, {"vd": 8, "vs2": 16, "vs1": 18}, False),  # of 128 bits
        ("vfwadd.vv", 0b000_000, {"vd": 8, "vs2": 16, "vs1": 18}, False),  # floats of 8
        ("vfadd.vv", 0b000_000, {"vd": 8, "vs2": 16, "vs1": 18}, False),
        ("vfadd.vv", 0b001_000, {"vd": 8, "vs2": 16, "vs1": 18}, True),
        ("vfncvt.f.f.w", 0b010_000, {"vd": 8, "vs2": 16}, True),
    )  # fmt: skip
    for name, vtype, operands, legal in cases:
        word = word_of(encodings()[name], **operands)
        for vl in (0, 1):
            assert accepted(machine, word, vtype, vl) == legal, (name, operands, vl)
