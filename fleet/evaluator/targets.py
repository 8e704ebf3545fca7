"""Assignment: names, tuples, attributes, subscripts.

In: a target node and a value. Out: the value bound. The one idea: every write goes through the
heap, so that a run-time branch can be rolled back.
"""

from __future__ import annotations

import operator
from typing import Any

from fleet.evaluator.functions import Function
from fleet.evaluator.regions import Regions
from fleet.evaluator.values import indexing, lists, numbers
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.sequences import is_run_time_sequence, lazily
from fleet.evaluator.values.then import Array, Numbers, Then, is_run_time_list
from fleet.library.modules import Module
from fleet.syntax import tree


class Targets(Regions):
    """Binds values to targets."""

    def assign(self, target: tree.AST, value: Any) -> None:
        match target:
            case tree.Name():
                if isinstance(value, Then):
                    self.hint(value, target.id)
                self.scope.assign(self.heap, target.id, value)
            case tree.Tuple() | tree.List():
                self._unpack(target.elts, value)
            case tree.Attribute():
                self.set_attribute(self.evaluate(target.value), target.attr, value)
            case tree.Subscript():
                owner = self.evaluate(target.value)
                self.set_item(owner, self.evaluate(target.slice), value)
            case tree.Starred():
                self.assign(target.value, value)

    def _unpack(self, targets: list[tree.AST], value: Any) -> None:
        if is_run_time_sequence(value):
            self._unpack_at_run_time(targets, value)
            return
        items = self.known_items(value)
        starred = [i for i, target in enumerate(targets) if isinstance(target, tree.Starred)]
        if not starred:
            if len(items) > len(targets):
                message = f"too many values to unpack (expected {len(targets)})"
                raise self.raised(ValueError(message))
            if len(items) < len(targets):
                message = f"not enough values to unpack (expected {len(targets)}, got {len(items)})"
                raise self.raised(ValueError(message))
        else:
            at, after = starred[0], len(targets) - starred[0] - 1
            if len(items) < at + after:
                least = f"at least {at + after}"
                message = f"not enough values to unpack (expected {least}, got {len(items)})"
                raise self.raised(ValueError(message))
            end = len(items) - after
            items = [*items[:at], List(self.heap, items[at:end]), *items[end:]]
        for target, item in zip(targets, items, strict=True):
            self.assign(target, item)

    def _unpack_at_run_time(self, targets: list[tree.AST], value: Any) -> None:
        if any(isinstance(target, tree.Starred) for target in targets):
            raise self.error(
                "`*` in unpacking a sequence of run-time length is not supported",
                "use subscripts and slices",
            )
        e, wanted = self.backend.e, len(targets)
        sequence = self.native(lazily, self, value)
        few = f"not enough values to unpack (expected {wanted}, got {{}})"
        many = f"too many values to unpack (expected {wanted})"
        for name, message in (("ge", few), ("le", many)):
            fits = self.native(numbers.compare, e, name, sequence.count, wanted)
            shown = (sequence.count,) if name == "ge" else ()
            self.native(numbers.require, e, fits, "ValueError", message, *shown)
        for number, target in enumerate(targets):
            self.assign(target, self.native(sequence.at, number))

    def set_item(self, owner: Any, key: Any, value: Any) -> None:
        """owner[key] = value."""
        if isinstance(owner, Array):
            self.native(indexing.set_item, self.backend.e, owner, key, value)
            return
        if isinstance(owner, Then):
            raise self.raised(
                TypeError(f"'{owner.type_name}' object does not support item assignment")
            )
        if isinstance(owner, List) and isinstance(key, Then) and not is_run_time_list(owner):
            self.native(self._make_run_time, owner)
        self.native(operator.setitem, owner, key, value)

    def _make_run_time(self, items: List) -> None:
        """A known list becomes a run-time one, because a run-time subscript is written."""
        self.heap.touch(items)
        why = "one of its subscripts that are written is known at run time only"
        items.run_time = lists.to_numbers(self.backend.e, items, why)
        list.clear(items)
        list.append(items, items.run_time)

    def join_run_time(self, parts: list[Any]) -> Numbers:
        return lists.joined(self.backend.e, parts)

    def set_attribute(self, owner: Any, name: str, value: Any) -> None:
        """owner.name = value."""
        if isinstance(owner, Array) and name == "shape":
            raise self.error("assigning to x.shape is not supported", "use x = x.reshape(...)")
        if isinstance(owner, Then | Module):
            raise self.error(f"the attribute `{name}` of this value cannot be assigned")
        own = getattr(owner, "__dict__", None)
        if isinstance(owner, type):
            if owner.__module__ != "__main__":
                kind = owner.__name__
                message = f"cannot set '{name}' attribute of immutable type '{kind}'"
                raise self.raised(TypeError(message))
            if self.regions:
                raise self.error("a class attribute cannot change in a run-time branch or loop")
        elif isinstance(own, dict) and not isinstance(owner, Function):
            self.heap.touch(own)
        self.native(setattr, owner, name, value)

    def remove(self, target: tree.AST) -> None:
        match target:
            case tree.Name():
                self.native(self.scope.delete, self.heap, target.id)
            case tree.Tuple() | tree.List():
                for item in target.elts:
                    self.remove(item)
            case tree.Subscript():
                owner = self.evaluate(target.value)
                self.native(operator.delitem, owner, self.evaluate(target.slice))
            case tree.Attribute():
                owner = self.evaluate(target.value)
                self.heap.touch(vars(owner))
                self.native(delattr, owner, target.attr)

    def has_attribute(self, owner: Any, name: str) -> bool:
        if isinstance(owner, Module):
            return owner.has(name)
        if isinstance(owner, Array):
            return name in self.array_attributes or name in self.array_methods
        return hasattr(owner, name)
