"""`numpy`: what the front end emits. NumPy's functions with broadcasting, Python's host services.

Operands are tensors (ranks may differ; shapes broadcast as NumPy's do) and scalars (rank-0 tensors
for NumPy scalars; `i64`, `f64`, `i1` for Python's int, float, bool). Result types are explicit:
the front end has applied NumPy's promotion rules (NEP 50) and inserted `numpy.cast`, so the
operands of an arithmetic operation have one element type. Booleans are i1, unsigned are `ui8` ….
Complex numbers are elements of tensors (`complex<f64>`), never values of their own; a NumPy scalar
is a tensor of rank 0.

Run-time Python objects are tensors as well: str is `tensor<?xui8>` (UTF-8), bytes `tensor<?xui8>`,
a list of int `tensor<?xi64>`, of float `tensor<?xf64>`.
"""

from __future__ import annotations

from fleet.ir.definition import COMMUTATIVE, ELEMENTWISE, FREE, PURE, RAISES, Dialect, OpDef
from fleet.ir.interfaces import DestinationStyle

NUMPY = Dialect("numpy")

FAST_SUMS = "fleet.fast_sums"
"""An attribute of modules whose sums of floats may be added up in any order."""

HALVES, CONVERTED, COMPUTED = "fleet.halves", "converted", "computed"
"""An attribute of modules for machines that know float16: those that convert it to float32 and
back, and those that compute with it."""
QUIET = "fleet.quiet"
"""An attribute of modules: the places of integer arithmetic that wraps, and nobody warns of."""
UNSIGNED, MIXED = "fleet.unsigned", "fleet.mixed"
"""Attributes of modules: the places of arithmetic on NumPy's unsigned integers, and those of them
where signed ones are computed, too."""

BINARY = (
    "subtract", "divide", "floor_divide", "remainder", "power", "left_shift", "right_shift",
    "fmod", "arctan2", "hypot", "copysign", "float_power",
)  # fmt: skip
BINARY_COMMUTATIVE = (
    "add", "multiply", "maximum", "minimum", "bitwise_and", "bitwise_or", "bitwise_xor",
)  # fmt: skip
COMPARE = ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")
UNARY = (
    "negative", "absolute", "sqrt", "exp", "expm1", "log", "log2", "log10", "log1p", "tanh",
    "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "arcsinh", "arccosh",
    "arctanh", "exp2", "cbrt", "floor", "ceil", "trunc", "rint", "invert", "logical_not", "isnan",
    "conjugate", "square",
)  # fmt: skip
REDUCE = ("sum", "prod", "max", "min", "all", "any")


def _elementwise(name: str, operands: str, *traits: str) -> OpDef:
    return NUMPY.op(name, f"{operands} -> result: Any", traits={PURE, ELEMENTWISE, *traits})


binary = {name: _elementwise(name, "x1: Any, x2: Any") for name in BINARY + COMPARE} | {
    name: _elementwise(name, "x1: Any, x2: Any", COMMUTATIVE) for name in BINARY_COMMUTATIVE
}
"""Both operands have the same element type; comparisons give i1."""
unary = {name: _elementwise(name, "x: Any") for name in UNARY}
fma = _elementwise("fma", "x1: Any, x2: Any, x3: Any")
"""x1 * x2 + x3, rounded once."""
complex_ = _elementwise("complex", "real: Tensor, imag: Tensor")
"""The complex numbers of these parts."""
parts = {name: _elementwise(name, "x: Tensor") for name in ("real", "imag")}
"""A part of complex numbers."""
where = _elementwise("where", "condition: Any, x: Any, y: Any")
cast = _elementwise("cast", "x: Any", FREE)
"""astype: to the result's element type, with C's conversion rules as NumPy has them."""
bitcast = _elementwise("bitcast", "x: Any", FREE)
"""view: the same bits as elements of another type of the same width."""

