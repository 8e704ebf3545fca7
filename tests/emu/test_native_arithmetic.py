"""Every arithmetic vector instruction leaves the same state under both executors, to the last bit.

A case is an instruction under one setting, and often another one after it, on random registers
that are rich in special values, or have few other values, so that flags depend on single elements.
Bytes behind the register file are compared too. To run as many cases as wanted, of all stems or
some, for each VLEN:

    PYTHONPATH=. python tests/emu/test_native_arithmetic.py SEED COUNT [STEM...]
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import decode, encodings
from fleet.emu.cpu import ROUNDING_MODE
from fleet.emu.machine import Machine
from fleet.emu.native.executor import unusable
from fleet.emu.vector.config import legal_vtype, vlmax_of, vtype_text

pytestmark = pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable")

CODE = 0x10000
NOP, LENGTH = 0x13, 3
RMM = 4
PADDING = 64
NOT_ARITHMETIC = (
    "vset", "vslide", "vfslide", "vrgather", "vcompress", "vmv1r", "vmv2r", "vmv4r", "vmv8r",
)  # fmt: skip
SPECIAL = {
    1: [0, 1, 0x7F, 0x80, 0x81, 0xFF],
    2: [0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF, 0x7F00],
    4: [0, 1 << 31, 1, 0x80000001, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x7F800000,
        0xFF800000, 0x7FC00000, 0xFFC00001, 0x7F800001, 0xFFBFFFFF, 0x3F800000, 0xBF800000,
        0x4F000000, 0xCF000000, 0x4F800000, 0x5F000000, 0xDF000000, 0x5F800000, 0x3F000000,
        0xBF000000, 0x40200000, 0x3EFFFFFF, 0x47000000, 0xC7000080, 0x477FFF80, 0x00200000,
        0x7E800000, 0x7F000000, 0xFFFFFFFF, 0x7FFFFFFF],
    8: [0, 1 << 63, 1, 1 << 63 | 1, (1 << 52) - 1, 1 << 52, 0x7FEF << 48, 0x7FF << 52,
        0xFFF << 52, 0x7FF8 << 48, 0xFFF8 << 48 | 1, 0x7FF << 52 | 1, 0x3FF << 52, 0xBFF << 52,
        0x41E << 52, 0xC1E << 52, 0x41DFFFFFFFC00000, 0x41DFFFFFFFE00000, 0x41EFFFFFFFF00000,
        0x43E << 52, 0xC3E << 52, 0x43F << 52, 0x43EFFFFFFFFFFFFF, 0x3FE << 52, 0x3FF8 << 48,
        0xBFE << 52, 0x47EFFFFFE0000000, 0x47EFFFFFF0000000, 0x381 << 52, 0x36A << 52,
        0x369 << 52, 0x3690000000000001, 0x380FFFFFF0000000, 0x7FD << 52, 1 << 51,
        (1 << 64) - 1, (1 << 63) - 1],
}  # fmt: skip
CLASSES = {
    4: [0, 1 << 31, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFFFFFFFF, 0x3F800000, 0x40200000],
    8: [0, 1 << 63, 0x7FF << 52, 0xFFF << 52, 0x7FF8 << 48, (1 << 64) - 1, 0x3FF << 52,
        0x4004 << 48],
}  # fmt: skip
"""Few values, that raise no flag alone."""

POOL_BYTES = 1 << 15


def is_arithmetic(encoding: Encoding) -> bool:
    return (
        encoding.extension == "V"
        and not encoding.flags & {"load", "store"}
        and not encoding.stem.startswith(NOT_ARITHMETIC)
    )


ARITHMETIC = [encoding for encoding in encodings().values() if is_arithmetic(encoding)]


@dataclass(frozen=True)
class Case:
    words: tuple[int, ...]
    vtype: int
    vl: int
    frm: int
    vxrm: int
    flags: int
    seed: int

    def __str__(self) -> str:
        decoded = map(decode, self.words)
        text = "; ".join(f"{each.encoding.mnemonic} {each.operands}" for each in decoded)
        return (
            f"{text} under {vtype_text(self.vtype)}, vl {self.vl}, frm {self.frm}, "
            f"vxrm {self.vxrm}, seed {self.seed}"
        )


def pool(rng: np.random.Generator) -> np.ndarray:
    """Bytes in stretches of 64: random bits, special values of a width, numbers of all sizes."""
    parts = []
    for _ in range(POOL_BYTES // 64):
        width = int(rng.choice([1, 2, 4, 8]))
        match rng.integers(4):
            case 0:
                part = rng.integers(0, 256, 64, np.uint8)
            case 1 | 2:
                part = rng.choice(np.array(SPECIAL[width], f"u{width}"), 64 // width)
            case _:
                kind = "f4" if width < 8 else "f8"
                count = 64 // np.dtype(kind).itemsize
                part = (rng.standard_normal(count) * 2.0 ** rng.integers(-30, 70, count))
                part = part.astype(kind)
        parts.append(part.view(np.uint8))
    return np.concatenate(parts)


class Bench:
    """Machines with both executors, of one VLEN."""

    def __init__(self, vlen: int, seed: int) -> None:
        self.rng = np.random.default_rng([vlen, seed])
        self.pool = pool(self.rng)
        self.vlen, self.vlenb = vlen, vlen // 8
        self.reference = Machine(vlen, executor="reference")
        self.native = Machine(vlen, executor="native")
        assert self.native.native is not None
        self.native.native.hot = 1
        self.stems: Counter[str] = Counter()

    def one(self, items: list[int] | tuple[int, ...]) -> int:
        return int(items[int(self.rng.integers(len(items)))])

    def setting(self, encoding: Encoding) -> tuple[int, int]:
        """A vtype, and vl."""
        narrowest = 2 if "float" in encoding.flags and not encoding.flags & {
            "widening", "narrowing"} else 0  # fmt: skip
        while True:
            vtype = int(self.rng.integers(narrowest, 4)) << 3 | self.one((0, 1, 2, 3, 5, 6, 7))
            vtype |= int(self.rng.integers(4)) << 6
            if legal_vtype(vtype):
                break
        most = vlmax_of(vtype, self.vlen)
        return vtype, self.one((0, 1, most, most, int(self.rng.integers(most)) | 1, most // 2))

    def word(self, encoding: Encoding, vtype: int) -> int:
        word = encoding.match
        align = 1 << (vtype & 3) if vtype & 4 == 0 else 1
        align = self.one((align, align, min(2 * align, 8), 8))
        for field in encoding.fields:
            value = int(self.rng.integers(field.minimum, field.maximum + 1))
            if field.name in ("vd", "vs1", "vs2"):
                value = value // align * align
            if field.accepts(value):
                word |= field.insert(value)
        return word

    def case(self, encoding: Encoding) -> Case | None:
        """A legal case of an instruction; None if many tries did not give one."""
        unit = self.reference.vector
        for _ in range(60):
            vtype, vl = self.setting(encoding)
            word = self.word(encoding, vtype)
            unit.config = unit.configuration(vtype, max(vl, 1))
            half = "float" in encoding.flags and unit.config.sew < 32  # nothing for host code
            if unit.accepts(word) and not half:
                break
        else:
            return None
        following = self.word(ARITHMETIC[int(self.rng.integers(len(ARITHMETIC)))], vtype)
        words = (word, following) if unit.accepts(following) else (word,)
        return Case(
            words, vtype, vl, self.one((0, 0, 0, 0, 1, 2, 3, RMM)), self.one(range(4)),
            self.one((0, 0, 1)), int(self.rng.integers(1 << 30)),
        )  # fmt: skip

    def contents(self, rng: np.random.Generator, case: Case, size: int) -> np.ndarray:
        """Bytes for registers."""
        if rng.random() < 0.6:
            start = int(rng.integers(len(self.pool) // 8)) * 8
            return np.resize(np.roll(self.pool, -start), size)
        width = 1 << (case.vtype >> 3 & 3)
        values = SPECIAL if rng.random() < 0.5 else SPECIAL | CLASSES
        few = {
            size: rng.choice(np.array(values[size], f"u{size}"), int(rng.integers(2, 5)))
            for size in (width, min(2 * width, 8))
        }
        parts = [few[min(width << int(rng.integers(2)), 8)] for _ in range(-(-size // self.vlenb))]
        whole = [rng.choice(part, self.vlenb // part.itemsize).view(np.uint8) for part in parts]
        return np.concatenate(whole)[:size]

    def outcome(self, machine: Machine, case: Case, address: int) -> dict[str, object]:
        rng, unit, cpu = np.random.default_rng(case.seed), machine.vector, machine.cpu
        whole = unit.file.base
        size = len(unit.file) + PADDING
        assert len(whole) == size
        contents = self.contents(rng, case, size + 64 * 8)
        whole[:] = contents[:size]
        if rng.random() < 0.2:
            whole[: self.vlenb] = rng.choice([0, 255])
        words = contents[size:].view(np.uint64)
        cpu.registers[1:32] = memoryview(words[1:32]).cast("B").cast("Q")
        cpu.registers[32:64] = memoryview(words[32:]).cast("B").cast("Q")
        cpu.registers[ROUNDING_MODE] = case.frm
        cpu.flag_byte[0] = 0
        cpu.raise_flags(case.flags)
        unit.config = unit.configuration(case.vtype, case.vl)
        unit.vxrm, unit.vxsat = case.vxrm, 0
        cpu.store()
        machine.run(address, address + 4 * len(case.words))
        return {
            "vectors": whole.copy(), "registers": list(cpu.registers[:64]), "flags": cpu.flags,
            "setting": (unit.config.vtype, unit.config.vl, unit.config.vstart),
            "fixed point": (unit.vxrm, unit.vxsat),
        }  # fmt: skip

    def difference(self, case: Case, address: int) -> str:
        expected = self.outcome(self.reference, case, address)
        self.outcome(self.native, case, address)  # writes stubs, which find one another then
        before = self.native.native.executed
        got = self.outcome(self.native, case, address)
        if self.native.native.executed == before + len(case.words):
            self.stems[decode(case.words[0]).encoding.stem] += 1
        lines = []
        a, b = expected.pop("vectors"), got.pop("vectors")
        if (a != b).any():
            at = int(np.flatnonzero(a != b)[0])
            place, width = at // 8 * 8, 8 << (case.vtype >> 3 & 3)
            theirs, ours = (x[place : place + 8].tobytes()[::-1].hex() for x in (a, b))
            lines.append(
                f"v{at // self.vlenb} byte {at % self.vlenb} (element "
                f"{at % self.vlenb * 8 // width}): {ours} is not {theirs}"
            )
        lines += [f"{key}: {got[key]} is not {expected[key]}" for key in expected
                  if expected[key] != got[key]]  # fmt: skip
        return "\n  ".join([str(case), *lines]) if lines else ""

    def run(self, chosen: list[Encoding]) -> tuple[list[str], Counter[str]]:
        """Departures from the reference executor, and how many cases of each stem were native."""
        cases = [case for encoding in chosen if (case := self.case(encoding)) is not None]
        code = np.array([[*case.words, NOP, NOP][:LENGTH] for case in cases], "<u4").tobytes()
        for machine in (self.reference, self.native):
            machine.load(CODE, code)
        self.stems.clear()
        differences = [
            self.difference(case, CODE + 4 * LENGTH * number) for number, case in enumerate(cases)
        ]
        return [text for text in differences if text], self.stems


def report(found: list[str], count: int) -> str:
    return f"{len(found)} of {count}:\n" + "\n".join(found[:8])


@pytest.mark.parametrize(("vlen", "rounds"), [(128, 10), (256, 10), (1024, 5)])
def test_arithmetic_leaves_the_state_that_it_leaves_in_the_reference_executor(
    vlen: int, rounds: int
) -> None:
    found, stems = Bench(vlen, 0).run(ARITHMETIC * rounds)
    assert not found, report(found, len(ARITHMETIC) * rounds)
    assert set(stems) == {encoding.stem for encoding in ARITHMETIC}


def main(seed: int, count: int, *stems: str) -> None:
    known = [e for e in ARITHMETIC if not stems or e.stem in stems]
    for vlen in (128, 256, 512, 1024, 4096):
        total: Counter[str] = Counter()
        rng = np.random.default_rng(seed)
        for part in range(0, count, 4000):
            size = min(count - part, 4000)
            chosen = [known[i] for i in rng.integers(0, len(known), size)]
            found, native = Bench(vlen, seed + part).run(chosen)
            total += native
            if found:
                print(report(found, size))
                return
        missing = sorted({encoding.stem for encoding in known} - set(total))
        print(f"VLEN {vlen}: {total.total()} of {count} native; none of {missing}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
