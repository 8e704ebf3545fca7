"""`linalg`: iteration spaces over tensors. `generic` is the one that fusion works on."""

from __future__ import annotations

from fleet.ir.definition import PURE, TERMINATOR, Dialect, OpDef

LINALG = Dialect("linalg")

PARALLEL, REDUCTION = "parallel", "reduction"

generic = LINALG.op(
    "generic",
    "inputs: Any*, outputs: Tensor* -> results: Tensor*",
    attributes="indexing_maps, iterator_types",
    regions=1,
    traits={PURE},
)
"""indexing_maps: ArrayAttr of AffineMapAttr, inputs then outputs. iterator_types: ArrayAttr of
RawAttr `#linalg.iterator_type<parallel>`. The block takes an element of each input and output."""
yield_ = LINALG.op("yield", "values: Any*", traits={TERMINATOR})
index = LINALG.op("index", "-> result: Index", attributes="dim", traits={PURE})


def _named(name: str) -> OpDef:
    return LINALG.op(
        name, "inputs: Any*, outputs: Tensor* -> results: Tensor*", regions=1, traits={PURE}
    )


fill = _named("fill")
matmul = _named("matmul")
matmul_transpose_b = _named("matmul_transpose_b")
batch_matmul = _named("batch_matmul")
