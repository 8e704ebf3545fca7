"""Instructions for vector operations of `arith`, `math` and `loop`.

In: operations on `vector<[N]xT>`. Out: vector instructions on the strip's elements. The one idea:
a broadcast is no instruction. The scalar stays in its register and becomes the .vf, .vx or .vi form
of whoever uses it; only where there is no such form is a vector made, at the use.
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.codegen.select_scalar import SUFFIX
from fleet.codegen.selection import (
    Selection,
    constant_of,
    lanes_of,
    register_type,
    unsupported,
    vtype_for,
    width_of,
)
from fleet.dialects import rv
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.ir.core import Operation, Value
from fleet.ir.types import FloatType, IntegerType, Type, VectorType, i1, i8

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

    def vector(self, value: Value) -> Value:
        """The vector itself; a broadcast is made here and now."""
        scalar = self.scalar(value)
        if scalar is None:
            return self.s.get(value)
        return self.splat(value.type, scalar, constant_of(value))

    def splat(self, type: Type, scalar: Value, constant: int | float | None = None) -> Value:
        to = register_type(type)
        if is_mask(type):
            return self.nonzero(type, self._splat_bytes(type, scalar))
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

    def inverted(self, mask: Value, type: Type) -> Value:
        return self.mm("vmnand", mask, mask, type)




# -- arithmetic


@rule(*FLOAT_BINARY)
def _float_binary(c: Vectors, operation: Operation, name: str) -> Value:
    type = operation.result.type
    left, right = operation.operands
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
        return c.s.v(f"{mnemonic}.vf", c.vector(left), scalar, to=to, vtype=vtype)
    return c.s.v(f"{mnemonic}.vv", c.vector(left), c.vector(right), to=to, vtype=vtype)


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
        return c.mm(MASK_BINARY[name], c.vector(left), c.vector(right), type)
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
        return c.s.v(f"{mnemonic}.vv", c.vector(left), c.vector(right), to=to, vtype=vtype)
    if constant is not None and mnemonic == "vsub":
        mnemonic, constant = "vadd", -constant
        if not -16 <= constant <= 15:
            mnemonic = "vsub"
    if constant is not None and mnemonic in WITH_IMMEDIATE:
        low, high = (0, 31) if mnemonic in SHIFTS else (-16, 15)
        if low <= constant <= high:
            return c.s.v(f"{mnemonic}.vi", c.vector(left), to=to, vtype=vtype, imm=int(constant))
    return c.s.v(f"{mnemonic}.vx", c.vector(left), scalar, to=to, vtype=vtype)


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
            anything = c.s.builder.value(rv.register, types=[rv.MASK])
            return c.mm("vmxnor" if predicate == "true" else "vmxor", anything, anything, type)
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
    if is_float_vector(type):
        return c.s.v("vfmerge.vfm", other, scalar, mask, to=to, vtype=vtype)
    if constant is not None and -16 <= constant <= 15:
        return c.s.v("vmerge.vim", other, mask, to=to, vtype=vtype, imm=int(constant))
    return c.s.v("vmerge.vxm", other, scalar, mask, to=to, vtype=vtype)


# -- conversions


def _narrow_type(lanes: int, width: int) -> tuple[Type, str]:
    """Register type and vtype of integers of this width."""
    type = VectorType((lanes,), IntegerType(width), True)
    return register_type(type), vtype_of(type)


def resized(c: Vectors, value: Value, lanes: int, source: int, target: int, signed: bool) -> Value:
    """Integers of one width as integers of another."""
    if target > source:
        to, vtype = _narrow_type(lanes, target)
        mnemonic = f"v{'s' if signed else 'z'}ext.vf{target // source}"
        return c.s.v(mnemonic, value, to=to, vtype=vtype)
    while source > target:
        source //= 2
        to, vtype = _narrow_type(lanes, source)
        value = c.s.v("vnsrl.wi", value, to=to, vtype=vtype, imm=0)
    return value


@rule("extsi", "extui", "trunci", "index_cast")
def _integer_to_integer(c: Vectors, operation: Operation, name: str) -> Value:
    source, target = operation.operand(0).type, operation.result.type
    lanes = lanes_of(target)
    a = c.vector(operation.operand(0))
    to, vtype = register_type(target), vtype_of(target)
    if is_mask(source):
        return a if is_mask(target) else c.zero_one(a, to, vtype, 1 if name == "extui" else -1)
    if is_mask(target):
        lowest = c.s.v(
            "vand.vi", a, to=register_type(source), vtype=vtype_of(source), imm=1
        )
        return c.s.v("vmsne.vi", lowest, to=rv.MASK, vtype=vtype_of(source), imm=0)
    return resized(c, a, lanes, width_of(source), width_of(target), name != "extui")


@rule("bitcast")
def _bitcast(c: Vectors, operation: Operation, name: str) -> Value:
    if width_of(operation.operand(0).type) != width_of(operation.result.type):
        raise unsupported(operation)
    return c.vector(operation.operand(0))


@rule("extf", "truncf")
def _float_to_float(c: Vectors, operation: Operation, name: str) -> Value:
    source, target = operation.operand(0).type, operation.result.type
    widths = width_of(source), width_of(target)
    a = c.vector(operation.operand(0))
    to = register_type(target)
    if widths == (32, 64):
        return c.s.v("vfwcvt.f.f.v", a, to=to, vtype=vtype_of(source))
    if widths == (64, 32):
        return c.s.v("vfncvt.f.f.w", a, to=to, vtype=vtype_of(target))
    raise unsupported(operation)


@rule("sitofp", "uitofp")
def _integer_to_float(c: Vectors, operation: Operation, name: str) -> Value:
    source, target = operation.operand(0).type, operation.result.type
    width, wanted, lanes = width_of(source), width_of(target), lanes_of(target)
    if wanted not in SUFFIX:
        raise unsupported(operation)
    signed = name == "sitofp"
    letter = "x" if signed else "xu"
    a = c.vector(operation.operand(0))
    to = register_type(target)
    if is_mask(source):
        integer, vtype = _narrow_type(lanes, wanted)
        a, width = c.zero_one(a, integer, vtype, -1 if signed else 1), wanted
    if width == 2 * wanted:
        return c.s.v(f"vfncvt.f.{letter}.w", a, to=to, vtype=vtype_of(target))
    if 2 * width == wanted:
        return c.s.v(f"vfwcvt.f.{letter}.v", a, to=to, vtype=vtype_of(source))
    if width != wanted:
        a = resized(c, a, lanes, width, wanted, signed)
    return c.s.v(f"vfcvt.f.{letter}.v", a, to=to, vtype=vtype_of(target))


@rule("fptosi", "fptoui")
def _float_to_integer(c: Vectors, operation: Operation, name: str) -> Value:
    source, target = operation.operand(0).type, operation.result.type
    width, wanted, lanes = width_of(source), width_of(target), lanes_of(target)
    if width not in SUFFIX or is_mask(target):
        raise unsupported(operation)
    letter = "x" if name == "fptosi" else "xu"
    a = c.vector(operation.operand(0))
    to = register_type(target)
    if wanted == 2 * width:
        return c.s.v(f"vfwcvt.rtz.{letter}.f.v", a, to=to, vtype=vtype_of(source))
    if 2 * wanted == width and wanted == 32:
        return c.s.v(f"vfncvt.rtz.{letter}.f.w", a, to=to, vtype=vtype_of(target))
    integer, vtype = _narrow_type(lanes, width)
    a = c.s.v(f"vfcvt.rtz.{letter}.f.v", a, to=integer, vtype=vtype)
    return a if wanted == width else resized(c, a, lanes, width, wanted, True)


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
    "addf": "vfredusum", "maxnumf": "vfredmax", "minnumf": "vfredmin",
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
    if is_float_vector(type):
        return c.s.v("vfmv.f.s", total, to=rv.F, vtype=vtype)
    return c.s.v("vmv.x.s", total, to=rv.X, vtype=vtype)


# -- memory


def select_vector_load(
    c: Vectors, type: Type, address: Value, stride: Value | None, offsets: Value | None
) -> Value:
    """stride: bytes, None for neighbours; offsets: a vector of 64-bit distances in bytes."""
    width = 8 if is_mask(type) else width_of(type)
    vtype = vtype_of(type)
    to = c.bytes_type(type) if is_mask(type) else register_type(type)
    if offsets is not None:
        loaded = c.s.v("vluxei64.v", address, offsets, to=to, vtype=vtype)
    elif stride is not None:
        loaded = c.s.v(f"vlse{width}.v", address, stride, to=to, vtype=vtype)
    else:
        loaded = c.s.v(f"vle{width}.v", address, to=to, vtype=vtype)
    return c.nonzero(type, loaded) if is_mask(type) else loaded


def select_vector_store(
    c: Vectors, value: Value, address: Value, stride: Value | None, offsets: Value | None
) -> None:
    """As for loads; a mask is stored as bytes 0 and 1."""
    type = value.type
    width = 8 if is_mask(type) else width_of(type)
    vtype = vtype_of(type)
    stored = c.vector(value)
    if is_mask(type):
        stored = c.zero_one(stored, c.bytes_type(type), vtype)
    if offsets is not None:
        c.s.effect("vsuxei64.v", stored, address, offsets, [c.s.vl], vtype=vtype)
    elif stride is not None:
        c.s.effect(f"vsse{width}.v", stored, address, stride, [c.s.vl], vtype=vtype)
    else:
        c.s.effect(f"vse{width}.v", stored, address, [c.s.vl], vtype=vtype)
