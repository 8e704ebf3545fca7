"""Random sequences of vector instructions, with the state that each starts from.

A sequence is a few *steps*: a vector instruction after the scalar ones that set vtype, vl, vstart
and rounding modes for it. `Generator` follows that setting, so that it knows which instructions are
legal (as our machine judges: qemu judges too, when they run) and which of them qemu is known to
execute otherwise. The registers that instructions may use have fixed roles:

    a0-a7    scalars, and where results go          f0-f15   doubles, f16-f27 boxed singles
                                                    f28-f31  boxed halves
    s2, s3   addresses in the middle of memory      s4       address shortly before its end
    s5-s8    strides                                s9-s11, t3   tables of indices of 8 to 64 bits
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import decode, encodings
from fleet.emu.machine import Machine
from fleet.emu.vector.config import VILL, legal_vtype, lmul_of, vlmax_of, vtype_text

from .departures import WHOLE_MOVES, Setting, departure
from .scalar import (
    DYNAMIC_ROUNDING,
    FRM,
    NEXT,
    NOP,
    RETURN,
    T0,
    T1,
    VSTART,
    VXRM,
    constant,
    word,
    write_csr,
)

SCALARS = range(10, 18)
BASES, NEAR_END = (18, 19), 20
STRIDES = (21, 22, 23, 24)
INDICES = {8: 25, 16: 26, 32: 27, 64: 28}
SPARE_INDICES = 256
"""How many dwords of a table of indices come before the last place where one may start."""

HALF_PAGE_WORDS = 512
LONGEST = 12


@dataclass(frozen=True)
class Step:
    """setup: scalar words before; setting: what was in force; counts: whether a vector one."""

    word: int
    setup: tuple[int, ...]
    setting: Setting
    legal: bool = True

    @property
    def text(self) -> str:
        decoded = decode(self.word)
        name = f"{decoded.encoding.mnemonic} {decoded.operands}" if decoded else "no instruction"
        s = self.setting
        return (
            f"{self.word:08x} {name} under {vtype_text(s.vtype)}, vl {s.vl}, vstart {s.vstart}, "
            f"frm {s.frm}"
        )

    @property
    def muted(self) -> Step:
        """The same setting without the instruction, where that does not depend on it."""
        return replace(self, word=NOP)


@dataclass(frozen=True)
class Sequence:
    """Steps and what they start from: offsets into the tables of values, fcsr and vcsr."""

    steps: tuple[Step, ...]
    vectors: int
    floats: int
    integers: int
    fcsr: int
    vcsr: int

    def words(self, position: int) -> list[int]:
        """Code, `position` words after an address that is a multiple of 2048."""
        code: list[int] = []
        for step in self.steps:
            if DYNAMIC_ROUNDING in step.setup:  # the two in one page, or qemu aborts
                end = position + len(code) + len(step.setup) + 1
                code += [NOP] * 8 * (end % HALF_PAGE_WORDS < 8)
            code += [*step.setup, step.word]
        return [*code, RETURN]


def single(instruction: int, setting: Setting) -> Sequence:
    """One instruction in a setting."""
    setup = (
        *constant(T0, setting.vl), *constant(T1, setting.vtype),
        word("vsetvl", rd=0, rs1=T0, rs2=T1), *write_csr(FRM, setting.frm),
        *(write_csr(VSTART, setting.vstart) if setting.vstart else ()),
    )  # fmt: skip
    return Sequence((Step(instruction, setup, setting),), 0, 0, 0, setting.frm << 5, 0)


def float_registers(sew: int) -> range:
    return {16: range(26, 32), 32: range(16, 28), 64: range(16)}.get(sew, range(32))


def reads_twice(instruction: int) -> bool:
    """Whether a register may be read with two widths of elements, which is reserved (5.2).

    qemu 10 finds that illegal; Fleet, as qemu 7.2, takes both.
    """
    decoded = decode(instruction)
    sources = [
        value for name, value in decoded.operands.items() if name in ("vs1", "vs2", "vs3")
    ]
    flags, form = decoded.encoding.flags, decoded.encoding.form
    masked = decoded.operands.get("vm") == 0 or form in ("vvm", "vxm", "vim", "vfm")
    if masked and 0 in sources:
        return True
    if "accumulate" in flags and "widening" in flags or "indexed" in flags:
        sources.append(decoded.operands.get("vd", 64))
    mixed = flags & {"widening", "narrowing", "indexed"} or decoded.encoding.stem == "vrgatherei16"
    return bool(mixed) and any(
        abs(a - b) < 8 for i, a in enumerate(sources) for b in sources[:i]
    )


class Generator:
    """Sequences by a seed.

    wild: how often an instruction is taken whether it is legal or not
    for_qemu: leave out what qemu is known to do otherwise
    modern: draw Zvbb and floats of half precision, too, which qemu 7.2 has not
    skipped: how often which departure was left out
    """

    def __init__(
        self, seed: object, vlen: int, *, wild: float = 0.05, for_qemu: bool = True,
        modern: bool = True,
    ) -> None:  # fmt: skip
        self.random = random.Random(repr(seed))
        self.vlen = vlen
        self.wild = wild
        self.for_qemu, self.modern = for_qemu, modern
        self.unit = Machine(vlen).vector
        vector = [e for e in encodings().values() if e.is_vector]
        vector = [e for e in vector if modern or e.extension == "V"]
        self.settings = [e for e in vector if e.stem.startswith("vset")]
        known = [e for e in vector if not e.stem.startswith("vset")]
        segments = [e for e in known if e.nf > 1 and "whole" not in e.flags]
        others = [e for e in known if e.nf == 1 or "whole" in e.flags]
        self.choices = others * 4 + segments
        self.skipped: Counter[str] = Counter()
        self.frm = self.vstart = 0
        self.after_vstart = False

    def sequence(self) -> Sequence:
        pick = self.random
        self.frm = frm = pick.choice((0, 0, 0, 1, 2, 3, 4))
        self.vstart, self.after_vstart = 0, False
        self.unit.set_vl(0, 0)  # as the program begins
        fflags = pick.choice((0, 0, 1, 17, 31))
        result = Sequence(
            steps=(), vectors=8 * pick.randrange(1024), floats=256 * pick.randrange(128),
            integers=64 * pick.randrange(256), fcsr=frm << 5 | fflags, vcsr=pick.randrange(8),
        )  # fmt: skip
        steps = [self._configure()]
        length = pick.randint(1, LONGEST)
        while len(steps) < length:
            if pick.random() < 0.2:
                steps.append(self._configure())
                continue
            step = self._instruction()
            if step is None:
                steps.append(self._configure())
                continue
            steps.append(step)
            decoded = decode(step.word)
            if decoded is not None and "fault-first" in decoded.encoding.flags:
                steps.append(self._configure(keep=False))  # vl may be another now
        return replace(result, steps=tuple(steps))

    # -- settings

    def _vtype(self) -> int:
        pick = self.random
        while True:
            vtype = pick.randrange(4) << 6 | pick.choice((0, 1, 2, 2, 3, 3)) << 3
            vtype |= pick.choice((0, 1, 2, 3, 5, 6, 7))
            if legal_vtype(vtype):
                return vtype

    def _avl(self, vtype: int) -> int:
        pick = self.random
        vlmax = vlmax_of(vtype, self.vlen) if legal_vtype(vtype) else self.vlen
        match pick.randrange(10):
            case 0:
                return pick.choice((0, 1, 2, 3))
            case 1:
                return pick.choice((vlmax + 1, 2 * vlmax, 1 << 31, 1 << 32, 1 << 63, (1 << 64) - 1))
            case 2 | 3 | 4:
                return vlmax
            case 5:
                return max(vlmax - 1, 0)
            case _:
                return pick.randrange(vlmax + 1)

    def _configure(self, *, keep: bool = True) -> Step:
        """A vset instruction. Reserved values of vtype are among them, and vl kept, if `keep`."""
        pick = self.random
        encoding = pick.choice(self.settings)
        vtype = self._vtype()
        odd = pick.random() < 0.03
        rd = pick.choice((0, 0, *SCALARS))
        setup: tuple[int, ...] = ()
        match encoding.mnemonic:
            case "vsetivli":
                vtype = pick.randrange(1 << 10) if odd else vtype
                avl = pick.randrange(32)
                operands = {"rd": rd, "imm": avl, "vtype": vtype}
            case "vsetvli":
                vtype = pick.randrange(1 << 11) if odd else vtype
                operands, avl, setup = self._length(rd, vtype, keep)
                operands["vtype"] = vtype
            case _:
                if odd:
                    vtype = pick.choice((vtype | 1 << pick.randrange(8, 64), pick.getrandbits(64)))
                operands, avl, setup = self._length(rd, vtype, keep)
                operands["rs2"] = T1
                setup = (*setup, *constant(T1, vtype))
        before = self._setting()
        self.unit.set_vl(vtype, avl)
        self.vstart, self.after_vstart = 0, False
        return Step(encoding.encode(operands), setup, before)

    def _length(
        self, rd: int, vtype: int, keep: bool
    ) -> tuple[dict[str, int], int | None, tuple[int, ...]]:
        """Operands, AVL (None: vl is kept) and setup of vsetvl or vsetvli."""
        match self.random.randrange(8):
            case 0 if keep:
                return {"rd": 0, "rs1": 0}, None, ()
            case 1:
                return {"rd": self.random.choice(SCALARS), "rs1": 0}, (1 << 64) - 1, ()
            case _:
                avl = self._avl(vtype)
                return {"rd": rd, "rs1": T0}, avl, constant(T0, avl)

    def _setting(self) -> Setting:
        config = self.unit.config
        return Setting(self.vlen, config.vtype, config.vl, self.vstart, self.frm)

    # -- instructions

    def _instruction(self) -> Step | None:
        """A legal one as far as we know, or any; None where this setting offers none."""
        for _ in range(64):
            chance = self.wild if self.frm <= 4 else max(self.wild, 0.3)
            wild = self.random.random() < chance
            instruction = self._draw(wild)
            if instruction is None:
                continue
            setup, setting = self._setup(instruction)
            legal = self._is_legal(instruction, setting)
            if not legal and not wild:
                continue
            if not self.modern and self._is_modern(instruction):
                continue
            if self.modern and self.for_qemu and legal and reads_twice(instruction):
                continue
            known = departure(instruction, setting, legal) if self.for_qemu else None
            if known is not None:
                self.skipped[known.name] += 1
                continue
            self.frm = setting.frm
            self.after_vstart = setting.vstart != 0
            self.vstart = 0 if legal else setting.vstart  # illegal ones leave it as it is
            return Step(instruction, setup, setting, legal)
        return None

    def _is_modern(self, instruction: int) -> bool:
        decoded = decode(instruction)
        if decoded is None or not decoded.encoding.is_vector:
            return False
        half = "float" in decoded.encoding.flags and self.unit.config.sew < 32
        return half or decoded.encoding.extension != "V"

    def _draw(self, wild: bool) -> int | None:
        if wild and self.random.random() < 0.3:
            return self._random_word()
        encoding = self.random.choice(self.choices)
        return encoding.encode(self._operands(encoding, wild))

    def _is_legal(self, instruction: int, setting: Setting) -> bool:
        """As our machine judges, which looks at frm only when it executes an instruction."""
        before = self.unit.config
        self.unit.config = self.unit.configuration(setting.vtype, setting.vl, setting.vstart)
        try:
            accepted = self.unit.accepts(instruction)
        finally:
            self.unit.config = before
        return accepted and (
            setting.frm <= 4 or "float" not in decode(instruction).encoding.flags
        )

    def _setup(self, instruction: int) -> tuple[tuple[int, ...], Setting]:
        """Scalar words before an instruction, and the setting with what they change."""
        pick = self.random
        decoded = decode(instruction)
        encoding = decoded.encoding if decoded is not None else None
        setup: tuple[int, ...] = (NEXT,) if self.after_vstart else ()
        frm = self.frm
        if pick.random() < 0.1:
            frm = pick.choice((0, 1, 2, 3, 4) if pick.random() < 0.9 else (5, 6, 7))
            setup += write_csr(FRM, frm)
        if pick.random() < 0.1:
            setup += write_csr(VXRM, pick.randrange(4))
        before = self.vstart
        if encoding is not None and "indexed" in encoding.flags:
            before = 0
            table = INDICES[encoding.eew]
            skip = 8 * pick.randrange(SPARE_INDICES)
            register = instruction >> 20 & 24
            setup += (
                *(write_csr(VSTART, 0) if self.vstart else ()),
                word("addi", rd=T0, rs1=table, imm=skip),
                word("vl8re8.v", vd=register, rs1=T0),
            )
        vstart = self._vstart(encoding) if pick.random() < 0.12 else 0
        if vstart != before:
            setup += write_csr(VSTART, vstart)
        if encoding is not None and ".rtz." in encoding.mnemonic and frm <= 4:
            setup += (DYNAMIC_ROUNDING,)
        return setup, self._setting()._replace(vstart=vstart, frm=frm)

    def _vstart(self, encoding: Encoding | None) -> int:
        pick, config = self.random, self.unit.config
        if encoding is not None and "whole" in encoding.flags:
            return pick.randrange(encoding.nf * self.vlen // encoding.eew)
        if encoding is not None and encoding.stem in WHOLE_MOVES and config.vtype != VILL:
            return pick.randrange(int(encoding.stem[3]) * self.vlen // config.sew)
        if config.vl and pick.random() < 0.9:
            return pick.randrange(config.vl)
        return pick.randrange(min(config.vlmax + 1, self.vlen))

    def _operands(self, encoding: Encoding, wild: bool) -> dict[str, int]:
        pick = self.random
        config = self.unit.config
        memory = bool(encoding.flags & {"load", "store"})
        float_scalars = float_registers(config.sew)
        if self.modern and pick.random() < 0.2:
            float_scalars = range(32)  # numbers of other formats
        align = 1 << max(lmul_of(config.vtype) + (not memory), 0) if config.vtype != VILL else 1
        if encoding.eew and not encoding.flags & {"indexed", "whole"}:
            align = 8
        chosen: dict[str, int] = {}
        for field in encoding.fields:
            match field.name:
                case "vd" | "vs1" | "vs2" | "vs3":
                    if chosen and pick.random() < 0.2:
                        value = pick.choice(list(chosen.values())) & 31
                    else:
                        value = pick.randrange(32)
                        if not wild or pick.random() < 0.5:
                            value &= -min(pick.choice((align, align, align // 2, 1)) or 1, 8)
                    chosen[field.name] = value
                case "vm":
                    chosen["vm"] = pick.randrange(2)
                case "rs1" if memory:
                    near = "fault-first" in encoding.flags and pick.random() < 0.5
                    chosen["rs1"] = NEAR_END if near else pick.choice(BASES)
                case "rs2" if memory:
                    chosen["rs2"] = pick.choice(STRIDES)
                case "rd" if "float" in encoding.flags:
                    chosen["rd"] = pick.choice(float_scalars)
                case "rs1" if "float" in encoding.flags:
                    chosen["rs1"] = pick.choice(float_scalars)
                case "rd" | "rs1":
                    chosen[field.name] = pick.choice((0, *SCALARS))
                case _:
                    chosen[field.name] = pick.randint(field.minimum, field.maximum)
        return chosen

    def _random_word(self) -> int | None:
        """A word with a vector opcode; None if it might access memory anywhere."""
        pick = self.random
        opcode = pick.choice((0x57, 0x57, 0x07, 0x27))
        instruction = pick.getrandbits(32) & ~0x7F | opcode
        if opcode == 0x57:
            return self._with_roles(instruction)
        instruction = instruction & ~0x7000 | pick.choice((0, 5, 6, 7)) << 12
        instruction = instruction & ~(31 << 15) | pick.choice(BASES) << 15
        if instruction >> 26 & 1:  # indices in any register
            return None
        if instruction >> 27 & 1:
            instruction = instruction & ~(31 << 20) | pick.choice(STRIDES) << 20
        return instruction

    def _with_roles(self, instruction: int) -> int | None:
        """An arithmetic word whose scalar registers are those that sequences may use."""
        floats = float_registers(self.unit.config.sew)
        funct3 = instruction >> 12 & 7
        to_scalar = instruction >> 26 == 0b010000
        match funct3:
            case 7:
                return None
            case 4 | 6:
                source, target = SCALARS, None
            case 5:
                source, target = floats, None
            case 1 | 2 if to_scalar:
                source, target = None, (floats if funct3 == 1 else SCALARS)
            case _:
                return instruction
        for registers, place in ((source, 15), (target, 7)):
            if registers is not None:
                register = self.random.choice(registers)
                instruction = instruction & ~(31 << place) | register << place
        return instruction
