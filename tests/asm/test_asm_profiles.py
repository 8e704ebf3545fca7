"""The extensions of RVA22 and RVA23 against GNU as and objdump 2.44, and against llvm-mc 19."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from instruction_words import OTHERS, random_words
from test_asm_differential import DotRelative

from fleet.asm.assembler import assemble
from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import encodings
from fleet.asm.objects.attributes import extensions_of, format_arch
from fleet.asm.objects.profiles import PROFILES, VERSIONS
from fleet.asm.objects.reader import read_object
from fleet.asm.show.disassembler import Disassembler
from fleet.diagnostics import FleetError, FleetErrors

Tool = Callable[..., str]
MARCH = (
    "rv64gcv_h_zba_zbb_zbc_zbs_zicond_zicbom_zicbop_zicboz_zihintpause_zihintntl_zimop_zawrs"
    "_zfhmin_zfh_zfa_zcb_zcmop_zvfh_zvbb_svinval"
)
FEATURES = "+m,+a,+f,+d,+c,+v,+" + MARCH.partition("_")[2].replace("_", ",+")
EXACT = ("fcvt.s.h", "fcvt.d.h")
GNU_NAMES_BY_IMMEDIATE = ("bclr", "bext", "binv", "bset", "ror", "rorw")


def words_of(seed: int, count: int) -> list[tuple[int, Encoding]]:
    """Random instructions of every extension beyond RV64GCV, without what GNU does not know."""
    return [
        (word, encoding)
        for word, encoding, values in random_words(seed, count, legal=True, of=OTHERS)
        if not (encoding.mnemonic in EXACT and values["rm"])
    ]


def written(words: list[tuple[int, Encoding]], *, aliases: bool) -> list[str]:
    """Each as a line of assembly."""
    writer = Disassembler(DotRelative(), aliases=aliases)
    writer.limit(frozenset(extensions_of(MARCH)))
    lines = []
    for word, encoding in words:
        line = writer.line(word.to_bytes(encoding.size, "little"), 0, 0)
        lines.append(f"{line.mnemonic}\t{line.operands}".rstrip())
    return lines


def gnu_object(later_tool: Tool, folder: Path, text: str) -> Path:
    source, compiled = folder / "gnu.s", folder / "gnu.o"
    source.write_text(text)
    command = [later_tool("riscv64-linux-gnu-as"), f"-march={MARCH}", source, "-o", compiled]
    subprocess.run(command, check=True)
    return compiled


def text_bytes(tool: Tool, compiled: Path) -> bytes:
    raw = compiled.with_suffix(".bin")
    copy = tool("riscv64-linux-gnu-objcopy")
    subprocess.run([copy, "-O", "binary", "-j", ".text", compiled, raw], check=True)
    return raw.read_bytes()


def first_difference(lines: list[str], ours: bytes, theirs: bytes) -> str:
    """The first line whose own bytes are not those that the judge has in its place."""
    at = 0
    for line in lines:
        own = bytes(assemble(f"{line}\n", march=MARCH).section(".text").data)
        if theirs[at : at + len(own)] != own:
            return f"{line}: {own.hex()}, not {theirs[at : at + len(own)].hex()}"
        at += len(own)
    return f"{len(ours)} bytes, not {len(theirs)}"


@pytest.mark.parametrize("aliases", [False, True])
def test_every_instruction_is_written_as_objdump_does(
    later_tool: Tool, tmp_path: Path, aliases: bool
) -> None:
    words = words_of(41, 10)
    text = "".join(f".insn {encoding.size}, {word}\n" for word, encoding in words)
    compiled = gnu_object(later_tool, tmp_path, text)
    flags = [] if aliases else ["-M", "no-aliases"]
    command = [later_tool("riscv64-linux-gnu-objdump"), "-z", "-d", *flags, compiled]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = [row.split("\t", 2)[2] for row in listing.splitlines() if row.count("\t") >= 2]
    expected = []
    for row in rows:
        mnemonic, tab, operands = row.partition("\t")
        # 2.40 writes these without the i, and so do we; 2.44 does no more.
        short = mnemonic.removesuffix("i").replace("iw", "w")
        if aliases and short != mnemonic and short in GNU_NAMES_BY_IMMEDIATE:
            mnemonic = short
        expected.append(re.sub(r" # .*", "", f"{mnemonic}{tab}{operands}").rstrip())
    assert written(words, aliases=aliases) == expected


@pytest.mark.parametrize("aliases", [False, True])
def test_every_instruction_assembles_to_the_bytes_of_gnu_as(
    tool: Tool, later_tool: Tool, tmp_path: Path, aliases: bool
) -> None:
    lines = written(words_of(42, 10), aliases=aliases)
    text = ".option norelax\n" + "\n".join(lines) + "\n"
    theirs = text_bytes(tool, gnu_object(later_tool, tmp_path, text))
    ours = bytes(assemble(text, march=MARCH).section(".text").data)
    assert ours == theirs, first_difference(lines, ours, theirs)


def is_elsewhere(encoding: Encoding) -> bool:
    """What LLVM does not know, and hints of Zihintntl, which GNU as compresses."""
    return encoding.mnemonic in ("uret", "hret") or encoding.extension == "Zihintntl"


def test_every_instruction_assembles_to_the_bytes_of_llvm(tool: Tool, tmp_path: Path) -> None:
    words = [each for each in words_of(43, 10) if not is_elsewhere(each[1])]
    lines = [
        re.sub(r"\t(-?0x1)p", r"\t\1.0p", line) for line in written(words, aliases=False)
    ]
    text = "\n".join(lines) + "\n"
    compiled = tmp_path / "llvm.o"
    command = [tool("llvm-mc-19", "llvm-mc"), "-triple=riscv64", f"-mattr={FEATURES},-relax"]
    run = subprocess.run(
        [*command, "-filetype=obj", "-o", compiled], input=text, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr[:2000]
    ours = bytes(assemble(text, march=MARCH).section(".text").data)
    theirs = text_bytes(tool, compiled)
    assert ours == theirs, first_difference(lines, ours, theirs)


def test_short_forms_of_zcb_are_chosen_as_gnu_as_does(
    tool: Tool, later_tool: Tool, tmp_path: Path
) -> None:
    """Registers and offsets at the edges of what the 16-bit forms take."""
    registers = ("zero", "ra", "s0", "a0", "a5", "a6")
    lines = []
    for one in registers:
        for other in registers:
            for name in ("sext.b", "sext.h", "zext.b", "zext.h", "zext.w", "sext.w", "not"):
                lines.append(f"{name} {one}, {other}")
            lines += [f"mul {one}, {one}, {other}", f"mul {one}, {other}, {one}"]
            lines += [f"andi {one}, {other}, 255", f"xori {one}, {other}, -1"]
            lines += [f"add.uw {one}, {other}, zero"]
            for offset in (-1, 0, 1, 2, 3, 4):
                for name in ("lbu", "lb", "lhu", "lh", "sb", "sh"):
                    lines.append(f"{name} {one}, {offset}({other})")
    text = ".option norelax\n" + "\n".join(lines) + "\n"
    theirs = text_bytes(tool, gnu_object(later_tool, tmp_path, text))
    ours = bytes(assemble(text, march=MARCH).section(".text").data)
    assert ours == theirs, first_difference(lines, ours, theirs)


@pytest.mark.parametrize("march", ["rv64gc", "rv64gc_zbb", "rv64gc_zba", "rv64gc_zcb"])
def test_extensions_decide_what_a_pseudo_instruction_is(
    tool: Tool, later_tool: Tool, tmp_path: Path, march: str
) -> None:
    names = ("sext.b", "sext.h", "zext.b", "zext.h", "sext.w", "zext.w")
    text = "".join(f"{name} a0, {source}\n" for name in names for source in ("a0", "t1"))
    source, compiled = tmp_path / "gnu.s", tmp_path / "gnu.o"
    source.write_text(text)
    command = [later_tool("riscv64-linux-gnu-as"), f"-march={march}", source, "-o", compiled]
    subprocess.run(command, check=True)
    assert bytes(assemble(text, march=march).section(".text").data) == text_bytes(tool, compiled)


def test_an_instruction_names_the_extension_that_it_needs() -> None:
    for name, needed in (
        ("andn a0, a0, a0", "Zbb"), ("sh1add a0, a0, a0", "Zba"), ("fadd.h fa0, fa0, fa0", "Zfh"),
        ("flh fa0, 0(a0)", "Zfhmin"), ("fli.s fa0, 1.0", "Zfa"), ("vclz.v v8, v9", "Zvbb"),
        ("vrol.vv v8, v9, v10", "Zvbb"), ("pause", "Zihintpause"), ("c.mul a0, a1", "Zcb"),
        ("mop.r.3 a0, a0", "Zimop"), ("c.mop.5", "Zcmop"), ("sinval.vma a0, a1", "Svinval"),
        ("hlv.w a0, (a1)", "H"), ("czero.eqz a0, a0, a0", "Zicond"), ("cbo.zero (a0)", "Zicboz"),
    ):  # fmt: skip
        with pytest.raises(FleetErrors, match=f"needs extension {needed}, which"):
            assemble(f"{name}\n")
        assemble(f"{name}\n", march=f"rv64gcv_{needed.lower()}")


def test_fli_takes_its_32_constants_and_no_other() -> None:
    def word(text: str) -> int:
        made = assemble(f"fli.d fa0, {text}\n", march="rv64gc_zfa")
        return int.from_bytes(made.section(".text").data, "little")

    assert word("1") == word("1.0") == word("0x1p0") == word("1e0")
    assert word("0.0625") == word("0x1p-4") and word("inf") != word("nan") != word("min")
    with pytest.raises(FleetErrors, match="'1.1' is no constant that fli can load"):
        word("1.1")


def gnu_architecture(assembler: str, folder: Path, march: str) -> str | None:
    """What GNU as writes into .riscv.attributes; None if it does not know an extension."""
    source, compiled = folder / "nop.s", folder / "nop.o"
    source.write_text("nop\n")
    command = [assembler, "-misa-spec=20191213", f"-march={march}", source, "-o", compiled]
    if subprocess.run(command, capture_output=True).returncode:
        return None
    return read_object(compiled).arch


def test_architectures_are_those_of_gnu_as(tool: Tool, later_tool: Tool, tmp_path: Path) -> None:
    """Of 2.40 where it knows every extension, else of 2.44, which names the parts of A, too."""
    rng = random.Random(44)
    known = [name for name in VERSIONS if len(name) > 1]
    compared = 0
    for _ in range(40):
        letters = "".join(letter for letter in "mafdcbvh" if rng.random() < 0.4)
        march = "_".join((f"rv64i{letters}", *rng.sample(known, rng.randint(0, 6))))
        for assembler in (tool("riscv64-linux-gnu-as"), later_tool("riscv64-linux-gnu-as")):
            expected = gnu_architecture(assembler, tmp_path, march)
            if expected is not None:
                assert format_arch(extensions_of(march)) == expected, march
                compared += 1
                break
    assert compared > 20


@pytest.mark.parametrize("profile", ["rva20u64", "rva22u64", "rva23u64"])
def test_a_profile_is_what_clang_says_it_is(tool: Tool, tmp_path: Path, profile: str) -> None:
    source, compiled = tmp_path / "nop.s", tmp_path / "nop.o"
    source.write_text("nop\n")
    command = [tool("clang-19", "clang"), "--target=riscv64", f"-march={profile}"]
    command += ["-menable-experimental-extensions", "-c", str(source), "-o", str(compiled)]
    subprocess.run(command, check=True)
    expected = set(read_object(compiled).arch.split("_"))
    ours = set(format_arch(extensions_of(profile)).split("_"))
    # clang 19 has a draft of RVA23U64, without Supm and B by name, and does not name A's parts.
    assert ours - expected <= {"supm1p0", "b1p0", "zaamo1p0", "zalrsc1p0", "zihpm2p0"}
    assert expected <= ours


C_PROGRAM = """
#include <stdint.h>
uint64_t index(uint64_t a, uint32_t b) { return a + ((uint64_t)b << 2); }
long choose(long a, long b, int c) { return c ? a < b ? a : b : a; }
int bits(unsigned x, int i) { return __builtin_popcount(x) + __builtin_ctz(x) + (x >> i & 1); }
uint64_t turned(uint64_t x, int k) { return __builtin_bswap64(x >> k | x << (64 - k & 63)); }
int bytes(unsigned char *p, int a) { return p[1] * (signed char)a + (uint16_t)a; }
_Float16 half(_Float16 a, _Float16 b) { return a * b + a; }
double constants(double x) { return __builtin_floor(x) + 1.5; }
void widened(_Float16 *a, float *b, int n) { for (int i = 0; i < n; i++) b[i] += a[i]; }
void counted(uint32_t *a, int n) {
    for (int i = 0; i < n; i++) a[i] = __builtin_popcount(a[i]) ^ (a[i] << 3 | a[i] >> 29);
}
"""


@pytest.mark.parametrize("march", ["rva22u64", "rva23u64", "rva23u64_zfh_zvfh_zbc"])
def test_what_clang_compiles_for_a_profile_is_what_clang_assembles(
    tool: Tool, tmp_path: Path, march: str
) -> None:
    source, text, compiled = (tmp_path / f"program.{end}" for end in ("c", "s", "o"))
    source.write_text(C_PROGRAM)
    command = [tool("clang-19"), "--target=riscv64", "-menable-experimental-extensions"]
    command += [f"-march={march}", "-O3", "-ffast-math", "-mno-relax", "-fno-addrsig"]
    command += ["-Wno-parentheses", "-fno-asynchronous-unwind-tables", "-ffreestanding"]
    subprocess.run([*command, "-S", source, "-o", text], check=True)
    subprocess.run([*command, "-c", text, "-o", compiled], check=True)
    ours, theirs = assemble(text.read_text(), march=march), read_object(compiled)
    assert bytes(ours.section(".text").data) == bytes(theirs.section(".text").data)


def test_a_profile_can_have_more_extensions() -> None:
    assert set(extensions_of("rva22u64_v_zfh")) > {"v", "zfh", "zba", "zicbom", "zicsr"}
    assert set(PROFILES) == {"rva20u64", "rva22u64", "rva23u64"}
    assemble("fadd.h fa0, fa1, fa2\nvadd.vv v8, v9, v10\n", march="rva23u64_zfh")
    with pytest.raises(FleetError, match="is no architecture of RV64") as caught:
        extensions_of("rva24u64")
    assert "rva22u64" in str(caught.value.hint)


def test_every_extension_of_the_table_can_be_asked_for() -> None:
    names = {encoding.extension.lower() for encoding in encodings().values()} - {"privileged"}
    assert names <= set(VERSIONS)
