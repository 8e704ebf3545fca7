"""Operations as MLIR 19 text, in the generic form or in each operation's own.

In: an operation with all that it holds. Out: text that `fleet.ir.parser` and `mlir-opt` read back.
The one idea: how an operation looks is said once, in its OpDef (`format`, or `print`), and the
generic form, which suits every operation, is what remains where that says nothing.

    %d = "tensor.dim"(%x, %c0) : (tensor<?xf32>, index) -> index          generic
    %d = tensor.dim %x, %c0 : tensor<?xf32>                               its own
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fleet.ir.attributes import AffineMapAttr, Attribute, DenseAttr
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Region, Value
from fleet.ir.definition import ISOLATED
from fleet.ir.format import SEGMENTS, NotPretty
from fleet.ir.location_text import AliasedLocations, InlineLocations, SpelledLocations
from fleet.ir.numbering import constant_hint, numbered
from fleet.ir.resources import Resources, is_resource
from fleet.ir.spelling import (
    attribute_text,
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
    resources: Resources | None = None,
) -> str:
    """The text of an operation and all that it holds, ending in a newline.

    generic:   MLIR's generic form for every operation.
    locations: append `loc(…)` to each operation.
    debuginfo: append `loc(#loc…)`, and to arguments, too, as MLIR's --mlir-print-debuginfo.
    trailer:   after a module, the bytes of large constants in hex; otherwise their names alone.
    hints:     prefer the names of the user's program to the numbers that MLIR gives.
    local:     spell out maps and locations where they stand, as MLIR's --mlir-print-local-scope.
    resources: collects the large constants (and then prints no trailer).
    """
    printer = Printer(
        generic=generic, locations=locations, debuginfo=debuginfo, hints=hints, local=local,
        resources=resources,
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
        skip_regions: bool = False,
        local: bool = False,
    ) -> None:
        self.local = local
        self.skip_regions = skip_regions
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
        self.blocks: dict[Block, str] = {}
        self.taken: set[str] = set()
        self.counters: dict[str, int] = {}
        self.alias_maps = False
        self.maps: dict[AffineMapAttr, str] = {}

    # -- whole texts

    def top_level(self, operation: Operation) -> str:
        self.alias_maps = operation.name == "builtin.module" and not self.local
        if self.debuginfo:  # MLIR has aliases in whole modules only
            self.aliases = AliasedLocations() if self.alias_maps else None
            self.locations = None if self.alias_maps else SpelledLocations()
        if not self.hints:
            self.names = numbered(operation, self.generic)
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
        """The value's name, given now if it has none yet."""
        name = self.names.get(value)
        if name is None:
            if isinstance(value, OpResult):
                self._name_results(value.operation)
            else:
                self.names[value] = self._fresh(value.hint, "arg", numbered=True)
            name = self.names[value]
        return name

    def values(self, values: Iterable[Value]) -> str:
        return ", ".join(map(self.value, values))

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
        items = sorted(operation.attributes.items())
        left = [(n, a) for n, a in items if n != SEGMENTS and n not in skip]
        if left:
            self.write(f"{keyword and ' ' + keyword} {dictionary_text(left, self._naming)}")

    def successor(self, block: Block) -> str:
        name = self.blocks.get(block)
        if name is None:
            name = self.blocks[block] = f"^bb{len(self.blocks)}"
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
        if self.skip_regions:
            self.write("{...}")
            return
        self.write("{\n")
        outer_blocks, self.blocks = self.blocks, {}
        outer = self.indent
        self.indent = outer + "  " if len(outer) < WIDEST else outer
        for block in region.blocks:
            self.successor(block)
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
        self.blocks = outer_blocks
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
        isolated = operation.has_trait(ISOLATED)
        key = None if self.aliases is None else self.aliases.note(operation.location)
        self._results(operation)
        if isolated and self.hints:
            saved = self.names, self.taken, self.counters
            self.names, self.taken, self.counters = dict(self.names), set(), {}
        if self.generic or not self._pretty(operation):
            self._generic(operation)
        if isolated and self.hints:
            self.names, self.taken, self.counters = saved
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
        indent, blocks, waiting = self.indent, self.blocks, len(self.waiting)
        name = operation.name
        holder = operation.parent_op
        if name == "builtin.module":
            name = "module"
        elif holder is not None and holder.name == "func.func":
            name = name.removeprefix("func.")
        self.write(name)
        try:
            if definition.print is not None:
                definition.print(operation, self)
            else:
                definition.layout.print(operation, self)
        except (NotPretty, ValueError, KeyError, AttributeError, IndexError, TypeError):
            # Malformed operations are printed too, to be looked at: generically.
            del self.parts[start:], self.waiting[waiting:]
            self.indent, self.blocks = indent, blocks
            return False
        return True

    def _generic(self, operation: Operation) -> None:
        declared = () if operation.definition is None else operation.definition.attributes
        properties, others = [], []
        for item in sorted(operation.attributes.items()):
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

    # -- names

    def _fresh(self, hint: str | None, fallback: str, numbered: bool = False) -> str:
        """A name that is not taken: the hint or the fallback, with a number where needed."""
        base = value_name(hint) if hint else fallback
        if base not in self.taken and not (base == fallback and numbered):
            self.taken.add(base)
            return f"%{base}"
        joint = "" if base == fallback and numbered else "_"
        number = self.counters.get(base, 0)
        while f"{base}{joint}{number}" in self.taken:
            number += 1
        self.counters[base] = number + 1
        self.taken.add(f"{base}{joint}{number}")
        return f"%{base}{joint}{number}"

    def _name_results(self, operation: Operation) -> None:
        results = operation.results
        if len(results) > 1 and not any(result.hint for result in results):
            group = self._fresh(None, "", numbered=True)
            for result in results:
                self.names[result] = f"{group}#{result.number}"
            return
        for result in results:
            constant = constant_hint(operation) if result.hint is None else None
            if constant is not None:
                self.names[result] = self._fresh(None, constant)
            else:
                self.names[result] = self._fresh(result.hint, "", numbered=True)

    def _naming(self, attr: Attribute) -> str | None:
        if isinstance(attr, AffineMapAttr) and self.alias_maps:
            return self.maps.setdefault(attr, f"#map{len(self.maps) or ''}")
        if isinstance(attr, DenseAttr) and is_resource(attr):
            return f"dense_resource<{self.resources.name(attr)}> : {attr.type}"
        return None


def _comment(predecessors: list[str]) -> str:
    if not predecessors:
        return "  // no predecessors"
    count = "pred" if len(predecessors) == 1 else f"{len(predecessors)} preds"
    return f"  // {count}: {', '.join(predecessors)}"
