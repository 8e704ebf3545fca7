"""Objects of the user's program that can change, and undo logs of their changes.

In: the evaluator's writes. Out: for a stretch of evaluation, which objects it changed, what they
were before and what they are now. The one idea: both branches of a run-time `if` are evaluated at
build time, one after the other, so each must start from the same world and say what it changed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.values import classes

SPLIT = (
    "this array or list may or may not be the one that another name has after a run-time branch or "
    "loop, so it cannot be written to"
)


class Held(str):
    """Why an array cannot be written to that came out of what only run time knows.

    sites: what tells which arrays those are, see `array_lists`.
    """

    sites: frozenset[Any] = frozenset()


HELD = (
    "this array is held by a list, dict or instance that only run time knows, so it cannot be "
    "written to"
)


class Needed(FleetError):
    """A value is needed when the program is compiled, and known at run time only."""


class AtRunTime:
    """The base of values that only run time knows."""

    __slots__ = ()


def is_late(value: Any) -> bool:
    """Whether run time only knows a value, or an item of a tuple: it has no hash at build time."""
    if isinstance(value, tuple):
        return any(map(is_late, value))
    return isinstance(value, AtRunTime)


class Missing:
    """Stands where a dictionary has no entry."""

    def __repr__(self) -> str:
        return "<missing>"


MISSING = Missing()
_SERIAL = count()


def new_serial() -> int:
    """A number larger than all before: when an object comes to be."""
    return next(_SERIAL)


class Journal:
    """What one stretch of evaluation changed: object id -> (object, its state before)."""

    __slots__ = ("is_checkpoint", "saved", "start")

    def __init__(self, is_checkpoint: bool = False) -> None:
        self.is_checkpoint = is_checkpoint
        """Whether it is there to go back to a place: what it records happens once all the same."""
        self.saved: dict[int, tuple[Any, Any]] = {}
        self.start = next(_SERIAL)

    def effects(self) -> list[tuple[Any, Any, Any]]:
        """(object, state before, state now) of every older object that was written to."""
        return [
            (obj, before, state_of(obj))
            for obj, before in self.saved.values()
            if not self.is_new(obj)
        ]

    def final(self) -> list[tuple[Any, Any]]:
        """(object, state now) of every object that was written to."""
        return [(obj, state_of(obj)) for obj, _ in self.saved.values()]

    def is_new(self, obj: Any) -> bool:
        """Whether the object came to be during this journal, so that nobody outside knows it."""
        return age_of(obj) > self.start

    def roll_back(self) -> None:
        for obj, before in reversed(self.saved.values()):
            set_state(obj, before)


class Heap:
    """All open journals, innermost last."""

    def __init__(self) -> None:
        self.journals: list[Journal] = []
        classes.changed()
        self.refuse: Callable[[str], Exception] = RuntimeError
        self.no_table: Callable[[Any], Exception] = RuntimeError
        """What to raise where a list cannot be a table: see `tables`."""
        self.may_mix: Callable[[frozenset[int]], bool] = lambda sites: False
        """Whether the list that these expressions make may be of several kinds of numbers: see
        `mixed`."""
        self.mixed_at: Callable[[frozenset[int]], frozenset[str]] = lambda sites: frozenset()
        """Of which kinds the list that these expressions make is, if it is of several."""
        self.mix: Callable[[Any, Any], Exception] = RuntimeError
        """What to raise where a list should be, of its kinds and those of these values."""
        self.not_mixed: Callable[[Any], Exception] = RuntimeError
        """What to raise where a list cannot be."""
        self.tabulate: Callable[[Any], None] = lambda value: None
        """Called where a list had better be a table."""
        self.outgrown: Callable[[Any], Exception] = RuntimeError
        """What to raise where a container has to be one of run time: see `state.outgrown`."""
        self.checkpoints = 0
        """How many of the journals are of checkpoints: see `state.checkpoints`."""
        self.trails = 0
        """How many bodies are being evaluated that have such journals."""
        self.irrevocable = -1
        """When something was last done that no checkpoint from before undoes."""
        self.marks: list[Callable[[], Any]] = []
        """What undoes what has been done that no journal has."""
        self.sourced: set[Cell] = set()
        """Storages that a copy has been of, or may have been: see `control.copies`."""
        self.bases: dict[type, type] = {}
        """What classes of the program inherit from, for list, dict and set: see `subclasses`."""

    def touch(self, obj: Any) -> None:
        """Called before every write to a mutable object."""
        if self.journals:
            saved = self.journals[-1].saved
            if id(obj) not in saved:
                if type(obj) is List and obj.row is not None:
                    self.touch(obj.row.table)
                else:
                    saved[id(obj)] = (obj, state_of(obj))

    def wrote(self, obj: Any, before: Any) -> None:
        """Called after a write within which a journal may have been opened."""
        if self.journals:
            self.journals[-1].saved.setdefault(id(obj), (obj, before))

    @property
    def is_conditional(self) -> bool:
        """Whether what happens now may not happen when the program runs, or more than once."""
        return len(self.journals) > self.checkpoints

    def is_certain(self, obj: Any) -> bool:
        """Whether an object came to be where we are: no branch or loop has begun since."""
        inner = (one for one in reversed(self.journals) if not one.is_checkpoint)
        return next((one.is_new(obj) for one in inner), True)

    def mark(self, obj: Any, name: str, value: Any) -> None:
        """Note something on an object that is no part of the program's state: branches and loops
        leave it, and only going back to a checkpoint undoes it."""
        before = getattr(obj, name)
        self.did(lambda: setattr(obj, name, before))
        setattr(obj, name, value)

    def did(self, undo: Callable[[], Any]) -> None:
        """Something is done that only going back to a checkpoint undoes, in this way."""
        if self.checkpoints:
            self.marks.append(undo)

    def unmark(self, count: int) -> None:
        """Undo all but the first marks."""
        while len(self.marks) > count:
            self.marks.pop()()

    def do_for_good(self) -> None:
        """What happens now stays, even if the evaluation goes on from a place before."""
        self.irrevocable = new_serial()

    def touch_attributes(self, owner: Any) -> None:
        """Called before an attribute of an object is written or deleted."""
        if isinstance(owner, type):
            classes.changed()
        if isinstance(owner, type | BaseException) or classes.slots_of(type(owner)):
            self.touch(owner)
        elif isinstance(own := classes.entries(owner), dict):
            self.touch(own)

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        """Record the changes inside the `with` block; they are undone at its end."""
        journal = self.begin()
        try:
            yield journal
        finally:
            self.undo(journal)

    @contextmanager
    def transaction(self, failures: tuple[type[BaseException], ...]) -> Iterator[None]:
        """Undo the changes inside the `with` block if it ends with one of these exceptions."""
        journal = self.begin()
        try:
            yield
        except failures:
            self.undo(journal)
            raise
        except BaseException:
            self.keep(journal)
            raise
        self.keep(journal)

    def begin(self, is_checkpoint: bool = False) -> Journal:
        """Open a journal; `undo` or `keep` closes it."""
        journal = Journal(is_checkpoint)
        self.journals.append(journal)
        return journal

    def undo(self, journal: Journal) -> None:
        """What a journal, and those opened since, record did not happen.

        One that is closed already has been undone with those around it, on the way of a rejection.
        """
        if journal not in self.journals:
            return
        last = None
        while last is not journal:
            last = self.journals.pop()
            last.roll_back()

    def keep(self, journal: Journal) -> None:
        """The changes of a journal become changes of the one around it."""
        at = self.journals.index(journal)
        del self.journals[at]
        if at:
            around = self.journals[at - 1].saved
            for number, (obj, before) in journal.saved.items():
                around.setdefault(number, (obj, before))


class Bindings(dict):
    """The values of a scope's names."""

    __slots__ = ("serial",)


