"""How each tensor operation's result gets its sizes from its operands: a table by operation name.

A rule is called with the analysis, the operation and the result's number, and gives a `Size` for
each dimension, or None for one that is a root of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from fleet.dialects import tensor
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation, Value
from fleet.ir.types import ShapedType, TensorType
from fleet.passes.shapes.symbolic import Size, const, product

if TYPE_CHECKING:
    from fleet.passes.shapes.dims import Dims

Rule = Callable[["Dims", Operation, int], Sequence[Size | None]]
RULES: dict[str, Rule] = {}


def _rule(*names: str) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        for name in names:
            RULES[name] = function
        return function

    return register


def broadcast_sizes(shapes: Sequence[Sequence[Size]]) -> list[Size | None]:
    """NumPy's broadcast shape; None where equality of two dynamic sizes cannot be shown."""
    rank = max((len(shape) for shape in shapes), default=0)
    result: list[Size | None] = []
    for axis in range(rank):
        column = [shape[axis - rank] for shape in shapes if axis - rank + len(shape) >= 0]
        column = list(dict.fromkeys(size for size in column if size.static != 1)) or [const(1)]
        static = [size for size in column if size.static is not None]
        result.append(static[0] if static else column[0] if len(column) == 1 else None)
    return result


def _tensor_shapes(dims: Dims, values: Iterable[Value]) -> list[tuple[Size, ...]]:
    return [dims.shape(value) for value in values if isinstance(value.type, ShapedType)]


