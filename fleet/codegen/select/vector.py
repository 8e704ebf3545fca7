"""Instructions for vector operations of `arith`, `math` and `loop`.

In: operations on `vector<[N]xT>`. Out: vector instructions on the strip's elements. The one idea:
a broadcast is no instruction. The scalar stays in its register and becomes the .vf, .vx or .vi form
of whoever uses it; only where there is no such form is a vector made, at the use.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.codegen.select.masked import (
    chosen_next,
    known_mask,
    opposite_of,
    update_under_mask,
)
from fleet.codegen.select.selection import (
    Selection,
    constant_of,
    lanes_of,
    register_type,
    unsupported,
    vtype_for,
    width_of,
)
from fleet.dialects import loop, rv
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.ir.core import Operation, Value
from fleet.ir.types import FloatType, Type, VectorType, i1, i8

FLOAT_BINARY = {
    "addf": "vfadd", "subf": "vfsub", "mulf": "vfmul", "divf": "vfdiv",
    "maxnumf": "vfmax", "minnumf": "vfmin", "copysign": "vfsgnj",
}  # fmt: skip
INTEGER_BINARY = {
    "addi": "vadd", "subi": "vsub", "muli": "vmul", "divsi": "vdiv", "divui": "vdivu",
    "remsi": "vrem", "remui": "vremu", "andi": "vand", "ori": "vor", "xori": "vxor",
    "shli": "vsll", "shrsi": "vsra", "shrui": "vsrl",
    "maxsi": "vmax", "minsi": "vmin", "maxui": "vmaxu", "minui": "vminu",
}  # fmt: skip
MASK_BINARY = {"andi": "vmand", "ori": "vmor", "xori": "vmxor", "addi": "vmxor", "subi": "vmxor",
               "muli": "vmand", "maxui": "vmor", "minui": "vmand",
               "maxsi": "vmand", "minsi": "vmor"}  # fmt: skip
COMMUTATIVE = frozenset(
    "addf mulf maxnumf minnumf addi muli andi ori xori maxsi minsi maxui minui".split()
)
REVERSED = {"subf": "vfrsub", "divf": "vfrdiv", "subi": "vrsub"}
"""Instructions with the scalar on the left."""
WITH_IMMEDIATE = frozenset("vadd vand vor vxor vrsub vsll vsrl vsra".split())
SHIFTS = frozenset("vsll vsrl vsra".split())

Rule = Callable[["Vectors", Operation, str], Value]
RULES: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        for name in names:
            RULES[name] = function
        return function

    return register


def is_vector(type: Type) -> bool:
    return isinstance(type, VectorType)


def is_mask(type: Type) -> bool:
    return isinstance(type, VectorType) and type.element == i1


def is_float_vector(type: Type) -> bool:
    return isinstance(type, VectorType) and isinstance(type.element, FloatType)


def vtype_of(type: Type) -> str:
    """The vtype for elements of this vector; for masks any of their length will do."""
    return vtype_for(lanes_of(type), 8 if is_mask(type) else width_of(type))


class Vectors:
    """Selection of vector instructions; `s` is the state shared with the rest of selection."""

    def __init__(self, selection: Selection) -> None:
        self.s = selection
        self.merged: set[Operation] = set()
        """Choices that the instruction before them makes."""

    def select(self, operation: Operation) -> Value:
        """The result's register."""
        name = operation.name.partition(".")[2]
        found = RULES.get(name)
        if found is None:
            raise unsupported(operation)
        return found(self, operation, name)

    def scalar(self, value: Value) -> Value | None:
        """The register of the scalar of which the vector is a broadcast."""
        owner = value.owner
        if isinstance(owner, Operation) and owner.name == "loop.broadcast":
            return self.s.get(owner.operand(0))
        constant = constant_of(value)
        if constant is None:
            return None
        if is_float_vector(value.type):
            return self.s.real(constant, width_of(value.type))
        return self.s.integer(int(constant))

    def only_moves(self, type: Type) -> bool:
        """Whether elements are float16 on a machine that does no more than convert them: they are
        moved as integers."""
        return is_float_vector(type) and width_of(type) == 16 and not self.s.has("zvfh")

    def first(self, vector: Value, type: Type) -> Value:
        """The scalar at a vector's beginning."""
        vtype = vtype_of(type)
        if not is_float_vector(type):
            return self.s.v("vmv.x.s", vector, to=rv.X, vtype=vtype)
        if self.only_moves(type):
            bits = self.s.v("vmv.x.s", vector, to=rv.X, vtype=vtype)
            return self.s.f("fmv.h.x", bits)
        return self.s.v("vfmv.f.s", vector, to=rv.F, vtype=vtype)

    def vector(self, value: Value) -> Value:
        """The vector itself; a broadcast is made here and now."""
        scalar = self.scalar(value)
        if scalar is None:
            return self.s.get(value)
        return self.splat(value.type, scalar, constant_of(value))

    def operands(self, operation: Operation) -> tuple[Value, Value, dict[str, Any]]:
        """The operands, and what makes an update under a mask keep the other elements."""
        update = update_under_mask(operation)
        if update is None:
            left, right = operation.operands
            choice = chosen_next(operation)
            if choice is None:
                return left, right, {}
            self.merged.add(choice)
            mask, old = self.vector(choice.operand(0)), self.vector(choice.operand(2))
            return left, right, {"mask": mask, "old": old, "policy": "mu"}
        old, mask = self.vector(update.left), self.vector(update.mask)
        return update.left, update.right, {"mask": mask, "old": old, "policy": "mu"}

    def splat(self, type: Type, scalar: Value, constant: int | float | None = None) -> Value:
        to = register_type(type)
        if is_mask(type):
            return self.nonzero(type, self._splat_bytes(type, scalar))
        if self.only_moves(type):
            bits = self.s.x("fmv.x.h", scalar)
            return self.s.v("vmv.v.x", bits, to=to, vtype=vtype_of(type))
        if is_float_vector(type):
            return self.s.v("vfmv.v.f", scalar, to=to, vtype=vtype_of(type))
        if constant is not None and -16 <= constant <= 15:
            return self.s.v("vmv.v.i", to=to, vtype=vtype_of(type), imm=int(constant))
        return self.s.v("vmv.v.x", scalar, to=to, vtype=vtype_of(type))

    def _splat_bytes(self, type: Type, scalar: Value) -> Value:
        vtype = vtype_for(lanes_of(type), 8)
        return self.s.v("vmv.v.x", scalar, to=self.bytes_type(type), vtype=vtype)

    def bytes_type(self, mask: Type) -> Type:
        """The group of bytes, one for each element of a mask."""
        return register_type(VectorType(mask.shape, i8, True))

    def nonzero(self, type: Type, bytes: Value) -> Value:
        """The mask of bytes that are not zero."""
        vtype = vtype_for(lanes_of(type), 8)
        return self.s.v("vmsne.vi", bytes, to=rv.MASK, vtype=vtype, imm=0)

    def zero_one(self, mask: Value, type: Type, vtype: str, one: int = 1) -> Value:
        """A vector of this register type with 1 (or `one`) where the mask is set, else 0."""
        zeros = self.s.v("vmv.v.i", to=type, vtype=vtype, imm=0)
        return self.s.v("vmerge.vim", zeros, mask, to=type, vtype=vtype, imm=one)

    def mm(self, mnemonic: str, a: Value, b: Value, type: Type) -> Value:
        """A mask from two masks."""
        return self.s.v(f"{mnemonic}.mm", a, b, to=rv.MASK, vtype=vtype_of(type))

    def everywhere(self, truth: bool, type: Type) -> Value:
        """A mask that is set throughout, or clear."""
        anything = self.s.builder.value(rv.register, types=[rv.MASK])
        return self.mm("vmxnor" if truth else "vmxor", anything, anything, type)

    def inverted(self, mask: Value, type: Type) -> Value:
        return self.mm("vmnand", mask, mask, type)




