"""Whether all objects of a program are of Python's own classes.

In: the services that a program asks for. Out: whether what these give is never an instance of one
of the program's classes, an array, or a number of NumPy's. The one idea: objects come from services
alone, so a list of those that make nothing else out of such objects is a proof (a closed world).
"""

from __future__ import annotations

import cmath
import itertools
import math
import statistics
from collections.abc import Iterable

from fleet.vm.services import Service

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
    range object""".split())
_ALONE = frozenset(("unpack", "unpacked", "arguments", "stdin"))
"""Services that give plain objects, whatever their options."""
_NUMPY = frozenset(("array", "scalar"))


def is_closed(services: Iterable[Service]) -> bool:
    return all(
        "object" not in service.result_kinds
        or (_NUMPY.isdisjoint(service.kinds) and _is_plain(service.name, service))
        for service in services
    )


def _is_plain(asked: str, service: Service) -> bool:
    name = str(service.options.get("name", ""))
    match asked:
        case "attempt":
            return _is_plain(str(service.options.get("asks")), service)
        case "build":
            return service.options.get("form") in _FORMS
        case "function":
            return name in _FUNCTIONS
    return asked in ("operator", "method") or asked in _ALONE
