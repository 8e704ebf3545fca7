"""Instructions for scalar operations of `arith` and `math`.

In: operations on integers, `index` and floats. Out: instructions over x and f registers. Integers
narrower than a register are kept sign-extended, i1 as 0 or 1; what may leave that form is brought
back to it (`normalised`). Results of divisions by zero are RISC-V's.
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.codegen.select.selection import Selection, constant_of, fits, unsupported, width_of
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.ir.core import Operation, Value
from fleet.ir.types import FloatType, IntegerType, Type, i1

SUFFIX = {16: "h", 32: "s", 64: "d"}
BITS = {16: "h", 32: "w", 64: "d"}
"""What moves bits between x and f registers calls them."""
RTZ = 1
"""The rounding mode towards zero."""

FLOAT_BINARY = {
    "addf": "fadd", "subf": "fsub", "mulf": "fmul", "divf": "fdiv",
    "maxnumf": "fmax", "minnumf": "fmin",
}  # fmt: skip
INTEGER_BINARY = {
    "addi": "add", "subi": "sub", "muli": "mul", "divsi": "div", "remsi": "rem",
    "andi": "and", "ori": "or", "xori": "xor", "shli": "sll", "shrsi": "sra",
}  # fmt: skip
UNSIGNED_BINARY = {"divui": "divu", "remui": "remu", "shrui": "srl"}
"""Of zero-extended operands."""
KEEPS_FORM = frozenset("andi ori xori shrsi remsi".split())
"""Results of sign-extended operands that are sign-extended."""
EXTREMA = {"maxsi": "max", "minsi": "min", "maxui": "maxu", "minui": "minu"}
"""Of Zbb; numbers in registers are sign-extended, which keeps the order of unsigned ones."""
WITH_IMMEDIATE = {"addi": "addi", "andi": "andi", "ori": "ori", "xori": "xori"}
SHIFT_IMMEDIATE = {"shli": "slli", "shrsi": "srai"}


def normalised(selection: Selection, value: Value, width: int) -> Value:
    """The register with bits from `width` on set as for a sign-extended number (i1: clear)."""
    if width == 64:
        return value
    if width == 32:
        return selection.x("addiw", value, imm=0)
    if width == 1:
        return selection.x("andi", value, imm=1)
    if selection.has("zbb"):
        return selection.x(f"sext.{'b' if width == 8 else 'h'}", value)
    shifted = selection.x("slli", value, shamt=64 - width)
    return selection.x("srai", shifted, shamt=64 - width)


def zero_extended(selection: Selection, value: Value, width: int) -> Value:
    if width in (1, 64):
        return value
    if width == 8:
        return selection.x("andi", value, imm=255)
    if width == 16 and selection.has("zbb"):
        return selection.x("zext.h", value)
    if width == 32 and selection.has("zba"):
        return selection.x("add.uw", value, selection.zero)
    shifted = selection.x("slli", value, shamt=64 - width)
    return selection.x("srli", shifted, shamt=64 - width)


def select_scalar(selection: Selection, operation: Operation) -> Value:
    """The result's register."""
    name = operation.name.partition(".")[2]
    found = RULES.get(name)
    if found is None:
        raise unsupported(operation)
    return found(selection, operation, name)


Rule = Callable[[Selection, Operation, str], Value]
RULES: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        for name in names:
            RULES[name] = function
        return function

    return register


def _float_width(operation: Operation, type: Type) -> int:
    if not isinstance(type, FloatType) or type.width not in SUFFIX:
        raise unsupported(operation)
    return type.width


@rule(*FLOAT_BINARY)
def _float_binary(selection: Selection, operation: Operation, name: str) -> Value:
    suffix = SUFFIX[_float_width(operation, operation.result.type)]
    a, b = map(selection.get, operation.operands)
    return selection.f(f"{FLOAT_BINARY[name]}.{suffix}", a, b)


@rule("maximumf", "minimumf")
def _float_extremum(selection: Selection, operation: Operation, name: str) -> Value:
    """fmax and fmin take the number where one is NaN; a sum is NaN where one is: choose it then."""
    width = _float_width(operation, operation.result.type)
    suffix = SUFFIX[width]
    a, b = map(selection.get, operation.operands)
    best = selection.f(f"{'fmax' if name == 'maximumf' else 'fmin'}.{suffix}", a, b)
    ordered = selection.x(
        "and", selection.x(f"feq.{suffix}", a, a), selection.x(f"feq.{suffix}", b, b)
    )
    return _choose(selection, ordered, best, selection.f(f"fadd.{suffix}", a, b), width)


@rule("negf", "absf", "copysign", "sqrt", "fma")
def _float_other(selection: Selection, operation: Operation, name: str) -> Value:
    suffix = SUFFIX[_float_width(operation, operation.result.type)]
    a, *others = map(selection.get, operation.operands)
    match name:
        case "negf":
            return selection.f(f"fsgnjn.{suffix}", a, a)
        case "absf":
            return selection.f(f"fsgnjx.{suffix}", a, a)
        case "copysign":
            return selection.f(f"fsgnj.{suffix}", a, others[0])
        case "sqrt":
            return selection.f(f"fsqrt.{suffix}", a)
    return selection.f(f"fmadd.{suffix}", a, *others)


