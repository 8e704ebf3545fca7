"""`carry-messages`: what a loop keeps as text is kept as the numbers that the text is made of.

    scf.while (%text = %none) {            scf.while (%which = %c0, %a = %c0) {
      %t = call @format(%i)           →      …
      scf.yield %t                           scf.yield %c1, %i
    }                                      }
                                           %text = scf.if %which == 1 { call @format(%a) } …

In: the schedule, in which an exception that a `try` around a loop may catch travels as a kind and a
message. Out: the same, loops carrying which of the messages it is, and its numbers; behind the loop
the text is made. The one idea: a text that is only handed on in a loop may be made later, so that
the loop asks nothing of the host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fleet.dialects import arith, scf
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.ir.analysis.effects import constant_of
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Region, Value
from fleet.ir.definition import PURE
from fleet.ir.flow import OUT, Flow, RegionBranch, first_passed, terminators
from fleet.ir.interfaces import CallLike, functions_of
from fleet.ir.mapping import IRMapping
from fleet.ir.rewriting.journal import erasing, rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import (
    TensorType,
    Type,
    i1,
    i8,
    i64,
)
from fleet.ir.watch import count, may_apply
from fleet.passes.kernels.formation.words import is_number, number_of, word_of

TEXT = TensorType((None,), i8)


@register_pass("carry-messages", "carry what messages are made of through loops")
def run(module: Operation) -> bool:
    """Whether there were any texts that loops only hand on, or make for nobody."""
    functions = functions_of(module)

    def is_format(op: Operation) -> bool:
        function = functions.get(str(op.get("callee"))) if CallLike.of(op) is not None else None
        return function is not None and function.get("service") == "format"

    changed = False
    for function in functions.values():
        if not function.regions[0].blocks:
            continue
        for nest in [op for op in function.walk() if op.definition in (scf.for_, scf.while_)]:
            for op in list(nest.walk()):
                if is_format(op) and not op.result.uses and _numbers(op) and may_apply():
                    erasing("a text that nobody wants", op)
                    op.erase()
                    changed = True
            texts = _Texts(nest, is_format)
            if texts.ways and may_apply():
                with rewriting("carry what the texts are made of", nest):
                    texts.carry()
                count("texts made behind their loops")
                changed = True
    return changed


@dataclass(frozen=True)
class _Way:
    """A text's way through an operation. targets and sources: the regions that it comes to and
    leaves, OUT for the operation itself."""

    operation: Operation
    targets: tuple[int, ...]
    sources: tuple[int, ...]
    flow: Flow

    def widen(self, types: Sequence[Type]) -> list[list[Value]]:
        """Let more values go the same way, behind all others: for each value of the flow those
        that come with it. What they are given is for the caller to append."""
        made = []
        for target in self.targets:
            if target == OUT:
                results = self.operation.results
                first = len(results)
                new: list[Value] = [
                    OpResult(self.operation, first + n, type) for n, type in enumerate(types)
                ]
                results += new
            elif self.operation.regions[target].blocks:
                block = self.operation.regions[target].blocks[0]
                new = [block.add_argument(type) for type in types]
            else:
                continue
            made.append(new)
        return made


class _Texts:
    """The texts that a nest carries, and all that they may be.

    ways: how they go. leaves: what they are made as, each with its number."""

    def __init__(self, nest: Operation, is_format: Callable[[Operation], bool]) -> None:
        self.nest = nest
        self.is_format = is_format
        self.ways = [
            way for op in nest.walk() for way in _ways(op) if way.flow.values[0].type == TEXT
        ]
        self.leaves: dict[Value, int] = {}
        self.of_texts: dict[Value, bool] = {}
        while unfit := [way for way in self.ways if not self._fits(way)]:
            self.ways = [way for way in self.ways if way not in unfit]
        self.own = {value for way in self.ways for value in way.flow.values}
        self.words: dict[Value, list[Value]] = {}

    def _fits(self, way: _Way) -> bool:
        own = {value for each in self.ways for value in each.flow.values}
        uses = {use for each in self.ways for use in each.flow.uses}
        return all(v in own or self._is_leaf(v) for v in way.flow.sources) and all(
            use in uses or not self.nest.is_ancestor_of(use[0]) or use[0] is self.nest
            for value in way.flow.values
            for use in value.uses
        )

    def _is_leaf(self, value: Value) -> bool:
        """Whether a text, or its length, can be made of numbers behind the nest as well."""
        op = value.owner
        if not self._is_inside(value) or _is_known(value):
            return True
        return self._makes_texts(op) and all(
            self._is_noted(v) or self._is_leaf(v) for v in _inputs(op)
        )

    def _makes_texts(self, op: Operation | Block) -> bool:
        """Whether it may be done behind the nest instead."""
        if not isinstance(op, Operation):
            return False
        if op.definition is scf.if_:
            return all(each is op or self._makes_texts(each) for each in op.walk())
        return self.is_format(op) or op.definition is scf.yield_ or (
            op.has_trait(PURE) and not op.regions
        )

    def _is_noted(self, value: Value) -> bool:
        """Whether it is a number that has nothing to do with the length of a text."""
        return is_number(value) and not self._is_of_text(value)

    def _is_of_text(self, value: Value) -> bool:
        if value not in self.of_texts:
            op = value.owner
            self.of_texts[value] = value.type == TEXT or (
                self._is_inside(value)
                and self._makes_texts(op)
                and any(map(self._is_of_text, _inputs(op)))
            )
        return self.of_texts[value]

    def _is_inside(self, value: Value) -> bool:
        owner = value.owner
        return self.nest.is_ancestor_of(
            owner if isinstance(owner, Operation) else owner.parent_op
        ) and not (isinstance(owner, Operation) and owner is self.nest)

    def carry(self) -> None:
        """Let numbers go where texts went, and make texts of them behind the nest."""
        given = [(way, list(way.flow.sources)) for way in self.ways]
        for _, sources in given:
            for source in sources:
                if source not in self.own:
                    self.leaves.setdefault(source, len(self.leaves))
        most = max(len(self._noted(leaf)) for leaf in self.leaves)
        for way in self.ways:
            for value, words in zip(way.flow.values, way.widen([i64] * most), strict=True):
                self.words[value] = words
        for way, sources in given:
            for (operation, number), source in zip(way.flow.uses, sources, strict=True):
                which, words = source, self.words.get(source, [])
                if source not in self.own:
                    which, words = self._numbers_of(source, Builder.before(operation), most)
                operation.set_operand(number, which)
                operation.operands = (*operation.operands, *words)
        self._make_texts()
        for leaf in self.leaves:
            op = leaf.owner
            if self._is_made_inside(leaf) and not leaf.uses:
                _erase(op)

    def _noted(self, leaf: Value) -> list[Value]:
        """The numbers of the nest that a text is made of."""
        found: dict[Value, None] = {}
        for value in _inputs(leaf.owner) if self._is_made_inside(leaf) else ():
            if not self._is_noted(value):
                found.update(dict.fromkeys(self._noted(value)))
            elif self._is_inside(value) and not _is_known(value):
                found[value] = None
        return list(found)

    def _is_made_inside(self, value: Value) -> bool:
        return isinstance(value.owner, Operation) and self._is_inside(value)

    def _numbers_of(
        self, leaf: Value, builder: Builder, most: int
    ) -> tuple[Value, list[Value]]:
        words = [word_of(builder, value) for value in self._noted(leaf)]
        words += [builder.constant(0, i64) for _ in range(most - len(words))]
        return builder.constant(self.leaves[leaf], i64), words

    def _make_texts(self) -> None:
        """Behind the nest; from now on what it carried as texts are numbers."""
        for value in self.own:
            value.type = i64
        for result in list(self.nest.results):
            if result in self.own and result.uses:
                builder = Builder.after(self.nest)
                builder.location = self.nest.location
                users = list(result.uses)
                text = self._text(builder, result, list(self.leaves))
                for operation, number in users:
                    operation.set_operand(number, text)

    def _text(self, builder: Builder, which: Value, leaves: Sequence[Value]) -> Value:
        """The text that a result of the nest stands for, one of these."""
        leaf, *others = leaves
        if not others:
            return self._made_again(builder, leaf, self.words[which])
        number = builder.constant(self.leaves[leaf], i64)
        is_it = builder.value(
            arith.cmpi, which, number, types=[i1], predicate=CMPI_PREDICATES.index("eq")
        )
        blocks = Block(), Block()
        made = scf.if_(is_it, types=[TEXT], regions=[Region([block]) for block in blocks])
        builder.insert(made)
        for block, left in zip(blocks, ([leaf], others), strict=True):
            inside = Builder(block, location=builder.location)
            inside.create(scf.yield_, [self._text(inside, which, left)])
        return made.results[0]

    def _made_again(self, builder: Builder, leaf: Value, words: Sequence[Value]) -> Value:
        inside = IRMapping()
        for value, word in zip(self._noted(leaf), words, strict=False):
            inside[value] = number_of(builder, word, value.type)
        return self._copied(builder, leaf, inside)

    def _copied(self, builder: Builder, value: Value, inside: IRMapping) -> Value:
        """A value behind the nest, of numbers that were noted in it."""
        if value in inside or not self._is_made_inside(value):
            return inside.of(value)
        for operand in _inputs(value.owner):
            inside[operand] = self._copied(builder, operand, inside)
        return builder.insert(value.owner.clone(inside)).results[value.number]


def _inputs(op: Operation) -> list[Value]:
    """What an operation uses that is not made in it."""
    found = dict.fromkeys(value for each in op.walk() for value in each.operands)
    return [
        value
        for value in found
        if not op.is_ancestor_of(
            value.owner if isinstance(value.owner, Operation) else value.owner.parent_op
        )
    ]


def _erase(op: Operation) -> None:
    """With what nobody else wants then."""
    makers = [value.owner for value in _inputs(op)]
    op.erase()
    for maker in dict.fromkeys(makers):
        if not isinstance(maker, Operation) or maker.parent is None:
            continue
        makes_text = maker.has_trait(PURE) or maker.results[0].type == TEXT
        if makes_text and not any(result.uses for result in maker.results):
            _erase(maker)


def _ways(operation: Operation) -> Iterator[_Way]:
    branch = RegionBranch.of(operation)
    if branch is None:
        return
    for targets, sources in branch.groups(operation):
        arrived: dict[int, list[Value]] = {}
        for target in targets:
            if target == OUT:
                arrived[target] = list(operation.results)
            elif operation.regions[target].blocks:
                block = operation.regions[target].blocks[0]
                arrived[target] = block.arguments[branch.own_arguments(operation, target) :]
        ends: list[tuple[Operation, int]] = []
        for source in sources:
            if source == OUT:
                ends.append((operation, branch.passed(operation).start))
            else:
                ends += [(t, first_passed(t)) for t in terminators(operation.regions[source])]
        for position in range(max(map(len, arrived.values()), default=0)):
            values = tuple(each[position] for each in arrived.values())
            uses = tuple((end, first + position) for end, first in ends)
            yield _Way(operation, tuple(targets), tuple(sources), Flow(values, uses))


def _numbers(op: Operation) -> bool:
    return all(is_number(value) for value in op.operands)


def _is_known(value: Value) -> bool:
    return constant_of(value) is not None
