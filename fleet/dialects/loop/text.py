"""How `loop` operations read: like pseudo-code, subscripts written out.

    %sum = loop.for %j, %vl = %c0 to %n lanes 8 reduction with (%s = %zero) -> (vector<[8]xf32>) {
      %x = loop.load %a[%i + 1, %j] : memref<?x64xf32> -> vector<[8]xf32>
      …
    }

The one idea: a subscript's operands are numbered in order of appearance, so the `map` of a load
need not be spelled; accesses that are not numbered so are printed in the generic form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from fleet.dialects import loop
from fleet.ir.affine import AffineBinary, AffineConst, AffineDim, AffineExpr, AffineMap, d
from fleet.ir.attributes import AffineMapAttr, IntegerAttr, StringAttr
from fleet.ir.core import Operation, Value
from fleet.ir.format import NotPretty
from fleet.ir.types import index

# -- loops


@loop.for_.prints
def _print_for(op: Operation, printer: Any) -> None:
    block = op.regions[0].block
    leading = 2 if loop.is_vector_loop(op) else 1
    if any(argument.type != index for argument in block.arguments[:leading]):
        raise NotPretty("loop variables of other types")
    variables = printer.values(block.arguments[:leading])
    lower, upper, *inits = op.operands
    step, lanes, iterator = op.get("step"), op.get("lanes"), op.get("iterator")
    printer.write(f" {variables} = {printer.value(lower)} to {printer.value(upper)}")
    if loop.is_vector_loop(op) == (lanes is None) or (lanes is not None and step != 1):
        raise NotPretty("a kind of loop that the text has no words for")
    printer.write(f" lanes {lanes}" if lanes is not None else f" step {step}" if step != 1 else "")
    if iterator is not None:
        if iterator not in ("parallel", "reduction"):
            raise NotPretty("an iterator type that the text has no word for")
        printer.write(f" {iterator}")
    if inits:
        listed = printer.assignments(block.arguments[leading:], inits)
        printer.write(f" with ({listed}) -> ({printer.types(inits)})")
    printer.write(" ")
    last = block.terminator
    bare = last.definition is loop.yield_ and not last.operands and not last.attributes
    printer.region(op.regions[0], arguments=False, skip_last=bare)
    printer.attributes(op, ("kind", "step", "lanes", "iterator"))


@loop.for_.parses
def _parse_for(parser: Any, state: Any) -> None:
    variables = [parser.operand()]
    if parser.accept(","):
        variables.append(parser.operand())
    parser.expect("=")
    state.operands["lower"] = [parser.operand()]
    parser.expect("to")
    state.operands["upper"] = [parser.operand()]
    step = 1
    if parser.accept("lanes"):
        state.attributes["lanes"] = IntegerAttr(parser.integer())
    elif parser.accept("step"):
        step = parser.integer()
    state.attributes["kind"] = StringAttr(
        loop.VECTOR if "lanes" in state.attributes else loop.SERIAL
    )
    state.attributes["step"] = IntegerAttr(step)
    for word in ("parallel", "reduction"):
        if parser.accept(word):
            state.attributes["iterator"] = StringAttr(word)
    names, inits, types = [], [], []
    if parser.accept("with"):
        names, inits = parser.assignments()
        parser.expect("->")
        types = parser.parenthesised_types()
    state.operands["inits"] = inits
    state.set_types("inits", types)
    state.set_types("results", types)
    arguments = parser.pair([*variables, *names], [*[index] * len(variables), *types])
    state.regions.append(parser.region(arguments, terminator=loop.yield_))
    state.attributes.update(parser.optional_attribute_dict())


# -- accesses


@loop.load.prints
def _print_load(op: Operation, printer: Any) -> None:
    memref, *indices = op.operands
    printer.write(f" {printer.value(memref)}{_subscripts(op, indices, printer)}")
    printer.attributes(op, ("map",))
    printer.write(f" : {memref.type} -> {op.result.type}{_index_types(indices)}")


@loop.load.parses
def _parse_load(parser: Any, state: Any) -> None:
    state.operands["memref"] = [parser.operand()]
    _parse_subscripts(parser, state)
    state.attributes.update(parser.optional_attribute_dict())
    parser.expect(":")
    state.set_types("memref", [parser.type()])
    parser.expect("->")
    state.set_types("result", [parser.type()])
    _parse_index_types(parser, state)


@loop.store.prints
def _print_store(op: Operation, printer: Any) -> None:
    value, memref, *indices = op.operands
    place = f"{printer.value(memref)}{_subscripts(op, indices, printer)}"
    printer.write(f" {printer.value(value)}, {place}")
    printer.attributes(op, ("map",))
    printer.write(f" : {value.type}, {memref.type}{_index_types(indices)}")


@loop.store.parses
def _parse_store(parser: Any, state: Any) -> None:
    state.operands["value"] = [parser.operand()]
    parser.expect(",")
    state.operands["memref"] = [parser.operand()]
    _parse_subscripts(parser, state)
    state.attributes.update(parser.optional_attribute_dict())
    parser.expect(":")
    state.set_types("value", [parser.type()])
    parser.expect(",")
    state.set_types("memref", [parser.type()])
    _parse_index_types(parser, state)


def _subscripts(op: Operation, indices: Sequence[Value], printer: Any) -> str:
    """`[%i + 1, %j]`; NotPretty where reading that back would not give the same map."""
    map = op.get("map")
    seen: list[int] = []
    for expr in map.results:
        _appearances(expr, seen)
    names = [printer.value(v) for v in indices]
    if seen != list(range(len(indices))) or map.dims != len(seen) or len(set(names)) != len(seen):
        raise NotPretty("operands out of order")
    texts = [re.sub(r"\bd(\d+)", lambda m: names[int(m[1])], str(expr)) for expr in map.results]
    return f"[{', '.join(texts)}]"


def _appearances(expr: AffineExpr, seen: list[int]) -> None:
    if isinstance(expr, AffineBinary):
        _appearances(expr.left, seen)
        _appearances(expr.right, seen)
    elif isinstance(expr, AffineDim):
        if expr.position not in seen:
            seen.append(expr.position)
    elif not isinstance(expr, AffineConst):
        raise NotPretty("symbols in subscripts")


def _index_types(indices: Sequence[Value]) -> str:
    """The types of the subscripts' operands, where one is not a plain index."""
    if all(value.type == index for value in indices):
        return ""
    return f" at {', '.join(str(value.type) for value in indices)}"