reduce = {
    name: NUMPY.op(
        name,
        "a: Tensor -> result: Tensor",
        attributes="axes: Numbers, keepdims: Unit?, order: Numbers?, apart: Numbers?, "
        "of_complex: Unit?",
        traits={PURE},
    )
    for name in REDUCE
}
"""`axes`: DenseArrayAttr of non-negative positions; `keepdims`: unit. sum/prod: result's dtype.
The bits of a sum depend on how NumPy's array lies in memory: `order` has its axes from the one with
the largest stride to that with the smallest (by default they lie as rows do), `apart` the places in
that list behind which a step is not as long as the whole next axis; `of_complex`: it is a part of a
sum of complex numbers, of which NumPy has half as many running sums.
max/min of nothing is an error that the front end checks for (NumPy: zero-size array …)."""
argmax = NUMPY.op("argmax", "a: Tensor -> result: Tensor", attributes="axis: I64", traits={PURE})
"""First maximum along one axis (NaN counts as maximum); the axis is dropped; i64."""
argmin = NUMPY.op("argmin", "a: Tensor -> result: Tensor", attributes="axis: I64", traits={PURE})
CUMULATE = ("cumsum", "cumprod", "cummax", "cummin")
cumulate = {
    name: NUMPY.op(name, "a: Tensor -> result: Tensor", attributes="axis: I64", traits={PURE})
    for name in CUMULATE
}
"""Each element combined with all before it along one axis, in order (NaN wins an extreme)."""
sort = NUMPY.op("sort", "a: Tensor -> result: Tensor", traits={PURE})
argsort = NUMPY.op("argsort", "a: Tensor -> result: Tensor", traits={PURE})
"""Along the last axis, NaN last; argsort gives i64 positions and keeps the order of equals."""
searchsorted = NUMPY.op(
    "searchsorted", "sorted: Tensor, values: Tensor -> result: Tensor",
    attributes="right: Unit?", traits={PURE},
)  # fmt: skip
"""Where each value would be put in a sorted 1-d array: before its equals, or after (`right`)."""
nonzero = NUMPY.op("nonzero", "a: Tensor -> result: Tensor", traits={PURE})
"""The positions (i64) of a 1-d array of bools that are true; how many, only the values tell."""
SCATTER = ("set", "add", "subtract", "multiply", "maximum", "minimum")
scatter = NUMPY.op(
    "scatter",
    "values: Tensor, indices: Tensor, dest: Tensor -> result: Tensor",
    attributes="combine: String",
    traits={PURE},
    interfaces=[DestinationStyle("dest", reads="indices")],
)
"""A 1-d `dest` after `dest[indices[i]] = values[i]` for each i in order, or the two combined."""

matmul = NUMPY.op("matmul", "x1: Tensor, x2: Tensor -> result: Tensor", traits={PURE})
"""NumPy's: 1-d operands, batch dimensions that broadcast."""

transpose = NUMPY.op(
    "transpose", "a: Tensor -> result: Tensor", attributes="axes: Numbers", traits={PURE, FREE}
)
reshape = NUMPY.op("reshape", "a: Tensor, sizes: Index* -> result: Tensor", traits={PURE, FREE})
"""To the result type's shape; `sizes` gives its dynamic dimensions in order."""
broadcast_to = NUMPY.op(
    "broadcast_to", "a: Tensor, sizes: Index* -> result: Tensor", traits={PURE, FREE}
)
concatenate = NUMPY.op(
    "concatenate", "arrays: Tensor* -> result: Tensor", attributes="axis: I64", traits={PURE}
)
"""Same rank and element type; lengths may differ along `axis` only."""
slice = NUMPY.op(
    "slice",
    "a: Tensor, offsets: Index*, sizes: Index* -> result: Tensor",
    attributes="static_offsets: I64Array, static_sizes: I64Array, static_strides: I64Array",
    traits={PURE, FREE},
)
"""Basic indexing with bounds already clipped: element i of axis a is a[offset + i * stride]
(negative strides welcome). DYNAMIC (of `tensor`) marks entries given as operands. An axis that an
int subscript drops has size 1 here and is removed by a `numpy.reshape`."""
insert_slice = NUMPY.op(
    "insert_slice",
    "source: Tensor, dest: Tensor, offsets: Index*, sizes: Index* -> result: Tensor",
    attributes="static_offsets: I64Array, static_sizes: I64Array, static_strides: I64Array",
    traits={PURE},
    interfaces=[DestinationStyle("dest", reads="source")],
)
"""`dest` with a slice replaced: `a[i:j] = x` as a functional update; source has its shape."""
take = NUMPY.op(
    "take", "a: Tensor, indices: Tensor -> result: Tensor", attributes="axis: I64", traits={PURE}
)
"""Integer-array indexing on one axis: the result's shape is a.shape with `axis` replaced by
indices.shape. Indices are in range and non-negative: `numpy.check_indices` came before."""
check_indices = NUMPY.op(
    "check_indices", "indices: Tensor, size: Index -> result: Tensor", attributes="axis: I64"
)
"""Raises IndexError for an index outside [-size, size); negative ones are wrapped in the result."""
arange = NUMPY.op(
    "arange", "start: Any, step: Any, size: Index -> result: Tensor", traits={PURE, FREE}
)
"""start + i * step for i < size; start and step are scalars of the result's element type."""
full = NUMPY.op("full", "value: Any, sizes: Index* -> result: Tensor", traits={PURE, FREE})
"""zeros, ones, full: a scalar of the element type everywhere."""
to_tensor = NUMPY.op("to_tensor", "value: Any -> result: Tensor", traits={PURE, FREE})
"""A Python scalar (i64, f64, i1) as a rank-0 tensor of the same element type."""
item = NUMPY.op("item", "a: Tensor -> result: Any", traits={PURE, FREE})
"""The only element of a tensor with one element, as a scalar of its element type."""
stack = NUMPY.op("stack", "values: Any* -> result: Tensor", traits={PURE})
"""Scalars of one type as a 1-d tensor: `np.array([a, b])`, or a list becoming a run-time list."""

