"""NumPy's element-wise functions: how they are called, and their methods.

In: operands, and the options that all of them take (`out`, `where`, `dtype`, `casting`). Out: what
NumPy gives for them. The one idea: the real function is asked, with arrays of one element of the
same dtypes, what it makes of these dtypes and options, so that dtypes and words of refusal are its
own; then the operands are cast to those of its loop, and the loop is an operation of the dialect or
a function of the prelude.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.dialects import numpy as dialect
from fleet.evaluator.language import calls
from fleet.evaluator.objects import members
from fleet.evaluator.objects.provided import refusal
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, numbers
from fleet.evaluator.values.heap import Dict
from fleet.evaluator.values.ndarrays import arrays, elementwise, indexing, layout, tensors
from fleet.evaluator.values.single import is_object_array
from fleet.evaluator.values.then import Array, Number

NAMES = {
    name: value.__name__ for name, value in sorted(vars(np).items())
    if isinstance(value, np.ufunc) and value.signature is None
} | {"divide": "divide", "true_divide": "divide"}  # fmt: skip
"""What programs call them -> NumPy's own name of them."""
_OF_DATES = "isnat"
_OF_COMPLEX = {"square"}
"""Operations of the dialect that are the prelude's for real numbers."""
_OPTIONS = {"out", "where", "casting", "order", "dtype", "subok", "signature", "sig"}
_STARTS = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min",
           "logical_and": "all", "logical_or": "any"}  # fmt: skip
"""Functions of two numbers -> those of the prelude that combine all of an array by them."""


@functools.cache
def _doc(name: str) -> str:
    """What NumPy says of a function, put together anew whenever it is asked."""
    return getattr(np, name).__doc__


