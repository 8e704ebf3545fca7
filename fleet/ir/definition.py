"""What an operation is: one declaration of a few lines, read by everything generic.

    addf = ARITH.op("addf", "lhs: Float, rhs: Float -> result: Float",
                    traits={PURE, COMMUTATIVE, SAME_TYPE, ELEMENTWISE},
                    format="$lhs `,` $rhs attr-dict `:` type($result)")

In: a signature, traits, and hooks. Out: an `OpDef`, callable to make operations, and a registry by
name. The one idea: printer, parser, verifier, CSE, DCE, canonicaliser, shape inference and the IR
executor know no operation by name; they ask its OpDef.

Signature: `name: Constraint` items, `*` after the constraint for variadic, `?` for optional,
`-> results` of the same form. Constraints are names in `CONSTRAINTS`. With more than one variadic
or optional operand, the sizes are in the attribute `operandSegmentSizes`, as in MLIR.

Attributes: `name: Kind` items, `?` after optional ones (kinds are in `fleet.ir.attribute_kinds`).

Equations: what must hold between the types of operands and results (see `fleet.ir.equations`);
result types that follow from them are inferred.

Format: MLIR's declarative assembly format (ODS); without one the generic form is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from fleet.diagnostics import UNKNOWN, Location
from fleet.ir.attribute_kinds import AttributeSlot
from fleet.ir.attributes import Attribute, attribute, i32_array
from fleet.ir.core import Block, Operation, OpResult, Region, Value
from fleet.ir.equations import Equation, Term, parse_equations
from fleet.ir.flow import RegionTerminator
from fleet.ir.format import Format
from fleet.ir.interfaces import BroadcastSizes, Interface
from fleet.ir.patterns import NamedPattern, rule_name
from fleet.ir.types import (
    DialectType,
    FloatType,
    FunctionType,
    IndexType,
    IntegerType,
    MemRefType,
    OtherFloatType,
    TensorType,
    Type,
    VectorType,
    element_of,
    i1,
    index,
)

# Traits. An operation with none of PURE, RAISES, RECURSIVE, and without `MemoryEffects`, is taken
# to have unknown effects.
PURE = "Pure"
"""No effects: may be erased when unused, merged with an equal one, moved."""
RAISES = "Raises"
"""May raise an exception, which depends on its operands only: stays where it is even if unused,
merged with an equal one before it."""
RECURSIVE = "RecursiveMemoryEffects"
"""Has the effects of the operations in its regions, and no others."""
TERMINATOR = "Terminator"
COMMUTATIVE = "Commutative"
SAME_TYPE = "SameOperandsAndResultType"
"""All operands and results have one type; the builder infers the results from it."""
ELEMENTWISE = "Elementwise"
"""Works on scalars, and on tensors and vectors element by element."""
FREE = "Free"
"""Says where elements are, how many, or whether they may be: no work of its own once fused."""
ISOLATED = "IsolatedFromAbove"
"""Regions use no values of enclosing ones."""
CONSTANT = "ConstantLike"
"""The result is the attribute `value`."""
NO_TERMINATOR = "NoTerminator"
"""Its regions' blocks end anywhere."""
GRAPH = "GraphRegion"
"""What its regions define is seen everywhere in them: their operations have no order."""
SYMBOL = "Symbol"
"""Named by the attribute `sym_name` (if it has that), found by name in the table around it."""
SYMBOL_TABLE = "SymbolTable"
"""The symbols directly inside are found by name from anywhere inside (see `fleet.ir.symbols`)."""

Constraint = Callable[[Type], bool]


def _like(*classes: type) -> Constraint:
    return lambda type: isinstance(element_of(type), classes)


def _is(*classes: type) -> Constraint:
    return lambda type: isinstance(type, classes)


def _is_signless(type: Type) -> bool:
    return isinstance(type, IndexType) or (isinstance(type, IntegerType) and not type.signedness)


CONSTRAINTS: dict[str, Constraint] = {
    "Any": lambda type: True,
    "Float": _like(FloatType, OtherFloatType),
    "Integer": lambda type: _is_signless(element_of(type)),
    "FixedInteger": lambda type: (
        _is_signless(element_of(type)) and not isinstance(element_of(type), IndexType)
    ),
    "Number": _like(FloatType, OtherFloatType, IntegerType, IndexType),
    "Bool": lambda type: element_of(type) == i1,
    "I1": lambda type: type == i1,
    "Index": _is(IndexType),
    "Scalar": _is(FloatType, OtherFloatType, IntegerType, IndexType),
    "Tensor": _is(TensorType),
    "StaticTensor": lambda type: isinstance(type, TensorType) and type.is_static,
    "MemRef": _is(MemRefType),
    "Vector": _is(VectorType),
    "Function": _is(FunctionType),
    "Dialect": _is(DialectType),
}
"""Type constraints by name; dialects may add their own."""

