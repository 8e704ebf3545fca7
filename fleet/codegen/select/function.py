"""Instruction selection: kernels of the vectorised loop dialect become functions of `rv`.

In: `func.func` with the attribute `kernel`, over memrefs and sizes, its body in `loop`, `arith` and
`math`. Out: the same function over virtual registers: a control-flow graph of RISC-V instructions,
arguments where the psABI puts them. The one idea: a table says for each operation who selects its
instructions; structured control flow (`loops.py`, `control.py`) opens blocks around what it holds.
"""

from __future__ import annotations

from collections.abc import Callable

import fleet.codegen.select.conversions  # noqa: F401 - adds rules for vectors
from fleet.codegen.abi import ARGUMENTS
from fleet.codegen.kernels import kernels_of
from fleet.codegen.lookups import symbol_of
from fleet.codegen.select.address import Access, Addresses
from fleet.codegen.select.control import (
    Conditions,
    RareBlocks,
    select_doubt,
    select_exit,
    select_if,
    select_while,
    select_wide_product,
)
from fleet.codegen.select.countdown import CountedLoop, compare_pointers
from fleet.codegen.select.dead_code import erase_dead
from fleet.codegen.select.loops import register, select_for, select_leave
from fleet.codegen.select.memory import select_vector_load, select_vector_store
from fleet.codegen.select.polynomial import Polynomial
from fleet.codegen.select.profiles import combine, extensions_for
from fleet.codegen.select.scalar import select_load, select_scalar, select_store
from fleet.codegen.select.selection import Selection, register_type, unsupported, vtype_for
from fleet.codegen.select.vector import Vectors, is_vector
from fleet.diagnostics import FleetError
from fleet.dialects import arith, builtin, func, loop, rv
from fleet.ir.attributes import TypeAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import ELEMENTWISE, OpDef
from fleet.ir.rewriting.journal import journal_of
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import (
    FloatType,
    FunctionType,
    IndexType,
    MemRefType,
    byte_width,
    element_of,
)
from fleet.ir.watch import applied, count, is_traced, may_apply


@register_pass("select-instructions", "kernels to instructions over virtual registers")
def select_instructions(module: Operation) -> None:
    """Kernels over the vectorised loop dialect to RISC-V instructions over virtual registers."""
    extensions = extensions_for(module)
    for kernel in kernels_of(module):
        _Kernel(kernel, extensions).select()
        count("kernels selected")


