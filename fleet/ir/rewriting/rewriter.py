"""Greedy pattern rewriting: rules applied where they match until none does.

In: an operation and patterns `(op, rewriter) -> bool`. Out: the operation, changed in place. The
one idea: a worklist. An operation is looked at again only when something next to it has changed,
so the work grows with the number of rewrites and not with the size of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.ir.analysis.effects import Effects, constant_of
from fleet.ir.attributes import Attribute
from fleet.ir.builder import Builder
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Region, Value
from fleet.ir.definition import CONSTANT, TERMINATOR, OpDef
from fleet.ir.interfaces import CallLike
from fleet.ir.patterns import by_benefit, rule_name
from fleet.ir.rewriting.journal import Journal
from fleet.ir.watch import applied, count, may_apply, tracer

Pattern = Callable[[Operation, "Rewriter"], bool]
"""Changes the IR around an operation through the rewriter and says whether it did."""

REWRITES_PER_OPERATION = 200
"""More rewrites than this, on average, are taken for rules that undo each other."""


class Rewriter(Builder):
    """A builder that patterns change the IR through, so that the worklist hears of it.

    It inserts before the operation being matched, with its location.
    """

    def __init__(self, root: Operation) -> None:
        super().__init__(Block())
        self.root = root
        self.effects = Effects()
        self._stack: list[Operation] = []
        self._pending: dict[Operation, None] = {}
        self.journal: Journal | None = None

    # -- what patterns call

    def insert(self, operation: Operation) -> Operation:
        super().insert(operation)
        self.push_all(operation)
        if self.journal is not None:
            self.journal.made(operation)
        return operation

    def replace(self, operation: Operation, values: Value | Sequence[Value]) -> None:
        """Replace an operation's results and erase it."""
        values = [values] if isinstance(values, Value) else values
        for result, value in zip(operation.results, values, strict=True):
            self.replace_uses(result, value)
        self.erase(operation)

    def replace_by(
        self, operation: Operation, definition: OpDef, *operands: Any, **keywords: Any
    ) -> Operation:
        """Replace an operation by a new one, made as by `create` with the same result types."""
        keywords.setdefault("types", [result.type for result in operation.results])
        made = self.create(definition, *operands, **keywords)
        for old, new in zip(operation.results, made.results, strict=True):
            new.hint = old.hint
        self.replace(operation, made.results)
        return made

    def replace_uses(self, value: Value, other: Value) -> None:
        """Let every user of a value use another."""
        if self.journal is not None:
            self.journal.replaced(value, other)
        for user in value.users:
            self.push(user)
        value.replace_all_uses_with(other)

    def erase(self, operation: Operation) -> None:
        """Erase an operation whose results are unused."""
        erased = list(operation.walk()) if operation.regions else [operation]
        for inner in erased:
            for operand in inner.operands:
                if isinstance(operand, OpResult):
                    self.push(operand.operation)
                elif isinstance(operand, BlockArgument) and operand.owner.parent_op is not None:
                    self.push(operand.owner.parent_op)  # a loop may carry less now
        operation.erase()
        for inner in erased:
            self._pending.pop(inner, None)

    def changed(self, operation: Operation) -> None:
        """Say that an operation was changed in place: it and its users are looked at again."""
        self.push(operation)
        for result in operation.results:
            for user in result.users:
                self.push(user)

    def inline(self, block: Block, anchor: Operation, arguments: Sequence[Value]) -> list[Value]:
        """Move a block's operations before the anchor; the terminator's operands are given back."""
        for operation in block:
            self.push_all(operation)
        yielded = inline_block(block, anchor, arguments)
        for value in yielded:  # it may have lost its last use
            if isinstance(value, OpResult):
                self.push(value.operation)
        return yielded

    # -- the worklist

    def push(self, operation: Operation) -> None:
        if operation not in self._pending:
            self._pending[operation] = None
            self._stack.append(operation)

    def push_all(self, operation: Operation) -> None:
        for inner in operation.walk() if operation.regions else (operation,):
            self.push(inner)

    def pop(self) -> Operation | None:
        while self._stack:
            operation = self._stack.pop()
            if operation in self._pending:
                del self._pending[operation]
                return operation
        return None

    def aim(self, operation: Operation) -> None:
        """Insert before this operation from now on."""
        assert operation.parent is not None
        self.block, self.anchor = operation.parent, operation
        self.location = operation.location


