"""Two sides of a run-time branch made one: what they changed becomes results of the operation.

In: both sides, evaluated. Out: one `scf.if`, and the state of the program after it. The one idea:
every place (a name, an attribute, a list, an array's storage) that ends up different on the two
sides becomes a result, if its two values join (see `kinds`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from fleet.dialects import scf
from fleet.evaluator.control import copies
from fleet.evaluator.control.abandoned import abandoned
from fleet.evaluator.control.outcomes import Normal, Outcome, Stopped
from fleet.evaluator.control.places import WHOLE, Place, keeps_order, same_set, storages
from fleet.evaluator.objects.operations import PLAIN
from fleet.evaluator.state.completions import Slot
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import (
    Apart,
    make_table,
    mix_items,
    outgrown,
    tabulate,
)
from fleet.evaluator.state.scopes import unbound_local
from fleet.evaluator.values import classes, exceptions, kinds, numbers, same_lengths, tables
from fleet.evaluator.values.characters import Character
from fleet.evaluator.values.heap import (
    MISSING,
    Attributes,
    Bindings,
    Cell,
    Dict,
    Journal,
    List,
    set_state,
    sites_of,
)
from fleet.evaluator.values.identity import same
from fleet.evaluator.values.kinds import simple
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.then import (
    UNREADABLE,
    Array,
    Number,
    Numbers,
    Then,
    Unbound,
    Union,
    Unusable,
    unbound_tag,
)
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import PURE
from fleet.syntax import tree


@dataclass
class Closing:
    """What is learnt about places when the paths of detours come together.

    exact: whether a name without a value on paths that raise is read there; None where that is not
    known. normal: what places hold where nothing was raised; absent: which of them have no value
    where something was.
    """

    exact: Callable[[Place], bool] | None = None
    normal: Normal = field(default_factory=dict)
    absent: dict[tuple[int, Any], Place] = field(default_factory=dict)

    def look(self, place: Place, raising: int, kind: kinds.Kind | None) -> bool:
        """Note a place; whether it has no value on the side that raises, where nobody asks."""
        key = (id(place.owner), place.key)
        if _is_built(place) and kinds.join_kinds(*map(kinds.describe, place.sides)) != kind:
            place.sides[raising] = MISSING  # an exception that came to nothing
        value = place.sides[1 - raising]
        known = value if value is None or type(value) in PLAIN else MISSING
        self.normal.setdefault(key, (place, kind, known))
        side = place.sides[raising]
        if self.exact is None or not isinstance(place.owner, Bindings) or self.exact(place):
            return False
        if side is MISSING or type(side) is Unusable:
            place.sides[raising] = MISSING
            self.absent[key] = place
        return key in self.absent and side is MISSING

    def may_lack(self, place: Place) -> bool:
        """Whether a name may have no value where nothing was raised, either."""
        _, kind, _ = self.normal.get((id(place.owner), place.key), (None, None, None))
        return kind is None or any(
            isinstance(one, simple.Known) and isinstance(one.value, Unbound)
            for one in kinds.choices_of(kind)
        )

    def forget(self, journal: Journal) -> None:
        """Places that came to be during a journal are nobody's any more."""
        for found in (self.normal, self.absent):
            places = [one if isinstance(one, Place) else one[0] for one in found.values()]
            for key, place in zip(list(found), places, strict=True):
                if journal.is_new(place.owner):
                    del found[key]


def _is_built(place: Place) -> bool:
    """Whether it holds what an exception is made of, which is one thing on all paths."""
    return isinstance(place.owner, BaseException) and place.key in ("args", "__cause__")


def as_normal(m: Machine, normal: Normal) -> None:
    """Where no exception travels, unions hold what they hold there."""
    for place, kind, known in normal.values():
        value = place.read()
        if known is not MISSING and isinstance(value, Then):
            place.write(m.heap, known)
            continue
        if type(value) is not Union or kind is None:
            continue
        kept = {tag: one for tag, one in value.choices.items() if _fits(kind, one)}
        if 0 < len(kept) < len(value.choices):
            only = next(iter(kept.values()))
            place.write(m.heap, only if len(kept) == 1 else Union(value.e, value.tag, kept))


