"""The stack frame: prologue, epilogue, and what spills and stack arguments become.

In: a function with physical registers, `rv.spill`, `rv.reload`, `rv.argument`. Out: loads and
stores. The frame, from sp upwards: scalar slots, saved registers, then vector slots (their size is
a multiple of vlenb, known only at run time, so they come last), then the caller's stack, where our
arguments from the ninth on are.

    sp + 0     + 8 * scalars     + fixed            + fixed + vector_units * vlenb
    | scalars  | saved registers | vectors          | arguments
"""

from __future__ import annotations

from fleet.asm.isa.registers import CSRS
from fleet.codegen.abi import ARGUMENTS, CALLEE_SAVED, SCRATCH
from fleet.codegen.registers.spill import SpillSlots
from fleet.dialects import rv
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Region, Value
from fleet.ir.types import Type

SP = rv.x("sp")
FIRST, SECOND = (rv.x(name) for name in SCRATCH)
SMALLEST_OFFSET, LARGEST_OFFSET = -2048, 2047


def lower_frame(function: Operation, slots: SpillSlots) -> None:
    """Add prologue and epilogue, and expand everything that refers to the frame."""
    region = function.regions[0]
    saved = _callee_saved(region)
    entry = Builder(region.blocks[0], region.blocks[0].first, function.location)
    frame = _Frame(slots, saved)
    frame.enter(entry, any(op.definition is rv.argument for op in region.blocks[0]))
    for block in region.blocks:
        for operation in block:
            if operation.definition in _EXPANSIONS:
                _EXPANSIONS[operation.definition](frame, Builder.before(operation), operation)


def _callee_saved(region: Region) -> list[rv.Register]:
    """Registers that the function writes and its caller wants back."""
    written = {
        rv.register_of(result.type)
        for block in region.blocks
        for operation in block
        if operation.definition is not rv.register
        for result in operation.results
    }
    kept = [r for r in written if r.number in CALLEE_SAVED[r.kind]]
    return sorted(kept, key=lambda r: (r.kind != "x", r.number))


class _Frame:
    """The frame of one function, and code that refers to it."""

    def __init__(self, slots: SpillSlots, saved: list[rv.Register]) -> None:
        self.slots = slots
        self.saved = saved
        self.fixed = (8 * (slots.scalars + len(saved)) + 15) // 16 * 16
        self.sp: Value | None = None

    # -- entering and leaving

    def enter(self, builder: Builder, has_stack_arguments: bool) -> None:
        if not (self.fixed or self.slots.vector_units or has_stack_arguments):
            return
        self.sp = builder.value(rv.register, types=[SP])
        if self.slots.vector_units:
            size = self._vector_bytes(builder, self.slots.vector_units)
            self.sp = builder.value(rv.op("sub"), self.sp, size, types=[SP])
        if self.fixed:
            self.sp = self._sum(builder, self.sp, -self.fixed, SP)
        for place, register in enumerate(self.saved, self.slots.scalars):
            content = builder.value(rv.register, types=[register.type])
            self._store_scalar(builder, content, 8 * place)

    def leave(self, builder: Builder, operation: Operation) -> None:
        for place, register in enumerate(self.saved, self.slots.scalars):
            self._load_scalar(builder, register, 8 * place)
        sp = self.sp
        if self.fixed:
            sp = self._sum(builder, sp, self.fixed, SP)
        if self.slots.vector_units:
            size = self._vector_bytes(builder, self.slots.vector_units)
            builder.create(rv.op("add"), sp, size, types=[SP])

    # -- what refers to the frame

    def spill(self, builder: Builder, operation: Operation) -> None:
        value, place = operation.operand(0), operation.get("slot")
        register = rv.register_of(value.type)
        if register.kind == "v":
            address = self._vector_address(builder, place)
            builder.create(rv.op(f"vs{register.units}r.v"), value, address, None)
        else:
            self._store_scalar(builder, value, 8 * place)
        operation.erase()

    def reload(self, builder: Builder, operation: Operation) -> None:
        place = operation.get("slot")
        register = rv.register_of(operation.result.type)
        if register.kind == "v":
            address = self._vector_address(builder, place)
            instruction = rv.op(f"vl{register.units}re8.v")
            loaded = builder.value(instruction, address, None, types=[register.type])
        else:
            loaded = self._load_scalar(builder, register, 8 * place)
        loaded.hint = operation.result.hint
        operation.replace_with([loaded])

    def argument(self, builder: Builder, operation: Operation) -> None:
        base = self.sp
        offset = self.fixed + 8 * (operation.get("index") - len(ARGUMENTS))
        if self.slots.vector_units:
            size = self._vector_bytes(builder, self.slots.vector_units)
            base = builder.value(rv.op("add"), base, size, types=[SECOND])
        base, offset = self._reachable(builder, base, offset)
        types = [operation.result.type]
        loaded = builder.value(rv.op("ld"), base, imm=offset, types=types)
        operation.replace_with([loaded])

    # -- small sequences

    def _store_scalar(self, builder: Builder, value: Value, offset: int) -> None:
        base, offset = self._reachable(builder, self.sp, offset)
        store = "fsd" if rv.is_kind("f", value.type) else "sd"
        builder.create(rv.op(store), value, base, imm=offset)

    def _load_scalar(self, builder: Builder, register: rv.Register, offset: int) -> Value:
        base, offset = self._reachable(builder, self.sp, offset)
        load = "fld" if register.kind == "f" else "ld"
        return builder.value(rv.op(load), base, imm=offset, types=[register.type])

    def _reachable(self, builder: Builder, base: Value, offset: int) -> tuple[Value, int]:
        """A base and an offset that fits a load or store."""
        if offset <= LARGEST_OFFSET:
            return base, offset
        return self._sum(builder, base, offset, SECOND), 0

    def _sum(self, builder: Builder, base: Value, offset: int, target: Type) -> Value:
        if SMALLEST_OFFSET <= offset <= LARGEST_OFFSET:
            return builder.value(rv.op("addi"), base, imm=offset, types=[target])
        distance = builder.value(rv.li, value=offset, types=[FIRST])
        return builder.value(rv.op("add"), base, distance, types=[target])

    def _vector_bytes(self, builder: Builder, units: int) -> Value:
        """units * vlenb."""
        zero = builder.value(rv.register, types=[rv.ZERO])
        size = builder.value(rv.op("csrrs"), zero, csr=CSRS["vlenb"], types=[SECOND])
        if units & units - 1 == 0:
            shift = units.bit_length() - 1
            if shift == 0:
                return size
            return builder.value(rv.op("slli"), size, shamt=shift, types=[SECOND])
        count = builder.value(rv.li, value=units, types=[FIRST])
        return builder.value(rv.op("mul"), size, count, types=[SECOND])

    def _vector_address(self, builder: Builder, place: int) -> Value:
        address = self.sp
        if place:
            address = builder.value(
                rv.op("add"), address, self._vector_bytes(builder, place), types=[SECOND]
            )
        return self._sum(builder, address, self.fixed, SECOND) if self.fixed else address


_EXPANSIONS = {
    rv.spill: _Frame.spill,
    rv.reload: _Frame.reload,
    rv.argument: _Frame.argument,
    rv.ret: _Frame.leave,
}
