"""What operations on the host's containers ask of the program: how its classes hash and compare.

In: an operation, as a service is asked for it. Out: questions, one after the other, then what the
operation gives. The one idea: an operation that needs an answer which it has not got ends there,
and is begun anew when the program has answered; what changes a container changes a copy until all
answers are there.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fleet.objects.instances import ANSWERS, Answers, Question
from fleet.objects.iterating import Ahead

KINDS = ("", "hash", "eq", "lt", "gt", "le", "ge")
"""What is asked for, by the rest of a token divided by how many they are."""
_IN_STEPS = frozenset("""update subtract difference_update intersection_update
    symmetric_difference_update ior iand isub ixor iadd heappush heappop heapify heapreplace
    heappushpop insort_left insort_right""".split())
"""Operations that change a container more than once."""

Operation = Callable[[list[Any], Mapping[str, Any]], Any]


@dataclass
class _Pending:
    """An operation that is not yet done."""

    serial: int
    operation: Operation
    arguments: list[Any]
    options: Mapping[str, Any]
    answers: Answers = field(default_factory=dict)
    question: Question | None = None
    done: bool = False
    result: Any = None
    error: Exception | None = None

    def go_on(self) -> int:
        """Perform it as far as the answers go; a token of its number and what it asks for."""
        ANSWERS.append(self.answers)
        try:
            if self.options.get("name") in _IN_STEPS and isinstance(
                    self.arguments[0], dict | set | list):  # fmt: skip
                whole, *rest = self.arguments
                self.operation([copy.copy(whole), *rest], self.options)
            self.result = self.operation(self.arguments, self.options)
            self.done = True
        except Question as question:
            self.question = question
            return self.serial * len(KINDS) + KINDS.index(question.kind)
        except Exception as error:
            self.error, self.done = error, True
        finally:
            ANSWERS.pop()
        return self.serial * len(KINDS)


class Asked:
    """The operations of a run that are not yet done, the innermost last."""

    def __init__(self) -> None:
        self._pending: list[_Pending] = []
        self._begun = 0

    def begin(
        self, operation: Operation, arguments: list[Any], options: Mapping[str, Any]
    ) -> int:
        """A token."""
        given = [list(one) if isinstance(one, Ahead | Iterator) else one for one in arguments]
        self._begun += 1
        self._pending.append(_Pending(self._begun, operation, given, options))
        return self._pending[-1].go_on()

    def operand(self, token: int, at: int) -> Any:
        """What the question is about."""
        return self._of(token).question.operands[at]

    def answer(self, token: int, value: Any) -> int:
        """A token of the next question, or of none."""
        pending = self._of(token)
        kind, operands = pending.question.kind, pending.question.operands
        pending.answers[(kind, *map(id, operands))] = value, operands
        return pending.go_on()

    def _of(self, token: int) -> _Pending:
        """The operation of a token; those that it has asked for are done, or given up."""
        while self._pending[-1].serial != token // len(KINDS):
            self._pending.pop()
        return self._pending[-1]

    def has_done(self) -> bool:
        """Whether the operation that comes now has been performed already."""
        return bool(self._pending) and self._pending[-1].done

    def taken(self) -> Any:
        """What that has given. Raises what it has raised."""
        pending = self._pending.pop()
        if pending.error is not None:
            raise pending.error
        return pending.result
