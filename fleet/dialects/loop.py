"""`loop`: kernels as loop nests over buffers. Scalars are `arith` and `math` operations.

A kernel is a `func.func` with the unit attribute `kernel` and no results. Its arguments are buffers
(memrefs: inputs, then destinations, then scratch) and after them `index` values (sizes, offsets).
The rest of the program, the schedule, starts it with `loop.launch`.
"""

from __future__ import annotations

from fleet.ir.definition import PURE, READS, TERMINATOR, Dialect

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
launch = LOOP.op(
    "launch",
    "inputs: Tensor*, dests: Tensor*, sizes: Index* -> results: Tensor*",
    attributes="callee",
    traits={PURE},
)
"""Run a kernel: its arguments are inputs, dests, sizes, in this order. Result i is dests[i] after
the kernel has written to it (scratch buffers are dests whose results nobody uses). The kernel reads
inputs only, and may update a dest in place: bufferisation copies it first if it is used later."""
