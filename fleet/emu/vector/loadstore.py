"""Vector loads and stores (the manual's chapter 7).

Unit-stride accesses without a mask copy bytes between a region of guest memory and the register
file. All others compute an address for each element: they gather from or scatter to the one region
that holds them all, or, where there is none, go element by element up to the one that faults.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fleet.emu.faults import AccessFault
from fleet.emu.memory import READ, WRITE, Memory, Region
from fleet.emu.vector.operands import Group, Instruction, Step, nothing

_WORD = (1 << 64) - 1
_NOWHERE = Region(1 << 64, np.zeros(0, np.uint8), 0, "nowhere", None)


def _copier(inst: Instruction, start: int, size: int) -> Callable[[int], None]:
    """Copies `size` bytes between guest memory at an address and the register file at `start`."""
    memory, is_load = inst.unit.memory, "load" in inst.flags
    registers = memoryview(inst.unit.file)[start : start + size]
    permission = READ if is_load else WRITE
    known, region, base, last = _NOWHERE, _NOWHERE.data, _NOWHERE.base, 0

    def copy(address: int) -> None:
        nonlocal known, region, base, last
        offset = address - base
        if offset < 0 or offset > last:
            found = memory.locate(address, size, permission)
            if found is None:
                _copy_in_pieces(memory, address, registers, is_load)
                return
            known, region, base, last = found, found.data, found.base, found.size - size
            offset = address - base
        if is_load:
            registers[:] = region[offset : offset + size]
        else:
            region[offset : offset + size] = registers
            memory.written(known, offset, offset + size)

    return copy


def _copy_in_pieces(memory: Memory, address: int, data: memoryview, is_load: bool) -> None:
    if is_load:
        data[:] = memory.read(address, len(data))
    else:
        memory.write(address, data)


def bind_whole(inst: Instruction) -> Step:
    """vl<nr>re<eew>.v, vs<nr>r.v: whole registers, whatever vtype and vl are."""
    count, vlenb = inst.encoding.nf, inst.unit.vlenb
    inst.require(inst.vd % count == 0, f"v{inst.vd} does not begin a register group")
    skip = min(inst.config.vstart * inst.encoding.eew // 8, count * vlenb)
    return _contiguous(inst, skip, count * vlenb)


def bind_mask(inst: Instruction) -> Step:
    """vlm.v, vsm.v: as many bytes as vl bits take."""
    size = (inst.vl + 7) // 8
    return _contiguous(inst, min(inst.config.vstart, size), size)


def _contiguous(inst: Instruction, skip: int, size: int) -> Step:
    if skip >= size:
        return nothing
    registers, rs1 = inst.unit.cpu.registers, inst.rs1
    copy = _copier(inst, inst.vd * inst.unit.vlenb + skip, size - skip)
    if skip:
        return lambda: copy(registers[rs1] + skip & _WORD)
    return lambda: copy(registers[rs1])


def _data_groups(inst: Instruction, eew: int) -> list[Group]:
    """One register group for each field of a segment."""
    first = inst.group_of(inst.vd, eew)
    count = inst.encoding.nf
    inst.require(first.count * count <= 8, "a segment of more than eight registers")
    inst.require(first.register + first.count * count <= 32, "a segment beyond v31")
    return [Group(first.register + i * first.count, eew, first.emul) for i in range(count)]


def bind_unit(inst: Instruction) -> Step:
    eew = inst.encoding.eew
    groups = _data_groups(inst, eew)
    _check_load(inst, groups)
    if inst.vl == 0:
        return nothing
    step = eew // 8 * len(groups)
    if "fault-first" in inst.flags:
        return _fault_first(inst, groups, step)
    if len(groups) == 1 and inst.active() is None:
        return _contiguous(inst, 0, inst.vl * eew // 8)
    return _by_element(inst, groups, _multiples(inst, lambda: step))


def bind_strided(inst: Instruction) -> Step:
    groups = _data_groups(inst, inst.encoding.eew)
    _check_load(inst, groups)
    registers, rs2 = inst.unit.cpu.registers, inst.rs2
    in_general = _by_element(inst, groups, _multiples(inst, lambda: registers[rs2]))
    if len(groups) > 1 or inst.vl == 0 or inst.active() is not None:
        return in_general
    return _evenly_spaced(inst, groups[0], in_general)


def _evenly_spaced(inst: Instruction, group: Group, in_general: Step) -> Step:
    """A strided access as a NumPy slice, where addresses ascend and are multiples of the width."""
    memory, registers = inst.unit.memory, inst.unit.cpu.registers
    rs1, rs2, is_load = inst.rs1, inst.rs2, "load" in inst.flags
    permission = READ if is_load else WRITE
    elements = inst.vector(group, "u")
    width, gaps = elements.itemsize, inst.vl - 1
    region, view = _NOWHERE, elements

    def step() -> None:
        nonlocal region, view
        base, stride = registers[rs1], registers[rs2]
        span = stride * gaps + width
        if not region.base <= base <= region.end - span:
            found = memory.find(base)
            if found is None or base + span > found.end or not found.permissions & permission:
                in_general()
                return
            region, view = found, found.array.view(elements.dtype)
        start = base - region.base
        if (start | stride) & width - 1 or stride == 0:
            in_general()
            return
        first = start // width
        every = slice(first, first + stride // width * gaps + 1, stride // width)
        if is_load:
            elements[...] = view[every]
        else:
            view[every] = elements
            memory.written(region, start, start + span)

    return step


def bind_indexed(inst: Instruction) -> Step:
    """Data elements have SEW bits, the encoded width is that of the indices."""
    groups = _data_groups(inst, inst.sew)
    indices = inst.group_of(inst.vs2, inst.encoding.eew)
    if "load" in inst.flags:
        dest = groups[0]
        inst.check_destination(dest, indices)
        for group in groups[1:] if len(groups) > 1 else ():
            inst.check_disjoint(group, indices)
        if len(groups) > 1:
            inst.check_disjoint(dest, indices)
    if inst.vl == 0:
        return nothing
    offsets = inst.vector(indices, "u")
    return _by_element(inst, groups, lambda: offsets.astype(np.uint64))


def _check_load(inst: Instruction, groups: list[Group]) -> None:
    if "load" in inst.flags:
        inst.check_destination(groups[0])


def _multiples(inst: Instruction, stride: Callable[[], int]) -> Callable[[], np.ndarray]:
    """Offsets of the elements from the base address; they wrap as addresses do."""
    numbers = np.arange(inst.vl, dtype=np.uint64)
    known, offsets = 0, np.zeros_like(numbers)

    def compute() -> np.ndarray:
        nonlocal known, offsets
        distance = stride()
        if distance != known:
            known, offsets = distance, numbers * np.uint64(distance)
        return offsets

    return compute


def _by_element(
    inst: Instruction, groups: list[Group], offsets: Callable[[], np.ndarray]
) -> Step:
    if inst.vl == 0:
        return nothing
    registers, rs1 = inst.unit.cpu.registers, inst.rs1
    memory, is_load = inst.unit.memory, "load" in inst.flags
    active = inst.active()
    fields = [inst.vector(group, "u") for group in groups]
    width = fields[0].itemsize

    def step() -> None:
        addresses = offsets() + np.uint64(registers[rs1])
        chosen = slice(None) if active is None else active()
        addresses = addresses[chosen]
        if not addresses.size:
            return
        places = Places(memory, addresses, width * len(fields), READ if is_load else WRITE)
        if is_load:
            for number, field in enumerate(fields):
                field[chosen] = places.load(number * width, field.dtype)
        else:
            places.store([field[chosen] for field in fields])

    return step


class Places:
    """Segments of `size` bytes in guest memory, one at each address, to be read or written."""

    def __init__(
        self, memory: Memory, addresses: np.ndarray, size: int, permission: int
    ) -> None:
        self.memory = memory
        self.addresses = addresses
        lowest, highest = int(addresses.min()), int(addresses.max())
        region = memory.find(lowest)
        if (
            region is None
            or highest + size > region.end
            or not region.permissions & permission
        ):
            region = None
            for address in addresses.tolist():
                memory.locate(address, size, permission)
        self.region = region
        if region is not None:
            self.offsets = (addresses - np.uint64(region.base)).astype(np.int64)

    def load(self, skip: int, dtype: np.dtype) -> np.ndarray:
        width = dtype.itemsize
        if self.region is None:
            pieces = [self.memory.read(a + skip, width) for a in self.addresses.tolist()]
            return np.frombuffer(b"".join(pieces), dtype)
        places = self.offsets + skip
        if width == 1:
            return self.region.array[places]
        if not (places & width - 1).any():
            return self.region.array.view(dtype)[places >> width.bit_length() - 1]
        return self.region.array[places[:, None] + np.arange(width)].view(dtype)[:, 0]

    def store(self, fields: list[np.ndarray]) -> None:
        """Writes one value of each field to each place; where places overlap, later ones win."""
        width = fields[0].itemsize
        places = self.offsets if self.region is not None else None
        if places is not None and len(fields) == 1 and not (places & width - 1).any():
            values = fields[0]
            self.region.array.view(values.dtype)[places >> width.bit_length() - 1] = values
            self._written(places, width)
            return
        rows = np.stack(fields, axis=1).view(np.uint8)
        if places is not None:
            self.region.array[places[:, None] + np.arange(rows.shape[1])] = rows
            self._written(places, rows.shape[1])
            return
        for address, row in zip(self.addresses.tolist(), rows, strict=True):
            self.memory.write(address, row.tobytes())

    def _written(self, places: np.ndarray, size: int) -> None:
        self.memory.written(self.region, int(places.min()), int(places.max()) + size)


def _fault_first(inst: Instruction, groups: list[Group], size: int) -> Step:
    """Element 0 faults as usual; a later one that would fault ends the vector before it."""
    unit = inst.unit
    registers, rs1, memory = unit.cpu.registers, inst.rs1, unit.memory
    active = inst.active()
    fields = [inst.vector(group, "u") for group in groups]
    width = fields[0].itemsize
    numbers = np.arange(inst.vl, dtype=np.uint64)

    def step() -> None:
        base = registers[rs1]
        chosen = np.ones(inst.vl, np.bool_) if active is None else active()
        vl = inst.vl
        if memory.reach(base, vl * size, READ) < vl * size:
            vl = _first_unreachable(memory, base, size, chosen)
        if vl == 0:
            raise AccessFault("read", base, size)
        chosen = chosen[:vl]
        addresses = (numbers[:vl] * np.uint64(size) + np.uint64(base))[chosen]
        if addresses.size:
            places = Places(memory, addresses, size, READ)
            for number, field in enumerate(fields):
                field[:vl][chosen] = places.load(number * width, field.dtype)
        if vl != inst.vl:
            unit.set_vl_only(vl)

    return step


def _first_unreachable(memory: Memory, base: int, size: int, chosen: np.ndarray) -> int:
    for index in np.flatnonzero(chosen).tolist():
        if memory.reach(base + index * size & _WORD, size, READ) < size:
            return index
    return len(chosen)


BINDERS = (
    dict.fromkeys(("vle", "vse", "vleff"), bind_unit)
    | dict.fromkeys(("vlse", "vsse"), bind_strided)
    | dict.fromkeys(("vluxei", "vloxei", "vsuxei", "vsoxei"), bind_indexed)
    | dict.fromkeys(("vlre", "vsre"), bind_whole)
    | dict.fromkeys(("vlm", "vsm"), bind_mask)
)
