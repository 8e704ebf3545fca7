"""Python's builtin functions, on values known now or then.

In: the evaluator. Out: its table of builtins by name, and of constructors by type. The one idea:
each function asks first whether anything in its arguments is known at run time only; if not, it is
Python's own.
"""

from __future__ import annotations

import builtins as python
import functools
import io
import operator
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.dialects import numpy
from fleet.evaluator.control import regions
from fleet.evaluator.iterators import builtin as iterators
from fleet.evaluator.language import calls, class_statements, loops
from fleet.evaluator.language.imports import import_module
from fleet.evaluator.language.late_keywords import put_all
from fleet.evaluator.language.operators import comparison
from fleet.evaluator.objects import attributes, instances, operations, special_methods
from fleet.evaluator.objects.functions import LATE
from fleet.evaluator.objects.modules import Module
from fleet.evaluator.objects.operations import lazily, python_type
from fleet.evaluator.objects.provided import Builtin, Unsupported, provided
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, lists, longs, numbers, objects, operators, texts
from fleet.evaluator.values.heap import Cell, Dict, List, Needed, Set, is_late
from fleet.evaluator.values.ndarrays import arrays, elementwise, reductions, tensors
from fleet.evaluator.values.sequences import Lazy, is_run_time_sequence, sequence_length
from fleet.evaluator.values.then import (
    Array,
    Number,
    Numbers,
    Object,
    Range,
    Text,
    Then,
    is_run_time_list,
    type_name,
)
from fleet.library import byte_strings
from fleet.objects.forms import TYPES
from fleet.syntax import tree

_AS_IS = """
    Ellipsis False None NotImplemented True bool bytearray bytes callable chr classmethod complex
    dict divmod filter float frozenset hash hex bin oct id int issubclass iter list memoryview next
    object ord property range set slice staticmethod str tuple type
""".split()
_EXCEPTIONS = [name for name, value in vars(python).items()
               if isinstance(value, type) and issubclass(value, BaseException)]  # fmt: skip
_INSTEAD = {
    "eval": "write the expression in the program",
    "exec": "write the statements in the program",
    "compile": "write the code in the program",
    "__import__": "use an `import` statement",
    "__build_class__": "use a `class` statement",
    "globals": "keep the values in a dictionary",
    "locals": "keep the values in a dictionary",
    "breakpoint": "print what you want to know",
    "help": "read the documentation",
}


_PLAIN = "abs bin chr divmod hex len oct ord round".split()
"""Functions that call nothing of the program's where no argument is an object of it."""
_HALF = (1 << 32) - 1
_FEW = 8
"""How many objects are sorted in an order that run time knows."""
_ORDERED = frozenset((int, str, bool))
"""Types whose values are equal where they are in order the same."""
_BETTER = {"min": comparison(tree.Lt()), "max": comparison(tree.Gt())}


