"""Directives and macros, snippet by snippet: the same object that GNU as makes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.asm.assembler import assemble
from fleet.asm.objects.model import COMMON
from fleet.asm.objects.reader import parse_object
from fleet.asm.objects.writer import object_bytes
from fleet.binutils.assembling import assemble_file
from fleet.diagnostics import FleetErrors
from tests.asm.object_comparison import summary

Tool = Callable[..., str]

SNIPPETS = {
    "numbers of all sizes": r"""
    .data
    .octa 0x456789abcdef0112233445566778899, -1
    .dc.b 1
    .dc.w 1
    .dc.l 1
    .dc.a 5
    .dcb.b 3,7
    .dcb.w 2,1
    .dcb.l 2,1
    .ds.w 2
    .fill 2,8,-1
    .fill 1,8,0x123456789
    .fill 3
    .fill 3,1
    .skip 3,5
    .2byte -1
    .4byte 0xffffffff
    .8byte 2f
    .sleb128 -65
    .uleb128 1<<63
2:
""",
    "floating-point numbers": """
    .data
    .double 1,1e300,nan,-inf
    .float 1e-45,-0.0, inf, 3.4e38, Inf, NaN
    .single 0f3.5
    .dc.d 1.5
    .dc.s 1.5
""",
    "strings": r"""
    .data
    .string16 "ab"
    .string32 "a"
    .string64 "a"
    .string8 "x"
    .ascii "a" "b"
    .asciz "a\x41\101\t\"\\"
    .ident "one"
    .ident "two"
    .version "x"
""",
    "subsections follow one another by number": """
    nop
    .byte 1
    .text 2
    add a0,a0,a1
    beq a0,a1,0f
    .byte 3
    .text 1
0:  c.nop
    .data 1
    .byte 9
    .balign 4
    .word 3, after-before
    .data
before: .byte 1
    .data 3
after: .quad before
    .subsection 1
    .byte 7
""",
    "sections": """
    .section .rodata.str,"aMS",@progbits,1
    .asciz "x"
    .section .note.foo,"a"
    .word 1
    .section .text.foo,"axG",@progbits,signature,comdat
    nop
    .section .data.foo,"aw?"
    .word 5
    .section .mine,"awo",@progbits,.text
    .quad .text
    .pushsection .data.foo,"aw"
    .word 6
    .previous
    .quad 1
    .popsection
    .quad 2
    .section .init_array.5
    .quad 3
    .section .kept,"awR"
    .byte 1
    .section .gone,"e"
    .byte 1
""",
    "symbols": """
    .org 4
f:  .cfi_startproc
    nop
    .org f+0x20, 0xff
    . = . + 4
    .zero 1
    .balign 8
    .comm cc,12,8
    .comm dd,5
    .local ee
    .comm ee,4,4
    .lcomm ff,7
    .common gg,16,4
    .equ a1,5
    b1 = a1+3
    b2 == 4
    .equiv b3, f+4
    .eqv b4, b1+b5
    .set b5, 9
    .weakref wr, target
    .weakref wr2, f
    call wr
    call wr2
    .symver f, f@V1
    .symver f, f2@@V2
    .weak wk
    call wk
    .type f,@function
    .type f2, "function"
    .type f3, STT_TLS
    .type f4, @gnu_indirect_function
f2: f3: f4:
    .size f, .-f
    .cfi_endproc
    .set same, f
    .globl same
    .data
    .dtpreldword tls1
    .word b4, b3-f
    .quad b3
    .reloc ., R_RISCV_NONE, f
""",
    "thread-local variables and shared code": """
    la a0, x
    lla a0, x
    .option pic
    la a0, x
    lla a0, y+4
    la.tls.ie a0, t
    la.tls.gd a0, t
    lui a5,%tprel_hi(t)
    add a5,a5,tp,%tprel_add(t)
    addi a0,a5,%tprel_lo(t)
    sw a0,%tprel_lo(t)(a5)
    auipc a0,%tls_ie_pcrel_hi(t)
    auipc a0,%tls_gd_pcrel_hi(t)
    auipc a0,%got_pcrel_hi(x)
    call f@plt
    .option nopic
    la a0, 0x12345678
    lb a0, x+1
    sb a0, x, t0
    jump x, t2
    tail x
    uret
    dret
    vfrece7.v v1,v2
    vfrsqrte7.v v1,v2,v0.t
    addi a0, a0, 0xfffffffffffff800
