"""Run-time branches and exceptions: which part of the program is evaluated under which condition.

In: a run-time condition and what to evaluate on either side; what may be raised. Out: operations,
and the state of the program after them. The one idea: each side is evaluated from the same state
under a journal, and `joining` makes them one. Where one side raises what a handler looks at, all
that follows, up to the end of the handler's body, belongs to the other: a detour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from fleet.dialects import scf
from fleet.evaluator.control import joining, leaving
from fleet.evaluator.control.outcomes import Outcome, Stopped
from fleet.evaluator.control.raising import emit_raise
from fleet.evaluator.state.completions import Return, Slot
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.memory import TooDeep
from fleet.evaluator.state.outgrown import Apart, learn, outgrown, reread
from fleet.evaluator.values import exceptions, numbers, texts
from fleet.evaluator.values.heap import (
    MISSING,
    Journal,
    set_state,
)
from fleet.evaluator.values.then import (
    Message,
    Number,
    Object,
    Text,
    Then,
    Union,
    Unusable,
    choices_of,
)
from fleet.ir.core import Block, Operation, Value
from fleet.syntax import tree

MAX_REGIONS = 1000
"""How deep run-time branches and loops may nest."""


def region(m: Machine, body: Callable[[], Any], block: Block | None = None) -> Outcome:
    """Evaluate into a block of its own, or this one, note what changes, and roll back."""
    e = m.backend.e
    if m.regions >= MAX_REGIONS:
        raise TooDeep("run-time branches are nested too deeply here", m.location())
    m.spend_operations()
    block = Block() if block is None else block
    m.regions += 1
    with m.heap.journal() as journal, e.builder.inside(block), m.place_kept():
        ended, value, base = False, MISSING, len(m.detours)
        try:
            value = body()
        except Raised as raised:
            ended = not travel(m, raised)
        except Stopped:
            ended = True
        finally:
            m.regions -= 1
        closing = joining.Closing()
        value, ended = _closed(m, base, value, ended, closing)
        effects = {id(obj): (obj, before, after) for obj, before, after in journal.effects()}
        final = journal.final()
        raised = m.pending.content is not None and _none_tag(m.pending.content) is None
        closing.forget(journal)
    return Outcome(block, effects, value, ended, journal, final, raised, closing.normal)


# -- exceptions that travel


@dataclass
class Detour:
    """We are where a condition is `holds`; where it is not, an exception travels: `raising`.

    place: where the branch is going to be emitted, once it is known what follows.
    """

    condition: Number
    holds: bool
    raising: Outcome
    block: Block
    journal: Journal
    place: tuple[Block, Operation | None]


def is_pending(m: Machine) -> Any:
    """Whether an exception travels: a bool, or a run-time bool."""
    return is_exception(m, m.pending.content)


def is_exception(m: Machine, content: Any) -> Any:
    """Whether there is one, and not None: a bool, or a run-time bool."""
    tag = _none_tag(content)
    if tag is None:
        return content is not None
    return numbers.compare(m.backend.e, "ne", Number(m.backend.e, "int", content.tag), tag)


def _none_tag(content: Any) -> int | None:
    if type(content) is not Union:
        return None
    return next((tag for tag, one in content.choices.items() if one is None), None)


def without_none(m: Machine) -> Any:
    """What travels, if something does."""
    content = m.pending.content
    tag = _none_tag(content)
    return content if tag is None else content.without(tag)


def set_pending(m: Machine, exception: Any) -> None:
    m.heap.touch(m.pending)
    m.pending.content = exception


def travel(m: Machine, raised: Raised) -> bool:
    """Let an exception go its way to a handler; where there is none, emit the program's end."""
    for one in choices_of(raised.exception):
        _advance(m, type(one))
    raised = leaving.leaving(m, raised)
    choices = choices_of(raised.exception)
    if any(m.catches(type(one)) for one in choices):
        set_pending(m, prepare(m, raised))
        return True
    end_program(m, raised)
    return False


def catchable(m: Machine, name: str) -> bool:
    """Whether somebody looks at the exception of a check, by the name of its class."""
    kind = exceptions.named(name)
    _advance(m, kind)
    return m.catches(kind) or kind is StopIteration and leaving.in_generator(m)