def _fits(kind: kinds.Kind, value: Any) -> bool:
    found = kinds.describe(value)
    return any(
        found == one or (not isinstance(one, simple.Known) and one.join(found) is not None)
        for one in kinds.choices_of(kind)
    )


def normally(yes: Outcome, no: Outcome) -> Normal:
    """What places hold after a branch where no exception travels."""
    found: Normal = {}
    for key, (place, *_) in {**yes.normal, **no.normal}.items():
        sides, constants = [], []
        for side in (yes, no):
            if key in side.normal:
                sides.append(side.normal[key][1])
                constants.append(side.normal[key][2])
                continue
            with side.replayed():
                value = place.read() if place.exists() else MISSING
            sides.append(None if value is MISSING else side.kinds([value])[0])
            constants.append(value if value is None or type(value) in PLAIN else MISSING)
        joined = kinds.join_kinds(*sides)
        if joined is not None:
            found[key] = place, joined, constants[0] if same(*constants) else MISSING
    return found


def join(
    m: Machine, condition: Number, yes: Outcome, no: Outcome, node: tree.AST | None = None,
    closing: Closing | None = None, raising: int = 0,
) -> Any:
    """closing: for the paths of a detour; raising: the number of the side that raises."""
    e = m.backend.e
    if yes.ended or no.ended:
        return _merge_ended(m, condition, yes, no)
    places = _places(m, [yes, no])
    places += _lifted(yes, no, places)
    before = [tuple(place.sides) for place in places]
    left, right = yes.kinds([a for a, _ in before]), no.kinds([b for _, b in before])
    left_behind = set() if closing is None else abandoned(m, places, (yes, no)[raising])
    for place, *sides in zip(places, left, right, strict=True):
        if id(place) in left_behind and sides[1 - raising] is not None:
            place.sides[raising] = MISSING
        elif closing is None or not closing.look(place, raising, sides[1 - raising]):
            _unbound_side(m, place, node, closing)
    for at, (place, was) in enumerate(zip(places, before, strict=True)):
        a, b = place.sides
        if a is not was[0]:
            left[at] = yes.kinds([a])[0]
        if b is not was[1]:
            right[at] = no.kinds([b])[0]
    results, lost = _joined(m, places, left, right, yes, no, closing)
    value_kinds = (yes.kinds([yes.value])[0], no.kinds([no.value])[0])
    kind = kinds.join(yes.value, no.value, *value_kinds)
    if kind is None:
        outgrown(m, (yes.value, no.value), Apart(
            "the two sides of this run-time branch give values of different types", m.location(),
            hint="make both sides an int, or both a float, or arrays of one dtype and rank",
        ))  # fmt: skip
    kind = kinds.where_found(kind, found_here(m))
    stale: set[int] = set()
    for number, outcome in enumerate((yes, no)):
        with e.builder.inside(outcome.block), outcome.replayed():
            if m.has_sources:
                own = [place.sides[number] for place, _ in results]
                stale |= copies.stale_in([*own, outcome.value])
            packed = [
                value for place, joined in results
                for value in pack(m, joined, place.sides[number])
            ]  # fmt: skip
            packed += kind.pack(e, outcome.value)
            e.op(scf.yield_, packed)
    types = [type for _, joined in results for type in joined.types()] + kind.types()
    made = emit_if(m, condition.native, yes.block, no.block, types)
    values = iter(made.results)
    yes.keep_new(m.heap)
    no.keep_new(m.heap)
    made_values = []
    others = []
    for place, joined in results:
        value = joined.unpack(e, values)
        if copies.is_remembered(place, value):
            others.append((place.sides, value))
        else:
            thaw(m, place, value, place.sides, [other for other, _ in results])
            made_values.append((place.sides, value))
        set_place(m, place, value)
    for sides, value in made_values:
        copies.refresh(m, value, sides, stale)
        copies.tell(m, sides, value)
    for sides, value in others:
        copies.note(m, value, sides, stale, made_values)
    for place in lost:
        set_place(m, place, unusable(m, place))
    value = kind.unpack(e, values)
    copies.note(m, value, (yes.value, no.value), stale, made_values)
    return value


