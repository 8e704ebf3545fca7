"""`tensor`: making, shaping and taking apart immutable arrays.

`static_offsets`, `static_sizes`, `static_strides` are DenseArrayAttr of i64 where DYNAMIC stands
for the next operand of the variadic of the same name, as in MLIR.
"""

from __future__ import annotations

from fleet.ir.definition import PURE, TERMINATOR, Dialect

TENSOR = Dialect("tensor")

DYNAMIC = -(2**63)
"""MLIR's ShapedType::kDynamic: marks a dynamic entry in a static_* attribute."""

empty = TENSOR.op("empty", "sizes: Index* -> result: Tensor", traits={PURE})
dim = TENSOR.op("dim", "source: Tensor, index: Index -> result: Index", traits={PURE})
cast = TENSOR.op("cast", "source: Tensor -> dest: Tensor", traits={PURE})
"""The same array under a type that knows more or less of its shape."""
extract = TENSOR.op("extract", "tensor: Tensor, indices: Index* -> result: Any", traits={PURE})
insert = TENSOR.op("insert", "scalar: Any, dest: Tensor, indices: Index* -> result: Tensor", traits={PURE})
from_elements = TENSOR.op("from_elements", "elements: Any* -> result: Tensor", traits={PURE})
splat = TENSOR.op("splat", "input: Any, sizes: Index* -> aggregate: Tensor", traits={PURE})
generate = TENSOR.op("generate", "sizes: Index* -> result: Tensor", regions=1, traits={PURE})
yield_ = TENSOR.op("yield", "value: Any", traits={TERMINATOR})
extract_slice = TENSOR.op(
    "extract_slice",
    "source: Tensor, offsets: Index*, sizes: Index*, strides: Index* -> result: Tensor",
    attributes="static_offsets, static_sizes, static_strides",
    traits={PURE},
)
"""May drop dimensions of size 1 (the result type has a lower rank)."""
insert_slice = TENSOR.op(
    "insert_slice",
    "source: Tensor, dest: Tensor, offsets: Index*, sizes: Index*, strides: Index* -> result: Tensor",
    attributes="static_offsets, static_sizes, static_strides",
    traits={PURE},
)
concat = TENSOR.op("concat", "inputs: Tensor* -> result: Tensor", attributes="dim", traits={PURE})
expand_shape = TENSOR.op(
    "expand_shape",
    "src: Tensor, output_shape: Index* -> result: Tensor",
    attributes="reassociation, static_output_shape",
    traits={PURE},
)
"""`reassociation`: ArrayAttr of ArrayAttr of i64, source dimension -> result dimensions."""
collapse_shape = TENSOR.op(
    "collapse_shape", "src: Tensor -> result: Tensor", attributes="reassociation", traits={PURE}
)
reshape = TENSOR.op("reshape", "source: Tensor, shape: Tensor -> result: Tensor", traits={PURE})
"""`shape`: a 1-d tensor of index; element counts are equal."""