def _advance(m: Machine, kind: type[BaseException]) -> None:
    """Where only run time knows whether an iterator of the program's ends, evaluate anew with one
    that advances at run time."""
    for ends, name, since in m.stepping:
        if issubclass(kind, ends) and not m.catches(kind, since):
            m.policy.advancing.add(name)
            learn(m, ())


def prepare(m: Machine, raised: Raised) -> Any:
    """The exception as it travels: its message a text, and where it was raised."""
    exception = raised.exception
    if type(exception) is Union:
        return exception
    if exceptions.is_group(exception):
        raise m.error(
            "whether this group of exceptions is raised is known at run time only, which is not "
            "supported", "raise one exception, with the others as one of its arguments")
    tell(m, exception)
    if raised.location not in m.places:
        m.places.append(raised.location)
    at = m.places.index(raised.location)
    exceptions.mark(exception, at, frozenset((at,)))
    return exception


def tell(m: Machine, exception: BaseException) -> None:
    """Give an exception its message as a text."""
    if len(exception.args) == 1 and type(exception.args[0]) is Message:
        message, e = exception.args[0], m.backend.e
        shown = [e.number(value) for value in message.shown]
        exception.args = (texts.formatted(e, message.template, shown),)


def end_program(m: Machine, raised: Raised) -> None:
    """Emit what an exception does that nothing catches."""
    exception = raised.exception
    if type(exception) is Union:
        def one(choice: Any) -> None:
            raise Raised(choice, raised.location)

        try:
            split(m, exception, one)
        except Stopped:
            pass
        except Raised as only:
            end_program(m, only)
        return
    _advance(m, type(exception))
    if isinstance(exception, SystemExit) and type(exception.code) is Union:
        def leave(code: Any) -> None:
            raise Raised(SystemExit(code), raised.location)

        with suppress(Stopped):
            split(m, exception.code, leave)
        return
    before = exceptions.before(exception)
    if type(before) is not str or before:
        m.backend.show((before,), None, "", "stderr")
    at, places = exceptions.place_of(exception), sorted(exceptions.places_of(exception))
    while isinstance(at, Number) and len(places) > 1:
        last = places.pop()
        here = Raised(exception, m.places[last])
        with m.backend.e.builder.inside(Block()) as builder:
            emit_raise(m, here)
            block = builder.block
            m.backend.e.op(scf.yield_, [])
        joining.emit_if(m, numbers.compare(m.backend.e, "eq", at, last).native, block, Block(), [])
    location = m.places[places[0]] if places else raised.location
    emit_raise(m, Raised(exception, location))


def failing(
    m: Machine, holds: Value, exception: str, template: str, operands: Sequence[Value],
    operand_kinds: Sequence[str],
) -> None:
    """A check whose exception a `try` or `with` around looks at."""
    def fail() -> None:
        shown = [_shown(m, *pair) for pair in zip(operand_kinds, operands, strict=True)]
        if exception == "KeyError" and template in ("{}", "{!r}") and len(shown) == 1:
            raise m.raised(KeyError(shown[0]))
        message = texts.formatted(m.backend.e, template, shown)
        raise m.raised(exceptions.named(exception)(message))

    truth = Number(m.backend.e, "bool", holds)
    merge(m, truth, region(m, lambda: None), region(m, fail))


def _shown(m: Machine, kind: str, native: Value) -> Any:
    e = m.backend.e
    if kind in ("str", "bytes"):
        return Text(e, kind, native)
    return Object(e, None, native) if kind == "object" else Number(e, kind, native)


def go_on(m: Machine) -> None:
    """After paths came together: what follows is for those on which no exception travels."""
    content = m.pending.content
    if content is None:
        return
    tag = _none_tag(content)
    if tag is None:
        set_pending(m, None)
        raise Raised(content, m.location())
    nothing = numbers.compare(m.backend.e, "eq", Number(m.backend.e, "int", content.tag), tag)
    set_pending(m, None)

    def again() -> None:
        raise Raised(content.without(tag), m.location())

    merge(m, nothing, region(m, lambda: None), region(m, again))