def _joined(
    m: Machine, places: list[Place], left: list[kinds.Kind | None], right: list[kinds.Kind | None],
    yes: Outcome, no: Outcome, closing: Closing | None,
) -> tuple[list[tuple[Place, kinds.Kind]], list[Place]]:
    """The places that have a kind after the branch, and those that have none."""
    results: list[tuple[Place, kinds.Kind]] = []
    lost: list[Place] = []
    for place, a, b in zip(places, left, right, strict=True):
        joined = _join(m, place, a, b, yes, no, closing)
        if joined is None:
            lost.append(place)
        else:
            results.append((place, kinds.where_found(joined, found_here(m))))
    return results, lost


def found_here(m: Machine) -> Callable[[Length], Length | None]:
    """What gives a length that a branch has computed as it is known outside, if it is."""
    builder = m.backend.e.builder
    return functools.partial(
        same_lengths.computed_at, m.backend.e, block=builder.block, anchor=builder.anchor)


def _lifted(yes: Outcome, no: Outcome, places: list[Place]) -> list[Place]:
    """What objects hold that came to be on one side and leave it."""
    found: list[Place] = []
    for number, side in enumerate((yes, no)):
        for value in [*(place.sides[number] for place in places), side.value]:
            if isinstance(value, Then | str | int | float) or value is None:
                continue
            for place in side.lift(value):
                place.sides = [*place.sides, MISSING] if number == 0 else [MISSING, *place.sides]
                found.append(place)
    return found


def _unbound_side(
    m: Machine, place: Place, node: tree.AST | None, closing: Closing | None
) -> None:
    """A name or attribute that one side gives no value and that is read later may have none."""
    if place.lifted or not any(side is MISSING for side in place.sides):
        return
    if place.key in exceptions.RAISED:
        return  # where it was not raised, nobody asks where it was
    if isinstance(place.owner, Attributes):
        later = not place.owner.shown
    elif _has_slots(place.owner):
        later = True
    elif not isinstance(place.owner, Bindings):
        return
    elif m.exports(place.owner) or any(unbound_tag(side) is not None for side in place.sides):
        later = True
    elif closing is not None and closing.exact is not None:
        later = closing.exact(place)
    elif closing is not None and not closing.may_lack(place):
        later = True  # what follows the branch and reads it, `as_normal` finds again
    elif node is not None:
        later = m.reads(node).later(place.key, node)
    elif (around := _around_part(m)) is not None:
        later = m.reads(around).later(place.key, around)
    else:
        loop = _present_loop(m)
        later = loop is not None and m.reads(loop).after_iteration(place.key, loop)
    if later:
        nothing = unbound(m, place)
        place.sides = [nothing if side is MISSING else side for side in place.sides]


def _around_part(m: Machine) -> tree.AST | None:
    """The statement of a body of which only a part is evaluated by itself, where we are in one:
    what follows it is still to come."""
    at = next((at for at in reversed(range(len(m.following))) if m.following[at].begins), 0)
    outer = m.following[at - 1] if at and m.following[at].body.is_part else None
    return outer.statements[outer.next - 1] if outer is not None and outer.next else None


def _present_loop(m: Machine) -> tree.AST | None:
    """The loop whose body is the innermost one that we are in."""
    entry = next(
        (one for one in reversed(m.following) if one.begins and not one.is_part), None)  # fmt: skip
    return entry.body.node if entry is not None else None