# -- arithmetic


@rule(*FLOAT_BINARY)
def _float_binary(c: Vectors, operation: Operation, name: str) -> Value:
    type = operation.result.type
    left, right, kept = c.operands(operation)
    mnemonic = FLOAT_BINARY[name]
    to, vtype = register_type(type), vtype_of(type)
    if c.scalar(right) is None and c.scalar(left) is not None:
        if name in COMMUTATIVE:
            left, right = right, left
        elif name in REVERSED:
            mnemonic = REVERSED[name]
            left, right = right, left
    scalar = c.scalar(right)
    if scalar is not None:
        return c.s.v(f"{mnemonic}.vf", c.vector(left), scalar, to=to, vtype=vtype, **kept)
    return c.s.v(f"{mnemonic}.vv", c.vector(left), c.vector(right), to=to, vtype=vtype, **kept)


@rule("maximumf", "minimumf")
def _float_extremum(c: Vectors, operation: Operation, name: str) -> Value:
    """vfmax and vfmin take the number where one is NaN; the sum is NaN there."""
    type = operation.result.type
    to, vtype = register_type(type), vtype_of(type)
    a, b = map(c.vector, operation.operands)
    best = c.s.v("vfmax.vv" if name == "maximumf" else "vfmin.vv", a, b, to=to, vtype=vtype)
    ordered = c.mm(
        "vmand",
        c.s.v("vmfeq.vv", a, a, to=rv.MASK, vtype=vtype),
        c.s.v("vmfeq.vv", b, b, to=rv.MASK, vtype=vtype),
        type,
    )
    total = c.s.v("vfadd.vv", a, b, to=to, vtype=vtype)
    return c.s.v("vmerge.vvm", total, best, ordered, to=to, vtype=vtype)


