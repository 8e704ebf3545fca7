"""Functions of the schedule that are made: called again, rather than evaluated again.

In: a call of a function that has been evaluated for such arguments. Out: what it became then, if
what it may read of the program is as it was. The one idea: functions that call one another are
evaluated once for each of them, and not once for each way through their calls; and a round of a
recursion begins with what the last one found. (Jones and Mycroft, "Data flow analysis of
applicative programs using minimal function graphs", POPL 1986.)
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from fleet.diagnostics import Frame, Location
from fleet.evaluator.control.outcomes import Outcome
from fleet.evaluator.control.places import WHOLE, Place
from fleet.evaluator.control.readable import Readable, readable
from fleet.evaluator.objects import callbacks, held_classes
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.instances import Dispatch
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import kinds
from fleet.evaluator.values.heap import MISSING, List, age_of, new_serial
from fleet.evaluator.values.kinds import Kind, simple
from fleet.ir.core import Value
from fleet.ir.types import Type


@dataclass(eq=False)
class Recursion:
    """A function that is being evaluated for the kinds of its arguments.

    result: the kind of what it returns, and raised: of what travels out of it, as far as they are
    known; places: what it changes outside of itself, which travels with the calls; caught: what
    handlers around calls of it look at; journals: how many were open when its body began.
    unsettled: whether this round, of so many, has learnt something; asked: whether it went by what
    was known; carries: whether it has learnt of further places or classes. needs: the recursions
    around whose functions it calls. began: when its evaluation did.
    """

    function: Function | Dispatch
    parameters: dict[str, Kind]
    name: str
    result: Kind | None = None
    raised: Kind = field(default_factory=lambda: simple.Known(None))
    places: dict[tuple[int, Any], tuple[Place, Kind]] = field(default_factory=dict)
    caught: tuple[type, ...] = ()
    catching: int = 0
    journals: int = 0
    fresh: bool = True
    """Whether the array that it returns is nobody else's."""
    old: list[Any] = field(default_factory=list)
    """Arrays from before the call that it may return."""
    blank: bool = False
    """Whether nothing is known of the result but that no path has come to one."""
    unsettled: bool = False
    asked: bool = False
    carries: bool = False
    rounds: int = 0
    needs: dict[int, Recursion] = field(default_factory=dict)
    began: int = field(default_factory=new_serial)

    def is_of(self, function: Function | Dispatch, parameters: dict[str, Kind]) -> bool:
        """Whether it is of this function, for such arguments."""
        return is_alike(self.function, function) and self.parameters == parameters

    @property
    def is_done(self) -> bool:
        """Whether another round would find the same."""
        return not self.unsettled or not (self.asked or self.carries)

    def types(self) -> list[Type]:
        """What a call of it gives."""
        all_kinds = [self.result, *(kind for _, kind in self.places.values()), self.raised]
        return [type for kind in all_kinds for type in kind.types()]


def is_alike(
    one: Function | Dispatch, other: Function | Dispatch,
    seen: frozenset[tuple[int, int]] = frozenset(),
) -> bool:  # fmt: skip
    """Whether two functions do the same: of one text, and all that it takes from functions around
    it is the same, or alike, and stays so."""
    if one._node is not other._node:
        return False
    if one._scope is other._scope:
        return True
    pair = id(one), id(other)
    return pair in seen or type(one) is Function and type(other) is Function and all(
        _is_taken_alike(one, other, name, seen | {pair}) for name in one._node.facts.around)


def _is_taken_alike(
    one: Function, other: Function, name: str, seen: frozenset[tuple[int, int]]
) -> bool:  # fmt: skip
    homes = [next((scope for scope in function._scope.chain() if scope.kind != "class" and (
        scope.kind == "module" or name in scope.names.local)), None)
        for function in (one, other)]  # fmt: skip
    if homes[0] is homes[1]:
        return True
    values = [MISSING if home is None else home.values.get(name, MISSING) for home in homes]
    if any(value is MISSING for value in values) or not all(
            callbacks.is_final(home, name) for home in homes):  # fmt: skip
        return False
    if type(values[0]) is Function and type(values[1]) is Function:
        return is_alike(*values, seen)
    return values[0] is values[1]


@dataclass
class Made:
    """A function of the schedule that has been evaluated.

    captured: what it takes from outside; read: what it may read, as it was; catching: what handlers
    around it looked at; needs: the recursions around that it calls, each in its present round;
    where: the call that it was made for; first, last: its place among the functions, with those
    within it before it; classes: those of which the run had instances.
    """

    recursion: Recursion
    captured: list[Value]
    read: Readable
    catching: frozenset[type]
    needs: list[tuple[Recursion, int]]
    where: Location
    first: int
    last: int
    classes: list[type]


