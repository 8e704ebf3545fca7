"""`raise` and `try`, of exceptions that are certain and of those that run time decides.

In: their nodes. Out: their effects. The one idea: an exception that is certain is `Raised`, so that
Python's own `try` does what the program's does. One that may be raised at run time makes what
follows conditional (see `regions`); where the body ends, its paths come together, and what travels
is one value, of which the handlers ask what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fleet.evaluator.control import chains, joining, regions
from fleet.evaluator.control.joining import Closing
from fleet.evaluator.control.outcomes import Stopped
from fleet.evaluator.control.places import Place
from fleet.evaluator.language import calls
from fleet.evaluator.language.flow.branches import after_flag, bounded, either_way, flag, leaves
from fleet.evaluator.language.running import present_body, proceed, run
from fleet.evaluator.objects import held_exceptions, operations
from fleet.evaluator.state.completions import DONE, Body, Completion, Following, Slot
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.reads import after_body
from fleet.evaluator.values import exceptions, numbers
from fleet.evaluator.values.heap import MISSING, new_serial
from fleet.evaluator.values.then import Object, Then, Union, Unusable, unbound_tag
from fleet.syntax import tree


def raise_(m: Machine, node: tree.AST) -> None:
    if node.exc is None:
        if not m.handling:
            raise m.raised(RuntimeError("No active exception to reraise"))
        raise Raised(m.handling[-1].exception, m.handling[-1].location)
    caught = _caught(m, node.cause)
    if caught is not None:  # each is the cause of an exception of its own
        m.language.split(m, caught, lambda one: _raise_from(m, node, caught, one))
    _raise_from(m, node)


def _caught(m: Machine, cause: tree.AST | None) -> Union | None:
    """The cause of a `raise`, if it is a name that holds one of several exceptions or None."""
    if not isinstance(cause, tree.Name):
        return None
    held = m.scope.home(cause.id).values.get(cause.id, MISSING)
    if type(held) is Union and unbound_tag(held) is not None:
        held = operations.usable(m, held)  # from here on it has a value
        m.scope.assign(m.heap, cause.id, held)
    return held if type(held) is Union else None


def _raise_from(
    m: Machine, node: tree.AST, either: Any = MISSING, chosen: Any = MISSING
) -> None:
    """Evaluate the statement, where its cause is `chosen` if it is still `either`."""
    value = m.evaluate(node.exc)
    cause = MISSING if node.cause is None else m.evaluate(node.cause)
    if either is not MISSING and cause is either:
        cause = chosen
    m.node = node
    if type(value) is Union:
        m.language.split(m, value, lambda one: _raise(m, one, cause))
    _raise(m, value, cause)


def _raise(m: Machine, value: Any, cause: Any) -> None:
    if type(cause) is Union:
        m.language.split(m, cause, lambda one: _raise(m, value, one))
    if isinstance(value, Object):
        held_exceptions.used(
            m, value, lambda one: _raise(m, one, cause), lambda: _raise(m, None, cause))
    if isinstance(value, type) and issubclass(value, BaseException):
        value = calls.call_value(m, value, (), {})
    if not isinstance(value, BaseException):
        raise m.raised(TypeError("exceptions must derive from BaseException"))
    if cause is not MISSING:
        if isinstance(cause, type) and issubclass(cause, BaseException):
            cause = calls.call_value(m, cause, (), {})
        if isinstance(cause, Object):
            held_exceptions.used(
                m, cause, lambda one: _raise(m, exceptions.another(m.heap, value), one),
                lambda: _raise(m, exceptions.another(m.heap, value), 0))  # fmt: skip
        if cause is not None and not isinstance(cause, BaseException):
            raise m.raised(TypeError("exception causes must derive from BaseException"))
        m.heap.touch(value)
        value.__cause__ = cause
    chains.note(m, value)
    raise Raised(value, m.location())


# -- what a `try` or `with` sees of its body


@dataclass
class Attempt:
    """A body that was evaluated: how it completed, and what was raised in it.

    completion: DONE where the flags of `part` tell; raised: None where nothing can have been;
    may: whether, if so, run time decides whether it was.
    """

    entry: Following
    completion: Completion
    raised: Raised | None
    may: Any = False
    closing: Closing | None = None

    @property
    def part(self) -> Body:
        """What was evaluated, as a part of the body around."""
        return self.entry.body

    def as_normal(self, m: Machine) -> None:
        """Where nothing was raised, places hold what they hold at the body's end."""
        if self.closing is None:
            return
        joining.as_normal(m, self.closing.normal)

    def as_raised(self, m: Machine) -> None:
        """Where something was raised, some names may have no value."""
        if self.closing is None:
            return
        for place in self.closing.absent.values():
            why = f"{place.name} may have no value where an exception was raised before it got one"
            place.write(m.heap, Unusable(why, "give it a value before the `try`"))

    @contextmanager
    def either(self, m: Machine) -> Iterator[None]:
        """Evaluate what follows on both ways, after which places hold what it gave them."""
        normal = {} if self.closing is None else self.closing.normal
        before = {key: place.read() for key, (place, _, _) in normal.items()}
        with self._some_absent(m):
            yield
        for key, value in before.items():
            if normal[key][0].read() is not value:
                del normal[key]

    @contextmanager
    def _some_absent(self, m: Machine) -> Iterator[None]:
        if self.may is False:
            yield
            return
        held = [(place, place.read()) for place in self.closing.absent.values()]
        self.as_raised(m)
        marked = [place.read() for place, _ in held]
        yield
        for (place, value), mark in zip(held, marked, strict=True):
            if place.read() is mark:
                place.write(m.heap, value)

    def left(self, m: Machine) -> Any:
        """Whether a path left the body around: a bool, or a run-time bool."""
        left: Any = False
        for cell in self.part.cells[:3]:
            left = numbers.either(m.backend.e, left, cell.content)
        return left

    def leave(self, m: Machine) -> Completion:
        """How the statement completes if its body did not raise."""
        if self.completion is not DONE:
            return self.completion
        e, present = m.backend.e, present_body(m)
        left = False
        for own, outer in zip(self.part.cells[:3], present.cells[:3], strict=True):
            if own.content is not False:
                m.heap.touch(outer)
                outer.content = numbers.either(e, outer.content, own.content)
                left = numbers.either(e, left, own.content)
        if self.part.value.content is not MISSING:
            m.heap.touch(present.value)
            present.value.content = self.part.value.content
        return None if left is False else after_flag(m, left, present)


