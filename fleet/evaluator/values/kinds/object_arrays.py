"""Arrays of objects that branches and loops give: which list the objects are in, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fleet.evaluator.values import classes
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.heap import Attributes
from fleet.evaluator.values.kinds.simple import ObjectKind, TensorKind
from fleet.evaluator.values.kinds.tagged import Plain
from fleet.evaluator.values.single import BASE, PLACES, ROW, WHOLE
from fleet.ir.core import Value
from fleet.ir.types import Type


@dataclass(frozen=True)
class ObjectsKind(Plain):
    """cls: the prelude's class of them; row: the run's list, which all views of it have."""

    cls: type
    row: ObjectKind
    at: TensorKind

    def types(self) -> list[Type]:
        return [*self.row.types(), *self.at.types()]

    def pack_one(self, e: Emitter, value: Any) -> list[Value]:
        own = classes.entries(value)
        return [*self.row.pack(e, own[ROW]), *self.at.pack(e, own[PLACES])]

    def unpack(self, e: Emitter, values: Iterator[Value]) -> Any:
        made = object.__new__(self.cls)
        own = Attributes(e.heap, (), self.cls.__name__)
        object.__setattr__(made, "__dict__", own)
        found = {ROW: self.row.unpack(e, values), PLACES: self.at.unpack(e, values)}
        for name, value in (found | {WHOLE: False, BASE: None}).items():
            dict.__setitem__(own, name, value)
        return made

    def join(self, other: Any) -> ObjectsKind | None:
        if not isinstance(other, ObjectsKind):
            return None
        row, at = self.row.join(other.row), self.at.join(other.at)
        same = isinstance(row, ObjectKind) and isinstance(at, TensorKind)
        return ObjectsKind(self.cls, row, at) if same else None

    def placeholder(self, e: Emitter) -> list[Value]:
        return [*self.row.placeholder(e), *self.at.placeholder(e)]

    def can_be_object(self) -> bool:
        return False
