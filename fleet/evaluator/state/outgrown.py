"""Containers that change in ways that only run time knows: they are of run time from the start.

In: the value of an expression that makes a list, dict, set or the like. Out: the same, or one of
the run's objects. The one idea: which expressions these are is learnt. A container is known now
until the program does with it what build time cannot follow (a key that may or may not come, a
length that depends on the run); then the expression that made it is remembered, and the program is
evaluated again. So whatever has the container has the one object, and aliases are no question.
"""

from __future__ import annotations

import copy
import enum
from collections.abc import Iterable, Iterator
from types import MethodType
from typing import Any, NoReturn

from fleet.diagnostics import FleetError
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.memory import Again
from fleet.evaluator.values import (
    classes,
    fixed,
    heap,
    mixed,
    numbers,
    objects,
    tables,
)
from fleet.evaluator.values.heap import SITED, Composite, List
from fleet.evaluator.values.sequences import Once
from fleet.evaluator.values.single import ROW, is_object_array
from fleet.evaluator.values.subclasses import DictBase, ListBase, SetBase
from fleet.evaluator.values.then import Union, Unusable
from fleet.syntax import tree


class Outgrown(FleetError):
    """A container changes as only run time knows, in a loop that may be unrolled instead.

    sites: the expressions that made it, of those that may be of run time.
    """

    cause = None
    sites: frozenset[int] = frozenset()


class Apart(FleetError):
    """Two sides of a branch give values that have no kind in common."""


def settled(m: Machine, node: tree.AST, value: Any, before: int = 0) -> Any:
    """The value of an expression, a container of one of the SITED classes.

    It is a new one if it is younger than `before`.
    """
    if value.site is not None or m.backend.e is None or (value.serial or 0) < before:
        return value
    is_inner = not may_learn(m)
    if is_inner:
        if type(value) is not List:
            return value
        node = m.policy.inner.setdefault((id(node), m.outside), copy.copy(node))
    if id(node) in m.policy.outgrown:
        m.node = node
        if isinstance(value, Composite) and hasattr(value, "hosted"):
            return value if value.hosted is None else m.native(value.hosted)
        by_host = classes.of_ours(value, "made_by_host")
        if by_host is not None:
            return by_host()
        try:
            return m.native(objects.make, m.backend.e, value, id(node))
        except FleetError as error:
            forget(m, {id(node)}, error)
    if is_inner:
        value.inner = node
        return value
    value.site = node
    if type(value) is List and id(node) in m.policy.mixed and id(node) not in m.policy.tables:
        m.node = node
        m.native(mixed.begun, m.backend.e, value, m.policy.mixed[id(node)])
    if id(node) in m.policy.tables and type(value) is List:
        m.node = node
        m.native(tables.begun, m.backend.e, value)
    return value


def may_learn(m: Machine) -> bool:
    """Whether what the expressions here make may be of run time: all but the prelude's."""
    return m.outside is None or "__name__" in m.scope.module.values


def outgrown(m: Machine, value: Any, reason: FleetError | None = None) -> NoReturn:
    """The containers in a value must be of run time. reason: what else to say."""
    stand_in(m, value)
    made: list[tuple[type, Any]] = []
    sites = {site for found in _containers(value, made=made) for site in heap.sites_of(found)}
    _as_tables(m, value)
    sites -= m.policy.outgrown.known.keys()
    stuck = sites & m.policy.known_only.known.keys()
    sites -= stuck
    if stuck and not sites and not m.policy.rolling:
        error = reason or m.policy.known_only.known[min(stuck)]
        if not m.policy.learned:
            raise error
        forget(m, m.policy.learned.pop(), error)  # what needs it is known only, too
    if not (sites or stuck) or m.backend.e is None or not _can_be(value):
        error = reason or m.error(
            "this list, dict or set changes as only run time knows, which is not supported here",
            "make it with [], {}, list(), dict() or set() in the program itself",
        )
        error.lists = frozenset(
            id(found.inner) for found in _containers(value)
            if type(found) is List and found.inner is not None
            and (id(found.inner) in m.policy.array_lists.known or objects.can_be(found))
        )  # fmt: skip
        raise error
    if m.policy.rolling:
        error = Outgrown("a list, dict or set changes in this loop", m.location())
        error.sites = frozenset(sites)
        raise error
    m.policy.instances.add(
        *(  # which the run will have instances of
            classes.name_of(cls)
            for cls, found in made
            if not sites.isdisjoint(heap.sites_of(found))
        )
    )
    learn(m, sites)


