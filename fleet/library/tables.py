"""The modules that programs can import, and how arrays' attributes are found.

In: an evaluator. Out: its module table. The one idea: numpy is three tables: element-wise
functions that are primitive, names that NumPy itself provides for known values (dtypes,
constants), and what the prelude defines in Python; methods are the prelude's functions too.
"""

from __future__ import annotations
import __future__

import abc
import bisect
import cmath
import collections
import collections.abc
import enum
import functools
import heapq
import itertools
import math
import numbers as abstract_numbers
import operator
import os
import os.path
import random
import re
import sys
import time
import typing
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from fleet.dialects import numpy as dialect
from fleet.evaluator.language import calls
from fleet.evaluator.language.imports import supplement, supplemented
from fleet.evaluator.objects import operations, special_methods
from fleet.evaluator.objects.modules import LateModule, Module
from fleet.evaluator.objects.prelude_names import NAMESPACES, real_module
from fleet.evaluator.objects.provided import provided
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers, objects, sizes
from fleet.evaluator.values.heap import Dict, List
from fleet.evaluator.values.ndarrays import arrays, elementwise, indexing, tensors
from fleet.evaluator.values.sequences import is_run_time_sequence
from fleet.evaluator.values.then import Array, Number, Numbers, Object, Then, is_run_time_list
from fleet.library import hyperbolic
from fleet.library.collections import make_collections
from fleet.library.command_lines import command_line_primitives
from fleet.library.doctests import doctest_table
from fleet.library.enumerations import enum_table
from fleet.library.exact_numbers import exact_number_primitives
from fleet.library.files import file_primitives
from fleet.library.functools import make_functools
from fleet.library.heaps import bisect_table, heapq_table
from fleet.library.host_functions import complex_functions, with_host_functions
from fleet.library.itertools import make_itertools
from fleet.library.known import codec_primitives, json_primitives, known_primitives, re_table
from fleet.library.numpy import fourier
from fleet.library.numpy.absent import absent_help
from fleet.library.numpy.array_files import file_readers, file_table
from fleet.library.numpy.array_primitives import array_primitives
from fleet.library.numpy.dtypes import dtype_table
from fleet.library.numpy.float_errors import error_table
from fleet.library.numpy.object_arrays import object_array_primitives
from fleet.library.numpy.prelude_names import Methods, Prelude
from fleet.library.numpy.printing import printing_table
from fleet.library.numpy.run_arrays import run_array_primitives
from fleet.library.numpy.structured import structured_primitives
from fleet.library.numpy.text_arrays import text_array_primitives
from fleet.library.numpy.ufuncs import ufuncs
from fleet.library.numpy.vetting import vetting_primitives
from fleet.library.numpy.whole_numbers import whole_number_primitives
from fleet.library.object_primitives import object_primitives
from fleet.library.operator import make_operator
from fleet.library.paths import path_primitives
from fleet.library.random_numbers.generators import random_table
from fleet.library.random_numbers.python_random import random_module
from fleet.library.services import os_table, time_table
from fleet.library.system import path_table, sys_table
from fleet.library.typing_names import (
    abc_table,
    abstract_collections,
    array_types,
    named_tuple_class,
    typed_dict,
    types_table,
    typing_table,
)

_MODULES = Path(__file__).parent / "modules"
LIBRARY = {path.stem.replace("__", "."): path for path in _MODULES.glob("[!_]*.py")}
"""Modules that are written in Python for our front end."""
_DTYPES = """bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64
    intp uintp single double half byte ubyte short ushort intc uintc long ulong longlong
    ulonglong uint complex64 complex128 csingle cdouble""".split()
_CONSTANTS = "pi e inf nan euler_gamma newaxis __version__".split()
_AS_IS = """dtype str_ object_ iinfo finfo ndarray bool int_ float_ index_exp s_ True_ False_
    ScalarType sctypeDict little_endian ufunc""".split()
