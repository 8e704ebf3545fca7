"""`infer-shapes`: what is known of sizes goes into types, and sizes are taken from their roots.

In: any tensor level. Out: the same operations with result types as static as can be shown (with
`tensor.cast` where a fixed signature needs the old type), and every `tensor.dim` replaced by the
number, the index argument or the root's dimension that it provably equals. Equal dimensions are one
SSA value afterwards.
"""

from __future__ import annotations

from fleet.dialects import arith, tensor
from fleet.ir.attributes import IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, OpResult, Value
from fleet.ir.passes import register_pass
from fleet.ir.types import TensorType, index
from fleet.ir.watch import count
from fleet.passes.shapes.dims import Dims

FIXED = {"func.return", "scf.yield", "scf.condition", "scf.for", "scf.while", "func.call"}
"""Operations whose operands' types a signature or another value's type prescribes."""
KEEP_TYPE = {
    "scf.for", "scf.while", "scf.if", "func.call", "arith.constant", "numpy.host", "tensor.cast",
    "numpy.check_indices", "tensor.empty", "tensor.splat", "tensor.generate", "tensor.expand_shape",
    "tensor.collapse_shape", "tensor.extract_slice", "linalg.generic", "linalg.fill",
    "linalg.matmul", "linalg.matmul_transpose_b", "linalg.batch_matmul",
}  # fmt: skip
"""Operations whose result types are given by attributes, signatures or other values' types."""
SIZES_GIVEN = {"numpy.reshape", "numpy.broadcast_to", "numpy.full"}
"""Operations whose dynamic result dimensions are operands, one each."""


@register_pass("infer-shapes", "refine result types and take equal sizes from one place")
def run(module: Operation) -> None:
    """Refine types and reify `tensor.dim` in every function of the module."""
    dims = Dims(module)
    for op in list(module.walk()):
        if op.name not in KEEP_TYPE:
            for result in op.results:
                _refine(result, dims)
    for op in list(module.walk()):
        if op.name == "tensor.dim":
            _reify(op, dims)


def _refine(result: OpResult, dims: Dims) -> None:
    old = result.type
    if not isinstance(old, TensorType) or old.is_static:
        return
    shape = tuple(size.static for size in dims.shape(result))
    if shape == old.shape:
        return
    if result.operation.name in SIZES_GIVEN:
        _drop_operands(result.operation, shape, old.shape)
    result.type = old.with_shape(shape)
    count("types refined")
    made: Value | None = None
    for user, number in list(result.uses):
        if user.name in FIXED:
            if made is None:
                made = Builder.after(result.operation).value(tensor.cast, result, types=[old])
            user.set_operand(number, made)


def _drop_operands(op: Operation, shape: tuple, old: tuple) -> None:
    """Remove the size operands of dimensions that have become static."""
    given = op.named("sizes")
    assert isinstance(given, list)
    first = len(op.operands) - len(given)
    sizes = iter(given)
    kept = []
    for before, now in zip(old, shape, strict=True):
        if before is None:
            size = next(sizes)
            if now is None:
                kept.append(size)
    op.operands = [*op.operands[:first], *kept]


def _reify(op: Operation, dims: Dims) -> None:
    """Replace a `tensor.dim` by what it equals."""
    size = dims.size(op.result)
    builder = Builder.before(op)
    made = dims.materialise(size, builder)
    if isinstance(made, int):
        made = builder.value(arith.constant, value=IntegerAttr(made, index), types=[index])
    if made is not op.result:
        op.replace_with([made])
