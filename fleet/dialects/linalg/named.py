"""`linalg`'s named operations: what each name implies for maps, iterators and the region.

In: tables, one line an operation. Out: declarations in the dialect `linalg`. The one idea: a named
operation is a `generic` whose maps and region nobody writes: letters stand for the dimensions of
its operands, and the body is built from the elements' types, which are cast to the output's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fleet.dialects import arith, math
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import OpDef
from fleet.ir.types import IndexType, MemRefType, TensorType, Type, i1, is_float

Function = Callable[[Builder, Sequence[Value]], Value]

CONTRACTIONS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "matmul": (("mk", "kn", "mn"), "mnk", "k"),
    "matmul_transpose_a": (("km", "kn", "mn"), "mnk", "k"),
    "matmul_transpose_b": (("mk", "nk", "mn"), "mnk", "k"),
    "batch_matmul": (("bmk", "bkn", "bmn"), "bmnk", "k"),
    "batch_matmul_transpose_a": (("bkm", "bkn", "bmn"), "bmnk", "k"),
    "batch_matmul_transpose_b": (("bmk", "bnk", "bmn"), "bmnk", "k"),
    "batch_reduce_matmul": (("bmk", "bkn", "mn"), "bmnk", "bk"),
    "matvec": (("mk", "k", "m"), "mk", "k"),
    "vecmat": (("k", "km", "m"), "mk", "k"),
    "batch_matvec": (("bmk", "bk", "bm"), "bmk", "k"),
    "batch_vecmat": (("bk", "bkn", "bn"), "bnk", "k"),
    "dot": (("k", "k", ""), "k", "k"),
}
"""Dimensions of the operands, the iteration space, and what of it is reduced."""

CONVOLUTIONS: dict[str, str] = {
    "conv_1d": "Ww W w W",
    "conv_2d": "HWhw HW hw HW",
    "conv_3d": "DHWdhw DHW dhw DHW",
    "conv_1d_nwc_wcf": "nWfwc nWc wcf nWf",
    "conv_1d_ncw_fcw": "nfWcw ncW fcw nfW",
    "conv_2d_nhwc_hwcf": "nHWfhwc nHWc hwcf nHWf",
    "conv_2d_nhwc_fhwc": "nHWfhwc nHWc fhwc nHWf",
    "conv_2d_nchw_fchw": "nfHWchw ncHW fchw nfHW",
    "conv_2d_ngchw_fgchw": "ngfHWchw ngcHW fgchw ngfHW",
    "conv_2d_ngchw_gfchw": "ngfHWchw ngcHW gfchw ngfHW",
    "conv_3d_ndhwc_dhwcf": "nDHWfdhwc nDHWc dhwcf nDHWf",
    "conv_3d_ncdhw_fcdhw": "nDHWfdhwc ncDHW fcdhw nfDHW",
    "depthwise_conv_1d_nwc_wc": "nWcw nWc wc nWc",
    "depthwise_conv_1d_ncw_cw": "nWcw ncW cw ncW",
    "depthwise_conv_1d_nwc_wcm": "nWcmw nWc wcm nWcm",
    "depthwise_conv_2d_nhwc_hwc": "nHWchw nHWc hwc nHWc",
    "depthwise_conv_2d_nchw_chw": "nHWchw ncHW chw ncHW",
    "depthwise_conv_2d_nhwc_hwcm": "nHWcmhw nHWc hwcm nHWcm",
    "depthwise_conv_3d_ndhwc_dhwc": "nDHWdhwc nDHWc dhwc nDHWc",
    "depthwise_conv_3d_ncdhw_cdhw": "nDHWdhwc ncDHW cdhw ncDHW",
    "depthwise_conv_3d_ndhwc_dhwcm": "nDHWmdhwc nDHWc dhwcm nDHWcm",
}
"""The iteration space, then input, filter and output by its letters. A capital is a place of the
window: in the input, that place times the stride, and the small letter's place in the window times
the dilation."""
QUANTISED = (
    "conv_2d_nhwc_hwcf", "conv_2d_nhwc_fhwc", "conv_2d_ngchw_gfchw", "conv_3d_ndhwc_dhwcf",
    "depthwise_conv_2d_nhwc_hwc", "depthwise_conv_2d_nhwc_hwcm",
)  # fmt: skip
"""Those that there are with zero points, too, two scalars after the filter: names with `_q`."""
POOLING: dict[str, tuple[str, tuple[str, ...]]] = {
    "nwc": ("nWcw nWc w nWc", ("sum", "max", "max_unsigned", "min", "min_unsigned")),
    "ncw": ("ncWw ncW w ncW", ("sum", "max")),
    "nhwc": ("nHWchw nHWc hw nHWc", ("sum", "max", "max_unsigned", "min", "min_unsigned")),
    "nchw": ("ncHWhw ncHW hw ncHW", ("sum", "max")),
    "ndhwc": ("nDHWcdhw nDHWc dhw nDHWc", ("sum", "max", "min")),
}
"""Likewise; of the second input only the shape counts. And which functions there are."""


def _one_of(for_float: OpDef, for_integer: OpDef, for_bit: OpDef | None = None) -> Function:
    """The operation by the elements' type."""

    def apply(builder: Builder, values: Sequence[Value]) -> Value:
        type = values[0].type
        if is_float(type):
            return builder.value(for_float, *values)
        return builder.value(for_bit if type == i1 and for_bit else for_integer, *values)

    return apply