def bindings() -> Bindings:
    """Those of a scope that begins."""
    made = Bindings()
    made.serial = next(_SERIAL)
    return made


class Cell:
    """A mutable object with one replaceable content: the storage of an array, say.

    order: of a storage, its axes from the one with the largest stride to that with the smallest, as
    NumPy lays it out; () for rows that lie one after the other, None where only run time knows.
    keeper: of a storage that the run keeps, in place of the content; lost: whether a copy of what
    it may hold was written to in its stead, so that nobody may read it.
    """

    __slots__ = ("content", "keeper", "lost", "order", "serial", "split")

    def __init__(self, content: Any, order: tuple[int, ...] | None = ()) -> None:
        self.content = content
        self.keeper: Any = None
        self.order = order
        self.serial = next(_SERIAL)
        self.split = False
        self.lost = False

    def now(self) -> Any:
        """The content, of what the run keeps from there."""
        return self.content if self.keeper is None else self.keeper.read()


_OURS = ("m", "_m", "serial", "site", "hosted")
"""Attributes of composites that are none of the program's objects."""


class Composite:
    """An object of ours that holds objects of the program in its attributes."""

    def __new__(cls, *_: Any, **__: Any) -> Composite:
        made = object.__new__(cls)
        made.serial = next(_SERIAL)
        return made

    def held(self) -> list[Any]:
        """What it holds."""
        return [value for name, value in vars(self).items() if name not in _OURS]


class Progress(Cell):
    """How far an iterator has come."""

    __slots__ = ("born",)

    def __init__(self, content: Any) -> None:
        self.content = content
        self.serial = self.born = next(_SERIAL)
        self.split = False

    def keep_to_itself(self) -> None:
        """Nobody but one loop knows the iterator: no path of the program hands it on."""
        self.serial = sys.maxsize

    def travel(self) -> None:
        """A run-time loop carries it around."""
        self.serial = self.born


