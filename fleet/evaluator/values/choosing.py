"""Of several values by a number of run time one, as SSA values.

In: the values, each with the number that it has. Out: the one whose number it is.
"""

from __future__ import annotations

from typing import Any

from fleet.dialects import arith, scf
from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.then import Union, choices_of
from fleet.ir.core import Block, Region, Value
from fleet.ir.types import TensorType, i64


def by_tag(e: Emitter, tag: Value, values: dict[int, Value]) -> Value:
    """The value that belongs to the tag."""
    items = list(values.items())
    chosen = items[0][1]
    for number, value in items[1:]:
        if value is chosen:
            continue
        here = numbers.compare_values(e, "eq", "int", tag, e.constant(number, i64))
        if isinstance(value.type, TensorType):
            blocks = []
            for side in (value, chosen):
                block = Block()
                with e.builder.inside(block):
                    e.op(scf.yield_, [side])
                blocks.append(Region([block]))
            chosen = e.op(scf.if_, here, types=[value.type], regions=blocks).result
        else:
            chosen = e.value(arith.select, here, value, chosen, types=[value.type])
    return chosen


def union(e: Emitter, number: Value, values: list[Any]) -> Union:
    """The value whose place in the list the number is; some may be unions themselves."""
    if not any(isinstance(value, Union) for value in values):
        return Union(e, number, dict(enumerate(values)))
    numbered: dict[int, Value] = {}
    choices: list[Any] = []
    for at, value in enumerate(values):
        first = len(choices)
        choices += choices_of(value)
        if isinstance(value, Union):
            tags = {tag: e.constant(own, i64) for own, tag in enumerate(value.choices, first)}
            numbered[at] = by_tag(e, value.tag, tags)
        else:
            numbered[at] = e.constant(first, i64)
    return Union(e, by_tag(e, number, numbered), dict(enumerate(choices)))