def _plain(definition: OpDef) -> Function:
    return lambda builder, values: builder.value(definition, *values)


def _reciprocal(builder: Builder, values: Sequence[Value]) -> Value:
    one = builder.constant(1.0, values[0].type)
    return builder.value(arith.divf, one, values[0])


UNARY: dict[str, Function] = {
    "exp": _plain(math.exp), "log": _plain(math.log), "abs": _plain(math.absf),
    "ceil": _plain(math.ceil), "floor": _plain(math.floor), "negf": _plain(arith.negf),
    "reciprocal": _reciprocal, "round": _plain(math.round), "sqrt": _plain(math.sqrt),
    "rsqrt": _plain(math.rsqrt), "square": lambda b, v: b.value(arith.mulf, v[0], v[0]),
    "tanh": _plain(math.tanh), "erf": _plain(math.erf),
}  # fmt: skip
BINARY: dict[str, Function] = {
    "add": _one_of(arith.addf, arith.addi, arith.ori),
    "sub": _one_of(arith.subf, arith.subi),
    "mul": _one_of(arith.mulf, arith.muli, arith.andi),
    "div": _one_of(arith.divf, arith.divsi),
    "div_unsigned": _plain(arith.divui),
    "max_signed": _one_of(arith.maximumf, arith.maxsi),
    "min_signed": _one_of(arith.minimumf, arith.minsi),
    "max_unsigned": _one_of(arith.maximumf, arith.maxui),
    "min_unsigned": _one_of(arith.minimumf, arith.minui),
    "powf": _plain(math.powf),
}
TERNARY: dict[str, Function] = {"select": _plain(arith.select)}
ELEMENTWISE: dict[str, Function] = {
    **UNARY,
    **{name: BINARY[name] for name in ("add", "sub", "mul", "div", "div_unsigned", "powf")},
    "max": BINARY["max_signed"],
    "min": BINARY["min_signed"],
    **TERNARY,
}
"""Operations whose operands all have the output's rank."""


def element(type: Type) -> Type:
    """What one point of the iteration space takes of an operand: of a vector all."""
    return type.element if isinstance(type, TensorType | MemRefType) else type


def cast(builder: Builder, value: Value, target: Type, unsigned: bool = False) -> Value:
    """A number as one of another type."""
    source = value.type
    if source == target:
        return value
    if is_float(source) and is_float(target):
        definition = arith.extf if target.width > source.width else arith.truncf
    elif is_float(source):
        definition = arith.fptoui if unsigned else arith.fptosi
    elif is_float(target):
        if isinstance(source, IndexType):
            raise TypeError(f"{source} is not cast to {target}")
        definition = arith.uitofp if unsigned else arith.sitofp
    elif IndexType in (type(source), type(target)):
        definition = arith.index_castui if unsigned else arith.index_cast
    elif target.width > source.width:
        definition = arith.extui if unsigned else arith.extsi
    else:
        definition = arith.trunci
    return builder.value(definition, value, types=[target])