class Ufunc:
    """An element-wise function.

    Where the dialect has no such operation, the prelude has a function of this name, of operands
    that have the dtypes of a loop of NumPy's.
    """

    def __init__(self, machine: Machine, name: str, meaning: str) -> None:
        self.real = getattr(np, name)
        self.__name__ = self.__qualname__ = self.real.__name__
        self.__doc__ = _doc(name)
        self.nin, self.nout, self.nargs = self.real.nin, self.real.nout, self.real.nargs
        self._machine = machine
        self._meaning = meaning
        self.primitive = meaning not in _OF_COMPLEX and (
            meaning in dialect.binary or meaning in dialect.unary
        )

    def __call__(self, *values: Any, **options: Any) -> Any:
        e = self._machine.backend.e
        if any(classes.is_made(type(value)) for value in values):
            primitives = self._machine.modules["primitives"]
            if any(map(primitives.get("is_text_array"), values)):
                primitives.get("refuse_texts")(self.__name__, *values)
            if any(map(is_object_array, values)):
                return self._of_objects("ufunc_of_objects", self.__name__, values, options)
        if e is None:
            return self.real(*values, **options)
        if not options and len(values) == self.nin and self.primitive:
            return elementwise.ufunc(e, self._meaning, *values)
        words = refusal(self.real, len(values), [])
        if words is not None:
            raise TypeError(words)
        inputs, outs = values[: self.nin], values[self.nin :]
        return self._call(inputs, self._outs(outs, options.pop("out", None)), options)

    def _of_objects(self, name: str, *arguments: Any) -> Any:
        """What the prelude makes of arrays of objects."""
        m = self._machine
        given = (*arguments[:-1], Dict(m.heap, arguments[-1]))
        return calls.call_value(m, m.prelude.get(name), given, {})

    def _outs(self, given: tuple, named: Any) -> list[Any]:
        """Where the results are to be put, None for new arrays."""
        if given and named is not None:
            raise TypeError("cannot specify 'out' as both a positional and keyword argument")
        if named is None:
            found = list(given)
        elif isinstance(named, tuple):
            if len(named) != self.nout:
                raise ValueError("The 'out' tuple must have exactly one entry per ufunc output")
            found = list(named)
        elif self.nout > 1:
            raise TypeError("'out' must be a tuple of arrays")
        else:
            found = [named]
        for one in found:
            if one is not None and (not isinstance(one, Array) or one.scalar):
                raise TypeError("return arrays must be of ArrayType")
        return found + [None] * (self.nout - len(found))

    def _call(self, inputs: tuple, outs: list[Any], options: dict[str, Any]) -> Any:
        e = self._machine.backend.e
        where = options.pop("where", True)
        for name in options.keys() - _OPTIONS:
            message = f"{self.__name__}() got an unexpected keyword argument '{name}'"
            raise TypeError(message)
        order = options.pop("order", "K")
        values = tuple(elementwise.argument(e, value) for value in inputs)
        if self._meaning in elementwise.MIRRORED:
            values = elementwise.comparable(e, values)
        if where is not True:
            where = arrays.asarray(e, where)
        made = self._stand_ins(values, outs, where, options)
        known = not any(isinstance(one, Array | Number) for one in (*values, *outs))
        if known and where is True:
            return self.real(*values, **options)
        axes = self._order((*values, where, *outs), order)
        dtypes = self._resolved(values, outs, options)
        parts = [tensors.cast_tensor(e, value, dtype, self.__name__)
                 for value, dtype in zip(values, dtypes, strict=False)]  # fmt: skip
        operands = [tensors.wrap(e, part, scalar=True) for part in parts]
        places = [tensors.tensor(e, out) for out in outs if out is not None]
        places += [tensors.tensor(e, where)] if where is not True else []
        if places:  # NumPy broadcasts with them
            elementwise.broadcast(e, [*parts, *places])
        if where is not True:
            operands = [self._chosen(where, one) for one in operands]
        results = self._compute(operands)
        given = [self._put(where, result, out, one.dtype, axes)
                 for result, out, one in zip(results, outs, made, strict=True)]  # fmt: skip
        return given[0] if self.nout == 1 else tuple(given)

    def _stand_ins(
        self, values: tuple, outs: list[Any], where: Any, options: dict[str, Any]
    ) -> list[Any]:
        """What NumPy makes of arrays of one element. Raises what it raises.

        Where shapes that are known do not fit, it is asked with these.
        """
        shapes = [tensors.dims_of(one) if numbers.kind_of(one) is None else ()
                  for one in (*values, where, *outs) if one is not None]  # fmt: skip
        plain = all(isinstance(dim, int) for shape in shapes for dim in shape)
        fits = not plain or _fit(shapes[: len(values) + 1], shapes[len(values) + 1 :])
        given = [_stand_in(value, not fits) for value in values]
        places = tuple(None if out is None else _stand_in(out, not fits) for out in outs)
        mask = where if where is True else _stand_in(where, not fits)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = self.real(*given, out=places, where=mask, **options)
        return [np.asarray(one) for one in (made if isinstance(made, tuple) else (made,))]

    def _resolved(
        self, values: tuple, outs: list[Any], options: dict[str, Any]
    ) -> tuple[np.dtype, ...]:
        """The dtypes of the loop."""
        given = [elementwise.dtype_for(value) for value in values]
        if given == [int] and isinstance(values[0], int):
            given = [np.asarray(values[0]).dtype]
        if all(isinstance(dtype, type) for dtype in given):
            given = [np.dtype(dtype) for dtype in given]
        places = [None if out is None else out.dtype for out in outs]
        chosen = {"casting": options["casting"]} if "casting" in options else {}
        if options.get("dtype") is not None:
            types = [None] * self.nin + [np.dtype(options["dtype"])] * self.nout
            chosen["signature"] = tuple(types)
        elif "signature" in options or "sig" in options:
            chosen["signature"] = options.get("signature", options.get("sig"))
        return self.real.resolve_dtypes((*given, *places), **chosen)

    def _compute(self, operands: Sequence[Any]) -> tuple[Any, ...]:
        if self.primitive:
            return (elementwise.ufunc(self._machine.backend.e, self._meaning, *operands),)
        loop = self._machine.prelude.get(self._meaning)
        made = calls.call_value(self._machine, loop, tuple(operands), {})
        return made if isinstance(made, tuple) else (made,)

    # -- where and out

    def _chosen(self, mask: Any, operand: Any) -> Any:
        """An operand with a number of which NumPy does not warn where nothing is computed."""
        e = self._machine.backend.e
        harmless = operand.dtype.type(0 if self.__name__ == "arctanh" else 1)
        return elementwise.where(e, mask, operand, harmless)

    def _order(self, values: Sequence[Any], order: str) -> layout.Order:
        """The order in memory of a new array. order: as the program names it."""
        there = [one for one in values if isinstance(one, Array)]
        rank = max((one.rank for one in there), default=0)
        if order == "K":
            return layout.order_of_new(there, rank)
        wanted = [layout.order_named(one, order) for one in there if one.rank > 1]
        in_columns = order == "F" or (order == "A" and wanted and all(wanted))
        return layout.rows_or(range(rank)[::-1]) if in_columns else ()

    def _put(
        self, where: Any, result: Any, out: Any, dtype: np.dtype, axes: layout.Order
    ) -> Any:
        """The result as an array of its own, or in `out`."""
        e = self._machine.backend.e
        if out is None:
            if where is not True:
                result = elementwise.where(e, where, result, result.dtype.type(0))
            if isinstance(result, np.generic):
                return result
            part = tensors.cast_tensor(e, result, dtype)
            return tensors.wrap(e, part, scalar=True, order=axes)
        if isinstance(out.frozen, ValueError):
            raise ValueError("output array is read-only")
        said = self.__name__
        part = tensors.cast_tensor(e, result, out.dtype, said)
        if where is not True:
            chosen = elementwise.where(e, where, tensors.wrap(e, part), out)
            part = tensors.tensor(e, chosen)
        return indexing.replace(e, out, tensors.wrap(e, part))

    # -- methods

    def outer(self, a: Any, b: Any, **options: Any) -> Any:
        """Of all pairs: the first operand gets an axis of size 1 for each of the second's."""
        self._require_two("outer")
        m = self._machine
        if is_object_array(a) or is_object_array(b):
            return self._of_objects("method_of_ufunc", "outer", self.__name__, (a, b), options)
        if m.backend.e is None:
            return self.real.outer(a, b, **options)
        asarray, reshape = (m.backend.primitives[name] for name in ("asarray", "reshape"))
        if numbers.kind_of(a) is None or numbers.kind_of(b) is None:
            a, b = (one if numbers.kind_of(one) else asarray(one) for one in (a, b))
        ones = tuple(1 for _ in tensors.dims_of(b)) if numbers.kind_of(b) is None else ()
        if ones:
            a = asarray(a)
            a = reshape(a, (*m.backend.primitives["shape"](a), *ones))
        return self(a, b, **options)

    def _method(self, name: str, arguments: tuple, options: dict[str, Any]) -> Any:
        """A method that the prelude has for all functions."""
        self._require_two(name)
        m = self._machine
        if any(map(is_object_array, arguments)):
            return self._of_objects("method_of_ufunc", name, self.__name__, arguments, options)
        if m.backend.e is None:
            return getattr(self.real, name)(*arguments, **options)
        words = refusal(getattr(self.real, name), len(arguments), list(options))
        if words is not None:
            raise TypeError(words)
        if self.nout != 1:
            words = f"{name} only supported for functions returning a single value"
            if name == "at":
                words = "Only single output ufuncs supported at this time"
            raise ValueError(words)
        function = m.prelude.get(f"ufunc_{name}")
        return calls.call_value(m, function, (self, *arguments), options)

    def reduce(self, *arguments: Any, **options: Any) -> Any:
        """All elements along axes combined."""
        return self._method("reduce", arguments, options)

    def accumulate(self, *arguments: Any, **options: Any) -> Any:
        """Along an axis, each element combined with those before."""
        return self._method("accumulate", arguments, options)

    def reduceat(self, *arguments: Any, **options: Any) -> Any:
        """Parts of an axis, each combined."""
        return self._method("reduceat", arguments, options)

    def at(self, *arguments: Any, **options: Any) -> Any:
        """Elements of an array at indices, one after the other, in its place."""
        if self.nin > 1:
            return self._method("at", arguments, options)
        return self._method_of_one(arguments)

    def _method_of_one(self, arguments: tuple) -> Any:
        m = self._machine
        if m.backend.e is None:
            return self.real.at(*arguments)
        return calls.call_value(m, m.prelude.get("ufunc_at"), (self, *arguments), {})

    @property
    def identity(self) -> Any:
        """What combining nothing gives."""
        return self.real.identity

    @property
    def types(self) -> Any:
        """NumPy's loops."""
        return self.real.types

    @property
    def ntypes(self) -> int:
        return len(self.real.types)

    @property
    def signature(self) -> None:
        return None

    def resolve_dtypes(self, *arguments: Any, **options: Any) -> Any:
        return self.real.resolve_dtypes(*arguments, **options)

    def _require_two(self, method: str) -> None:
        if self.nin != 2 and method != "at":
            words = f"{method} only supported for binary functions"
            raise ValueError(words if method != "outer" else
                             "outer product only supported for binary functions")  # fmt: skip

    def __repr__(self) -> str:
        return f"<ufunc '{self.__name__}'>"