class Builtins:
    """The functions that must look at their arguments' stage."""

    def __init__(self, machine: Machine) -> None:
        self.m = machine

    @property
    def e(self) -> Any:
        return self.m.backend.e

    # -- numbers and texts

    def int(self, value: Any = 0, *given: Any, **named: Any) -> Any:
        base = (*given, *named.values())
        match value:
            case Number():
                return numbers.to_int(self.e, value)
            case Text():
                if base and (type(base[0]) is not int or base[0] != 10):
                    return self._of_object("int", [value, *base], "int")
                return texts.to_int(self.e, value)
            case longs.Long() if not base:
                return value
            case Object() if not base:
                return self._converted(value, "int")
            case Object():
                return self._of_object("int", [value, *base], "int")
            case Array():
                number = self._only_element(value)
                return self.int(number)
        if any(isinstance(one, Then) for one in base):
            return self._of_object("int", [value, *base], "int")
        found = None if base else self._said(value, "__int__", "int")
        return int(value, *given, **named) if found is None else found

    def _said(self, value: Any, method: str, kind: str) -> Any:
        """What an instance of the program's says that it is as a number, if it does."""
        own = special_methods.method_of(value, method)
        if own is None:
            return None
        found = special_methods.call(self.m, own, value)
        if numbers.kind_of(found) != kind and not isinstance(found, Object):
            raise TypeError(
                f"{type(value).__name__}.{method} returned non-{kind} (type {type_name(found)})")
        return found

    def _converted(self, value: Object, name: str) -> Any:
        """int(value) or float(value), which may be an instance that says what that is."""
        def plainly() -> Any:
            return self._of_object(name, [value], name)

        found = instances.special(self.m, value, f"__{name}__", (), plainly)
        return self._of_object(name, [found], name) if isinstance(found, Object) else found

    def _only_element(self, value: Array) -> Any:
        if value.dims:
            dims = [dim if isinstance(dim, int) else 1 for dim in value.dims]
            float(np.broadcast_to(0.0, dims))  # raises NumPy's own TypeError
        if value.known is not None:
            return value.known.item()
        return tensors.to_number(self.e, value)

    def float(self, value: Any = 0.0) -> Any:
        match value:
            case Number():
                return numbers.to_float(self.e, value)
            case Text():
                return texts.to_float(self.e, value)
            case Object():
                return self._converted(value, "float")
            case Array(known=None, dtype=np.dtypes.UInt64DType()):
                return self.float(arrays.cast(self.e, value, np.dtype("float64")))
            case Array():
                number = self._only_element(value)
                return self.float(number)
        found = self._said(value, "__float__", "float")
        return float(value) if found is None else found

    def complex(self, *parts: Any, **named: Any) -> Any:
        if any(isinstance(part, Then) for part in (*parts, *named.values())):
            return self._of_object("complex", parts, complex, **named)
        return complex(*parts, **named)

    def bool(self, value: Any = False) -> Any:
        return operations.truth_of(self.m, value)

    def str(self, value: Any = "", *rest: Any, **keywords: Any) -> Any:
        if rest or keywords:
            if isinstance(value, Text):
                return texts.decode(self.e, value, *rest, **keywords)
            return str(value, *rest, **keywords)
        return texts.to_text(self.e, value)

    def repr(self, value: Any) -> Any:
        return texts.to_text(self.e, value, "!r")

    def ascii(self, value: Any) -> Any:
        return texts.to_text(self.e, value, "!a")

    def format(self, value: Any, spec: str = "") -> Any:
        return texts.compose(self.e, texts.parts_of(value, "", spec))

    def bytes(self, value: Any = b"", *rest: Any, **keywords: Any) -> Any:
        match value:
            case Text(kind="bytes"):
                return value
            case Text():
                return texts.encode(self.e, value, *rest, **keywords)
            case Number():
                return self._of_object("bytes", [value], "bytes")
        value = calls.taken(self.m, value) if self.e is not None else value
        if isinstance(value, Object):
            return self._of_object("bytes", [value, *rest], "bytes", **keywords)
        if isinstance(value, Numbers | Range) or is_run_time_list(value):
            return texts.from_list(self.e, lists.to_numbers(self.e, value, "bytes() takes it"))
        if isinstance(value, list) and texts.has_run_time(value):
            return texts.from_list(self.e, lists.to_numbers(self.e, value, "bytes() takes it"))
        return bytes(value, *rest, **keywords)

    def _of_object(self, name: str, values: Any, gives: Any = "object", **named: Any) -> Any:
        """A function of what only run time knows: see values.objects."""
        given = [calls.taken(self.m, value) for value in values]
        return objects.function(self.e, name, map(objects.shallow, given), gives, **named)

    def object(self) -> Any:
        """One that is made in a branch or loop of run time may be many."""
        if self.e is None or not self.m.regions:
            return object()
        return self._of_object("object", [])

    def abs(self, value: Any) -> Any:
        if isinstance(value, Object):
            return instances.special(self.m, value, "__abs__", (), lambda: abs(value))
        return abs(value)

    def round(self, value: Any, digits: Any = None) -> Any:
        if isinstance(value, longs.Long) and digits is None:
            return value
        if isinstance(value, Object):
            given = () if digits is None else (digits,)
            return instances.special(self.m, value, "__round__", given, lambda: (
                self._of_object("round", [value, *given])))
        if digits is None and isinstance(value, np.generic):
            return round(value)
        if isinstance(value, Array) and not value.scalar:
            raise TypeError("type numpy.ndarray doesn't define __round__ method")
        if digits is None and isinstance(value, Array):
            value = tensors.to_number(self.e, value)
        if isinstance(value, Array | np.generic):
            return self.m.array_methods["round"](value, digits)
        if not isinstance(value, Number):
            return round(value) if digits is None else round(value, digits)
        if value.kind != "float":
            if digits is not None and (not isinstance(digits, int) or digits < 0):
                return self._of_object("round", [value, digits], "int")
            return numbers.to_int(self.e, value)
        if digits is None:
            whole = numpy.unary["rint"]
            rounded = self.e.value(whole, value.native, types=[value.native.type])
            return numbers.to_int(self.e, Number(self.e, "float", rounded))
        if not isinstance(digits, int) or digits < 0:
            return self._of_object("round", [value, digits], "float")
        return texts.to_float(self.e, texts.compose(self.e, [(value, "", f".{digits}f")]))

    def pow(self, base: Any, exponent: Any, modulus: Any = None) -> Any:
        if modulus is None:
            return base**exponent
        if any(isinstance(value, Object) for value in (base, exponent, modulus)):
            return self._of_object("pow", [base, exponent, modulus])
        if any(isinstance(value, Number) for value in (base, exponent, modulus)):
            return numbers.power_modulo(self.e, base, exponent, modulus)
        return pow(base, exponent, modulus)

    def divmod(self, a: Any, b: Any) -> Any:
        if not isinstance(a, Then) and not isinstance(b, Then):
            return divmod(a, b)
        if tensors.is_array_like(a) or tensors.is_array_like(b):
            return operators.divide(self.m.backend.e, a, b)
        return a // b, a % b

    def hash(self, value: Any, /) -> Any:
        method = special_methods.method_of(value, "__hash__")
        if method is not None:
            return self._hash_given(special_methods.call(self.m, method, value))
        late = type(value) is tuple and texts.has_run_time(value)
        if isinstance(value, Object):
            return self._hash_given(instances.special(
                self.m, value, "__hash__", (), lambda: self._of_object("hash", [value], "int")))
        if isinstance(value, Number) or late:
            return self._of_object("hash", [value], "int")
        return hash(value)

    def _hash_given(self, found: Any) -> Any:
        """What hash() makes of what a `__hash__` gives: an int of 64 bits is left as it is."""
        if isinstance(found, Number) and found.kind == "int":
            failed = numbers.compare(self.e, "eq", found, -1)
            return self.m.language.choose(self.m, failed, lambda: -2, lambda: found)
        if isinstance(found, Then):
            return self._of_object("hash_given", [found], "int")
        if not isinstance(found, int):
            raise TypeError("__hash__ method should return an integer")
        fits = -(1 << 63) <= found < 1 << 63
        return hash(found) if not fits or found == -1 else int(found)

    def chr(self, value: Any) -> Any:
        if isinstance(value, Number | Object):
            return self._of_object("chr", [value], "str")
        return chr(value)

    def ord(self, value: Any) -> Any:
        if isinstance(value, Text | Object):
            return self._of_object("ord", [value], "int")
        return ord(value)

    def hex(self, value: Any) -> Any:
        return self._digits("hex", value)

    def bin(self, value: Any) -> Any:
        return self._digits("bin", value)

    def oct(self, value: Any) -> Any:
        return self._digits("oct", value)

    def _digits(self, name: str, value: Any) -> Any:
        if isinstance(value, Number | Object):
            return self._of_object(name, [value], "str")
        return {"hex": hex, "bin": bin, "oct": oct}[name](value)

    # -- sequences

    def len(self, value: Any) -> Any:
        if isinstance(value, Object):
            return instances.special(
                self.m, value, "__len__", (), lambda: operators.length(self.e, value))
        if isinstance(value, Then) or is_run_time_list(value):
            return operators.length(self.e, value)
        method = special_methods.method_of(value, "__len__")
        found = None if method is None else special_methods.call(self.m, method, value)
        return found if isinstance(found, Number) and found.kind == "int" else len(value)

    def range(self, *bounds: Any) -> Any:
        bounds = tuple(map(self._index, bounds))
        if not any(isinstance(bound, Number) for bound in bounds):
            return range(*bounds)
        start, stop, step = (0, *bounds, 1) if len(bounds) == 1 else (*bounds, 1)[:3]
        return Range(self.e, start, stop, step, sequence_length(self.e, start, stop, step))

    def _index(self, value: Any) -> Any:
        if isinstance(value, Array) and not value.dims and value.dtype.kind in "iu":
            return tensors.to_number(self.e, value)
        if isinstance(value, Number) and value.kind != "float":
            return numbers.to_int(self.e, value)
        if isinstance(value, Object):
            return objects.to_number(self.e, value)
        if isinstance(value, Then):
            raise TypeError(f"'{value.type_name}' object cannot be interpreted as an integer")
        return value

    def _walked(self, items: Any) -> Any:
        """An object of the program's that is iterated over: its iterator, if that is ours."""
        if special_methods.method_of(items, "__iter__") is None and not (
                isinstance(items, Object) and iterators.advancing.may_be(self.m, items)):
            return items
        return iterators.steps(self.m, items)

    def list(self, items: Any = ()) -> Any:
        items = self._walked(items)
        if isinstance(items, Object | iterators.OfObject) or (
                isinstance(items, Text) and items.kind == "str"):  # fmt: skip
            return self._of_object("list", [items], list)
        if isinstance(items, Text):
            return texts.to_list(self.e, items)
        if is_run_time_list(items):
            return items.copy()
        if isinstance(items, Range):
            return List(self.m.heap, run_time=lists.to_numbers(self.e, items, "list() of a range"))
        if isinstance(items, Lazy) or is_run_time_sequence(items):
            return loops.collect(self.m, items)
        if isinstance(items, iterators.Iterator):
            return loops.rest(self.m, items)
        return List(self.m.heap, items)

    def _found(self, items: Any) -> Any:
        """What is iterated over: items known now, or what only run time knows."""
        items = calls.taken(self.m, self._walked(items))
        if isinstance(items, Object | Text | Numbers) or is_run_time_list(items):
            return items
        if isinstance(items, Range):
            return lists.to_numbers(self.e, items, "a range")
        return operations.known_items(self.m, items)

    def _made(self, name: str, kind: type, items: Any) -> Any:
        """tuple(), set() or frozenset() of what only run time knows; the items of what is known."""
        found = self._found(items)
        late = kind is not tuple and isinstance(found, list) and any(map(is_late, found))
        if isinstance(found, Then) or is_run_time_list(found) or late:
            content = found.run_time if is_run_time_list(found) else found
            return self._of_object(name, [content], kind)
        return found

    def tuple(self, items: Any = ()) -> Any:
        found = self._made("tuple", tuple, items)
        return found if isinstance(found, Then) else tuple(found)

    def set(self, items: Any = ()) -> Any:
        found = self._hashed("set", set, items)
        return found if isinstance(found, Then) else Set(self.m.heap, found)

    def frozenset(self, items: Any = ()) -> Any:
        return self._hashed("frozenset", frozenset, items)

    def _hashed(self, name: str, kind: type, items: Any) -> Any:
        """set() or frozenset(): of run time where only run time knows the hash of an item."""
        found = self._made(name, kind, items)
        try:
            return found if isinstance(found, Then) else kind(found)
        except Needed:
            return self._of_object(name, [found], kind)

    def dict(self, *items: Any, **more: Any) -> Any:
        if LATE in more:
            return put_all(self.m, self._of_object("dict", [self.dict(*items)], dict), more)
        given = [calls.taken(self.m, one) for one in items]
        for one in given:
            pairs = isinstance(one, list | tuple) and any(
                isinstance(pair, Object) or isinstance(pair, tuple | list) and pair
                and is_late(pair[0]) for pair in one)  # fmt: skip
            if isinstance(one, Object) or is_run_time_list(one) or pairs:
                return self._of_object("dict", [one], dict, **more)
        return Dict(self.m.heap, dict(*given, **more))

    def _numbers(self, items: Any) -> Any:
        """A run-time range or iterator as a run-time list; other things as they are."""
        items = self._walked(items)
        if isinstance(items, iterators.Iterator):
            return loops.rest(self.m, items)
        if not isinstance(items, Range):
            return items
        return List(self.m.heap, run_time=lists.to_numbers(self.e, items, "a range"))

    def sum(self, items: Any, start: Any = 0) -> Any:
        items = self._numbers(items)
        if isinstance(items, Text) and items.kind == "bytes":
            items = List(self.m.heap, run_time=lists.to_numbers(self.e, items, "sum() of it"))
        if isinstance(items, Object):
            return self._of_object("sum", [items, start])
        if isinstance(items, Lazy):
            items = loops.collect(self.m, items)
            if isinstance(items, Object):
                return self._of_object("sum", [items, start])
        if is_run_time_list(items):
            content = arrays.asarray(self.e, items)
            if content.dtype == np.bool_:
                content = arrays.cast(self.e, content, np.dtype("int64"))
            if content.dtype == np.int64:
                return self._exact_sum(content, start)
            return regions.choose(  # of no floats at all, it is what it starts with: an int
                self.m,
                numbers.compare(self.e, "eq", lists.length(self.e, items.run_time), 0),
                lambda: start,
                lambda: start + self._reduced("sum", content),
            )
        if is_run_time_sequence(items):
            given = items, start
            return calls.call_value(self.m, self.m.prelude.get("sum_of_items"), given, {})
        total = start
        for item in operations.known_items(self.m, items):
            total = total + item
        return total

    def _reduced(self, name: str, content: Any) -> Any:
        found = reductions.reduce(self.e, name, content, (0,), False)
        return tensors.to_number(self.e, arrays.asarray(self.e, found))

    def _exact_sum(self, content: Any, start: Any) -> Any:
        """Of ints: the upper and the lower halves of the words apart, whose sums 64 bits hold."""
        e = self.e
        low = self._reduced("sum", elementwise.ufunc(e, "bitwise_and", content, np.int64(_HALF)))
        high = self._reduced("sum", elementwise.ufunc(e, "right_shift", content, np.int64(32)))
        if numbers.kind_of(start) in ("int", "bool"):
            low = numbers.wrapping(e, "add", low, start & _HALF)
            high = numbers.wrapping(e, "add", high, start >> 32)
            start = 0
        high = numbers.wrapping(e, "add", high, low >> 32)
        return start + ((high << 32) | (low & _HALF))

    def min(self, *items: Any, key: Any = None, **default: Any) -> Any:
        return self._extreme("min", items, key, default)

    def max(self, *items: Any, key: Any = None, **default: Any) -> Any:
        return self._extreme("max", items, key, default)

    def _extreme(self, name: str, given: tuple, key: Any, default: dict[str, Any]) -> Any:
        if not given or default.keys() - {"default"}:
            {"min": min, "max": max}[name](*[()] * len(given), **default)
        items = self._numbers(given[0]) if len(given) == 1 else given
        if isinstance(items, Lazy):
            items = loops.collect(self.m, items)
        if isinstance(items, tuple) and key is None and any(
                isinstance(item, Object) for item in items):  # fmt: skip
            return self._of_object(name, items)
        if isinstance(items, Object | Text):
            return self._of_keys(name, items, key, default)
        if is_run_time_list(items) and (key is not None or default):
            content = objects.box(self.e, items.run_time, False)
            return self._of_keys(name, content, key, default)
        if is_run_time_list(items):
            size = lists.length(self.e, items.run_time)
            if default:
                return regions.choose(
                    self.m, numbers.compare(self.e, "gt", size, 0),
                    lambda: self._extreme(name, (items,), key, {}), lambda: default["default"],
                )  # fmt: skip
            message = f"{name}() arg is an empty sequence"
            numbers.require(self.e, numbers.compare(self.e, "gt", size, 0), "ValueError", message)
            content = arrays.asarray(self.e, items)
            found = reductions.reduce(self.e, name, content, (0,), False)
            return tensors.to_number(self.e, arrays.asarray(self.e, found))
        values = operations.known_items(self.m, items)
        plain = {"min": min, "max": max}[name]
        if not values and not default:
            plain(values)
        if not values:
            return default["default"]
        ranks = values if key is None else [
            calls.call_value(self.m, key, (value,), {}) for value in values]  # fmt: skip
        if key is None and operations.PLAIN.issuperset(map(type, values)):
            return plain(values)
        if _ORDERED.issuperset(map(type, ranks)):
            return values[ranks.index(plain(ranks))]
        return self._by_ranks(name, values, ranks)

    def _by_ranks(self, name: str, values: list[Any], ranks: list[Any]) -> Any:
        """The item of the least or greatest rank, which run time knows."""
        best, rank = values[0], ranks[0]
        for value, own in zip(values[1:], ranks[1:], strict=True):
            better = operations.truth_of(self.m, _BETTER[name](self.m, own, rank))
            if isinstance(better, Then):
                best, rank = regions.choose(
                    self.m, better, lambda v=value, o=own: (v, o), lambda b=best, r=rank: (b, r)
                )
            elif better:
                best, rank = value, own
        return best

    def _of_keys(self, name: str, items: Any, key: Any, default: dict[str, Any]) -> Any:
        """min() and max() of what only run time knows, by the program's key."""
        if key is None and not instances.comparing(self.m, name):
            return self._of_object(name, [items], **default)
        items = self._of_object("list", [items], list)
        if default:
            is_any = operations.truth_of(self.m, items)
            return regions.choose(
                self.m, is_any, lambda: self._of_keys(name, items, key, {}),
                lambda: default["default"],
            )  # fmt: skip
        if type(key) is Builtin and key.less is not None:
            given = (items, operators.length(self.e, items), name == "max",
                     Builtin("less", key.less))  # fmt: skip
            at = calls.call_value(self.m, self.m.prelude.get("extreme_by"), given, {})
            return self.m.native(objects.get_item, self.e, items, at)
        keys = items if key is None else calls.keys_of(self.m, items, key)

        def plainly() -> Any:
            return self._of_object(f"{name}_by", [items, keys])

        def comparing() -> Any:
            given = keys, operators.length(self.e, keys), name == "max"
            at = calls.call_value(self.m, self.m.prelude.get("extreme_by_comparing"), given, {})
            return self.m.native(objects.get_item, self.e, items, at)

        return calls.by_comparing(self.m, keys, name, comparing, plainly)

    def any(self, items: Any) -> Any:
        return self._quantify(items, False)

    def all(self, items: Any) -> Any:
        return self._quantify(items, True)

    def _quantify(self, items: Any, is_all: bool) -> Any:
        if is_run_time_list(items):
            content = arrays.cast(self.e, arrays.asarray(self.e, items), np.dtype(bool))
            found = reductions.reduce(self.e, "all" if is_all else "any", content, (0,), False)
            return tensors.to_number(self.e, arrays.asarray(self.e, found))
        if isinstance(items, Object) and not iterators.advancing.may_be(self.m, items):
            return self._of_object("all" if is_all else "any", [items], "bool")
        result: Any = is_all
        combine = numbers.both if is_all else numbers.either
        steps = self._steps(items)
        if steps.advances():
            return numbers.invert(self.e, loops.any_passes(self.m, steps, lambda item: (
                operations.negate(self.m, operations.truth_of(self.m, item)))
            )) if is_all else loops.any_passes(
                self.m, steps, lambda item: operations.truth_of(self.m, item))
        if steps.drivable():
            return self._quantify_driven(steps, is_all)
        while (found := steps.step()) is not iterators.END:
            if not isinstance(found, iterators.Perhaps):
                truth = operations.truth_of(self.m, found)
            elif found.end is None:
                get = found.get
                truth = regions.choose(
                    self.m, found.truth, lambda get=get: operations.truth_of(self.m, get()),
                    lambda: is_all,
                )  # fmt: skip
            else:
                rest = self._quantify(loops.rest(self.m, steps), is_all)
                return combine(self.e, result, rest)
            result = combine(self.e, result, truth)
            if result is (not is_all):
                return result
        return result

    def _quantify_driven(self, items: Any, is_all: bool) -> Any:
        result = Cell(is_all)

        def decide() -> None:
            self.m.heap.touch(result)
            result.content = not is_all

        def use(item: Any) -> Any:
            truth = operations.truth_of(self.m, item)
            stop = operations.negate(self.m, truth) if is_all else truth
            if isinstance(stop, Then):
                regions.choose(self.m, stop, decide, lambda: None)
            elif stop:
                decide()
            return stop

        items.drive(use, result)
        return result.content

    def sorted(self, items: Any, *, key: Any = None, reverse: bool = False) -> List:
        items = calls.taken(self.m, self._walked(items))
        if isinstance(items, Numbers) or is_run_time_list(items):
            content = items if isinstance(items, Numbers) else items.run_time
            if key is None:
                return lists.ordered(self.e, content, reverse)
            items = objects.box(self.e, content, False)
        if not isinstance(items, Object | Text):
            values = operations.known_items(self.m, items)
            keys = values if key is None or self.e is None else [
                calls.call_value(self.m, key, (value,), {}) for value in values]
            if not texts.has_run_time(values) and not texts.has_run_time(keys):
                if self.e is None or not any(map(_is_ordered, keys)) or (
                        not any(map(texts.has_run_time, map(classes.entries, keys)))):  # fmt: skip
                    return List(self.m.heap, sorted(values, key=key, reverse=reverse))
                return self._exchanged(values, keys, reverse)
            if len(values) <= _FEW and any(classes.is_made(type(value)) for value in values):
                return self._exchanged(values, keys, reverse)
            items = objects.box(self.e, list(values), False)
        return calls.sorted_late(self.m, items, key, reverse)

    def _exchanged(self, values: list[Any], keys: list[Any], reverse: bool) -> List:
        """A few objects in an order that run time knows: neighbours are exchanged, as often as it
        may take."""
        if len(values) > _FEW:
            raise self.m.error(
                f"sorting more than {_FEW} objects by what only run time knows is not supported",
                "sort numbers or texts",
            )
        pairs = list(zip(keys, values, strict=True))
        for end in range(len(pairs) - 1, 0, -1):
            for at in range(end):
                here, there = pairs[at : at + 2]
                order = (here[0], there[0]) if reverse else (there[0], here[0])
                truth = operations.truth_of(self.m, self.m.native(operator.lt, *order))
                if isinstance(truth, Then):
                    pairs[at], pairs[at + 1] = regions.choose(
                        self.m, truth, lambda a=here, b=there: (b, a),
                        lambda a=here, b=there: (a, b),
                    )  # fmt: skip
                elif truth:
                    pairs[at], pairs[at + 1] = there, here
        return List(self.m.heap, [value for _, value in pairs])

    def reversed(self, items: Any) -> Any:
        if isinstance(items, Object | Text):
            made = self._of_object("reversed", [items])
            return iterators.OfObject(self.m, made, "str" if isinstance(items, Text) else "object")
        if is_run_time_sequence(items):
            base = lazily(self.m, items)
            return Lazy(self.e, base.count, lambda i: base.at((base.count - 1) - i))
        return iterators.backward(self.m, items)

    def enumerate(self, iterable: Any, start: Any = 0) -> Any:
        if is_run_time_sequence(iterable):
            base = lazily(self.m, iterable)
            return Lazy(self.e, base.count, lambda i: (i + start, base.at(i)))
        return iterators.Enumerate(self.m, self._steps(iterable), start)

    def _steps(self, items: Any) -> Any:
        return iterators.steps(self.m, items)

    def zip(self, *sequences: Any, strict: bool = False) -> Any:
        if any(isinstance(items, Object | iterators.OfObject | Text) for items in sequences):
            return self._zipped(sequences, strict)
        if any(map(is_run_time_sequence, sequences)):
            bases = [lazily(self.m, items) for items in sequences]
            count = functools.reduce(
                lambda a, b: numbers.minimum(self.e, a, b), [base.count for base in bases]
            )
            return Lazy(self.e, count, lambda i: tuple(base.at(i) for base in bases))
        return iterators.Zip(self.m, list(map(self._steps, sequences)), strict)

    def _zipped(self, sequences: tuple, strict: bool) -> Any:
        """zip() of which one sequence is known at run time only."""
        sources = [items if isinstance(items, iterators.Positional) else (
            iterators.LIST(self.m, lazily(self.m, items)) if is_run_time_sequence(items)
            else self._steps(items)) for items in sequences]  # fmt: skip
        return iterators.Zip(self.m, sources, strict)

    def map(self, function: Callable[..., Any], *sequences: Any) -> Any:
        def apply(*arguments: Any) -> Any:
            return calls.call_value(self.m, function, arguments, {})

        if any(isinstance(items, Object | iterators.OfObject | Text) for items in sequences):
            made = iterators.Map(self.m, apply, [])
            made.zipped = self._zipped(sequences, False)
            return made
        if any(map(is_run_time_sequence, sequences)):
            bases = self.zip(*sequences)
            return Lazy(self.e, bases.count, lambda i: apply(*bases.at(i)))
        if not sequences:
            raise TypeError("map() must have at least two arguments.")
        return iterators.Map(self.m, apply, list(map(self._steps, sequences)))

    def filter(self, function: Any, items: Any) -> Any:
        def passes(item: Any) -> Any:
            return item if function is None else calls.call_value(self.m, function, (item,), {})

        return iterators.Filter(self.m, passes, self._steps(items))

    def iter(self, items: Any, *sentinel: Any) -> Any:
        if len(sentinel) > 1:
            iter(items, *sentinel)
        if not sentinel:
            made = iterators.iterate(self.m, items)
            if self.e is not None and type(made) is iterators.LIST and made is not items:
                made.hosted = Builtin("hosted", lambda: iterators.of_object(
                    self.m, objects.box(self.e, items)))  # fmt: skip
            return made
        if not callable(items):
            raise TypeError("iter(v, w): v must be callable")
        call = functools.partial(calls.call_value, self.m, items, (), {})
        return iterators.Calls(self.m, call, sentinel[0])

    def next(self, items: Any, *default: Any) -> Any:
        return iterators.next_item(self.m, items, *default)

    # -- objects

    def type(self, value: Any, *rest: Any, **keywords: Any) -> Any:
        if len(rest) != 0:
            if len(rest) != 2:
                raise TypeError("type() takes 1 or 3 arguments")
            return class_statements.type_call(self.m, type, value, *rest, keywords)
        if keywords:
            raise TypeError("type() takes no keyword arguments")
        if isinstance(value, Object) and value.kind is None:
            return instances.class_of(self.m, value)
        return python_type(value)

    def isinstance(self, value: Any, kinds: Any, /) -> Any:
        if isinstance(value, Object) and value.kind is None:
            wanted = _flat(kinds)
            made = [kind for kind in wanted if operations.classes.is_made(kind)]
            rest = tuple(kind for kind in wanted if kind not in made)
            if made or instances.classes_within(self.m, wanted):
                found = instances.is_instance(self.m, value, wanted)
                return numbers.either(
                    self.e, found,
                    self._of_object("is_instance", [value, _type_names(self.m, rest)], "bool"),
                ) if rest else found
            return self._of_object("is_instance", [value, _type_names(self.m, kinds)], "bool")
        if classes.is_made(type(value)) or classes.is_made(type(kinds)) or (
                getattr(kinds, "_is_protocol", False) and not isinstance(value, Then)):  # fmt: skip
            return isinstance(value, kinds)
        try:
            return issubclass(python_type(value), kinds)
        except TypeError as error:
            if str(error).startswith("issubclass() arg 2"):
                raise TypeError("isinstance() arg 2 must be a type, a tuple of types, or a union"
                                ) from None  # fmt: skip
            raise

    def getattr(self, value: Any, name: str, *default: Any) -> Any:
        if len(default) > 1:
            getattr(value, name, *default)
        self._attribute_name(name, "attribute name must be string, not '{}'")
        if not default:
            return attributes.get_attribute(self.m, value, name)
        if isinstance(value, attributes.Function) or attributes.classes.is_made(type(value)):
            has = attributes.has_attribute(self.m, value, name)
            if isinstance(has, Then):
                return regions.choose(
                    self.m, has, lambda: attributes.get_attribute(self.m, value, name),
                    lambda: default[0],
                )  # fmt: skip
        found = attributes.find_attribute(self.m, value, name)
        if found == (None,):
            return attributes.get_attribute(self.m, value, name)
        return default[0] if found is None else found[0]

    def hasattr(self, value: Any, name: str, /) -> bool:
        self._attribute_name(name, "attribute name must be string, not '{}'")
        return attributes.has_attribute(self.m, value, name)

    def setattr(self, value: Any, name: str, new: Any, /) -> None:
        self._attribute_name(name, "attribute name must be string, not '{}'")
        attributes.set_attribute(self.m, value, name, new)

    def delattr(self, value: Any, name: str, /) -> None:
        self._attribute_name(name, "attribute name must be string, not '{}'")
        attributes.delete_attribute(self.m, value, name)

    def _attribute_name(self, name: Any, message: str) -> None:
        if isinstance(name, Then):
            raise name.needed_now("the name of an attribute")
        if not isinstance(name, str):
            raise TypeError(message.format(python_type(name).__name__))

    def vars(self, *values: Any) -> Any:
        if not values:
            raise self.m.error("vars() without an argument is not supported", _INSTEAD["locals"])
        if len(values) > 1:
            vars(*values)
        found = attributes.find_attribute(self.m, values[0], "__dict__")
        if found is None:
            raise TypeError("vars() argument must have __dict__ attribute")
        return attributes.get_attribute(self.m, values[0], "__dict__")

    def dir(self, *values: Any) -> List:
        if not values:
            raise self.m.error("dir() without an argument is not supported", _INSTEAD["locals"])
        if len(values) > 1:
            dir(*values)
        if isinstance(values[0], Module):
            raise self.m.error("dir() of a module is not supported")
        kind = type(values[0])
        made = classes.is_made(values[0] if isinstance(values[0], type) else kind)
        names = dir(values[0] if made else python_type(values[0]))
        return List(self.m.heap, [name for name in names if not classes.is_hidden(name)])

    def super(self, *arguments: Any) -> Any:
        if arguments:
            return super(*arguments)
        scope = self.m.scope
        while scope.kind == "comprehension":
            scope = scope.parent
        function, given = getattr(scope, "called", (None, ()))
        owner = None if function is None else function.method_of()
        if owner is None or not given:
            raise RuntimeError("super(): no arguments")
        if isinstance(given[0], Object):
            return instances.Super(owner, given[0])
        return super(owner, given[0])

    # -- the world

    def print(self, *values: Any, sep: Any = None, end: Any = None, file: Any = None,
              flush: bool = False) -> None:  # fmt: skip
        file = self.m.streams["stdout"] if file is None else file
        if python_type(file) is io.TextIOWrapper:
            self.m.backend.show(values, sep, end, file.name)
        else:
            self._print_to(file, values, " " if sep is None else sep, "\n" if end is None else end)

    def _print_to(self, file: Any, values: tuple, sep: Any, end: Any) -> None:
        """print() into an object of the program's, piece by piece."""
        if attributes.find_attribute(self.m, file, "write") is None:
            raise AttributeError(
                f"'{python_type(file).__name__}' object has no attribute 'write'"
            )
        write = attributes.get_attribute(self.m, file, "write")
        for piece in self._in_order(values, sep, end):
            calls.call_value(self.m, write, (piece,), {})

    def _in_order(self, values: tuple, sep: Any, end: Any) -> Any:
        for number, value in enumerate(values):
            if number:
                yield sep
            yield self.str(value)
        yield end

    print.takes_unions = True

    def open(self, *arguments: Any, **named: Any) -> Any:
        function = import_module(self.m, "io", self.m.node).get("open")
        return calls.call_value(self.m, function, arguments, named)

    def input(self, prompt: Any = "") -> Any:
        return self.m.backend.read_line(prompt)

    def exit(self, code: Any = None) -> None:
        raise self.m.raised(SystemExit(code))

    quit = exit


