"""`arith`: integer and float arithmetic on scalars, tensors and vectors, element by element."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import IntegerAttr, RawAttr
from fleet.ir.core import Operation
from fleet.ir.definition import (
    COMMUTATIVE,
    CONSTANT,
    ELEMENTWISE,
    PURE,
    SAME_TYPE,
    Dialect,
    OpDef,
)
from fleet.ir.format import NotPretty, directive
from fleet.ir.parsing.attributes import FLAGS
from fleet.ir.types import (
    FloatType,
    IndexType,
    IntegerType,
    OtherFloatType,
    Type,
    element_of,
    i1,
    i32,
)

ARITH = Dialect("arith")

constant = ARITH.op(
    "constant",
    "-> result: Any",
    attributes="value: Any",
    traits={PURE, CONSTANT},
    format="attr-dict custom<TypedAttr>($value)",
)
"""`value`: an IntegerAttr, FloatAttr or DenseAttr; its type is the result's."""


FASTMATH = {"fastmath": RawAttr("#arith.fastmath<none>")}
FASTMATH_KIND = {"fastmath": "arith.fastmath"}
FASTMATH_FORMAT = "(`fastmath` `` $fastmath^)?"
_NO_OVERFLOW = {"overflowFlags": RawAttr("#arith.overflow<none>")}

FLAGS["arith.fastmath"] = (
    ("none", "reassoc", "nnan", "ninf", "nsz", "arcp", "contract", "afn"), "fast", ",",
)  # fmt: skip
FLAGS["arith.overflow"] = ("none", "nsw", "nuw"), "", ", "


def has_flags(operation: Operation, *flags: str) -> bool:
    """Whether a float operation has been given all these licences of `fastmath`."""
    text = operation.get("fastmath", "")
    given = text.removeprefix("#arith.fastmath<").removesuffix(">").split(",")
    return "fast" in given or set(flags) <= set(given)


def _binary(name: str, kind: str, *traits: str, flags: bool = False) -> OpDef:
    keywords: dict[str, Any] = {}
    form = ""
    if kind == "Float":
        form = FASTMATH_FORMAT
        keywords = {"attributes": "fastmath: Own", "defaults": FASTMATH, "enums": FASTMATH_KIND}
    elif flags:
        form = "(`overflow` `` $overflowFlags^)?"
        keywords = {
            "attributes": "overflowFlags: Own",
            "defaults": _NO_OVERFLOW,
            "enums": {"overflowFlags": "arith.overflow"},
        }
    return ARITH.op(
        name,
        f"lhs: {kind}, rhs: {kind} -> result: {kind}",
        traits={PURE, SAME_TYPE, ELEMENTWISE, *traits},
        format=f"$lhs `,` $rhs {form} attr-dict `:` type($result)",
        **keywords,
    )


def _cast(name: str, source: str, target: str, form: str = "", **keywords: Any) -> OpDef:
    return ARITH.op(
        name,
        f"in: {source} -> out: {target}",
        traits={PURE, ELEMENTWISE},
        format=f"$in {form} attr-dict `:` type($in) `to` type($out)",
        **keywords,
    )


addf = _binary("addf", "Float", COMMUTATIVE)
subf = _binary("subf", "Float")
mulf = _binary("mulf", "Float", COMMUTATIVE)
divf = _binary("divf", "Float")
remf = _binary("remf", "Float")
maximumf = _binary("maximumf", "Float", COMMUTATIVE)
"""NaN if either is NaN, as np.maximum."""
minimumf = _binary("minimumf", "Float", COMMUTATIVE)
maxnumf = _binary("maxnumf", "Float", COMMUTATIVE)
"""The other one if one is NaN, as np.fmax."""
minnumf = _binary("minnumf", "Float", COMMUTATIVE)
negf = ARITH.op(
    "negf",
    "operand: Float -> result: Float",
    attributes="fastmath: Own",
    defaults=FASTMATH,
    enums=FASTMATH_KIND,
    traits={PURE, SAME_TYPE, ELEMENTWISE},
    format=f"$operand {FASTMATH_FORMAT} attr-dict `:` type($result)",
)

