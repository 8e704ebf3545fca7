"""The vector instructions, RVV 1.0 and Zvbb, as rows of text by families.

A family is a funct6 with its operand forms: `I 000000 vadd vv vx vi -` is vadd.vv, vadd.vx and
vadd.vi. Categories are the manual's: I (OPIVV, OPIVX, OPIVI), M (OPMVV, OPMVX), F (OPFVV,
OPFVF); they and the form give funct3. Content: "The RISC-V V vector extension 1.0", chapter
"Vector Instruction Listing".

A form names the sources in the order of the manual's suffix, first vs2, then vs1, rs1, fs1 or
the immediate: `w` is a vs2 of twice SEW; `vvm` takes v0 as data, not as a mask; `vs` reduces vs2
from element 0 of vs1; `mm` has mask registers throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

# Letters of the tables and the words that `Encoding.flags` has for them.
FLAGS = {
    "w": "widening",  # vd has elements of twice SEW
    "n": "narrowing",  # vs2 has elements of twice SEW, vd of SEW
    "u": "unsigned-immediate",
    "m": "mask-destination",  # vd is a mask, one bit an element
    "s": "mask-source",  # vs2 (and vs1) is a mask
    "r": "reduction",  # vd and vs1 are scalars in element 0
    "a": "accumulate",  # vd is a third source, sources are written vs1 first
    "d": "keeps-destination",  # elements of vd keep their values by definition, not by policy
    "o": "unmasked",  # vm is 1 in the encoding
    "e": "element-zero",  # only element 0 of a vector is read or written
    "f": "float",  # vd or a source holds floating-point numbers
}
# Of memory instructions: "load" or "store"; "strided", "indexed", "ordered", "fault-first",
# "whole" and "mask" as the manual uses the words.

FAMILIES = """
I 000000 vadd          vv vx vi     -
I 000010 vsub          vv vx        -
I 000011 vrsub         vx vi        -
I 000100 vminu         vv vx        -
I 000101 vmin          vv vx        -
I 000110 vmaxu         vv vx        -
I 000111 vmax          vv vx        -
I 001001 vand          vv vx vi     -
I 001010 vor           vv vx vi     -
I 001011 vxor          vv vx vi     -
I 001100 vrgather      vv vx vi     u
I 001110 vrgatherei16  vv           -
I 001110 vslideup      vx vi        u,d
I 001111 vslidedown    vx vi        u
I 010000 vadc          vvm vxm vim  -
I 010001 vmadc         vvm vxm vim  m
I 010001 vmadc         vv vx vi     m,o
I 010010 vsbc          vvm vxm      -
I 010011 vmsbc         vvm vxm      m
I 010011 vmsbc         vv vx        m,o
I 010111 vmerge        vvm vxm vim  -
I 011000 vmseq         vv vx vi     m
I 011001 vmsne         vv vx vi     m
I 011010 vmsltu        vv vx        m
I 011011 vmslt         vv vx        m
I 011100 vmsleu        vv vx vi     m
I 011101 vmsle         vv vx vi     m
I 011110 vmsgtu        vx vi        m
I 011111 vmsgt         vx vi        m
I 100000 vsaddu        vv vx vi     -
I 100001 vsadd         vv vx vi     -
I 100010 vssubu        vv vx        -
I 100011 vssub         vv vx        -
I 100101 vsll          vv vx vi     u
I 100111 vsmul         vv vx        -
I 101000 vsrl          vv vx vi     u
I 101001 vsra          vv vx vi     u
I 101010 vssrl         vv vx vi     u
I 101011 vssra         vv vx vi     u
I 101100 vnsrl         wv wx wi     n,u
I 101101 vnsra         wv wx wi     n,u
I 101110 vnclipu       wv wx wi     n,u
I 101111 vnclip        wv wx wi     n,u
I 110000 vwredsumu     vs           w,r
I 110001 vwredsum      vs           w,r
M 000000 vredsum       vs           r
M 000001 vredand       vs           r
M 000010 vredor        vs           r
M 000011 vredxor       vs           r
M 000100 vredminu      vs           r
M 000101 vredmin       vs           r
M 000110 vredmaxu      vs           r
M 000111 vredmax       vs           r
M 001000 vaaddu        vv vx        -
M 001001 vaadd         vv vx        -
M 001010 vasubu        vv vx        -
M 001011 vasub         vv vx        -
M 001110 vslide1up     vx           -
M 001111 vslide1down   vx           -
M 010111 vcompress     vm           o
M 011000 vmandn        mm           m,s,o
M 011001 vmand         mm           m,s,o
M 011010 vmor          mm           m,s,o
M 011011 vmxor         mm           m,s,o
M 011100 vmorn         mm           m,s,o
M 011101 vmnand        mm           m,s,o
M 011110 vmnor         mm           m,s,o
M 011111 vmxnor        mm           m,s,o
M 100000 vdivu         vv vx        -
M 100001 vdiv          vv vx        -
M 100010 vremu         vv vx        -
M 100011 vrem          vv vx        -
M 100100 vmulhu        vv vx        -
M 100101 vmul          vv vx        -
M 100110 vmulhsu       vv vx        -
M 100111 vmulh         vv vx        -
M 101001 vmadd         vv vx        a
M 101011 vnmsub        vv vx        a
M 101101 vmacc         vv vx        a
M 101111 vnmsac        vv vx        a
M 110000 vwaddu        vv vx        w
M 110001 vwadd         vv vx        w
M 110010 vwsubu        vv vx        w
M 110011 vwsub         vv vx        w
M 110100 vwaddu        wv wx        w
M 110101 vwadd         wv wx        w
M 110110 vwsubu        wv wx        w
M 110111 vwsub         wv wx        w
M 111000 vwmulu        vv vx        w
M 111010 vwmulsu       vv vx        w
M 111011 vwmul         vv vx        w
M 111100 vwmaccu       vv vx        w,a
M 111101 vwmacc        vv vx        w,a
M 111110 vwmaccus      vx           w,a
M 111111 vwmaccsu      vv vx        w,a
F 000000 vfadd         vv vf        -
F 000001 vfredusum     vs           r
F 000010 vfsub         vv vf        -
F 000011 vfredosum     vs           r
F 000100 vfmin         vv vf        -
F 000101 vfredmin      vs           r
F 000110 vfmax         vv vf        -
F 000111 vfredmax      vs           r
F 001000 vfsgnj        vv vf        -
F 001001 vfsgnjn       vv vf        -
F 001010 vfsgnjx       vv vf        -
F 001110 vfslide1up    vf           -
F 001111 vfslide1down  vf           -
F 010111 vfmerge       vfm          -
F 011000 vmfeq         vv vf        m
F 011001 vmfle         vv vf        m
F 011011 vmflt         vv vf        m
F 011100 vmfne         vv vf        m
F 011101 vmfgt         vf           m
F 011111 vmfge         vf           m
F 100000 vfdiv         vv vf        -
F 100001 vfrdiv        vf           -
F 100100 vfmul         vv vf        -
F 100111 vfrsub        vf           -
F 101000 vfmadd        vv vf        a
F 101001 vfnmadd       vv vf        a
F 101010 vfmsub        vv vf        a
F 101011 vfnmsub       vv vf        a
F 101100 vfmacc        vv vf        a
F 101101 vfnmacc       vv vf        a
F 101110 vfmsac        vv vf        a
F 101111 vfnmsac       vv vf        a
F 110000 vfwadd        vv vf        w
F 110001 vfwredusum    vs           w,r
F 110010 vfwsub        vv vf        w
F 110011 vfwredosum    vs           w,r
F 110100 vfwadd        wv wf        w
F 110110 vfwsub        wv wf        w
F 111000 vfwmul        vv vf        w
F 111100 vfwmacc       vv vf        w,a
F 111101 vfwnmacc      vv vf        w,a
F 111110 vfwmsac       vv vf        w,a
F 111111 vfwnmsac      vv vf        w,a
"""

# Instructions with one source, where the other register field selects the operation.
SINGLE = """
vmv.v.v           010111 1 00000 vs1 000 vd 1010111        vd, vs1      -
vmv.v.x           010111 1 00000 rs1 100 vd 1010111        vd, rs1      -
vmv.v.i           010111 1 00000 imm[4:0] 011 vd 1010111   vd, imm      -
vfmv.v.f          010111 1 00000 rs1 101 vd 1010111        vd, fs1      f
vmv.x.s           010000 1 vs2 00000 010 rd 1010111        rd, vs2      e
vmv.s.x           010000 1 00000 rs1 110 vd 1010111        vd, rs1      e
vfmv.f.s          010000 1 vs2 00000 001 rd 1010111        fd, vs2      e,f
vfmv.s.f          010000 1 00000 rs1 101 vd 1010111        vd, fs1      e,f
vmv1r.v           100111 1 vs2 00000 011 vd 1010111        vd, vs2      -
vmv2r.v           100111 1 vs2 00001 011 vd 1010111        vd, vs2      -
vmv4r.v           100111 1 vs2 00011 011 vd 1010111        vd, vs2      -
vmv8r.v           100111 1 vs2 00111 011 vd 1010111        vd, vs2      -
vcpop.m           010000 vm vs2 10000 010 rd 1010111       rd, vs2, vm  s
vfirst.m          010000 vm vs2 10001 010 rd 1010111       rd, vs2, vm  s
vmsbf.m           010100 vm vs2 00001 010 vd 1010111       vd, vs2, vm  m,s
vmsof.m           010100 vm vs2 00010 010 vd 1010111       vd, vs2, vm  m,s
vmsif.m           010100 vm vs2 00011 010 vd 1010111       vd, vs2, vm  m,s
viota.m           010100 vm vs2 10000 010 vd 1010111       vd, vs2, vm  s
vid.v             010100 vm 00000 10001 010 vd 1010111     vd, vm       -
vzext.vf8         010010 vm vs2 00010 010 vd 1010111       vd, vs2, vm  -
vsext.vf8         010010 vm vs2 00011 010 vd 1010111       vd, vs2, vm  -
vzext.vf4         010010 vm vs2 00100 010 vd 1010111       vd, vs2, vm  -
vsext.vf4         010010 vm vs2 00101 010 vd 1010111       vd, vs2, vm  -
vzext.vf2         010010 vm vs2 00110 010 vd 1010111       vd, vs2, vm  -
vsext.vf2         010010 vm vs2 00111 010 vd 1010111       vd, vs2, vm  -
vfcvt.xu.f.v      010010 vm vs2 00000 001 vd 1010111       vd, vs2, vm  f
vfcvt.x.f.v       010010 vm vs2 00001 001 vd 1010111       vd, vs2, vm  f
vfcvt.f.xu.v      010010 vm vs2 00010 001 vd 1010111       vd, vs2, vm  f
vfcvt.f.x.v       010010 vm vs2 00011 001 vd 1010111       vd, vs2, vm  f
vfcvt.rtz.xu.f.v  010010 vm vs2 00110 001 vd 1010111       vd, vs2, vm  f
vfcvt.rtz.x.f.v   010010 vm vs2 00111 001 vd 1010111       vd, vs2, vm  f
vfwcvt.xu.f.v     010010 vm vs2 01000 001 vd 1010111       vd, vs2, vm  f,w
vfwcvt.x.f.v      010010 vm vs2 01001 001 vd 1010111       vd, vs2, vm  f,w
vfwcvt.f.xu.v     010010 vm vs2 01010 001 vd 1010111       vd, vs2, vm  f,w
vfwcvt.f.x.v      010010 vm vs2 01011 001 vd 1010111       vd, vs2, vm  f,w
vfwcvt.f.f.v      010010 vm vs2 01100 001 vd 1010111       vd, vs2, vm  f,w
vfwcvt.rtz.xu.f.v 010010 vm vs2 01110 001 vd 1010111       vd, vs2, vm  f,w
vfwcvt.rtz.x.f.v  010010 vm vs2 01111 001 vd 1010111       vd, vs2, vm  f,w
vfncvt.xu.f.w     010010 vm vs2 10000 001 vd 1010111       vd, vs2, vm  f,n
vfncvt.x.f.w      010010 vm vs2 10001 001 vd 1010111       vd, vs2, vm  f,n
vfncvt.f.xu.w     010010 vm vs2 10010 001 vd 1010111       vd, vs2, vm  f,n
vfncvt.f.x.w      010010 vm vs2 10011 001 vd 1010111       vd, vs2, vm  f,n
vfncvt.f.f.w      010010 vm vs2 10100 001 vd 1010111       vd, vs2, vm  f,n
vfncvt.rod.f.f.w  010010 vm vs2 10101 001 vd 1010111       vd, vs2, vm  f,n
vfncvt.rtz.xu.f.w 010010 vm vs2 10110 001 vd 1010111       vd, vs2, vm  f,n
vfncvt.rtz.x.f.w  010010 vm vs2 10111 001 vd 1010111       vd, vs2, vm  f,n
vfsqrt.v          010011 vm vs2 00000 001 vd 1010111       vd, vs2, vm  f
vfrsqrt7.v        010011 vm vs2 00100 001 vd 1010111       vd, vs2, vm  f
vfrec7.v          010011 vm vs2 00101 001 vd 1010111       vd, vs2, vm  f
vfclass.v         010011 vm vs2 10000 001 vd 1010111       vd, vs2, vm  f
vsetvli           0 vtype[10:0] rs1 111 rd 1010111             rd, rs1, vtype   -
vsetivli          11 vtype[9:0] uimm[4:0] 111 rd 1010111       rd, imm, vtype   -
vsetvl            1000000 rs2 rs1 111 rd 1010111               rd, rs1, rs2     -
"""

# Zvbb: families, and instructions of which no family tells.
ZVBB_FAMILIES = """
I 000001 vandn         vv vx        -
I 010100 vror          vv vx        -
I 010101 vrol          vv vx        -
I 110101 vwsll         vv vx vi     w,u
"""

ZVBB_SINGLE = """
vror.vi           01010 uimm[5] vm vs2 uimm[4:0] 011 vd 1010111  vd, vs2, imm, vm  u
vbrev8.v          010010 vm vs2 01000 010 vd 1010111       vd, vs2, vm  -
vrev8.v           010010 vm vs2 01001 010 vd 1010111       vd, vs2, vm  -
vbrev.v           010010 vm vs2 01010 010 vd 1010111       vd, vs2, vm  -
vclz.v            010010 vm vs2 01100 010 vd 1010111       vd, vs2, vm  -
vctz.v            010010 vm vs2 01101 010 vd 1010111       vd, vs2, vm  -
vcpop.v           010010 vm vs2 01110 010 vd 1010111       vd, vs2, vm  -
"""

# stem, mop, and the field that unit-stride accesses use for an operation and others for an operand,
# flags, then the mnemonic for one field and, if there is one, for segments.
MEMORY = """
vle     00 00000 load                  vle{eew}.v     vlseg{nf}e{eew}.v
vleff   00 10000 load,fault-first      vle{eew}ff.v   vlseg{nf}e{eew}ff.v
vlse    10 rs2   load,strided          vlse{eew}.v    vlsseg{nf}e{eew}.v
vluxei  01 vs2   load,indexed          vluxei{eew}.v  vluxseg{nf}ei{eew}.v
vloxei  11 vs2   load,indexed,ordered  vloxei{eew}.v  vloxseg{nf}ei{eew}.v
vse     00 00000 store                 vse{eew}.v     vsseg{nf}e{eew}.v
vsse    10 rs2   store,strided         vsse{eew}.v    vssseg{nf}e{eew}.v
vsuxei  01 vs2   store,indexed         vsuxei{eew}.v  vsuxseg{nf}ei{eew}.v
vsoxei  11 vs2   store,indexed,ordered vsoxei{eew}.v  vsoxseg{nf}ei{eew}.v
"""

WHOLE_AND_MASK = """
vlm   load,mask    000 0 00 1 01011 rs1 {width} vd 0000111     vlm.v
vsm   store,mask   000 0 00 1 01011 rs1 {width} vs3 0100111    vsm.v
vlre  load,whole   {nf} 0 00 1 01000 rs1 {width} vd 0000111    vl{n}re{eew}.v
vsre  store,whole  {nf} 0 00 1 01000 rs1 {width} vs3 0100111   vs{n}r.v
"""

FUNCT3 = {"Iv": "000", "Fv": "001", "Mv": "010", "Ii": "011", "Ix": "100", "Ff": "101", "Mx": "110"}
SOURCE = {"v": "vs1", "x": "rs1", "f": "rs1", "i": "imm[4:0]"}
WRITTEN = {"v": "vs1", "x": "rs1", "f": "fs1", "i": "imm"}
ELEMENT_WIDTHS = {8: "000", 16: "101", 32: "110", 64: "111"}


class Row(NamedTuple):
    """An instruction; see `Encoding` for what the columns mean."""

    mnemonic: str
    pattern: str
    syntax: str
    flags: frozenset[str]
    stem: str
    eew: int
    nf: int
    extension: str



def _words(letters: str) -> frozenset[str]:
    return frozenset() if letters == "-" else frozenset(FLAGS[c] for c in letters.split(","))


def _family_rows(text: str, extension: str) -> Iterator[Row]:
    for line in text.strip().splitlines():
        category, funct6, stem, *forms, letters = line.split()
        flags = _words(letters + ",f" if category == "F" and letters != "-" else letters)
        if category == "F" and letters == "-":
            flags = _words("f")
        for form in forms:
            source = "v" if form in ("vs", "mm", "vm") else form[1]
            field = SOURCE[source]
            if source == "i" and "unsigned-immediate" in flags:
                field = "uimm[4:0]"
            if len(form) == 3:  # v0 is an operand
                masking, tail = "0", ", v0"
            elif "unmasked" in flags:
                masking, tail = "1", ""
            else:
                masking, tail = "vm", ", vm"
            pattern = f"{funct6} {masking} vs2 {field} {FUNCT3[category + source]} vd 1010111"
            if "accumulate" in flags:
                syntax = f"vd, {WRITTEN[source]}, vs2{tail}"
            else:
                syntax = f"vd, vs2, {WRITTEN[source]}{tail}"
            own = flags if source == "i" else flags - {"unsigned-immediate"}
            yield Row(f"{stem}.{form}", pattern, syntax, own, stem, 0, 1, extension)


def _single_rows(text: str, extension: str) -> Iterator[Row]:
    for line in text.strip().splitlines():
        mnemonic, rest = line.split(None, 1)
        pattern, *syntax, letters = [part for part in rest.split("  ") if part]
        stem = mnemonic.rpartition(".")[0] or mnemonic
        flags = _words(letters.strip())
        yield Row(mnemonic, pattern.strip(), syntax[0].strip(), flags, stem, 0, 1, extension)


def _memory_rows() -> Iterator[Row]:
    for line in MEMORY.strip().splitlines():
        stem, mop, operand, letters, single, segment = line.split()
        flags = frozenset(letters.split(","))
        register, opcode = ("vd", "0000111") if "load" in flags else ("vs3", "0100111")
        third = "" if operand.isdecimal() else f", {operand}"
        syntax = f"{register}, (rs1){third}, vm"
        for nf in range(1, 9):
            name = single if nf == 1 else segment
            for eew, width in ELEMENT_WIDTHS.items():
                pattern = f"{nf - 1:03b} 0 {mop} vm {operand} rs1 {width} {register} {opcode}"
                mnemonic = name.format(eew=eew, nf=nf)
                yield Row(mnemonic, pattern, syntax, flags, stem, eew, nf, "V")


def _whole_and_mask_rows() -> Iterator[Row]:
    for line in WHOLE_AND_MASK.strip().splitlines():
        stem, letters, *tokens, name = line.split()
        flags, pattern = frozenset(letters.split(",")), " ".join(tokens)
        register = "vd" if "load" in flags else "vs3"
        for nf in (1, 2, 4, 8) if "whole" in flags else (1,):
            for eew in ELEMENT_WIDTHS if stem == "vlre" else (8,):
                filled = pattern.format(nf=f"{nf - 1:03b}", width=ELEMENT_WIDTHS[eew])
                mnemonic = name.format(n=nf, eew=eew)
                yield Row(mnemonic, filled, f"{register}, (rs1)", flags, stem, eew, nf, "V")


def rows() -> Iterator[Row]:
    """Every vector instruction with its segment count spelled out."""
    yield from _family_rows(FAMILIES, "V")
    yield from _single_rows(SINGLE, "V")
    yield from _memory_rows()
    yield from _whole_and_mask_rows()
    yield from _family_rows(ZVBB_FAMILIES, "Zvbb")
    yield from _single_rows(ZVBB_SINGLE, "Zvbb")
