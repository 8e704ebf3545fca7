"""Instructions of arithmetic as lines of Python.

In: an instruction's mnemonic and expressions for its operands. Out: lines that compute what
`operators.OPERATORS` says, and expressions for those that may stand where their result is looked
at. The one idea: Python's ints have no end, so sums and products of 64 bits need bringing back only
where somebody can tell.
"""

from __future__ import annotations

import math

ANYWHERE = "not LEAST <= {d} <= MOST"
FIT = f"if {ANYWHERE}: fit({{d}})"
WRAP = f"if {ANYWHERE}: {{d}} = wrap({{d}})"

COMPARISONS = {
    f"{prefix}.{name}": f"{{a}} {sign} {{b}}"
    for prefix, names in (
        ("cmpi", ("eq", "ne", "slt", "sle", "sgt", "sge")),
        ("cmpf", ("oeq", "une", "olt", "ole", "ogt", "oge")),
    )
    for name, sign in zip(names, ("==", "!=", "<", "<=", ">", ">="), strict=True)
}
"""Mnemonic -> the expression that is true or not."""

SUMS = {"addi": "({a} + {b})", "subi": "({a} - {b})", "muli": "({a} * {b})"}
"""Mnemonic -> the expression of which the result has the lowest 64 bits."""

TEMPLATES: dict[str, tuple[str, ...]] = {
    "move": ("{d} = {a}",),
    "select": ("{d} = {b} if {a} else {c}",),
    **{
        f"int_{name}": (f"{{d}} = {{a}} {sign} {{b}}", FIT)
        for name, sign in (("add", "+"), ("sub", "-"), ("mul", "*"), ("floordiv", "//"))
    },
    **{name: (f"{{d}} = {text}", WRAP) for name, text in SUMS.items()},
    **{
        f"{name}{kind}": (f"{{d}} = {{a}} {sign} {{b}}",)
        for kind, signs in (("f", "+-*"), ("i", "&|^"))
        for name, sign in zip(
            {"f": ("add", "sub", "mul"), "i": ("and", "or", "xor")}[kind], signs, strict=True
        )
    },
    "int_mod": ("{d} = {a} % {b}",),
    "int_truediv": ("{d} = {a} / {b}",),
    "divf": ("{d} = {a} / {b} if {b} else {f}({a}, {b})",),
    "sqrt": ("{d} = sqrt({a}) if {a} >= 0 else {f}({a})",),
    "remf": ("{d} = fmod({a}, {b}) if {b} and {a} - {a} == 0 else {f}({a}, {b})",),
    "remsi": ("{d} = {a} % {b} if {a} >= 0 < {b} else {f}({a}, {b})",),
    "floordivsi": ("{d} = {a} // {b} if {b} > 0 else {f}({a}, {b})",),
    "divsi": ("{d} = {a} // {b} if {a} >= 0 < {b} else {f}({a}, {b})",),
    "shrsi": ("{d} = {a} >> ({b} & 63)",),
    "shrui": ("{d} = ({a} & 18446744073709551615) >> ({b} & 63)", WRAP),
    **{
        f"cmpi.{name}": (
            f"{{d}} = 1 if {{a}} & 18446744073709551615 {sign} {{b}} & 18446744073709551615 else 0",
        )
        for name, sign in (("ult", "<"), ("ule", "<="), ("ugt", ">"), ("uge", ">="))
    },
    "maxsi": ("{d} = {a} if {a} >= {b} else {b}",),
    "minsi": ("{d} = {a} if {a} <= {b} else {b}",),
    "negf": ("{d} = -{a}",),
    "zext1": ("{d} = {a} & 1",),
    **{name: (f"{{d}} = 1 if {text} else 0",) for name, text in COMPARISONS.items()},
}
"""Mnemonic -> the lines that mean what OPERATORS says; d is the result, a, b and c the operands."""

FUNCTIONS = {"sqrt": math.sqrt, "fmod": math.fmod}
"""What the lines call by name besides."""