INT = (
    "int_add", "int_sub", "int_mul", "int_floordiv", "int_mod", "int_lshift", "int_pow",
    "int_powmod", "int_truediv", "int_trunc",
)  # fmt: skip
INT_COMPARE = ("int_eq", "int_lt", "int_le", "int_gt", "int_ge")

_INT = "operands: Any* -> result: Any"
ints = {name: NUMPY.op(name, _INT, traits={RAISES, FREE}) for name in INT} | {
    name: NUMPY.op(name, _INT, traits={PURE, FREE}) for name in INT_COMPARE
}
"""Python's operators on its numbers, where `arith` on i64 might give another number: ints beyond
64 bits are an OverflowError, ints are divided (int_truediv) and compared with floats exactly,
int_trunc is int() of a float. Raise what Python raises (see `fleet.integers`)."""

check = NUMPY.op(
    "check",
    "condition: I1, operands: Any*",
    attributes="exception: String, message: String, kinds: Strings",
    traits={FREE},
)
"""Raises `exception` (class name) with the formatted message when the condition is false.
`message` holds `{}` for each operand; `kinds` says how each is printed (see `host`)."""
host = NUMPY.op(
    "host",
    "operands: Any* -> results: Any*",
    attributes="service: String, kinds: Strings, result_kinds: Strings, options: Dict?",
)
"""A service of the host: `service` in SERVICES. `kinds` has, for each operand, its Python kind:
int float bool str bytes array scalar list object none … `options`: a dictionary of further
constants. An `object` is an i64, the name of one of the run's objects (see `fleet.objects`)."""

SERVICES = {
    "attempt": "(any...) -> (int, str, any): options asks, raises, result_kind: that service, or "
    "which of these exceptions it raised, from 1, its message, and any value",
    "argc": "() -> int: len(sys.argv)",
    "argv": "(int) -> str: sys.argv[i]; the subscript was checked before",
    "arguments": "() -> object: a list of sys.argv",
    "print": "(any...) -> (): options sep, end, file (stdout|stderr)",
    "warn": "(str?) -> (): options message, category, file, line: a warning of known values, or "
    "of this text",
    "format": "(any...) -> str: options template: parts with {} , conversion and format spec",
    "parse_int": "(str) -> int: int(text); raises ValueError",
    "parse_float": "(str) -> float: float(text); raises ValueError",
    "decode": "(bytes) -> str: options errors; raises UnicodeDecodeError",
    "list_to_bytes": "(list) -> bytes: bytes(list of int); raises ValueError",
    "exit": "(any...) -> (): sys.exit(value); does not come back",
    "check_indices": "(array, int) -> array: wraps negative indices; raises IndexError",
    "clock": "() -> float: time.perf_counter()",
    "time": "() -> float: time.time()",
    "getcwd": "() -> str: os.getcwd()",
    "levels": "() -> int: how many more functions may be called in one another",
    "recursion_limit": "(int) -> (): sys.setrecursionlimit(limit)",
    "getenv": "(str, str) -> str: os.environ.get(name, default)",
    "environ": "(str) -> str: os.environ[name]; raises KeyError",
    "entropy": "(int) -> array: that many random int64, of which nobody knows the seed",
    "input": "(str) -> str: input(prompt)",
    "stdin": "(int?) -> any: options name: read (so many), readline, readlines, lines, more",
    "file": "(any...) -> any...: options name: open, read, …: what a file of the run does",
    "build": "(any...) -> object: options form: a list, dict, set, tuple, ... of these",
    "operator": "(any...) -> any?: options name: an operator of Python's, `in` and subscripts too",
    "method": "(any...) -> any?: options name, named: a method of the first, keywords come last",
    "function": "(any...) -> any?: options name, named: a builtin function or one of a module's",
    "unpack": "(any) -> object...: options count, after: the items of an iterable, so many",
    "unpacked": "(any) -> object: the same as one tuple",
    "asks": "(any...) -> int: options of, and those of that service: perform it until it has to "
    "know what `__hash__` or `__eq__` of the program gives; 3 n + 1 for a hash, 3 n + 2 for an "
    "equality, 3 n where it is done, and the next service gives its result",
    "asked": "(int, int) -> object: whom the question of that token is about",
    "answer": "(int, any) -> int: the answer to it; the next token",
    "edit": "(list, any...) -> list, any?: options name: the list after a method that changes it",
}