class _Kernel:
    """The selection of one kernel."""

    def __init__(self, kernel: Operation, extensions: frozenset[str]) -> None:
        self.kernel = kernel
        self.s = Selection(kernel.get("sym_name"), kernel.location, extensions)
        self.addresses = Addresses(self.s)
        self.vectors = Vectors(self.s)
        self.conditions = Conditions(self.s)
        self.rare = RareBlocks(self.s)
        self.counted: list[CountedLoop] = []
        self.left: Block | None = None
        self.offsets: dict[object, Value] = {}
        self.told: set[Operation] = set()
        self.has_halves = extensions >= {"zvfhmin", "zfhmin"}

    def select(self) -> None:
        kernel, selection = self.kernel, self.s
        old = kernel.regions[0]
        if len(old.blocks) != 1:
            raise FleetError("a kernel's body is one block", kernel.location)
        selection.builder.location = kernel.location
        self._arguments(old.block)
        self.addresses.analyse(kernel)
        self.conditions.analyse(kernel)
        self._block(old.block)
        self.rare.finish()
        selection.top.anchor.erase()
        region = selection.region
        distances = [each.distance for each in self.counted if each.distance is not None]
        erase_dead(region, keep=distances)
        for each in self.counted:
            compare_pointers(each)
        combine(region, selection.extensions)
        erase_dead(region)
        for operation in old.block:
            operation.drop_references()
        kernel.regions.clear()
        kernel.add_region(region)
        types = tuple(argument.type for argument in region.blocks[0].arguments)
        kernel.attributes["function_type"] = TypeAttr(FunctionType(types, ()))
        kernel.attributes.pop("arg_attrs", None)

    def _arguments(self, body: Block) -> None:
        """Copies of the arguments, and the place for what is computed once, after them."""
        selection = self.s
        entry = selection.builder.block
        for number, argument in enumerate(body.arguments):
            if not isinstance(argument.type, MemRefType | IndexType):
                raise FleetError(
                    f"a kernel's arguments are buffers and sizes, not {argument.type}",
                    self.kernel.location,
                )
            if number < len(ARGUMENTS):
                given = entry.add_argument(rv.x(ARGUMENTS[number]), argument.hint)
                register = selection.builder.value(rv.copy, given, types=[rv.X])
            else:
                register = selection.builder.value(rv.argument, types=[rv.X], index=number)
            selection.set(argument, register)
        mark = selection.builder.create(rv.label, name="")
        selection.top = Builder(entry, mark, selection.builder.location)

    # -- operations

    def _block(self, block: Block) -> None:
        for operation in block:
            self.s.builder.location = operation.location
            values = (*operation.operands, *operation.results)
            if not self.has_halves and any(map(_is_half, values)):
                raise unsupported(operation, "the machine has no half precision")
            if is_traced():
                self._told(operation)
            else:
                self._operation(operation)

    def _told(self, operation: Operation) -> None:
        """Select an operation, and tell of what it became: what operations inside did is told."""
        journal = journal_of(operation)
        self._operation(operation)
        made = [each for block in self.s.region.blocks for each in block if each not in self.told]
        self.told.update(made)
        for each in made:
            journal.made(each)
        if made:
            journal.applied(f"instructions for {operation.name}")

    def _operation(self, operation: Operation) -> None:
        select = _SELECT.get(operation.definition)
        if select is not None:
            select(self, operation)
        elif not operation.has_trait(ELEMENTWISE):
            raise unsupported(operation)
        elif operation.result in self.conditions.deferred:
            return
        elif isinstance(operation.result.type, IndexType):  # of which addresses are made
            self._scalar(operation)
        elif may_apply():
            applied(f"instructions for {operation.name}", operation.name, operation.location)
            (self._vector if is_vector(operation.result.type) else self._scalar)(operation)
        else:
            self._left(operation)

    def _left(self, operation: Operation) -> None:
        """The operation itself, between casts from registers and to one."""
        builder, cast = self.s.builder, builtin.unrealized_conversion_cast
        given = [
            builder.value(cast, [register(self, value)], types=[value.type])
            for value in operation.operands
        ]
        made = builder.insert(operation.like(given)).result
        to = register_type(made.type)
        self.s.set(operation.result, builder.value(cast, [made], types=[to]))

    def _by_users(self, operation: Operation) -> None:
        """No code of its own: its users read it."""

    def _vector(self, operation: Operation) -> None:
        self.s.set(operation.result, self.vectors.select(operation))

    def _scalar(self, operation: Operation) -> None:
        if not isinstance(operation.result.type, IndexType):
            self.s.set(operation.result, select_scalar(self.s, operation))
            return
        # addresses may need it, too: those at the kernel's top as well, if it is known there
        polynomial = self.addresses.polynomial(operation.result)
        if self.addresses.is_global(polynomial):
            self.s.set(operation.result, self.addresses.evaluate(polynomial))
        else:
            register = select_scalar(self.s, operation)
            self.s.set(operation.result, register)
            self.s.remember(polynomial, register)

    def _load(self, operation: Operation) -> None:
        access = self.addresses.accesses[operation]
        type = operation.result.type
        if not is_vector(type):
            pointer, offset = self.addresses.place(operation)
            register = select_load(self.s, type, self.addresses.resolve(pointer), offset)
        else:
            address = self.addresses.resolve(access.pointer)
            stride, offsets = self._pattern(access, byte_width(type.element), operation)
            mask = self._mask(operation)
            register = select_vector_load(self.vectors, type, address, stride, offsets, mask)
        self.s.set(operation.result, register)

    def _lookup(self, operation: Operation) -> None:
        """An element, or elements, of a table in the read-only data."""
        number, type = operation.operand(0), operation.result.type
        with self.s.at_top():
            symbol = symbol_of(operation.get("table"))
            base = self.s.remembered(symbol)
            if base is None:
                base = self.s.remember(
                    symbol, self.s.builder.value(rv.la, types=[rv.X], symbol=symbol))
        places = self.s.remembered(("places", number))
        if places is None:
            if is_vector(type):
                to, vtype = register_type(number.type), vtype_for(number.type.shape[0], 64)
                places = self.s.v(
                    "vsll.vi", self.vectors.vector(number), to=to, vtype=vtype, imm=3)
            else:
                places = self.s.x("slli", self.s.get(number), shamt=3)
            self.s.remember(("places", number), places)
        if is_vector(type):
            register = select_vector_load(self.vectors, type, base, None, places)
        else:
            register = select_load(self.s, type, self.s.x("add", base, places), 0)
        self.s.set(operation.result, register)

    def _store(self, operation: Operation) -> None:
        access = self.addresses.accesses[operation]
        value = operation.operand(0)
        if not is_vector(value.type):
            register = self.s.get(value)
            pointer, offset = self.addresses.place(operation)
            address = self.addresses.resolve(pointer)
            select_store(self.s, value.type, register, address, offset)
            return
        address = self.addresses.resolve(access.pointer)
        stride, offsets = self._pattern(access, byte_width(value.type.element), operation)
        mask = self._mask(operation)
        select_vector_store(self.vectors, value, address, stride, offsets, mask)

    def _mask(self, operation: Operation) -> Value | None:
        """The elements that a masked access is of."""
        if operation.definition not in (loop.masked_load, loop.masked_store):
            return None
        return self.vectors.vector(operation.named("mask"))

    def _pattern(
        self, access: Access, size: int, operation: Operation
    ) -> tuple[Value | None, Value | None]:
        """The stride of a strided access, or the offsets of an indexed one."""
        stride = access.stride
        if not access.gathered:
            if stride.known == size:
                return None, None
            if not stride:
                raise unsupported(operation, "all elements of the vector are at one place")
            return self.addresses.evaluate(stride), None
        key = (tuple(access.gathered), stride)
        found = self.offsets.get(key)
        if found is not None:
            return None, found
        last = self._last_made(access, stride)
        if last is None:
            return None, self._offsets(access, stride)
        builder = self.s.builder
        saved = builder.block, builder.anchor
        builder.block, builder.anchor = last.parent, last.next
        self.offsets[key] = self._offsets(access, stride)
        builder.block, builder.anchor = saved
        return None, self.offsets[key]

    def _offsets(self, access: Access, stride: Polynomial) -> Value:
        """The distances in bytes of an indexed access's elements."""
        total: Value | None = None
        for index, step in access.gathered:
            to, vtype = register_type(index.type), vtype_for(index.type.shape[0], 64)
            part = self._times(self.vectors.vector(index), step, to, vtype)
            total = part if total is None else self.s.v("vadd.vv", total, part, to=to, vtype=vtype)
        if stride:
            lanes = self.s.v("vid.v", to=to, vtype=vtype)
            part = self._times(lanes, stride, to, vtype)
            total = self.s.v("vadd.vv", total, part, to=to, vtype=vtype)
        return total

    def _last_made(self, access: Access, stride: Polynomial) -> Operation | None:
        """The instruction behind which an indexed access's offsets can be computed, once for all
        accesses that have the same: what makes the last of its vectors, all in one block."""
        steps = [step for _, step in access.gathered] + [stride]
        registers = [self.s.registers.get(index) for index, _ in access.gathered]
        owners = {None if register is None else register.owner for register in registers}
        if any(step.known is None for step in steps):
            return None
        if not all(isinstance(owner, Operation) for owner in owners):
            return None
        if len({owner.parent for owner in owners}) != 1:
            return None
        (block,) = {owner.parent for owner in owners}
        return next(op for op in reversed(block) if op in owners)

    def _times(self, vector: Value, factor: Polynomial, to: object, vtype: str) -> Value:
        known = factor.known
        if known == 1:
            return vector
        if known is not None and known > 0 and known & known - 1 == 0:
            shift = known.bit_length() - 1
            return self.s.v("vsll.vi", vector, to=to, vtype=vtype, imm=shift)
        register = self.addresses.evaluate(factor)
        return self.s.v("vmul.vx", vector, register, to=to, vtype=vtype)


