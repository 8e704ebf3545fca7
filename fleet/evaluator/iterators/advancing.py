"""Iterators of the program's own making that run time advances: generators, and classes.

In: one of the run's objects, or an instance whose `__next__` raises StopIteration as only run time
knows. Out: steps. The one idea: a step is taken, and then it is known whether it gave an item; so
unlike that of other iterators it cannot be asked for in vain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from fleet.evaluator.control import regions
from fleet.evaluator.iterators.protocol import END, Iterator, Perhaps
from fleet.evaluator.objects import held_classes, instance_reads, instances
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, numbers, objects
from fleet.evaluator.values.then import Number, Object, Then

PLACE, RESULT = ".place", ".result"
"""Names in the frame of a generator: where it goes on, and what it returned."""
STAYS, GIVES = ".stays", ".gives"
"""Names in its class: whether it has something to do where it is closed, and whether it returns
more than None."""
OVER = -1
"""The place of a generator that has ended."""


def advanced(m: Machine) -> list[type]:
    """The classes of the run's instances that are iterators of the program's own making."""
    return [cls for cls in held_classes.known_classes(m) if classes.defines(cls, "__next__")]


def _iterable(m: Machine) -> list[type]:
    return [cls for cls in held_classes.known_classes(m) if classes.may_be_walked(cls)]


def is_iterable(m: Machine) -> bool:
    """Whether the program's own code iterates over some of the run's instances."""
    return bool(_iterable(m))


def is_generator(cls: type | None) -> bool:
    """Whether instances of a class are frames of generators."""
    return cls is not None and cls.__module__ == "generators" and classes.is_made(cls)


def may_be(m: Machine, value: Any) -> bool:
    """Whether one of the run's objects may be iterated over by the program's own code."""
    if not isinstance(value, Object):
        return False
    if value.kind is None:
        return bool(_iterable(m))
    return classes.is_made(value.kind) and classes.iterates(value.kind)


def begin(m: Machine, value: Any, fresh: bool = False) -> Object:
    """iter(value), as one of the run's objects. fresh: whether nobody else has the value."""
    e = m.backend.e
    source = classes.of_ours(value, "object_source")
    source = source or classes.of_ours(value, "lines")
    if source is not None:
        return source()
    whole = classes.of_ours(value, "from_host") if fresh else None
    made = None if whole is None else whole()
    if made is not None:
        return m.native(objects.function, e, "iter", [made])
    found = objects.box(e, value)

    def host(one: Object) -> Object:
        return m.native(objects.function, e, "iter", [one])

    def own(one: Object) -> Object:
        if is_generator(one.kind):
            return one
        if not classes.defines(one.kind, "__iter__"):
            by_number = m.prelude.get("items_by_number")
            return m.language.resumed(m, by_number, {"owner": one}).source
        made = m.language.call_value(m, instance_reads.get(m, one, "__iter__"), (), {})
        return made if isinstance(made, Object) else begin(m, made, True)

    if found.kind is not None:
        return own(found) if may_be(m, found) else host(found)
    return _in_schedule(m, "__iter__", (found,), _iterable, own, host)


def advance(
    m: Machine, source: Object, sent: Any = None, thrown: BaseException | None = None
) -> tuple[Any, Object]:
    """A step of such an iterator: whether it gave an item, and that item.

    thrown: what is raised in a generator where it stands.
    """
    e = m.backend.e

    def host(one: Object, *_: Any) -> tuple[Any, Object]:
        more = m.native(objects.function, e, "more", [one], "bool")
        item = regions.choose(
            m, more, lambda: m.native(objects.function, e, "take", [one]),
            lambda: objects.box(e, None),
        )  # fmt: skip
        return more, item

    def own(one: Object, sent: Any = None) -> tuple[Any, Object]:
        if not is_generator(one.kind):
            more, item = m.language.attempted(
                m, StopIteration,
                lambda: objects.box(e, m.language.call_value(
                    m, instance_reads.get(m, one, "__next__"), (), {})),
            )  # fmt: skip
            return e.number(more), item
        resume = vars(one.kind)["__next__"]
        item = m.language.call_value(m, resume, (one, objects.box(e, sent), thrown), {})
        place = m.native(objects.function, e, "attribute", [one, PLACE], "int")
        return numbers.compare(e, "ne", place, OVER), item

    given = (source,) if sent is None else (source, objects.box(e, sent))
    if source.kind is not None:
        return own(*given) if classes.is_made(source.kind) else host(source)
    if thrown is not None:
        return held_classes.any_of(m, source, advanced(m), own, lambda: host(source))
    return _in_schedule(m, "__next__", given, advanced, own, host)