NUMPY_MODULES = ("numpy", "numpy.exceptions", "numpy.lib", *NAMESPACES.values())
"""Those whose functions are in the prelude; modules before what is in them."""
_INSIDE = (
    "linalg random fft lib stride_tricks exceptions emath polynomial strings char typing "
    "chebyshev legendre hermite hermite_e laguerre".split()
)
_OF_MODULES: dict[str, dict[str, Any]] = {
    "numpy.exceptions": {name: value for name, value in vars(np.exceptions).items()
                         if isinstance(value, type)},
    "numpy.linalg": {"LinAlgError": np.linalg.LinAlgError},
}  # fmt: skip
"""What else is in NumPy's modules."""
METHODS = {
    "reshape": "method_reshape", "transpose": "method_transpose", "flatten": "method_flatten",
    "astype": "method_astype", "fill": "method_fill", "copy": "method_copy",
    "sort": "method_sort", "partition": "method_partition", "put": "method_put",
    "compress": "method_compress", "view": "method_view", "setflags": "method_setflags",
    "tobytes": "method_tobytes", "tofile": "method_tofile", "byteswap": "method_byteswap",
    "resize": "method_resize", "clip": "method_clip",
} | {
    name: name for name in
    """sum prod max min mean var std all any argmax argmin cumsum ravel squeeze swapaxes
       dot repeat take trace round nonzero argsort argpartition searchsorted choose
       cumprod diagonal""".split()
}  # fmt: skip
METHODS["conj"] = METHODS["conjugate"] = "method_conj"


def make_modules(machine: Machine) -> dict[str, Module]:
    """All importable modules by name; numpy's prelude is evaluated when first asked for."""

    def reject(name: str) -> Any:
        hint = absent_help(name) if name.startswith("numpy.") else None
        return machine.error(f"{name} is not supported", hint)

    modules: dict[str, Module] = {}
    modules["math"] = Module("math", _math_table(machine), math, reject)
    modules["os.path"] = Module("os.path", path_table(machine), os.path, reject)
    modules["os"] = Module(
        "os", {"path": modules["os.path"]} | os_table(machine), os, reject,
    )  # fmt: skip
    modules["sys"] = Module("sys", sys_table(machine), sys, reject, variables=machine.streams)
    modules["time"] = Module("time", time_table(machine), time, reject)
    modules["functools"] = Module("functools", make_functools(machine), functools, reject)
    modules["operator"] = Module("operator", make_operator(machine), operator, reject)
    modules["itertools"] = Module("itertools", make_itertools(machine), itertools, reject)
    modules["heapq"] = Module("heapq", heapq_table(machine), heapq, reject)
    modules["bisect"] = Module("bisect", bisect_table(machine), bisect, reject)
    modules["collections"] = Module("collections", make_collections(machine), collections, reject)
    modules["typing"] = Module("typing", typing_table(machine), typing, reject)
    machine.templates[modules["typing"].get("NamedTuple")] = named_tuple_class(machine)
    machine.templates[modules["typing"].get("TypedDict")] = functools.partial(typed_dict, machine)
    modules["abc"] = Module("abc", abc_table(machine), abc, reject)
    modules["random"] = Module("random", random_module(machine), random, reject)
    modules["cmath"] = Module("cmath", complex_functions(machine), cmath, reject)
    modules["re"] = Module("re", re_table(machine), re, reject)
    modules["enum"] = Module("enum", enum_table(machine), enum, reject)
    table = abstract_collections(machine)
    modules["collections.abc"] = Module("collections.abc", table, collections.abc, reject)
    modules["numbers"] = Module("numbers", {
        name: getattr(abstract_numbers, name) for name in abstract_numbers.__all__
    }, abstract_numbers, reject)  # fmt: skip
    modules["collections"].values["abc"] = modules["collections.abc"]
    modules["__future__"] = Module("__future__", {
        name: getattr(__future__, name) for name in __future__.all_feature_names
    }, __future__, reject)  # fmt: skip
    modules["doctest"] = LateModule(
        "doctest", functools.partial(doctest_table, machine), reject)
    modules["primitives"] = Module("primitives", _primitive_table(machine), None, reject)
    modules["numpy.random"] = Module("numpy.random", random_table(machine), np.random, reject)
    modules["numpy.typing"] = LateModule("numpy.typing", array_types, reject)
    for name in reversed(NUMPY_MODULES):
        parts = (part for part in _INSIDE if f"{name}.{part}" in modules)
        inside = {part: modules[f"{name}.{part}"] for part in parts}
        table = _numpy_table(machine) if name == "numpy" else _OF_MODULES.get(name, {})
        modules[name] = Module(name, table | inside, real_module(name), reject)
    for name, path in LIBRARY.items():
        if name in modules:
            modules[name].more = supplement(machine, name, path)
    machine.inner = lambda name: supplemented(machine, name, _MODULES / f"{name}.py").values
    return modules


