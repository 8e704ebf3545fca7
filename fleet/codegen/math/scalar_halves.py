"""`scalar-halves`: arithmetic on single float16 numbers is done in float32.

In: kernels, vectorised, for machines that load, store and convert float16 (Zfhmin). Out: the same
without arithmetic on scalars of f16. The one idea: rounding to float32 in between changes nothing,
as float32 has 2p + 2 digits (`passes/numbers/native_halves.py` has the argument).
"""

from __future__ import annotations

from fleet.codegen.kernels import kernels_of
from fleet.dialects import arith
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.journal import replacing
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import f16, f32
from fleet.ir.watch import count, may_apply

_COMPUTED = frozenset(
    """
    arith.addf arith.subf arith.mulf arith.divf arith.negf arith.maxnumf arith.minnumf arith.cmpf
    arith.sitofp arith.uitofp arith.fptosi arith.fptoui math.absf math.sqrt math.copysign
    """.split()
)
"""Not `math.fma`, which is rounded once: nobody makes any of f16."""


@register_pass("scalar-halves", "arithmetic on scalars of float16 in float32")
def run(module: Operation) -> None:
    for kernel in kernels_of(module):
        for op in list(kernel.walk()):
            halves = any(value.type == f16 for value in (*op.operands, *op.results))
            if halves and op.name in _COMPUTED and may_apply():
                _in_single(op)


def _in_single(op: Operation) -> None:
    builder = Builder.before(op)

    def wide(value: Value) -> Value:
        return builder.value(arith.extf, value, types=[f32]) if value.type == f16 else value

    result = op.result.type
    made = builder.insert(op.like([*map(wide, op.operands)], [f32 if result == f16 else result]))
    value = made.result
    if result == f16:
        value = builder.value(arith.truncf, value, types=[f16])
    replacing("arithmetic on a float16 in float32", op, [value])
    op.replace_with([value])
    count("operations on float16 in float32")