""",
    "instructions by their format": """
    .insn r 0x33, 0, 0, a0,a1,a2
    .insn r CUSTOM_0, 7, 0x7f, fa0,a1,fa2
    .insn r 0x33, 0, 0, a0,a1,a2,a3
    .insn r4 MADD, 0, 1, a0,a1,a2,a3
    .insn i 0x13, 0, a0, a1, 13
    .insn i LOAD, 0, a0, -4(a1)
    .insn s 0x23, 0, a0, 4(a1)
    .insn sb 0x63, 0, a0, a1, target
    .insn b BRANCH, 1, a0, a1, target
    .insn u 0x37, a0, 0xfff
    .insn uj 0x6f, a0, target
    .insn j JAL, a0, target
    .insn cr 0x2, 0x8, a0, a1
    .insn ci C1, 0x0, a0, 31
    .insn ciw C0, 0, a0, 1
    .insn css C2, 6, a0, 1
    .insn cl C0, 2, a0, 1(a1)
    .insn cs C0, 6, a0, 1(a1)
    .insn ca C1, 0x23, 0, a0, a1
    .insn cb C1, 6, a0, target
    .insn cj C1, 5, target
    .insn 0x13
    .insn 2, 0x1
target:
""",
    "operands of macros": r"""
    .macro m1 x y=7 z
    .ascii "<\x|\y|\z>"
    .endm
    m1 a b c
    m1 a, b c
    m1 "hello world", "q"
    m1 a + b, (c d)
    m1 z=5 x=1
    m1 1 , , 3
    m1 -1 -2
    m1 4 (a0)
    m1 %hi(foo), "a,b"
    m1 'a', 'b
    .macro m2 a:req, b:vararg
    .ascii "[\a|\b]"
    .endm
    m2 1
    m2 1, 2, 3 + 4,5
    .macro sp a="x y" b
    .ascii "\a:\b"
    .endm
    sp
    sp , 3
""",
    "what macros can do": r"""
    .macro counted a
    .ascii "\a\()x\@ \\n \b"
    .endm
    counted q
    COUNTED r
    .macro down a
    .if \a
    .byte \a
    down \a-1
    .else
    .exitm
    .endif
    .ascii "after\a"
    .endm
    down 3
    .macro outer n
    .macro inner_\n k
    .ascii "\n-\k"
    .endm
    .endm
    outer 5
    inner_5 9
    .purgem inner_5
    .macro inner_5
    .ascii "new"
    .endm
    inner_5
    .macro addi a b c
    .ascii "ADDI."
    .endm
    addi a0,a0,1
""",
    "repetition and conditions": r"""
    .irp r, a0, a1 a2
    .ascii "{\r}"
    .endr
    .irp r
    .ascii "{\r}"
    .endr
    .irpc c, xyz
    .ascii "\c\()-"
    .endr
    .rept 2
    .irp q,1,2
    .byte \q
    .endr
    .endr
    .ifc a b, a b
    .ascii "same"
    .endif
    .ifeqs "a","a"
    .ascii "eqs"
    .endif
    .ifb
    .ascii "blank"
    .endif
    .if 1 ; .ascii "one" ; .else ; .ascii "two" ; .endif ; .ascii "three"
    .ifdef x
    .byte 1
    .elseif 1
    .byte 2
    .else
    .byte 3
    .endif
    .ifndef x
    .byte 4
    .endif
    .end
    anything may stand here
""",
    "all rules of call frames": """
f:  .cfi_startproc
    .cfi_personality 0x9b, handler
    .cfi_lsda 0x1b, table
    addi sp,sp,-32
    .cfi_def_cfa_offset 32
    sd ra,24(sp)
    .cfi_offset ra, -8
    .cfi_rel_offset s0, 16
    .cfi_offset 40, -24
    .cfi_remember_state
    addi s0,sp,32
    .cfi_def_cfa s0, 0
    .cfi_register s1, t0
    .cfi_same_value s2
    .cfi_undefined s3
    .skip 300
    .cfi_restore ra
    .cfi_escape 1, 2, 3
    .skip 70000
    .cfi_restore_state
    .cfi_adjust_cfa_offset -32
    .cfi_val_offset s4, -16
    ret
    .cfi_endproc
g:  .cfi_startproc simple
    .cfi_signal_frame
    .cfi_return_column t1
    .cfi_def_cfa sp, 16
    ret
    .cfi_endproc
h:  .cfi_startproc
    ret
    .cfi_endproc
    .data