# -- numpy


def _numpy_table(machine: Machine) -> dict[str, Any]:
    table: dict[str, Any] = dict(ufuncs(machine))
    for name in (*_DTYPES, *_CONSTANTS, *_AS_IS):
        if hasattr(np, name):
            table[name] = getattr(np, name)
    table["typecodes"] = Dict(machine.heap, np.typecodes)
    table["matmul"] = machine.backend.primitives["matmul"]
    table |= file_table(machine)
    table |= error_table(machine) | printing_table(machine) | dtype_table(machine)
    return table


def _primitive_table(machine: Machine) -> dict[str, Any]:
    backend = machine.backend

    def known(name: str, *arguments: Any) -> Any:
        made = operator.attrgetter(name)(np)(*map(arrays.plain, arguments))
        return tuple(map(backend.array, made)) if isinstance(made, tuple) else backend.array(made)

    def steps(start: Any, stop: Any, step: Any) -> Any:
        start, stop, step = map(plain_number, (start, stop, step))
        kinds = {numbers.kind_of(value) for value in (start, stop, step)}
        if kinds == {"int"}:
            return machine.builtins["len"](machine.constructors[range](start, stop, step))
        e = backend.e
        gap = numbers.binary(e, "truediv", stop - start, step)
        negated = numbers.unary(e, "neg", gap)
        whole = e.value(dialect.unary["floor"], negated.native, types=[negated.native.type])
        count = numbers.unary(e, "neg", Number(e, "float", whole))
        known = numbers.compare(e, "eq", count, count)
        numbers.require(e, known, "ValueError", "arange: cannot compute length")
        fits = numbers.compare(e, "le", numbers.unary(e, "abs", count), float(sizes.LENGTH))
        numbers.require(e, fits, "ValueError", "Maximum allowed size exceeded")
        return numbers.maximum(e, numbers.to_int(e, count), 0)

    def plain_number(value: Any) -> Any:
        if isinstance(value, Array):
            return tensors.to_number(backend.e, value)
        return value.item() if isinstance(value, np.generic) else value

    def item(value: Any, *position: Any) -> Any:
        if not position:
            return backend.primitives["item"](value)
        position = position[0] if isinstance(position[0], tuple) else position
        if len(position) == 1 and len(tensors.dims_of(value)) != 1:
            value = backend.primitives["reshape"](value, (-1,))
        return backend.primitives["item"](operations.get_item(machine, value, tuple(position)))

    def loop_of(name: str, *values: Any) -> np.dtype:
        """The dtype of a ufunc's result. Raises NumPy's own TypeError."""
        return elementwise.resolve(name, values)[-1]

    def is_shape(value: Any) -> bool:
        """Whether reductions of it fold: a tuple of known Python numbers, such as a shape."""
        return isinstance(value, tuple) and all(
            isinstance(part, int | float) for part in value)  # fmt: skip

    def put_into(out: Any, made: Any) -> Any:
        """An array of the result's shape, filled with it."""
        if backend.e is None:
            out[...] = made
            return out
        return indexing.replace(backend.e, out, made)

    def reduction_dtype(name: str, a: Any, dtype: Any, out: Any, axes: int = 1) -> np.dtype:
        """In which dtype NumPy reduces so many axes, or accumulates. Raises what it raises."""
        place = None if out is None else np.zeros((), out.dtype)
        with np.errstate(all="ignore"):
            made = getattr(np, name).reduce(
                np.ones((1,) * axes, a.dtype), axis=None, dtype=dtype, out=place
            )
        return np.result_type(made) if out is None or dtype is None else np.dtype(dtype)

    def require_castable(function: Any, *operands: Any) -> None:
        """Raise what NumPy raises where a result does not fit into the first operand."""
        given = [np.ones(1, one.dtype) for one in operands]
        with np.errstate(all="ignore"):
            function.real.at(given[0], [0], *given[1:])

    def warn(message: str) -> None:
        warnings.warn(message, RuntimeWarning, stacklevel=1)

    def is_scalar(value: Any) -> bool:
        return isinstance(value, np.generic) or (isinstance(value, Array) and value.scalar)

    def asarray(value: Any, dtype: Any = None) -> Any:
        """np.asarray, which asks objects of the program for their `__array__`."""
        return backend.primitives["asarray"](special_methods.as_data(machine, value), dtype)

    def asarray_as_float(value: Any) -> Any:
        """asarray, of a list of ints as the floats that their mean is taken of, empty or not."""
        late = is_run_time_list(value) and isinstance(value.run_time, Numbers)
        return asarray(value, np.float64 if late else None)

    def np_dtype(given: Any) -> np.dtype:
        dtype = np.dtype(given)
        return dtype if backend.e is None else tensors.check_dtype(backend.e, dtype)

    def known_view(array: Any, dtype: Any) -> Any:
        return backend.array(arrays.plain(array).view(dtype))

    def einsum_plan(terms: Any, shapes: Any, last: Any, optimize: Any) -> tuple[List, str]:
        """np.einsum_path of arrays of these shapes."""
        ones = [np.broadcast_to(np.ones(()), shape) for shape in shapes]
        if isinstance(terms[0], str):
            operands = [terms[0], *ones]
        else:
            pairs = zip(ones, map(arrays.plain, terms), strict=False)
            operands = [one for pair in pairs for one in pair] + list(map(arrays.plain, last))
        path, text = np.einsum_path(*operands, optimize=arrays.plain(optimize))
        return List(machine.heap, path), text

    return dict(backend.primitives) | {
        "einsum_plan": einsum_plan,
        "np_dtype": np_dtype, "known_view": known_view, "asarray": asarray,
        "asarray_as_float": asarray_as_float,
        "known": known, "steps": steps,
        "is_scalar": is_scalar, "is_shape": is_shape, "loop_of": loop_of, "put_into": put_into,
        "reduction_dtype": reduction_dtype, "warn": warn,
        "outside_of_loops": lambda: machine.regions == 0,
        "uncatchable": machine.uncatchable, "require_castable": require_castable, "item": item,
        "larger": lambda a, b: machine.builtins["max"](a, b),
        "smaller": lambda a, b: machine.builtins["min"](a, b),
    } | object_primitives(machine) | array_primitives(machine) | known_primitives(machine) | (
        json_primitives(machine) | codec_primitives(machine) | file_primitives(machine)
        | path_primitives(machine) | types_table()
        | command_line_primitives(machine) | exact_number_primitives(machine)
        | structured_primitives(machine)
        | text_array_primitives(machine) | object_array_primitives(machine)
        | vetting_primitives(machine)
        | whole_number_primitives(machine)
        | run_array_primitives(machine) | file_readers(machine)
        | fourier.primitives(backend.array)
    )  # fmt: skip