addi = _binary("addi", "Integer", COMMUTATIVE, flags=True)
subi = _binary("subi", "Integer", flags=True)
muli = _binary("muli", "Integer", COMMUTATIVE, flags=True)
divsi = _binary("divsi", "Integer")
"""Rounds towards zero; undefined for division by zero."""
divui = _binary("divui", "Integer")
floordivsi = _binary("floordivsi", "Integer")
ceildivsi = _binary("ceildivsi", "Integer")
ceildivui = _binary("ceildivui", "Integer")
remsi = _binary("remsi", "Integer")
remui = _binary("remui", "Integer")
andi = _binary("andi", "Integer", COMMUTATIVE)
ori = _binary("ori", "Integer", COMMUTATIVE)
xori = _binary("xori", "Integer", COMMUTATIVE)
shli = _binary("shli", "Integer", flags=True)
shrsi = _binary("shrsi", "Integer")
shrui = _binary("shrui", "Integer")
maxsi = _binary("maxsi", "Integer", COMMUTATIVE)
minsi = _binary("minsi", "Integer", COMMUTATIVE)
maxui = _binary("maxui", "Integer", COMMUTATIVE)
minui = _binary("minui", "Integer", COMMUTATIVE)

addui_extended = ARITH.op(
    "addui_extended",
    "lhs: Integer, rhs: Integer -> sum: Integer, overflow: Bool",
    traits={PURE, ELEMENTWISE, COMMUTATIVE},
    equations="lhs = rhs = sum, overflow = like(sum, i1)",
    format="$lhs `,` $rhs attr-dict `:` type($sum) `,` type($overflow)",
    result_name="sum, overflow",
)
"""The sum modulo 2**width, and whether it did not fit."""
mulsi_extended, mului_extended = (
    ARITH.op(
        name,
        "lhs: Integer, rhs: Integer -> low: Integer, high: Integer",
        traits={PURE, SAME_TYPE, ELEMENTWISE, COMMUTATIVE},
        format="$lhs `,` $rhs attr-dict `:` type($lhs)",
        result_name="low, high",
    )
    for name in ("mulsi_extended", "mului_extended")
)
"""The product's two halves."""

CMPF_PREDICATES = (
    "false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord",
    "ueq", "ugt", "uge", "ult", "ule", "une", "uno", "true",
)  # fmt: skip
CMPI_PREDICATES = ("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge")

cmpf = ARITH.op(
    "cmpf",
    "lhs: Float, rhs: Float -> result: Bool",
    attributes="predicate: I64, fastmath: Own",
    equations="lhs = rhs, result = like(lhs, i1)",
    defaults=FASTMATH,
    enums=FASTMATH_KIND,
    traits={PURE, ELEMENTWISE},
    format="custom<Predicate>($predicate) `,` $lhs `,` $rhs"
    f" {FASTMATH_FORMAT} attr-dict `:` type($lhs)",
)
"""`predicate`: an i64 IntegerAttr, position in CMPF_PREDICATES. The result is i1, shaped as lhs."""
cmpi = ARITH.op(
    "cmpi",
    "lhs: Integer, rhs: Integer -> result: Bool",
    attributes="predicate: I64",
    equations="lhs = rhs, result = like(lhs, i1)",
    traits={PURE, ELEMENTWISE},
    format="custom<Predicate>($predicate) `,` $lhs `,` $rhs attr-dict `:` type($lhs)",
)
select = ARITH.op(
    "select",
    "condition: Bool, true_value: Any, false_value: Any -> result: Any",
    traits={PURE, ELEMENTWISE},
    equations="result = true_value = false_value",
    format="$condition `,` $true_value `,` $false_value attr-dict `:` custom<SelectType>($result)",
)

ROUNDING_MODES = ("to_nearest_even", "downward", "upward", "toward_zero", "to_nearest_away")

extf = _cast(
    "extf", "Float", "Float", FASTMATH_FORMAT,
    attributes="fastmath: Own?", enums=FASTMATH_KIND,
)  # fmt: skip
truncf = _cast(
    "truncf", "Float", "Float", f"custom<RoundingMode>($roundingmode) {FASTMATH_FORMAT}",
    attributes="roundingmode: I32?, fastmath: Own?", enums=FASTMATH_KIND,
)  # fmt: skip
"""`roundingmode`: an i32 IntegerAttr, position in ROUNDING_MODES; absent, it is the first."""
sitofp = _cast("sitofp", "FixedInteger", "Float")
uitofp = _cast("uitofp", "FixedInteger", "Float")
fptosi = _cast("fptosi", "Float", "FixedInteger")
fptoui = _cast("fptoui", "Float", "FixedInteger")
extsi = _cast("extsi", "FixedInteger", "FixedInteger")
extui = _cast("extui", "FixedInteger", "FixedInteger")
trunci = _cast("trunci", "FixedInteger", "FixedInteger")
index_cast = _cast("index_cast", "Integer", "Integer")
index_castui = _cast("index_castui", "Integer", "Integer")
"""As `index_cast`, but what is narrower is extended with zeros."""
bitcast = _cast("bitcast", "Number", "Number")


