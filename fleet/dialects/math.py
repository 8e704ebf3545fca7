"""`math`: elementary functions on floats, element by element."""

from __future__ import annotations

from fleet.ir.definition import ELEMENTWISE, PURE, SAME_TYPE, Dialect, OpDef

MATH = Dialect("math")


def _unary(name: str, kind: str = "Float") -> OpDef:
    return MATH.op(
        name, f"operand: {kind} -> result: {kind}", traits={PURE, SAME_TYPE, ELEMENTWISE}
    )


absf = _unary("absf")
absi = _unary("absi", "Integer")
sqrt = _unary("sqrt")
exp = _unary("exp")
exp2 = _unary("exp2")
expm1 = _unary("expm1")
log = _unary("log")
log2 = _unary("log2")
log10 = _unary("log10")
log1p = _unary("log1p")
tanh = _unary("tanh")
sin = _unary("sin")
cos = _unary("cos")
erf = _unary("erf")
floor = _unary("floor")
ceil = _unary("ceil")
trunc = _unary("trunc")
roundeven = _unary("roundeven")
powf = MATH.op(
    "powf", "lhs: Float, rhs: Float -> result: Float", traits={PURE, SAME_TYPE, ELEMENTWISE}
)
copysign = MATH.op(
    "copysign", "lhs: Float, rhs: Float -> result: Float", traits={PURE, SAME_TYPE, ELEMENTWISE}
)
fma = MATH.op(
    "fma", "a: Float, b: Float, c: Float -> result: Float", traits={PURE, SAME_TYPE, ELEMENTWISE}
)
"""a * b + c with one rounding."""