# -- arrays' attributes


ATTRIBUTES = {
    name: f"attribute_{name}" for name in ("flat", "flags", "strides", "base", "mT")
}
"""Attributes of arrays that are functions of the prelude."""


def array_attributes(machine: Machine, prelude: Prelude) -> dict[str, Callable[[Any], Any]]:
    """Attribute name -> function of the array."""
    primitives = machine.backend.primitives

    def size(value: Any) -> Any:
        total: Any = 1
        for length in primitives["shape"](value):
            total = total * length
        return total

    def dtype(value: Any) -> np.dtype:
        return value.dtype

    def of_prelude(function: str) -> Callable[[Any], Any]:
        return lambda value: calls.call_value(machine, prelude.get(function), (value,), {})

    return {name: of_prelude(function) for name, function in ATTRIBUTES.items()} | {
        "shape": primitives["shape"],
        "dtype": dtype,
        "ndim": lambda value: len(tensors.dims_of(value)),
        "size": size,
        "T": lambda value: value if not tensors.dims_of(value) else primitives["transpose"](
            value, tuple(range(len(tensors.dims_of(value))))[::-1]
        ),
        "itemsize": lambda value: value.dtype.itemsize,
        "real": lambda value: primitives["part"]("real", value),
        "imag": lambda value: primitives["part"]("imag", value),
        "nbytes": lambda value: size(value) * value.dtype.itemsize,
    }


