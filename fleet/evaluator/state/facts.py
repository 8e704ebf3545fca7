"""What is learnt while a program is evaluated, and since when the evaluation has gone by it.

In: questions that the evaluator asks of what it has learnt, and answers that turn out to be others.
Out: since when the evaluation has been wrong. The one idea: what an evaluation did before it first
asked is what the next one would do, so it need not begin anew but there.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from fleet.evaluator.values.heap import MISSING, new_serial

Key = TypeVar("Key", bound=Hashable)

NEVER = math.inf
"""When what nobody has asked was asked."""


class Facts(Generic[Key]):
    """What has been learnt of something, by its key, and since when an evaluation relies on it.

    Learning another answer than the one that was given takes the evaluation back to where it first
    asked; before that it went as it will go again.
    """

    def __init__(self) -> None:
        self.known: dict[Key, Any] = {}
        self.asked: dict[Key, float] = {}
        """When each key was first asked for in this evaluation."""
        self.asked_all = NEVER
        """When it first mattered which keys there are."""
        self.wrong_since = NEVER
        """When it first went by an answer that is no longer true."""

    @property
    def is_wrong(self) -> bool:
        """Whether the evaluation has gone by an answer that is no longer true."""
        return self.wrong_since < NEVER

    def _ask(self, key: Key) -> None:
        if key not in self.asked:
            self.asked[key] = new_serial()

    def _ask_all(self) -> None:
        if self.asked_all == NEVER:
            self.asked_all = new_serial()

    def __contains__(self, key: Key) -> bool:
        self._ask(key)
        return key in self.known

    def get(self, key: Key, default: Any = None) -> Any:
        self._ask(key)
        return self.known.get(key, default)

    def __getitem__(self, key: Key) -> Any:
        self._ask(key)
        return self.known[key]

    def __iter__(self) -> Iterator[Key]:
        self._ask_all()
        return iter(self.known)

    def __len__(self) -> int:
        self._ask_all()
        return len(self.known)

    def __bool__(self) -> bool:
        if not self.known:
            self._ask_all()
        return bool(self.known)

    def among(self, keys: Iterable[Key]) -> frozenset[Key]:
        """Those of the keys of which something is known."""
        return frozenset(key for key in keys if key in self)

    def __setitem__(self, key: Key, value: Any) -> None:
        if self.known.get(key, MISSING) != value:
            self.known[key] = value
            self._changed(key)

    def add(self, *keys: Key) -> None:
        for key in keys:
            self[key] = True

    def find(self, key: Key, value: Any = True) -> None:
        """A fact that every evaluation comes to know by itself where it first asks for it, or that
        says no other than what was answered."""
        self.known[key] = value

    def discard(self, *keys: Key) -> None:
        for key in tuple(keys):
            if self.known.pop(key, MISSING) is not MISSING:
                self._changed(key)

    def _changed(self, key: Key) -> None:
        self.wrong_since = min(self.wrong_since, self.asked_all, self.asked.get(key, NEVER))

    def back_to(self, when: float) -> None:
        """The evaluation goes on from where it was then."""
        self.asked = {key: at for key, at in self.asked.items() if at < when}
        if self.asked_all >= when:
            self.asked_all = NEVER
        self.wrong_since = NEVER