def _kind(operation: Operation, name: str, default: str) -> str:
    """The word in an attribute such as `#linalg.unary_fn<exp>`."""
    text = operation.get(name)
    return default if text is None else str(text).partition("<")[2].removesuffix(">")


def body(operation: Operation, compute: Callable[[Builder, Block], Value], yields: OpDef) -> Region:
    """A region over elements of the operands that yields what `compute` makes of them."""
    block = Block([element(value.type) for value in operation.operands])
    builder = Builder(block)
    builder.create(yields, [compute(builder, block)])
    return Region([block])


def is_unsigned(operation: Operation) -> bool:
    return _kind(operation, "cast", "cast_signed") == "cast_unsigned"


def contraction(operation: Operation) -> Callable[[Builder, Block], Value]:
    """out + left * right."""

    def compute(builder: Builder, block: Block) -> Value:
        *pair, total = block.arguments
        unsigned = is_unsigned(operation)
        left, right = (cast(builder, value, total.type, unsigned) for value in pair)
        product = BINARY["mul"](builder, [left, right])
        return BINARY["add"](builder, [total, product])

    return compute


def convolution(operation: Operation) -> Callable[[Builder, Block], Value]:
    """out + input * filter, each less its zero point where there are such."""

    def compute(builder: Builder, block: Block) -> Value:
        source, weight, *zeros, total = block.arguments
        factors = []
        for number, value in enumerate((source, weight)):
            factor = cast(builder, value, total.type)
            if zeros:
                factor = BINARY["sub"](builder, [factor, cast(builder, zeros[number], total.type)])
            factors.append(factor)
        return BINARY["add"](builder, [total, BINARY["mul"](builder, factors)])

    return compute


def pooling(operation: Operation) -> Callable[[Builder, Block], Value]:
    """The sum or the like of out and the input."""
    function = operation.name.split("_", 2)[2]
    unsigned = function.endswith("unsigned")
    name = {"sum": "add", "max": "max_signed", "min": "min_signed"}.get(function, function)

    def compute(builder: Builder, block: Block) -> Value:
        source, _, total = block.arguments
        return BINARY[name](builder, [total, cast(builder, source, total.type, unsigned)])

    return compute


def elementwise(operation: Operation) -> Callable[[Builder, Block], Value]:
    """The function of the inputs, cast first where the name says so."""
    name = operation.name.removeprefix("linalg.")

    def compute(builder: Builder, block: Block) -> Value:
        *inputs, output = block.arguments
        if name in ("fill", "copy", "elemwise_unary", "elemwise_binary"):
            unsigned = is_unsigned(operation)
            inputs = [cast(builder, value, output.type, unsigned) for value in inputs]
        match name:
            case "fill" | "copy":
                return inputs[0]
            case "elemwise_unary":
                return UNARY[_kind(operation, "fun", "exp")](builder, inputs)
            case "elemwise_binary":
                return BINARY[_kind(operation, "fun", "add")](builder, inputs)
        return ELEMENTWISE[name](builder, inputs)

    return compute


def shape(region: Region) -> list[Any]:
    """A small region's operations with operands by number: enough to compare bodies."""
    numbers: dict[object, int] = {}
    listed: list[Any] = []
    for argument in region.block.arguments:
        numbers[argument] = len(numbers)
        listed.append(argument.type)
    for inner in region.block:
        operands = [numbers.get(value, -1) for value in inner.operands]
        if inner.has_trait("Commutative"):
            operands.sort()
        attributes = sorted(inner.attributes.items(), key=lambda item: item[0])
        results = [result.type for result in inner.results]
        listed.append((inner.name, operands, results, attributes))
        for result in inner.results:
            numbers[result] = len(numbers)
    return listed