SINGLE_TYPES: dict[str, Type] = {"I1": i1, "Index": index}
"""Constraints that one type alone meets."""


@dataclass(frozen=True)
class Slot:
    """One declared operand or result: its name, constraint, and arity ('' one, '?' or '*')."""

    name: str
    constraint: str
    arity: str = ""

    @staticmethod
    def parse(text: str) -> Slot:
        name, _, constraint = (part.strip() for part in text.partition(":"))
        arity = constraint[-1] if constraint[-1] in "?*" else ""
        constraint = constraint.rstrip("?*")
        if constraint not in CONSTRAINTS:
            raise ValueError(f"unknown constraint {constraint!r} in {text!r}")
        return Slot(name, constraint, arity)


def _slots(text: str) -> tuple[Slot, ...]:
    return tuple(Slot.parse(item) for item in text.split(",")) if text.strip() else ()


@dataclass(eq=False)
class OpDef:
    """A declared operation. Hooks are filled in by the decorators of the same names.

    verifier(op):                 raises VerifyError; structure and constraints were checked before.
    symbol_verifier(op, symbols): the same, given the module's symbols by name.
    infer(op) -> types:           result types from operands and attributes.
    fold(op, constants):          per result an Attribute (constant) or Value; None when it does not
                                  fold. `constants[i]` is operand i's attribute or None.
    patterns:                     canonicalisation, `(op, rewriter) -> bool`.
    execute(interpreter, op, arguments) -> values: what it does, on NumPy arrays and Python numbers.
    print(op, printer):           writes what follows the name, for forms beyond `format`'s reach;
    parse(parser, state):         reads it back.
    body(op) -> region:           the region of an operation that was made without one.
    interfaces:                   who answers questions about it, by interface (`Interface.of`).
    defaults:                     attributes that, absent, have this value; only the generic form
                                  spells them, and reading leaves them out.
    enums:                        kinds of attributes of a dialect's own, `arith.fastmath`, by name:
                                  formats spell `<fast>` for `#arith.fastmath<fast>`.
    implied(op) -> attributes:    what the generic form has and the operation does not hold, since
                                  its name or its operands say it.
    even_segments:                its variadic operands are of one number each, not said in text.
    result_name:                  what MLIR calls its result in text, such as `dim`.
    parents:                      names of the operations directly inside which alone it may stand.
    branch(op, arguments) -> i:   which successor a terminator goes on to;
    passed(op) -> operands:       per successor, the operands that become its block's arguments.
    argument_names(op, region):   what it calls the arguments of a region's first block.
    """

    name: str
    operands: tuple[Slot, ...]
    results: tuple[Slot, ...]
    traits: frozenset[str] = frozenset()
    regions: int = 0
    successors: bool = False
    attributes: Mapping[str, AttributeSlot] = field(default_factory=dict)
    equations: str = ""
    format: str | None = None
    verifier: Callable[[Operation], None] | None = None
    symbol_verifier: Callable[[Operation, Mapping[str, Operation]], None] | None = None
    infer: Callable[[Operation], Sequence[Type]] | None = None
    fold: (
        Callable[[Operation, list[Attribute | None]], Sequence[Attribute | Value] | None] | None
    ) = None
    patterns: list[Callable[..., bool]] = field(default_factory=list)
    execute: Callable[..., Sequence[Any]] | None = None
    print: Callable[..., None] | None = None
    parse: Callable[..., None] | None = None
    body: Callable[[Operation], Region] | None = None
    interfaces: dict[type[Interface], Interface] = field(default_factory=dict)
    defaults: Mapping[str, Attribute] = field(default_factory=dict)
    enums: Mapping[str, str] = field(default_factory=dict)
    implied: Callable[[Operation], Mapping[str, Attribute]] | None = None
    parents: tuple[str, ...] = ()
    branch: Callable[[Operation, Sequence[Any]], int] | None = None
    passed: Callable[[Operation], list[Sequence[Value]]] | None = None
    even_segments: bool = False
    result_name: str | None = None
    argument_names: Callable[[Operation, Region], Sequence[str]] | None = None

    @cached_property
    def type_equations(self) -> tuple[Equation, ...]:
        """The equations, read."""
        variadic = {slot.name: slot.arity == "*" for slot in (*self.operands, *self.results)}
        return parse_equations(self.equations, variadic)

    @cached_property
    def _inferring(self) -> list[Term] | None:
        """For each result what its type follows from; None where one does not follow."""
        known = [slot.name for slot in self.operands]
        found: list[Term] = []
        for slot in self.results:
            fixed = SINGLE_TYPES.get(slot.constraint)
            term = None if fixed is None else (lambda slots, type=fixed: type)
            for equation in self.type_equations:
                term = term or equation.tells(slot.name, known)
            if term is None or slot.arity:
                return None
            found.append(term)
            known.append(slot.name)
        return found

    @cached_property
    def layout(self) -> Format | None:
        """The compiled format."""
        return None if self.format is None else Format(self, self.format)

    def __call__(
        self,
        *operands: Value | Sequence[Value] | None,
        types: Sequence[Type] | None = None,
        regions: Sequence[Region] = (),
        successors: Sequence[Block] = (),
        location: Location = UNKNOWN,
        **attributes: object,
    ) -> Operation:
        """Make an operation outside any block.

        operands: in declared order; a list for `*`, a value or None for `?`.
        types: the result types; left out, they are inferred. attributes: Python values.
        """
        flat: Sequence[Value] = operands
        made = {
            name: value if isinstance(value, Attribute) else attribute(value)
            for name, value in attributes.items()
        }
        is_plain = len(operands) == len(self.operands) and all(
            [isinstance(given, Value) for given in operands]  # noqa: C419 - half the time
        )
        if not is_plain or self.is_segmented:
            flat, sizes = self._grouped(operands)
            if self.is_segmented:
                made["operandSegmentSizes"] = i32_array(*sizes)
        operation = Operation(
            self.name, flat, types or (), made, regions, successors, location, self
        )
        if types is None:
            inferred = self.infer_types(operation)
            operation.results = [OpResult(operation, i, t) for i, t in enumerate(inferred)]
        if self.body is not None and not operation.regions:
            operation.add_region(self.body(operation))
        return operation

    def _grouped(
        self, operands: Sequence[Value | Sequence[Value] | None]
    ) -> tuple[list[Value], list[int]]:
        """All values that are given for the slots, and how many for each."""
        flat: list[Value] = []
        sizes: list[int] = []
        for slot, given in zip(self.operands, operands, strict=True):
            if isinstance(given, Value):
                flat.append(given)
                sizes.append(1)
                continue
            group = [] if given is None else list(given)
            if not slot.arity and len(group) != 1:
                raise TypeError(f"{self.name}: operand {slot.name} takes one value")
            flat += group
            sizes.append(len(group))
        return flat, sizes

    @cached_property
    def is_segmented(self) -> bool:
        return not self.even_segments and sum(1 for slot in self.operands if slot.arity) > 1

    def infer_types(self, operation: Operation) -> list[Type]:
        """Result types from `infer`, the traits or the equations. Raises TypeError when none of
        them tells."""
        if not self.results:
            return []
        if self.infer is not None:
            return list(self.infer(operation))
        if SAME_TYPE in self.traits:
            return [operation.operand(0).type for _ in self.results]
        if self._inferring is not None:
            groups = zip(self.operands, self.segments(operation), strict=True)
            slots = {slot.name: [value.type for value in group] for slot, group in groups}
            for slot, term in zip(self.results, self._inferring, strict=True):
                slots[slot.name] = [term(slots)]
            return [slots[slot.name][0] for slot in self.results]
        raise TypeError(f"{self.name}: result types cannot be inferred, give types=")

    def segments(self, operation: Operation) -> list[list[Value]]:
        """The operands grouped by declared slot. Raises ValueError when the count does not fit."""
        values = list(operation.operands)
        if self.is_segmented:
            sizes = operation.get("operandSegmentSizes")
            if not isinstance(sizes, tuple) or len(sizes) != len(self.operands):
                raise ValueError("operandSegmentSizes is missing or has the wrong length")
        else:
            sizes = self._sizes_of.get(len(values))
            if sizes is None:
                sizes = self._sizes_of[len(values)] = self._sizes(len(values))
        if sum(sizes) != len(values) or any(size < 0 for size in sizes):
            raise ValueError(f"has {len(values)} operands, which do not fit its declaration")
        groups, start = [], 0
        for size in sizes:
            groups.append(values[start : start + size])
            start += size
        return groups

    @cached_property
    def _sizes_of(self) -> dict[int, tuple[int, ...]]:
        """What `_sizes` has found, by the number of operands."""
        return {}

    def _sizes(self, count: int) -> tuple[int, ...]:
        """How many of so many operands belong to each slot."""
        several = sum(1 for slot in self.operands if slot.arity)
        spare = (count - len(self.operands) + several) // max(several, 1)
        return tuple(spare if slot.arity else 1 for slot in self.operands)

    def operand_named(self, operation: Operation, name: str) -> Value | list[Value] | None:
        for slot, group in zip(self.operands, self.segments(operation), strict=True):
            if slot.name == name:
                return group if slot.arity == "*" else group[0] if group else None
        raise KeyError(f"{self.name} has no operand {name}")

    def __repr__(self) -> str:
        return f"<OpDef {self.name}>"

    def implements(self, *interfaces: Interface) -> OpDef:
        """Let these answer for the operation."""
        for each in interfaces:
            self.interfaces[type(each).kind] = each
        return self

    # -- decorators that fill in hooks: @addf.folds, @addf.executes, @addf.pattern, …

    def verify_with(self, function: Callable) -> Callable:
        self.verifier = function
        return function

    def verify_symbols_with(self, function: Callable) -> Callable:
        self.symbol_verifier = function
        return function

    def infers(self, function: Callable) -> Callable:
        self.infer = function
        return function

    def folds(self, function: Callable) -> Callable:
        self.fold = function
        return function

    def executes(self, function: Callable) -> Callable:
        self.execute = function
        return function

    def prints(self, function: Callable) -> Callable:
        self.print = function
        return function

    def parses(self, function: Callable) -> Callable:
        self.parse = function
        return function

    def branches(self, function: Callable) -> Callable:
        self.branch = function
        return function

    def passes(self, function: Callable) -> Callable:
        self.passed = function
        return function

    def names_arguments(self, function: Callable) -> Callable:
        self.argument_names = function
        return function

    def builds_body(self, function: Callable) -> Callable:
        self.body = function
        return function

    def pattern(self, function: Callable) -> Callable:
        self.patterns.append(function)
        return function

    def pattern_of(self, benefit: int) -> Callable[[Callable], Callable]:
        """Decorate a canonicalisation that goes before those of less benefit (others have 1)."""

        def declare(function: Callable) -> Callable:
            self.patterns.append(NamedPattern(rule_name(function), function, benefit))
            return function

        return declare


