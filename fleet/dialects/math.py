"""`math`: elementary functions on floats, element by element."""

from __future__ import annotations

from fleet.ir.definition import ELEMENTWISE, PURE, SAME_TYPE, Dialect, OpDef

MATH = Dialect("math")


def _op(name: str, operands: str, kind: str = "Float") -> OpDef:
    names = [item.strip() for item in operands.split(",")]
    listed = " `,` ".join(f"${item}" for item in names)
    return MATH.op(
        name,
        f"{', '.join(f'{item}: {kind}' for item in names)} -> result: {kind}",
        traits={PURE, SAME_TYPE, ELEMENTWISE},
        format=f"{listed} attr-dict `:` type($result)",
    )


absf = _op("absf", "operand")
absi = _op("absi", "operand", "Integer")
sqrt = _op("sqrt", "operand")
exp = _op("exp", "operand")
exp2 = _op("exp2", "operand")
expm1 = _op("expm1", "operand")
log = _op("log", "operand")
log2 = _op("log2", "operand")
log10 = _op("log10", "operand")
log1p = _op("log1p", "operand")
tanh = _op("tanh", "operand")
sin = _op("sin", "operand")
cos = _op("cos", "operand")
erf = _op("erf", "operand")
floor = _op("floor", "operand")
ceil = _op("ceil", "operand")
trunc = _op("trunc", "operand")
roundeven = _op("roundeven", "operand")
powf = _op("powf", "lhs, rhs")
copysign = _op("copysign", "lhs, rhs")
fma = _op("fma", "a, b, c")
"""a * b + c with one rounding."""
