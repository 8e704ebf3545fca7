"""One vector instruction in one configuration: its operands as NumPy views, and its legality.

The register file is one array of bytes, so a register group is a contiguous slice and an operand
is a view of it. A scalar operand is a zero-dimensional view of the CPU's own register, which
truncates to SEW by itself (little endian) and costs nothing to refresh. Rules: the manual, section
5.2 (operands) and 5.3 (masking).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from fleet.asm.isa.encoding import Encoding
from fleet.emu.faults import IllegalInstruction
from fleet.emu.vector.config import ELEN, Configuration
from fleet.emu.vector.softfloat import HALF, SINGLE, Format
from fleet.emu.vector.state import VectorState

Step = Callable[[], object]
"""What an instruction becomes: it does the work on operands that were bound beforehand."""

Selector = Callable[[], np.ndarray]
"""Gives the active elements at the time of execution: an array of vl booleans."""

UNSIGNED = {8: np.dtype("u1"), 16: np.dtype("u2"), 32: np.dtype("u4"), 64: np.dtype("u8")}
SIGNED = {8: np.dtype("i1"), 16: np.dtype("i2"), 32: np.dtype("i4"), 64: np.dtype("i8")}
FLOAT = {16: np.dtype("f2"), 32: np.dtype("f4"), 64: np.dtype("f8")}


def dtype_of(kind: str, width: int) -> np.dtype:
    """NumPy's dtype for kind "u", "i" or "f" of `width` bits; illegal where there is none."""
    table = {"u": UNSIGNED, "i": SIGNED, "f": FLOAT}[kind]
    if width not in table:
        raise IllegalInstruction(f"no {'float ' if kind == 'f' else ''}elements of {width} bits")
    return table[width]


class Group(NamedTuple):
    """A vector register group: first register, effective element width, log2 of the multiplier."""

    register: int
    eew: int
    emul: int

    @property
    def count(self) -> int:
        return 1 << max(self.emul, 0)