def _has_slots(owner: Any) -> bool:
    """Whether it is an instance of the program's that has its attributes in slots."""
    kind = type(owner)
    return classes.is_made(kind) and not isinstance(owner, type | BaseException) and bool(
        classes.slots_of(kind))


def unbound(m: Machine, place: Place) -> Unbound:
    """What a name or attribute holds that has no value."""
    if isinstance(place.owner, Attributes) or _has_slots(place.owner):
        owner = place.owner.owner if isinstance(place.owner, Attributes) else (
            type(place.owner).__name__)  # fmt: skip
        message = f"'{owner}' object has no attribute '{place.key}'"
        return Unbound(AttributeError(message, name=place.key))
    if place.owner is m.scope.module.values or m.exports(place.owner):
        return Unbound(NameError(f"name '{place.key}' is not defined"))
    return Unbound(unbound_local(place.key))


def emit_if(m: Machine, condition: Value, yes: Block, no: Block, types: list) -> Operation:
    e = m.backend.e
    orelse = Region([no]) if types or len(no) > 1 else Region()
    return e.op(scf.if_, condition, types=types, regions=[Region([yes]), orelse])


def set_place(m: Machine, place: Place, value: Any) -> None:
    if _is_built(place) and type(value) in (Union, Unusable):
        raise m.error(
            "an exception is made of values of different types on the paths of a run-time branch",
            "make another exception on each path",
        )
    place.write(m.heap, value)
    if isinstance(place.owner, Bindings) and isinstance(value, Then):
        hint(m, value, place.key)


def hint(m: Machine, value: Any, name: str) -> None:
    """Name an SSA value after the user's variable that holds it."""
    if m.outside is not None:
        return
    native = getattr(value.code if isinstance(value, Character) else value, "native", None)
    if native is None and isinstance(value, Array) and not value.steps:
        native = getattr(value.cell.content, "value", None)
    if native is not None and native.hint is None:
        native.hint = name


def unusable(m: Machine, place: Place) -> Unusable:
    a, b = place.sides
    if a is MISSING or b is MISSING:
        why = f"{place.name} has a value on one path of a run-time branch or loop only"
        return Unusable(why, "give it a value before, on every path", (a, b))
    why = (
        f"{place.name} has values of different types on the paths of a run-time branch or loop"
    )
    hint = "use one type on all paths, such as 0.0 instead of 0 for a float"
    return Unusable(why, hint, (a, b))


def _merge_ended(m: Machine, condition: Number, yes: Outcome, no: Outcome) -> Any:
    """At least one side does not come back: the other goes on without a branch."""
    e = m.backend.e
    dead = yes if yes.ended else no
    if yes.ended and no.ended:
        for outcome in (yes, no):
            with e.builder.inside(outcome.block):
                e.op(scf.yield_, [])
        emit_if(m, condition.native, yes.block, no.block, [])
        raise Stopped
    if not _emit_check(m, condition, yes.ended, dead.block):
        with e.builder.inside(dead.block):
            e.op(scf.yield_, [])
        test = condition if yes.ended else numbers.invert(e, condition)
        emit_if(m, test.native, dead.block, Block(), [])
    alive = no if yes.ended else yes
    for operation in alive.block:
        operation.detach()
        e.builder.block.insert_before(e.builder.anchor, operation)
    for obj, after in alive.final:
        m.heap.touch(obj)
        set_state(obj, after)
    return alive.value


def _emit_check(m: Machine, condition: Number, fails_when: bool, dead: Block) -> bool:
    """`if condition: raise ...` without anything before it is one check."""
    e = m.backend.e
    last = dead.last
    if last is None or last.name != "numpy.check":
        return False
    others = [operation for operation in dead if operation is not last]
    if not all(operation.has_trait(PURE) for operation in others):
        return False
    for operation in [*others, last]:
        operation.detach()
        if operation is last:
            holds = numbers.invert(e, condition) if fails_when else condition
            operation.set_operand(0, holds.native)
        e.builder.block.insert_before(e.builder.anchor, operation)
    return True


