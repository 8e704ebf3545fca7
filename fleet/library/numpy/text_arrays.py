"""What the prelude's arrays of texts ask of the machine: code points of texts, texts of them.

In: texts, nested lists of them, arrays of code points. Out: arrays, texts. The one idea: texts are
looked at where NumPy itself is, now or in a service of the host, and all else is done to plain
arrays of code points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from fleet.evaluator.backends.staged import Arguments, Argv
from fleet.evaluator.language import calls
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers, objects, sizes, texts
from fleet.evaluator.values.emitter import tensor_type
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.ndarrays import arrays, tensors
from fleet.evaluator.values.single import array_of
from fleet.evaluator.values.then import (
    Array,
    Number,
    Object,
    Tensor,
    Text,
    Then,
    is_run_time_list,
)
from fleet.objects import text_arrays

_RAISED = ("ValueError", "TypeError", "OverflowError")


def text_array_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """By name."""
    e = m.backend.e

    def is_texts(value: Any, dtype: Any) -> bool:
        """Whether np.array(value, dtype) is an array of texts."""
        if dtype is not None:
            return names_texts(dtype)
        if isinstance(value, Arguments | Argv):
            return True
        if isinstance(value, Object) and value.kind is not str:
            return e.array_lists.depth_of_texts(value) > 0
        return any(_is_text(one) or (isinstance(one, Object) and (
                       e.array_lists.is_text(one) or e.array_lists.depth_of_texts(one) > 0))
                   for one in _leaves(value))  # fmt: skip

    def depth(value: Any) -> int:
        """How deep within lists of the run the texts of a value are."""
        if isinstance(value, list | tuple) and value and not is_run_time_list(value):
            found = depth(value[0])
            return found + 1 if found else 0
        if not isinstance(value, Object) or value.kind is str or e.array_lists.is_text(value):
            return 0
        return e.array_lists.depth_of_texts(value)

    def is_text_array(value: Any) -> bool:
        return array_of(value) == "texts"

    def is_open(value: Any) -> bool:
        """Whether only run time knows if it is a text, a number or a list of such."""
        return isinstance(value, Object) and value.kind in (None, list, tuple) and (
            e.array_lists.items(value) is None)

    def have_texts(*several: Any) -> bool:
        """Whether one of them is an array of texts, or a text or a list of some."""
        return any(is_text_array(one) or is_texts(one, None) for one in several)

    def text_width(dtype: Any) -> int:
        """How many characters an array's texts have; 0: as many as the longest."""
        return 0 if dtype is None or dtype is str else np.dtype(dtype).itemsize // 4

    def codes_of(value: Any, dtype: Any) -> Any:
        width = text_width(dtype)
        if e is None or not texts.has_run_time(value):
            return m.backend.array(text_arrays.as_codes(_plain(value), width))
        deep = depth(value)
        if isinstance(value, list | tuple) and not is_run_time_list(value) and not deep:
            shape = _shape(value)
            flat: Any = List(m.heap, list(_leaves(value)))
        elif _is_text(value):
            shape, flat = (), List(m.heap, [value])
        else:
            shape, flat = None, value
        dims = (None,) * (deep or 1) + (width or None,)
        codes = ask_array("text_codes", np.uint32, dims, flat, width, deep or 1)
        if shape is None:
            return codes
        last = tensors.shape_of(e, codes)[1]
        return m.backend.primitives["reshape"](codes, (*shape, last))

    def ask_array(name: str, dtype: Any, dims: Sequence[int | None], *values: Any) -> Any:
        """What a function of `fleet.objects.text_arrays` gives: an array with these lengths."""
        dtype, name = np.dtype(dtype), f"numpy.{name}"
        if e is None:
            return text_arrays.FUNCTIONS[name](*map(_plain, values))
        operands = [objects.operand(e, value, False) for value in values]
        natives = [native for _, native in operands if native is not None]
        result = "array", tensor_type(tuple(dims), dtype)
        native = e.attempt("function", natives, [kind for kind, _ in operands], result, _RAISED,
                           name=name, named=[], rank=len(dims), dtype=dtype.name)  # fmt: skip
        lengths = tuple(sizes.length() if one is None else one for one in dims)
        return tensors.wrap(e, Tensor(native, lengths, dtype))

    def ask(name: str, gives: Any, *values: Any, **named: Any) -> Any:
        """The same of a text, a str of NumPy's or a list."""
        name = f"numpy.{name}"
        if e is None:
            return m.own(text_arrays.FUNCTIONS[name](*map(_plain, values), **named))
        return objects.function(e, name, values, gives, **named)

    def text_of_codes(codes: Any) -> Any:
        """An item of an array of texts, which is a str of NumPy's."""
        if e is not None:
            e.scalars.add(np.str_)
        return ask("text_at", str, codes)

    def dtype_name_of_texts(dtype: Any) -> int:
        """How many characters NumPy gives the texts of numbers of a dtype."""
        return np.zeros(1, dtype).astype(str).dtype.itemsize // 4

    def sample(value: Any) -> Any:
        """Something of the same dtype, or of the same class if it is no array."""
        if is_text_array(value):
            width = tensors.dims_of(value._codes)[-1]
            return np.array(["a"], f"<U{width if isinstance(width, int) else 1}")
        if isinstance(value, Array):
            return value.dtype.type(1) if value.scalar else np.ones(1, value.dtype)
        if isinstance(value, Number):
            return {"int": 1, "float": 1.0, "bool": True}[value.kind]
        if isinstance(value, list | tuple):
            return np.asarray(sample(arrays.asarray(e, value)) if e is not None else value)
        return "a" if isinstance(value, Then) else value

    def refuse_texts(name: str, *values: Any) -> None:
        """Raise what a function of NumPy's raises for such operands, some of them of texts."""
        try:
            getattr(np, name)(*map(sample, values))
        except TypeError as error:
            raise error.with_traceback(None) from None
        raise m.error(f"np.{name} of texts is not supported", "go through the texts: a.tolist()")

    def require_one_dtype(*values: Any) -> None:
        """Raise NumPy's TypeError where texts meet a number that is no array."""
        if any(numbers.kind_of(one) in ("int", "float") or numbers.is_complex(one)
               for one in values):  # fmt: skip
            np.result_type(*map(sample, values))

    return {
        "refuse_texts": refuse_texts, "require_one_dtype": require_one_dtype,
        "is_texts": is_texts, "is_text_array": is_text_array,
        "is_open": is_open, "ask": ask, "have_texts": have_texts, "text_width": text_width,
        "codes_of": codes_of, "ask_array": ask_array, "names_texts": names_texts,
        "texts_of_codes": lambda codes: calls.call_value(
            m, m.prelude.get("TextArray"), (m.backend.array(codes),), {}),
        "text_of_codes": text_of_codes,
        "dtype_of_codes": lambda codes: ask("text_dtype", "object", codes),
        "list_of_codes": lambda codes: ask("text_list", list, codes),
        "texts_shown": lambda name, codes, **options: ask(
            "texts_shown", "str", name, codes, **m.printing | options),
        "width_of_numbers": dtype_name_of_texts,
    }  # fmt: skip


def names_texts(dtype: Any) -> bool:
    """Whether a dtype is one of texts."""
    if dtype is str or dtype is np.str_:
        return True
    if not isinstance(dtype, np.dtype | str):
        return False
    return isinstance(dtype, np.dtype | str) and np.dtype(dtype).kind == "U"


def _is_text(value: Any) -> bool:
    if isinstance(value, Text):
        return value.kind == "str"
    return isinstance(value, str) or (isinstance(value, Object) and value.kind is str)


def _leaves(value: Any) -> Iterator[Any]:
    """The items of nested lists, in order."""
    if isinstance(value, list | tuple) and not is_run_time_list(value):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _shape(value: Any) -> tuple[int, ...]:
    """Of nested lists. Raises ValueError where they have several."""
    if not isinstance(value, list | tuple) or is_run_time_list(value):
        return ()
    inner = {_shape(item) for item in value}
    if len(inner) > 1:
        raise ValueError(
            "setting an array element with a sequence. The requested array has an inhomogeneous "
            f"shape after 1 dimensions. The detected shape was ({len(value)},) + inhomogeneous "
            "part."
        )
    return (len(value), *(inner.pop() if inner else ()))


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | Then) else arrays.plain(value)