@rule("negf", "absf", "sqrt")
def _float_unary(c: Vectors, operation: Operation, name: str) -> Value:
    type = operation.result.type
    a = c.vector(operation.operand(0))
    to, vtype = register_type(type), vtype_of(type)
    if name == "sqrt":
        return c.s.v("vfsqrt.v", a, to=to, vtype=vtype)
    mnemonic = "vfsgnjn.vv" if name == "negf" else "vfsgnjx.vv"
    return c.s.v(mnemonic, a, a, to=to, vtype=vtype)


@rule("fma")
def _multiply_add(c: Vectors, operation: Operation, name: str) -> Value:
    """a * b + c overwrites c (vfmacc) or a factor (vfmadd): what nobody else needs."""
    type = operation.result.type
    to, vtype = register_type(type), vtype_of(type)
    a, b, addend = operation.operands
    if c.scalar(a) is not None:
        a, b = b, a
    factor = c.scalar(b)
    form = "vv" if factor is None else "vf"
    if dies_with(c, addend, operation) or not dies_with(c, a, operation):
        second = factor if factor is not None else c.vector(b)
        return c.s.v(f"vfmacc.{form}", c.vector(addend), second, c.vector(a), to=to, vtype=vtype)
    second = factor if factor is not None else c.vector(b)
    return c.s.v(f"vfmadd.{form}", c.vector(a), second, c.vector(addend), to=to, vtype=vtype)


def dies_with(c: Vectors, value: Value, user: Operation) -> bool:
    """Whether overwriting the vector costs no copy: this is its only use, in its own loop."""
    if c.scalar(value) is not None:
        return True
    block = value.owner if not isinstance(value.owner, Operation) else value.owner.parent
    return len(value.uses) == 1 and block is user.parent