CLASS_SERIAL = f"{classes.HIDDEN}serial"
"""The attribute of a class of the user's program that says when it came to be."""
_IMPLIED = frozenset((*classes.IMPLIED, CLASS_SERIAL))
_OF_EXCEPTIONS = ("args", "__cause__", "__context__", "__suppress_context__")


def age_of(obj: Any) -> int:
    """When an object came to be; the beginning, for those that do not say."""
    if isinstance(obj, type):
        return vars(obj).get(CLASS_SERIAL, 0)
    if isinstance(obj, BaseException):
        return getattr(vars(obj), "serial", 0) or 0
    if isinstance(obj, Bindings | Cell | Composite | Dict | List | Set):
        return obj.serial or 0
    made = _plain(obj, classes.SITE) if classes.has_site(type(obj)) else MISSING
    return 0 if made is MISSING else made[1]


def stamp(cls: type) -> None:
    """Note when a class of the user's program came to be."""
    setattr(cls, CLASS_SERIAL, next(_SERIAL))


def attributes_of(obj: Any) -> dict[str, Any]:
    """The attributes of a class, an exception, or an instance with slots, that can change."""
    if isinstance(obj, type):
        return {name: value for name, value in vars(obj).items() if name not in _IMPLIED}
    names = _OF_EXCEPTIONS if isinstance(obj, BaseException) else classes.slots_of(type(obj))
    found = {name: _plain(obj, name) for name in names}
    found |= classes.shown(classes.entries(obj))
    return {name: value for name, value in found.items() if value is not MISSING}


def _plain(obj: Any, name: str) -> Any:
    """An attribute without the program's hooks, MISSING where there is none."""
    try:
        return object.__getattribute__(obj, name)
    except AttributeError:
        return MISSING


def give_attributes(heap: Heap, instance: Any) -> None:
    """A new instance of a class of the program gets a dictionary whose writes are recorded."""
    own = _plain(instance, "__dict__")
    if type(own) is dict:
        made = Attributes(heap, own, type(instance).__name__)
        object.__setattr__(instance, "__dict__", made)


def write_attribute(obj: Any, name: str, value: Any) -> None:
    """Give an attribute of such an object a value, or with MISSING remove it."""
    if isinstance(obj, type):
        classes.changed()
    write = type.__setattr__ if isinstance(obj, type) else object.__setattr__
    remove = type.__delattr__ if isinstance(obj, type) else object.__delattr__
    if value is MISSING:
        remove(obj, name)
    else:
        write(obj, name, value)


def state_of(obj: Any) -> Any:
    """A snapshot of an object's content."""
    match obj:
        case dict():
            return dict(obj)
        case List():
            state = obj.content if obj.row is None else obj.row
            return state if state is not None else tuple(list.__iter__(obj))
        case set():
            return frozenset(obj)
        case Cell():
            return obj.content
    return attributes_of(obj)


def set_state(obj: Any, state: Any) -> None:
    match obj:
        case dict():
            dict.clear(obj)
            dict.update(obj, state)
        case List():
            list.clear(obj)
            obj.content = obj.row = None
            if isinstance(state, tuple):
                list.extend(obj, state)
                return
            if hasattr(state, "table"):
                obj.row = state
            else:
                obj.content = state
            list.append(obj, state)  # so that C code that looks inside stumbles
        case set():
            set.clear(obj)
            set.update(obj, state)
        case Cell():
            obj.content = state
        case _:
            now = attributes_of(obj)
            for name in now.keys() | state.keys():
                if now.get(name, MISSING) is not state.get(name, MISSING):
                    write_attribute(obj, name, state.get(name, MISSING))


def _journaled(base: type, name: str) -> Callable:
    """A method of a builtin container that tells the heap before it writes."""
    method = getattr(base, name)

    def write(self: Any, *arguments: Any, **keywords: Any) -> Any:
        if base is list:
            if self.split:
                raise self.heap.outgrown(self, self.heap.refuse(SPLIT))
            if self.row is not None:
                if self.row.table.split:
                    raise self.heap.outgrown(self, self.heap.refuse(SPLIT))
                return self.row.write(name, *arguments, **keywords)
        elif arguments and is_late(arguments[0]):
            raise self.heap.outgrown(self)
        self.heap.touch(self)
        if base is list and self.content is not None:
            before = self.content
            result = before.write(self, name, *arguments, **keywords)
            self.heap.wrote(self, before)
            return result
        try:
            result = method.__get__(self)(*arguments, **keywords)
        except Needed as needed:  # a key of the program's, of whose hash only run time knows
            if base is list:
                raise
            raise self.heap.outgrown(self, needed) from None
        return self if result is not None and name.startswith("__i") else result

    write.__name__ = name
    write.takes_unions = True
    return write


