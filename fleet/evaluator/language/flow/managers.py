"""`with`: what its managers do before and after its body, whatever that raises.

In: a `with`. Out: its effects. The one idea: where its manager is a generator's that has not begun
(`contextlib.contextmanager`), the `with` is the generator's body, evaluated in full, and its
`yield` is the body of the `with`: so exceptions travel through both as if they were one function.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.language import calls, targets
from fleet.evaluator.language.flow.branches import either_way, flag
from fleet.evaluator.language.flow.exceptions import Attempt, attempt
from fleet.evaluator.language.generators.functions import GeneratorObject
from fleet.evaluator.language.running import run
from fleet.evaluator.objects import attributes, operations
from fleet.evaluator.state.completions import DONE, Completion, Following
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.values import numbers
from fleet.evaluator.values.heap import attributes_of
from fleet.evaluator.values.then import Then, Union
from fleet.syntax import tree

MOST_APART = 3
"""Of how many exceptions a manager is asked one by one, of which only run time knows the one."""


def with_(m: Machine, node: tree.AST) -> Completion:
    return _with(m, node, 0)


def _with(m: Machine, node: tree.AST, at: int) -> Completion:
    """A `with` from one of its managers on."""
    if at == len(node.items):
        return run(m, node.body)
    item = node.items[at]
    manager = m.evaluate(item.context_expr)
    generator = _generator_of(m, manager)
    if generator is not None:
        return _enclosed(m, node, at, generator)
    enter = attributes.get_attribute(m, manager, "__enter__")
    leave = attributes.get_attribute(m, manager, "__exit__")
    value = calls.call_value(m, enter, (), {})

    def body() -> Completion:
        if item.optional_vars is not None:
            targets.assign(m, item.optional_vars, value)
        return _with(m, node, at + 1)

    made = attempt(m, (BaseException,), body, lambda place: False)

    def normal() -> Completion:
        made.as_normal(m)
        m.node = node
        calls.call_value(m, leave, (None, None, None), {})
        return made.leave(m)

    def exceptional() -> None:
        made.as_raised(m)
        m.node = node
        _leave_with(m, leave, made.raised)

    if made.raised is None:
        return normal()
    truth = numbers.invert(m.backend.e, made.may) if isinstance(made.may, Then) else False
    return either_way(m, truth, normal, exceptional, node=node)


def _generator_of(m: Machine, manager: Any) -> GeneratorObject | None:
    """The generator that makes a manager, if its `yield` can be the body of a `with`."""
    module = m.modules.get("contextlib")
    if module is None or type(manager) is not module.values.get("_GeneratorContextManager"):
        return None
    found = attributes_of(manager).get("gen")
    return found if isinstance(found, GeneratorObject) and found.encloses() else None


def _enclosed(m: Machine, node: tree.AST, at: int, generator: GeneratorObject) -> Completion:
    """A `with` whose body a generator evaluates where it yields. Flags say how that has left: the
    generator goes on from there first."""
    item = node.items[at]
    here, part = Following([node]), Following([], None, True, True)
    here.next = 1

    def body(value: Any) -> None:
        depth = len(m.following)
        m.following += [here, part]
        try:
            if item.optional_vars is not None:
                targets.assign(m, item.optional_vars, value)
            flag(m, _with(m, node, at + 1), part.body)
        finally:
            del m.following[depth:]

    generator.enclose(body)
    return Attempt(part, DONE, None).leave(m)


def _leave_with(m: Machine, leave: Any, raised: Raised) -> None:
    """What `__exit__` makes of an exception: it is gone, or travels on."""
    def ask(one: BaseException | Union) -> Any:
        kind = Union(one.e, one.tag, {tag: type(each) for tag, each in one.choices.items()}) if (
            type(one) is Union) else type(one)  # fmt: skip
        answer = calls.call_value(m, leave, (kind, one, None), {})
        return operations.truth_of(m, answer)

    exception = raised.exception
    if type(exception) is not Union:
        regions.tell(m, exception)
    depth = len(m.handling)
    m.handling.append(raised)
    apart = type(exception) is Union and len(exception.choices) <= MOST_APART
    gone = regions.split(m, exception, ask) if apart else ask(exception)
    del m.handling[depth:]

    def again() -> None:
        raise raised

    if not isinstance(gone, Then):
        if not gone:
            again()
        return
    regions.merge(m, gone, regions.region(m, lambda: None), regions.region(m, again))