def attempt(
    m: Machine, caught: tuple, body: list[tree.AST] | Callable[[], Completion],
    is_read: Callable[[Place], bool],
) -> Attempt:
    """Evaluate a body that a statement looks at the exceptions of; they travel no further.

    is_read: whether a name is read where the body may have raised before it got a value.
    """
    m.guards.append((len(m.callers), new_serial()))
    try:
        return _attempt(m, caught, body, is_read)
    finally:
        m.guards.pop()


def _attempt(
    m: Machine, caught: tuple, body: list[tree.AST] | Callable[[], Completion],
    is_read: Callable[[Place], bool],
) -> Attempt:
    base, raised, ended = len(m.detours), None, False
    state = m.scope, m.frame, m.node, m.outside, m.depth
    catching, handling, following = len(m.catching), len(m.handling), len(m.following)
    m.catching.append(caught)
    completion: Completion = None
    try:
        if type(body) is list:
            entry = Following(body, None, True, True)
            completion = proceed(m, entry)
        else:
            entry = Following([], None, True, True)
            m.following.append(entry)
            completion = body()
    except Raised as stop:
        raised = stop
        m.scope, m.frame, m.node, m.outside, m.depth = state
        del m.handling[handling:]
    except Stopped:
        if len(m.detours) == base:
            raise
        ended = True
    finally:
        del m.catching[catching:], m.following[following:]
    if len(m.detours) == base:
        return Attempt(entry, completion, raised)
    m.scope, m.frame, m.node, m.outside, m.depth = state
    return _together(m, base, Attempt(entry, completion, raised, False, Closing(is_read)), ended)