class Dict(dict):
    """The user's dictionaries. `site`: the node whose evaluation gave it."""

    __slots__ = ("heap", "serial", "site")

    def __init__(self, heap: Heap, items: Any = ()) -> None:
        dict.__init__(self, items)
        self.heap = heap
        self.serial = next(_SERIAL)
        self.site = None

    def copy(self) -> Dict:
        return Dict(self.heap, self)

    def __or__(self, other: dict) -> Dict:
        return (
            Dict(self.heap, dict.__or__(self, other)) if isinstance(other, dict) else NotImplemented
        )

    def __ror__(self, other: dict) -> Dict:
        return (
            Dict(self.heap, dict.__or__(other, self)) if isinstance(other, dict) else NotImplemented
        )


class Attributes(Dict):
    """The attributes of an instance of a class of the user's program, or of a function.

    owner: how messages name the instance's type.
    """

    __slots__ = ("order_lost", "owner", "shown")

    def __init__(self, heap: Heap, items: Any = (), owner: str = "function") -> None:
        Dict.__init__(self, heap, items)
        self.owner = owner
        self.shown = False
        """Whether the program has it as a dictionary: x.__dict__, vars(x)."""
        self.order_lost = False
        """Whether paths of a run-time branch or loop have given it different orders."""


class Set(set):
    """The user's sets. `site`: the node whose evaluation gave it."""

    __slots__ = ("heap", "serial", "site")

    def __init__(self, heap: Heap, items: Iterable = ()) -> None:
        super().__init__(items)
        self.heap = heap
        self.serial = next(_SERIAL)
        self.site = None

    def __repr__(self) -> str:
        return repr(set(self))


class List(list):
    """The user's lists. `run_time` is the content once its length is known at run time only.

    content: that, if the list has it to itself; row: the table that has it, and where, if the list
    is a row of one (see `tables`); site: the node whose evaluation gave the list; inner: that of a
    list of the prelude's, which is one of run time only if nothing else helps.
    """

    __slots__ = ("content", "heap", "inner", "row", "serial", "site", "split")

    def __init__(self, heap: Heap, items: Iterable = (), run_time: Any = None) -> None:
        list.__init__(self, items)
        self.heap = heap
        self.row = None
        self.content = None
        if run_time is not None:
            self.run_time = run_time
        self.serial = next(_SERIAL)
        self.site = self.inner = None
        self.split = False
        """Whether another name may or may not lead to this list, so that it cannot be written."""

    @property
    def run_time(self) -> Any:
        return self.content if self.row is None else self.row.numbers()

    @run_time.setter
    def run_time(self, content: Any) -> None:
        if self.row is not None:
            raise self.row.table.content.refused()
        if content is not None and content.is_table and self.content is not content:
            raise content.refused()
        self.content = content

    def __iter__(self) -> Iterator:
        """Over the items that are known: of what only run time knows the length of there is no
        such."""
        if self.content is not None or self.row is not None:
            raise self.run_time.needed_now("what takes the items of this list one by one")
        return list.__iter__(self)

    def known(self) -> Iterator:
        """The items that are known, none of a list of which only run time knows the length."""
        return list.__iter__(self)

    def copy(self) -> List:
        run_time = self.run_time
        return List(self.heap, list.copy(self) if run_time is None else (), run_time)


for _base, _own, _names in (
    (dict, Dict, "__setitem__ __delitem__ clear pop popitem setdefault update __ior__"),
    (list, List, "__setitem__ __delitem__ append clear extend insert pop remove reverse sort "
                 "__iadd__ __imul__"),
    (set, Set, "add clear discard pop remove update intersection_update difference_update "
               "symmetric_difference_update __ior__ __iand__ __isub__ __ixor__"),
):  # fmt: skip
    for _name in _names.split():
        setattr(_own, _name, _journaled(_base, _name))
    _own.__name__ = _own.__qualname__ = _base.__name__
    _own.__module__ = "builtins"


class Slotted:
    """The attributes of an instance that has slots alone, and the expression that made it."""

    __slots__ = ("site", "values")

    def __init__(self, obj: Any) -> None:
        made = _plain(obj, classes.SITE)
        self.site = None if made is MISSING else made[0]
        self.values = attributes_of(obj)


def sites_of(container: Any) -> frozenset[int]:
    """Which expressions may have made a container, by the ids of their nodes."""
    site = container.site
    if site is None:
        return frozenset()
    return site if isinstance(site, frozenset) else frozenset((id(site),))


SITED: set[type] = {List, Dict, Set}
"""Classes of containers that know the expression which made them; `collections` adds its own."""