def stand_in(m: Machine, value: Any) -> None:
    """Evaluate anew where instances in the value are of classes of the program that inherit from
    Python's list, int or the like, which then inherit from what the run can hold."""
    kinds: set[type] = set()
    for _ in _containers(value, kinds=kinds):
        pass
    stand_in_for(m, *kinds)


def stand_in_for(m: Machine, *kinds: type) -> None:
    """The same for these classes, if any of them inherit so."""
    found = {classes.name_of(base) for kind in kinds for base in kind.__mro__
             if classes.is_made(base) and _may_stand_in(base, kind)}  # fmt: skip
    fresh = found - m.policy.stood_in.known.keys()
    if fresh and m.backend.e is not None:
        m.policy.stood_in.add(*fresh)
        raise Again


def _may_stand_in(cls: type, kind: type) -> bool:
    """Whether a class of the program's inherits from a type that something may stand in for.

    kind: of which the instance is: named tuples need that where they have special methods.
    """
    if hasattr(cls, "_fields"):
        return issubclass(cls, tuple) and bool(classes.special_methods(kind))
    return any(not _OURS.isdisjoint(base.__mro__[:2]) for base in cls.__bases__) and not (
        isinstance(cls, enum.EnumMeta))


_OURS = frozenset((ListBase, DictBase, SetBase, tuple, str, int, float, frozenset))


def _as_tables(m: Machine, value: Any) -> None:
    """Evaluate anew where a list in the value is a table, which it cannot be, or may be one."""
    for found in _containers(value):
        if type(found) is not List:
            continue
        content = found.content if found.row is None else found.row.table.content
        if isinstance(content, tables.Rows):
            no_table(m, content.sites)
        tabulate(m, found)


def tabulate(m: Machine, value: Any, states: Iterable[Any] = ()) -> None:
    """Evaluate anew with a table, where a list of lists of numbers may be one.

    states: what else the list holds on some path.
    """
    if type(value) is List and value.run_time is None:
        rows = [*list.__iter__(value), *(row for state in states for row in state)]
        if not m.policy.tables.among(heap.sites_of(value)) and may_be_table(m, value, tuple(rows)):
            make_table(m, value)


def make_table(m: Machine, owner: List) -> NoReturn:
    """Evaluate anew, with a list that is a table as soon as it is made."""
    m.policy.tables.add(*heap.sites_of(owner))
    raise Again


def may_be_table(m: Machine, owner: List, state: Any) -> bool:
    """Whether a list that holds this on some path may be a table."""
    sites = heap.sites_of(owner)
    if type(owner) is not List or not sites or m.backend.e is None or (
            m.policy.no_tables.among(sites) or m.policy.outgrown.among(sites)):  # fmt: skip
        return False
    if isinstance(state, tables.Rows):
        return True
    return isinstance(state, tuple) and bool(state) and all(map(_is_row, state))


def begin_table(m: Machine, owner: List) -> None:
    """An empty list is a table from here on, and wherever the expression makes another."""
    m.policy.tables.add(*heap.sites_of(owner))
    m.native(tables.begun, m.backend.e, owner)


def _is_row(value: Any) -> bool:
    """Whether it is a list of numbers of one kind."""
    if type(value) is not List:
        return False
    if value.run_time is not None:
        return value.row is None and not value.content.is_table
    found = {numbers.plain_kind_of(one) for one in list.__iter__(value)}
    return len(found) == 1 and None not in found


def no_table(m: Machine, sites: frozenset[int]) -> NoReturn:
    """Evaluate anew without the tables that these expressions make."""
    m.policy.tables.discard(*sites)
    m.policy.no_tables.add(*sites)
    raise Again


def may_mix(m: Machine, sites: frozenset[int]) -> bool:
    """Whether the list that these expressions make may be of several kinds of numbers."""
    return bool(sites) and m.backend.e is not None and not (
        m.policy.no_mixed.among(sites) or m.policy.outgrown.among(sites))  # fmt: skip


def mix(m: Machine, owner: Any, values: Iterable[Any]) -> NoReturn:
    """Evaluate anew, with a list, or rows of a table, of several kinds: those that it has, and
    those of the values. Where that cannot be, the list is of run time, or no table."""
    rows = owner if isinstance(owner, tables.Rows) else None
    sites = heap.sites_of(owner) if rows is None else rows.sites
    mix_items(m, sites, values)
    if rows is None:
        outgrown(m, owner)
    no_table(m, sites)


