"""Functions and methods of the run's objects: a table of CPython's own."""

from __future__ import annotations

import bisect
import cmath
import collections
import copy
import heapq
import itertools
import json
import math
import operator
import random
import re
import statistics
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np

from fleet import doctest_output, enumerations, integers
from fleet.diagnostics import FleetError
from fleet.objects import dataclasses, draws, exact_numbers, object_arrays, paths, text_arrays
from fleet.objects.attributes import (
    DATA,
    attribute,
    attribute_place,
    class_of,
    delete_attribute,
    has_attribute,
    is_of,
    set_attribute,
)
from fleet.objects.codecs import CODECS, codec_mistake
from fleet.objects.forms import is_instance, of_type
from fleet.objects.holders import content_of, contents_of, instance
from fleet.objects.instances import (
    EXCEPTIONS,
    Instance,
    callback,
    failure,
    held,
    member,
    number_of,
    place_of_class,
    sentinel,
    set_held,
    type_name,
    type_tag,
)
from fleet.objects.iterating import (
    Ahead,
    Cache,
    ahead,
    extreme,
    groups,
    iterable_given,
    iterator,
    mapping_given,
    position,
    sort_in_place,
    sorted_by,
)
from fleet.objects.texts import (
    array_text,
    bool_given,
    formatted,
    json_dumps,
    json_mistake,
    of_pattern,
    pattern_mistake,
    percent,
    positions_shown,
    record_text,
    replaced,
    replaced_matches,
    shown_parts,
    shows,
    text_given,
    text_method,
)


def _to_int(*arguments: Any) -> int:
    return integers.fit(int(*arguments))


def _to_index(value: Any) -> int:
    return integers.fit(operator.index(value))


def _to_subscript(value: Any) -> int:
    if value is None or isinstance(value, bool | tuple | list):
        raise FleetError(
            f"this subscript turned out to be of type {type_name(value)}, and only an int is "
            "supported here: take a tuple apart, as in i, j = t, and then a[i, j]"
        )
    return _to_index(value)


def _to_float(value: Any) -> float:
    """As functions of the math module take their arguments."""
    if isinstance(value, str | bytes):
        raise TypeError(f"must be real number, not {type(value).__name__}")
    return float(value)


def _compares(shows: bool, container: Any, *item: Any) -> bool:
    """Whether looking for an item asks a method of the program's; `shows`: for its text, too."""
    if shows and item and isinstance(item[0], Instance):
        return isinstance(container, list)
    if not isinstance(container, list | tuple | collections.deque):
        return False
    return any(isinstance(one, Instance) and "__eq__" in one.own for one in (*container, *item))


def _hash_given(value: Any) -> int:
    """What hash() makes of what a `__hash__` gives: an int of 64 bits is left as it is."""
    if not isinstance(value, int):
        raise TypeError("__hash__ method should return an integer")
    return int(value) if -(1 << 63) <= value < 1 << 63 and value != -1 else hash(value)


def _refuse_call(value: Any) -> NoReturn:
    raise TypeError(f"'{type_name(value)}' object is not callable")


def put_array(held: np.ndarray, new: np.ndarray) -> None:
    """What an array of the run holds from now on, for all that have it."""
    held[...] = new


def _number_kind(value: Any) -> int:
    """What NumPy makes of an object: 1 an int, 2 a float, 3 a row of ints, 4 one of floats, 5 and 6
    equally long rows of them, 7 to 9 NumPy's int64, float64 and bool; 0 what is none of these."""
    if isinstance(value, list | tuple | collections.deque):
        kinds = set(map(type, value))
        if kinds and kinds <= {list, tuple}:
            rows = set(map(_number_kind, value))
            uneven = len(set(map(len, value))) > 1
            return 0 if uneven or not rows <= {3, 4} else 5 if rows == {3} else 6
        if kinds and kinds <= {int, np.int64}:
            return 3 if all(-(1 << 63) <= one < 1 << 63 for one in value) else 0
        return 4 if kinds <= {int, float, np.int64, np.float64} else 0
    return {int: 1, float: 2, np.int64: 7, np.float64: 8, np.bool_: 9}.get(type(value), 0)


def _is_led(value: Any) -> bool:
    """Whether the program says of the first thing that decides how a value is ordered."""
    while isinstance(value, list | tuple) and value:
        value = value[0]
    return isinstance(value, Instance)


