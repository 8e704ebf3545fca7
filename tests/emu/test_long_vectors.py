"""Vectors longer than those of qemu (VLEN 1024), against themselves and against plain loops.

What works element by element has to give on one long vector what it gives on its pieces, executed
at VLEN 1024, where qemu has judged. Everything else is compared with a loop over numbers that says
what the manual's text says. Native and reference executor are compared at these lengths elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from fuzz.values import floats

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import encodings
from fleet.emu.machine import Machine
from fleet.emu.vector.config import legal_vtype, vlmax_of, vtype_text

CODE, DATA = 0x10000, 0x1000000
SHORT = 1024
VD, VS1, VS2, RS1, RD = 8, 16, 24, 10, 11
LONG = [4096, 65536]

NOT_BY_ELEMENT = frozenset(
    "vslideup vslidedown vslide1up vslide1down vfslide1up vfslide1down vrgather vrgatherei16 "
    "vcompress viota vid vcpop vfirst vmsbf vmsif vmsof vmv.x vmv.s vfmv.f vfmv.s "
    "vmv1r vmv2r vmv4r vmv8r".split()
)
ELEMENTWISE = [
    e for e in encodings().values()
    if e.extension == "V" and not e.stem.startswith("vset") and e.stem not in NOT_BY_ELEMENT
    and not e.flags & {"load", "store", "reduction"}
]  # fmt: skip


class Unit:
    """A vector unit that executes single words on register contents, outside of any program."""

    def __init__(self, vlen: int) -> None:
        self.machine = Machine(vlen)
        self.unit = self.machine.vector
        self.code = self.machine.load(CODE, bytes(4))
        self.memory = self.machine.map(DATA, 64 * vlen)

    def run(self, word: int, vtype: int, vl: int) -> tuple[int, int]:
        """fflags and vxsat that it raises."""
        self.code.data[:4] = word.to_bytes(4, "little")
        self.unit.forget()
        self.unit.config = self.unit.configuration(vtype, vl)
        self.unit.config.blocks.clear()
        self.unit.vxsat = 0
        self.machine.cpu.flag_byte[0] = 0
        with self.unit.events.watch():
            self.unit.run(CODE)
        return self.machine.cpu.flags, self.unit.vxsat

    def bytes_of(self, register: int, count: int) -> np.ndarray:
        start = register * self.unit.vlenb
        return self.unit.file[start : start + count]


def random_bytes(rng: np.random.Generator, count: int) -> np.ndarray:
    parts = [
        rng.integers(0, 256, count // 2, np.uint8), floats(rng, 32, count // 16).view(np.uint8),
        floats(rng, 64, count // 32 + 1).view(np.uint8),
    ]  # fmt: skip
    return np.concatenate(parts)[:count]


def random_vtype(rng: np.random.Generator) -> int:
    while True:
        vtype = int(rng.integers(1 << 6))
        if legal_vtype(vtype):
            return vtype


def word_of(encoding: Encoding, vm: int, rng: np.random.Generator) -> int:
    """vd is v8, vs1 v16, vs2 v24: groups of eight registers that do not overlap."""
    chosen = {"vd": VD, "vs1": VS1, "vs2": VS2, "vs3": VD, "rs1": RS1, "rd": RD, "vm": vm}
    values = {}
    for field in encoding.fields:
        drawn = int(rng.integers(field.minimum, field.maximum + 1))
        values[field.name] = chosen.get(field.name, drawn)
    return encoding.encode(values)


def bits_of(encoding: Encoding, sew: int) -> dict[int, int]:
    """Bits of an element of each register group, by the first register; v0 is the mask."""
    flags, form = encoding.flags, encoding.form
    widths = {0: 1, VD: sew, VS1: sew, VS2: sew}
    if "widening" in flags:
        widths[VD] = 2 * sew
    if "narrowing" in flags or ("widening" in flags and form[:1] == "w"):
        widths[VS2] = 2 * sew
    if "mask-destination" in flags:
        widths[VD] = 1
    if "mask-source" in flags:
        widths[VS1] = widths[VS2] = 1
    if form in ("vf2", "vf4", "vf8"):
        widths[VS2] = sew // int(form[2])
    return widths


@pytest.mark.parametrize("vlen", LONG)
def test_long_vectors_are_their_pieces_one_after_the_other(vlen: int) -> None:
    rng = np.random.default_rng(vlen)
    long, short = Unit(vlen), Unit(SHORT)
    done = sum(agrees(encoding, long, short, rng) for encoding in ELEMENTWISE)
    assert done > len(ELEMENTWISE) // 2


def agrees(encoding: Encoding, long: Unit, short: Unit, rng: np.random.Generator) -> bool:
    """Compares one random case; False where its setting makes it illegal."""
    vtype = random_vtype(rng)
    word = word_of(encoding, int(rng.integers(2)), rng)
    long.unit.config = long.unit.configuration(vtype, 1)
    if not long.unit.accepts(word):
        return False
    vlmax, piece = vlmax_of(vtype, long.unit.vlen), vlmax_of(vtype, SHORT)
    vl = int(rng.choice((vlmax, vlmax - 1, int(rng.integers(1, vlmax + 1)))))
    widths = bits_of(encoding, 8 << (vtype >> 3 & 3))
    if piece % 8:
        return False  # pieces of masks are to be whole bytes
    contents = {r: random_bytes(rng, vlmax * width // 8) for r, width in widths.items()}
    for unit in (long, short):
        unit.unit.vxrm = int(word) % 4
        unit.machine.cpu.registers[RS1] = int(word) * 0x9E3779B97F4A7C15 & (1 << 64) - 1
        unit.machine.cpu.registers[32 + RS1] = int(contents[VS2][:8].sum()) << 52 | 1
    for register, content in contents.items():
        long.bytes_of(register, len(content))[:] = content
    raised = long.run(word, vtype, vl)
    result = long.bytes_of(VD, len(contents[VD])).copy()
    flags, saturated = 0, 0
    expected = []
    for start in range(0, vlmax, piece):
        for register, width in widths.items():
            part = contents[register][start * width // 8 : (start + piece) * width // 8]
            short.bytes_of(register, len(part))[:] = part
        more = short.run(word, vtype, min(max(vl - start, 0), piece))
        flags, saturated = flags | more[0], saturated | more[1]
        expected.append(short.bytes_of(VD, piece * widths[VD] // 8).copy())
    case = f"{encoding.mnemonic} {word:08x} under {vtype_text(vtype)}, vl {vl}"
    assert np.array_equal(result, np.concatenate(expected)), case
    assert raised == (flags, saturated), case
    return True


# -- what is not element by element


@dataclass
class Case:
    """Operands as lists of numbers. source, other, old: of vs2, vs1 and vd; mask: the active."""

    source: list[int]
    other: list[int]
    old: list[int]
    mask: list[bool]
    scalar: int
    vl: int
    vlmax: int
    sew: int

    def kept(self, new: Callable[[int], int]) -> list[int]:
        """vd after elements below vl that are active got `new(i)`."""
        top = (1 << self.sew) - 1
        return [
            new(i) & top if i < self.vl and self.mask[i] else old for i, old in enumerate(self.old)
        ]


def slide_up(c: Case) -> list[int]:
    return c.kept(lambda i: c.source[i - c.scalar] if i >= c.scalar else c.old[i])


def slide_down(c: Case) -> list[int]:
    return c.kept(lambda i: c.source[i + c.scalar] if i + c.scalar < c.vlmax else 0)


def slide_1_up(c: Case) -> list[int]:
    return c.kept(lambda i: c.source[i - 1] if i else c.scalar)


def slide_1_down(c: Case) -> list[int]:
    return c.kept(lambda i: c.source[i + 1] if i < c.vl - 1 else c.scalar)


def gather(c: Case) -> list[int]:
    return c.kept(lambda i: c.source[c.other[i]] if c.other[i] < c.vlmax else 0)


def gather_one(c: Case) -> list[int]:
    return c.kept(lambda i: c.source[c.scalar] if c.scalar < c.vlmax else 0)


def compress(c: Case) -> list[int]:
    packed = [c.source[i] for i in range(c.vl) if c.mask[i]]
    return packed + c.old[len(packed) :]


def numbers(c: Case) -> list[int]:
    return c.kept(lambda i: i)


MODELS = {
    "vslideup.vx": slide_up, "vslidedown.vx": slide_down, "vslide1up.vx": slide_1_up,
    "vslide1down.vx": slide_1_down, "vrgather.vv": gather, "vrgatherei16.vv": gather,
    "vrgather.vx": gather_one, "vcompress.vm": compress, "vid.v": numbers,
}  # fmt: skip


def unpacked(content: np.ndarray, sew: int) -> list[int]:
    return content.view(f"u{sew // 8}").tolist()


def mask_bits(content: np.ndarray, count: int) -> list[bool]:
    return np.unpackbits(content, bitorder="little")[:count].astype(bool).tolist()


@pytest.mark.parametrize("vlen", LONG)
@pytest.mark.parametrize("name", MODELS)
def test_permutations_do_what_a_loop_does(name: str, vlen: int) -> None:
    rng = np.random.default_rng(vlen + len(name))
    unit, encoding, done = Unit(vlen), encodings()[name], 0
    while done < 6:
        vtype = random_vtype(rng)
        sew, vlmax = 8 << (vtype >> 3), vlmax_of(vtype, vlen)
        by_16 = name.startswith("vrgatherei16")
        masked = bool(rng.integers(2)) and name != "vcompress.vm"
        word = word_of(encoding, 1 - masked, rng)
        unit.unit.config = unit.unit.configuration(vtype, 1)
        if not unit.unit.accepts(word) or vlmax < 8:
            continue
        done += 1
        index_width = 16 if by_16 else sew
        vl = int(rng.choice((vlmax, int(rng.integers(1, vlmax + 1)))))
        source, old = (random_bytes(rng, vlmax * sew // 8) for _ in range(2))
        near = rng.integers(0, vlmax * 5 // 4, vlmax).astype(f"u{index_width // 8}")
        bits = random_bytes(rng, vlen // 8)
        unit.bytes_of(VS2, len(source))[:] = source
        unit.bytes_of(VD, len(old))[:] = old
        unit.bytes_of(0, len(bits))[:] = bits
        if name == "vcompress.vm":
            unit.bytes_of(VS1, len(bits))[:] = bits
        else:
            unit.bytes_of(VS1, near.nbytes)[:] = near.view(np.uint8)
        scalar = int(rng.choice((0, 1, vl // 2, vl, vlmax - 1, vlmax, vlmax + 3, 1 << 62)))
        unit.machine.cpu.registers[RS1] = scalar
        packs = name == "vcompress.vm"
        case = Case(
            unpacked(source, sew), near.tolist(), unpacked(old, sew),
            mask_bits(bits, vlmax) if masked or packs else [True] * vlmax, scalar, vl, vlmax, sew,
        )  # fmt: skip
        unit.run(word, vtype, vl)
        result = unpacked(unit.bytes_of(VD, len(old)), sew)
        assert result == MODELS[name](case), f"{name} under {vtype_text(vtype)}, vl {vl}, {scalar}"


def first_set(bits: list[bool]) -> int:
    return bits.index(True) if True in bits else -1


@pytest.mark.parametrize("vlen", LONG)
def test_mask_instructions_do_what_a_loop_does(vlen: int) -> None:
    rng = np.random.default_rng(vlen)
    unit = Unit(vlen)
    known = encodings()
    for turn in range(12):
        vtype = turn % 4 << 3 | 3
        sew, vlmax = 8 << (vtype >> 3), vlmax_of(vtype, vlen)
        vl = vlmax if turn < 4 else int(rng.integers(1, vlmax + 1))
        chance = (0.5, 0.001, 0.0)[turn % 3]
        source = np.packbits(rng.random(vlen) < chance)
        chosen = np.packbits(rng.random(vlen) < 0.7)
        unit.bytes_of(VS2, len(source))[:] = source
        unit.bytes_of(0, len(chosen))[:] = chosen
        active = mask_bits(chosen, vl)
        bits = [a and b for a, b in zip(mask_bits(source, vl), active, strict=True)]
        first = first_set(bits)
        registers = unit.machine.cpu.registers
        for name, expected in (("vcpop.m", sum(bits)), ("vfirst.m", first % (1 << 64))):
            unit.run(word_of(known[name], 0, rng), vtype, vl)
            assert registers[RD] == expected, name
        end = vl if first < 0 else first
        for name, new in (
            ("vmsbf.m", [i < end for i in range(vl)]), ("vmsif.m", [i <= end for i in range(vl)]),
            ("vmsof.m", [i == first for i in range(vl)]),
        ):  # fmt: skip
            old = random_bytes(rng, vlen // 8)
            unit.bytes_of(VD, len(old))[:] = old
            unit.run(word_of(known[name], 0, rng), vtype, vl)
            before, after = mask_bits(old, vlen), mask_bits(unit.bytes_of(VD, vlen // 8), vlen)
            merged = [n if a else b for n, a, b in zip(new, active, before, strict=False)]
            assert after == merged + before[vl:], name
        old = random_bytes(rng, vlmax * sew // 8)
        unit.bytes_of(VD, len(old))[:] = old
        unit.run(word_of(known["viota.m"], 0, rng), vtype, vl)
        expected, count = unpacked(old, sew), 0
        for i in range(vl):
            if active[i]:
                expected[i] = count % (1 << sew)
            count += bits[i]
        assert unpacked(unit.bytes_of(VD, len(old)), sew) == expected


REDUCTIONS: dict[str, Callable[[int, int], int]] = {
    "vredsum": lambda a, b: a + b, "vredand": lambda a, b: a & b, "vredor": lambda a, b: a | b,
    "vredxor": lambda a, b: a ^ b, "vredmin": min, "vredmax": max, "vredminu": min,
    "vredmaxu": max, "vwredsum": lambda a, b: a + b, "vwredsumu": lambda a, b: a + b,
}  # fmt: skip


@pytest.mark.parametrize("vlen", LONG)
@pytest.mark.parametrize("stem", REDUCTIONS)
def test_reductions_do_what_a_loop_does(stem: str, vlen: int) -> None:
    rng = np.random.default_rng(vlen)
    unit = Unit(vlen)
    kind = "i" if stem in ("vredmin", "vredmax", "vwredsum") else "u"
    for turn in range(6):
        sew = 8 << (turn % 3 if stem.startswith("vw") else turn % 4)
        wide = 2 * sew if stem.startswith("vw") else sew
        vtype = sew.bit_length() - 4 << 3 | 3
        vlmax = vlmax_of(vtype, vlen)
        vl = vlmax if turn < 3 else int(rng.integers(1, vlmax + 1))
        source = random_bytes(rng, vlmax * sew // 8)
        chosen, first = random_bytes(rng, vlen // 8), random_bytes(rng, 64)[: wide // 8]
        unit.bytes_of(VS2, len(source))[:] = source
        unit.bytes_of(VS1, len(first))[:] = first
        unit.bytes_of(0, len(chosen))[:] = chosen
        total = first.view(f"{kind}{wide // 8}").item()
        active = mask_bits(chosen, vl)
        for value, counts in zip(source.view(f"{kind}{sew // 8}").tolist(), active, strict=False):
            if counts:
                total = REDUCTIONS[stem](total, value)
        unit.run(word_of(encodings()[stem + ".vs"], 0, rng), vtype, vl)
        assert unpacked(unit.bytes_of(VD, wide // 8), wide) == [total % (1 << wide)]


@pytest.mark.parametrize("vlen", LONG)
@pytest.mark.parametrize("sew", [32, 64])
def test_ordered_sums_round_after_each_addition(sew: int, vlen: int) -> None:
    rng = np.random.default_rng(vlen + sew)
    unit, real = Unit(vlen), np.dtype(f"f{sew // 8}")
    vtype = sew.bit_length() - 4 << 3 | 3
    vl = vlmax_of(vtype, vlen) - 3
    values = (rng.standard_normal(vl + 3) * 2.0 ** rng.integers(-20, 20, vl + 3)).astype(real)
    unit.bytes_of(VS2, values.nbytes)[:] = values.view(np.uint8)
    unit.bytes_of(VS1, sew // 8)[:] = values[-1:].view(np.uint8)
    total = values[-1]
    for value in values[:vl]:
        total = real.type(total + value)
    unit.run(word_of(encodings()["vfredosum.vs"], 1, rng), vtype, vl)
    assert unit.bytes_of(VD, sew // 8).view(real)[0] == total


@pytest.mark.parametrize("vlen", LONG)
def test_loads_and_stores_do_what_a_loop_does(vlen: int) -> None:
    rng = np.random.default_rng(vlen)
    unit, known = Unit(vlen), encodings()
    names = [
        (f"v{{}}{kind}{fields}e{'i' * ('x' in kind)}{width}.v", kind, int(fields[-1:] or 1), width)
        for kind in ("", "s", "ux", "ox")
        for fields in ("", "seg2", "seg3", "seg8")
        for width in (8, 16, 32, 64)
    ]
    for number in rng.permutation(len(names))[: 48 if vlen < 65536 else 10].tolist():
        pattern, kind, fields, width = names[number]
        lmul = {1: 3, 2: 2, 3: 1, 8: 0}[fields]
        vtype = width.bit_length() - 4 << 3 | lmul
        vl = vlmax_of(vtype, vlen) - int(rng.integers(0, 5))
        size = width // 8 * fields
        masked = bool(rng.integers(2))
        base, stride = DATA + 32 * vlen + 8, int(rng.choice((0, size, 24, -size)))
        if "x" in kind:
            places = rng.integers(0, min(1 << width, 16 * vlen), vl).astype(f"u{width // 8}")
            unit.bytes_of(VS2, places.nbytes)[:] = places.view(np.uint8)
        else:
            places = np.arange(vl) * (stride if kind == "s" else size)
        unit.machine.cpu.registers[RS1] = base
        unit.machine.cpu.registers[12] = stride & (1 << 64) - 1
        chosen = random_bytes(rng, vlen // 8)
        unit.bytes_of(0, len(chosen))[:] = chosen
        active = mask_bits(chosen, vl) if masked else [True] * vl
        per_group = (vlen // 8 << lmul) // (width // 8)
        operands = {"vd": VD, "vs3": VD, "vs2": VS2, "rs1": RS1, "rs2": 12, "vm": int(not masked)}
        for verb in ("l", "s"):
            encoding = known[pattern.format(verb)]
            have = {field.name for field in encoding.fields}
            word = encoding.encode({k: v for k, v in operands.items() if k in have})
            unit.unit.config = unit.unit.configuration(vtype, vl)
            data = random_bytes(rng, 64 * vlen)
            unit.memory.array[:] = data
            registers = unit.bytes_of(VD, per_group * size)
            registers[:] = random_bytes(rng, len(registers))
            memory, table = data.copy(), registers.copy().view(f"u{width // 8}")
            cells = memory.view(f"u{width // 8}")
            for i, at in enumerate((base - DATA + places.astype(np.int64)).tolist()):
                for field in range(fields) if active[i] else ():
                    place, cell = at + field * width // 8, field * per_group + i
                    if place % (width // 8):
                        piece = slice(place, place + width // 8)
                        one = table[cell : cell + 1].view(np.uint8)
                        (one if verb == "l" else memory[piece])[:] = (
                            memory[piece] if verb == "l" else one
                        )
                    elif verb == "l":
                        table[cell] = cells[place // (width // 8)]
                    else:
                        cells[place // (width // 8)] = table[cell]
            unit.run(word, vtype, vl)
            case = f"{encoding.mnemonic} under {vtype_text(vtype)}, vl {vl}, stride {stride}"
            assert np.array_equal(unit.memory.array, memory), case
            assert np.array_equal(registers, table.view(np.uint8)), case


@pytest.mark.parametrize("vlen", LONG)
def test_whole_registers_are_moved_whatever_vl_is(vlen: int) -> None:
    rng = np.random.default_rng(vlen)
    unit = Unit(vlen)
    for count in (1, 2, 4, 8):
        content = random_bytes(rng, 8 * vlen // 8)
        unit.bytes_of(VS2, len(content))[:] = content
        unit.bytes_of(VD, len(content))[:] = 0
        unit.run(word_of(encodings()[f"vmv{count}r.v"], 1, rng), 0b010_000, 0)
        size = count * vlen // 8
        assert np.array_equal(unit.bytes_of(VD, len(content))[:size], content[:size])
        assert not unit.bytes_of(VD, len(content))[size:].any()