def _go_round(m: Machine, condition: Number, yes: Outcome, no: Outcome) -> Any:
    """One of two sides raises: what follows belongs to the other."""
    alive, raising = (no, yes) if yes.raised else (yes, no)
    builder = m.backend.e.builder
    place = builder.block, builder.anchor
    m.detours.append(Detour(condition, alive is yes, raising, alive.block, alive.journal, place))
    m.regions += 1
    for obj, after in alive.final:
        set_state(obj, after)
    m.heap.journals.append(alive.journal)
    builder.block, builder.anchor = alive.block, None
    go_on(m)
    joining.as_normal(m, alive.normal)
    return alive.value


def close(m: Machine, base: int, ended: bool, closing: joining.Closing | None = None) -> bool:
    """Let the paths of all detours but the first ones come together; whether all end the program.

    ended: whether the present one does.
    """
    builder = m.backend.e.builder
    while len(m.detours) > base:
        detour = m.detours.pop()
        m.regions -= 1
        journal = detour.journal
        effects = {id(obj): (obj, before, after) for obj, before, after in journal.effects()}
        alive = Outcome(detour.block, effects, None, ended, journal, journal.final())
        m.heap.undo(journal)
        builder.block, builder.anchor = detour.place
        raising = replace(detour.raising, value=None)
        sides = (alive, raising) if detour.holds else (raising, alive)
        ended = False
        try:
            joining.join(m, detour.condition, *sides, closing=closing, raising=int(detour.holds))
        except Stopped:
            ended = True
        if closing is not None:
            closing.forget(journal)
    return ended


def _closed(
    m: Machine, base: int, value: Any, ended: bool, closing: joining.Closing | None = None
) -> tuple[Any, bool]:
    """Close detours; the value of what was evaluated on them, and whether all paths ended."""
    if len(m.detours) == base:
        return value, ended
    slot = Slot(MISSING)
    slot.serial = m.detours[base].journal.start - 0.5  # older than what detours did, and no more
    returns = isinstance(value, Return)
    if value is not MISSING:
        m.heap.touch(slot)
        slot.content = value.value if returns else value
    ended = close(m, base, ended, closing)
    found = slot.content
    if type(found) is Unusable:
        reread(m, found)
        raise m.error(found.why, found.hint)
    return (Return(found) if returns and found is not MISSING else found), ended


def within(
    m: Machine, function: Callable[[], Any], closing: joining.Closing | None = None
) -> Any:
    """function(), all paths of which come together at its end; MISSING where it raises."""
    base, value, ended = len(m.detours), MISSING, False
    try:
        value = function()
    except Raised as raised:
        exception = raised.exception
        if len(m.detours) == base and not any(
                m.catches(type(one)) for one in choices_of(exception)):  # fmt: skip
            raise
        ended = not travel(m, raised)
    except Stopped:
        if len(m.detours) == base:
            raise
        ended = True
    value, ended = _closed(m, base, value, ended, closing)
    if ended:
        raise Stopped
    return value


def split(m: Machine, union: Union, use: Callable[[Any], Any]) -> Any:
    """use(choice), for whichever of its choices the union is."""
    here = Number(m.backend.e, "int", union.tag)
    items = list(union.choices.items())

    def from_on(at: int) -> Any:
        tag, choice = items[at]
        if at == len(items) - 1:
            return use(choice)
        is_this = numbers.compare(m.backend.e, "eq", here, tag)
        return choose(m, is_this, lambda: use(choice), lambda: from_on(at + 1))

    try:
        return from_on(0)
    except Apart as error:  # such as iterators over two lists
        outgrown(m, union, error)


def choose(
    m: Machine, condition: Number | bool, then: Callable[[], Any], orelse: Callable[[], Any]
) -> Any:
    """`then() if condition else orelse()`."""
    if not isinstance(condition, Then):
        return then() if condition else orelse()
    return merge(m, condition, region(m, then), region(m, orelse))


def merge(
    m: Machine, condition: Number, yes: Outcome, no: Outcome, node: tree.AST | None = None
) -> Any:
    """Emit the branch, set what it changed, and give the value of either side.

    node: the `if`; names that are read outside of it may come out of one side only.
    """
    if yes.raised != no.raised and not (yes.ended or no.ended):
        return _go_round(m, condition, yes, no)
    normal = joining.normally(yes, no) if not (yes.ended or no.ended) else (
        no if yes.ended else yes).normal  # fmt: skip
    value = joining.join(m, condition, yes, no, node)
    go_on(m)
    joining.as_normal(m, normal)
    return value


