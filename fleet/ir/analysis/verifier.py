"""Whether IR is well formed: structure, dominance, declared types, traits, symbols.

In: an operation, usually a module. Out: nothing, or FleetErrors that name each offending operation
with its location and its line of text. The one idea: everything said in an OpDef is checked here
once; an op's own `verify_with` hook adds what a declaration cannot say, `verify_symbols_with` what
depends on the functions it names, and both raise VerifyError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from fleet.diagnostics import FleetError, FleetErrors
from fleet.ir.analysis.dominance import dominator_tree
from fleet.ir.attributes import (
    Attribute,
    DenseAttr,
    FloatAttr,
    IntegerAttr,
)
from fleet.ir.core import Block, Operation, OpResult, Region, Value
from fleet.ir.definition import (
    CONSTANT,
    CONSTRAINTS,
    DIALECTS,
    ELEMENTWISE,
    GRAPH,
    ISOLATED,
    NO_TERMINATOR,
    SAME_TYPE,
    SYMBOL,
    SYMBOL_TABLE,
    TERMINATOR,
    OpDef,
    Slot,
)
from fleet.ir.flow import RegionBranch
from fleet.ir.format import result_groups
from fleet.ir.printing.printer import print_op
from fleet.ir.symbols import SymbolTable, SymbolTables, references, table_around
from fleet.ir.types import ShapedType, Type

MOST_ERRORS = 20
"""How many errors are reported at most: what follows is mostly their consequence."""


class VerifyError(Exception):
    """What is wrong with the operation being verified; the verifier adds which one and where.

    at: the operation to blame, if it is another one: a terminator inside, say.
    """

    def __init__(self, message: str, at: Operation | None = None) -> None:
        super().__init__(message)
        self.at = at


def verify(operation: Operation) -> None:
    """Check an operation and all inside it. Raises FleetErrors naming every offence found."""
    holder = table_around(operation)
    verifier = _Verifier()
    verifier.symbols = verifier.tables.of(holder) if holder is not None else None
    verifier.operation(operation, {})
    if verifier.errors:
        raise FleetErrors(verifier.errors)


class _Verifier:
    def __init__(self) -> None:
        self.errors: list[FleetError] = []
        self.tables = SymbolTables()
        self.symbols: SymbolTable | None = None
        """Those of the table around the current operation; None outside any."""

    def complain(self, operation: Operation, message: str) -> None:
        if len(self.errors) < MOST_ERRORS:
            line = print_op(operation, trailer=False).split("\n", 1)[0]
            self.errors.append(
                FleetError(
                    f"'{operation.name}' {message}", operation.location, hint=f"in: {line.strip()}"
                )
            )

    def operation(self, operation: Operation, visible: dict[Value, None]) -> None:
        if len(self.errors) >= MOST_ERRORS:
            return
        for number, operand in enumerate(operation.operands):
            if (operation, number) not in operand.uses:
                self.complain(operation, f"operand {number} does not know of this use")
        definition = operation.definition
        if definition is None:
            dialect, _, name = operation.name.partition(".")
            if dialect in DIALECTS:
                self.complain(operation, f"is unknown: the dialect {dialect} has no {name!r}")
        elif self.declared(operation, definition):
            self.traits(operation, definition)
            if definition.verifier is not None:
                self.ask(operation, definition.verifier, operation)
            branch = RegionBranch.of(operation)
            if branch is not None:
                self.ask(operation, self.flows, operation, branch)
            if definition.symbol_verifier is not None and self.symbols is not None:
                self.ask(operation, definition.symbol_verifier, operation, self.symbols)
        outer_symbols = self.symbols
        self.symbol_uses(operation)
        if operation.has_trait(SYMBOL_TABLE):
            self.symbols = self.tables.of(operation)
            for again in self.symbols.duplicates:
                self.complain(again, f"defines @{again.get('sym_name')} again")
        inner = {} if operation.has_trait(ISOLATED) else visible
        for number, region in enumerate(operation.regions):
            if region.parent is not operation:
                self.complain(operation, f"region {number} belongs to another operation")
            self.region(operation, region, inner)
        self.symbols = outer_symbols

    def ask(self, operation: Operation, hook: Callable[..., None], *arguments: object) -> None:
        """Let an operation's own hook look at it."""
        try:
            hook(*arguments)
        except VerifyError as error:
            self.complain(error.at or operation, str(error))
        except (ValueError, KeyError, IndexError) as error:
            self.complain(operation, f"is malformed: {error}")
        except (TypeError, AttributeError):  # which say more of us than of it
            self.complain(operation, "has operands or attributes of the wrong kind")

    def flows(self, operation: Operation, branch: RegionBranch) -> None:
        """Check that values fit where control takes them, unless something is wrong already."""
        problem = branch.problem(operation) if not self.errors else None
        if problem is not None:
            self.complain(operation, problem)

    def region(self, operation: Operation, region: Region, visible: dict[Value, None]) -> None:
        for block in region.blocks:
            if block.parent is not region:
                self.complain(operation, "holds a block that belongs to another region")
        if operation.has_trait(GRAPH):
            visible.update(dict.fromkeys(v for b in region.blocks for v in _defined(b)))
        if len(region.blocks) <= 1:
            for block in region.blocks:
                self.block(operation, block, visible)
            _hide(visible, region.blocks)
            return
        dominated = dominator_tree(region)
        ways = [iter(region.blocks[:1])]  # down the tree: what is visible is what dominates
        entered: list[Block] = []
        reached: set[Block] = set()
        while ways:
            block = next(ways[-1], None)
            if block is None:
                ways.pop()
                _hide(visible, entered[-1:])
                entered[-1:] = []
                continue
            self.block(operation, block, visible)
            reached.add(block)
            entered.append(block)
            ways.append(iter(dominated[block]))
        unreachable = [block for block in region.blocks if block not in reached]
        if unreachable:  # where nothing ever runs, all is visible
            visible.update(dict.fromkeys(v for b in region.blocks for v in _defined(b)))
            for block in unreachable:
                self.block(operation, block, visible)
            _hide(visible, region.blocks)

    def block(self, operation: Operation, block: Block, visible: dict[Value, None]) -> None:
        visible.update(dict.fromkeys(block.arguments))
        for inner in block:
            if inner.parent is not block:
                self.complain(inner, "stands in a block that does not own it")
            for number, operand in enumerate(inner.operands):
                if operand not in visible:
                    self.complain(inner, f"operand {number} {_where(operand)}")
            self.operation(inner, visible)
            for successor in inner.successors:
                if successor.parent is not block.parent:
                    self.complain(inner, "branches to a block of another region")
            last = inner is block.last
            if (inner.has_trait(TERMINATOR) or inner.successors) and not last:
                self.complain(inner, "ends its block but is not the last operation there")
            visible.update(dict.fromkeys(inner.results))
        last = block.last
        if operation.has_trait(NO_TERMINATOR):
            return
        if last is None:
            self.complain(operation, "holds an empty block; a terminator is missing")
        elif last.definition is not None and not last.has_trait(TERMINATOR) and not last.successors:
            self.complain(last, "is the last operation of its block but no terminator")

    # -- against the declaration

    def declared(self, operation: Operation, definition: OpDef) -> bool:
        """Check arity, constraints, attributes, regions: whether hooks may look at the rest."""
        before = len(self.errors)
        try:
            groups = definition.segments(operation)
        except ValueError as error:
            self.complain(operation, str(error))
            return False
        for slot, group in zip(definition.operands, groups, strict=True):
            self.slot(operation, "operand", slot, group)
        fixed = sum(1 for slot in definition.results if not slot.arity)
        variadic = len(definition.results) > fixed
        if len(operation.results) < fixed or (len(operation.results) > fixed and not variadic):
            self.complain(
                operation,
                f"has {len(operation.results)} results instead of {fixed}"
                f"{' or more' if variadic else ''}",
            )
        else:
            result_lists = result_groups(definition, operation)
            for slot, group in zip(definition.results, result_lists, strict=True):
                self.slot(operation, "result", slot, group)
            groups += result_lists
        for name, slot in definition.attributes.items():
            problem = slot.problem(operation.attributes.get(name))
            if problem is not None:
                self.complain(operation, problem)
        if definition.regions >= 0 and len(operation.regions) != definition.regions:
            self.complain(
                operation, f"has {len(operation.regions)} regions instead of {definition.regions}"
            )
        if len(self.errors) == before and definition.equations:
            self.equations(operation, definition, groups)
        return len(self.errors) == before

    def equations(
        self, operation: Operation, definition: OpDef, groups: list[list[Value]]
    ) -> None:
        """Check what must hold between the types of operands and results."""
        declared = (*definition.operands, *definition.results)
        slots = {
            slot.name: [value.type for value in group]
            for slot, group in zip(declared, groups, strict=True)
        }
        for equation in definition.type_equations:
            problem = equation.problem(slots)
            if problem is not None:
                self.complain(operation, problem)
                return

    def slot(self, operation: Operation, kind: str, slot: Slot, group: list[Value]) -> None:
        if slot.arity == "?" and len(group) > 1:
            self.complain(operation, f"{kind} {slot.name} takes at most one value")
        elif not slot.arity and len(group) != 1:
            self.complain(operation, f"{kind} {slot.name} takes one value, not {len(group)}")
        for value in group:
            if not CONSTRAINTS[slot.constraint](value.type):
                self.complain(
                    operation, f"{kind} {slot.name} has type {value.type}, not {slot.constraint}"
                )

    def traits(self, operation: Operation, definition: OpDef) -> None:
        if SAME_TYPE in definition.traits:
            types = {value.type: None for value in (*operation.operands, *operation.results)}
            if len(types) > 1:
                listed = ", ".join(map(str, types))
                self.complain(operation, f"needs one type for operands and results, has {listed}")
        if CONSTANT in definition.traits:
            type = _attribute_type(operation.attributes["value"])
            if type is not None and type != operation.result.type:
                self.complain(operation, f"has a value of type {type} but gives another")
        elementwise = ELEMENTWISE in definition.traits and definition.name.startswith(
            ("arith.", "math.")
        )
        if elementwise and len({_shape(v.type) for v in operation.results}) == 1:
            shape = _shape(operation.results[0].type)
            for number, value in enumerate(operation.operands):
                scalar_condition = definition.name == "arith.select" and number == 0
                if _shape(value.type) != shape and not (
                    scalar_condition and _shape(value.type) is None
                ):
                    self.complain(
                        operation, f"operand {number} and the result differ in shape: {value.type}"
                    )
        holder = operation.parent_op
        if definition.parents and (holder is None or holder.name not in definition.parents):
            inside = "no operation" if holder is None else f"'{holder.name}'"
            self.complain(
                operation, f"stands inside {inside}, not {' or '.join(definition.parents)}"
            )
        if definition.passed is not None:
            self.branches(operation, definition.passed(operation))
        name = definition.attributes.get("sym_name")
        needs_name = SYMBOL in definition.traits and (name is None or name.required)
        if needs_name and not isinstance(operation.get("sym_name"), str):
            self.complain(operation, "is a symbol but has no name")

    def branches(self, operation: Operation, passed: list[Sequence[Value]]) -> None:
        """What a terminator passes on is what its successors take."""
        if len(passed) != len(operation.successors):
            self.complain(operation, f"has {len(operation.successors)} successors")
            return
        for block, values in zip(operation.successors, passed, strict=True):
            given = [value.type for value in values]
            taken = [argument.type for argument in block.arguments]
            if given != taken:
                listed, wanted = (", ".join(map(str, types)) for types in (given, taken))
                self.complain(operation, f"passes ({listed}) to a block that takes ({wanted})")
            if block.parent is not None and block is block.parent.blocks[0]:
                self.complain(operation, "branches to the first block of a region")

    # -- symbols

    def symbol_uses(self, operation: Operation) -> None:
        """Symbols in the attributes that its declaration names; in others they say nothing."""
        declared = () if operation.definition is None else operation.definition.attributes
        for reference in references(operation, declared):
            if self.symbols is not None and not self.tables.resolve(operation, reference):
                name = "::".join(f"@{each}" for each in (reference.value, *reference.nested))
                self.complain(operation, f"refers to {name}, which does not exist")


def _where(value: Value) -> str:
    if isinstance(value, OpResult):
        if value.operation.parent is None:
            return f"is a result of '{value.operation.name}', which is in no block"
        return f"is a result of '{value.operation.name}', which does not dominate this use"
    return "is a block argument that is not visible here"


def _shape(type: Type) -> tuple[str, object] | None:
    if not isinstance(type, ShapedType):
        return None
    return (type.__class__.__name__, type.shape)


def _attribute_type(attr: Attribute) -> Type | None:
    return attr.type if isinstance(attr, IntegerAttr | FloatAttr | DenseAttr) else None


def _defined(block: Block) -> Iterator[Value]:
    """The values that a block's arguments and its own operations are."""
    yield from block.arguments
    for operation in block:
        yield from operation.results


def _hide(visible: dict[Value, None], blocks: Iterable[Block]) -> None:
    for block in blocks:
        for value in _defined(block):
            visible.pop(value, None)
