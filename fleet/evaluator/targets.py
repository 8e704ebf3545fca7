"""Assignment: names, tuples, attributes, subscripts.

In: a target node and a value. Out: the value bound. The one idea: every write goes through the
heap, so that a run-time branch can be rolled back.
"""

from __future__ import annotations

import operator
from typing import Any

from fleet.evaluator import attributes, operations, regions
from fleet.evaluator.machine import Machine
from fleet.evaluator.operations import lazily
from fleet.evaluator.values import numbers
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.sequences import is_run_time_sequence
from fleet.evaluator.values.then import Then
from fleet.syntax import tree


def assign(m: Machine, target: tree.AST, value: Any) -> None:
    match target:
        case tree.Name():
            if isinstance(value, Then):
                regions.hint(m, value, target.id)
            m.scope.assign(m.heap, target.id, value)
        case tree.Tuple() | tree.List():
            _unpack(m, target.elts, value)
        case tree.Attribute():
            attributes.set_attribute(m, m.evaluate(target.value), target.attr, value)
        case tree.Subscript():
            owner = m.evaluate(target.value)
            operations.set_item(m, owner, m.evaluate(target.slice), value)
        case tree.Starred():
            assign(m, target.value, value)


def _unpack(m: Machine, targets: list[tree.AST], value: Any) -> None:
    if is_run_time_sequence(value):
        _unpack_at_run_time(m, targets, value)
        return
    items = operations.known_items(m, value)
    starred = [i for i, target in enumerate(targets) if isinstance(target, tree.Starred)]
    if not starred:
        if len(items) > len(targets):
            message = f"too many values to unpack (expected {len(targets)})"
            raise m.raised(ValueError(message))
        if len(items) < len(targets):
            message = f"not enough values to unpack (expected {len(targets)}, got {len(items)})"
            raise m.raised(ValueError(message))
    else:
        at, after = starred[0], len(targets) - starred[0] - 1
        if len(items) < at + after:
            least = f"at least {at + after}"
            message = f"not enough values to unpack (expected {least}, got {len(items)})"
            raise m.raised(ValueError(message))
        end = len(items) - after
        items = [*items[:at], List(m.heap, items[at:end]), *items[end:]]
    for target, item in zip(targets, items, strict=True):
        assign(m, target, item)


def _unpack_at_run_time(m: Machine, targets: list[tree.AST], value: Any) -> None:
    if any(isinstance(target, tree.Starred) for target in targets):
        raise m.error(
            "`*` in unpacking a sequence of run-time length is not supported",
            "use subscripts and slices",
        )
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
            owner = m.evaluate(target.value)
            m.native(operator.delitem, owner, m.evaluate(target.slice))
        case tree.Attribute():
            attributes.delete_attribute(m, m.evaluate(target.value), target.attr)
