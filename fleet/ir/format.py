"""MLIR's declarative assembly format (the ODS mini-language), interpreted in both directions.

    "$lhs `,` $rhs attr-dict `:` type($result)"        %0 = arith.addf %a, %b : f32

In: a format string and the OpDef whose names it uses. Out: a `Format` that prints an operation and
parses it back. The one idea: printing and parsing walk the same list of elements, so the two
directions cannot disagree.

Elements: `` `literal` ``, `` `` `` (no space), `$operand`, `$attribute`, `$region` (any other name:
the next region), `operands`, `successors`, `regions`, `type(…)`, `functional-type(…, …)`,
`attr-dict`, `attr-dict-with-keyword`, `( … $anchor^ … )?`, `( … ) : ( … )?` and
`custom<Name>($a, $b)`, a pair of functions found in `DIRECTIVES`.
See https://mlir.llvm.org/docs/DefiningDialects/Operations/#declarative-assembly-format.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.ir.attributes import (
    DenseArrayAttr,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    UnitAttr,
    i64_array,
)
from fleet.ir.core import Declaration, Operation, Value
from fleet.ir.types import FunctionType, f64, i1, i64

Step = Callable[[Any, Any], None]
"""Reads one element of a format, given the parser and what was read of the operation so far."""

DYNAMIC = -(2**63)
"""MLIR's ShapedType::kDynamic: in a static_* attribute, marks an entry given as an operand."""

SEGMENTS = "operandSegmentSizes"


class NotPretty(Exception):
    """An operation's own form cannot say what the operation holds; the generic form is printed."""


@dataclass(frozen=True)
class Directive:
    """A custom directive: `print(op, printer, *names)` and `parse(parser, state, *names)`."""

    print: Callable[..., None]
    parse: Callable[..., None]


DIRECTIVES: dict[str, Directive] = {}
"""Custom directives by name; dialects may add their own."""


@dataclass(frozen=True)
class Element:
    """One element of a format. kind: literal, space, variable, type, function, list, attributes,
    custom or group; `names` are the variables (without `$`) or directives that it mentions."""

    kind: str
    text: str = ""
    names: tuple[str, ...] = ()
    body: tuple[Element, ...] = ()
    otherwise: tuple[Element, ...] = ()
    anchor: Element | None = None


_TOKEN = re.compile(r"\s*(?:(`[^`]*`)|([\w$-]+(?:<\w+>)?)|([()?:^,]))")


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    while position < len(text.rstrip()):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ValueError(f"format: cannot read {text[position:]!r}")
        tokens.append(found.group().strip() if not found.group(1) else found.group(1))
        position = found.end()
    return tokens


