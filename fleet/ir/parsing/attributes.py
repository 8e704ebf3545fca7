"""Attributes of MLIR text: numbers, strings, arrays, dictionaries, constants of tensor type.

In: the token cursor. Out: values of `fleet.ir.attributes`. The arrays of constants are built by
NumPy from their spelled numbers, hex bytes or named resources.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fleet.ir.attributes import (
    AffineMapAttr,
    ArrayAttr,
    Attribute,
    DenseArrayAttr,
    DenseAttr,
    DictAttr,
    FloatAttr,
    IntegerAttr,
    RawAttr,
    StringAttr,
    SymbolRefAttr,
    TypeAttr,
    UnitAttr,
)
from fleet.ir.number_formats import (
    FORMATS,
    elements_of_bytes,
    float_of_bits,
    held,
    integer_width,
    wrapped,
)
from fleet.ir.parsing.locations import LocationParser
from fleet.ir.printing.spelling import attribute_text
from fleet.ir.types import (
    ComplexType,
    IndexType,
    IntegerType,
    OtherFloatType,
    TensorType,
    Type,
    VectorType,
    f64,
    i1,
    i64,
    is_float,
    storage_dtype,
)

_MOST_ELEMENTS = 2**31
_PLAIN = re.compile(r"<(\[[-+0-9.e,\[\] truefals]*\])> : (?=tensor<)")

FLAGS: dict[str, tuple[tuple[str, ...], str, str]] = {}
"""Attributes that are sets of flags, as `arith.fastmath`, by kind: the words in the order in which
they are spelled, after the word for none of them; the word for all (or ""); what separates them."""


class AttributeParser(LocationParser):
    """Parses attributes, and with what it builds on, types and locations.

    resources: arrays for `dense_resource<key>` by key.
    """

    def __init__(
        self,
        text: str,
        file: str = "<text>",
        span: tuple[int, int] | None = None,
        resources: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        super().__init__(text, file, span)
        self.resources: Mapping[str, np.ndarray | bytes] = resources or {}
        self.trailer: dict[str, bytes] = {}
        self.external: dict[tuple[str, str], str | int | bool] = {}
        self.attribute_aliases: dict[str, Attribute] = {}
        self._shared: dict[tuple[str, Type], DenseAttr] = {}

    def encoding(self) -> str:
        return attribute_text(self.attribute())

    # -- attributes

    def at_attribute(self) -> bool:
        """Whether the next token can begin an attribute."""
        if self.token.kind in ("number", "string", "symbol", "hash", "bang"):
            return True
        if self.token.kind == "word":
            words = ("true", "false", "unit", "dense", "dense_resource", "array", "affine_map")
            return self.token.text in words or self.at_type()
        return self.token.text in ("[", "-")

    peek_attribute = at_attribute

    def attribute(self, typed: bool = True) -> Attribute:
        """One attribute. typed: a number may be followed by its type (else it is i64 or f64)."""
        token = self.token
        match token.kind:
            case "number":
                return self._number(typed)
            case "string":
                return StringAttr(self.string())
            case "symbol":
                name, nested = self.symbol_name(), []
                while self.accept("::"):
                    nested.append(self.symbol_name())
                return SymbolRefAttr(name, tuple(nested))
            case "hash":
                return self._hash()
            case "mark":
                match token.text:
                    case "-":
                        return self._number(typed)
                    case "[":
                        return self.array(self.bracketed(self.attribute))
                    case "{":
                        return DictAttr(tuple(self.attribute_dict().items()))
            case "word":
                match token.text:
                    case "true" | "false":
                        self.take()
                        return IntegerAttr(int(token.text == "true"), i1)
                    case "unit":
                        self.take()
                        return UnitAttr()
                    case "loc":
                        start = self.take().start
                        self.parenthesised_place()
                        return RawAttr(self.text[start : self.token.start].rstrip())
                    case "dense":
                        return self._dense()
                    case "dense_resource":
                        return self._resource()
                    case "array":
                        return self._dense_array()
                    case "affine_map":
                        self.take()
                        self.expect("<")
                        map = self.affine_map()
                        self.expect(">")
                        return AffineMapAttr(map)
        if self.at_type():
            return TypeAttr(self.type())
        raise self.error(f"expected an attribute, found {self.found()}")

    def array(self, items: list[Attribute]) -> ArrayAttr:
        return ArrayAttr(tuple(items))

    def attribute_dict(self) -> dict[str, Attribute]:
        """`{name = value, flag}`, or the alias of one."""
        if self.token.kind == "hash":
            place, found = self.here(), self._hash()
            if not isinstance(found, DictAttr):
                raise self.error("expected a dictionary of attributes", place)
            return dict(found.value)
        self.expect("{")
        items: dict[str, Attribute] = {}
        while not self.accept("}"):
            if items:
                self.expect(",")
            place = self.here()
            name = self.string() if self.peek('"') else self.keyword()
            if name in items:
                raise self.error(f"{name!r} is given twice", place)
            items[name] = self.attribute() if self.accept("=") else UnitAttr()
        return items

    def optional_attribute_dict(self) -> dict[str, Attribute]:
        at_one = self.peek("{") or self.token.kind == "hash"
        return self.attribute_dict() if at_one else {}

    def bracketed(self, item: Callable[[], Any]) -> list[Any]:
        """`[item, …]`."""
        items: list[Any] = []
        self.expect("[")
        while not self.accept("]"):
            if items:
                self.expect(",")
            items.append(item())
        return items

    def _hash(self) -> Attribute:
        token = self.take()
        if "." in token.text or self.peek("<"):
            return self.raw(token.text[1:]) if self.peek("<") else RawAttr(token.text)
        found = self.attribute_aliases.get(token.text)
        if found is None:
            raise self.error(f"the alias {token.text} is not defined", token.start)
        return found

    def raw(self, kind: str) -> RawAttr:
        """`<…>` of a dialect's attribute `#kind<…>`; flags are put into order."""
        place = self.here()
        body = self.balanced()
        if kind in FLAGS:
            words, all_of_them, separator = FLAGS[kind]
            given = {word.strip() for word in body[1:-1].split(",")}
            unknown = given - {*words, all_of_them}
            if unknown:
                listed = ", ".join(words)
                raise self.error(f"#{kind} has no {min(unknown)!r}; there are {listed}", place)
            chosen = [word for word in words[1:] if word in given or all_of_them in given]
            if all_of_them and len(chosen) == len(words) - 1:
                chosen = [all_of_them]
            body = f"<{separator.join(chosen) or words[0]}>"
        return RawAttr(f"#{kind}{body}")

    def _literal(self) -> tuple[bool, str, int]:
        """A number as written: whether negative, its digits, where. Also `true` and `false`."""
        place = self.here()
        if self.peek("true") or self.peek("false"):
            return False, self.take().text, place
        negative = self.accept("-")
        return negative, self.of_kind("number", "a number").text, place

    def _number(self, typed: bool) -> Attribute:
        literal = self._literal()
        type: Type = f64 if "." in literal[1] else i64
        if typed and self.accept(":"):
            type = self.type()
        self._require_numbers(type, literal[2])
        value = self._value(literal, type)
        return FloatAttr(value, type) if is_float(type) else IntegerAttr(value, type)

    def attribute_of(self, type: Type) -> Attribute:
        """A number of a type that is not written."""
        literal = self._literal()
        self._require_numbers(type, literal[2])
        value = self._value(literal, type)
        return FloatAttr(value, type) if is_float(type) else IntegerAttr(value, type)

    def _require_numbers(self, type: Type, place: int) -> None:
        """Raise unless numbers of the type are known."""
        if not isinstance(type, IntegerType | IndexType) and not is_float(type):
            raise self.error(f"a number cannot have the type {type}", place)
        if is_float(type) and type not in FORMATS:
            raise self.error(f"constants of {type} are not supported", place)

    def _value(self, literal: Any, type: Type) -> Any:
        """The value of a literal as a number of the type."""
        is_pair = isinstance(literal[0], tuple)
        if is_pair and isinstance(type, ComplexType):
            return complex(*(self._value(part, type.element) for part in literal))
        if is_pair or isinstance(type, ComplexType):
            place = (literal[0] if is_pair else literal)[2]
            raise self.error(f"expected {'two numbers' if not is_pair else 'one number'} for "
                             f"{type}", place)  # fmt: skip
        negative, text, place = literal
        if is_float(type):
            if text.startswith("0x"):
                bits = int(text, 16)
                if bits >> type.width or negative:
                    raise self.error(f"{text} is not the {type.width} bits of a {type}", place)
                return float_of_bits(bits, type)
            if "." not in text:
                raise self.error(f"expected a number with a point for {type}", place)
            return -float(text) if negative else float(text)
        if text in ("true", "false"):
            if type != i1:
                raise self.error(f"{text} is of type i1, not {type}", place)
            return int(text == "true")
        if "." in text or len(text) > 100:
            raise self.error(f"expected an integer for {type}", place)
        value = int(text, 16) if text.startswith("0x") else int(text)
        value = -value if negative else value
        width = integer_width(type)
        low = 0 if getattr(type, "signedness", "") == "u" else -(1 << max(width - 1, 0))
        is_signed = getattr(type, "signedness", "") == "s"
        high = 1 << max(width - 1, 0) if is_signed else 1 << width
        if not low <= value < high:
            raise self.error(f"{value} does not fit {type}", place)
        return wrapped(value, type)  # signless: the bits count

    def _dense_array(self) -> Attribute:
        self.take()
        self.expect("<")
        element = self.type()
        if not isinstance(element, IntegerType) and element not in FORMATS:
            raise self.error(f"an array cannot hold {element}")
        values: list[Any] = []
        if self.accept(":"):
            while not self.peek(">"):
                if values:
                    self.expect(",")
                value = self._value(self._literal(), element)
                values.append(bool(value) if element == i1 else value)
        self.expect(">")
        return DenseArrayAttr(tuple(values), element)

    def _tensor_type(self) -> TensorType | VectorType:
        place = self.here()
        type = self.type()
        if not isinstance(type, TensorType | VectorType) or None in type.shape:
            raise self.error("a constant needs a tensor or vector type of known shape", place)
        try:
            storage_dtype(type.element)
        except KeyError:
            raise self.error(f"constants of {type.element} are not supported", place) from None
        if type.count > _MOST_ELEMENTS:
            raise self.error(f"{type} is too large", place)
        return type

    def _dense(self) -> Attribute:
        place = self.here()
        self.take()
        quick = self._quick_dense()
        if quick is not None:
            return quick
        self.expect("<")
        raw = None if not self.peek('"') else self.string()
        literals: Any = [] if raw is not None or self.peek(">") else self._nested()
        self.expect(">")
        self.expect(":")
        type = self._tensor_type()
        if raw is not None:
            return DenseAttr(self._from_hex(raw, type, place), type)
        if isinstance(literals, tuple):
            value = self._elements([self._value(literals, type.element)], type.element)
            return DenseAttr(np.broadcast_to(value[0], type.shape), type)
        values: list[int | float] = []
        shape = self._flatten(literals, type.element, values, place)
        if not values and type.count == 0:
            shape = type.shape
        if shape != type.shape:
            raise self.error(f"the elements have shape {shape}, not that of {type}", place)
        return DenseAttr(self._elements(values, type.element).reshape(type.shape), type)

    @staticmethod
    def _elements(values: list[int | float], element: Type) -> np.ndarray:
        """Numbers as an array, rounded to their type."""
        dtype = storage_dtype(element)
        wide = np.array(values, "f8" if is_float(element) else dtype)
        with np.errstate(over="ignore"):
            return held(wide, element)

    def _quick_dense(self) -> Attribute | None:
        """`<[[1, 2], [3, 4]]> : tensor<2x2xi64>` when it is all plain: then it is JSON, too. None
        for anything else, for which nothing has been read."""
        found = _PLAIN.match(self.text, self.token.start, self.end)
        if found is None:
            return None
        start = self.token.start
        self.go(found.end())
        type = self._tensor_type()
        array = _plain_array(found[1], type)
        if array is None:
            self.go(start)
            return None
        return DenseAttr(array, type)

    def _nested(self) -> Any:
        """A literal, two of them in parentheses for a complex number, or lists of these."""
        if self.peek("["):
            return self.bracketed(self._nested)
        if not self.accept("("):
            return self._literal()
        real = self._literal()
        self.expect(",")
        imaginary = self._literal()
        self.expect(")")
        return real, imaginary

    def _flatten(
        self, nested: Any, element: Type, values: list[int | float], place: int
    ) -> tuple[int, ...]:
        if isinstance(nested, tuple):
            values.append(self._value(nested, element))
            return ()
        shapes = {self._flatten(item, element, values, place) for item in nested}
        if len(shapes) > 1:
            raise self.error("the lists of elements have different lengths", place)
        return (len(nested), *(shapes.pop() if shapes else ()))

    def _from_hex(self, text: str, type: TensorType, place: int) -> np.ndarray:
        if not re.fullmatch(r"0x(?:[0-9a-fA-F]{2})*", text):
            raise self.error("expected hexadecimal digits after 0x", place)
        return self._from_bytes(bytes.fromhex(text[2:]), type, place)

    def _from_bytes(
        self, data: bytes, type: TensorType | VectorType, place: int
    ) -> np.ndarray:
        dtype, element = storage_dtype(type.element), type.element
        if dtype == np.bool_ and len(data) == (type.count + 7) // 8 and type.count > 1:
            bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
            return bits[: type.count].astype(bool).reshape(type.shape)
        known = dtype.kind != "O" and not isinstance(element, OtherFloatType)
        size = dtype.itemsize if known else (element.width + 7) // 8
        if len(data) not in (size, type.count * size) or (not data and type.count):
            raise self.error(f"{len(data)} bytes do not make a {type}", place)
        flat = elements_of_bytes(data, element)
        if len(data) == size and type.count != 1:
            return np.broadcast_to(flat[0], type.shape)
        return flat.reshape(type.shape)

    def _resource(self) -> Attribute:
        place = self.here()
        self.take()
        self.expect("<")
        key = self.string() if self.peek('"') else self.keyword()
        self.expect(">")
        self.expect(":")
        type = self._tensor_type()
        shared = self._shared.get((key, type))
        if shared is not None:
            return shared
        if key in self.trailer:
            array = self._from_bytes(self.trailer[key], type, place)
        elif key in self.resources:
            array = self.resources[key]
            if array.shape != type.shape or array.dtype != storage_dtype(type.element):
                raise self.error(
                    f"the constant {key!r} is {array.dtype}{list(array.shape)}, not {type}", place
                )
        else:
            raise self.error(
                f"the constant {key!r} is nowhere to be found",
                place,
                "give the .npz file that was written beside the dump",
            )
        attr = self._shared[key, type] = DenseAttr(array, type, key)
        return attr

    def resource_trailer(self) -> None:
        """`{-# dialect_resources: {builtin: {key: "0x…"}} #-}`: fills `trailer`."""
        self.expect("{-#")
        while not self.accept("#-}"):
            section = self.keyword()
            self.expect(":")
            self.expect("{")
            while not self.accept("}"):
                owner = self.keyword()
                self.expect(":")
                self.expect("{")
                while not self.accept("}"):
                    key = self.string() if self.peek('"') else self.keyword()
                    self.expect(":")
                    place = self.here()
                    if section == "external_resources":
                        self.external[owner, key] = self._resource_value()
                    else:
                        text = self.string()
                        if not re.fullmatch(r"0x(?:[0-9a-fA-F]{2}){4,}", text):
                            raise self.error("expected hexadecimal digits after 0x", place)
                        # The first four bytes are the alignment.
                        self.trailer[key] = bytes.fromhex(text[10:])
                    self.accept(",")
                self.accept(",")
            self.accept(",")

    def _resource_value(self) -> str | int | bool:
        """A value of an external resource: a string, a number, `true` or `false`."""
        if self.peek('"'):
            return self.string()
        if self.accept("true"):
            return True
        return False if self.accept("false") else self.integer()

    def kept(self) -> dict[DenseAttr, str]:
        """The constants that came from `resources`, with their names there."""
        return {
            attr: key for (key, _), attr in self._shared.items() if key not in self.trailer
        }


def _plain_array(text: str, type: TensorType) -> np.ndarray | None:
    """The elements in a JSON list; None where it is none, or where they do not fit the type."""
    dtype = storage_dtype(type.element)
    if dtype.kind == "O" or isinstance(type.element, OtherFloatType):
        return None
    if dtype.kind != "b" and ("u" in text or "s" in text):
        return None  # a truth value among numbers
    try:
        given = np.array(json.loads(text))
    except (ValueError, OverflowError, RecursionError):
        return None
    if given.shape != type.shape or given.dtype.kind != {"u": "i"}.get(dtype.kind, dtype.kind):
        return None
    if dtype.kind == "f" and text.count(".") != given.size:
        return None  # an integer among floats
    with np.errstate(over="ignore"):
        array = given.astype(dtype)
    if dtype.kind in "iu" and not np.array_equal(array, given):
        return None
    return array