def thaw(m: Machine, place: Place, value: Any, sides: list[Any], places: list[Place]) -> None:
    """Allow writing to an array or list that came out of a branch or loop and has no alias.

    Where it has one, nobody can tell which of the two a write would change: neither may be
    written to from here on. (A row of a table is one of its names, and no copy.)
    """
    if isinstance(value, List) and value.row is not None:
        return
    if isinstance(value, Array) and value.cell.keeper is not None:
        return  # the array itself
    if type(value) is Union and all(
        isinstance(one, List) and not one.split for one in value.choices.values()
    ):
        return  # one of these lists itself
    targets = [target for side in sides for target in storages(side)]
    free = True
    for target in targets:
        twins = any(
            (other.owner is not place.owner or other.key != place.key)
            and any(target is held for side in other.sides for held in storages(side))
            for other in places
        )
        if copies.is_shared(m, target, place):
            m.heap.mark(target, "split", True)
        free = free and not (twins or target.split)
    arrays = [side for side in sides if isinstance(side, Array)]
    kept = any(side.cell.keeper is not None for side in arrays)
    frozen = kept or any(side.frozen is not None for side in arrays)
    if isinstance(value, Array):
        value.sources = tuple(source for side in arrays for source in side.sources)
        if kept:
            value.sources = UNREADABLE
        copies.hold([value], arrays)
    if isinstance(value, Array) and free and not frozen:
        value.frozen = None
    elif isinstance(value, List) and value.run_time is not None:
        value.split = not free


def _places(m: Machine, outcomes: list[Outcome]) -> list[Place]:
    """What the sides changed, with the value on each side."""
    objects: dict[int, tuple[Any, Any]] = {}
    for outcome in outcomes:
        for number, (obj, before, _) in outcome.effects.items():
            objects.setdefault(number, (obj, before))
    places: list[Place] = []
    for number, (obj, before) in objects.items():
        states = [
            outcome.effects[number][2] if number in outcome.effects else before
            for outcome in outcomes
        ]
        places += places_of(m, obj, [before, *states])
    for place in places:
        del place.sides[0]
    return places


_OF_PATHS = ("__context__", "__suppress_context__")
"""Attributes of exceptions that tell what else happened on a path; no program of run time asks."""


def places_of(m: Machine, obj: Any, states: list[Any]) -> list[Place]:
    """The places of one object that differ between states."""
    if isinstance(states[0], dict):
        names = dict.fromkeys(name for state in states for name in state)
        if isinstance(obj, BaseException):
            names = {name: None for name in names if name not in _OF_PATHS}
        found = [
            Place(obj, name, [state.get(name, MISSING) for state in states]) for name in names
        ]
    elif isinstance(obj, List):
        lengths = {len(state) if isinstance(state, tuple) else None for state in states}
        if len(lengths) == 1 and None not in lengths:
            found = [
                Place(obj, i, list(items)) for i, items in enumerate(zip(*states, strict=True))
            ]
        elif len(states) == 3 and same(states[1], states[2]):
            return [Place(obj, WHOLE, [states[0], states[1], states[1]])]
        else:
            return [Place(obj, WHOLE, states)]
    elif isinstance(obj, Cell):
        found = [Place(obj, WHOLE, states)]
    elif len(states) == 3 and same_set(states[1], states[2]):
        found = [Place(obj, WHOLE, [states[0], states[1], states[1]])]
    else:
        if any(state != states[0] for state in states):
            outgrown(m, obj)
        return []
    changed = [
        p for p in found if any(not same(p.sides[0], side) for side in p.sides[1:])
    ]
    if isinstance(obj, Attributes) and not obj.shown:
        m.heap.mark(obj, "order_lost", obj.order_lost or not keeps_order(states))
    elif isinstance(obj, Dict):
        for place in changed:
            missing = [side is MISSING for side in place.sides]
            if any(missing) and (len(states) == 2 or missing[1] != missing[2]):
                outgrown(m, obj, m.error(
                    f"the dictionary key {place.key!r} comes or goes in a run-time branch "
                    "or loop",
                    "put the key into the dictionary before, and change its value only",
                ))  # fmt: skip
        if not keeps_order(states):
            outgrown(m, obj)
    return changed