_SELECT: dict[OpDef, Callable[[_Kernel, Operation], None]] = {
    loop.for_: select_for,
    loop.load: _Kernel._load,
    loop.store: _Kernel._store,
    loop.masked_load: _Kernel._load,
    loop.masked_store: _Kernel._store,
    loop.buffer: _Kernel._by_users,
    loop.flat: _Kernel._by_users,
    loop.broadcast: _Kernel._by_users,
    loop.yield_: _Kernel._by_users,
    loop.condition: _Kernel._by_users,
    loop.while_: select_while,
    loop.if_: select_if,
    loop.exit_: select_exit,
    loop.doubt: select_doubt,
    arith.mulsi_extended: select_wide_product,
    arith.mului_extended: select_wide_product,
    arith.constant: _Kernel._by_users,
    func.return_: _Kernel._by_users,
    loop.iota: _Kernel._vector,
    loop.reduce: _Kernel._vector,
    loop.lookup: _Kernel._lookup,
    loop.any_: _Kernel._vector,
    loop.element: _Kernel._vector,
    loop.leave: select_leave,
}
"""How operations of a kernel become instructions, elementwise arithmetic apart."""


def _is_half(value: Value) -> bool:
    element = element_of(value.type)
    return isinstance(element, FloatType) and element.width not in (32, 64)
