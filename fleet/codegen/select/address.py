"""Addresses of loads and stores: pointers that advance with the loops, instead of products.

In: subscripts (affine maps of loop variables, sizes and computed indices). Out: registers that hold
addresses. The one idea (strength reduction): the address of an access is a polynomial; its part
that is even in a loop's variable becomes a pointer that the loop carries and advances, starting
from the pointer of the loop around it. Accesses with equal polynomials share their pointers, and
scalar accesses whose addresses differ by a small constant share one with an offset.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import gcd
from typing import NamedTuple

from fleet.codegen.select.polynomial import Atom, Polynomial
from fleet.codegen.select.selection import LARGEST, Selection, fits, unsupported, width_of
from fleet.diagnostics import FleetError
from fleet.dialects.loop.checks import enclosing_strip
from fleet.ir.affine import AffineBinary, AffineConst, AffineDim, AffineExpr
from fleet.ir.core import BlockArgument, Operation, Value
from fleet.ir.flow import LoopLike
from fleet.ir.interfaces import MemoryAccess
from fleet.ir.types import VectorType, byte_width

LARGEST_SUM = 12
"""Polynomials with more terms are computed as a value."""


class Pointer(NamedTuple):
    """A buffer and a distance from its start in bytes."""

    base: Value
    distance: Polynomial


@dataclass(eq=False)
class Access:
    """The address of one load or store: pointer + offset + what vectors of indices add.

    gathered: bytes per unit of each index vector, for indexed accesses.
    stride: bytes from one iteration of the strip to the next; None for scalars.
    """

    pointer: Pointer
    offset: int = 0
    gathered: list[tuple[Value, Polynomial]] = field(default_factory=list)
    stride: Polynomial | None = None


class Addresses:
    """Polynomials of a kernel's index values, and registers for them."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.atoms: dict[object, Atom] = {}
        self.meaning: dict[Atom, object] = {}
        self.depths: dict[Operation | None, int] = {}
        self.accesses: dict[Operation, Access] = {}
        self.carried: list[dict[Pointer, Value]] = []
        self.variables: list[Atom] = []
        self.meanings: dict[Atom, Polynomial] = {}
        """What arguments of a while loop's condition are made of where it is asked again."""

    # -- polynomials of values

    def depth_of(self, value: Value) -> int:
        """How many loops are around the definition; a loop's own arguments are inside it."""
        outer = value.owner.parent_op
        depth = 0
        while outer is not None:
            depth += LoopLike.of(outer) is not None
            outer = outer.parent_op
        return depth

    def atom(self, key: object, depth: int) -> Atom:
        found = self.atoms.get(key)
        if found is None:
            found = self.atoms[key] = Atom(len(self.atoms), depth)
            self.meaning[found] = key
        return found

    def polynomial(self, value: Value) -> Polynomial:
        """An index value taken apart into sums and products."""
        owner = value.owner
        if isinstance(owner, Operation) and not isinstance(value.type, VectorType):
            match owner.name:
                case "arith.constant":
                    return Polynomial.constant(int(owner.get("value")))
                case "arith.addi" | "arith.subi" | "arith.muli" if width_of(value.type) == 64:
                    a, b = map(self.polynomial, owner.operands)
                    made = {"addi": a.__add__, "subi": a.__sub__, "muli": a.__mul__}[
                        owner.name[6:]
                    ](b)
                    if len(made.terms) <= LARGEST_SUM:
                        return made
                case "arith.index_cast" if width_of(owner.operand(0).type) == 64:
                    return self.polynomial(owner.operand(0))
        return Polynomial.of(self.atom(value, self.depth_of(value)))

    def _subscript(self, expr: AffineExpr, operands: list[Polynomial]) -> Polynomial:
        match expr:
            case AffineDim(position):
                return operands[position]
            case AffineConst(value):
                return Polynomial.constant(value)
            case AffineBinary(operator, left, right):
                a, b = self._subscript(left, operands), self._subscript(right, operands)
                if operator in "+*":
                    return a + b if operator == "+" else a * b
                if b.known is None or b.known <= 0:
                    raise FleetError(f"a subscript divides by {right}, which is no constant")
                if a.known is not None:
                    known = a.known // b.known if operator == "floordiv" else a.known % b.known
                    return Polynomial.constant(known)
                return Polynomial.of(self.atom((operator, a, b.known), a.depth))
        raise FleetError(f"a subscript {expr} has no instructions")

    # -- accesses

    def analyse(self, kernel: Operation) -> None:
        """Find the accesses of a kernel and let those close to each other share pointers."""
        for operation in kernel.walk():
            answer = MemoryAccess.of(operation)
            if answer is not None:
                self.accesses[operation] = self._access(operation, answer)
        groups: dict[Pointer, list[Access]] = {}
        for access in self.accesses.values():
            base, distance = access.pointer
            if access.stride is None and not access.gathered:
                shared = distance - Polynomial.constant(distance.offset)
                groups.setdefault(Pointer(base, shared), []).append(access)
        for shared, members in groups.items():
            self._share(shared, members)

    def _share(self, shared: Pointer, members: list[Access]) -> None:
        """Choose anchors: constants of which the others are within a load's reach."""
        anchor: int | None = None
        for access in sorted(members, key=lambda a: a.pointer.distance.offset):
            constant = access.pointer.distance.offset
            if anchor is None or constant - anchor > LARGEST - 8:
                anchor = 0 if 0 <= constant <= LARGEST - 8 else constant
            access.offset = constant - anchor
            access.pointer = Pointer(
                shared.base, shared.distance + Polynomial.constant(anchor)
            )

    def _access(self, operation: Operation, answer: MemoryAccess) -> Access:
        memref, map, indices = answer.place(operation)
        root, sizes = self._buffer(operation, memref)
        size = byte_width(memref.type.element)
        operands = [self.polynomial(index) for index in indices]
        subscripts = [self._subscript(e, operands) for e in map.results]
        distance, stride = Polynomial({}), Polynomial.constant(size)
        for subscript, extent in zip(reversed(subscripts), reversed(sizes), strict=True):
            distance += subscript * stride
            stride *= extent
        if not isinstance(answer.element(operation).type, VectorType):
            return Access(Pointer(root, distance))
        return self._vector_access(operation, root, distance, indices)

    def _vector_access(
        self, operation: Operation, root: Value, distance: Polynomial, indices: list[Value]
    ) -> Access:
        gathered = []
        for index in dict.fromkeys(i for i in indices if isinstance(i.type, VectorType)):
            atom = self.atom(index, self.depth_of(index))
            step = distance.step(atom)
            rest = distance - distance.even(atom)
            if atom in rest.atoms() or any(a in step.atoms() for a in self._vectors(indices)):
                raise unsupported(operation, "the subscript is not linear in a vector of indices")
            gathered.append((index, step))
            distance = rest
        strip = enclosing_strip(operation)
        if strip is None:
            raise unsupported(operation, "a vector access outside every vector loop")
        variable = self.variable(strip)
        if variable in (distance - distance.even(variable)).atoms():
            raise unsupported(operation, "the subscript is not linear in the loop's variable")
        return Access(Pointer(root, distance), 0, gathered, distance.step(variable))

    def _vectors(self, indices: list[Value]) -> list[Atom]:
        return [
            self.atom(i, self.depth_of(i)) for i in indices if isinstance(i.type, VectorType)
        ]

    def _buffer(self, operation: Operation, memref: Value) -> tuple[Value, list[Polynomial]]:
        """The kernel's argument behind a memref, and its dimensions."""
        shape = memref.type.shape
        owner = memref.owner
        if not memref.type.is_contiguous:
            raise unsupported(operation, "the buffer is not contiguous")
        dynamic: Iterator[Value] = iter(())
        if isinstance(owner, Operation) and owner.name == "loop.flat":
            memref, _ = self._buffer(operation, owner.operand(0))
            return memref, [Polynomial({})]
        if isinstance(owner, Operation) and owner.name == "loop.buffer":
            dynamic = iter(owner.operands[1:])
            while isinstance(memref.owner, Operation):
                memref = memref.owner.operand(0)
        elif None in shape[1:]:
            raise unsupported(operation, "a buffer of dynamic size without a loop.buffer")
        sizes = []
        for dim in shape:
            if dim is not None:
                sizes.append(Polynomial.constant(dim))
            else:
                given = next(dynamic, None)
                sizes.append(Polynomial({}) if given is None else self.polynomial(given))
        return memref, sizes

    def place(self, operation: Operation) -> tuple[Pointer, int]:
        """Pointer and offset of a scalar access, where it stands."""
        access = self.accesses[operation]
        base, distance = access.pointer
        for atom, meaning in self.meanings.items():
            even = distance.even(atom)
            if even and atom not in (distance - even).atoms():
                distance = distance - even + distance.step(atom) * meaning
        if distance == access.pointer.distance or not fits(access.offset + distance.offset):
            return access.pointer, access.offset
        constant = Polynomial.constant(distance.offset)
        return Pointer(base, distance - constant), access.offset + distance.offset

    def variable(self, loop: Operation) -> Atom:
        """The atom of a loop's induction variable."""
        argument = loop.body.arguments[0]
        return self.atom(argument, self.depth_of(argument))

    # -- loops

    def pointers_in(self, loop: Operation) -> list[Pointer]:
        """The pointers that advance with a loop's variable, of all accesses inside it."""
        variable = self.variable(loop)
        found: dict[Pointer, None] = {}
        for operation in loop.walk():
            access = self.accesses.get(operation)
            if access is None:
                continue
            base, distance = access.pointer
            reached, _ = distance.split(variable.depth + 1)
            outer, local = reached.split(variable.depth)
            even = local.even(variable)
            if even:
                found[Pointer(base, outer + even)] = None
        return list(found)

    def enter_while(self, loop: Operation) -> None:
        """A loop that has no counter, so that no pointer advances with it."""
        self.carried.append({})
        self.variables.append(self.atom(("while", loop), len(self.variables) + 1))

    def leave(self) -> None:
        self.carried.pop()
        self.variables.pop()

    def prepare(self, loop: Operation) -> None:
        """Before a loop: compute the addresses that do not change in it, and of those that do
        change in a loop without a counter the part that does not."""
        level = len(self.variables) + 1
        for operation in loop.walk():
            access = self.accesses.get(operation)
            if access is None:
                continue
            base, distance = access.pointer
            if distance.depth < level:
                self.resolve(access.pointer)
            elif not LoopLike.of(loop).bounds:
                outer, _ = distance.split(level)
                self.resolve(Pointer(base, outer))

    # -- registers

    def is_global(self, polynomial: Polynomial) -> bool:
        """Whether it depends on the kernel's arguments alone."""
        return all(
            isinstance(self.meaning[atom], BlockArgument) and atom.depth == 0
            for atom in polynomial.atoms()
        )

    def evaluate(self, polynomial: Polynomial) -> Value:
        """A register with the value of a polynomial, computed where its atoms are known."""
        selection = self.selection
        known = polynomial.known
        if known is not None:
            return selection.integer(known)
        found = selection.remembered(polynomial)
        if found is not None:
            return found
        if selection.builder is not selection.top and self.is_global(polynomial):
            with selection.at_top():
                return self.evaluate(polynomial)
        factor = gcd(*polynomial.terms.values())
        if factor > 1 and len(polynomial.terms) > 1:
            reduced = Polynomial({m: c // factor for m, c in polynomial.terms.items()})
            scaled = self.scaled(self.evaluate(reduced), factor)
            return selection.remember(polynomial, scaled)
        terms = sorted(polynomial.terms.items(), key=lambda item: item[1] < 0)
        total: Value | None = None
        for monomial, coefficient in terms:
            if not monomial:
                continue
            total = self._add_term(total, monomial, coefficient)
        offset = polynomial.offset
        if offset:
            if fits(offset):
                total = selection.x("addi", total, imm=offset)
            else:
                total = selection.x("add", total, selection.integer(offset))
        return selection.remember(polynomial, total)

    def _add_term(self, total: Value | None, monomial: tuple[Atom, ...], coefficient: int) -> Value:
        selection = self.selection
        product = self._product(monomial)
        if total is None:
            return self.scaled(product, coefficient)
        if coefficient < 0:
            return selection.x("sub", total, self.scaled(product, -coefficient))
        return selection.x("add", total, self.scaled(product, coefficient))

    def _product(self, monomial: tuple[Atom, ...]) -> Value:
        if len(monomial) == 1:
            return self.atom_register(monomial[0])
        key = Polynomial({monomial: 1})
        found = self.selection.remembered(key)
        if found is None:
            # Outer atoms first, so that what is invariant inside is computed once.
            *first, last = sorted(monomial, key=lambda atom: (atom.depth, atom.number))
            found = self.selection.x(
                "mul", self._product(tuple(first)), self.atom_register(last)
            )
            self.selection.remember(key, found)
        return found

    def scaled(self, value: Value, factor: int) -> Value:
        """value * factor, with shifts where they do."""
        selection = self.selection
        if factor == 1:
            return value
        if factor > 0 and factor & factor - 1 == 0:
            return selection.x("slli", value, shamt=factor.bit_length() - 1)
        if factor == -1:
            return selection.x("sub", selection.zero, value)
        return selection.x("mul", value, selection.integer(factor))

    def atom_register(self, atom: Atom) -> Value:
        meaning = self.meaning[atom]
        if isinstance(meaning, Value):
            return self.selection.get(meaning)
        found = self.selection.remembered(meaning)
        if found is None:
            operator, inner, divisor = meaning
            found = self._divide(operator, self.evaluate(inner), divisor)
            self.selection.remember(meaning, found)
        return found

    def _divide(self, operator: str, value: Value, divisor: int) -> Value:
        """floordiv and mod by a positive constant."""
        x = self.selection.x
        shift = divisor.bit_length() - 1
        if divisor == 1 << shift:
            if operator == "floordiv":
                return x("srai", value, shamt=shift)
            if fits(divisor - 1):
                return x("andi", value, imm=divisor - 1)
        by = self.selection.integer(divisor)
        rest = x("rem", value, by)
        sign = x("srai", rest, shamt=63)
        rest = x("add", rest, x("and", sign, by))
        return rest if operator == "mod" else x("div", x("sub", value, rest), by)

    def resolve(self, pointer: Pointer, level: int | None = None) -> Value:
        """A register with an address, in the loop of this level (the innermost by default)."""
        selection = self.selection
        if level is None:
            level = len(self.variables)
        found = selection.remembered(pointer)
        if found is not None:
            return found
        base, distance = pointer
        if level == 0:
            start = selection.get(base)
            return selection.remember(pointer, self._plus(start, distance))
        variable = self.variables[level - 1]
        outer, local = distance.split(level)
        even = local.even(variable)
        carried = self.carried[level - 1].get(Pointer(base, outer + even)) if even else None
        if carried is not None:
            address, rest = carried, local - even
        else:
            address, rest = self.resolve(Pointer(base, outer), level - 1), local
        if not rest:
            return address
        return selection.remember(pointer, self._plus(address, rest))

    def _plus(self, address: Value, distance: Polynomial) -> Value:
        """address + distance. The constant comes last: what is before it may be shared."""
        selection = self.selection
        offset = distance.offset
        variable_part = distance - Polynomial.constant(offset)
        if variable_part:
            address = selection.x("add", address, self.evaluate(variable_part))
        if offset:
            if fits(offset):
                return selection.x("addi", address, imm=offset)
            return selection.x("add", address, selection.integer(offset))
        return address
