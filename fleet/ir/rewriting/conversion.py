"""Dialect conversion: operations that must not stay, replaced by rules until none is left.

    target = Target().illegal("numpy").legal("tosa", "arith").dynamic(is_scalar, "math")
    Conversion(module, target, rules, types).run()

In: what is legal, rules by operation or dialect, and (where types change) how. Out: the IR with
what is illegal replaced, or an error that names the first operation that no rule takes away.

The one idea: operations are converted in program order, each at its own place, what a rule makes as
well. Where a rule gives values of other types than those it replaces, one or several, a
*materialisation* makes the old value of them for users that are not converted; users that are ask
for `values_of`, and get what is behind it. (MLIR, Dialect Conversion.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from fleet.diagnostics import FleetError
from fleet.ir.attributes import ArrayAttr, Attribute, DictAttr, TypeAttr, i32_array
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import definition_of
from fleet.ir.patterns import by_benefit, rule_name
from fleet.ir.rewriting.journal import between, journal_of
from fleet.ir.types import FunctionType, Type
from fleet.ir.watch import applied, count, may_apply

Condition = Callable[[Operation], bool]

RULES_PER_OPERATION = 200
"""More applied rules than this, on average, are taken for rules that undo each other."""


class Target:
    """What may stay. Names are of operations (`tosa.add`) or dialects (`tosa`); the former go
    first. What is not named stays in a partial conversion, and must go in a full one."""

    def __init__(self) -> None:
        self._verdicts: dict[str, bool | Condition] = {}
        self._by_name: dict[str, bool | Condition | None] = {}
        """What is said of each operation met so far, by its name or its dialect's."""

    def legal(self, *names: str) -> Target:
        """These may stay."""
        return self._say(names, True)

    def illegal(self, *names: str) -> Target:
        """These must not."""
        return self._say(names, False)

    def dynamic(self, is_legal: Condition, *names: str) -> Target:
        """These may stay where the condition holds."""
        return self._say(names, is_legal)

    def _say(self, names: Iterable[str], verdict: bool | Condition) -> Target:
        self._verdicts.update(dict.fromkeys(names, verdict))
        self._by_name.clear()
        return self

    def verdict(self, operation: Operation) -> bool | None:
        """Whether the operation may stay; None when nothing is said of it."""
        name = operation.name
        if name not in self._by_name:
            dialect = self._verdicts.get(name.partition(".")[0])
            self._by_name[name] = self._verdicts.get(name, dialect)
        found = self._by_name[name]
        return found if found is None or isinstance(found, bool) else found(operation)


TypeRule = Callable[[Type], "Type | Sequence[Type] | None"]
"""What a type becomes: one, several, or none; None when the rule says nothing of it."""


class TypeConverter:
    """Rules for types, the last one first, and what makes values of one type from another's.

    to_source: `(builder, new values, old type) -> value`, to_target: `(builder, old value, new
    types) -> values`; without them, `builtin.unrealized_conversion_cast`.
    """

    def __init__(
        self,
        *rules: TypeRule,
        to_source: Callable[[Builder, Sequence[Value], Type], Value] | None = None,
        to_target: Callable[[Builder, Value, Sequence[Type]], Sequence[Value]] | None = None,
    ) -> None:
        self._rules = rules[::-1]
        self._known: dict[Type, tuple[Type, ...]] = {}
        self.to_source = to_source or _cast_to_source
        self.to_target = to_target or _cast_to_target

    def convert(self, type: Type) -> tuple[Type, ...]:
        """What a type becomes: itself when no rule takes it."""
        known = self._known.get(type)
        if known is None:
            known = self._known[type] = self._convert(type)
        return known

    def _convert(self, type: Type) -> tuple[Type, ...]:
        for rule in self._rules:
            found = rule(type)
            if found is not None:
                return (found,) if isinstance(found, Type) else tuple(found)
        if isinstance(type, FunctionType):
            return (FunctionType(self.all(type.inputs), self.all(type.results)),)
        return (type,)

    def all(self, types: Iterable[Type]) -> tuple[Type, ...]:
        """What a list of types becomes."""
        return tuple(new for type in types for new in self.convert(type))

    def is_legal(self, operation: Operation) -> bool:
        """Whether all types that an operation deals with are what they become."""
        types = [value.type for value in (*operation.operands, *operation.results)]
        for region in operation.regions:
            for block in region.blocks:
                types += [argument.type for argument in block.arguments]
        types += [a.value for a in operation.attributes.values() if isinstance(a, TypeAttr)]
        return all(self.convert(type) == (type,) for type in types)

    def attribute(self, attribute: Attribute) -> Attribute:
        """An attribute that holds types, with what they become."""
        match attribute:
            case TypeAttr(type):
                converted = self.convert(type)
                return TypeAttr(converted[0]) if len(converted) == 1 else attribute
            case ArrayAttr(items):
                return ArrayAttr(tuple(map(self.attribute, items)))
            case DictAttr(items):
                return DictAttr(tuple((name, self.attribute(item)) for name, item in items))
        return attribute


