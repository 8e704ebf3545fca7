"""What the assembler refuses beyond mistakes of writing: vector overlaps, missing extensions."""

from __future__ import annotations

import pytest

from fleet.asm.assembler import assemble
from fleet.diagnostics import FleetError, FleetErrors


def errors(text: str, march: str | None = None) -> list[FleetError]:
    with pytest.raises(FleetErrors) as caught:
        assemble(text, "bad.s", march)
    return caught.value.errors


def marked(error: FleetError, text: str) -> str:
    """What the caret and its tildes stand under."""
    place = error.location
    assert place is not None
    return text.split("\n")[place.line - 1][place.column : place.end_column]


@pytest.mark.parametrize(
    ("line", "message", "under"),
    [
        ("vadd.vv v0, v2, v4, v0.t", "v0 holds the mask and cannot be the destination", "v0"),
        ("vid.v v0, v0.t", "v0 holds the mask and cannot be the destination", "v0"),
        ("vle32.v v0, (a0), v0.t", "v0 holds the mask and cannot be the destination", "v0"),
        ("vmerge.vvm v0, v2, v4, v0", "v0 holds the mask and cannot be the destination", "v0"),
        ("vadc.vim v0, v2, 1, v0", "v0 holds the mask and cannot be the destination", "v0"),
        ("vmsif.m v0, v2, v0.t", "v0 holds the mask and cannot be the destination", "v0"),
        ("vwadd.vv v4, v4, v8", "the destination v4 overlaps the source v4", "v4"),
        ("vwmacc.vx v4, a0, v4", "the destination v4 overlaps the source v4", "v4"),
        ("vfwcvt.f.x.v v8, v8", "the destination v8 overlaps the source v8", "v8"),
        ("vzext.vf2 v8, v8", "the destination v8 overlaps the source v8", "v8"),
        ("vrgather.vv v1, v1, v2", "the destination v1 overlaps the source v1", "v1"),
        ("vrgatherei16.vv v1, v2, v1", "the destination v1 overlaps the source v1", "v1"),
        ("vslideup.vi v3, v3, 1", "the destination v3 overlaps the source v3", "v3"),
        ("vslide1up.vx v3, v3, a0", "the destination v3 overlaps the source v3", "v3"),
        ("vcompress.vm v3, v5, v3", "the destination v3 overlaps the source v3", "v3"),
        ("viota.m v3, v3", "the destination v3 overlaps the source v3", "v3"),
        ("vluxseg2ei8.v v4, (a0), v5", "the destination v4 overlaps the source v5", "v4"),
        ("vlseg4e32.v v30, (a0)", "4 registers from v30 on are too many", "v30"),
        ("vsseg8e8.v v25, (a0)", "8 registers from v25 on are too many", "v25"),
        ("vl4re32.v v6, (a0)", "v6 cannot begin a group of 4 registers", "v6"),
        ("vmv2r.v v4, v7", "v7 cannot begin a group of 2 registers", "v7"),
    ],
)
def test_a_forbidden_vector_operand_is_named_and_marked(
    line: str, message: str, under: str
) -> None:
    text = f"\tnop\n\t{line}\n"
    (error,) = errors(text)
    assert (error.message, marked(error, text)) == (message, under)


@pytest.mark.parametrize(
    "line",
    [
        "vadd.vv v0, v0, v0",
        "vmseq.vv v0, v2, v4, v0.t",  # a mask may be written over the mask
        "vredsum.vs v0, v2, v4, v0.t",  # so may a scalar
        "vmadc.vvm v0, v2, v4, v0",
        "vslidedown.vi v3, v3, 1",
        "vnsrl.wi v4, v4, 1",
        "vwadd.wv v4, v4, v8",
        "vluxei32.v v4, (a0), v4",
        "vle32.v v31, (a0)",
        "vfmacc.vv v4, v4, v4",
    ],
)
def test_overlaps_that_the_manual_allows_are_allowed(line: str) -> None:
    assert assemble(f"\t{line}\n").section(".text").size == 4