class Instruction:
    """An instruction word being bound to a configuration.

    Fields have the manual's names; `masked` is vm = 0. `vl`, `sew`, `lmul` are the configuration's.
    """

    def __init__(
        self, unit: VectorState, config: Configuration, word: int, encoding: Encoding
    ) -> None:
        self.unit = unit
        self.config = config
        self.word = word
        self.encoding = encoding
        self.stem = encoding.stem
        self.form = encoding.form
        self.flags = encoding.flags
        self.vd = self.rd = word >> 7 & 31
        self.vs1 = self.rs1 = word >> 15 & 31
        self.vs2 = self.rs2 = word >> 20 & 31
        self.masked = not word >> 25 & 1
        self.vl, self.sew, self.lmul = config.vl, config.sew, config.lmul
        self.boxed: tuple[int, Format] | None = None

    def require(self, condition: bool, why: str) -> None:
        if not condition:
            raise IllegalInstruction(why)

    def require_no_vstart(self) -> None:
        """For instructions that an implementation never interrupts half-way."""
        self.require(self.config.vstart == 0, f"{self.encoding.mnemonic} with vstart not 0")

    # -- register groups

    def group(self, register: int, shift: int = 0) -> Group:
        """The group at `register` whose elements have SEW * 2**shift bits."""
        return self.group_of(register, self.sew << shift if shift >= 0 else self.sew >> -shift)

    def group_of(self, register: int, eew: int) -> Group:
        """The group at `register` with elements of `eew` bits, as many as the configuration has."""
        emul = self.lmul + eew.bit_length() - self.sew.bit_length()
        self.require(8 <= eew <= ELEN, f"elements of {eew} bits")
        self.require(-3 <= emul <= 3, f"a register group multiplier of 2**{emul}")
        group = Group(register, eew, emul)
        self.require(register % group.count == 0, f"v{register} does not begin a register group")
        return group

    def mask_group(self, register: int) -> Group:
        return Group(register, 1, 0)

    def check_destination(self, dest: Group, *sources: Group) -> None:
        """Overlap of destination with sources and mask, section 5.2 and 5.3."""
        for source in sources:
            self.check_overlap(dest, source)
        if self.masked and dest.eew != 1:
            self.require(dest.register != 0, "the destination overlaps the mask register")

    def check_overlap(self, dest: Group, source: Group) -> None:
        first, last = dest.register, dest.register + dest.count
        source_last = source.register + source.count
        if source.register >= last or first >= source_last or dest.eew == source.eew:
            return
        if dest.eew < source.eew:
            allowed = first == source.register
        else:
            allowed = source.emul >= 0 and last == source_last and source.eew != 1
        self.require(allowed, "the destination overlaps a source of another element width")

    def check_disjoint(self, dest: Group, *sources: Group) -> None:
        """For instructions whose destination may overlap no source at all."""
        for source in sources:
            separate = (
                dest.register + dest.count <= source.register
                or source.register + source.count <= dest.register
            )
            self.require(separate, "the destination overlaps a source")

    # -- views

    def vector(self, group: Group, kind: str, count: int | None = None) -> np.ndarray:
        """The first `count` (vl) elements of a group."""
        count = self.vl if count is None else count
        start = group.register * self.unit.vlenb
        size = count * group.eew // 8
        return self.unit.file[start : start + size].view(dtype_of(kind, group.eew))

    def element_zero(self, register: int, kind: str, eew: int) -> np.ndarray:
        """Element 0 of a register as an array of one element."""
        start = register * self.unit.vlenb
        return self.unit.file[start : start + eew // 8].view(dtype_of(kind, eew))

    def integer(self, register: int, kind: str, width: int) -> np.ndarray:
        """The low `width` bits of an integer register, a zero-dimensional view of it."""
        return self._scalar(register, kind, width)

    def float(self, register: int, width: int) -> np.ndarray:
        """The low `width` bits of a float register.

        What has a box is where `settle_scalar` puts it before each execution.
        """
        if width == 16 or width == 32 and self.unit.cpu.boxes:
            self.boxed = register, HALF if width == 16 else SINGLE
            return self.unit.scalar[: width // 8].view(dtype_of("f", width)).reshape(())
        return self._scalar(32 + register, "f", width)

    def settle_scalar(self, step: Step) -> Step:
        """The step with its scalar of a narrower format, if it has one: what is no box is a NaN."""
        if self.boxed is None:
            return step
        register, form = self.boxed
        registers, slot = self.unit.cpu.registers, 32 + register
        cell, width = self.unit.scalar.view(np.uint32), form.width
        box, low = (1 << 64 - width) - 1, (1 << width) - 1

        def run() -> None:
            bits = registers[slot]
            cell[0] = bits & low if bits >> width == box else form.nan
            step()

        return run

    def _scalar(self, slot: int, kind: str, width: int) -> np.ndarray:
        words = self.unit.cpu.array[slot : slot + 1].view(np.uint8)
        return words[: width // 8].view(dtype_of(kind, width)).reshape(())

    def immediate(self, kind: str, width: int) -> np.ndarray:
        """The five-bit immediate in the field of vs1, as a zero-dimensional array."""
        value = self.vs1
        if self.stem == "vror":
            value |= self.word >> 21 & 32
        if "unsigned-immediate" not in self.flags and value & 16:
            value -= 32
        return np.array(value, np.int64).astype(dtype_of(kind, width))

    def scratch(self, slot: int, dtype: np.dtype | type, count: int | None = None) -> np.ndarray:
        """Working space for `count` (vl) elements, shared by all steps."""
        dtype = np.dtype(dtype)
        count = self.vl if count is None else count
        return self.unit.scratch(slot)[: count * dtype.itemsize].view(dtype)

    # -- masks and activity

    def bits(self, register: int, count: int | None = None) -> Selector:
        """Reader of the mask in a register: `count` (vl) booleans."""
        count = self.vl if count is None else count
        start = register * self.unit.vlenb
        bytes_ = self.unit.file[start : start + (count + 7) // 8]
        unpack = partial(np.unpackbits, bytes_, None, count, "little")
        return lambda: unpack().view(np.bool_)

    def active(self) -> Selector | None:
        """Reader of the active elements; None where all of the body is active."""
        vstart = self.config.vstart
        mask = self.bits(0) if self.masked else None
        if not vstart:
            return mask
        body = np.arange(self.vl) >= vstart
        if mask is None:
            return lambda: body
        return lambda: mask() & body

    def mask_writer(self, register: int) -> Callable[[np.ndarray], None]:
        """Writer of vl booleans as mask bits. Inactive and tail bits stay as they are."""
        start = register * self.unit.vlenb
        whole = self.unit.file[start : start + (self.vl + 7) // 8]
        active = self.active()
        count = self.vl
        if active is None and count % 8 == 0:

            def write(result: np.ndarray) -> None:
                whole[...] = np.packbits(result, bitorder="little")

            return write

        def merge(result: np.ndarray) -> None:
            bits = np.unpackbits(whole, bitorder="little")
            if active is None:
                bits[:count] = result
            else:
                np.copyto(bits[:count], result, where=active(), casting="unsafe")
            whole[...] = np.packbits(bits, bitorder="little")

        return merge


def nothing() -> None:
    """The step of an instruction without active elements."""