class Dialect:
    """A named set of declared operations.

    Declaring one registers it for the whole process: dialects are code, not state.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.ops: dict[str, OpDef] = {}
        DIALECTS[name] = self

    def op(
        self,
        mnemonic: str,
        signature: str,
        *,
        traits: Iterable[str] = (),
        attributes: str = "",
        regions: int = 0,
        successors: bool = False,
        format: str | None = None,
        interfaces: Iterable[Interface] = (),
        **hooks: Any,
    ) -> OpDef:
        """Declare an operation.

        attributes: `name: Kind` items, `?` after optional ones; others are allowed but unknown.
        regions: how many (-1: any number). hooks: see OpDef.
        """
        inputs, _, outputs = signature.partition("->")
        defaults = hooks.get("defaults", {})
        named = [AttributeSlot.parse(item, defaults) for item in attributes.split(",") if item]
        definition = OpDef(
            f"{self.name}.{mnemonic}",
            _slots(inputs),
            _slots(outputs),
            frozenset(traits),
            regions,
            successors,
            {slot.name: slot for slot in named},
            format=format,
            **hooks,
        )
        self.ops[mnemonic] = definition
        if TERMINATOR in definition.traits and not successors:
            definition.implements(RegionTerminator())
        if ELEMENTWISE in definition.traits:
            definition.implements(BroadcastSizes())
        return definition.implements(*interfaces)


DIALECTS: dict[str, Dialect] = {}


def drop_operands(operation: Operation, numbers: Iterable[int]) -> None:
    """Take operands away, from the sizes of the declared slots too."""
    dropped = set(numbers)
    definition = operation.definition
    if definition is not None and definition.is_segmented:
        sizes, place = [], 0
        for group in definition.segments(operation):
            inside = range(place, place + len(group))
            sizes.append(sum(number not in dropped for number in inside))
            place += len(group)
        operation.attributes["operandSegmentSizes"] = i32_array(*sizes)
    operation.operands = [v for n, v in enumerate(operation.operands) if n not in dropped]


def definition_of(name: str) -> OpDef | None:
    """The OpDef for `dialect.mnemonic`, or None when no dialect declares it."""
    dialect, _, mnemonic = name.partition(".")
    found = DIALECTS.get(dialect)
    return None if found is None else found.ops.get(mnemonic)