def _in_schedule(
    m: Machine, name: str, values: tuple, having: Callable[[Machine], list[type]],
    own: Callable[..., Any], host: Callable[..., Any],
) -> Any:
    """What own() gives, if the first value is an instance of such a class, else host(): a function
    of the schedule, so that methods are evaluated once, wherever something is iterated over."""
    if not having(m):
        return host(*values)

    def any_of(first: Object, *others: Any) -> Any:
        return held_classes.any_of(
            m, first, having(m), lambda one: own(one, *others), lambda: host(first, *others))

    return instances.in_schedule(m, name, values, any_of)


def _end(m: Machine, source: Object) -> None:
    e = m.backend.e
    given = [source, PLACE, objects.box(e, OVER)]
    m.native(objects.function, e, "set_attribute", given, None, True)


def throw(m: Machine, source: Object, exception: BaseException) -> tuple[Any, Object]:
    """As advance, of a generator in which something is raised where it stands."""
    e = m.backend.e

    def raised() -> NoReturn:
        _end(m, source)
        raise m.raised(exception)

    place = m.native(objects.function, e, "attribute", [source, PLACE], "int")
    begun = numbers.compare(e, "gt", place, 0)
    return regions.choose(
        m, begun, lambda: advance(m, source, None, exception), raised)


def close(m: Machine, source: Object) -> None:
    """Leave a generator where it stands; other iterators stay as they are."""
    e = m.backend.e

    def own(one: Object) -> None:
        if not is_generator(one.kind):
            return
        if not vars(one.kind)[STAYS]:
            _end(m, one)
            return
        place = m.native(objects.function, e, "attribute", [one, PLACE], "int")
        begun = numbers.compare(e, "gt", place, 0)
        regions.choose(m, begun, lambda: leave(one), lambda: _end(m, one))

    def leave(one: Object) -> None:
        gave, more = m.language.attempted(
            m, GeneratorExit, lambda: e.number(advance(m, one, None, GeneratorExit())[0]))

        def ignored() -> None:
            raise m.raised(RuntimeError("generator ignored GeneratorExit"))

        regions.choose(
            m, gave, lambda: regions.choose(m, more, ignored, lambda: None), lambda: None)

    if source.kind is not None:
        if classes.is_made(source.kind):
            own(source)
        return
    held_classes.any_of(m, source, advanced(m), own, lambda: None)


class Advancing(Iterator):
    """Over one of the run's objects that the program's own code advances."""

    def __init__(self, m: Machine, source: Object) -> None:
        super().__init__(m)
        self.source = source

    def object_source(self) -> Object:
        """The iterator itself."""
        return self.source

    def is_own(self) -> bool:
        return True

    def stays(self) -> bool:
        return is_generator(self.source.kind) and vars(self.source.kind)[STAYS]

    def ends_at_run_time(self) -> bool:
        return True

    def advances(self) -> bool:
        return True

    def step(self, sent: Any = None) -> Any:
        return given(*advance(self.m, self.source, sent))

    # -- what generators have besides

    def end_of_items(self) -> StopIteration:
        m, source, e = self.m, self.source, self.m.backend.e
        may_be = advanced(m) if source.kind is None else [source.kind]
        if not any(is_generator(cls) and vars(cls)[GIVES] for cls in may_be):
            return StopIteration()
        result = m.native(objects.function, e, "generator_result", [source, RESULT])
        if source.kind is None:
            none = m.native(objects.function, e, "is_none", [result], "bool")
            regions.choose(m, none, self._end_plainly, lambda: None)
        return StopIteration(result)

    def _end_plainly(self) -> NoReturn:
        raise self.m.raised(StopIteration())

    def send(self, value: Any, /) -> Any:
        return self.m.language.item_of(self.m, self, self.step(value))

    def throw(self, kind: Any, value: Any = None, traceback: Any = None, /) -> Any:
        m = self.m
        exception = to_throw(m, kind, value)
        return m.language.item_of(m, self, given(*throw(m, self.source, exception)))

    def close(self) -> None:
        close(self.m, self.source)


def to_throw(m: Machine, kind: Any, value: Any) -> Any:
    """The exception that generator.throw(kind, value) asks for: kind is one, or a class of them."""
    if not isinstance(kind, type):
        return kind
    if isinstance(value, kind):
        return value
    return m.language.call_value(m, kind, () if value is None else (value,), {})


def given(more: Any, item: Any) -> Any:
    """A step that was taken."""
    if isinstance(more, Number | Then):
        return Perhaps(more, lambda: item, lambda: None)
    return item if more else END