@pytest.mark.parametrize(
    ("vtype", "line", "message", "under"),
    [
        ("e32, m4, ta, ma", "vadd.vv v8, v12, v14", "v14 cannot begin a group of 4 registers",
         "v14"),
        ("e32, m2, ta, ma", "vwadd.vv v4, v6, v8", None, ""),  # the highest part may be shared
        ("e32, m2, ta, ma", "vwadd.vv v4, v4, v8", "the destination v4 overlaps the source v4",
         "v4"),
        ("e32, mf2, ta, ma", "vwadd.vv v4, v5, v6", None, ""),
        ("e32, m4, ta, ma", "vwadd.vv v8, v16, v9", "v9 cannot begin a group of 4 registers",
         "v9"),
        ("e32, m8, ta, ma", "vwadd.vv v8, v16, v24", "this operand would take 16 registers", "v8"),
        ("e64, m1, ta, ma", "vwadd.vv v8, v16, v24",
         "this operand would have elements of 128 bits", "v8"),
        ("e8, m1, ta, ma", "vzext.vf2 v8, v16", "this operand would have elements of 4 bits",
         "v16"),
        ("e32, m2, ta, ma", "vnsrl.wi v5, v4, 1", "v5 cannot begin a group of 2 registers", "v5"),
        ("e32, m1, ta, ma", "vnsrl.wi v5, v4, 1", "the destination v5 overlaps the source v4",
         "v5"),
        ("e8, m1, ta, ma", "vle64.v v8, (a0)", None, ""),
        ("e8, m2, ta, ma", "vle64.v v8, (a0)", "this operand would take 16 registers", "v8"),
        ("e32, m4, ta, ma", "vlseg3e32.v v8, (a0)", "a segment of 12 registers is too large",
         "v8"),
        ("e32, m2, ta, ma", "vlseg3e32.v v28, (a0)", "6 registers from v28 on are too many",
         "v28"),
        ("e32, m4, ta, ma", "vmseq.vv v8, v8, v12", None, ""),
        ("e32, m4, ta, ma", "vmseq.vv v9, v8, v12", "the destination v9 overlaps the source v8",
         "v9"),
    ],
)  # fmt: skip
def test_after_a_vsetvli_register_groups_are_checked_too(
    vtype: str, line: str, message: str | None, under: str
) -> None:
    text = f"f:\tvsetvli t0, a0, {vtype}\n\taddi a1, a1, 1\n\t{line}\n"
    if message is None:
        assemble(text)
        return
    (error,) = errors(text)
    assert (error.message, marked(error, text)) == (message, under)


@pytest.mark.parametrize(
    "between", ["here:", "1:", "\tjal f", "\tcall f", "\tvsetvl t0, a0, a1", "\tjr a0", "\tc.jr a0"]
)
def test_where_the_vector_type_is_not_known_it_is_not_guessed(between: str) -> None:
    text = "f:\tvsetvli t0, a0, e32, m4, ta, ma\n" + between + "\n\tvadd.vv v1, v2, v3\n"
    assert assemble(text).section(".text").size >= 8


def test_a_line_is_checked_again_under_another_vector_type() -> None:
    """The same text may be right after one vsetvli and wrong after the next."""
    line = "\tvadd.vv v1, v2, v3"
    text = "\n".join(
        ["\tvsetvli t0, a0, e8, m1, ta, ma", line, line, "\tvsetivli t0, 4, e8, m2, ta, ma", line]
    )
    (error,) = errors(text)
    assert error.location is not None and error.location.line == 5
    assert error.hint == "the vector type is e8,m2,ta,ma here"


@pytest.mark.parametrize(
    ("march", "line", "name", "extension"),
    [
        ("rv64gc", "vadd.vv v1, v2, v3", "vadd.vv", "V"),
        ("rv64gc", "vsetvli t0, a0, e32, m1, ta, ma", "vsetvli", "V"),
        ("rv64gc", "vneg.v v1, v2", "vneg.v", "V"),
        ("rv64imac", "fadd.s fa0, fa1, fa2", "fadd.s", "F"),
        ("rv64imafc", "fld fa0, 8(a0)", "fld", "D"),
        ("rv64i", "mul a0, a1, a2", "mul", "M"),
        ("rv64i", "amoadd.w a0, a1, (a2)", "amoadd.w", "A"),
        ("rv64i", "c.nop", "c.nop", "C"),
        ("rv64i", "c.beqz a0, .", "c.beqz", "C"),
        ("rv64i", "csrr a0, cycle", "csrr", "Zicsr"),
        ("rv64i", "fence.i", "fence.i", "Zifencei"),
    ],
)
def test_an_instruction_of_an_extension_that_march_lacks_is_refused(
    march: str, line: str, name: str, extension: str
) -> None:
    text = f"\tnop\n\t{line}\n"
    (error,) = errors(text, march)
    assert error.message == f"{name} needs extension {extension}, which {march} does not have"
    assert error.hint == f"--march or .option arch, +{extension.lower()} would add it"
    assert marked(error, text) == name
    assemble(text)


def test_march_decides_about_compression_and_is_written_into_the_object() -> None:
    plain = assemble("\tnop\n\tadd a0, a0, a1\n", march="rv64g")
    assert plain.section(".text").size == 8
    assert plain.arch.startswith("rv64i2p1_m2p0_a2p1_f2p2_d2p2_zicsr2p0")
    assert assemble("\tnop\n\tadd a0, a0, a1\n", march="rv64gc").section(".text").size == 4


