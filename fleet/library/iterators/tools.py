"""What the iterators of `itertools` have in common.

In: a class of ours. Out: the same, standing for the one of its name.
"""

from __future__ import annotations

import itertools as python
from collections.abc import Callable
from typing import Any

from fleet.evaluator.objects.members import stands_for

Call = Callable[..., Any]


def itertool(cls: type) -> type:
    """A class that stands for the one of its name, where this Python has it."""
    real = getattr(python, cls.__name__.lower(), None)
    return cls if real is None else stands_for(real)(cls)
