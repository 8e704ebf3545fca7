"""What classes of the program inherit from in place of Python's own list, dict, str or the like.

In: a class and what the program says that it inherits from. Out: our own class for that, written in
Python, whose instances hold the list as their content. The one idea: an instance that is a list
itself is known or nothing; one that holds a list can be of the run like any other. Which classes
need that is learnt (`state.outgrown`); those of `collections` always do.
"""

from __future__ import annotations

import collections
import enum
from collections.abc import Callable
from typing import Any

from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes
from fleet.evaluator.values.subclasses import base_for

ALWAYS = (collections.OrderedDict, collections.defaultdict, collections.Counter, collections.deque)
LEARNT = (list, dict, set, frozenset, tuple, str, int, float)


Make = Callable[[str, tuple, dict[str, Any]], Any]
"""What makes a class of a name, its bases and the names of its body."""


def bases_of(
    m: Machine, make: Make, name: str, bases: tuple[type, ...]
) -> tuple[type, ...]:
    """The classes that one of this name, as `classes.name_of` has it, inherits from."""
    is_enum = any(isinstance(base, enum.EnumMeta) for base in bases)
    found = []
    for base in bases:
        is_record = hasattr(base, "_fields") and issubclass(base, tuple)
        stood_in = (is_record or base in LEARNT) and not is_enum and name in m.policy.stood_in
        if is_record and stood_in:
            found.append(_of_record(m, make, base))
        elif stood_in or base in ALWAYS:
            found.append(_for(m, base))
        else:
            found.append(base_for(m.heap, base))
    return tuple(found)


def _for(m: Machine, kind: type) -> type:
    """The class that stands for one of Python's."""
    if not m.stand_ins:
        inside = m.inner("_stand_ins")
        for real in (*LEARNT, *ALWAYS):
            made = m.stand_ins[real] = inside[f"{real.__name__}_"]
            setattr(made, classes.STANDS_FOR, real)
            for name in ("__name__", "__qualname__", "__module__"):
                setattr(made, name, getattr(real, name))
        classes.changed()
    return m.stand_ins[kind]


def _of_record(m: Machine, make: Make, base: Any) -> type:
    """The class that stands for one of named tuples."""
    values = {name: getattr(base, name) for name in ("__module__", "__qualname__", "__doc__")}
    return record(m, make, base.__name__, base._fields, base._field_defaults, values)


def record(
    m: Machine, make: Make, name: str, fields: tuple[str, ...], defaults: dict[str, Any],
    values: dict[str, Any],
) -> Any:  # fmt: skip
    """A class of named tuples, with the other names of its body, whose instances the run can hold
    although the program gives them special methods."""
    _for(m, tuple)
    inside = m.inner("_stand_ins")
    values |= m.language.call_value(m, inside["positions_of"], (fields,), {})
    values |= {"_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
    return make(name, (inside["Record"],), values)


def widened(m: Machine, kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    """Classes, and those that stand for what inherits from one of them."""
    if not m.stand_ins:
        return kinds
    plain = tuple(kind for kind in kinds if isinstance(kind, type) and not classes.is_made(kind))
    return (*kinds, *(made for real, made in m.stand_ins.items() if issubclass(real, plain)))


def method_of(m: Machine, kind: type, cls: type, name: str) -> Any:
    """kind.name for an instance of a class of the program's that inherits from what stands for
    Python's `kind`; None: it does not, or has no such method."""
    made = m.stand_ins.get(kind)
    if made is None or not issubclass(cls, made):
        return None
    found_in = classes.holder(made.__mro__, name)
    return vars(found_in)[name] if classes.is_made(found_in) else None


def of_bases(m: Machine, bases: tuple[type, ...], kind: type, name: str) -> Any:
    """kind.name for a class of these bases: see `method_of`."""
    return next(filter(None, (method_of(m, kind, base, name) for base in bases)), None)


def beginning(m: Machine, cls: type) -> Any:
    """The function that gives an instance its content; None: it has none."""
    found_in = classes.holder(cls.__mro__, classes.BEGINS) if m.stand_ins else None
    return None if found_in is None else vars(found_in)[classes.BEGINS]


def is_one(m: Machine, cls: type) -> bool:
    """Whether instances of a class hold what one of Python's own types would be."""
    return bool(m.stand_ins) and classes.stood_for(cls) is not None


def is_mapping(m: Machine, cls: type) -> bool:
    """Whether that is a dictionary, and the program leaves it to us what the keys are."""
    return is_one(m, cls) and issubclass(classes.stood_for(cls), dict) and all(
        not _is_programs(classes.holder(cls.__mro__, name)) for name in ("__iter__", "keys"))


def _is_programs(found_in: type) -> bool:
    return found_in.__module__ != "_stand_ins" and classes.STANDS_FOR not in vars(found_in)
