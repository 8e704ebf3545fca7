"""`mark-doubtful`: which kernels compute something that NumPy may warn of.

In: kernels over tensors. Out: the attribute `doubtful` on those of them whose work leaves a trace
when it goes wrong: `flags` where the exceptions of floating-point arithmetic tell, `launch` where
nothing does (integer division by zero), so that a launch is reason enough to look. The one idea: a
comparison or a choice raises the exception for NaN as well, and NumPy says nothing of these.
"""

from __future__ import annotations

from fleet.ir.analysis.effects import constant_of
from fleet.ir.attributes import StringAttr
from fleet.ir.core import Operation
from fleet.ir.rewriting.journal import traced
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import IndexType, is_float
from fleet.passes.kernels.checks.rules import WRAPS

_FLAGS = {
    *(f"arith.{name}" for name in ("addf", "subf", "mulf", "divf", "remf", "truncf", "fptosi",
                                   "fptoui")),
    *(f"math.{name}" for name in ("sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p",
                                  "sin", "cos", "tan", "asin", "acos", "powf", "fma", "tanh",
                                  "sinh", "cosh", "acosh", "atanh")),
}  # fmt: skip
_PRODUCTS = {"linalg.matmul", "linalg.matmul_transpose_b", "linalg.batch_matmul"}
_DIVISIONS = {"arith.divsi", "arith.divui", "arith.remsi", "arith.remui"}


@register_pass("mark-doubtful", "mark kernels that compute what NumPy may warn of")
def run(module: Operation) -> None:
    for function in module.body:
        if function.name == "func.func" and function.get("kernel"):
            found = [(op, kind) for op in function.walk() if (kind := _doubt(op))]
            kinds = {kind for _, kind in found}
            if any(WRAPS in op.attributes for op in function.walk()):
                kinds.add("flags")
            if kinds and function.get("ordered"):
                # what leaves no trace is followed by a `loop.doubt`, where it is of scalars
                kinds = {kind for op, kind in found if _is_of_arrays(op)} | {"flags"}
            if not kinds:
                continue
            with traced("NumPy may warn of it", function, function):
                function.attributes["doubtful"] = StringAttr(max(kinds))


def _is_of_arrays(op: Operation) -> bool:
    """Whether it is part of what is done to all elements of an array."""
    around: Operation | None = op
    while around is not None and not around.name.startswith("linalg."):
        around = None if around.parent is None else around.parent.parent_op
    return around is not None


def _doubt(op: Operation) -> str | None:
    if op.name in _FLAGS:
        return "flags"
    if op.name in _PRODUCTS:
        return "flags" if is_float(op.operand(0).type.element) else None
    if op.name in _DIVISIONS and not isinstance(op.result.type, IndexType):
        return "launch" if constant_of(op.operand(1)) is None else None
    return None
