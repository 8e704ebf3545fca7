"""Types and affine maps of MLIR text.

In: the token cursor. Out: values of `fleet.ir.types` and `fleet.ir.affine`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fleet.ir.affine import AffineConst, AffineDim, AffineExpr, AffineMap, AffineSymbol
from fleet.ir.parsing.tokens import Tokens
from fleet.ir.types import (
    OTHER_FLOATS,
    ComplexType,
    DialectType,
    FloatType,
    FunctionType,
    IndexType,
    IntegerType,
    MemRefType,
    NoneType,
    OtherFloatType,
    ShapedType,
    TensorType,
    Type,
    VectorType,
    f32,
    f64,
)

_SPELLED = re.compile(
    r"""(?:tensor|memref|vector)<[^<>\#!"\n]*>
      | ![\w.$]+\.[\w.$]+(?:<[^<>\#"\n]*>|(?![\w.$<]))
      | [A-Za-z]\w*(?![\w.$<])
      | \([^()\#"\n]*\)\ ->\ (?:\([^()\#"\n]*\)|[^\s,(){}\#"]+)""",
    re.VERBOSE | re.ASCII,
)
"""A type whose extent can be told without reading it; none that an alias is part of."""
_DIMS = re.compile(r"\s*((?:(?:\?|\d{1,18}|\[\d{1,18}\])\s*x\s*)*)")
_SCALAR = re.compile(rf"(?:([us]?)i(\d{{1,8}})|f(16|32|64)|({'|'.join(OTHER_FLOATS)}))\Z")


class TypeParser(Tokens):
    """Parses types and affine maps."""

    def __init__(
        self, text: str, file: str = "<text>", span: tuple[int, int] | None = None
    ) -> None:
        super().__init__(text, file, span)
        self.type_aliases: dict[str, Type] = {}
        self._types: dict[str, Type] = {}
        """The types read so far, by their spelling."""

    # -- types

    def at_type(self) -> bool:
        """Whether the next token can begin a type."""
        if self.token.kind == "word":
            text = self.token.text
            known = ("index", "none", "tensor", "memref", "vector", "complex", "tuple")
            return text in known or _SCALAR.match(text) is not None
        return self.token.kind == "bang" or self.peek("(")

    def type(self) -> Type:
        """One type. What was spelled so before is not read again."""
        kind, word, start, end = self.token
        known = self._types.get(word) if kind == "word" else None
        if known is not None:
            self.token = self._read(end)
            return known
        text = self.spelled(_SPELLED)
        if text is None:
            return self._type()
        known = self._types.get(text)
        if known is not None:
            self.token = self._read(start + len(text))
            return known
        found = self._type()
        if self.has_read_to(start + len(text)):
            self._types[text] = found
        return found

    def _type(self) -> Type:
        token = self.token
        if self.peek("("):
            return self.function_type()
        if token.kind == "bang":
            return self._dialect_type()
        if token.kind != "word":
            raise self.error(f"expected a type, found {self.found()}")
        self.take()
        match token.text:
            case "complex":
                return self._complex_type()
            case "tuple":
                raise self.error("tuples are not supported", token.start)
            case "index":
                return IndexType()
            case "none":
                return NoneType()
            case "tensor" | "memref" | "vector":
                return self._shaped_type(token.text)
        found = _SCALAR.match(token.text)
        if found is None or (found[2] and not 0 <= int(found[2]) < 1 << 24):
            raise self.error(f"there is no type {token.text!r}", token.start)
        if found[4]:
            return OtherFloatType(found[4])
        if found[3]:
            return FloatType(int(found[3]))
        return IntegerType(int(found[2]), found[1])

    def _complex_type(self) -> ComplexType:
        self.expect("<")
        place = self.here()
        element = self.type()
        self.expect(">")
        if element not in (f32, f64):
            raise self.error(f"complex numbers of {element} are not supported", place)
        return ComplexType(element)

    def function_type(self) -> FunctionType:
        """`(inputs) -> results`."""
        self.expect("(")
        inputs = [] if self.peek(")") else self.type_list()
        self.expect(")")
        self.expect("->")
        return FunctionType(tuple(inputs), tuple(self.parenthesised_types()))

    def type_list(self) -> list[Type]:
        """Types with commas between; none when no type follows."""
        if not self.at_type():
            return []
        types = [self.type()]
        while self.accept(","):
            types.append(self.type())
        return types

    def parenthesised_types(self) -> list[Type]:
        """`(types)`, or a single type without parentheses."""
        if not self.accept("("):
            return [self.type()]
        types = [] if self.peek(")") else self.type_list()
        self.expect(")")
        return types

    def _dialect_type(self) -> Type:
        token = self.take()
        dialect, dot, body = token.text[1:].partition(".")
        if not dot:
            if token.text not in self.type_aliases:
                raise self.error(f"the alias {token.text} is not defined", token.start)
            return self.type_aliases[token.text]
        if self.peek("<") and self.token.start == token.end:
            body += self.balanced()
        return DialectType(dialect, body)

    def _shaped_type(self, kind: str) -> Type:
        place = self.here()
        if not self.peek("<"):
            raise self.error(f"expected '<', found {self.found()}")
        found = _DIMS.match(self.text, self.token.end)
        self.go(found.end())
        entries = found[1].split("x")[:-1]
        scalable = [entry.strip().startswith("[") for entry in entries]
        shape = tuple(None if e.strip() == "?" else int(e.strip("[] \t\r\n")) for e in entries)
        if self.peek("*"):
            raise self.error("tensors without a rank are not supported")
        element = self.type()
        within = isinstance(element, VectorType) and kind != "vector"
        if isinstance(element, ShapedType | FunctionType | NoneType) and not within:
            raise self.error(f"{element} cannot be an element", place)
        strides, offset = None, 0
        encoding = ""
        if kind == "memref" and self.accept(","):
            strides, offset = self._strided()
        elif kind == "tensor" and self.accept(","):
            encoding = self.encoding()
        if not self.peek(">"):
            raise self.error(f"expected '>', found {self.found()}")
        self.take()
        if kind == "vector":
            if None in shape or 0 in shape:
                raise self.error("the sizes of a vector are positive numbers", place)
            mixed = tuple(scalable) if any(scalable) else False
            return VectorType(shape, element, all(scalable) if all(scalable) and mixed else mixed)
        if any(scalable):
            raise self.error(f"a {kind} has no scalable sizes", place)
        if kind == "memref":
            if strides is not None and len(strides) != len(shape):
                raise self.error(f"{len(strides)} strides for rank {len(shape)}", place)
            return MemRefType(shape, element, strides, offset)
        return TensorType(shape, element, encoding)

    def encoding(self) -> str:
        """A tensor's encoding as text; parsers of attributes know more of these."""
        return self.of_kind("string", "an encoding").text

    def _strided(self) -> tuple[tuple[int | None, ...], int | None]:
        self.expect("strided")
        self.expect("<")
        self.expect("[")
        strides: list[int | None] = []
        while not self.accept("]"):
            if strides:
                self.expect(",")
            strides.append(self._dim())
        offset: int | None = 0
        if self.accept(","):
            self.expect("offset")
            self.expect(":")
            offset = self._dim()
        self.expect(">")
        return tuple(strides), offset

    def _dim(self) -> int | None:
        return None if self.accept("?") else self.integer()

    # -- affine maps

    def affine_map(self) -> AffineMap:
        """`(d0, d1)[s0] -> (d0 + s0, d1)`."""
        names: dict[str, AffineExpr] = {}
        dims = self._affine_names("(", ")", names, AffineDim)
        symbols = self._affine_names("[", "]", names, AffineSymbol) if self.peek("[") else 0
        self.expect("->")
        self.expect("(")
        results: list[AffineExpr] = []
        while not self.accept(")"):
            if results:
                self.expect(",")
            results.append(self._affine_sum(names))
        return AffineMap(dims, tuple(results), symbols)

    def _affine_names(
        self, opening: str, closing: str, names: dict[str, AffineExpr], make: Callable[[int], Any]
    ) -> int:
        count = 0
        self.expect(opening)
        while not self.accept(closing):
            if count:
                self.expect(",")
            names[self.keyword()] = make(count)
            count += 1
        return count

    def _affine_sum(self, names: dict[str, AffineExpr]) -> AffineExpr:
        total = self._affine_product(names)
        while self.peek("+") or self.peek("-"):
            sign = 1 if self.take().text == "+" else -1
            total = total + self._affine_product(names) * sign
        return total

    def _affine_product(self, names: dict[str, AffineExpr]) -> AffineExpr:
        result = self._affine_atom(names)
        while self.token.text in ("*", "floordiv", "ceildiv", "mod"):
            place = self.here()
            operator = self.take().text
            other = self._affine_atom(names)
            if operator != "*" and (not isinstance(other, AffineConst) or other.value <= 0):
                raise self.error(f"{operator} needs a positive constant", place)
            match operator:
                case "*":
                    result = result * other
                case "floordiv":
                    result = result // other
                case "ceildiv":
                    result = ((result * -1) // other) * -1
                case _:
                    result = result % other
        return result

    def _affine_atom(self, names: dict[str, AffineExpr]) -> AffineExpr:
        if self.accept("-"):
            return self._affine_atom(names) * -1
        if self.accept("("):
            inner = self._affine_sum(names)
            self.expect(")")
            return inner
        if self.token.kind == "number":
            return AffineConst(self.integer())
        token = self.of_kind("word", "a dimension, symbol or number")
        if token.text not in names:
            raise self.error(f"{token.text} is no dimension or symbol of this map", token.start)
        return names[token.text]
