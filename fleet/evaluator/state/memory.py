"""What the evaluator remembers of loops: which are unrolled, what they carry, who asked for what.

In: what evaluations of loops found. Out: how the next evaluation of the same loop begins. The one
idea: whether a loop whose items are known stays a loop is decided by its text, and corrected when
the program's structure turns out to depend on it: once for each loop, never by trying at each level
of a nest. The memory outlives an evaluation: when a value that came out of a loop is needed at
build time, the program is evaluated again with that loop unrolled.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fleet.diagnostics import FleetError, Location
from fleet.evaluator.state.facts import NEVER, Facts
from fleet.evaluator.values.kinds import Kind
from fleet.evaluator.values.number_lists import Site
from fleet.evaluator.values.then import Then, natives
from fleet.ir.core import Block, Operation, Value
from fleet.syntax import tree

COMPUTED = frozenset("format decode parse_int parse_float list_to_bytes".split())
"""Host services whose results depend on their operands alone, not on the run."""


MAX_FRUITLESS = 16
"""Evaluations that begin again with the same knowledge: some take back what others learnt."""


class Again(BaseException):
    """The policy has learnt something: the program has to be evaluated again from its beginning, or
    from a checkpoint since which alone it has gone by something else."""


class TooDeep(FleetError):
    """A rejection because run-time branches are nested too deeply."""

    cause = frozenset()


class TooLong(FleetError):
    """A rejection because evaluating the program takes more steps than it may.

    reason: why the loop that takes them is not one of the run time.
    """

    cause = frozenset()
    reason: FleetError | None = None


@dataclass
class Memory:
    """What the last evaluation of a run-time loop found, and of the loops within its body."""

    invariant: list[tuple[Any, Any, Kind | None, bool]] = field(default_factory=list)
    """(path of the owner, key, kind, shared) of what it carries."""
    exits: bool = False
    """Whether an iteration may leave the loop."""
    inner: dict[tuple[int, int], Memory] = field(default_factory=dict)
    """By node, and how many loops of that node were begun before in this evaluation of the body."""
    begun: Counter = field(default_factory=Counter)

    def copy(self, shallow: bool = False) -> Memory:
        """As `restore` takes it. shallow: where what is within does not change any more."""
        inner = self.inner if shallow else {key: one.copy() for key, one in self.inner.items()}
        return Memory(self.invariant, self.exits, dict(inner), self.begun.copy())

    def restore(self, noted: Memory) -> None:
        """Remember no more than then, of the same loops."""
        self.invariant, self.exits, self.begun = noted.invariant, noted.exits, noted.begun
        for key, before in noted.inner.items():
            if self.inner[key] is not before:
                self.inner[key].restore(before)
        for key in self.inner.keys() - noted.inner.keys():
            del self.inner[key]

    def recall(self, node: tree.AST) -> Memory:
        """The memory of a loop that begins now."""
        number = self.begun[id(node)]
        self.begun[id(node)] += 1
        return self.inner.setdefault((id(node), number), Memory())


@dataclass
class Policy:
    """Which loops over known items are unrolled; it stays when the program is evaluated again.

    Loops are named by the ids of their nodes.
    """

    unrolled: Facts[int] = field(default_factory=Facts)
    """Loops that the program's structure depends on."""
    emitting: Facts[tuple[int, bool]] = field(default_factory=Facts)
    """Loops whose iterations emit something: (loop, whether one around is unrolled for good)."""
    free: set[tuple[int, bool]] = field(default_factory=set)
    """Loops whose first iteration emitted nothing when it was tried."""
    outgrown: Facts[int] = field(default_factory=Facts)
    """Expressions whose lists, dictionaries and sets are of run time from the beginning."""
    tables: Facts[int] = field(default_factory=Facts)
    """Expressions whose lists of lists are tables: see `values.tables`."""
    no_tables: Facts[int] = field(default_factory=Facts)
    """Expressions whose lists cannot be."""
    mixed: Facts[int] = field(default_factory=Facts)
    """Expressions whose lists are of several kinds, and of which: see `values.mixed`."""
    no_mixed: Facts[int] = field(default_factory=Facts)
    """Expressions whose lists cannot be."""
    learned: list[frozenset[int]] = field(default_factory=list)
    """These expressions, in the order in which they turned out to be such."""
    known_only: Facts[int] = field(default_factory=Facts)
    """Expressions whose containers cannot be of run time, and why: what needs that of them is
    unrolled, or rejected."""
    array_lists: Facts[Site] = field(default_factory=Facts)
    """Which arrays the lists of run time hold that an expression makes."""
    written: Facts[Site] = field(default_factory=Facts)
    """Which of them hold arrays that are written to there."""
    attribute_lists: Facts[Site] = field(default_factory=Facts)
    """Which expression made the lists that an attribute of the run's instances holds; None: several
    ones."""
    number_lists: Facts[Site] = field(default_factory=Facts)
    """The numbers in such lists, and in lists within them; None: other things are in it."""
    instances: Facts[str] = field(default_factory=Facts)
    """Classes of the program of which the run has instances, by module and name."""
    stood_in: Facts[str] = field(default_factory=Facts)
    """Those that inherit from a stand-in in place of Python's list, dict, str or the like."""
    shadowing: Facts[tuple[str, str]] = field(default_factory=Facts)
    """(class, name) of methods in whose place an instance may have an attribute."""
    exceptions: Facts[str] = field(default_factory=Facts)
    """The names of the attributes that the run's exceptions of such a class have, some or all."""
    callables: Facts[Any] = field(default_factory=Facts)
    """Texts of functions that the run holds: see `callbacks`."""
    held_functions: Facts[int] = field(default_factory=Facts)
    """Functions that run time holds from where they are defined."""
    in_cells: Facts[int] = field(default_factory=Facts)
    """Functions, and which of their variables are in a frame of the run's: see `cells`."""
    attribute_names: Facts[str] = field(default_factory=Facts)
    """Names of the attributes that such instances are given."""
    advancing: Facts[str] = field(default_factory=Facts)
    """Classes of the program whose instances run time iterates over, by module and name."""
    growing: set[int] = field(default_factory=set)
    """Loops that are unrolled for the sake of a container that changes in them."""
    recursive: Facts[int] = field(default_factory=Facts)
    """Functions whose recursion ends at run time."""
    as_view: Facts[tuple[int, str]] = field(default_factory=Facts)
    """Their parameters that take parts of one array."""
    by_value: Facts[tuple[int, str]] = field(default_factory=Facts)
    """Their parameters that take arrays or lists of which each level has its own."""
    lengthening: Facts[tuple[int, str]] = field(default_factory=Facts)
    """Their parameters that take tuples of other lengths at each level."""
    cautious: bool = False
    """Whether all loops over known items are unrolled."""
    inner: dict[tuple[int, Location | None], tree.AST] = field(default_factory=dict)
    """Expressions of the prelude, each anew for every place of the program that calls it."""
    mangled: set[int] = field(default_factory=set)
    """`class` statements whose private names have been given their class's."""
    no_lists: set[int] = field(default_factory=set)
    """Those of them whose lists cannot be of run time."""
    trees: dict[Path, tree.AST] = field(default_factory=dict)
    """Of the program's modules: their nodes are the same at each evaluation."""
    before: list[tuple] = field(default_factory=list)
    """What was known each time that the evaluation went back."""
    rolling: dict[int, int] = field(default_factory=dict)
    """Blocks of such loops that are being evaluated as run-time loops: id -> loop."""
    made: dict[int, tuple[Operation, int]] = field(default_factory=dict)
    """Operations that such loops have become: id -> (operation, loop)."""

    def begin(self) -> None:
        """Another evaluation of the program."""
        self.rolling.clear()
        self.made.clear()
        self.back_to(0)

    def _facts(self) -> list[Facts]:
        return [one for one in vars(self).values() if type(one) is Facts]

    @property
    def wrong_since(self) -> float:
        """When the evaluation first went by what has turned out not to be so; NEVER, if it has
        not."""
        return min(one.wrong_since for one in self._facts())

    @property
    def is_wrong(self) -> bool:
        return self.wrong_since < NEVER

    def back_to(self, when: float) -> None:
        """The evaluation goes on from where it was then."""
        for one in self._facts():
            one.back_to(when)

    def is_fruitful(self) -> bool:
        """Whether what has been learnt was not known before, or not often; asked before the
        evaluation goes on from somewhere once more."""
        self.before.append(self.known())
        return self.before.count(self.before[-1]) <= MAX_FRUITLESS

    def known(self) -> tuple:
        """A copy of what has been learnt, but for the order of it."""
        return self.cautious, set(self.free), set(self.growing), *(
            dict(one.known) if one is not self.known_only else set(one.known)
            for one in self._facts()
        )  # fmt: skip

    def unrolls(self, node: tree.AST) -> bool:
        return self.cautious or id(node) in self.unrolled

    def concerns(self, error: FleetError, node: tree.AST) -> bool:
        """Whether a rejection in this loop's body may be gone when the loop is unrolled."""
        return error.cause is None or id(node) in error.cause

    def learn(self, error: FleetError) -> bool:
        """Unroll the loops that a rejection of the program comes from, or let the lists of NumPy's
        functions that it comes from be of run time. False: there are none."""
        if error.cause is not None:
            fresh = error.cause - self.unrolled.known.keys()
            self.unrolled.add(*fresh)
            if fresh:
                return True
        if self._learn_of(error.lists):
            return True
        if self.mixed.known:
            self.no_mixed.add(*self.mixed.known)
            self.mixed.discard(*self.mixed.known)
            return True
        if self.tables.known:
            self.no_tables.add(*self.tables.known)
            self.tables.discard(*self.tables.known)
            return True
        if error.cause is not None:
            return False
        if self.cautious or not self.made:
            return False
        self.cautious = True
        return True

    def _learn_of(self, lists: frozenset[int]) -> bool:
        """Let lists of NumPy's functions be of run time; none, if there was a rejection since."""
        fresh = lists - self.outgrown.known.keys() - self.no_lists
        self.outgrown.add(*fresh)
        if not fresh:
            inner = {id(node) for node in self.inner.values()}
            tried = inner.intersection(self.outgrown.known)
            self.no_lists |= tried
            self.outgrown.discard(*tried)
            return bool(tried)
        return True

    def cause_of(self, value: Then) -> frozenset[int] | None:
        """The known loops that a run-time value comes from, none if it depends on the run itself.

        None where nobody can tell.
        """
        found: set[int] = set()
        waiting = natives(value)
        if waiting is None:
            return None
        seen: set[int] = set()
        vague = False
        while waiting:
            native = waiting.pop()
            if id(native) in seen:
                continue
            seen.add(id(native))
            owner = native.owner
            if isinstance(owner, Block):
                loop = self.rolling.get(id(owner))
                if loop is not None:
                    found.add(loop)
                elif owner.parent_op is not None:
                    waiting += _sources(owner.parent_op)
                else:
                    vague = True
            elif owner.name == "numpy.host" and owner.get("service") not in COMPUTED:
                return frozenset()
            else:
                made = self.made.get(id(owner))
                if made is not None:
                    found.add(made[1])
                waiting += _sources(owner)
        return None if vague and not found else frozenset(found)


def _sources(operation: Operation) -> list[Value]:
    """What an operation's results are computed from."""
    found = list(operation.operands)
    for region in operation.regions:
        for block in region.blocks:
            if block.last is not None:
                found += block.last.operands
    return found
