"""Of several values by a tag which one it is, as SSA values.

In: the choices of a union, each as SSA values. Out: those of the choice that the tag names.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.values.choosing import by_tag
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.then import Union
from fleet.ir.core import Value


class Plain:
    """A kind that is no union; the choices of a union may all be of it."""

    def pack(self, e: Emitter, value: Any) -> list[Value]:
        """The value as SSA values."""
        if not isinstance(value, Union):
            return self.pack_one(e, value)
        parts = {tag: self.pack_one(e, one) for tag, one in value.choices.items()}
        return [
            by_tag(e, value.tag, dict(zip(parts, column, strict=True)))
            for column in zip(*parts.values(), strict=True)
        ]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        raise NotImplementedError

    def can_be_object(self) -> bool:
        """Whether each value of this kind can be one of the run's objects as well."""
        return False

    def as_tuple(self) -> bool:
        """Whether one of the run's tuples, of any length, can stand for each value."""
        return False
