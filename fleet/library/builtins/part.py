"""What the builtin functions have in common: the evaluator, and how an object is asked."""

from __future__ import annotations

from typing import Any

from fleet.evaluator.iterators import builtin as iterators
from fleet.evaluator.language import calls
from fleet.evaluator.language.flow import stepping
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects


class Part:
    """What a group of builtin functions stands on."""

    def __init__(self, machine: Machine) -> None:
        self.m = machine

    @property
    def e(self) -> Any:
        return self.m.backend.e

    def _of_object(self, name: str, values: Any, gives: Any = "object", **named: Any) -> Any:
        """A function of what only run time knows: see values.objects."""
        given = [calls.taken(self.m, value) for value in values]
        return objects.function(self.e, name, map(objects.shallow, given), gives, **named)

    def _walked(self, items: Any) -> Any:
        """An object of the program's that is iterated over: its iterator, if that is ours."""
        return stepping.begun(self.m, items)

    def _steps(self, items: Any) -> Any:
        return iterators.steps(self.m, items)