def array_methods(machine: Machine, prelude: Prelude) -> Methods:
    """Method name -> function whose first argument is the array."""
    table: dict[str, Any] = METHODS | {
        "item": machine.modules["primitives"].get("item"),
        "tolist": machine.backend.primitives["to_list"],
    }

    def make(name: str, function: Any) -> Any:
        return provided(name, prelude.get(function) if isinstance(function, str) else function,
                        _words(name))  # fmt: skip

    return Methods(table, make)


def _words(name: str) -> Callable[..., Any]:
    """NumPy's own method, asked how it refuses wrong arguments."""

    def real(_: Any, *arguments: Any, **keywords: Any) -> Any:
        return getattr(np.zeros((1, 1)), name)(*arguments, **keywords)

    return real


# -- the other modules


_POWER_ERRORS = numbers.PowerErrors(
    ("ValueError", "math domain error"),
    ("OverflowError", "math range error"),
    ("ValueError", "math domain error"),
)
"""What math.pow raises, where the operator is more talkative."""


def _math_table(machine: Machine) -> dict[str, Any]:
    table = {name: getattr(math, name) for name in dir(math) if not name.startswith("_")}
    for name in _MATH_NAMES.keys() & table.keys():  # exp2 is from Python 3.11 on
        meaning = _MATH_NAMES[name]
        table[name] = _on_float(machine, name, meaning, getattr(math, name))
    for name in "floor ceil trunc".split():
        table[name] = _to_whole(machine, name, getattr(math, name))
    for name, rule in _OF_A_FLOAT.items():
        table[name] = _by_rule(machine, name, rule)

    def power(x: Any, y: Any) -> Any:
        if isinstance(x, Then) or isinstance(y, Then):
            x, y = _float(machine, x), _float(machine, y)
            return numbers.float_power(machine.backend.e, x, y, _POWER_ERRORS)
        return math.pow(x, y)

    def prod(items: Any, *, start: Any = 1) -> Any:
        items = calls.all_of(machine, items)
        if isinstance(items, Object | Numbers) or is_run_time_sequence(items):
            given = [objects.shallow(items)]
            return objects.function(machine.backend.e, "math.prod", given, start=start)
        total = start
        for item in operations.known_items(machine, items):
            total = total * item
        return total

    return with_host_functions(machine, table | {"pow": power, "prod": prod})


def _float(machine: Machine, value: Any) -> Any:
    if isinstance(value, Array):
        value = tensors.to_number(machine.backend.e, value)
    return numbers.to_float(machine.backend.e, value) if isinstance(value, Number) else float(value)


