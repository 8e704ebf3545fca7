"""Elementary functions as polynomials, in terms of what instruction selection knows.

In: kernels, scalar or vectorised. Out: the same with only the operations of `loop.SELECTABLE`.
The one idea: reduce the argument to a small interval by exact steps, evaluate a polynomial there
with fused multiply-adds, and put the result back together through the exponent's bits; no branches,
so that one form serves scalars and vectors (what seldom an argument needs is a loop that seldom
runs). exp, exp2 and tanh have forms in f32 of their own;
other functions of f32 are computed in f64 and rounded.

See Muller, Elementary Functions; Cody and Waite, Software Manual for the Elementary Functions.
The polynomials come from tools/fit_polynomials.py.
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.codegen.kernels import kernels_of
from fleet.codegen.loops.hoist import merge_constants
from fleet.codegen.loops.nests import erase_dead
from fleet.codegen.math.exponential import exp, exp2, expm1, tanh
from fleet.codegen.math.formulas import Term
from fleet.codegen.math.hyperbolic import acosh, asinh, atanh, cosh, sinh
from fleet.codegen.math.inverse import acos, asin, atan, atan2
from fleet.codegen.math.logarithm import log, log1p, log2, log10
from fleet.codegen.math.powers import cbrt, powf
from fleet.codegen.math.rounding import (
    abs_integer,
    ceil,
    ceil_divide,
    floor,
    floor_divide,
    maximum,
    minimum,
    remainder,
    round_even,
    trunc,
)
from fleet.codegen.math.trigonometry import cos, sin, tan
from fleet.diagnostics import FleetError
from fleet.dialects import loop
from fleet.ir.builder import Builder
from fleet.ir.core import Operation
from fleet.ir.rewriting.journal import between, journal_of
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.watch import applied, count, may_apply


def expand(op: Operation) -> None:
    """Replace one operation by its expansion. Raises FleetError when there is none."""
    rule = EXPANSIONS.get(op.name)
    if rule is None:
        raise FleetError(f"{op.name} has no code in kernels yet", op.location)
    journal, previous = journal_of(op), op.previous
    builder = Builder.before(op)
    result = rule(*(Term(builder, value) for value in op.operands))
    if journal is not None:
        for made in between(previous, op):
            journal.made(made)
        journal.replaced(op.result, result.value)
    op.replace_with([result.value])
    if journal is not None:
        journal.applied(f"expansion of {op.name}")
    count("operations expanded")


@register_pass("expand-math", "elementary functions to what the machine has")
def run(module: Operation) -> None:
    """Elementary functions, rounding and some comparisons in terms of machine instructions."""
    for kernel in kernels_of(module):
        for op in list(kernel.walk()):
            known = op.name in loop.SELECTABLE or op.name.startswith(("loop.", "func."))
            if not known and may_apply():
                applied(f"expansion of {op.name}", op.name, op.location)
                expand(op)
        erase_dead(kernel)
        merge_constants(kernel)


EXPANSIONS: dict[str, Callable[..., Term]] = {
    "math.exp": exp,
    "math.exp2": exp2,
    "math.expm1": expm1,
    "math.log": log,
    "math.log2": log2,
    "math.log10": log10,
    "math.log1p": log1p,
    "math.tanh": tanh,
    "math.sinh": sinh,
    "math.cosh": cosh,
    "math.asinh": asinh,
    "math.acosh": acosh,
    "math.atanh": atanh,
    "math.sin": sin,
    "math.cos": cos,
    "math.tan": tan,
    "math.asin": asin,
    "math.acos": acos,
    "math.atan": atan,
    "math.atan2": atan2,
    "math.powf": powf,
    "math.cbrt": cbrt,
    "math.floor": floor,
    "math.ceil": ceil,
    "math.trunc": trunc,
    "math.roundeven": round_even,
    "math.absi": abs_integer,
    "arith.remf": remainder,
    "arith.maximumf": maximum,
    "arith.minimumf": minimum,
    "arith.floordivsi": floor_divide,
    "arith.ceildivsi": ceil_divide,
}
"""How each operation is written in terms of others; formulas may use operations of this table."""
