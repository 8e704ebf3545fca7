"""The instruction table against its own definition and against GNU objdump."""

from __future__ import annotations

import random
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from instruction_words import OTHERS, RV64GCV, random_words

from fleet.asm.isa.encoding import parse_pattern
from fleet.asm.isa.table import decode, encodings, lookup
from fleet.diagnostics import FleetError


def test_the_table_has_every_instruction_of_rv64gcv_and_the_profiles() -> None:
    sizes = Counter(encoding.extension for encoding in encodings().values())
    assert sizes == {
        "I": 53, "M": 13, "A": 22, "F": 30, "D": 32, "C": 37, "Zicsr": 6, "Zifencei": 1, "V": 627,
        "Zba": 8, "Zbb": 24, "Zbc": 3, "Zbs": 8, "Zicond": 2, "Zicbom": 3, "Zicboz": 1,
        "Zicbop": 3, "Zihintpause": 1, "Zihintntl": 8, "Zawrs": 2, "Zfhmin": 8, "Zfh": 26,
        "Zfa": 22, "Zcb": 12, "Zimop": 40, "Zcmop": 8, "Zvbb": 16, "Svinval": 5, "H": 15,
        "privileged": 7,
    }  # fmt: skip
    without_segments = {
        (e.stem, e.form, e.eew, e.nf if "whole" in e.flags else 1)
        for e in encodings().values()
        if e.extension == "V"
    }
    assert len(without_segments) == 375


def test_no_two_instructions_are_told_apart_by_nothing() -> None:
    """Where two rows fit one word, one is more specific or a field excludes the overlap."""
    by_bits = Counter((e.size, e.mask, e.match) for e in encodings().values())
    assert [bits for bits, count in by_bits.items() if count > 1] == []


def test_every_pattern_fills_its_word() -> None:
    for encoding in encodings().values():
        covered = encoding.mask
        for field in encoding.fields:
            assert covered & field.mask == 0, encoding.mnemonic
            covered |= field.mask
        assert covered == (1 << 8 * encoding.size) - 1, encoding.mnemonic


def test_decoding_gives_back_what_was_encoded() -> None:
    for word, encoding, values in random_words(1, 20, of=RV64GCV | OTHERS):
        decoded = decode(word)
        assert decoded is not None
        assert (decoded.encoding, decoded.operands) == (encoding, values), encoding.mnemonic


def test_encoding_gives_back_any_word_that_decodes() -> None:
    rng = random.Random(2)
    for _ in range(30_000):
        word = rng.getrandbits(32)
        if rng.random() < 0.5:
            word = word & ~0x7F | rng.choice((0x57, 0x07, 0x27, 0x53, 0x2F, 0x33))
        decoded = decode(word)
        if decoded is not None:
            kept = word if decoded.size == 4 else word & 0xFFFF
            assert decoded.encoding.encode(decoded.operands) == kept


def test_zero_and_all_ones_are_no_instructions() -> None:
    assert decode(0) is None
    assert decode(0xFFFFFFFF) is None


def test_a_scattered_immediate_knows_its_sign_alignment_and_range() -> None:
    mask, match, size, fields = parse_pattern("imm[12|10:5] rs2 rs1 000 imm[4:1|11] 1100011")
    imm = fields[0]
    assert (mask, match, size) == (0x707F, 0x63, 4)
    assert (imm.minimum, imm.maximum, imm.multiple_of) == (-4096, 4094, 2)
    assert imm.extract(imm.insert(-2)) == -2 and imm.insert(-4096) == 1 << 31
    assert not imm.accepts(3) and not imm.accepts(4096)


@pytest.mark.parametrize(
    ("mnemonic", "defs", "uses"),
    [
        ("vadd.vx", "vd", "vs2 rs1"),
        ("vfmacc.vf", "vd", "vd rs1 vs2"),
        ("vse32.v", "", "vs3 rs1"),
        ("vle32.v", "vd", "rs1"),
        ("vsuxei16.v", "", "vs3 rs1 vs2"),
        ("vmv.x.s", "rd", "vs2"),
        ("vslideup.vi", "vd", "vd vs2"),
        ("sd", "", "rs2 rs1"),
        ("beq", "", "rs1 rs2"),
        ("fmadd.d", "rd", "rs1 rs2 rs3"),
        ("c.addi", "rd", "rd"),
        ("c.li", "rd", ""),
    ],
)
def test_operands_say_what_is_written_and_read(mnemonic: str, defs: str, uses: str) -> None:
    registers = [o for o in lookup(mnemonic).operands if o.kind in "xfv"]
    assert " ".join(o.name for o in registers if o.is_def) == defs
    assert " ".join(o.name for o in registers if o.is_use) == uses


def test_flags_and_forms_describe_vector_operands() -> None:
    assert lookup("vwaddu.wv").form == "wv" and "widening" in lookup("vwaddu.wv").flags
    assert "unsigned-immediate" in lookup("vnsrl.wi").flags
    assert "unsigned-immediate" not in lookup("vnsrl.wv").flags
    assert {"mask-destination", "float"} <= lookup("vmflt.vf").flags
    assert {"reduction", "widening", "float"} <= lookup("vfwredusum.vs").flags
    segment = lookup("vlseg3e32ff.v")
    assert (segment.stem, segment.eew, segment.nf) == ("vleff", 32, 3)
    assert segment.flags == {"load", "fault-first"}


def test_an_unknown_mnemonic_is_an_error() -> None:
    with pytest.raises(FleetError, match="no instruction named vaddd"):
        lookup("vaddd.vv")


def test_objdump_names_every_instruction_as_the_table_does(tool, tmp_path: Path) -> None:
    words = [
        (word, encoding)
        for word, encoding, values in random_words(3, 10)
        # objdump 2.40 knows exact conversions with a zero rounding mode alone, and c.nop as c.addi
        if not (encoding.mnemonic in ("fcvt.d.s", "fcvt.d.w", "fcvt.d.wu") and values["rm"])
        and encoding.mnemonic != "c.nop"
    ]
    source = tmp_path / "words.s"
    source.write_text("".join(f".insn {word}\n" for word, _ in words))
    compiled = tmp_path / "words.o"
    assembler = tool("riscv64-linux-gnu-as")
    subprocess.run([assembler, "-march=rv64gcv", source, "-o", compiled], check=True)
    listing = subprocess.run(
        [tool("riscv64-linux-gnu-objdump"), "-d", "-M", "no-aliases", compiled],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    rows = [line.split("\t") for line in listing.splitlines() if line.count("\t") >= 2]
    names = [re.sub(r"\.(aq|rl|aqrl)$", "", row[2].strip()) for row in rows]
    assert names == [encoding.mnemonic for _, encoding in words]
