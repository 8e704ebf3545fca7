"""Of which classes the objects of a program are.

In: the services that a program asks for. Out: whether what these give is always of Python's own
classes, or an instance of one of the program's besides, or may be an array, a number of NumPy's, a
callback. The one idea: objects come from services alone, so a list of those that make nothing else
out of such objects is a proof (a closed world).
"""

from __future__ import annotations

import cmath
import itertools
import math
import statistics
from collections.abc import Iterable
from enum import IntEnum

from fleet.vm.services import Service


class World(IntEnum):
    """PLAIN: Python's own; INSTANCES: and the program's; OPEN: any."""

    PLAIN = 0
    INSTANCES = 1
    OPEN = 2


_OF_INSTANCES = frozenset("instance attribute number_of class_of is_of has_attribute".split())
"""Functions that make instances, or plain objects of them."""

_FUNCTIONS = frozenset((
    *(f"{module.__name__}.{name}" for module in (cmath, itertools, math, statistics)
      for name in dir(module)),
    *"""len repr ascii abs round sum min max any all sorted list tuple set frozenset dict str float
    bool complex bytes enumerate zip reversed range chr ord hex bin oct divmod pow hash slice
    bytearray Counter deque OrderedDict heappush heappop heapify heapreplace heappushpop nlargest
    nsmallest bisect_left bisect_right insort_left insort_right bytes.fromhex bytearray.fromhex
    int.from_bytes str.maketrans itertools.flat itertools.groups copy deepcopy fromkeys iter more
    take int long to_index to_subscript of_words real imag texts zip_of position to_float format
    percent type_name is_instance sorted_by sort_by min_by max_by picked assign json_dumps
    json_value""".split(),
))  # fmt: skip
"""Functions that make plain objects of plain ones."""

_FORMS = frozenset("""tuple list set frozenset dict Counter OrderedDict defaultdict deque slice
    range object constant""".split())
_ALONE = frozenset(("unpack", "unpacked", "arguments", "stdin"))
"""Services that give plain objects, whatever their options."""
_NUMPY = frozenset(("array", "scalar"))


def world_of(services: Iterable[Service]) -> World:
    return max(map(_world, services), default=World.PLAIN)


def _world(service: Service) -> World:
    """Of what a service gives, or puts into what it takes, where what it takes is no worse."""
    if "object" not in (*service.kinds, *service.result_kinds):
        return World.PLAIN
    if not _NUMPY.isdisjoint(service.kinds):
        return World.OPEN
    if "object" not in service.result_kinds:
        return World.PLAIN
    name, asked = str(service.options.get("name", "")), service.name
    if asked == "attempt":
        asked = str(service.options.get("asks"))
    match asked:
        case "build":
            return World.PLAIN if service.options.get("form") in _FORMS else World.OPEN
        case "function" if name in _OF_INSTANCES:
            return World.INSTANCES
        case "function":
            return World.PLAIN if name in _FUNCTIONS else World.OPEN
    return World.PLAIN if asked in ("operator", "method") or asked in _ALONE else World.OPEN
