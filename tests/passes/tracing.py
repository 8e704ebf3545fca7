"""NumPy-stage IR from Python functions on traced arrays, for tests of the passes.

In: a Python function and argument types. Out: a module whose `@main` has the operations that the
function did, with a `Frame` for each call of a function marked `@traced`. The one idea: an `Array`
wraps a Value and its operators emit numpy operations; nothing of the front end is needed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import numpy as np

from fleet.diagnostics import Frame, Location
from fleet.dialects import arith, builtin, func, numpy, tensor
from fleet.ir.attributes import DenseAttr, IntegerAttr, TypeAttr, i64_array
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import OpDef
from fleet.ir.types import FunctionType, TensorType, Type, element_type, i1, i64, index, numpy_dtype

_builder: Builder | None = None
_frame: Frame | None = None
_line = 0


def _emit(definition: OpDef, *operands: object, **keywords: object) -> Value:
    global _line
    _line += 1
    assert _builder is not None
    location = Location("traced.py", _line, frame=_frame)
    return _builder.insert(definition(*operands, location=location, **keywords)).result


def traced(function: Callable) -> Callable:
    """A call of the function is a frame of its own."""

    @functools.wraps(function)
    def call(*arguments: object, **keywords: object) -> object:
        global _frame
        outer = _frame
        _frame = Frame(function.__name__, Location("traced.py", _line, frame=outer))
        try:
            return function(*arguments, **keywords)
        finally:
            _frame = outer

    return call


def module_of(function: Callable, types: Sequence[Type]) -> Operation:
    """The module with `@main`: the function on arguments of these types."""
    global _builder, _frame, _line
    block = Block(types)
    _builder, _frame, _line = Builder(block), None, 0
    arguments = [Array(a) if isinstance(a.type, TensorType) else a for a in block.arguments]
    returned = function(*arguments)
    results = [a.value if isinstance(a, Array) else a for a in _flat(returned)]
    _builder.create(func.return_, results)
    kind = FunctionType(tuple(types), tuple(value.type for value in results))
    main = func.func(regions=[Region([block])], sym_name="main", function_type=TypeAttr(kind))
    return builtin.module(regions=[Region([_block_of(main)])])


def _flat(returned: object) -> list:
    return list(returned) if isinstance(returned, tuple | list) else [returned]


def _block_of(*operations: Operation) -> Block:
    block = Block()
    for operation in operations:
        block.append(operation)
    return block


def index_of(value: int) -> Value:
    return _emit(arith.constant, value=IntegerAttr(value, index), types=[index])


def constant(array: np.ndarray, key: str | None = None) -> Array:
    attr = DenseAttr.of(array, key)
    return Array(_emit(arith.constant, value=attr, types=[attr.type]))


class Array:
    """A traced array. Sizes are ints or None, as its type has them."""

    def __init__(self, value: Value) -> None:
        self.value = value

    @property
    def type(self) -> TensorType:
        assert isinstance(self.value.type, TensorType)
        return self.value.type

    @property
    def dtype(self) -> np.dtype:
        return numpy_dtype(self.type.element)

    @property
    def shape(self) -> tuple[int | None, ...]:
        return self.type.shape

    def size(self, axis: int) -> Value:
        """The length of an axis as an index value."""
        return _emit(tensor.dim, self.value, index_of(axis), types=[index])

    def _with(self, other: object) -> Array:
        if isinstance(other, Array):
            return other
        return constant(np.array(other, self.dtype))

    def astype(self, dtype: object) -> Array:
        type = self.type.with_element(element_type(dtype))
        return Array(_emit(numpy.cast, self.value, types=[type]))

    def __getitem__(self, key: object) -> Array:
        """Basic slicing with ints and static slices; dynamic axes take `:` or clipped bounds."""
        keys = key if isinstance(key, tuple) else (key,)
        offsets, sizes, strides, dropped = [], [], [], []
        dynamic: list[Value] = []
        for axis, dim in enumerate(self.shape):
            item = keys[axis] if axis < len(keys) else slice(None)
            if isinstance(item, int):
                assert dim is not None
                item = item % dim
                offsets.append(item), sizes.append(1), strides.append(1)
                dropped.append(axis)
            elif dim is None:
                assert item == slice(None), "only `:` on a dynamic axis"
                offsets.append(0), sizes.append(tensor.DYNAMIC), strides.append(1)
                dynamic.append(self.size(axis))
            else:
                start, stop, step = item.indices(dim)
                offsets.append(start), strides.append(step)
                sizes.append(len(range(start, stop, step)))
        shape = tuple(None if size == tensor.DYNAMIC else size for size in sizes)
        made = _emit(
            numpy.slice, self.value, [], dynamic,
            types=[self.type.with_shape(shape)],
            static_offsets=i64_array(offsets), static_sizes=i64_array(sizes),
            static_strides=i64_array(strides),
        )  # fmt: skip
        result = Array(made)
        if not dropped:
            return result
        kept = [axis for axis in range(len(shape)) if axis not in dropped]
        return reshape(result, [shape[a] if shape[a] is not None else result.size(a) for a in kept])

    @property
    def T(self) -> Array:  # noqa: N802 - NumPy's name
        return transpose(self, range(self.type.rank)[::-1])


def _broadcast(*shapes: tuple[int | None, ...]) -> tuple[int | None, ...]:
    rank = max(map(len, shapes))
    result = []
    for axis in range(rank):
        column = {s[axis - rank + len(s)] for s in shapes if axis - rank + len(s) >= 0} - {1}
        known = column - {None}
        result.append(known.pop() if known else None if column else 1)
    return tuple(result)


def _binary(name: str, bool_result: bool = False) -> Callable:
    def operate(a: Array, b: object) -> Array:
        other = a._with(b)
        element = i1 if bool_result else a.type.element
        type = TensorType(_broadcast(a.shape, other.shape), element)
        return Array(_emit(numpy.binary[name], a.value, other.value, types=[type]))

    return operate


def _reversed(name: str) -> Callable:
    return lambda a, b: _binary(name)(a._with(b), a)


for _python, _name in {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "mod": "remainder",
    "floordiv": "floor_divide", "pow": "power", "and": "bitwise_and", "or": "bitwise_or",
    "xor": "bitwise_xor", "lshift": "left_shift", "rshift": "right_shift",
}.items():  # fmt: skip
    setattr(Array, f"__{_python}__", _binary(_name))
    setattr(Array, f"__r{_python}__", _reversed(_name))
for _python, _name in {
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal",
}.items():  # fmt: skip
    setattr(Array, f"__{_python}__", _binary(_name, bool_result=True))

equal = _binary("equal", bool_result=True)
not_equal = _binary("not_equal", bool_result=True)
maximum, minimum = _binary("maximum"), _binary("minimum")


def unary(name: str, a: Array) -> Array:
    type = a.type.with_element(i1) if name in ("isnan", "logical_not") else a.type
    return Array(_emit(numpy.unary[name], a.value, types=[type]))


def where(condition: Array, x: Array, y: Array) -> Array:
    shape = _broadcast(condition.shape, x.shape, y.shape)
    return Array(
        _emit(numpy.where, condition.value, x.value, y.value, types=[x.type.with_shape(shape)])
    )


def reduce(name: str, a: Array, axes: int | Sequence[int], keepdims: bool = False) -> Array:
    axes = [axes] if isinstance(axes, int) else list(axes)
    axes = sorted(axis % a.type.rank for axis in axes)
    shape = [
        1 if axis in axes else dim
        for axis, dim in enumerate(a.shape)
        if keepdims or axis not in axes
    ]
    element = i1 if name in ("any", "all") else a.type.element
    keywords = {"keepdims": None} if keepdims else {}
    type = TensorType(tuple(shape), element)
    return Array(
        _emit(numpy.reduce[name], a.value, types=[type], axes=i64_array(axes), **keywords)
    )


def argmax(a: Array, axis: int, least: bool = False) -> Array:
    axis %= a.type.rank
    type = TensorType(tuple(d for n, d in enumerate(a.shape) if n != axis), i64)
    return Array(_emit(numpy.argmin if least else numpy.argmax, a.value, types=[type], axis=axis))


def cumsum(a: Array, axis: int) -> Array:
    return Array(_emit(numpy.cumulate["cumsum"], a.value, types=[a.type], axis=axis))


def matmul(a: Array, b: Array) -> Array:
    rows = a.shape[-2:-1] if a.type.rank > 1 else ()
    columns = b.shape[-1:] if b.type.rank > 1 else ()
    batch = _broadcast(a.shape[:-2], b.shape[:-2]) if max(a.type.rank, b.type.rank) > 2 else ()
    type = TensorType((*batch, *rows, *columns), a.type.element)
    return Array(_emit(numpy.matmul, a.value, b.value, types=[type]))


Array.__matmul__ = matmul


def transpose(a: Array, axes: Sequence[int]) -> Array:
    type = a.type.with_shape(tuple(a.shape[axis] for axis in axes))
    return Array(_emit(numpy.transpose, a.value, types=[type], axes=i64_array(axes)))


def reshape(a: Array, sizes: Sequence[int | Value]) -> Array:
    shape = tuple(size if isinstance(size, int) else None for size in sizes)
    dynamic = [size for size in sizes if isinstance(size, Value)]
    return Array(_emit(numpy.reshape, a.value, dynamic, types=[a.type.with_shape(shape)]))


def concatenate(arrays: Sequence[Array], axis: int) -> Array:
    axis %= arrays[0].type.rank
    lengths = [a.shape[axis] for a in arrays]
    shape = list(_broadcast(*(a.shape[:axis] + (1,) + a.shape[axis + 1 :] for a in arrays)))
    shape[axis] = None if None in lengths else sum(lengths)
    type = arrays[0].type.with_shape(tuple(shape))
    return Array(_emit(numpy.concatenate, [a.value for a in arrays], types=[type], axis=axis))


def take(a: Array, indices: Array, axis: int = 0) -> Array:
    shape = a.shape[:axis] + indices.shape + a.shape[axis + 1 :]
    type = a.type.with_shape(shape)
    return Array(_emit(numpy.take, a.value, indices.value, types=[type], axis=axis))


def arange(size: int | Value, dtype: object = np.int64, start: float = 0, step: float = 1) -> Array:
    element = element_type(dtype)
    length = index_of(size) if isinstance(size, int) else size
    type = TensorType((size if isinstance(size, int) else None,), element)
    ends = [constant(np.array(value, dtype)).value for value in (start, step)]
    scalars = [_emit(numpy.item, value, types=[element]) for value in ends]
    return Array(_emit(numpy.arange, *scalars, length, types=[type]))


def full(value: float, sizes: Sequence[int | Value], dtype: object) -> Array:
    shape = tuple(size if isinstance(size, int) else None for size in sizes)
    dynamic = [size for size in sizes if isinstance(size, Value)]
    scalar = _emit(numpy.item, constant(np.array(value, dtype)).value, types=[element_type(dtype)])
    return Array(_emit(numpy.full, scalar, dynamic, types=[TensorType(shape, element_type(dtype))]))


def broadcast_to(a: Array, sizes: Sequence[int | Value]) -> Array:
    shape = tuple(size if isinstance(size, int) else None for size in sizes)
    dynamic = [size for size in sizes if isinstance(size, Value)]
    return Array(_emit(numpy.broadcast_to, a.value, dynamic, types=[a.type.with_shape(shape)]))


def insert(source: Array, dest: Array, key: Sequence[slice]) -> Array:
    """`dest[key] = source` with static slices, as a functional update."""
    offsets, sizes, strides = [], [], []
    for dim, item in zip(dest.shape, key, strict=True):
        start, stop, step = item.indices(dim)
        offsets.append(start), strides.append(step)
        sizes.append(len(range(start, stop, step)))
    return Array(
        _emit(
            numpy.insert_slice, source.value, dest.value, [], [], types=[dest.type],
            static_offsets=i64_array(offsets), static_sizes=i64_array(sizes),
            static_strides=i64_array(strides),
        )
    )  # fmt: skip
