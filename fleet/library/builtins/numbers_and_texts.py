"""Builtin functions that make numbers and texts."""

from __future__ import annotations

from typing import Any

import numpy as np

from fleet.dialects import numpy
from fleet.evaluator.language import calls
from fleet.evaluator.objects import (
    instances,
    operations,
    special_methods,
)
from fleet.evaluator.values import lists, longs, numbers, objects, operators, texts
from fleet.evaluator.values.characters import Character
from fleet.evaluator.values.ndarrays import arrays, tensors
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
from fleet.library.builtins.part import Part


class NumbersAndTexts(Part):
    """int, float, str and what else makes a number or a text."""

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
        is_plain = base or type(value) in operations.PLAIN
        found = None if is_plain else self._said(value, "__int__", "int")
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

        methods = ("__int__", "__index__", "__trunc__") if name == "int" else (
            "__float__", "__index__")
        said = instances.as_number(self.m, value, *methods)
        found = plainly() if said is value else said
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
        found = None if type(value) in operations.PLAIN else (
            self._said(value, "__float__", "float"))  # fmt: skip
        return float(value) if found is None else found

    def complex(self, *parts: Any, **named: Any) -> Any:
        if any(isinstance(part, Then) for part in (*parts, *named.values())):
            said = [instances.as_number(self.m, part, *_AS_COMPLEX) for part in parts]
            return self._of_object("complex", said, complex, **named)
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

    def format(self, value: Any, spec: str | Text = "") -> Any:
        if isinstance(spec, Text):
            return texts.compose(self.e, texts.specified(self.e, value, "", spec))
        return texts.compose(self.e, texts.parts_of(value, "", spec))

    def bytes(self, value: Any = b"", *rest: Any, **keywords: Any) -> Any:
        match value:
            case Text(kind="bytes"):
                return value
            case Text():
                return texts.encode(self.e, value, *rest, **keywords)
            case Number():
                return self._of_object("bytes", [value], "bytes")
            case Array(scalar=False) if not rest and not keywords:
                return calls.call_value(
                    self.m, self.m.prelude.get("method_tobytes"), (value,), {})
            case Object() if not rest and not keywords:
                return instances.special(self.m, value, "__bytes__", (), lambda: self._of_object(
                    "bytes", [special_methods.as_index(self.m, value)], "bytes"))
        value = calls.taken(self.m, value) if self.e is not None else value
        if isinstance(value, Object):
            return self._of_object("bytes", [value, *rest], "bytes", **keywords)
        if isinstance(value, Numbers | Range) or is_run_time_list(value):
            return texts.from_list(self.e, lists.to_numbers(self.e, value, "bytes() takes it"))
        if isinstance(value, list) and texts.has_run_time(value):
            if None in map(numbers.plain_kind_of, value):
                return self._of_object("bytes", [objects.shallow(value)], "bytes")
            return texts.from_list(self.e, lists.to_numbers(self.e, value, "bytes() takes it"))
        return bytes(value, *rest, **keywords)

    def object(self) -> Any:
        """One that is made in a branch or loop of run time may be many."""
        if self.e is None or not self.m.regions:
            return object()
        return self._of_object("object", [])

    def abs(self, value: Any) -> Any:
        if isinstance(value, Object):
            return instances.special(self.m, value, "__abs__", (), lambda: abs(value))
        return abs(value)

    def round(self, number: Any, ndigits: Any = None) -> Any:
        value, digits = number, ndigits
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
        if isinstance(digits, Number | Object) and isinstance(value, int | float):
            kind = "float" if isinstance(value, float) else "int"
            return self._of_object("round", [value, digits], kind)
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
            if not self._may_be_instances(base, exponent):
                return base**exponent
            return instances.operated(self.m, "pow", base, exponent, lambda: base**exponent)
        if any(isinstance(value, Array) for value in (base, exponent, modulus)):
            names = ", ".join(f"'{type_name(value)}'" for value in (base, exponent, modulus))
            raise TypeError(f"unsupported operand type(s) for ** or pow(): {names}")
        if isinstance(base, Object):
            return instances.special(self.m, base, "__pow__", (exponent, modulus), lambda: (
                self._of_object("pow", [base, exponent, modulus])))
        if any(isinstance(value, Object) for value in (exponent, modulus)):
            return self._of_object("pow", [base, exponent, modulus])
        if any(isinstance(value, Number) for value in (base, exponent, modulus)):
            return numbers.power_modulo(self.e, base, exponent, modulus)
        return pow(base, exponent, modulus)

    def divmod(self, a: Any, b: Any) -> Any:
        if not isinstance(a, Then) and not isinstance(b, Then):
            return divmod(a, b)
        if tensors.is_array_like(a) or tensors.is_array_like(b):
            return operators.divide(self.m.backend.e, a, b)
        if not self._may_be_instances(a, b):
            return a // b, a % b
        return instances.operated(self.m, "divmod", a, b, lambda: (
            objects.operator(self.e, "divmod", a, b, gives=tuple)))

    def _may_be_instances(self, *values: Any) -> bool:
        late = any(isinstance(value, Object) for value in values)
        return late and bool(self.m.policy.instances)

    def hash(self, value: Any, /) -> Any:
        method = special_methods.method_of(value, "__hash__")
        if method is not None:
            return self._hash_given(special_methods.call(self.m, method, value))
        late = isinstance(value, tuple) and texts.has_run_time(value)
        if isinstance(value, Object):
            return self._hash_given(instances.special(
                self.m, value, "__hash__", (), lambda: self._of_object("hash", [value], "int")))
        if isinstance(value, Number | Text) or late:
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
        value = special_methods.whole(self.m, value)
        if isinstance(value, Number | Object):
            return self._of_object("chr", [value], "str")
        return chr(value)

    def ord(self, value: Any) -> Any:
        if isinstance(value, Character):
            return value.code
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
        value = special_methods.whole(self.m, value)
        if isinstance(value, Number | Object):
            return self._of_object(name, [value], "str")
        return {"hex": hex, "bin": bin, "oct": oct}[name](value)


_AS_COMPLEX = ("__complex__", "__float__", "__index__")
"""Methods by which an instance says what complex number it is."""