@rule(*INTEGER_BINARY)
def _integer_binary(selection: Selection, operation: Operation, name: str) -> Value:
    width = width_of(operation.result.type)
    left, right = operation.operands
    if width == 1 and name in ("addi", "subi", "muli"):
        name = "andi" if name == "muli" else "xori"
    if name in WITH_IMMEDIATE and constant_of(left) is not None:
        left, right = right, left
    constant = constant_of(right)
    a = selection.get(left)
    if constant is not None:
        made = _with_constant(selection, name, a, int(constant))
        if made is not None:
            return made if name in KEEPS_FORM else normalised(selection, made, width)
    made = selection.x(INTEGER_BINARY[name], a, selection.get(right))
    return made if name in KEEPS_FORM else normalised(selection, made, width)


def _with_constant(selection: Selection, name: str, a: Value, constant: int) -> Value | None:
    """The form with an immediate, where there is one."""
    if name == "subi":
        name, constant = "addi", -constant
    if name in WITH_IMMEDIATE and fits(constant):
        return selection.x(WITH_IMMEDIATE[name], a, imm=constant)
    if name in SHIFT_IMMEDIATE and 0 <= constant < 64:
        return selection.x(SHIFT_IMMEDIATE[name], a, shamt=constant)
    if name == "muli" and constant > 0 and constant & constant - 1 == 0:
        return selection.x("slli", a, shamt=constant.bit_length() - 1)
    return None


@rule(*UNSIGNED_BINARY)
def _unsigned_binary(selection: Selection, operation: Operation, name: str) -> Value:
    width = width_of(operation.result.type)
    a, b = (zero_extended(selection, selection.get(v), width) for v in operation.operands)
    return normalised(selection, selection.x(UNSIGNED_BINARY[name], a, b), width)


@rule("maxsi", "minsi", "maxui", "minui")
def _integer_extremum(selection: Selection, operation: Operation, name: str) -> Value:
    a, b = map(selection.get, operation.operands)
    width = width_of(operation.result.type)
    if width != 1 and selection.has("zbb"):
        return selection.x(EXTREMA[name], a, b)
    compare = "slt" if name.endswith("si") and width != 1 else "sltu"
    if width == 1 and name.endswith("si"):  # true is -1
        name = {"maxsi": "minui", "minsi": "maxui"}[name]
    less = selection.x(compare, a, b)
    return _blend(selection, less, *((b, a) if name.startswith("max") else (a, b)))


def _blend(selection: Selection, condition: Value, yes: Value, no: Value) -> Value:
    """yes if condition (0 or 1) else no, on x registers, without a branch."""
    if selection.has("zicond"):
        chosen = selection.x("czero.eqz", yes, condition)
        return selection.x("or", chosen, selection.x("czero.nez", no, condition))
    mask = selection.x("sub", selection.zero, condition)
    differ = selection.x("xor", yes, no)
    return selection.x("xor", no, selection.x("and", differ, mask))


def _choose(selection: Selection, condition: Value, yes: Value, no: Value, width: int) -> Value:
    """yes if condition else no, on f registers."""
    to_x = f"fmv.x.{BITS[width]}"
    bits = _blend(selection, condition, selection.x(to_x, yes), selection.x(to_x, no))
    return selection.f(f"fmv.{BITS[width]}.x", bits)


@rule("select")
def _select(selection: Selection, operation: Operation, name: str) -> Value:
    condition, yes, no = map(selection.get, operation.operands)
    type = operation.result.type
    if isinstance(type, FloatType):
        return _choose(selection, condition, yes, no, _float_width(operation, type))
    return _blend(selection, condition, yes, no)


@rule("cmpi")
def _compare_integers(selection: Selection, operation: Operation, name: str) -> Value:
    x = selection.x
    predicate = CMPI_PREDICATES[operation.get("predicate")]
    a, b = map(selection.get, operation.operands)
    if operation.operand(0).type == i1 and predicate.startswith("s"):  # true is -1
        a, b = b, a
    return _comparison(x, predicate, a, b, selection)


def _comparison(x: Callable, predicate: str, a: Value, b: Value, selection: Selection) -> Value:
    match predicate:
        case "eq":
            return x("sltiu", x("xor", a, b), imm=1)
        case "ne":
            return x("sltu", selection.zero, x("xor", a, b))
    instruction = "slt" if predicate.startswith("s") else "sltu"
    kind = predicate[1:]
    if kind in ("gt", "le"):
        a, b = b, a
    less = x(instruction, a, b)
    return x("xori", less, imm=1) if kind in ("le", "ge") else less