def _by_rule(
    machine: Machine, name: str, rule: Callable[[Any, Number], Number]
) -> Callable[..., Any]:
    """A function of one float that is a few operations on it."""
    plain = getattr(math, name)

    def function(x: Any) -> Any:
        if not isinstance(x, Number | Array) or (isinstance(x, Array) and x.known is not None):
            return plain(x.known if isinstance(x, Array) else x)
        return rule(machine.backend.e, _float(machine, x))

    function.__name__ = name
    return function


_OF_A_FLOAT: dict[str, Callable[[Any, Number], Number]] = {
    "fabs": lambda e, x: numbers.unary(e, "abs", x),
    "degrees": lambda e, x: numbers.binary(e, "mul", x, 180.0 / math.pi),
    "radians": lambda e, x: numbers.binary(e, "mul", x, math.pi / 180.0),
    "isnan": lambda e, x: numbers.compare(e, "ne", x, x),
    "isinf": lambda e, x: numbers.compare(e, "eq", numbers.unary(e, "abs", x), math.inf),
    "isfinite": lambda e, x: numbers.compare(e, "lt", numbers.unary(e, "abs", x), math.inf),
    "tanh": hyperbolic.tanh,
}
_MATH_NAMES = {
    name: name
    for name in "sqrt exp exp2 log log2 log10 log1p expm1 sin cos tan sinh cosh".split()
} | {f"a{name}": f"arc{name}" for name in "sin cos tan sinh cosh tanh".split()}
"""Functions of one float, and what they are in the dialect."""


def _on_float(
    machine: Machine, name: str, meaning: str, plain: Callable[..., Any]
) -> Callable[..., Any]:
    def function(x: Any, *rest: Any) -> Any:
        if not isinstance(x, Number | Array) or (isinstance(x, Array) and x.known is not None):
            return plain(x.known if isinstance(x, Array) else x, *rest)
        if rest:
            raise machine.error(f"math.{name} of a run-time value takes one argument")
        e = machine.backend.e
        value = _float(machine, x)
        if name in ("sqrt", "log", "log2", "log10"):
            zero = numbers.compare(e, "ge" if name == "sqrt" else "gt", value, 0.0)
            nan = numbers.compare(e, "ne", value, value)
            numbers.require(e, numbers.either(e, zero, nan), "ValueError", "math domain error")
        made = Number(e, "float", e.value(
            dialect.unary[meaning], value.native, types=[value.native.type],
            said=numbers.SILENT,
        ))  # fmt: skip
        if name not in ("sqrt", "log", "log2", "log10", "exp", "expm1", "exp2"):
            _require_number(e, name, made, value)
        if name in ("exp", "expm1", "exp2", "sinh", "cosh"):
            numbers.check_overflow(e, made, "math range error", value)
        return made

    function.__name__ = name
    return function


def _require_number(e: Any, name: str, made: Number, value: Number) -> None:
    """That the result is a number, and atanh's and log1p's finite, if the argument is one."""
    answers = numbers.compare(e, "eq", made, made)
    nan = numbers.compare(e, "ne", value, value)
    numbers.require(e, numbers.either(e, answers, nan), "ValueError", "math domain error")
    if name in ("atanh", "log1p"):
        size = numbers.unary(e, "abs", made)
        finite = numbers.compare(e, "lt", size, math.inf)
        endless = numbers.compare(e, "eq", value, math.inf)
        answers = numbers.either(e, numbers.either(e, finite, endless), nan)
        numbers.require(e, answers, "ValueError", "math domain error")


def _to_whole(machine: Machine, name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
    def function(x: Any) -> Any:
        if not isinstance(x, Number | Array) or (isinstance(x, Array) and x.known is not None):
            return plain(x.known if isinstance(x, Array) else x)
        if isinstance(x, Number) and x.kind != "float":
            return numbers.to_int(machine.backend.e, x)
        e = machine.backend.e
        value = _float(machine, x)
        made = e.value(dialect.unary[name], value.native, types=[value.native.type])
        return machine.constructors[int](Number(e, "float", made))

    function.__name__ = name
    return function