def _flat(kinds: Any) -> list[type]:
    """The classes in the second argument of isinstance()."""
    if isinstance(kinds, types.UnionType):
        kinds = kinds.__args__
    return [one for kind in kinds for one in _flat(kind)] if isinstance(kinds, tuple) else [kinds]


def _type_names(m: Machine, kinds: Any) -> str:
    """Python's types by name, as the run knows them; it has no instances of others."""
    if isinstance(kinds, types.UnionType):
        kinds = kinds.__args__
    names = [_type_names(m, kind) if isinstance(kind, tuple | types.UnionType) else
             getattr(operations.members.python_class(kind), "__name__", "")
             for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]  # fmt: skip
    return " ".join(name for name in " ".join(names).split() if name in TYPES)


def _is_ordered(value: Any) -> bool:
    """Whether the program says how a value is ordered."""
    return special_methods.method_of(value, "__lt__") is not None


def make_builtins(machine: Machine) -> tuple[dict[str, Any], dict[Any, Callable[..., Any]]]:
    """The names that every program sees, and how to construct Python's own types."""
    own = Builtins(machine)

    def keyed(keys: Any, value: Any = None, /) -> Any:
        return attributes.from_keys(machine, keys, value)

    machine.class_attributes[dict, "fromkeys"] = Builtin("fromkeys", keyed, dict.fromkeys)
    table = {name: getattr(python, name) for name in (*_AS_IS, *_EXCEPTIONS)}
    for name in vars(Builtins):
        if not name.startswith("_") and name not in ("e", "m"):
            function = getattr(own, name)
            if not isinstance(table.get(name), type) or name == "super":
                table[name] = function
    constructors = {
        kind: Builtin(kind.__name__, getattr(own, kind.__name__), kind)
        for kind in (int, float, bool, str, bytes, list, tuple, set, frozenset, dict, range, type)
    }
    constructors[complex] = Builtin("complex", own.complex, complex)
    constructors[object] = Builtin("object", own.object, object)
    byte_strings.install(machine, constructors)
    for kind in (memoryview, np.ndarray):
        constructors[kind] = _unsupported(machine, kind.__name__)
    for kind in (filter, map, zip, enumerate, reversed):
        constructors[kind] = Builtin(kind.__name__, getattr(own, kind.__name__), kind)
        table[kind.__name__] = kind
    table = {name: provided(name, value, getattr(python, name)) for name, value in table.items()}
    for name in _PLAIN:
        table[name].plainly = getattr(python, name)
    for name in vars(python):
        if name not in table and (not name.startswith("_") or name in _INSTEAD):
            table[name] = Unsupported(name, _INSTEAD.get(name))
    for name in ("__builtins__", "__loader__", "__spec__", "__cached__"):
        table[name] = Unsupported(name, None)
    return table | {"__name__": "__main__", "__debug__": True, "__package__": None}, constructors


def _unsupported(machine: Machine, name: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise machine.error(f"`{name}` is not supported")

    return refuse