_TYPES = {"set": set, "frozenset": frozenset, "str": str}
"""Those of which methods are called with as many arguments as run time knows."""

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{f"itertools.{name}": getattr(itertools, name) for name in (
        "accumulate chain combinations combinations_with_replacement compress count cycle islice "
        "pairwise permutations product repeat tee zip_longest").split()},
    "itertools.flat": itertools.chain.from_iterable,
    "itertools.groups": groups,
    **{f"math.{name}": value for name, value in vars(math).items() if callable(value)},
    **{f"cmath.{name}": value for name, value in vars(cmath).items() if callable(value)},
    **{f.__name__: f for f in (
        len, repr, ascii, abs, round, sum, min, max, any, all, sorted, list, tuple, set, frozenset,
        dict, str, float, bool, complex, bytes, enumerate, zip, reversed, range, chr, ord,
        hex, bin, oct, divmod, pow, hash, slice, bytearray,
        collections.Counter, collections.deque, collections.OrderedDict,
        heapq.heappush, heapq.heappop, heapq.heapify, heapq.heapreplace, heapq.heappushpop,
        heapq.nlargest, heapq.nsmallest, bisect.bisect_left, bisect.bisect_right,
        bisect.insort_left, bisect.insort_right,
    )},
    "number_kind": _number_kind,
    "random.Random": random.Random,
    "random.key": lambda seed: np.array(random.Random(seed).getstate()[1][:-1]),
    "bytes.fromhex": bytes.fromhex,
    "bytearray.fromhex": bytearray.fromhex,
    "int.from_bytes": int.from_bytes,
    "str.maketrans": str.maketrans,
    "re.escape": re.escape, "re.compile": re.compile, "pattern_mistake": pattern_mistake,
    "instance": instance,
    "attribute": attribute,
    "attribute_named": attribute,
    "attribute_place": attribute_place,
    "set_attribute": set_attribute,
    "delete_attribute": delete_attribute,
    "callback": callback,
    "set_held": set_held,
    "put_array": put_array,
    "held": held,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "has_attribute": has_attribute,
    "class_of": class_of,
    "is_of": is_of,
    "number_of": number_of,
    "is_none": lambda value: value is None,
    "is_no_instance": lambda value, name: (
        not isinstance(value, Instance) and callable(getattr(value, name, None))),
    "type_tag": type_tag,
    "place_of_class": place_of_class,
    "generator_result": lambda value, name: (
        value.attributes.get(name) if isinstance(value, Instance) else None),
    "member": member,
    "object": object,
    "sentinel": sentinel, "ellipsis": lambda: ...,
    "enumeration": enumerations.member,
    "flags": lambda one, value: type(one)(value),
    "failure": failure,
    "exception": lambda name, *args: EXCEPTIONS[name](*args),
    "cache": Cache,
    "cache_has": Cache.has,
    "cache_get": Cache.get,
    "cache_put": Cache.put,
    "cache_info": Cache.info,
    "cache_clear": Cache.clear,
    "fromkeys": dict.fromkeys,
    "iter": ahead,
    "iterator": iterator,
    "more": Ahead.more,
    "take": Ahead.take,
    "int": _to_int,
    "long": int,
    "to_index": _to_index,
    "of_words": lambda low, high: (high << 64) | (low & ((1 << 64) - 1)),
    "to_subscript": _to_subscript,
    "code_points": lambda text: np.fromiter(map(ord, text), np.int32, len(text)),
    "real": operator.attrgetter("real"),
    "imag": operator.attrgetter("imag"),
    "texts": lambda values: list(map(str, values)),
    "of_pattern": of_pattern,
    "matches": replaced_matches,
    "replaced": replaced,
    **doctest_output.FUNCTIONS,
    **paths.FUNCTIONS,
    **dataclasses.FUNCTIONS,
    **exact_numbers.FUNCTIONS,
    "called_with": lambda name, values: FUNCTIONS[name](*values),
    "zip_of": lambda values: zip(*values),  # noqa: B905
    "unbound_of": lambda kind, name, values: getattr(_TYPES[kind], name)(*values),
    "lists_of": lambda values: [list(value) for value in values],
    "itertools.product_of": lambda values, repeat: itertools.product(*values, repeat=repeat),
    "itertools.zip_longest_of": lambda values, fillvalue: itertools.zip_longest(
        *values, fillvalue=fillvalue),
    "method_of": lambda owner, name, values: call_method([owner, *values], {"name": name}),
    "position": position,
    "to_float": _to_float,
    "format": formatted,
    "percent": percent,
    "type_name": type_name,
    "is_instance": is_instance,
    "of_type": of_type,
    "sorted_by": sorted_by,
    "iterable_given": iterable_given,
    "mapping_given": mapping_given,
    "shows": shows,
    "bool_given": bool_given,
    "text_given": text_given,
    "compares": _compares,
    "hash_given": _hash_given,
    "refuse_call": _refuse_call,
    "json_dumps": json_dumps,
    "json_mistake": json_mistake,
    "codec_mistake": codec_mistake,
    **CODECS,
    "json_value": json.loads,
    **{f"statistics.{name}": getattr(statistics, name)
       for name in ("mean", "harmonic_mean", "variance", "pvariance", "stdev", "pstdev")},
    "shown_parts": shown_parts,
    "has_instances": lambda items: any(isinstance(item, Instance) for item in items),
    "led_by_instances": lambda items: any(map(_is_led, items)),
    "picked": lambda items, order: [items[at] for at in order],
    "assign": operator.setitem,
    "sort_by": sort_in_place,
    "min_by": extreme(min),
    "max_by": extreme(max),
    "tolist": np.ndarray.tolist,
    **{f"numpy.{name}": array_text(getattr(np, name)) for name in (
        "array2string", "array_repr", "array_str")},
    "numpy.record_text": record_text,
    **text_arrays.FUNCTIONS,
    **object_arrays.FUNCTIONS,
    "numpy.shown": positions_shown,
    "numpy.format_float_positional": np.format_float_positional,
    "numpy.format_float_scientific": np.format_float_scientific,
}  # fmt: skip
"""Functions of operands that are objects alone."""