def _cast_to_source(builder: Builder, values: Sequence[Value], type: Type) -> Value:
    return builder.value(_cast(), list(values), types=[type])


def _cast_to_target(builder: Builder, value: Value, types: Sequence[Type]) -> Sequence[Value]:
    return builder.values(_cast(), [value], types=list(types))


def _cast() -> object:
    return definition_of("builtin.unrealized_conversion_cast")


Rule = Callable[["Conversion", Operation], "Sequence[Value | Sequence[Value]] | object | None"]
"""Builds an operation's replacement with `conversion.builder`: gives, for each result, the value or
the values that it becomes. CHANGED: the operation was changed in place; None: the rule does not
apply. May be a `NamedPattern`, for a name and a benefit."""

CHANGED = object()


class Conversion:
    """One conversion of all that is inside an operation.

    builder: stands before the operation being converted.
    rules:   by the name of an operation or a dialect; of several, greater benefits go first.
    """

    def __init__(
        self,
        root: Operation,
        target: Target,
        rules: Mapping[str, Rule | Sequence[Rule]],
        types: TypeConverter | None = None,
    ) -> None:
        self.root = root
        self.target = target
        self.types = types or TypeConverter()
        self.builder = Builder(root.body)
        self._rules = {
            name: by_benefit([given] if callable(given) else given)
            for name, given in rules.items()
        }
        self._behind: dict[Value, tuple[Value, ...]] = {}
        """The converted values that materialised ones are made of."""
        self._casts: list[Operation] = []

    def run(self, *, full: bool = False) -> bool:
        """Convert until all is legal; False when it had to stop at a watcher's limit.

        full: what the target says nothing of is illegal, too.
        Raises FleetError at the first operation that is illegal and that no rule took away.
        """
        waiting = list(self.root.walk())[:0:-1]
        known = set(waiting)
        left = RULES_PER_OPERATION * (len(waiting) + 10)
        while waiting:
            operation = waiting.pop()
            known.discard(operation)
            verdict = self.target.verdict(operation)
            must_go = verdict is False or (full and verdict is None)
            if not must_go or operation.parent is None:
                continue
            if not may_apply():
                return False
            previous = operation.previous
            block = operation.parent
            if self._convert(operation):
                left -= 1
                if left < 0:
                    raise RuntimeError(f"conversion does not end, lately at {operation.name}")
                made = block.first if previous is None else previous.next
                end = operation if operation.parent is block else self.builder.anchor
                fresh: list[Operation] = []
                while made is not None and made is not end:
                    if made.regions:
                        _walk_unknown(made, known, fresh)
                    elif made not in known:
                        fresh.append(made)
                    made = made.next
                waiting += reversed(fresh)
                known.update(fresh)
        self._finish(full)
        return True

    def values_of(self, value: Value) -> list[Value]:
        """What a value has become, as values of the types that its type becomes."""
        behind = self._behind.get(value)
        if behind is not None:
            return list(behind)
        types = self.types.convert(value.type)
        if types == (value.type,):
            return [value]
        made = self.types.to_target(self.builder, value, types)
        self._remember_casts(made)
        return list(made)

    def replaced(self, operation: Operation, values: Sequence[Value]) -> None:
        """Called with the values (of the old types) that take the place of an operation's."""

    # -- one operation

    def _convert(self, operation: Operation) -> bool:
        dialect = operation.name.partition(".")[0]
        rules = self._rules.get(operation.name) or self._rules.get(dialect) or ()
        for rule in rules:
            assert operation.parent is not None
            self.builder = Builder.before(operation)
            journal = journal_of(operation)
            previous = operation.previous
            made = rule(self, operation)
            if made is None:
                continue
            count("operations converted")
            name, place = operation.name, operation.location
            if made is not CHANGED:
                values = [
                    self._as_source(given, result.type)
                    for given, result in zip(made, operation.results, strict=True)
                ]
                self.replaced(operation, values)
                for result, value in zip(operation.results, values, strict=True):
                    if value.hint is None:
                        value.hint = result.hint
                if journal is not None:
                    for inserted in between(previous, operation):
                        journal.made(inserted)
                    for result, value in zip(operation.results, values, strict=True):
                        journal.replaced(result, value)
                following = operation.next
                operation.replace_with(values)
                self.builder = Builder(self.builder.block, following, self.builder.location)
            applied(rule_name(rule), name, place)
            if journal is not None:
                journal.applied(rule_name(rule))
            return True
        return False

    def _as_source(self, given: Value | Sequence[Value], type: Type) -> Value:
        """A value of the old type made of what a rule gave."""
        values = (given,) if isinstance(given, Value) else tuple(given)
        if len(values) == 1 and values[0].type == type:
            return values[0]
        made = self.types.to_source(self.builder, values, type)
        self._behind[made] = values
        self._remember_casts([made])
        return made

    def _remember_casts(self, values: Sequence[Value]) -> None:
        for value in values:
            maker = value.owner
            if isinstance(maker, Operation) and maker.definition is _cast():
                self._casts.append(maker)

    # -- regions

    def convert_arguments(self, block: Block) -> None:
        """Let a block take values of the types that its arguments' types become."""
        if block.first is None:
            return
        saved, self.builder = self.builder, Builder.before(block.first)
        for argument in list(block.arguments):
            types = self.types.convert(argument.type)
            if types == (argument.type,):
                continue
            new = [block.add_argument(type, argument.hint) for type in types]
            argument.replace_all_uses_with(self._as_source(new, argument.type))
            block.arguments.remove(argument)
            for fresh in new:
                block.arguments.remove(fresh)
            block.arguments[argument.number : argument.number] = new
            for number, each in enumerate(block.arguments):
                each.number = number
        self.builder = saved

    # -- the end

    def _finish(self, full: bool) -> None:
        for cast in reversed(self._casts):
            if cast.parent is not None and not any(result.uses for result in cast.results):
                cast.erase()
        for operation in self.root.walk():
            if operation is self.root:
                continue
            verdict = self.target.verdict(operation)
            if verdict is False or (full and verdict is None):
                raise FleetError(f"{operation.name} cannot be compiled yet", operation.location)