# -- text


def predicates_of(operation: Operation) -> Sequence[str]:
    """The names of the predicates of a comparison."""
    return CMPF_PREDICATES if operation.name == "arith.cmpf" else CMPI_PREDICATES


def predicate_of(operation: Operation) -> str:
    """The name of a comparison's predicate: `slt`, `oeq`, …"""
    return predicates_of(operation)[operation.get("predicate")]


def _parse_predicate(parser: Any, state: Any, name: str) -> None:
    names = CMPF_PREDICATES if state.definition is cmpf else CMPI_PREDICATES
    place = parser.here()
    word = parser.keyword()
    if word not in names:
        raise parser.error(f"no predicate {word!r}; there are {', '.join(names)}", place)
    state.attributes[name] = IntegerAttr(names.index(word))


@directive("Predicate", _parse_predicate)
def _print_predicate(operation: Operation, printer: Any, name: str) -> None:
    number = operation.get(name)
    if not isinstance(number, int) or not 0 <= number < len(predicates_of(operation)):
        raise NotPretty("no such predicate")
    printer.write(predicates_of(operation)[number])


def _parse_rounding_mode(parser: Any, state: Any, name: str) -> None:
    if parser.token.kind == "word" and parser.token.text in ROUNDING_MODES:
        state.attributes[name] = IntegerAttr(ROUNDING_MODES.index(parser.keyword()), i32)


@directive("RoundingMode", _parse_rounding_mode)
def _print_rounding_mode(operation: Operation, printer: Any, name: str) -> None:
    number = operation.get(name)
    if number is not None:
        printer.write(ROUNDING_MODES[number])


def _parse_select_type(parser: Any, state: Any, name: str) -> None:
    types = parser.type_list()
    if len(types) == 2:
        state.set_types("condition", [types[0]])
    elif len(types) != 1:
        raise parser.error("expected the result's type, or the condition's and the result's")
    else:
        state.set_types("condition", [i1])
    for value in ("true_value", "false_value", name):
        state.set_types(value, [types[-1]])


@directive("SelectType", _parse_select_type)
def _print_select_type(operation: Operation, printer: Any, name: str) -> None:
    condition = operation.operand(0).type
    printer.write(
        str(operation.result.type) if condition == i1 else f"{condition}, {operation.result.type}"
    )


# -- types


def _verify_comparison(operation: Operation) -> None:
    number = operation.get("predicate")
    if not isinstance(number, int) or not 0 <= number < len(predicates_of(operation)):
        raise VerifyError(f"has no predicate {number}")


for _comparison in (cmpf, cmpi):
    _comparison.verify_with(_verify_comparison)


@truncf.verify_with
def _verify_rounding(operation: Operation) -> None:
    _verify_narrower(operation)
    number = operation.get("roundingmode", 0)
    if not isinstance(number, int) or not 0 <= number < len(ROUNDING_MODES):
        raise VerifyError(f"has no rounding mode {number}")


@constant.infers
def _infer_constant(operation: Operation) -> list[Type]:
    return [operation.attributes["value"].type]


def _width(type: Type) -> int:
    element = element_of(type)
    return 64 if isinstance(element, IndexType) else element.width


def _verify_wider(operation: Operation) -> None:
    source, target = operation.operand(0).type, operation.result.type
    if _width(target) <= _width(source):
        raise VerifyError(f"extends {source} to {target}, which is not wider")


def _verify_narrower(operation: Operation) -> None:
    source, target = operation.operand(0).type, operation.result.type
    if _width(target) >= _width(source):
        raise VerifyError(f"truncates {source} to {target}, which is not narrower")


for _definition in (extf, extsi, extui):
    _definition.verify_with(_verify_wider)
trunci.verify_with(_verify_narrower)


@index_castui.verify_with
@index_cast.verify_with
def _verify_index_cast(operation: Operation) -> None:
    kinds = {type(element_of(v.type)) for v in (operation.operand(0), operation.result)}
    if kinds != {IndexType, IntegerType}:
        raise VerifyError("converts between index and another integer type")


@bitcast.verify_with
def _verify_bitcast(operation: Operation) -> None:
    source, target = operation.operand(0).type, operation.result.type
    classes = (FloatType, OtherFloatType, IntegerType)
    plain = all(isinstance(element_of(type), classes) for type in (source, target))
    if not plain or _width(source) != _width(target):
        raise VerifyError(f"reads {source} as {target}, which has another width")
