"""Assignment: names, tuples, attributes, subscripts.

In: a target node and a value. Out: the value bound. The one idea: every write goes through the
heap, so that a run-time branch can be rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fleet.evaluator.control import joining
from fleet.evaluator.iterators import advancing
from fleet.evaluator.iterators.builtin import OfObject
from fleet.evaluator.iterators.combined import Map
from fleet.evaluator.iterators.positions import held
from fleet.evaluator.iterators.protocol import Iterator
from fleet.evaluator.objects import attributes, operations
from fleet.evaluator.objects.operations import lazily
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import settled
from fleet.evaluator.state.prepared import prepared
from fleet.evaluator.values import numbers, objects, tables
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.sequences import is_run_time_sequence
from fleet.evaluator.values.then import Array, Object, Text, Then, Union, is_run_time_list
from fleet.syntax import tree

Storing = Callable[[Machine, Any], None]
"""Binds a value."""


def storing(target: tree.AST) -> Storing:
    """How a value gets into a target; made once, and kept in the node."""
    try:
        return target.prepared
    except AttributeError:
        made = target.prepared = _STORING[type(target)](target)
        return made


def assign(m: Machine, target: tree.AST, value: Any) -> None:
    storing(target)(m, value)


def _to_name(target: tree.AST) -> Storing:
    name = target.id

    def store(m: Machine, value: Any) -> None:
        if isinstance(value, Then):
            if m.outside is None:
                value = held(m, value)
            joining.hint(m, value, name)
        scope = m.scope
        values = scope.home(name).values if name in scope.names.elsewhere else scope.values
        if m.heap.journals:
            m.heap.touch(values)
        values[name] = value

    return store


def _to_attribute(target: tree.AST) -> Storing:
    owner_of, name = prepared(target.value), target.attr

    def store(m: Machine, value: Any) -> None:
        at, owner = m.node, owner_of(m)
        m.node = at
        attributes.set_attribute(m, owner, name, held(m, value) if m.has_once else value)

    return store


def _takes_all(owner: Any) -> bool:
    """Whether writing to a slice goes through what is written: that of a list."""
    return isinstance(owner, List) or isinstance(owner, Object) and owner.kind in (list, None)


def _to_subscript(target: tree.AST) -> Storing:
    owner_of, key_of = prepared(target.value), prepared(target.slice)

    def store(m: Machine, value: Any) -> None:
        at, owner, key = m.node, owner_of(m), key_of(m)
        m.node = at
        if type(key) is slice and m.backend.e is not None and isinstance(value, Iterator) and (
                _takes_all(owner)):  # fmt: skip
            value = m.language.rest(m, value)
        operations.set_item(m, owner, key, value)

    return store


def _to_several(target: tree.AST) -> Storing:
    stores = list(map(storing, target.elts))
    starred = [i for i, item in enumerate(target.elts) if isinstance(item, tree.Starred)]
    swaps = _may_swap(target.elts)

    def store(m: Machine, value: Any) -> None:
        if type(value) is Union:
            m.language.split(m, value, lambda one: store(m, one))
            return
        if isinstance(value, OfObject) and not starred:
            value = value.object_source()
        if isinstance(value, Map) and value.ends_at_run_time():
            value = value.columns() or value
        if isinstance(value, Iterator) and value.ends_at_run_time():
            value = m.language.rest(m, value)
        if not isinstance(value, Object) or advancing.may_be(m, value):
            operations.require_iterable(m, value, "cannot unpack non-iterable % object")
        value = m.language.walked(m, value)
        if starred and is_run_time_sequence(value):
            if isinstance(value, Array):
                value = m.language.call_value(m, m.builtins["list"], (value,), {})
            value = m.language.taken(m, value)
            value = m.native(objects.box, m.backend.e, (
                value.run_time if is_run_time_list(value) else value), False)  # fmt: skip
        if isinstance(value, Object | Text):
            at = starred[0] if starred else None
            _unpack_object(m, stores, value, at)
            return
        if type(value) is not tuple and is_run_time_sequence(value):
            _unpack_at_run_time(m, target.elts, value)
            return
        items = value if type(value) is tuple else operations.known_items(m, value)
        if starred:
            items = _gathered(m, items, starred[0], target.elts)
        elif len(items) > len(stores):
            message = f"too many values to unpack (expected {len(stores)})"
            raise m.raised(ValueError(message))
        elif len(items) < len(stores):
            message = f"not enough values to unpack (expected {len(stores)}, got {len(items)})"
            raise m.raised(ValueError(message))
        if swaps and type(items[0]) is List and m.native(
            tables.swap, m.backend.e, items, *_owners_and_keys(m, target.elts)
        ):
            return
        for part, item in zip(stores, items):  # noqa: B905 - as many
            part(m, item)

    return store


def _may_swap(targets: list[tree.AST]) -> bool:
    """Whether two targets are items whose owners and keys are there before either is stored to."""
    return len(targets) == 2 and all(
        isinstance(target, tree.Subscript) and isinstance(target.value, tree.Name)
        and all(isinstance(part, _PLAIN) for part in tree.walk(target.slice))
        for target in targets
    )  # fmt: skip


_PLAIN = (tree.Name, tree.Constant, tree.BinOp, tree.UnaryOp, tree.operator, tree.unaryop,
          tree.expr_context)  # fmt: skip


def _owners_and_keys(m: Machine, targets: list[tree.AST]) -> tuple[list[Any], list[Any]]:
    return [m.evaluate(one.value) for one in targets], [m.evaluate(one.slice) for one in targets]


def _unpack_object(m: Machine, stores: list[Storing], value: Any, starred: int | None) -> None:
    """Unpack what only run time knows; `starred`: which of the targets has a star."""
    e = m.backend.e
    count = len(stores) if starred is None else starred
    after = None if starred is None else len(stores) - starred - 1
    for store, item in zip(stores, m.native(objects.unpack, e, value, count, after), strict=True):
        store(m, item)


def _gathered(
    m: Machine, items: Sequence[Any], at: int, targets: Sequence[tree.AST]
) -> list[Any]:
    """The items for these targets, the one there with a star."""
    after = len(targets) - at - 1
    if len(items) < at + after:
        least = f"at least {at + after}"
        message = f"not enough values to unpack (expected {least}, got {len(items)})"
        raise m.raised(ValueError(message))
    end = len(items) - after
    rest = settled(m, targets[at], List(m.heap, items[at:end]))
    return [*items[:at], rest, *items[end:]]


_STORING: dict[type, Callable[[Any], Storing]] = {
    tree.Name: _to_name,
    tree.Tuple: _to_several,
    tree.List: _to_several,
    tree.Attribute: _to_attribute,
    tree.Subscript: _to_subscript,
    tree.Starred: lambda target: storing(target.value),
}


def _unpack_at_run_time(m: Machine, targets: list[tree.AST], value: Any) -> None:
    e, wanted = m.backend.e, len(targets)
    sequence = m.native(lazily, m, value)
    few = f"not enough values to unpack (expected {wanted}, got {{}})"
    many = f"too many values to unpack (expected {wanted})"
    for name, message in (("ge", few), ("le", many)):
        fits = m.native(numbers.compare, e, name, sequence.count, wanted)
        shown = (sequence.count,) if name == "ge" else ()
        m.native(numbers.require, e, fits, "ValueError", message, *shown)
    for number, target in enumerate(targets):
        assign(m, target, m.native(sequence.at, number))


def remove(m: Machine, target: tree.AST) -> None:
    match target:
        case tree.Name():
            m.native(m.scope.delete, m.heap, target.id)
        case tree.Tuple() | tree.List():
            for item in target.elts:
                remove(m, item)
        case tree.Subscript():
            operations.delete_item(m, m.evaluate(target.value), m.evaluate(target.slice))
        case tree.Attribute():
            attributes.delete_attribute(m, m.evaluate(target.value), target.attr)