def test_the_architecture_can_be_changed_in_the_text() -> None:
    text = """
        .attribute arch, "rv64gc"
        .option push
        .option arch, +v
        vadd.vv v1, v2, v3
        .option pop
        vadd.vv v1, v2, v3
        .option arch, -c
        nop
        c.nop
        .option rvc
        c.nop
        .option arch, rv64i
        mul a0, a0, a0
    """
    found = errors(text)
    assert [error.location.line for error in found if error.location] == [7, 10, 14]
    assert [error.message.split()[3] for error in found] == ["V,", "C,", "M,"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('.attribute arch, "rv32gc"', "'rv32gc' is no architecture of RV64"),
        (".option arch, +zzz", "there is no extension 'zzz'"),
        (".option arch", ".option arch needs extensions"),
    ],
)
def test_an_architecture_that_is_none_is_an_error(text: str, message: str) -> None:
    (error,) = errors(f"\t{text}\n")
    assert error.message == message


def test_an_architecture_on_the_command_line_that_is_none_is_an_error() -> None:
    with pytest.raises(FleetError, match="is no architecture"):
        assemble("\tnop\n", march="rv65")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("addd", "add"), ("sraiwi", "sraiw"), ("vfmac.vv", "vfmacc.vv"), ("vsetvl1", "vsetvl"),
        ("fmad.s", "fmadd.s"), ("cal", "call"), (".globll", ".globl"), ("lwx", "lw"),
    ],
)  # fmt: skip
def test_an_unknown_name_comes_with_the_nearest_ones(wrong: str, right: str) -> None:
    (error,) = errors(f"\t{wrong} a0, a1\n")
    kind = "directive" if wrong[0] == "." else "instruction"
    assert error.message == f"there is no {kind} {wrong}"
    assert error.hint is not None and right in error.hint


def test_a_blank_within_an_operand_is_a_mistake() -> None:
    text = "\tadd a0, a 1, a2\n"
    (error,) = errors(text)
    assert error.message == "'a 1' is no register; an integer register is needed"
    assert marked(error, text) == "a 1"


def test_a_symbol_that_is_defined_twice_is_shown_with_both_places() -> None:
    (error,) = errors("\tnop\nx:\tnop\n\tnop\nx:\tret\n")
    assert (error.message, error.hint) == (
        "x is defined a second time", "the other definition is in line 2"
    )
    assert error.location is not None and error.location.line == 4


def test_errors_of_a_long_file_end_at_some_number() -> None:
    found = errors("\tadd a0\n" * 5000)
    assert 100 <= len(found) <= 102
    assert found[-1].message == "too many errors, the rest is not looked at"


@pytest.mark.parametrize(
    ("march", "line", "needed"),
    [
        ("rv64gc_zve32x", "vadd.vv v1, v2, v3", None),
        ("rv64gc_zve32x", "vle32.v v1, (a0)", None),
        ("rv64gc_zve32x", "vle64.v v1, (a0)", "Zve64x"),
        ("rv64gc_zve32x", "vluxei64.v v1, (a0), v8", "Zve64x"),
        ("rv64gc_zve32x", "vfadd.vv v1, v2, v3", "Zve32f"),
        ("rv64gc_zve32x", "vsetvli a0, a1, e64, m1, ta, ma", "Zve64x"),
        ("rv64gc_zve32f", "vfadd.vv v1, v2, v3", None),
        ("rv64gc_zve32f", "vfwadd.vv v2, v4, v5", "Zve64d"),
        ("rv64gc_zve64x", "vle64.v v1, (a0)", None),
        ("rv64gc_zve64x", "vfmul.vv v1, v2, v3", "Zve32f"),
        ("rv64gc_zve64f", "vfwcvt.x.f.v v2, v4", None),
        ("rv64gc_zve32f", "vfwcvt.x.f.v v2, v4", "Zve64f"),
        ("rv64gc_zve64d", "vfwadd.vv v2, v4, v5", None),
        ("rv64gc", "vadd.vv v1, v2, v3", "V"),
        ("rv64i", "mul a0, a1, a2", "M"),
        ("rv64i_zmmul", "mul a0, a1, a2", None),
        ("rv64i_zmmul", "div a0, a1, a2", "M"),
        ("rv64i_zaamo", "amoadd.w a0, a1, (a2)", None),
        ("rv64i_zaamo", "lr.w a0, (a2)", "A"),
        ("rv64g", "c.addi a0, 1", "C"),
        ("rv64i_zca", "c.addi a0, 1", None),
        ("rv64imac", "c.fld fa0, 0(a0)", "D"),
    ],
)
def test_parts_of_extensions_permit_what_they_have(
    march: str, line: str, needed: str | None
) -> None:
    text = f"\t{line}\n"
    if needed is None:
        assert assemble(text, march=march).section(".text").size in (2, 4)
        return
    (error,) = errors(text, march)
    name = line.split()[0]
    assert error.message.startswith(f"{name} needs extension {needed}, which {march} does not have")
    assert marked(error, text) == name