def rewrite(
    root: Operation,
    patterns: Mapping[str, Iterable[Pattern]] | None = None,
    *,
    canonical: bool = False,
    fold: bool = True,
    top_down: bool = True,
    most: int | None = None,
) -> bool:
    """Apply patterns, folding and removal of unused operations inside `root` to a fixpoint.

    patterns:  lists of patterns by operation name.
    canonical: also the patterns that the operations' definitions bring.
    fold:      also fold, constants becoming `arith.constant`.
    top_down:  begin with the first operation, not with the last.
    most:      stop after this many rewrites, fixpoint or not.
    Gives whether anything changed. Raises RuntimeError when the rules do not come to an end.
    """
    rewriter = Rewriter(root)
    rules = _Rules(patterns or {}, canonical)
    inside = list(root.walk())[1:]
    for operation in reversed(inside) if top_down else inside:
        rewriter.push(operation)
    left = REWRITES_PER_OPERATION * (len(inside) + 10)
    watcher = tracer()
    done = 0
    while (most is None or done < most) and may_apply():
        operation = rewriter.pop()
        if operation is None:
            break
        if operation.parent is None:
            continue
        name, place = operation.name, operation.location
        rewriter.journal = None if watcher is None else Journal(watcher, operation)
        rule = _step(operation, rewriter, rules, fold)
        if rule is None:
            continue
        count(rule.statistic)
        applied(rule.name, name, place)
        if rewriter.journal is not None:
            rewriter.journal.applied(rule.name)
        done += 1
        if done > left:
            raise RuntimeError(f"rewriting does not come to an end, lately at {name}")
    return done > 0


@dataclass(frozen=True)
class _Rule:
    """What was applied, and as what statistics count it."""

    name: str
    statistic: str


class _Rules:
    """The patterns for each operation, in the order in which they are tried."""

    def __init__(self, given: Mapping[str, Iterable[Pattern]], canonical: bool) -> None:
        self._given = given
        self._canonical = canonical
        self._ordered: dict[str, list[Pattern]] = {}

    def of(self, operation: Operation) -> list[Pattern]:
        found = self._ordered.get(operation.name)
        if found is None:
            definition = operation.definition
            own = definition.patterns if self._canonical and definition is not None else []
            found = by_benefit([*self._given.get(operation.name, ()), *own])
            self._ordered[operation.name] = found
        return found


_UNUSED = _Rule("unused", "unused operations erased")
_FOLDED = _Rule("fold", "operations folded")


def _step(
    operation: Operation,
    rewriter: Rewriter,
    rules: _Rules,
    fold: bool,
) -> _Rule | None:
    """Apply the first rule that matches the operation, and tell which it was."""
    if is_dead(operation, rewriter.effects):
        rewriter.erase(operation)
        return _UNUSED
    rewriter.aim(operation)
    if fold and _fold(operation, rewriter):
        return _FOLDED
    operands = operation.operands
    for pattern in rules.of(operation):
        if pattern(operation, rewriter):
            for operand in operands:  # it may have lost its last use
                if isinstance(operand, OpResult) and operand.operation.parent is not None:
                    rewriter.push(operand.operation)
            if operation.parent is not None:
                rewriter.changed(operation)
            return _Rule(rule_name(pattern), "patterns applied")
        if operation.parent is None:
            raise RuntimeError(f"a pattern erased {operation.name} and said that it did nothing")
    return None


def is_dead(operation: Operation, effects: Effects) -> bool:
    """Whether nobody uses its results and it has no effects."""
    for result in operation.results:
        if result.uses:
            return False
    return not operation.has_trait(TERMINATOR) and effects.is_removable(operation)


def folded(operation: Operation) -> Sequence[Attribute | Value] | None:
    """What an operation's results are, by its `fold` hook: an attribute or value each, or None."""
    definition = operation.definition
    if definition is None or definition.fold is None or CONSTANT in definition.traits:
        return None
    return definition.fold(operation, [constant_of(operand) for operand in operation.operands])


def _fold(operation: Operation, rewriter: Rewriter) -> bool:
    results = folded(operation)
    if results is None:
        return False
    values = [found if isinstance(found, Value) else rewriter.constant(found) for found in results]
    if any(v.type != r.type for v, r in zip(values, operation.results, strict=True)):
        raise RuntimeError(f"folding {operation!r} gave a value of another type")
    rewriter.replace(operation, values)
    return True


def inline_block(block: Block, anchor: Operation, arguments: Sequence[Value]) -> list[Value]:
    """Move a block's operations before the anchor, with values for its arguments.

    The terminator is erased; its operands (as values that are valid at the anchor) are given back.
    """
    for argument, value in zip(block.arguments, arguments, strict=True):
        argument.replace_all_uses_with(value)
    yielded: list[Value] = []
    last = block.last
    if last is not None and last.has_trait(TERMINATOR):
        yielded = list(last.operands)
        last.erase()
    for operation in block:
        operation.detach()
        anchor.parent.insert_before(anchor, operation)
    return yielded


def inline_call(call: Operation, body: Region) -> None:
    """Replace a call by a copy of a body of one block."""
    copy = body.clone()
    values = inline_block(copy.blocks[0], call, CallLike.of(call).arguments(call))
    for result, value in zip(call.results, values, strict=True):
        if value.hint is None:
            value.hint = result.hint
    call.replace_with(values)