def _parse_index_types(parser: Any, state: Any) -> None:
    count = len(state.operands["indices"])
    types = [index] * count
    if parser.accept("at"):
        types = [parser.type()]
        while parser.accept(","):
            types.append(parser.type())
    state.set_types("indices", types)


def _parse_subscripts(parser: Any, state: Any) -> None:
    reader = _SubscriptReader(parser)
    parser.expect("[")
    results: list[AffineExpr] = []
    while not parser.accept("]"):
        if results:
            parser.expect(",")
        results.append(reader.sum())
    state.operands["indices"] = reader.operands
    state.attributes["map"] = AffineMapAttr(AffineMap(len(reader.operands), tuple(results)))


class _SubscriptReader:
    """Reads affine expressions over SSA values; `operands` are the values as they appear."""

    def __init__(self, parser: Any) -> None:
        self.parser = parser
        self.operands: list[Any] = []
        self.numbers: dict[tuple[str, int], int] = {}

    def sum(self) -> AffineExpr:
        total = self.product()
        while self.parser.peek("+") or self.parser.peek("-"):
            sign = 1 if self.parser.take().text == "+" else -1
            total = total + self.product() * sign
        return total

    def product(self) -> AffineExpr:
        total = self.atom()
        while True:
            if self.parser.accept("*"):
                total = total * self.atom()
            elif self.parser.accept("floordiv"):
                total = total // self._divisor()
            elif self.parser.accept("ceildiv"):
                total = ((total * -1) // self._divisor()) * -1
            elif self.parser.accept("mod"):
                total = total % self._divisor()
            else:
                return total

    def _divisor(self) -> AffineExpr:
        place = self.parser.here()
        divisor = self.atom()
        if not isinstance(divisor, AffineConst) or divisor.value <= 0:
            raise self.parser.error("expected a positive constant to divide by", place)
        return divisor

    def atom(self) -> AffineExpr:
        if self.parser.accept("-"):
            return self.atom() * -1
        if self.parser.accept("("):
            inner = self.sum()
            self.parser.expect(")")
            return inner
        if not self.parser.peek("%"):
            return AffineConst(self.parser.integer())
        operand = self.parser.operand()
        key = (operand.name, operand.number)
        if key not in self.numbers:
            self.numbers[key] = len(self.operands)
            self.operands.append(operand)
        return d(self.numbers[key])


@loop.masked_load.prints
def _print_masked_load(op: Operation, printer: Any) -> None:
    mask, memref, *indices = op.operands
    place = f"{printer.value(memref)}{_subscripts(op, indices, printer)}"
    printer.write(f" {place} where {printer.value(mask)}")
    printer.attributes(op, ("map",))
    types = f"{memref.type}, {mask.type} -> {op.result.type}"
    printer.write(f" : {types}{_index_types(indices)}")


@loop.masked_load.parses
def _parse_masked_load(parser: Any, state: Any) -> None:
    state.operands["memref"] = [parser.operand()]
    _parse_subscripts(parser, state)
    _parse_mask(parser, state)
    state.set_types("memref", [parser.type()])
    parser.expect(",")
    state.set_types("mask", [parser.type()])
    parser.expect("->")
    state.set_types("result", [parser.type()])
    _parse_index_types(parser, state)


@loop.masked_store.prints
def _print_masked_store(op: Operation, printer: Any) -> None:
    value, mask, memref, *indices = op.operands
    place = f"{printer.value(memref)}{_subscripts(op, indices, printer)}"
    printer.write(f" {printer.value(value)}, {place} where {printer.value(mask)}")
    printer.attributes(op, ("map",))
    types = f"{value.type}, {memref.type}, {mask.type}"
    printer.write(f" : {types}{_index_types(indices)}")


@loop.masked_store.parses
def _parse_masked_store(parser: Any, state: Any) -> None:
    state.operands["value"] = [parser.operand()]
    parser.expect(",")
    state.operands["memref"] = [parser.operand()]
    _parse_subscripts(parser, state)
    _parse_mask(parser, state)
    for number, name in enumerate(("value", "memref", "mask")):
        if number:
            parser.expect(",")
        state.set_types(name, [parser.type()])
    _parse_index_types(parser, state)


def _parse_mask(parser: Any, state: Any) -> None:
    parser.expect("where")
    state.operands["mask"] = [parser.operand()]
    state.attributes.update(parser.optional_attribute_dict())
    parser.expect(":")


# -- the others, by format


@loop.buffer.prints
def _print_buffer(op: Operation, printer: Any) -> None:
    """`%a[%n] : memref<?xf64>`, and of another shape `-> memref<…>`."""
    memref, *sizes = op.operands
    printer.write(f" {printer.value(memref)}[{printer.values(sizes)}]")
    printer.attributes(op)
    printer.write(f" : {memref.type}")
    if op.result.type != memref.type:
        printer.write(f" -> {op.result.type}")


@loop.buffer.parses
def _parse_buffer(parser: Any, state: Any) -> None:
    state.operands["memref"] = [parser.operand()]
    parser.expect("[")
    state.operands["sizes"] = parser.operand_list()
    parser.expect("]")
    state.attributes.update(parser.optional_attribute_dict())
    parser.expect(":")
    given = parser.type()
    state.set_types("memref", [given])
    state.set_types("result", [parser.type() if parser.accept("->") else given])


@loop.launch.prints
def _print_launch(op: Operation, printer: Any) -> None:
    inputs, dests, sizes = op.definition.segments(op)
    printer.write(f" {printer.symbol(op.get('callee'))}")
    for word, values in (("ins", inputs), ("outs", dests)):
        listed = f"{printer.values(values)} : {printer.types(values)}" if values else ""
        printer.write(f" {word}({listed})")
    if sizes:
        printer.write(f" sizes({printer.values(sizes)})")
    printer.attributes(op, ("callee",))
    if [r.type for r in op.results] != [v.type for v in dests]:
        raise NotPretty("results that are not the destinations'")


@loop.launch.parses
def _parse_launch(parser: Any, state: Any) -> None:
    state.attributes["callee"] = parser.attribute()
    for word, name in (("ins", "inputs"), ("outs", "dests")):
        parser.expect(word)
        parser.expect("(")
        state.operands[name] = parser.operand_list()
        types = []
        if parser.accept(":"):
            types = _types_until(parser, ")")
        else:
            parser.expect(")")
        state.set_types(name, types)
    state.set_types("results", state.types["dests"])
    state.operands["sizes"] = []
    if parser.accept("sizes"):
        parser.expect("(")
        state.operands["sizes"] = parser.operand_list()
        parser.expect(")")
    state.attributes.update(parser.optional_attribute_dict())


def _types_until(parser: Any, mark: str) -> list[Any]:
    types = [parser.type()]
    while parser.accept(","):
        types.append(parser.type())
    parser.expect(mark)
    return types