table: .quad 0
""",
}


def gnu_object(tool: Tool, folder: Path, text: str, march: str = "rv64gcv") -> bytes:
    source, output = folder / "snippet.s", folder / "snippet.o"
    source.write_text(text)
    command = [tool("riscv64-linux-gnu-as"), "-mno-relax", f"-march={march}", source, "-o", output]
    subprocess.run(command, check=True)
    return output.read_bytes()


@pytest.mark.parametrize("name", SNIPPETS)
def test_directives_do_what_gnu_as_does(tool: Tool, tmp_path: Path, name: str) -> None:
    gnu = summary(gnu_object(tool, tmp_path, SNIPPETS[name]))
    ours = summary(object_bytes(assemble(SNIPPETS[name])))
    for section in gnu.sections.keys() | ours.sections.keys():
        mine, theirs = ours.sections.get(section), gnu.sections.get(section)
        assert mine is not None and theirs is not None, section
        if ".dtpreldword" in SNIPPETS[name] and section == ".data":  # GNU writes addends here, too
            mine["content"] = theirs["content"]
        if int(str(theirs["flags"])) & 4:  # ours aligns all code
            mine["align"] = theirs["align"] = 0
        assert mine == theirs, section
    assert ours.symbols == gnu.symbols


def test_numbers_of_variable_length_follow_branches_that_grow() -> None:
    """A distance as LEB128 in one section, over a branch in another that needs eight bytes."""
    text = """
start: beq a0, a1, far
    j end
    .skip 5000
far: nop
end:
    .data
    .uleb128 end-start
    .sleb128 start-end
    .uleb128 here-there
there: .uleb128 end-start
    .skip 120
here:
    """
    unit = assemble(text)
    code, data = unit.section(".text"), bytes(unit.section(".data").data)
    size = code.size
    assert size > 5010

    def number(at: int, *, sign: bool = False) -> tuple[int, int]:
        value = shift = 0
        while True:
            value |= (data[at] & 0x7F) << shift
            shift += 7
            at += 1
            if data[at - 1] < 0x80:
                return value - (1 << shift if sign and value >> shift - 1 else 0), at

    first, at = number(0)
    second, at = number(at, sign=True)
    third, at = number(at)
    assert (first, second, third) == (size, -size, len(data) - at)


def test_views_count_rows_of_one_address() -> None:
    text = """
    .file 1 "a.c"
    .loc 1 1 view .V1
    .loc 1 2 view .V2
    nop
    .loc 1 3 view .V3
    .data
    .byte .V1, .V2, .V3
    """
    assert bytes(assemble(text).section(".data").data) == bytes((0, 1, 0))


def test_files_are_included_from_folders_that_are_named(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "more.s").write_text("\t.byte 7\n")
    (tmp_path / "inner" / "data.bin").write_bytes(b"0123456789")
    source = tmp_path / "main.s"
    source.write_text('\t.data\n\t.include "more.s"\n\t.incbin "data.bin", 2, 3\n')
    with pytest.raises(FleetErrors, match="there is no file more.s"):
        assemble_file(str(source))
    assert not (tmp_path / "main.o").exists()
    unit = assemble_file(str(source), include_folders=[str(tmp_path / "inner")])
    assert bytes(unit.section(".data").data) == b"\x07234"


def test_functions_with_another_calling_convention_are_marked(tool: Tool, tmp_path: Path) -> None:
    text = "\t.variant_cc f\n\t.globl f\nf:\tret\n"
    path = tmp_path / "f.o"
    path.write_bytes(object_bytes(assemble(text)))
    command = [tool("riscv64-linux-gnu-readelf"), "-sW", path]
    symbols = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert any("VARIANT_CC" in line and line.endswith(" f") for line in symbols.splitlines())


def test_common_symbols_stay_for_the_linker_unless_they_are_local() -> None:
    unit = parse_object(object_bytes(assemble("\t.comm a,8\n\t.local b\n\t.comm b,8\n")))
    where = {symbol.name: symbol.section for symbol in unit.symbols}
    assert where["a"] == COMMON and where["b"] != COMMON


def test_messages_of_a_text_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assemble('\t.print "hello"\n\t.warning "careful"\n\t.fail 500\n', "a.s")
    out, err = capsys.readouterr()
    assert out == "hello\n"
    assert err == "a.s:2: warning: careful\na.s:3: warning: .fail 500 was reached\n"
    with pytest.raises(FleetErrors, match="stop here"):
        assemble('\t.error "stop here"\n')
