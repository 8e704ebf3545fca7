"""Operations as MLIR 19 text, in the generic form or in each operation's own.

In: an operation with all that it holds. Out: text that `fleet.ir.parsing.parser` and `mlir-opt`
read back. The one idea: how an operation looks is said once, in its OpDef (`format`, or `print`),
and the generic form, which suits every operation, is what remains where that says nothing.

    %d = "tensor.dim"(%x, %c0) : (tensor<?xf32>, index) -> index          generic
    %d = tensor.dim %x, %c0 : tensor<?xf32>                               its own
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice

from fleet.ir.attributes import AffineMapAttr, Attribute, DenseAttr
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Region, Value
from fleet.ir.format import SEGMENTS, NotPretty
from fleet.ir.printing.locations import AliasedLocations, InlineLocations, SpelledLocations
from fleet.ir.printing.names import name_values, own_name
from fleet.ir.printing.resources import Resources, is_resource
from fleet.ir.printing.spelling import (
    attribute_text,
    bytes_text,
    dictionary_text,
    hex_text,
    symbol_text,
    value_name,
)
from fleet.ir.types import FunctionType, Type

WIDEST = 80
"""Columns of indentation at most: beyond, text would grow with the square of the nesting."""


def print_op(
    operation: Operation,
    *,
    generic: bool = False,
    locations: bool = False,
    debuginfo: bool = False,
    trailer: bool = True,
    hints: bool = True,
    local: bool = False,
    plain: bool = False,
    resources: Resources | None = None,
) -> str:
    """The text of an operation and all that it holds, ending in a newline.

    generic:   MLIR's generic form for every operation.
    locations: append `loc(…)` to each operation.
    debuginfo: append `loc(#loc…)`, and to arguments, too, as MLIR's --mlir-print-debuginfo.
    trailer:   after a module, the bytes of large constants in hex; otherwise their names alone.
    hints:     prefer the names of the user's program to the numbers that MLIR gives.
    local:     spell out maps and locations where they stand, as MLIR's --mlir-print-local-scope.
    plain:     constants of several elements as bytes, for who reads no numbers and wants it soon.
    resources: collects the large constants (and then prints no trailer).
    """
    printer = Printer(
        generic=generic, locations=locations, debuginfo=debuginfo, hints=hints, local=local,
        plain=plain, resources=resources,
    )  # fmt: skip
    body = printer.top_level(operation)
    if trailer and resources is None:
        body += printer.trailer()
    return body


class Printer:
    """Writes operations into a list of strings; `format` strings and `print` hooks call it.

    Hooks use: `write(text)`, `value(v)`, `values(vs)`, `type(t)`, `attribute(a)`, `region(r)`,
    `attributes(op, skip)`.
    """

    def __init__(
        self,
        *,
        generic: bool = False,
        locations: bool = False,
        debuginfo: bool = False,
        hints: bool = True,
        resources: Resources | None = None,
        longest: int | None = None,
        local: bool = False,
        plain: bool = False,
    ) -> None:
        self.local = local
        self.plain = plain
        self.longest = longest
        """The most operations inside one that are printed, and not `{...}`."""
        self.generic = generic
        self.locations: InlineLocations | SpelledLocations | None = None
        if locations:
            self.locations = InlineLocations()
        self.debuginfo = debuginfo
        self.aliases: AliasedLocations | None = None
        self.waiting: list[tuple[int, int]] = []
        """Where in `parts` the aliases of which locations go, once they are known."""
        self.hints = hints
        self.resources = Resources() if resources is None else resources
        self.parts: list[str] = []
        self.indent = ""
        self.names: dict[Value, str] = {}
        self._taken: set[str] | None = None
        """The names, once one has been given outside of what `names` began with."""
        self.blocks: dict[Block, str] = {}
        self.alias_maps = False
        self.maps: dict[AffineMapAttr, str] = {}

    # -- whole texts

    def top_level(self, operation: Operation) -> str:
        self.alias_maps = operation.name == "builtin.module" and not self.local
        if self.debuginfo:  # MLIR has aliases in whole modules only
            self.aliases = AliasedLocations() if self.alias_maps else None
            self.locations = None if self.alias_maps else SpelledLocations()
        self.names = name_values(operation, hints=self.hints, own=self.hints or not self.generic)
        self.operation(operation)
        header = [f"{name} = affine_map<{attr.value}>\n" for attr, name in self.maps.items()]
        before = self.locations.lines if self.locations is not None else []
        after: list[str] = []
        if self.aliases is not None:
            self.aliases.number()
            for position, key in self.waiting:
                self.parts[position] = f" loc({self.aliases.alias(key)})"
            before, after = self.aliases.lines(first=True), self.aliases.lines(first=False)
        return "".join([*before, *header, *self.parts, "\n", *after])

    def trailer(self, external: Sequence[str] = ()) -> str:
        """The large constants that were printed, as MLIR's resource section, and further lines of
        external resources."""
        sections = []
        if self.resources.arrays:
            entries = ",\n".join(
                f'      {name}: "0x{attr.value.itemsize:02X}000000{hex_text(attr.value)}"'
                for name, attr in self.resources.arrays.items()
            )
            sections.append(f"  dialect_resources: {{\n    builtin: {{\n{entries}\n    }}\n  }}")
        if external:
            lines = "\n".join(external)
            sections.append(f"  external_resources: {{\n{lines}\n  }}")
        return "\n{{-#\n{}\n#-}}\n".format(",\n".join(sections)) if sections else ""

    # -- pieces that hooks use

    def write(self, text: str) -> None:
        self.parts.append(text)

    def value(self, value: Value) -> str:
        """The value's name; of one from outside what is printed, one given now."""
        name = self.names.get(value)
        if name is None:
            hint = value_name(value.hint) if value.hint and self.hints else ""
            if not hint and isinstance(value, OpResult) and len(value.operation.results) == 1:
                hint = own_name(value.operation)
            if self._taken is None:
                self._taken = set(self.names.values())
            taken = self._taken
            number = len(taken)
            name = f"%{hint or number}"
            while name in taken:
                number += 1
                name = f"%{hint}_{number}" if hint else f"%{number}"
            self.names[value] = name
            taken.add(name)
        return name

    def values(self, values: Iterable[Value]) -> str:
        return ", ".join(map(self.value, values))

    def assignments(self, arguments: Iterable[Value], values: Iterable[Value]) -> str:
        """`%name = %value, …`: block arguments and what they begin with."""
        pairs = zip(arguments, values, strict=True)
        return ", ".join(f"{self.value(name)} = {self.value(value)}" for name, value in pairs)

    def types(self, values: Iterable[Value]) -> str:
        return ", ".join(str(value.type) for value in values)

    def type(self, type: Type) -> str:
        return str(type)

    def function_type(self, inputs: Sequence[Value], results: Sequence[Value]) -> str:
        return str(FunctionType(tuple(v.type for v in inputs), tuple(v.type for v in results)))

    def attribute(self, attr: Attribute, elide: bool = False) -> str:
        return attribute_text(attr, self._naming, elide)

    def symbol(self, name: str) -> str:
        return symbol_text(name)

    def attributes(self, operation: Operation, skip: Iterable[str] = (), keyword: str = "") -> None:
        """` {name = value}` of all attributes but those to skip; nothing when none is left."""
        hidden = {SEGMENTS, *skip}
        left = [(n, a) for n, a in sorted(operation.attributes.items()) if n not in hidden]
        if left:
            self.write(f"{keyword and ' ' + keyword} {dictionary_text(left, self._naming)}")

    def successor(self, block: Block) -> str:
        """A block's label: its place in its region."""
        name = self.blocks.get(block)
        if name is None:
            inside = block.parent.blocks if block.parent is not None else [block]
            self.blocks |= {other: f"^bb{number}" for number, other in enumerate(inside)}
            name = self.blocks[block]
        return name

    def region(
        self,
        region: Region,
        *,
        arguments: bool = True,
        skip_last: bool = False,
        label_empty: bool = False,
    ) -> None:
        """`{ blocks }`.

        arguments:   print the first block's arguments (otherwise the operation has printed them).
        skip_last:   leave out the last block's terminator, which parsing puts back.
        label_empty: print the label of an empty first block, to tell it from no block.
        """
        if self.longest is not None and _is_longer(region, self.longest):
            self.write("{...}")
            return
        self.write("{\n")
        outer = self.indent
        self.indent = outer + "  " if len(outer) < WIDEST else outer
        predecessors = self._predecessors(region) if len(region.blocks) > 1 else {}
        for number, block in enumerate(region.blocks):
            labelled = (block.arguments and arguments) or (label_empty and block.first is None)
            if number or labelled:
                self._label(block, outer, f":{predecessors[block]}\n" if number else ":\n")
            for operation in block:
                if skip_last and operation is region.blocks[-1].last:
                    break
                self.write(self.indent)
                self.operation(operation)
                self.write("\n")
        self.indent = outer
        self.write(f"{outer}}}")

    def _label(self, block: Block, indent: str, ending: str) -> None:
        """`^bb1(%x: f32):  // pred: ^bb0`, on a line of its own."""
        self.write(f"{indent}{self.successor(block)}")
        for number, argument in enumerate(block.arguments):
            self.write(f"{', ' if number else '('}{self.value(argument)}: {argument.type}")
            self.argument_location(argument)
        self.write(f"){ending}" if block.arguments else ending)

    def _predecessors(self, region: Region) -> dict[Block, str]:
        """For each block the comment on where control comes from."""
        found: dict[Block, list[str]] = {block: [] for block in region.blocks}
        for block in region.blocks:
            for successor in block.last.successors if block.last is not None else ():
                if successor in found:
                    found[successor].append(self.successor(block))
        return {block: _comment(names) for block, names in found.items()}

    def argument_location(self, argument: BlockArgument) -> None:
        """` loc(…)` of a block's argument, which only MLIR's debug information shows."""
        if self.debuginfo:
            if self.aliases is not None:
                self.aliases.note(argument.location, first=True)
            self.write(f" loc({SpelledLocations().text(argument.location)})")

    # -- operations

    def operation(self, operation: Operation) -> None:
        key = None if self.aliases is None else self.aliases.note(operation.location)
        self._results(operation)
        if self.generic or not self._pretty(operation):
            self._generic(operation)
        if self.locations is not None:
            self.write(f" loc({self.locations.text(operation.location)})")
        if key is not None:
            self.waiting.append((len(self.parts), key))
            self.write("")

    def _results(self, operation: Operation) -> None:
        if not operation.results:
            return
        first = self.value(operation.results[0])
        if "#" in first:
            self.write(f"{first[:-2]}:{len(operation.results)} = ")
        else:
            self.write(f"{self.values(operation.results)} = ")

    def _pretty(self, operation: Operation) -> bool:
        definition = operation.definition
        if definition is None or (definition.print is None and definition.layout is None):
            return False
        start = len(self.parts)
        indent, waiting = self.indent, len(self.waiting)
        name = operation.name
        holder = operation.parent_op
        inside = "builtin.module" if holder is None else holder.name
        if inside in ("func.func", "builtin.module"):
            name = name.removeprefix(f"{inside.partition('.')[0]}.")
        self.write(name)
        try:
            if definition.print is not None:
                definition.print(operation, self)
            else:
                definition.layout.print(operation, self)
        except (NotPretty, ValueError, KeyError, AttributeError, IndexError, TypeError):
            # Malformed operations are printed too, to be looked at: generically.
            del self.parts[start:], self.waiting[waiting:]
            self.indent = indent
            return False
        return True

    def _generic(self, operation: Operation) -> None:
        definition = operation.definition
        declared = () if definition is None else definition.attributes
        properties, others = [], []
        for item in sorted(self._all_attributes(operation).items()):
            inherent = item[0] in declared or item[0] == SEGMENTS
            (properties if inherent else others).append(item)
        self.write(f'"{operation.name}"({self.values(operation.operands)})')
        if operation.successors:
            self.write(f"[{', '.join(map(self.successor, operation.successors))}]")
        if properties:
            self.write(f" <{dictionary_text(properties, self._naming)}>")
        for number, region in enumerate(operation.regions):
            self.write(", " if number else " (")
            self.region(region, label_empty=True)
        if operation.regions:
            self.write(")")
        if others:
            self.write(f" {dictionary_text(others, self._naming)}")
        self.write(f" : {self.function_type(operation.operands, operation.results)}")

    def _all_attributes(self, operation: Operation) -> dict[str, Attribute]:
        """An operation's attributes, with those that its own form leaves unsaid."""
        definition = operation.definition
        if definition is None:
            return operation.attributes
        found = {**definition.defaults, **operation.attributes}
        if definition.implied is not None:
            with suppress(ValueError, KeyError, AttributeError, IndexError, TypeError):
                found.update(definition.implied(operation))  # nothing of a malformed operation
        return found

    # -- names of attributes

    def _naming(self, attr: Attribute) -> str | None:
        if isinstance(attr, AffineMapAttr) and self.alias_maps:
            return self.maps.setdefault(attr, f"#map{len(self.maps) or ''}")
        if isinstance(attr, DenseAttr) and is_resource(attr):
            return f"dense_resource<{self.resources.name(attr)}> : {attr.type}"
        if self.plain and isinstance(attr, DenseAttr) and attr.value.size > 1 and not attr.is_splat:
            return f"{bytes_text(attr)} : {attr.type}"
        return None


def _is_longer(region: Region, most: int) -> bool:
    """Whether more operations than that are inside."""
    inside = (op for block in region.blocks for inner in block for op in inner.walk())
    return next(islice(inside, most, None), None) is not None


def _comment(predecessors: list[str]) -> str:
    if not predecessors:
        return "  // no predecessors"
    count = "pred" if len(predecessors) == 1 else f"{len(predecessors)} preds"
    return f"  // {count}: {', '.join(predecessors)}"