@rule(*INTEGER_BINARY)
def _integer_binary(c: Vectors, operation: Operation, name: str) -> Value:
    type = operation.result.type
    left, right = operation.operands
    if is_mask(type):
        if name not in MASK_BINARY:
            raise unsupported(operation)
        for value, other in ((right, left), (left, right)):
            opposite = opposite_of(value)
            if opposite is not None and name in ("andi", "ori"):
                mnemonic = "vmandn" if name == "andi" else "vmorn"
                return c.mm(mnemonic, c.vector(other), c.vector(opposite), type)
        return c.mm(MASK_BINARY[name], c.vector(left), c.vector(right), type)
    left, right, kept = c.operands(operation)
    mnemonic = INTEGER_BINARY[name]
    to, vtype = register_type(type), vtype_of(type)
    if c.scalar(right) is None and c.scalar(left) is not None:
        if name in COMMUTATIVE:
            left, right = right, left
        elif name in REVERSED:
            mnemonic = REVERSED[name]
            left, right = right, left
    scalar, constant = c.scalar(right), constant_of(right)
    if scalar is None:
        a, b = c.vector(left), c.vector(right)
        return c.s.v(f"{mnemonic}.vv", a, b, to=to, vtype=vtype, **kept)
    if constant is not None and mnemonic == "vsub":
        mnemonic, constant = "vadd", -constant
        if not -16 <= constant <= 15:
            mnemonic = "vsub"
    if constant is not None and mnemonic in WITH_IMMEDIATE:
        low, high = (0, 31) if mnemonic in SHIFTS else (-16, 15)
        if low <= constant <= high:
            number, a = int(constant), c.vector(left)
            return c.s.v(f"{mnemonic}.vi", a, to=to, vtype=vtype, imm=number, **kept)
    return c.s.v(f"{mnemonic}.vx", c.vector(left), scalar, to=to, vtype=vtype, **kept)


@rule("absi")
def _absolute(c: Vectors, operation: Operation, name: str) -> Value:
    type = operation.result.type
    to, vtype = register_type(type), vtype_of(type)
    a = c.vector(operation.operand(0))
    negative = c.s.v("vrsub.vi", a, to=to, vtype=vtype, imm=0)
    return c.s.v("vmax.vv", a, negative, to=to, vtype=vtype)


# -- comparisons and selection

SWAPPED = {"eq": "eq", "ne": "ne", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}


@rule("cmpi")
def _compare_integers(c: Vectors, operation: Operation, name: str) -> Value:
    left, right = operation.operands
    predicate = CMPI_PREDICATES[operation.get("predicate")]
    known = known_mask(operation.result)
    if known is not None:
        return c.everywhere(bool(known), operation.result.type)
    if is_mask(left.type):
        return _compare_masks(c, operation, predicate)
    sign, kind = ("", predicate) if predicate in ("eq", "ne") else (predicate[0], predicate[1:])
    if c.scalar(right) is None and c.scalar(left) is not None:
        left, right, kind = right, left, SWAPPED[kind]
    unsigned = "u" if sign == "u" else ""
    vtype = vtype_of(left.type)

    def compare(form: str, *operands: Value, **attributes: int) -> Value:
        stem, _, suffix = form.partition(".")
        stem += unsigned if stem not in ("vmseq", "vmsne") else ""
        return c.s.v(f"{stem}.{suffix}", *operands, to=rv.MASK, vtype=vtype, **attributes)

    scalar, constant = c.scalar(right), constant_of(right)
    a = c.vector(left)
    if scalar is None:
        b = c.vector(right)
        if kind in ("gt", "ge"):
            a, b, kind = b, a, SWAPPED[kind]
        return compare(f"vms{kind}.vv", a, b)
    if constant is not None and kind in ("lt", "ge"):
        # a < k is a <= k - 1, and a >= k is a > k - 1, but not for unsigned 0
        nearest = constant - 1
        if -16 <= nearest <= 15 and (sign != "u" or nearest >= 0):
            kind, constant = ("le" if kind == "lt" else "gt"), nearest
            return compare(f"vms{kind}.vi", a, imm=nearest)
    in_range = constant is not None and -16 <= constant <= 15 and (sign != "u" or constant >= 0)
    if in_range and kind in ("eq", "ne", "le", "gt"):
        return compare(f"vms{kind}.vi", a, imm=int(constant))
    if kind == "ge":
        return c.inverted(compare("vmslt.vx", a, scalar), operation.result.type)
    return compare(f"vms{kind}.vx", a, scalar)


