"""`func`: functions, calls, returns. A function without a body declares an external one.

Attributes of `func.func` beyond MLIR's: `kernel` (unit) marks a function that runs on the device;
`service` (string) and `kinds` (array of strings) mark a declared host service.
"""

from __future__ import annotations

from fleet.ir.definition import ISOLATED, SYMBOL, TERMINATOR, Dialect

FUNC = Dialect("func")

func = FUNC.op(
    "func",
    "",
    regions=1,
    attributes="sym_name, function_type, sym_visibility?, arg_attrs?, res_attrs?",
    traits={ISOLATED, SYMBOL},
)
call = FUNC.op("call", "operands: Any* -> results: Any*", attributes="callee")
return_ = FUNC.op("return", "operands: Any*", traits={TERMINATOR})