def _walk_unknown(operation: Operation, known: set[Operation], found: list[Operation]) -> None:
    """An operation and all inside in program order, but for what is waiting already."""
    inside = [iter((operation,))]
    while inside:
        inner = next(inside[-1], None)
        if inner is None:
            inside.pop()
        elif inner not in known:
            found.append(inner)
            inside.append(inner.inside())


def retype(root: Operation, types: TypeConverter) -> None:
    """Convert types in place, everywhere inside: for those that become one type, whose values stay
    the bits that they are, so that no rule need say anything of any operation."""
    for operation in root.walk():
        values: list[Value] = list(operation.results)
        for region in operation.regions:
            for block in region.blocks:
                values += block.arguments
        for value in values:
            (value.type,) = types.convert(value.type)
        for name, attribute in operation.attributes.items():
            operation.attributes[name] = types.attribute(attribute)


def convert_types(conversion: Conversion, operation: Operation) -> object:
    """The rule for operations that deal with values of any type: functions, calls, loops, branches,
    and what ends them. The same operation on the converted values, with the converted types."""
    types = conversion.types
    operands: list[Value] = []
    numbers: list[int] = []
    for operand in operation.operands:
        values = conversion.values_of(operand)
        operands += values
        numbers.append(len(values))
    attributes = {name: types.attribute(a) for name, a in operation.attributes.items()}
    if operation.definition is not None and operation.definition.is_segmented:
        left = iter(numbers)
        groups = operation.definition.segments(operation)
        sizes = [sum(next(left) for _ in group) for group in groups]
        attributes["operandSegmentSizes"] = i32_array(*sizes)
    regions, operation.regions = operation.regions, []
    for region in regions:
        for block in region.blocks:
            conversion.convert_arguments(block)
    made = conversion.builder.insert(
        Operation(
            operation.name,
            operands,
            types.all(result.type for result in operation.results),
            attributes,
            regions,
            operation.successors,
            operation.location,
            operation.definition,
        )
    )
    given = iter(made.results)
    return [[next(given) for _ in types.convert(result.type)] for result in operation.results]