def _public(*kinds: type) -> frozenset[str]:
    return frozenset(name for kind in kinds for name in dir(kind) if not name.startswith("_"))


METHODS = (_public(
    str, bytes, list, tuple, dict, set, frozenset, int, float, complex, range, bytearray,
    collections.deque, collections.Counter, collections.OrderedDict, re.Match, re.Pattern,
) | exact_numbers.METHODS | draws.METHODS | {"item", "tolist"}) - DATA  # fmt: skip
"""Methods that a program may call."""


def refuse_write() -> NoReturn:
    """Of an array that the program has by another name as well, perhaps."""
    raise FleetError(
        "an array is written to that comes out of a list or dict of which nobody could say that "
        "arrays are in it: put arrays into a list or dict of their own, made with [] or {}"
    )


def call_method(arguments: list[Any], options: Mapping[str, Any]) -> Any:
    """A method of the first operand: options `name`, and `named`, the names of the last operands.

    Raises AttributeError where it has none.
    """
    name, named = str(options["name"]), list(options.get("named", ()))
    if name not in METHODS:
        raise AttributeError(f"'{type_name(arguments[0])}' object has no attribute '{name}'")
    owner, *rest = arguments
    owner = content_of(owner)
    if isinstance(owner, np.ndarray) and name in ("partition", "sort"):  # those that change arrays
        refuse_write()
    split = len(rest) - len(named)
    if name in ("format", "format_map") and isinstance(owner, str):
        return text_method(name, owner, rest[:split], dict(zip(named, rest[split:], strict=True)))
    if name == "shuffle" and isinstance(rest[0], np.ndarray):
        refuse_write()
    if name == "join" and rest and isinstance(rest[0], list):
        rest[0] = contents_of(rest[0])
    return getattr(owner, name)(*rest[:split], **dict(zip(named, rest[split:], strict=True)))


def _as_declared(value: Any, options: Mapping[str, Any]) -> np.ndarray:
    """An array as the program was compiled for it: an item of a list, the whole, or its items
    joined. Raises FleetError for another, ValueError where NumPy does."""
    shape, dtype, name = list(options["shape"]), options["dtype"], options["name"]
    if name in _JOINS:
        array = _JOINS[name](value, options["axis"])
    else:
        array = np.asarray(value, dtype if options.get("given") else None)
    if name == "stacked" and not value and (array.dtype.name, array.ndim) != (dtype, len(shape)):
        raise FleetError(
            f"NumPy makes a row of no {array.dtype.name} of an empty list, and an array of {dtype} "
            f"of rank {len(shape)} of one with what this holds otherwise: test for it before, with "
            "`if`, or say which, as in np.array(x, dtype=int)"
        )
    fits = (
        array.ndim == len(shape)
        and array.dtype.name == dtype
        and all(wanted in (-1, length) for wanted, length in zip(shape, array.shape, strict=True))
    )
    if not fits:
        what = "NumPy makes" if name == "stacked" else "a list holds"
        raise FleetError(
            f"{what} an array of dtype {array.dtype.name} and shape {array.shape} here, and the "
            f"program was compiled for dtype {dtype} and rank {len(shape)}: say the dtype, as in "
            "np.array(x, dtype=float)"
        )
    if "held" not in options:
        return array
    part = getattr(array, options["held"])
    return part.astype(np.float32 if part.dtype == np.float16 else part.dtype)


_JOINS: dict[str, Callable[[Any, Any], np.ndarray]] = {
    "numpy.concatenate": lambda items, axis: np.concatenate(items, None if axis == "all" else axis),
    "numpy.stack": np.stack,
    "numpy.vstack": lambda items, axis: np.vstack(items),
    "numpy.hstack": lambda items, axis: np.hstack(items),
    "numpy.dstack": lambda items, axis: np.dstack(items),
    "numpy.column_stack": lambda items, axis: np.column_stack(items),
}
_DECLARED = frozenset(("array_item", "stacked", *_JOINS))


def call_function(arguments: list[Any], options: Mapping[str, Any]) -> Any:
    """A function of FUNCTIONS: options as those of `call_method`."""
    if options["name"] in _DECLARED:
        return _as_declared(arguments[0], options)
    named = list(options.get("named", ()))
    split = len(arguments) - len(named)
    keywords = dict(zip(named, arguments[split:], strict=True))
    return FUNCTIONS[str(options["name"])](*arguments[:split], **keywords)
