"""The first item of an iterator that passes over items, as only run time knows.

In: an iterator whose steps may give nothing this time. Out: whether it gave an item, and that item.
The one idea: it is a run-time loop that is left at the first item.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.iterators.protocol import Iterator
from fleet.evaluator.language.flow.stepping import leave, step_at_run_time
from fleet.evaluator.state.completions import Body
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.heap import Cell
from fleet.evaluator.values.then import Number, Union

_NOTHING = object()


def first_of(m: Machine, items: Iterator) -> tuple[bool | Number, Any]:
    """Whether there is a next item, and what it is then."""
    there, taken, loop = Cell(False), Cell(_NOTHING), Body(True)

    def use(item: Any) -> None:
        for cell, content in ((there, True), (taken, item)):
            m.heap.touch(cell)
            cell.content = content
        leave(m, loop, True)

    step_at_run_time(m, items, use, loop)
    content = taken.content
    if type(content) is Union:
        nothing = [tag for tag, one in content.choices.items() if one is _NOTHING]
        content = content.without(nothing[0]) if nothing else content
    return there.content, content