def _join(
    m: Machine, place: Place, left: kinds.Kind | None, right: kinds.Kind | None,
    yes: Outcome, no: Outcome, closing: Closing | None = None,
) -> kinds.Kind | None:
    a, b = place.sides
    if place.lifted:
        return right if a is MISSING else left
    if isinstance(place.owner, List) and place.key is WHOLE and not same(a, b):
        if a is MISSING or b is MISSING:
            return right if a is MISSING else left
        return join_lists(m, place.owner, a, b)
    absent = place.key in exceptions.RAISED or closing is not None and (
        _is_built(place) or (id(place.owner), place.key) in closing.absent)
    if isinstance(place.owner, Slot):
        left, right = kept(yes.journal, left, a), kept(no.journal, right, b)
    if (absent or isinstance(place.owner, Slot)) and (a is MISSING or b is MISSING):
        return right if a is MISSING else left
    return kinds.join(a, b, left, right)


def kept(journal: Journal, kind: kinds.Kind | None, value: Any) -> kinds.Kind | None:
    """The kind of what a slot holds: an array that was there before the journal is itself, since
    nobody looks at the slot on paths that left it empty, and its storage is a place of its own."""
    if isinstance(kind, kinds.TupleKind) and isinstance(value, tuple):
        items = [kept(journal, *each) for each in zip(kind.items, value, strict=True)]
        return replace(kind, items=tuple(items))
    if not isinstance(kind, simple.TensorKind) or not isinstance(value, Array):
        return kind
    is_new = value.scalar or value.steps or value.sources or journal.is_new(value.cell)
    return kind if is_new else simple.Known(value)


def pack(m: Machine, kind: kinds.Kind, value: Any) -> list[Value]:
    """A value as SSA values; any values will do where there is none."""
    e = m.backend.e
    return kind.placeholder(e) if value is MISSING else kind.pack(e, value)


def join_lists(m: Machine, owner: List, a: Any, b: Any) -> kinds.Kind:
    """The kind of a list whose content differs between paths."""
    if any(isinstance(items, tables.Rows) for items in (a, b)):
        if any(type(items) is tuple and not items for items in (a, b)):
            make_table(m, owner)
        joined = kinds.join_contents(kinds.list_kind(a, None), kinds.list_kind(b, None))
        if joined is None:
            outgrown(m, owner)
        return joined
    known = [items.kind for items in (a, b) if isinstance(items, Numbers) and not items.is_mixed]
    known += [
        numbers.kind_of(items[0]) for items in (a, b) if isinstance(items, tuple) and items
    ]
    first = known[0] if known else None
    left, right = kinds.list_kind(a, first), kinds.list_kind(b, first)
    joined = kinds.join_contents(left, right)
    if joined is None:
        mix_items(m, sites_of(owner), [
            one for items in (a, b) if isinstance(items, tuple) for one in items])  # fmt: skip
        for items in (a, b):
            if isinstance(items, tuple):
                tabulate(m, owner, (items,))
                inner = () if owner.inner is None else (id(owner.inner),)
                m.backend.e.array_lists.expect((*sites_of(owner), *inner), items)
        outgrown(m, owner, m.error(
            "a list changes its length in a run-time branch or loop, and holds more than "
            "numbers of one kind",
            "keep ints, floats or bools of one kind in it, or use an array",
        ))  # fmt: skip
    return joined
