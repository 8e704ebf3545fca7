"""What classes of the program inherit from when they inherit from list, dict or set.

In: a builtin container type. Out: a class that stands for it: our journaled one, constructed as
Python's is. The one idea: the heap is a class attribute, so that `super().__init__(items)` takes
what it takes in Python.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.values.heap import Dict, Heap, List, Set, new_serial
from fleet.evaluator.values.then import is_run_time_list


class ListBase(List):
    """`class C(list)`."""

    __slots__ = ()
    of: Heap

    def __new__(cls, *_: Any, **__: Any) -> ListBase:
        return _begun(list.__new__(cls), split=False, content=None, row=None, inner=None)

    def __init__(self, items: Any = (), /) -> None:
        if is_run_time_list(items):
            raise items.run_time.needed_now("what fills a subclass of list")
        self[:] = items

    def copy(self) -> List:
        return List(self.heap, self)


class DictBase(Dict):
    """`class C(dict)`."""

    __slots__ = ()
    of: Heap

    def __new__(cls, *_: Any, **__: Any) -> DictBase:
        return _begun(dict.__new__(cls))

    def __init__(self, *items: Any, **more: Any) -> None:
        self.update(*items, **more)


class SetBase(Set):
    """`class C(set)`."""

    __slots__ = ()
    of: Heap

    def __new__(cls, *_: Any, **__: Any) -> SetBase:
        return _begun(set.__new__(cls))

    def __init__(self, items: Any = (), /) -> None:
        self.clear()
        self.update(items)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({set(self) if self else ''})"


def _begun(made: Any, **slots: Any) -> Any:
    """A new one with what is ours in it, whatever the program's `__setattr__` does."""
    slots |= {"heap": type(made).of, "serial": new_serial(), "site": None}
    for name, value in slots.items():
        object.__setattr__(made, name, value)
    return made


_BASES = {list: ListBase, dict: DictBase, set: SetBase}


def base_for(heap: Heap, base: Any) -> Any:
    """The class to inherit from where a program says `base`."""
    if not isinstance(base, type) or base not in _BASES:
        return base
    if base not in heap.bases:
        names = {"__slots__": (), "__module__": "builtins", "of": heap}
        heap.bases[base] = type(base.__name__, (_BASES[base],), names)
    return heap.bases[base]
