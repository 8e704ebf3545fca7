"""What instruction selection works with: a cursor, the registers of values so far, constants.

In: values of the loop dialect. Out: virtual registers that hold them, made when first asked for.
The one idea: what is computed on demand (constants, addresses, sizes) is remembered in the scope of
the loop in which it was computed, and forgotten where the loop ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from fleet.diagnostics import FleetError, Location
from fleet.dialects import rv
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import (
    FloatType,
    IndexType,
    IntegerType,
    Type,
    VectorType,
    element_of,
    i1,
)

SMALLEST, LARGEST = -2048, 2047
"""What a 12-bit immediate holds."""


def fits(value: int) -> bool:
    return SMALLEST <= value <= LARGEST


def width_of(type: Type) -> int:
    """Bits of an element in a register: `index` has 64."""
    element = element_of(type)
    if isinstance(element, IndexType):
        return 64
    if isinstance(element, IntegerType | FloatType):
        return element.width
    raise FleetError(f"there is no register for {type}")


def lanes_of(type: Type) -> int:
    assert isinstance(type, VectorType), type
    return type.shape[0]


def group_for(lanes: int, width: int) -> str:
    """The LMUL of a vector with this many elements for each 64 bits of VLEN."""
    bits = lanes * width
    if bits > 512 or bits < 8:
        raise FleetError(f"a vector of [{lanes}] elements of {width} bits has no register group")
    return f"m{bits // 64}" if bits >= 64 else f"mf{64 // bits}"


def vtype_for(lanes: int, width: int) -> str:
    return f"e{width},{group_for(lanes, width)}"


def register_type(type: Type) -> Type:
    """The register that holds a value of the loop dialect."""
    if isinstance(type, VectorType):
        if type.element == i1:
            return rv.MASK
        return rv.v(group_for(lanes_of(type), width_of(type)))
    return rv.F if isinstance(type, FloatType) else rv.X


class Selection:
    """The state of selecting one kernel's instructions.

    builder: where the next instruction goes. vl: the strip's length, `zero` outside strips, which
    means VLMAX. depth: how many loops are around. extensions: beyond RV64GCV.
    """

    def __init__(
        self, name: str, location: Location, extensions: frozenset[str] = frozenset()
    ) -> None:
        self.name = name
        self.extensions = extensions
        self.region = Region()
        self.builder = Builder(self.region.add_block(), location=location)
        self.registers: dict[Value, Value] = {}
        self.scopes: list[dict[object, Value]] = [{}]
        self.depth = 0
        self.labels: dict[str, int] = {}
        self.zero = self.builder.value(rv.register, types=[rv.ZERO])
        self.vl: Value = self.zero
        self.top: Builder = self.builder
        self.lazy: dict[Value, Callable[[], Value]] = {}

    def has(self, extension: str) -> bool:
        """Whether instructions of an extension may be used."""
        return extension in self.extensions

    # -- instructions

    def make(self, mnemonic: str, *operands: object, to: Type, **attributes: object) -> Value:
        """Insert an instruction with one result."""
        return self.builder.value(rv.op(mnemonic), *operands, types=[to], **attributes)

    def x(self, mnemonic: str, *operands: Value, **attributes: object) -> Value:
        return self.make(mnemonic, *operands, to=rv.X, **attributes)

    def f(self, mnemonic: str, *operands: Value, **attributes: object) -> Value:
        return self.make(mnemonic, *operands, to=rv.F, **attributes)

    def effect(self, mnemonic: str, *operands: object, **attributes: object) -> Operation:
        return self.builder.create(rv.op(mnemonic), *operands, **attributes)

    def v(
        self, mnemonic: str, *operands: Value, to: Type, vtype: str, mask: Value | None = None,
        old: Value | None = None, policy: str | None = None, **attributes: object,
    ) -> Value:  # fmt: skip
        """Insert a vector instruction with one result, on the strip's elements."""
        more = [value for value in (old, mask, self.vl) if value is not None]
        if policy is not None:
            attributes["policy"] = policy
        return self.make(mnemonic, *operands, more, to=to, vtype=vtype, **attributes)

    # -- scopes

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Forget at the end what was computed on demand inside."""
        self.scopes.append({})
        try:
            yield
        finally:
            self.scopes.pop()

    @contextmanager
    def at_top(self) -> Iterator[None]:
        """Insert at the kernel's top, and remember for the whole kernel."""
        saved = self.builder, self.scopes, self.vl
        self.builder, self.scopes, self.vl = self.top, self.scopes[:1], self.zero
        try:
            yield
        finally:
            self.builder, self.scopes, self.vl = saved

    def remembered(self, key: object) -> Value | None:
        for scope in reversed(self.scopes):
            if key in scope:
                return scope[key]
        return None

    def remember(self, key: object, value: Value) -> Value:
        self.scopes[-1][key] = value
        return value

    # -- constants, made at the kernel's top

    def integer(self, value: int) -> Value:
        """A register with this 64-bit constant."""
        if value == 0:
            return self.zero
        found = self.scopes[0].get(("integer", value))
        if found is None:
            found = self.top.value(rv.li, types=[rv.X], value=value)
            self.scopes[0]["integer", value] = found
        return found

    def real(self, value: float, width: int) -> Value:
        """A register with this floating-point constant."""
        if width == 16:
            bits, move = int(np.float16(value).view(np.int16)), "fmv.h.x"
        elif width == 32:
            bits, move = int(np.float32(value).view(np.int32)), "fmv.w.x"
        else:
            bits, move = int(np.float64(value).view(np.int64)), "fmv.d.x"
        found = self.scopes[0].get(("real", bits, width))
        if found is None:
            source = self.integer(bits)
            found = self.top.value(rv.op(move), source, types=[rv.F])
            self.scopes[0]["real", bits, width] = found
        return found

    # -- values

    def get(self, value: Value) -> Value:
        """The register of a value that has been selected; constants are made."""
        found = self.registers.get(value)
        if found is not None:
            return found
        if value in self.lazy:
            found = self.remembered(value)
            return found or self.remember(value, self.lazy[value]())
        owner = value.owner
        if isinstance(owner, Operation) and owner.name == "arith.constant":
            constant = constant_of(value)
            if constant is not None and isinstance(value.type, FloatType):
                return self.real(constant, value.type.width)
            if constant is not None:
                return self.integer(int(constant))
        raise FleetError(
            f"instruction selection has no register for a result of {owner!r}",
            owner.location if isinstance(owner, Operation) else None,
        )

    def set(self, value: Value, register: Value) -> None:
        if register.hint is None and register is not self.zero:
            register.hint = value.hint
        self.registers[value] = register

    # -- blocks

    def block(self) -> Block:
        """A new block at the end of the function."""
        return self.region.add_block()

    def enter(self, block: Block) -> None:
        self.builder.block, self.builder.anchor = block, None

    def jump(self, target: Block, arguments: Sequence[Value] = ()) -> None:
        self.builder.create(rv.j, list(arguments), successors=[target])

    def branch(self, mnemonic: str, a: Value, b: Value, taken: Block, other: Block) -> None:
        self.builder.create(rv.op(mnemonic), a, b, successors=[taken, other])

    def label(self, hint: str) -> None:
        """Give the block in hand a name in assembly: the kernel's and the loop variable's."""
        stem = f".L{self.name}_{''.join(c for c in hint if c.isalnum() or c == '_')}"
        count = self.labels[stem] = self.labels.get(stem, 0) + 1
        self.builder.create(rv.label, name=stem if count == 1 else f"{stem}_{count}")


def constant_of(value: Value) -> int | float | None:
    """The number that a value is known to be, through broadcasts; as it is kept in a register."""
    owner = value.owner
    if isinstance(owner, Operation):
        if owner.name == "arith.constant":
            found = owner.get("value")
            if isinstance(found, np.ndarray) and found.size and (found == found.flat[0]).all():
                found = found.flat[0].item()
            if isinstance(found, int) and width_of(value.type) > 1:
                return signed(found, width_of(value.type))
            return found if isinstance(found, int | float) else None
        if owner.name == "loop.broadcast":
            return constant_of(owner.operand(0))
    return None


def signed(value: int, width: int) -> int:
    """The lowest bits of a number, taken as a signed one."""
    value &= (1 << width) - 1
    return value - (1 << width) if value >> width - 1 else value


def unsupported(operation: Operation, why: str = "") -> FleetError:
    types = ", ".join(str(v.type) for v in (*operation.operands, *operation.results))
    return FleetError(
        f"no instructions for {operation.name} on ({types}){': ' + why if why else ''}",
        operation.location,
    )