class Format:
    """A compiled format string of one OpDef."""

    def __init__(self, definition: Declaration, text: str) -> None:
        self.definition = definition
        self.operands = {slot.name: slot for slot in definition.operands}
        self.results = {slot.name: slot for slot in definition.results}
        self._left = _tokens(text)[::-1]
        self.elements = self._sequence()
        self._steps = [self._step(element) for element in self.elements]
        self.mentioned = frozenset(
            name for element in _flatten(self.elements) for name in element.names
        )

    # -- reading the format string

    def _sequence(self) -> tuple[Element, ...]:
        elements: list[Element] = []
        while self._left and self._left[-1] != ")":
            elements.append(self._element())
        return tuple(elements)

    def _element(self) -> Element:
        token = self._left.pop()
        if token.startswith("`"):
            text = token[1:-1]
            return Element("literal", text) if text.strip() else Element("space", text)
        if token.startswith("$"):
            return Element("variable", names=(token[1:],))
        if token == "(":
            return self._group()
        if token in ("attr-dict", "attr-dict-with-keyword"):
            return Element("attributes", "attributes" if token.endswith("keyword") else "")
        if token in ("operands", "successors", "regions", "results"):
            return Element("list", token)
        if token in ("type", "functional-type"):
            return Element("type" if token == "type" else "function", names=self._arguments())
        if token.startswith("custom<"):
            return Element("custom", token[7:-1], self._arguments())
        raise ValueError(f"{self.definition.name}: format has unknown element {token!r}")

    def _arguments(self) -> tuple[str, ...]:
        names = []
        self._expect("(")
        while self._left[-1] != ")":
            names.append(self._left.pop().removeprefix("$"))
            if self._left[-1] == ",":
                self._left.pop()
        self._left.pop()
        return tuple(names)

    def _expect(self, token: str) -> None:
        if not self._left or self._left.pop() != token:
            raise ValueError(f"{self.definition.name}: format lacks {token!r}")

    def _group(self) -> Element:
        body: list[Element] = []
        anchor = None
        while self._left[-1] != ")":
            body.append(self._element())
            if self._left[-1] == "^":
                self._left.pop()
                anchor = body[-1]
        self._expect(")")
        otherwise: tuple[Element, ...] = ()
        if self._left[-1] == ":":
            self._left.pop()
            self._expect("(")
            otherwise = self._sequence()
            self._expect(")")
        self._expect("?")
        return Element("group", body=tuple(body), otherwise=otherwise, anchor=anchor or body[0])

    # -- printing

    def print(self, operation: Operation, printer: Any) -> None:
        """Write what follows the operation's name. Raises NotPretty when the form cannot say it."""
        _Writer(self, operation, printer).elements(self.elements)

    def values(self, operation: Operation, name: str) -> Sequence[Value]:
        """The operands or results that a name or directive stands for."""
        if name == "operands":
            return operation.operands
        if name == "results":
            return operation.results
        if name in self.operands:
            groups = self.definition.segments(operation)
            return groups[list(self.operands).index(name)]
        slots = list(self.results)
        return result_groups(self.definition, operation)[slots.index(name)]

    def is_present(self, element: Element, operation: Operation) -> bool:
        """Whether an optional group anchored at this element is printed."""
        if element.kind == "list":
            return bool(getattr(operation, element.text))
        name = element.names[0]
        if name in self.operands or name in self.results or name in ("operands", "results"):
            return bool(self.values(operation, name))
        if name in self.definition.attributes:
            return name in operation.attributes
        return any(region.blocks for region in operation.regions)

    # -- parsing

    def parse(self, parser: Any, state: Any) -> None:
        """Read what follows the operation's name into the state."""
        for step in self._steps:
            step(parser, state)

    def _step(self, element: Element) -> Step:
        """What reads one element; made once, so that reading asks nothing about the format."""
        match element.kind:
            case "literal":
                return lambda parser, state: parser.expect(element.text)
            case "variable":
                return self._variable_step(element.names[0])
            case "type":
                return self._type_step(element.names[0])
            case "function":
                return functools.partial(_parse_function, *element.names)
            case "list":
                return {"operands": _parse_operands, "successors": _parse_successors}.get(
                    element.text, _parse_regions
                )
            case "attributes":
                return functools.partial(_parse_attributes, element.text)
            case "custom":
                text, names = element.text, element.names
                return lambda parser, state: DIRECTIVES[text].parse(parser, state, *names)
            case "group":
                return self._group_step(element)
        return lambda parser, state: None  # spaces

    def _variable_step(self, name: str) -> Step:
        slot = self.operands.get(name)
        if slot is not None:
            return functools.partial(_OPERANDS[slot.arity], name)
        if name in self.definition.enums:
            return functools.partial(_parse_enum, name, self.definition.enums[name])
        if name in self.definition.attributes:
            return functools.partial(_parse_attribute, name)
        return lambda parser, state: state.regions.append(parser.region())

    def _type_step(self, name: str) -> Step:
        several = name in ("operands", "results") or self._slot(name).arity == "*"
        return functools.partial(_parse_types if several else _parse_type, name)

    def _group_step(self, element: Element) -> Step:
        first = element.body[0]
        body = [self._step(inner) for inner in element.body]
        otherwise = [self._step(inner) for inner in element.otherwise]

        def parse(parser: Any, state: Any) -> None:
            for step in body if self._begins(first, parser) else otherwise:
                step(parser, state)

        return parse

    def _begins(self, element: Element, parser: Any) -> bool:
        """Whether the text goes on with this element, the first of an optional group."""
        match element.kind:
            case "literal":
                return parser.peek(element.text)
            case "variable":
                name = element.names[0]
                if name in self.operands:
                    return parser.peek("%")
                if name in self.definition.attributes:
                    return parser.peek_attribute()
                return parser.peek("{")
            case "list":
                return parser.peek({"operands": "%", "successors": "^"}.get(element.text, "{"))
        raise ValueError(f"{self.definition.name}: an optional group cannot begin with {element}")

    def _slot(self, name: str) -> Any:
        return self.operands[name] if name in self.operands else self.results[name]


def _parse_function(inputs: str, results: str, parser: Any, state: Any) -> None:
    place = parser.here()
    type = parser.type()
    if not isinstance(type, FunctionType):
        raise parser.error("expected a function type such as (f32) -> f32", place)
    state.types[inputs] = list(type.inputs)
    state.types[results] = list(type.results)