def find(m: Machine, function: Function | Dispatch, parameters: dict[str, Kind]) -> Made | None:
    """What evaluating a function for such arguments would give again."""
    for made in m.made_functions:
        if made.recursion.is_of(function, parameters) and _is_as_made(m, made):
            if m.recursions:
                m.recursions[-1].needs |= made.recursion.needs
            _forget_call(m, made)
            return made
    return None


def _is_as_made(m: Machine, made: Made) -> bool:
    around = {id(one) for one in m.recursions}
    if not all(id(one) in around and one.rounds == rounds for one, rounds in made.needs):
        return False
    if not looked_at(m) <= made.catching or held_classes.known_classes(m) != made.classes:
        return False
    places = made.recursion.places
    return all((id(owner), key) in places for owner, key in made.read.changes()) and all(
        joined_kind(place, kind, place.read()) == kind for place, kind in places.values())


def _forget_call(m: Machine, made: Made) -> None:
    """A function that is called from other places, too, no longer says from where."""
    where, depth = made.where, _depth(made.where)
    if m.location() == where:
        return
    cut: dict[int, Frame] = {}

    def without(frame: Frame) -> Frame:
        if id(frame) not in cut:
            outermost = frame.depth == depth + 1
            caller = None if outermost else replace(
                frame.caller, frame=without(frame.caller.frame))  # fmt: skip
            cut[id(frame)] = Frame(frame.function, caller)
        return cut[id(frame)]

    for function in m.functions[made.first : made.last + 1]:
        for operation in function.walk():
            frame = operation.location.frame
            if frame is not None and frame.depth > depth and _calls(frame, where):
                operation.location = replace(operation.location, frame=without(frame))


def _depth(where: Location) -> int:
    return -1 if where.frame is None else where.frame.depth


def _calls(frame: Frame, where: Location) -> bool:
    """Whether a call lies within one that was made there."""
    place: Location | None = frame.caller
    while place is not None:
        if place == where:
            return True
        place = None if place.frame is None else place.frame.caller
    return False


def looked_at(m: Machine) -> frozenset[type]:
    """The exceptions that handlers around look at."""
    return frozenset(one for entry in m.catching for one in entry)


def begin(m: Machine, recursion: Recursion) -> Readable | None:
    """Begin an evaluation with what was found at the last one; what it may read."""
    since = m.recursions[0].began if m.recursions else 0
    for known in m.settled_recursions:
        if known.is_of(recursion.function, recursion.parameters):
            recursion.result, recursion.raised = known.result, known.raised
            recursion.caught, recursion.fresh, recursion.old = known.caught, known.fresh, known.old
            for key, (place, kind) in known.places.items():
                if age_of(place.owner) < since and place.exists():
                    wider = joined_kind(place, kind, place.read())
                    if wider is not None:  # it may hold something else by now
                        recursion.places[key] = place, wider
    roots: list[Any] = [*held_classes.known_classes(m), *m.callbacks.values()]
    if isinstance(recursion.function, Function):
        roots.append(recursion.function)
    for kind in recursion.parameters.values():
        roots += kinds.opaque(kind)
    return readable(roots)


def pass_needs(m: Machine, recursion: Recursion, takes: bool) -> None:
    """What calls a recursion that has ended needs what that needs. takes: whether it takes anything
    from outside, which functions within it would have to pass on."""
    needs = recursion.needs
    needs.pop(id(recursion), None)
    if m.recursions:
        m.recursions[-1].needs |= needs
    kept = []
    for made in m.made_functions:
        others = {id(one): one for one, _ in made.needs if one is not recursion}
        if len(others) < len(made.needs):
            if takes:
                continue
            made.needs = [(one, one.rounds) for one in (others | needs).values()]
            made.recursion.needs = others | needs
        kept.append(made)
    m.made_functions = kept


def settle(m: Machine, recursion: Recursion) -> None:
    """Remember what was found, which is a part of what there is to be found."""
    if recursion.blank:
        return
    m.settled_recursions = [
        *(one for one in m.settled_recursions
          if not one.is_of(recursion.function, recursion.parameters)), recursion]  # fmt: skip


def joined_kind(
    place: Place, kind: Kind, value: Any, outcome: Outcome | None = None
) -> Kind | None:
    """The kind of a place that calls change, wide enough for another value."""
    if place.key is WHOLE and isinstance(place.owner, List):
        found = kinds.list_kind(value, getattr(kind, "kind", None))
    elif value is MISSING:
        found = None
    else:
        found = kinds.describe(value) if outcome is None else outcome.kinds([value])[0]
    wider = None if found is None else kinds.join_kinds(kind, found)
    return None if wider is None else kinds.widest(wider)
