"""Lists that end with the call that made them, on the paths where it raises.

In: the places that paths of a detour changed, and the side that raises. Out: those that are lists
which no handler can get at. The one idea: an exception ends all calls between where it is raised
and the innermost statement that looks at it; what only these calls lead to is nobody's there.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.control.outcomes import Outcome
from fleet.evaluator.control.places import WHOLE, Place, reachable
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.heap import List, age_of
from fleet.evaluator.values.then import Union


def abandoned(m: Machine, places: list[Place], raising: Outcome) -> set[int]:
    """The ids of places that are the whole of a list of the prelude's that the raising side loses.

    The program's own lists become lists of run time instead: see `state.outgrown`.
    """
    if not m.guards or m.recursions:
        return set()
    depth, since = m.guards[-1]
    found = [
        place for place in places
        if place.key is WHOLE and type(place.owner) is List and place.owner.site is None
        and age_of(place.owner) > since and not place.lifted
    ]  # fmt: skip
    if not found:
        return set()
    with raising.replayed():
        kept = {id(value) for _, _, value in reachable(_roots(m, depth))}
    return {id(place) for place in found if id(place.owner) not in kept}


def _roots(m: Machine, depth: int) -> list[Any]:
    """What is there where an exception is looked at: names, and the exception."""
    calls = [*m.callers, m.scope]
    roots: list[Any] = [scope.values for call in calls[: depth + 1] for scope in call.chain()]
    roots += [call.module.values for call in calls[depth + 1 :]]
    pending = m.pending.content
    for one in pending.choices.values() if type(pending) is Union else (pending,):
        roots += [(one,), getattr(one, "args", ())]
    return roots
