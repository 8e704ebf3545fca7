"""`arith`: integer and float arithmetic on scalars, tensors and vectors, element by element."""

from __future__ import annotations

from fleet.ir.definition import (
    COMMUTATIVE,
    CONSTANT,
    ELEMENTWISE,
    PURE,
    SAME_TYPE,
    Dialect,
    OpDef,
)

ARITH = Dialect("arith")

constant = ARITH.op("constant", "-> result: Any", attributes="value", traits={PURE, CONSTANT})
"""`value`: an IntegerAttr, FloatAttr or DenseAttr; its type is the result's."""


def _binary(name: str, kind: str, *traits: str) -> OpDef:
    return ARITH.op(
        name,
        f"lhs: {kind}, rhs: {kind} -> result: {kind}",
        traits={PURE, SAME_TYPE, ELEMENTWISE, *traits},
    )


def _cast(name: str, source: str, target: str) -> OpDef:
    return ARITH.op(name, f"in: {source} -> out: {target}", traits={PURE, ELEMENTWISE})


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
negf = ARITH.op("negf", "operand: Float -> result: Float", traits={PURE, SAME_TYPE, ELEMENTWISE})

addi = _binary("addi", "Integer", COMMUTATIVE)
subi = _binary("subi", "Integer")
muli = _binary("muli", "Integer", COMMUTATIVE)
divsi = _binary("divsi", "Integer")
"""Rounds towards zero; undefined for division by zero."""
divui = _binary("divui", "Integer")
floordivsi = _binary("floordivsi", "Integer")
ceildivsi = _binary("ceildivsi", "Integer")
remsi = _binary("remsi", "Integer")
remui = _binary("remui", "Integer")
andi = _binary("andi", "Integer", COMMUTATIVE)
ori = _binary("ori", "Integer", COMMUTATIVE)
xori = _binary("xori", "Integer", COMMUTATIVE)
shli = _binary("shli", "Integer")
shrsi = _binary("shrsi", "Integer")
shrui = _binary("shrui", "Integer")
maxsi = _binary("maxsi", "Integer", COMMUTATIVE)
minsi = _binary("minsi", "Integer", COMMUTATIVE)
maxui = _binary("maxui", "Integer", COMMUTATIVE)
minui = _binary("minui", "Integer", COMMUTATIVE)

CMPF_PREDICATES = (
    "false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord",
    "ueq", "ugt", "uge", "ult", "ule", "une", "uno", "true",
)  # fmt: skip
CMPI_PREDICATES = ("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge")

cmpf = ARITH.op(
    "cmpf",
    "lhs: Float, rhs: Float -> result: Bool",
    attributes="predicate",
    traits={PURE, ELEMENTWISE},
)
"""`predicate`: an i64 IntegerAttr, position in CMPF_PREDICATES. The result is i1, shaped as lhs."""
cmpi = ARITH.op(
    "cmpi",
    "lhs: Integer, rhs: Integer -> result: Bool",
    attributes="predicate",
    traits={PURE, ELEMENTWISE},
)
select = ARITH.op(
    "select",
    "condition: Bool, true_value: Any, false_value: Any -> result: Any",
    traits={PURE, ELEMENTWISE},
)

extf = _cast("extf", "Float", "Float")
truncf = _cast("truncf", "Float", "Float")
sitofp = _cast("sitofp", "Integer", "Float")
uitofp = _cast("uitofp", "Integer", "Float")
fptosi = _cast("fptosi", "Float", "Integer")
fptoui = _cast("fptoui", "Float", "Integer")
extsi = _cast("extsi", "Integer", "Integer")
extui = _cast("extui", "Integer", "Integer")
trunci = _cast("trunci", "Integer", "Integer")
index_cast = _cast("index_cast", "Integer", "Integer")
bitcast = _cast("bitcast", "Number", "Number")