def test_64_bit_elements_are_followed_from_the_vector_type() -> None:
    """What Zve64x alone lacks depends on the elements that are in force."""
    text = "\tvsetvli a0, a1, {}, m1, ta, ma\n\tvmulh.vv v1, v2, v3\n"
    assert assemble(text.format("e32"), march="rv64gc_zve64x").section(".text").size == 8
    (error,) = errors(text.format("e64"), "rv64gc_zve64x")
    assert error.message.startswith("vmulh.vv needs extension V")


def test_without_compression_nothing_may_be_written_compressed() -> None:
    text = "\t.option norvc\n\taddi a0, a0, 1\n\tc.addi a0, 1\n\tc.j x\n\t.option rvc\n\tc.nop\n"
    first, second = errors(text)
    assert first.message == "c.addi is compressed, which .option norvc forbids"
    assert (marked(first, text), marked(second, text)) == ("c.addi", "c.j")


@pytest.mark.parametrize(
    "march",
    [
        "rv64g", "rv64gc", "rv64gcv", "RV64GCV", "rv64gcv_zvl256b", "rv64i_zicsr", "rv64imafdc",
        "rv64i2p1_m2p0_a2p1", "rv64gcv1p0", "rv64gc_zve32x", "rv64gc_zve64d_zvl1024b", "rv64gvc",
        "rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zmmul1p0_zaamo1p0_zalrsc1p0_zca1p0_zcd1p0",
    ],
)  # fmt: skip
def test_architectures_are_understood_as_compilers_write_them(march: str) -> None:
    assert assemble("\tnop\n", march=march).arch.startswith("rv64i2p1")
    assert assemble(f'\t.attribute arch, "{march}"\n\tnop\n').arch.startswith("rv64i2p1")


@pytest.mark.parametrize(
    ("line", "message", "under"),
    [
        ("lw a0, a1", "a1 is a register; a symbol is needed", "a1"),
        ("j t0", "t0 is a register; a symbol is needed", "t0"),
        ("beq a0, a1, 7", "7 is odd, and instructions are at even addresses", "7"),
        ("lw a0, %lo(x)", "a register is missing behind %lo(x)", "%lo(x)"),
        ("add a0, a1, a2, a3", "the fourth operand of add can only be %tprel_add(symbol)", "a3"),
        ("vmsge.vx v0, v1, a0, v0.t",
         "the mask v0 can be the destination only with a temporary register",
         "v0, v1, a0, v0.t"),
        (".uleb128 -1", "-1 is negative, which .uleb128 cannot hold", "-1"),
        (".uleb128 x", "the address of x is no number", "x"),
        (".section .a,\"q\"", "there is no section flag 'q'", '"q"'),
        (".section .a,\"aG\"", "the name of the group is missing here", '.a,"aG"'),
        (".popsection", ".popsection without .pushsection", ".popsection"),
        (".cfi_offset ra, 8", ".cfi_offset is outside of a function", ".cfi_offset"),
        (".cfi_startproc", ".cfi_endproc is missing", ".cfi_startproc"),
        (".insn q 1", "there is no instruction format q", "q"),
        (".insn i 0x13, 8, a0, a1, 1", "8 is out of range; it can be 0 to 7", "8"),
        (".float 1e99", "'1e99' is no floating-point number of this size", "1e99"),
        (".endif", ".endif without .if", ".endif"),
        (".exitm", ".exitm outside of a macro", ".exitm"),
        (".altmacro", ".altmacro is not supported", ".altmacro"),
        ("x == 5; x == 6", "x is defined a second time", "x"),
        (".weakref a, a", "a only stands for another symbol", "a"),
        (".reloc 0, R_RISCV_FOO, x", "there is no relocation R_RISCV_FOO", "R_RISCV_FOO"),
        (".symver a, b", "'b' is no name with a version", "b"),
        (".loc 1 2", "there is no file 1", "1 2"),
        (".org 8; .org 4", "-4 bytes cannot be written here", "4"),
    ],
)  # fmt: skip
def test_mistakes_in_what_compilers_write_are_named_and_marked(
    line: str, message: str, under: str
) -> None:
    text = f"\t{line}\n"
    (error,) = errors(text)
    assert error.message == message
    place = error.location
    assert place is not None
    assert text[place.column : place.end_column] == under


def test_a_mistake_in_a_macro_shows_the_line_that_it_makes() -> None:
    text = "\t.macro f x\n\taddi a0, a0, \\x\n\t.endm\n\tf 1\n\tf 5000\n"
    (error,) = errors(text)
    assert (error.location.line, error.hint) == (5, "it becomes: addi a0, a0, 5000")
