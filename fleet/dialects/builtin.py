"""`builtin`: the module, and casts between types that conversion has not met yet."""

from __future__ import annotations

from fleet.ir.definition import ISOLATED, PURE, Dialect

BUILTIN = Dialect("builtin")

module = BUILTIN.op("module", "", regions=1, attributes="sym_name?", traits={ISOLATED})
unrealized_conversion_cast = BUILTIN.op(
    "unrealized_conversion_cast", "inputs: Any* -> outputs: Any*", traits={PURE}
)