def _compare_masks(c: Vectors, operation: Operation, predicate: str) -> Value:
    a, b = map(c.vector, operation.operands)
    type = operation.result.type
    if predicate.startswith("s"):  # true is -1
        a, b = b, a
    match predicate.lstrip("su"):
        case "eq":
            return c.mm("vmxnor", a, b, type)
        case "ne":
            return c.mm("vmxor", a, b, type)
        case "lt":
            return c.mm("vmandn", b, a, type)
        case "le":
            return c.mm("vmorn", b, a, type)
        case "gt":
            return c.mm("vmandn", a, b, type)
    return c.mm("vmorn", a, b, type)


FLOAT_DIRECT = {"oeq": "eq", "une": "ne", "olt": "lt", "ole": "le", "ogt": "gt", "oge": "ge"}
FLOAT_OPPOSITE = {"uge": "olt", "ugt": "ole", "ule": "ogt", "ult": "oge"}


@rule("cmpf")
def _compare_floats(c: Vectors, operation: Operation, name: str) -> Value:
    left, right = operation.operands
    type, vtype = operation.result.type, vtype_of(left.type)
    predicate = CMPF_PREDICATES[operation.get("predicate")]

    def same(value: Value) -> Value:
        a = c.vector(value)
        return c.s.v("vmfeq.vv", a, a, to=rv.MASK, vtype=vtype)

    match predicate:
        case "true" | "false":
            return c.everywhere(predicate == "true", type)
        case "ord" | "uno" if left is right:
            a, mnemonic = c.vector(left), "vmfeq.vv" if predicate == "ord" else "vmfne.vv"
            return c.s.v(mnemonic, a, a, to=rv.MASK, vtype=vtype)
        case "ord" | "uno":
            ordered = "vmand" if predicate == "ord" else "vmnand"
            return c.mm(ordered, same(left), same(right), type)
        case "one" | "ueq":
            less = _compare(c, "lt", left, right, vtype)
            more = _compare(c, "gt", left, right, vtype)
            return c.mm("vmor" if predicate == "one" else "vmnor", less, more, type)
    if predicate in FLOAT_DIRECT:
        return _compare(c, FLOAT_DIRECT[predicate], left, right, vtype)
    opposite = FLOAT_DIRECT[FLOAT_OPPOSITE[predicate]]
    return c.inverted(_compare(c, opposite, left, right, vtype), type)


def _compare(c: Vectors, kind: str, left: Value, right: Value, vtype: str) -> Value:
    if c.scalar(right) is None and c.scalar(left) is not None:
        left, right, kind = right, left, SWAPPED[kind]
    scalar = c.scalar(right)
    a = c.vector(left)
    if scalar is not None:
        return c.s.v(f"vmf{kind}.vf", a, scalar, to=rv.MASK, vtype=vtype)
    b = c.vector(right)
    if kind in ("gt", "ge"):
        a, b, kind = b, a, SWAPPED[kind]
    return c.s.v(f"vmf{kind}.vv", a, b, to=rv.MASK, vtype=vtype)


