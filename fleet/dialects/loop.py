"""`loop`: kernels as loop nests over buffers. Scalars are `arith` and `math` operations.

A kernel is a `func.func` with the attribute `kernel`: memref arguments (inputs, then outputs and
scratch), then `index` sizes for the dynamic dimensions, in order of first appearance; no results.
"""

from __future__ import annotations

from fleet.ir.definition import READS, TERMINATOR, Dialect

LOOP = Dialect("loop")

for_ = LOOP.op(
    "for",
    "lower: Index, upper: Index, inits: Any* -> results: Any*",
    attributes="step, kind, iterator?",
    regions=1,
)
"""`step`: i64. `kind`: serial, vector or unroll. `iterator`: parallel (iterations are independent)
or reduction (iter args are combined by associative operations), from linalg. Block arguments:
induction variable, iteration arguments; `vector` loops add the strip's length after the
induction variable."""
yield_ = LOOP.op("yield", "operands: Any*", traits={TERMINATOR})
load = LOOP.op("load", "memref: MemRef, indices: Index* -> result: Any", attributes="map", traits={READS})
"""memref[map(indices)]; `map` is an AffineMapAttr with one result a dimension of the memref."""
store = LOOP.op("store", "value: Any, memref: MemRef, indices: Index*", attributes="map")
dim = LOOP.op("dim", "memref: MemRef -> result: Index", attributes="axis", traits={READS})
"""The size of a dimension of a kernel's buffer argument."""