def elementwise(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    return broadcast_sizes(_tensor_shapes(dims, op.operands))


def _first_operand(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    return dims.shape(op.operand(0))


def _second_operand(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    return dims.shape(op.operand(1))


def _from_operands(dims: Dims, op: Operation, number: int) -> Sequence[Size | None]:
    """Dynamic sizes are given as the operands `sizes` (or `output_shape`), in order."""
    given = op.named("output_shape" if op.name == "tensor.expand_shape" else "sizes")
    assert isinstance(given, list)
    sizes = iter(given)
    shape = op.results[number].type.shape
    return [const(dim) if dim is not None else dims.size(next(sizes)) for dim in shape]


for _name in ("empty", "splat", "generate", "expand_shape"):
    RULES[f"tensor.{_name}"] = _from_operands
for _name in ("reshape", "broadcast_to", "full"):
    RULES[f"numpy.{_name}"] = _from_operands
for _name in ("cumsum", "check_indices"):
    RULES[f"numpy.{_name}"] = _first_operand
for _name in ("numpy.insert_slice", "tensor.insert_slice", "tensor.insert"):
    RULES[_name] = _second_operand
RULES["tensor.cast"] = _first_operand


def _reduction(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    shape = dims.shape(op.operand(0))
    if op.name.startswith("tosa."):
        axes = {op.get("axis")}
        return [const(1) if axis in axes else size for axis, size in enumerate(shape)]
    axes = set(op.get("axes"))
    if "keepdims" in op.attributes and op.get("keepdims") not in (0, False):
        return [const(1) if axis in axes else size for axis, size in enumerate(shape)]
    return [size for axis, size in enumerate(shape) if axis not in axes]


for _name in ("sum", "prod", "max", "min", "all", "any"):
    RULES[f"numpy.{_name}"] = _reduction
    RULES[f"tosa.reduce_{_name}"] = _reduction


@_rule("numpy.argmax", "numpy.argmin", "tosa.argmax")
def _arg_reduction(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    return [s for axis, s in enumerate(dims.shape(op.operand(0))) if axis != op.get("axis")]


@_rule("numpy.matmul")
def _matmul(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    a, b = (list(dims.shape(operand)) for operand in op.operands)
    rows = [] if len(a) == 1 else [a[-2]]
    columns = [] if len(b) == 1 else [b[-1]]
    return [*broadcast_sizes([a[:-2], b[:-2]]), *rows, *columns]


@_rule("tosa.matmul")
def _tosa_matmul(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    a, b = (dims.shape(operand) for operand in op.operands)
    return [a[0], a[1], b[2]]


@_rule("numpy.transpose", "tosa.transpose")
def _transpose(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    shape = dims.shape(op.operand(0))
    return [shape[axis] for axis in permutation(op)]


def permutation(op: Operation) -> list[int]:
    """The axes of a numpy.transpose or a tosa.transpose, whose `perms` is a constant."""
    if op.name == "numpy.transpose":
        return list(op.get("axes") or ())
    source = op.operand(1).owner
    assert isinstance(source, Operation) and source.name in ("arith.constant", "tosa.const")
    held = source.attributes["value"]
    assert isinstance(held, DenseAttr)
    return [int(axis) for axis in held.value]


@_rule("numpy.concatenate", "tosa.concat", "tensor.concat")
def _concatenate(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    along = op.get("dim" if op.name == "tensor.concat" else "axis")
    shapes = [dims.shape(operand) for operand in op.operands]
    result: list[Size | None] = [s for a, s in enumerate(shapes[0]) if a != along]
    total = const(0)
    for shape in shapes:
        total = total + shape[along]
    result.insert(along, total)
    return result


def static_or_dynamic(op: Operation, name: str, operands: str | None = None) -> list[int | Value]:
    """An op's `static_<name>` entries, the dynamic ones as the operands that stand for them."""
    given = op.named(operands or name) if operands != "" else []
    dynamic = iter(given if isinstance(given, list) else [])
    return [
        next(dynamic) if entry == tensor.DYNAMIC else entry
        for entry in op.get(f"static_{name}") or ()
    ]


@_rule("numpy.slice", "tensor.extract_slice")
def _slice(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    entries = static_or_dynamic(op, "sizes")
    sizes = [const(e) if isinstance(e, int) else dims.size(e) for e in entries]
    kept = kept_axes(op)
    return [sizes[axis] for axis in kept]


def kept_axes(op: Operation) -> list[int]:
    """The source axes that an extract_slice (or the dest axes that an insert_slice) keeps.

    Axes of size 1 may be dropped; which ones is read off the two shapes from the left, as in MLIR.
    """
    small = (op.operand(0) if op.name.endswith("insert_slice") else op.results[0]).type
    assert isinstance(small, TensorType)
    kept: list[int] = []
    for axis, size in enumerate(op.get("static_sizes") or ()):
        wanted = small.shape[len(kept)] if len(kept) < small.rank else -1
        if wanted == (None if size == tensor.DYNAMIC else size) or size != 1:
            kept.append(axis)
    return kept


@_rule("numpy.take")
def _take(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    axis = op.get("axis")
    a, indices = (dims.shape(operand) for operand in op.operands)
    return [*a[:axis], *indices, *a[axis + 1 :]]


@_rule("numpy.arange")
def _arange(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    return [dims.size(op.operand(2))]


@_rule("tensor.collapse_shape")
def _collapse(dims: Dims, op: Operation, _: int) -> Sequence[Size | None]:
    shape = dims.shape(op.operand(0))
    return [product(shape[axis] for axis in group) for group in reassociation(op)]


def reassociation(op: Operation) -> list[list[int]]:
    """The groups of an expand_shape or collapse_shape."""
    return [[int(axis.value) for axis in group.value] for group in op.get("reassociation") or ()]


@_rule("scf.for")
def _for(dims: Dims, op: Operation, number: int) -> Sequence[Size | None]:
    argument, init = op.body.arguments[number + 1], op.operand(number + 3)
    shape = dims.shape(init)
    return [None if (argument, axis) in dims.variant else size for axis, size in enumerate(shape)]


@_rule("scf.while")
def _while(dims: Dims, op: Operation, number: int) -> Sequence[Size | None]:
    forwarded = op.regions[0].block.terminator.operand(number + 1)
    shape = dims.shape(forwarded)
    return [size if dims.visible_outside(size, op) else None for size in shape]


@_rule("scf.if")
def _if(dims: Dims, op: Operation, number: int) -> Sequence[Size | None]:
    shapes = [dims.shape(region.block.terminator.operand(number)) for region in op.regions]
    return [
        sizes[0] if len(set(sizes)) == 1 and dims.visible_outside(sizes[0], op) else None
        for sizes in zip(*shapes, strict=True)
    ]


@_rule("func.call")
def _call(dims: Dims, op: Operation, number: int) -> Sequence[Size | None]:
    rank = op.results[number].type.rank
    return [dims.from_callee(op, number, axis) for axis in range(rank)]


@_rule(
    "linalg.generic", "linalg.fill", "linalg.matmul", "linalg.matmul_transpose_b",
    "linalg.batch_matmul",
)  # fmt: skip
def _destination(dims: Dims, op: Operation, number: int) -> Sequence[Size | None]:
    return dims.shape(op.named("outputs")[number])