@rule("cmpf")
def _compare_floats(selection: Selection, operation: Operation, name: str) -> Value:
    suffix = SUFFIX[_float_width(operation, operation.operand(0).type)]
    x = selection.x
    a, b = map(selection.get, operation.operands)
    predicate = CMPF_PREDICATES[operation.get("predicate")]

    def ordered() -> Value:
        return x("and", x(f"feq.{suffix}", a, a), x(f"feq.{suffix}", b, b))

    def negated(value: Value) -> Value:
        return x("xori", value, imm=1)

    direct = {"oeq": ("feq", a, b), "olt": ("flt", a, b), "ole": ("fle", a, b),
              "ogt": ("flt", b, a), "oge": ("fle", b, a)}  # fmt: skip
    opposite = {"une": "oeq", "uge": "olt", "ugt": "ole", "ule": "ogt", "ult": "oge"}
    match predicate:
        case "false":
            return selection.zero
        case "true":
            return selection.integer(1)
        case "ord":
            return ordered()
        case "uno":
            return negated(ordered())
        case "one" | "ueq":
            differ = x("or", x(f"flt.{suffix}", a, b), x(f"flt.{suffix}", b, a))
            return differ if predicate == "one" else negated(differ)
    is_opposite = predicate in opposite
    instruction, left, right = direct[opposite.get(predicate, predicate)]
    found = x(f"{instruction}.{suffix}", left, right)
    return negated(found) if is_opposite else found


@rule("extf", "truncf")
def _float_to_float(selection: Selection, operation: Operation, name: str) -> Value:
    source = _float_width(operation, operation.operand(0).type)
    target = _float_width(operation, operation.result.type)
    a = selection.get(operation.operand(0))
    return a if source == target else selection.f(f"fcvt.{SUFFIX[target]}.{SUFFIX[source]}", a)


@rule("sitofp", "uitofp")
def _integer_to_float(selection: Selection, operation: Operation, name: str) -> Value:
    target = SUFFIX[_float_width(operation, operation.result.type)]
    width = width_of(operation.operand(0).type)
    a = selection.get(operation.operand(0))
    if name == "uitofp":
        a = zero_extended(selection, a, width)
        return selection.f(f"fcvt.{target}.{'lu' if width == 64 else 'l'}", a)
    if width == 1:
        a = selection.x("sub", selection.zero, a)
    return selection.f(f"fcvt.{target}.l", a)


@rule("fptosi", "fptoui")
def _float_to_integer(selection: Selection, operation: Operation, name: str) -> Value:
    source = SUFFIX[_float_width(operation, operation.operand(0).type)]
    width = width_of(operation.result.type)
    a = selection.get(operation.operand(0))
    if width == 32 and name == "fptosi":
        return selection.x(f"fcvt.w.{source}", a, rm=RTZ)
    unsigned = "lu" if name == "fptoui" and width == 64 else "l"
    converted = selection.x(f"fcvt.{unsigned}.{source}", a, rm=RTZ)
    return normalised(selection, converted, width)


@rule("extsi", "extui", "trunci", "index_cast")
def _integer_to_integer(selection: Selection, operation: Operation, name: str) -> Value:
    source = width_of(operation.operand(0).type)
    target = width_of(operation.result.type)
    a = selection.get(operation.operand(0))
    if name == "extui":
        return zero_extended(selection, a, source)
    if target > source:
        return selection.x("sub", selection.zero, a) if source == 1 else a
    return normalised(selection, a, target) if target < source else a


@rule("bitcast")
def _bitcast(selection: Selection, operation: Operation, name: str) -> Value:
    source, target = operation.operand(0).type, operation.result.type
    a = selection.get(operation.operand(0))
    if isinstance(source, FloatType) and not isinstance(target, FloatType):
        return selection.x(f"fmv.x.{BITS[source.width]}", a)
    if isinstance(target, FloatType) and not isinstance(source, FloatType):
        return selection.f(f"fmv.{BITS[target.width]}.x", a)
    return a


@rule("absi")
def _absolute(selection: Selection, operation: Operation, name: str) -> Value:
    a = selection.get(operation.operand(0))
    sign = selection.x("srai", a, shamt=63)
    made = selection.x("sub", selection.x("xor", a, sign), sign)
    return normalised(selection, made, width_of(operation.result.type))


LOADS = {8: "lb", 16: "lh", 32: "lw", 64: "ld"}
STORES = {8: "sb", 16: "sh", 32: "sw", 64: "sd"}


def select_load(selection: Selection, type: Type, address: Value, offset: int) -> Value:
    """A scalar from memory."""
    if isinstance(type, FloatType):
        return selection.f(f"fl{BITS[type.width]}", address, imm=offset)
    if isinstance(type, IntegerType) and type.width == 1:
        return selection.x("lbu", address, imm=offset)
    return selection.x(LOADS[width_of(type)], address, imm=offset)


def select_store(
    selection: Selection, type: Type, value: Value, address: Value, offset: int
) -> None:
    """A scalar to memory; i1 is a byte."""
    if isinstance(type, FloatType):
        mnemonic = f"fs{BITS[type.width]}"
    else:
        mnemonic = STORES[max(width_of(type), 8)]
    selection.effect(mnemonic, value, address, imm=offset)


