"""MLIR text to operations: what `fleet.ir.printing.printer` and `mlir-opt` print.

In: text in the generic form, in operations' own forms, or mixed. Out: a verified module, or a
FleetError with line and caret. The one idea: an operation's own form is read by the same OpDef
(`format`, or `parse`) that printed it; here are only the generic form, names, regions and blocks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fleet.diagnostics import FleetError, Location
from fleet.ir.analysis.verifier import verify
from fleet.ir.attributes import Attribute, DenseAttr, i32_array
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Region, Value
from fleet.ir.definition import TERMINATOR, OpDef, definition_of
from fleet.ir.format import SEGMENTS
from fleet.ir.parsing.attributes import AttributeParser
from fleet.ir.parsing.state import Operand, OpState, Scope
from fleet.ir.printing.names import own_name
from fleet.ir.printing.spelling import value_name
from fleet.ir.types import FunctionType, Type, i1, index

_TRAILER = re.compile(r"^\{-#", re.MULTILINE)
_UNSAID = ("linalg.memoized_indexing_maps",)
_MAKING_ERRORS = (ValueError, KeyError, TypeError, IndexError, AttributeError)


@dataclass(frozen=True)
class Parsed:
    """A text that was read.

    kept:      names of constants that came from `resources`, what the text has no bytes for.
    external:  `(owner, key)` -> value of its external resources.
    """

    module: Operation
    kept: dict[DenseAttr, str]
    resources: Mapping[str, np.ndarray]
    external: dict[tuple[str, str], str | int | bool]


def parse_text(
    text: str,
    file: str = "<text>",
    *,
    span: tuple[int, int] | None = None,
    resources: Mapping[str, np.ndarray] | None = None,
    check: bool = True,
) -> Parsed:
    """The module in a text; several operations without one are put into one.

    span: the part of the text to read; places count from the text's beginning all the same.
    resources: arrays for `dense_resource<key>` that the text itself has no bytes for.
    check: verify the module. Raises FleetError, with the place in the text, on anything malformed.
    """
    try:
        parser = Parser(text, file, resources, span)
        module = parser.module()
    except RecursionError:
        raise FleetError("the text is nested too deeply", Location(file, 1)) from None
    if check:
        verify(module)
    return Parsed(module, parser.kept(), resources or {}, parser.external)


def parse_module(
    text: str,
    file: str = "<text>",
    *,
    resources: Mapping[str, np.ndarray] | None = None,
    check: bool = True,
) -> Operation:
    """The module in a whole text: see `parse_text`."""
    return parse_text(text, file, resources=resources, check=check).module


LEFT_OUT = {
    "memref": "Fleet computes on tensors; references to memory are not supported",
    "bufferization": "Fleet has a bufferisation of its own; see schedule-to-vm",
    "affine": "Fleet has affine maps, and loops as scf and loop; not the dialect affine",
    "complex": "complex numbers are not supported",
}
"""Upstream dialects that Fleet leaves out, and what is said of them."""


class Parser(AttributeParser):
    """Parses operations. Hooks use the methods of `Tokens`, `AttributeParser` and these:
    `operand`, `operand_list`, `region`, `empty_region`, `successor_list`, `pair`."""

    def __init__(
        self,
        text: str,
        file: str = "<text>",
        resources: Mapping[str, np.ndarray] | None = None,
        span: tuple[int, int] | None = None,
    ) -> None:
        start, end = span or (0, len(text))
        found = max(_TRAILER.finditer(text, start, end), key=re.Match.start, default=None)
        trailer = None if found is None else found.start()
        super().__init__(text, file, (start, end if trailer is None else trailer), resources)
        if trailer is not None:
            self._whole_trailer(trailer, end)
        self.scope = Scope(None)
        self.blocks: dict[str, tuple[Block, int]] = {}
        self.located: list[tuple[Operation | BlockArgument, object]] = []
        self.argument_places: dict[int, object] = {}
        self.holders: list[str] = []
        self.own_form: list[str] = [""]
        """The operation whose dialect need not be named: functions, and others in their own form;
        what is written in generic form changes nothing."""
        self._definitions: dict[str, OpDef] = {}

    def _whole_trailer(self, start: int, end: int) -> None:
        reader = AttributeParser(self.text, self.file, (start, end))
        reader.resource_trailer()
        self.trailer, self.external = reader.trailer, reader.external

    # -- the whole text

    def module(self) -> Operation:
        operations: list[Operation] = []
        self.holders.append("builtin.module")
        while self.token.kind != "end":
            if self.token.kind in ("hash", "bang"):
                self._alias()
            else:
                operations.append(self.operation())
        self._close_scope(self.scope)
        for operation, place in self.located:
            operation.location = self.resolve(place)
        if len(operations) == 1 and operations[0].name == "builtin.module":
            return operations[0]
        definition = definition_of("builtin.module")
        if definition is None:
            raise self.error("the dialect builtin is not loaded")
        block = Block()
        for operation in operations:
            block.append(operation)
        return definition(regions=[Region([block])], location=Location(self.file, 0, -1))

    def _alias(self) -> None:
        token = self.take()
        self.expect("=")
        if token.text in self.type_aliases or token.text in self.attribute_aliases:
            raise self.error(f"the alias {token.text} is defined already", token.start)
        if token.kind == "bang":
            self.type_aliases[token.text] = self.type()
        elif self.accept("loc"):
            self.places[token.text] = self.parenthesised_place()
        else:
            self.attribute_aliases[token.text] = self.attribute()

    # -- operations

    def operation(self) -> Operation:
        """`%results = operation loc(…)`."""
        names: list[tuple[str, int, int]] = []
        if self.peek("%"):
            while True:
                place = self.here()
                name = self.operand()
                count = self.integer() if self.accept(":") else 1
                if name.number or not 0 < count <= 10000:
                    raise self.error("expected a name for results such as %0 or %0:2", place)
                names.append((name.name, count, place))
                if not self.accept(","):
                    break
            self.expect("=")
        position = self.here()
        operation = self._generic() if self.peek('"') else self._pretty()
        given = sum(count for _, count, _ in names)
        if names and given != len(operation.results):
            raise self.error(
                f"'{operation.name}' has {len(operation.results)} results, {given} are named",
                position,
            )
        results = iter(operation.results)
        for name, count, place in names:
            for number in range(count):
                result = next(results)
                self._define(name, number, result, place)
                if count == 1 and not _is_own_hint(name, operation):
                    result.hint = name
        if self.accept("loc"):
            self.located.append((operation, self.parenthesised_place()))
        else:
            operation.location = self.location(position)
        return operation

    def _generic(self) -> Operation:
        position = self.here()
        name = self.string()
        self.expect("(")
        operands = self.operand_list()
        self.expect(")")
        successors = self.successor_list("[", "]") if self.peek("[") else []
        attributes: dict[str, Attribute] = {}
        if self.accept("<"):
            attributes = self.attribute_dict()
            self.expect(">")
        definition = definition_of(name)
        regions: list[Region] = []
        if self.accept("("):
            isolated = definition is not None and "IsolatedFromAbove" in definition.traits
            self.holders.append(name)
            self.own_form.append(name if name == "func.func" else self.own_form[-1])
            while True:
                regions.append(self.region(isolated=isolated))
                if not self.accept(","):
                    break
            self.holders.pop()
            self.own_form.pop()
            self.expect(")")
        for key, value in self.optional_attribute_dict().items():
            if key in attributes:
                raise self.error(f"{key!r} is given twice")
            attributes[key] = value
        self.expect(":")
        place = self.here()
        type = self.type()
        if not isinstance(type, FunctionType):
            raise self.error("expected a function type such as (f32) -> f32", place)
        if len(type.inputs) != len(operands):
            raise self.error(f"{len(operands)} operands but {len(type.inputs)} types", place)
        values = [self._use(o, t) for o, t in zip(operands, type.inputs, strict=True)]
        if definition is not None and definition.body is not None and not regions:
            raise self.error(f"'{name}' needs its region in the generic form", position)
        return Operation(
            name, values, type.results, _without_defaults(attributes, definition), regions,
            successors, definition=definition,
        )  # fmt: skip

    def _pretty(self) -> Operation:
        token = self.of_kind("word", "an operation")
        name = token.text
        definition = self._definition(name)
        if definition is None:
            for prefix in ("func", "builtin"):
                if prefix == "builtin" or self.own_form[-1] == "func.func":
                    definition = definition or definition_of(f"{prefix}.{name}")
        if definition is None:
            raise self.error(
                f"there is no operation {name!r}",
                token.start,
                LEFT_OUT.get(
                    name.partition(".")[0],
                    'operations that Fleet does not know are written "dialect.name"(…) : (…) -> …',
                ),
            )
        state = OpState(definition.name, definition, token.start)
        self.holders.append(definition.name)
        self.own_form.append(definition.name)
        if definition.parse is not None:
            definition.parse(self, state)
        elif definition.layout is not None:
            definition.layout.parse(self, state)
        else:
            raise self.error(
                f"'{definition.name}' has no form of its own",
                token.start,
                f'write "{definition.name}"(…) : (…) -> …',
            )
        self.holders.pop()
        self.own_form.pop()
        return self._finish(state)

    def _definition(self, name: str) -> OpDef | None:
        """The declaration of an operation by its full name."""
        known = self._definitions.get(name)
        if known is None and "." in name:
            known = definition_of(name)
            if known is not None:
                self._definitions[name] = known
        return known

    def _finish(self, state: OpState) -> Operation:
        """Make the operation, finding out what types its form leaves out."""
        definition, position = state.definition, state.position
        known = self._known_types(state)
        values: list[Value] = []
        sizes: list[int] = []
        if state.flat_operands is not None:
            listed = state.types.get("operands")
            if listed is not None and len(listed) != len(state.flat_operands):
                raise self.error(
                    f"{len(state.flat_operands)} operands but {len(listed)} types", position
                )
            for number, operand in enumerate(state.flat_operands):
                values.append(self._use(operand, listed[number] if listed else None))
        else:
            for slot in definition.operands:
                group = state.operands.get(slot.name, [])
                types = known.get(slot.name)
                if types is not None and len(types) != len(group):
                    raise self.error(f"{len(group)} operands but {len(types)} types", position)
                for number, operand in enumerate(group):
                    values.append(self._use(operand, types[number] if types else None))
                sizes.append(len(group))
        attributes = _without_defaults(state.attributes, definition)
        if definition.is_segmented and sizes:
            attributes[SEGMENTS] = i32_array(*sizes)
        operation = Operation(
            definition.name, values, (), attributes, state.regions, state.successors,
            self.location(position), definition,
        )  # fmt: skip
        results = self._result_types(state, known, operation)
        operation.results = [OpResult(operation, i, type) for i, type in enumerate(results)]
        if definition.body is not None and not operation.regions:
            try:
                operation.add_region(definition.body(operation))
            except _MAKING_ERRORS as error:
                raise self.error(f"'{definition.name}' is malformed: {error}", position) from error
        return operation

    def _known_types(self, state: OpState) -> dict[str, list[Type]]:
        """Types by slot: as written, implied by a constraint, or the same as another's."""
        definition = state.definition
        known = dict(state.types)
        operands = known.get("operands")
        if operands is not None and state.flat_operands is None:
            listed = list(operands)
            for slot in definition.operands:
                count = len(state.operands.get(slot.name, []))
                known[slot.name], listed = listed[:count], listed[count:]
            if listed:
                raise self.error("more types than operands", state.position)
        same = None
        if "SameOperandsAndResultType" in definition.traits:
            same = next((types[0] for types in known.values() if types), None)
        for slot in (*definition.operands, *definition.results):
            if slot.name in known:
                continue
            implied = {"Index": index, "I1": i1}.get(slot.constraint, same)
            if implied is not None:
                is_result = slot in definition.results
                count = 1 if is_result else len(state.operands.get(slot.name, []))
                if not (is_result and slot.arity):
                    known[slot.name] = [implied] * count
        return known

    def _result_types(
        self, state: OpState, known: dict[str, list[Type]], operation: Operation
    ) -> list[Type]:
        definition = state.definition
        if "results" in state.types and state.types["results"] is not None:
            return state.types["results"]
        if all(slot.name in known or slot.arity for slot in definition.results):
            return [type for slot in definition.results for type in known.get(slot.name, ())]
        try:
            return definition.infer_types(operation)
        except _MAKING_ERRORS as error:
            internal = isinstance(error, TypeError | AttributeError)
            reason = "its operands are of the wrong kind" if internal else error
            raise self.error(
                f"the types of the results of '{definition.name}' cannot be told: {reason}",
                state.position,
            ) from error

    # -- values

    def operand(self) -> Operand:
        """A use `%name` or `%name#1`."""
        _, text, start, _ = self.of_kind("value", "an SSA value such as %0")
        if "#" not in text:
            return Operand(text[1:], 0, start)
        name, _, number = text[1:].partition("#")
        if len(number) > 9:
            raise self.error("expected a small number after '#'", start)
        return Operand(name, int(number), start)

    def operand_list(self) -> list[Operand]:
        """Uses with commas between; none when no `%` follows."""
        operands: list[Operand] = []
        if self.peek("%"):
            operands.append(self.operand())
            while self.accept(","):
                operands.append(self.operand())
        return operands

    def _use(self, operand: Operand, type: Type | None) -> Value:
        """The value of a use; of one not defined yet, a stand-in until it is."""
        key = operand[:2]
        value = self.scope.names.get(key)
        if value is None:
            waiting = self.scope.forward.get(key)
            if waiting is not None:
                value = waiting[0]
        if value is None:
            if type is None:
                raise self.error(f"%{operand.name} is not defined", operand.position)
            value = Value(type)
            self.scope.forward[key] = (value, operand.position)
        elif type is not None and value.type != type:
            raise self.error(f"%{operand.name} has type {value.type}, not {type}", operand.position)
        return value

    def _define(self, name: str, number: int, value: Value, position: int) -> None:
        key, scope = (name, number), self.scope
        if key in scope.names:
            raise self.error(f"%{name} is defined already", position)
        scope.define(key, value)
        waiting = scope.forward.pop(key, None) if scope.forward else None
        if waiting is not None:
            stand_in, place = waiting
            if stand_in.type != value.type:
                raise self.error(
                    f"%{name} has type {value.type} but is used as {stand_in.type}", place
                )
            stand_in.replace_all_uses_with(value)

    def _close_scope(self, scope: Scope) -> None:
        for (name, _), (_, position) in scope.forward.items():
            raise self.error(f"%{name} is not defined", position)

    # -- regions and blocks

    def assignments(self) -> tuple[list[Operand], list[Operand]]:
        """`(%name = %value, …)`: the names of block arguments and what they begin with."""
        names, values = [], []
        self.expect("(")
        while not self.accept(")"):
            if names:
                self.expect(",")
            names.append(self.operand())
            self.expect("=")
            values.append(self.operand())
        return names, values

    def pair(self, names: Sequence[Operand], types: Sequence[Type]) -> list[tuple[Operand, Type]]:
        """Block arguments of these names and types."""
        if len(names) != len(types):
            raise self.error(f"{len(names)} names but {len(types)} types")
        return list(zip(names, types, strict=True))

    def empty_region(self) -> Region:
        return Region()

    def region(
        self,
        arguments: Sequence[tuple[Operand, Type]] | None = None,
        *,
        isolated: bool = False,
        terminator: OpDef | None = None,
        terminated: bool = True,
    ) -> Region:
        """`{ blocks }`.

        arguments:  of the first block, when the operation's form has named them already.
        terminator: put at the end of the last block when it has none.
        terminated: False for a body without terminator: `{}` is then an empty block.
        """
        self.expect("{")
        isolated = isolated or self.holders[-1] == "builtin.module"
        scope, blocks = self.scope, self.blocks
        self.scope, self.blocks = Scope(None if isolated else scope), {}
        region = Region()
        plain = arguments is not None or terminator is not None or not terminated
        if not self.peek("^") and (plain or not self.peek("}")):
            block = region.add_block()
            for operand, type in arguments or ():
                self._argument(block, operand, type)
            self._operations(block)
        elif arguments:
            raise self.error("the first block has its arguments already")
        while self.peek("^"):
            self._labelled_block(region)
        self.expect("}")
        for label, (block, position) in self.blocks.items():
            if block.parent is None:
                raise self.error(f"the block {label} is not defined", position)
        if isolated:
            self._close_scope(self.scope)
        self.scope.leave()
        self.scope, self.blocks = scope, blocks
        if terminator is not None:
            last = region.blocks[-1].last
            if last is None or not last.has_trait(TERMINATOR):
                made = terminator(*([] for _ in terminator.operands))
                made.location = self.location(self.here())
                region.blocks[-1].append(made)
        return region

    def _operations(self, block: Block) -> None:
        while not (self.peek("}") or self.peek("^")):
            if self.token.kind == "end":
                raise self.error("expected '}', found the end of the text")
            block.append(self.operation())

    def _labelled_block(self, region: Region) -> None:
        token = self.take()
        block, _ = self.blocks.setdefault(token.text, (Block(), token.start))
        if block.parent is not None:
            raise self.error(f"the block {token.text} is defined already", token.start)
        region.add_block(block)
        if self.accept("("):
            while not self.accept(")"):
                if block.arguments:
                    self.expect(",")
                operand = self.operand()
                self.expect(":")
                type = self.type()
                self.argument_location(operand)
                self._argument(block, operand, type)
        self.expect(":")
        self._operations(block)

    def argument_location(self, operand: Operand | None) -> None:
        """The optional `loc(…)` of the block argument that was just read; None: it has no name."""
        if self.accept("loc"):
            place = self.parenthesised_place()
            if operand is not None:
                self.argument_places[operand.position] = place

    def _argument(self, block: Block, operand: Operand, type: Type) -> None:
        automatic = operand.name.isdigit() or re.fullmatch(r"arg\d+", operand.name)
        argument = block.add_argument(
            type, None if automatic else operand.name, self.location(operand.position)
        )
        place = self.argument_places.get(operand.position)
        if place is not None:
            self.located.append((argument, place))
        self._define(operand.name, 0, argument, operand.position)

    def successor_block(self) -> Block:
        """The block that `^bb1` names, which may come later."""
        token = self.of_kind("block", "a block such as ^bb1")
        return self.blocks.setdefault(token.text, (Block(), token.start))[0]

    def successor_list(self, opening: str = "", closing: str = "") -> list[Block]:
        """`^bb1, ^bb2`, perhaps in brackets."""
        if opening:
            self.expect(opening)
        successors: list[Block] = []
        while self.peek("^"):
            successors.append(self.successor_block())
            if not self.accept(","):
                break
        if closing:
            self.expect(closing)
        return successors


def _is_own_hint(name: str, operation: Operation) -> bool:
    """Whether printing gave the name by itself."""
    if name.isdigit():
        return True
    own = map(value_name, filter(None, own_name(operation).split(", ")))
    return re.sub(r"_\d+\Z", "", name) in own


def _without_defaults(
    attributes: dict[str, Attribute], definition: OpDef | None
) -> dict[str, Attribute]:
    """Without what says nothing, being so anyway."""
    if definition is None:
        return attributes
    return {
        name: attr
        for name, attr in attributes.items()
        if name not in _UNSAID and definition.defaults.get(name) != attr
    }