def _together(m: Machine, base: int, made: Attempt, ended: bool) -> Attempt:
    """Let the paths of a body come together."""
    if made.raised is not None:
        regions.set_pending(m, regions.prepare(m, made.raised))
    elif made.completion is not None and not ended:
        flag(m, made.completion, made.part)
        made.completion = DONE
    if regions.close(m, base, ended, made.closing):
        raise Stopped
    made.may = regions.is_pending(m)
    pending = regions.without_none(m)
    regions.set_pending(m, None)
    made.raised = None if pending is None else Raised(pending, m.location())
    if any(cell.content is not False for cell in made.part.cells[:3]):
        made.completion = DONE
    return made


def _is_read(m: Machine, node: tree.AST, place: Place) -> bool:
    """Whether handlers read a name, or what follows them does."""
    if place.key in after_body(node):
        return True
    surely_leaves = all(_leaves(handler.body) for handler in node.handlers)
    return not surely_leaves and m.reads(node).later(place.key, node)


def _leaves(body: list[tree.AST]) -> bool:
    """Whether a handler is certain to leave; one that ends the program is likely to."""
    match body:
        case [*_, tree.Expr(tree.Call(tree.Attribute(attr="exit" | "_exit")))]:
            return True
        case [*_, tree.Expr(tree.Call(tree.Name(id="exit" | "quit")))]:
            return True
    return leaves(body)


def attempted(
    m: Machine, kind: type[BaseException], call: Callable[[], Any]
) -> tuple[Any, Any]:
    """(whether call() gave something, what that is): it did not where it raised such an exception.

    Other exceptions travel on.
    """
    slot = Slot(MISSING)

    def body() -> None:
        value = call()
        m.heap.touch(slot)
        slot.content = value

    made = attempt(m, (kind,), body, lambda place: False)
    if made.raised is None:
        made.as_normal(m)
        return True, slot.content

    def normal() -> bool:
        made.as_normal(m)
        return True

    def exceptional(one: Any) -> bool:
        if type(one) is Union:
            return regions.split(m, one, exceptional)
        if not isinstance(one, kind):
            raise Raised(one, made.raised.location)
        return False

    made.as_raised(m)
    if made.may is False:
        return exceptional(made.raised.exception), None
    truth = numbers.invert(m.backend.e, made.may) if isinstance(made.may, Then) else False
    gave = regions.choose(m, truth, normal, lambda: exceptional(made.raised.exception))
    return gave, slot.content


# -- try


def try_(m: Machine, node: tree.AST) -> Completion:
    if not node.finalbody:
        return _with_handlers(m, node)
    made = attempt(m, (BaseException,), lambda: _with_handlers(m, node),
                   lambda place: place.key in after_body(node))  # fmt: skip
    with made.either(m):
        last = _finally(m, node, made)

    def others() -> Completion:
        if made.raised is not None:
            raise_again(m, made)
        made.as_normal(m)
        return made.leave(m)

    if last.completion is not DONE:
        return last.completion if last.completion is not None else others()
    return either_way(m, last.left(m), lambda: last.leave(m), others, node=node)


def surely(m: Machine, body: Callable[[], Completion], last: Callable[[], None]) -> Completion:
    """`try: body()`, `finally: last()`."""
    made = attempt(m, (BaseException,), body, lambda place: False)
    with made.either(m):
        last()
    if made.raised is not None:
        raise_again(m, made)
    made.as_normal(m)
    return made.leave(m)


def _finally(m: Machine, node: tree.AST, made: Attempt) -> Attempt:
    """`finally`; how it completes, whatever the body did."""
    handling = len(m.handling)
    if made.raised is not None:
        m.handling.append(made.raised)
    entry = Following(node.finalbody, None, True, True)
    completion = proceed(m, entry)
    del m.handling[handling:]
    return Attempt(entry, completion, None)


def raise_again(m: Machine, made: Attempt) -> None:
    """Where something was raised, it travels on; elsewhere, we go on."""
    raised = made.raised

    def again() -> None:
        raise raised

    if not isinstance(made.may, Then):
        again()
    nothing = numbers.invert(m.backend.e, made.may)
    regions.merge(m, nothing, regions.region(m, lambda: None), regions.region(m, again))