@rule("select")
def _select(c: Vectors, operation: Operation, name: str) -> Value:
    condition, yes, no = operation.operands
    if operation in c.merged:
        return c.s.get(yes)
    type = operation.result.type
    if is_vector(condition.type):
        mask = c.vector(condition)
    else:
        like = VectorType(type.shape, i1, True)
        mask = c.nonzero(like, c._splat_bytes(like, c.s.get(condition)))
    if is_mask(type):
        chosen = c.mm("vmand", c.vector(yes), mask, type)
        return c.mm("vmor", chosen, c.mm("vmandn", c.vector(no), mask, type), type)
    to, vtype = register_type(type), vtype_of(type)
    scalar, constant = c.scalar(yes), constant_of(yes)
    other = c.vector(no)
    if scalar is None:
        return c.s.v("vmerge.vvm", other, c.vector(yes), mask, to=to, vtype=vtype)
    if c.only_moves(type):
        bits = c.s.x("fmv.x.h", scalar)
        return c.s.v("vmerge.vxm", other, bits, mask, to=to, vtype=vtype)
    if is_float_vector(type):
        return c.s.v("vfmerge.vfm", other, scalar, mask, to=to, vtype=vtype)
    if constant is not None and -16 <= constant <= 15:
        return c.s.v("vmerge.vim", other, mask, to=to, vtype=vtype, imm=int(constant))
    return c.s.v("vmerge.vxm", other, scalar, mask, to=to, vtype=vtype)


# -- loop: iota, broadcast, reduce


@rule("iota")
def _iota(c: Vectors, operation: Operation, name: str) -> Value:
    type = operation.result.type
    to, vtype = register_type(type), vtype_of(type)
    numbers = c.s.v("vid.v", to=to, vtype=vtype)
    base = operation.operand(0)
    constant = constant_of(base)
    if constant == 0:
        return numbers
    return c.s.v("vadd.vx", numbers, c.s.get(base), to=to, vtype=vtype)


REDUCTIONS = {
    "addf": "vfredusum", "ordered_addf": "vfredosum", "maxnumf": "vfredmax", "minnumf": "vfredmin",
    "addi": "vredsum", "andi": "vredand", "ori": "vredor", "xori": "vredxor",
    "maxsi": "vredmax", "minsi": "vredmin", "maxui": "vredmaxu", "minui": "vredminu",
}  # fmt: skip


@rule("reduce")
def _reduce(c: Vectors, operation: Operation, name: str) -> Value:
    vector, init = operation.operands
    kind = operation.get("operation")
    type = vector.type
    fits = not is_mask(type) and is_float_vector(type) == kind.endswith("f")
    if kind not in REDUCTIONS or not fits:
        raise unsupported(operation, f"reduction {kind!r}")
    vtype, one = vtype_of(type), rv.v("m1")
    if is_float_vector(type):
        start = c.s.v("vfmv.s.f", c.s.get(init), to=one, vtype=vtype)
    else:
        start = c.s.v("vmv.s.x", c.s.get(init), to=one, vtype=vtype)
    total = c.s.v(f"{REDUCTIONS[kind]}.vs", c.vector(vector), start, to=one, vtype=vtype)
    return c.first(total, type)


@rule("any")
def _any(c: Vectors, operation: Operation, name: str) -> Value:
    """A branch asks only whether the number of true elements is 0."""
    number = select_any(c, operation.operand(0))
    if all(_is_branch(user, place) for user, place in operation.result.uses):
        return number
    return c.s.x("sltu", c.s.zero, number)


def _is_branch(user: Operation, place: int) -> bool:
    """Whether an operation, or what it is a part of, only says where to go."""
    if user.name == "arith.andi":
        return all(_is_branch(*use) for use in user.result.uses)
    return user.definition in loop.DECIDERS and place == 0


def select_any(c: Vectors, mask: Value) -> Value:
    """A register that is 0 where no element of the mask is true."""
    return c.s.x("vcpop.m", c.vector(mask), [c.s.vl], vtype=vtype_of(mask.type))


@rule("element")
def _element(c: Vectors, operation: Operation, name: str) -> Value:
    vector, position = operation.operands
    vtype = vtype_of(vector.type)
    whole, place = c.vector(vector), c.s.get(position)
    first = c.s.v("vslidedown.vx", whole, place, to=register_type(vector.type), vtype=vtype)
    return c.first(first, vector.type)
