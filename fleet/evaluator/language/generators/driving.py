"""The consumer of a generator that drives it: each item evaluates one iteration where that stands.

In: what a loop does with an item. Out: the same, to be asked for from within the generator. The one
idea: the generator's body has the evaluation's place for itself; while an item is used, the place
is the consumer's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fleet.evaluator.control import leaving
from fleet.evaluator.iterators.protocol import Use
from fleet.evaluator.state.machine import Machine


@dataclass
class Driver:
    """The consumer of a driven generator, and where it stands; whether it has left its loop."""

    m: Machine
    use: Use
    left: Any = False

    def __post_init__(self) -> None:
        m = self.m
        self.place = m.scope, m.frame, m.node, m.outside, m.depth, m.said
        self.regions = m.regions
        self.body = leaving.Generating()

    def deliver(self, item: Any) -> Any:
        """One iteration; whether the loop is left."""
        m = self.m
        saved = m.scope, m.frame, m.node, m.outside, m.depth, m.said
        m.callers.append(m.scope)
        m.scope, m.frame, m.node, m.outside, m.depth, m.said = self.place
        try:
            with leaving.outside(m, self.body):
                left = self.use(item)
        finally:
            m.callers.pop()
            m.scope, m.frame, m.node, m.outside, m.depth, m.said = saved
        if left is not False:
            self.left = left
        return left