def _parse_type(name: str, parser: Any, state: Any) -> None:
    state.types[name] = [parser.type()]


def _parse_types(name: str, parser: Any, state: Any) -> None:
    state.types[name] = parser.type_list()


def _parse_operands(parser: Any, state: Any) -> None:
    state.flat_operands = parser.operand_list()


def _parse_successors(parser: Any, state: Any) -> None:
    state.successors += parser.successor_list()


def _parse_regions(parser: Any, state: Any) -> None:
    state.regions.append(parser.region())
    while parser.accept(","):
        state.regions.append(parser.region())


def _parse_attributes(keyword: str, parser: Any, state: Any) -> None:
    if not keyword or parser.accept(keyword):
        state.attributes.update(parser.optional_attribute_dict())


def _parse_attribute(name: str, parser: Any, state: Any) -> None:
    state.attributes[name] = parser.attribute(typed=False)


def _parse_enum(name: str, kind: str, parser: Any, state: Any) -> None:
    state.attributes[name] = parser.raw(kind)


def _parse_one(name: str, parser: Any, state: Any) -> None:
    state.operands[name] = [parser.operand()]


def _parse_optional(name: str, parser: Any, state: Any) -> None:
    state.operands[name] = [parser.operand()] if parser.peek("%") else []


def _parse_several(name: str, parser: Any, state: Any) -> None:
    state.operands[name] = parser.operand_list()


_OPERANDS = {"": _parse_one, "?": _parse_optional, "*": _parse_several}
"""How operands of each arity are read."""


class _Writer:
    """Prints elements with MLIR's rules for spaces between them."""

    def __init__(self, format: Format, operation: Operation, printer: Any) -> None:
        self.format = format
        self.operation = operation
        self.printer = printer
        self.space = True
        self.punctuation = False
        self.regions = list(operation.regions)

    def elements(self, elements: Sequence[Element]) -> None:
        for element in elements:
            self.element(element)

    def element(self, element: Element) -> None:
        operation, printer, format = self.operation, self.printer, self.format
        match element.kind:
            case "literal":
                self._literal(element.text)
                return
            case "space":
                printer.write(element.text)
                self.space = self.punctuation = False
                if not element.text:
                    self.punctuation = True
                return
            case "group":
                present = format.is_present(element.anchor, operation)
                self.elements(element.body if present else element.otherwise)
                return
            case "attributes":
                self._attributes(element.text)
                return
            case "custom":
                self._custom(element)
                return
        self._separate()
        match element.kind:
            case "variable":
                self._variable(element.names[0])
            case "type":
                printer.write(printer.types(format.values(operation, element.names[0])))
            case "function":
                inputs, results = (format.values(operation, name) for name in element.names)
                printer.write(printer.function_type(inputs, results))
            case "list" if element.text == "operands":
                printer.write(printer.values(operation.operands))
            case "list" if element.text == "successors":
                printer.write(", ".join(map(printer.successor, operation.successors)))
            case "list":
                for number, region in enumerate(operation.regions):
                    printer.write(", " if number else "")
                    printer.region(region)

    def _custom(self, element: Element) -> None:
        """A directive; of one that writes nothing not even the space is left."""
        parts, before = self.printer.parts, (self.space, self.punctuation)
        self._separate()
        start = len(parts)
        DIRECTIVES[element.text].print(self.operation, self.printer, *element.names)
        if len(parts) == start:
            if before[0] or not before[1]:
                parts.pop()
            self.space, self.punctuation = before

    def _separate(self) -> None:
        if self.space or not self.punctuation:
            self.printer.write(" ")
        self.space, self.punctuation = True, False

    def _literal(self, text: str) -> None:
        long = len(text) != 1 and text != "->"
        glued = ">)}]," if self.punctuation else "<>(){}[],"
        if self.space and (long or text[0] not in glued):
            self.printer.write(" ")
        self.printer.write(text)
        self.space = len(text) != 1 or text not in "<({["
        self.punctuation = not (text[0] == "_" or text[0].isalpha())

    def _variable(self, name: str) -> None:
        operation, printer, format = self.operation, self.printer, self.format
        if name in format.operands:
            printer.write(printer.values(format.values(operation, name)))
        elif name in format.definition.enums:
            text = operation.attributes[name].value
            kind = f"#{format.definition.enums[name]}"
            if not text.startswith(kind):
                raise NotPretty(f"{name} is of another kind")
            printer.write(text.removeprefix(kind))
        elif name in format.definition.attributes:
            attr = operation.attributes[name]
            plain = not isinstance(attr, IntegerAttr | FloatAttr) or attr.type in (i64, f64, i1)
            if not plain or isinstance(attr, UnitAttr):
                raise NotPretty(f"{name} needs its type")
            printer.write(printer.attribute(attr, elide=True))
        else:
            printer.region(self.regions.pop(0))

    def _attributes(self, keyword: str) -> None:
        self.printer.attributes(self.operation, self.format.mentioned, keyword)
        self.space, self.punctuation = True, False