def mix_items(m: Machine, sites: frozenset[int], values: Iterable[Any]) -> None:
    """Evaluate anew, with a list of these kinds and those that it has, if it may be one."""
    found = mixed.kinds_of(values)
    if not found or m.policy.rolling or not may_mix(m, sites):
        return
    for site in sites:
        m.policy.mixed[site] = m.policy.mixed.known.get(site, frozenset()) | found
    raise Again


def mixed_at(m: Machine, sites: frozenset[int]) -> frozenset[str]:
    """Of which kinds the list that these expressions make is, if it is of several."""
    return frozenset(kind for site in m.policy.mixed.among(sites) for kind in m.policy.mixed[site])


def not_mixed(m: Machine, sites: frozenset[int]) -> NoReturn:
    """Evaluate anew without the lists of several kinds that these expressions make."""
    m.policy.mixed.discard(*sites)
    m.policy.no_mixed.add(*sites)
    raise Again


def _can_be(value: Any) -> bool:
    """Whether what would be of run time can be; of several values, one of them."""
    if isinstance(value, tuple):
        return any(map(_can_be, value))
    if type(value) is Union:
        return any(map(_can_be, value.choices.values()))
    if type(value) is Unusable:
        return any(map(_can_be, value.values))
    if type(value) is Once or (isinstance(value, Composite) and hasattr(value, "hosted")):
        return value.hosted is not None
    if is_object_array(value):  # of which the list would be
        value = classes.entries(value)[ROW]
    sited = type(value) in heap.SITED or classes.is_made(type(value))
    return not sited or objects.can_be(value)


def learn(m: Machine, sites: Iterable[int]) -> NoReturn:
    """Evaluate anew, with what these expressions make of run time."""
    m.policy.learned.append(frozenset(sites))
    m.policy.outgrown.add(*sites)
    m.policy.unrolled.discard(*m.policy.growing)
    m.policy.growing.clear()
    raise Again


def forget(m: Machine, sites: Iterable[int], error: FleetError) -> NoReturn:
    """Evaluate anew, with what these expressions make known, because of this error."""
    m.policy.outgrown.discard(*sites)
    for site in sites:
        m.policy.known_only[site] = error
    raise Again


def reread(m: Machine, value: Unusable) -> None:
    """What a name holds that has no kind is read: its containers are to be of run time."""
    for one in value.values:
        stand_in(m, one)
    hold_functions(m, value.values)
    if any(True for one in value.values for _ in _containers(one)):
        outgrown(m, value.values, m.error(value.why, value.hint))


def hold_functions(m: Machine, values: Iterable[Any]) -> None:
    """Evaluate anew where functions of the program are among these values: run time holds them,
    from where they are defined."""
    found = {id(one._node.facts.original) for one in values if fixed.is_function(one)
             and not isinstance(one, MethodType) and hasattr(one, "_node")}  # fmt: skip
    fresh = found - m.policy.held_functions.known.keys()
    if fresh and m.backend.e is not None:
        m.policy.held_functions.add(*fresh)
        raise Again


def _containers(
    value: Any, seen: set[int] | None = None, made: list[tuple[type, Any]] | None = None,
    kinds: set[type] | None = None,
) -> Iterator[Any]:  # fmt: skip
    """The containers in a value, itself included. made: is told which of them are the attributes
    of instances, and of which classes; kinds: of which classes of the program instances are in
    it."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    kind = type(value)
    if kinds is not None and classes.is_made(kind):
        kinds.add(kind)
    if classes.is_made(kind) and isinstance(classes.entries(value), heap.Attributes):
        value = classes.entries(value)
        if made is not None:
            made.append((kind, value))
        kind = heap.Dict
    elif classes.is_made(kind) and classes.has_site(kind):
        slotted = heap.Slotted(value)
        if made is not None:
            made.append((kind, slotted))
        yield slotted
        value = tuple(slotted.values.values())
        kind = tuple
    if kind is heap.Attributes:  # as vars(x) gives them
        kind = heap.Dict
    if kind in SITED or kind is Once:
        yield value
        if getattr(value, "run_time", None) is not None:
            return
    if kind is Union:
        parts: Any = value.choices.values()
    elif kind is Unusable:
        parts = value.values
    elif isinstance(value, dict):
        parts = (*value, *value.values())
    elif isinstance(value, list | tuple | set | frozenset):
        parts = tuple(value)
    elif isinstance(value, Composite):
        parts = value.held()
    elif isinstance(value, heap.Progress):
        parts = (value.content,)
    elif fixed.is_function(value):
        parts = (getattr(value, "__self__", None),)
    else:
        return
    for part in parts:
        yield from _containers(part, seen, made, kinds)