def _with_handlers(m: Machine, node: tree.AST) -> Completion:
    if not node.handlers:
        completion = run(m, node.body)
        return completion if completion is not None else run(m, node.orelse)
    caught: list[tuple] = []
    for handler in node.handlers:
        kinds = BaseException if handler.type is None else m.evaluate(handler.type)
        caught.append(_flat(kinds) if type(kinds) is tuple else (kinds,))
    looked_at = caught[0] if len(caught) == 1 else tuple([one for kinds in caught for one in kinds])
    made = attempt(m, looked_at, node.body, lambda place: _is_read(m, node, place))
    if made.raised is None:
        return _unraised(m, node, made)

    def exceptional() -> Completion:
        made.as_raised(m)
        return _handled(m, node, caught, made.raised)

    if made.may is False:
        return exceptional()
    leaving = leaves(node.body) or leaves(node.orelse), all(
        leaves(handler.body) for handler in node.handlers
    )
    truth = numbers.invert(m.backend.e, made.may) if isinstance(made.may, Then) else False
    return either_way(m, truth, lambda: _unraised(m, node, made), exceptional, leaving, node)


def _flat(kinds: Any) -> tuple:
    """What an `except` clause names, which may be tuples of tuples."""
    if isinstance(kinds, tuple):
        return tuple(one for item in kinds for one in _flat(item))
    return (kinds,)


def _unraised(m: Machine, node: tree.AST, made: Attempt) -> Completion:
    """What follows a body that did not raise."""
    made.as_normal(m)
    if node.orelse:
        _else(m, node, made)
    return made.leave(m)


def _else(m: Machine, node: tree.AST, made: Attempt) -> None:
    """The `else` of a `try`, if its body came to its end."""
    if made.completion is None:
        made.completion = bounded(m, lambda: run(m, node.orelse), made.part)
        return
    if made.completion is not DONE:
        return

    def otherwise() -> None:
        flag(m, bounded(m, lambda: run(m, node.orelse), made.part), made.part)

    regions.choose(m, made.left(m), lambda: None, otherwise)


def _handled(
    m: Machine, node: tree.AST, caught: list[tuple[type, ...]], raised: Raised
) -> Completion:
    """Let each exception that may be here go to the handler for it."""
    exception = raised.exception
    if type(exception) is not Union:
        number = _handler_for(m, exception, caught)
        if number is None:
            raise raised
        return _handle(m, node.handlers[number], raised)
    groups: dict[int | None, dict[int, Any]] = {}
    for tag, one in exception.choices.items():
        groups.setdefault(_handler_for(m, one, caught), {})[tag] = one
    items = list(groups.items())

    def run_handler(number: int | None, some: dict[int, Any]) -> Completion:
        value = next(iter(some.values())) if len(some) == 1 else Union(
            exception.e, exception.tag, some)  # fmt: skip
        here = Raised(value, raised.location)
        if number is None:
            raise here
        return _handle(m, node.handlers[number], here)

    def from_on(at: int) -> Completion:
        number, some = items[at]
        if at == len(items) - 1:
            return run_handler(number, some)
        e = m.backend.e
        here: Any = False
        for tag in some:
            is_this = numbers.compare(e, "eq", numbers.Number(e, "int", exception.tag), tag)
            here = numbers.either(e, here, is_this)
        return either_way(
            m, here, lambda: run_handler(number, some), lambda: from_on(at + 1), node=node
        )

    return from_on(0)


def _handler_for(m: Machine, exception: BaseException, caught: list[tuple]) -> int | None:
    for number, kinds in enumerate(caught):
        try:
            if isinstance(exception, kinds):
                return number
        except TypeError:
            pass
        if not all(isinstance(one, type) and issubclass(one, BaseException) for one in kinds):
            raise m.raised(TypeError(
                "catching classes that do not inherit from BaseException is not allowed"
            ))  # fmt: skip
    return None


def _handle(m: Machine, handler: tree.AST, raised: Raised) -> Completion:
    value = raised.exception
    if type(value) is not Union:
        regions.tell(m, value)
    if handler.name is not None:
        m.scope.assign(m.heap, handler.name, value)
    m.handling.append(raised)
    depth = len(m.handling)
    try:
        return m.execute(handler.body)
    finally:
        del m.handling[depth - 1 :]
        if handler.name is not None and m.scope.home(handler.name).values.get(
            handler.name, MISSING) is not MISSING:  # fmt: skip
            m.scope.delete(m.heap, handler.name)