def _flatten(elements: Sequence[Element]) -> list[Element]:
    flat = []
    for element in elements:
        flat.append(element)
        flat += _flatten(element.body) + _flatten(element.otherwise)
    return flat


def result_groups(definition: Declaration, operation: Operation) -> list[list[Value]]:
    """The results grouped by declared slot; at most one is variadic."""
    spare = len(operation.results) - sum(1 for slot in definition.results if not slot.arity)
    groups, start = [], 0
    for slot in definition.results:
        size = spare if slot.arity else 1
        groups.append(operation.results[start : start + size])
        start += size
    return groups


# -- custom directives of use to every dialect


def directive(name: str, parse: Callable[..., None]) -> Callable[[Callable], Callable]:
    """Register the decorated printing function and its parsing twin as `custom<name>`."""

    def register(print: Callable[..., None]) -> Callable[..., None]:
        DIRECTIVES[name] = Directive(print, parse)
        return print

    return register


def _parse_keyword(parser: Any, state: Any, name: str) -> None:
    state.attributes[name] = StringAttr(parser.keyword())


@directive("Keyword", _parse_keyword)
def _print_keyword(operation: Operation, printer: Any, name: str) -> None:
    """A string attribute as a bare word: `parallel`."""
    text = operation.get(name)
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z_][\w.$]*", text):
        raise NotPretty(f"{name} is no word")
    printer.write(text)


def _parse_flag(parser: Any, state: Any, name: str) -> None:
    if parser.accept(name):
        state.attributes[name] = UnitAttr()


@directive("Flag", _parse_flag)
def _print_flag(operation: Operation, printer: Any, name: str) -> None:
    """A unit attribute as its name."""
    if name in operation.attributes:
        printer.write(name)


def _parse_numbers(parser: Any, state: Any, name: str) -> None:
    state.attributes[name] = i64_array(parser.bracketed(parser.integer))


@directive("Numbers", _parse_numbers)
def _print_numbers(operation: Operation, printer: Any, name: str) -> None:
    """An array of i64: `[0, 1]`."""
    attr = operation.attributes[name]
    if not isinstance(attr, DenseArrayAttr) or attr.element != i64:
        raise NotPretty(f"{name} holds no numbers")
    printer.write(f"[{', '.join(map(str, attr.value))}]")


def _parse_typed(parser: Any, state: Any, name: str) -> None:
    state.attributes[name] = parser.attribute()


@directive("TypedAttr", _parse_typed)
def _print_typed(operation: Operation, printer: Any, name: str) -> None:
    """An attribute with its type: `4 : index`."""
    printer.write(printer.attribute(operation.attributes[name]))


def _parse_index_list(
    parser: Any, state: Any, operands: str, static: str, opening: str = "[", closing: str = "]"
) -> None:
    entries: list[int] = []
    dynamic = []
    parser.expect(opening)
    while not parser.accept(closing):
        if entries:
            parser.expect(",")
        if parser.peek("%"):
            dynamic.append(parser.operand())
            entries.append(DYNAMIC)
        else:
            entries.append(parser.integer())
    state.operands[operands] = dynamic
    state.attributes[static] = i64_array(entries)


@directive("DynamicIndexList", _parse_index_list)
def _print_index_list(operation: Operation, printer: Any, operands: str, static: str) -> None:
    """`[%offset, 0, 4]`: constants of a static_* attribute with operands where it says DYNAMIC."""
    values, entries = operation.named(operands), operation.attributes[static].value
    if len(values) != sum(1 for entry in entries if entry == DYNAMIC):
        raise NotPretty(f"another number of {operands} than {static} asks for")
    given = iter(values)
    entries = [printer.value(next(given)) if e == DYNAMIC else str(e) for e in entries]
    printer.write(f"[{', '.join(entries)}]")
