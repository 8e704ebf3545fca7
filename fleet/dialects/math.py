"""`math`: elementary functions on floats, and of bits and powers on integers, by elements."""

from __future__ import annotations

from fleet.dialects.arith import FASTMATH, FASTMATH_FORMAT, FASTMATH_KIND
from fleet.ir.definition import ELEMENTWISE, PURE, SAME_TYPE, Dialect, OpDef

MATH = Dialect("math")


def _op(name: str, operands: str = "operand", kind: str = "Float") -> OpDef:
    names = [item.strip() for item in operands.split(",")]
    listed = " `,` ".join(f"${item}" for item in names)
    flags = kind == "Float"
    return MATH.op(
        name,
        f"{', '.join(f'{item}: {kind}' for item in names)} -> result: {kind}",
        attributes="fastmath: Own" if flags else "",
        defaults=FASTMATH if flags else {},
        enums=FASTMATH_KIND if flags else {},
        traits={PURE, SAME_TYPE, ELEMENTWISE},
        format=f"{listed} {FASTMATH_FORMAT if flags else ''} attr-dict `:` type($result)",
    )


absf = _op("absf")
absi = _op("absi", kind="Integer")
sqrt = _op("sqrt")
rsqrt = _op("rsqrt")
"""1 / sqrt."""
cbrt = _op("cbrt")
exp = _op("exp")
exp2 = _op("exp2")
expm1 = _op("expm1")
log = _op("log")
log2 = _op("log2")
log10 = _op("log10")
log1p = _op("log1p")
sin = _op("sin")
cos = _op("cos")
tan = _op("tan")
asin = _op("asin")
acos = _op("acos")
atan = _op("atan")
sinh = _op("sinh")
cosh = _op("cosh")
tanh = _op("tanh")
asinh = _op("asinh")
acosh = _op("acosh")
atanh = _op("atanh")
erf = _op("erf")
floor = _op("floor")
ceil = _op("ceil")
trunc = _op("trunc")
round = _op("round")
"""To the nearest integer, halves away from zero."""
roundeven = _op("roundeven")
atan2 = _op("atan2", "lhs, rhs")
powf = _op("powf", "lhs, rhs")
copysign = _op("copysign", "lhs, rhs")
fma = _op("fma", "a, b, c")
"""a * b + c with one rounding."""
ipowi = _op("ipowi", "lhs, rhs", "Integer")
"""A negative power of 1 or -1 is exact, of 0 undefined, of others 0."""
ctlz = _op("ctlz", kind="Integer")
cttz = _op("cttz", kind="Integer")
ctpop = _op("ctpop", kind="Integer")
fpowi = MATH.op(
    "fpowi",
    "lhs: Float, rhs: Integer -> result: Float",
    equations="result = lhs",
    attributes="fastmath: Own",
    defaults=FASTMATH,
    enums=FASTMATH_KIND,
    traits={PURE, ELEMENTWISE},
    format=f"$lhs `,` $rhs {FASTMATH_FORMAT} attr-dict `:` type($lhs) `,` type($rhs)",
)