members.declare(
    Ufunc, np.ufunc,
    "__name__ __qualname__ __doc__ nin nout nargs ntypes types identity signature outer reduce "
    "accumulate reduceat at resolve_dtypes",
)  # fmt: skip


def _fit(shapes: list[tuple], outs: list[tuple]) -> bool:
    """Whether operands of these shapes can be put into arrays of those."""
    try:
        made = np.broadcast_shapes(*shapes, *outs)
    except ValueError:
        return False
    return all(made == out for out in outs)


def _stand_in(value: Any, shaped: bool = False) -> Any:
    kind = numbers.kind_of(value)
    if isinstance(value, Number):
        return {"int": 1, "float": 1.0, "bool": True}[value.kind]
    if kind is not None or numbers.is_complex(value):
        return value
    dims = tensors.dims_of(value)
    return np.ones(dims if shaped else dims and (1,), value.dtype)


def ufuncs(machine: Machine) -> dict[str, Ufunc]:
    """The module's names for them."""
    made: dict[str, Ufunc] = {}
    of_real: dict[int, Ufunc] = {}  # some have several names
    for name, meaning in NAMES.items():
        if meaning != _OF_DATES:
            number = id(getattr(np, name))
            of_real.setdefault(number, Ufunc(machine, name, meaning))
            made[name] = of_real[number]
    return made
