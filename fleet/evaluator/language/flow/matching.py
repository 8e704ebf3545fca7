"""`match`: which case it is, and what its pattern captures.

In: a subject and patterns. Out: the body of the first case whose pattern and guard hold. The one
idea: a pattern is two questions, asked one after the other: whether the subject has its form, which
may be a run-time bool, and, where it has, which of its parts the names stand for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.language.flow.branches import either_way, leaves
from fleet.evaluator.language.operators import comparison, condition
from fleet.evaluator.language.running import run
from fleet.evaluator.objects import attributes, operations
from fleet.evaluator.state.completions import Completion
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.reads import captured, is_capture
from fleet.evaluator.values import numbers, objects, operators
from fleet.evaluator.values.heap import Dict, List
from fleet.evaluator.values.sequences import Lazy
from fleet.evaluator.values.then import Then, Union, is_run_time_list
from fleet.syntax import tree

_EQUAL = comparison(tree.Eq())
_WHOLE = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)
"""Classes whose only positional pattern is for the value itself."""


def match_(m: Machine, node: tree.AST) -> Completion:
    subject = m.evaluate(node.subject)
    return _from_on(m, node, subject, 0)


def _from_on(m: Machine, node: tree.AST, subject: Any, at: int) -> Completion:
    """The first case that fits, from one on."""
    if at == len(node.cases):
        return None
    case = node.cases[at]
    m.node = case.pattern
    truth = holds(m, case.pattern, subject)
    if case.guard is not None:
        truth = _guarded(m, case, subject, truth)

    def body() -> Completion:
        if isinstance(truth, Then) or case.guard is None:
            bind(m, case.pattern, subject)
        return run(m, case.body)

    def others() -> Completion:
        return _from_on(m, node, subject, at + 1)

    rest = node.cases[at + 1 :]
    leaving = leaves(case.body), bool(rest) and _is_irrefutable(rest[-1]) and all(
        leaves(other.body) for other in rest
    )
    return either_way(m, truth, body, others, leaving, node)


def _is_irrefutable(case: tree.AST) -> bool:
    return case.guard is None and is_capture(case.pattern)


def _guarded(m: Machine, case: tree.AST, subject: Any, truth: Any) -> Any:
    """Whether a case's guard holds as well, which sees what the pattern captures."""
    def ask() -> Any:
        bind(m, case.pattern, subject)
        return condition(case.guard)(m)

    return regions.choose(m, truth, ask, lambda: False)


def holds(m: Machine, pattern: tree.AST, subject: Any) -> Any:
    """Whether the subject has the form of a pattern: a bool, or a run-time bool."""
    if type(subject) is Union:
        return regions.split(m, subject, lambda one: holds(m, pattern, one))
    match pattern:
        case tree.MatchValue(value):
            return operations.truth_of(m, _EQUAL(m, subject, m.evaluate(value)))
        case tree.MatchSingleton(value):
            return operations.identical(m, subject, value)
        case tree.MatchAs(None):
            return True
        case tree.MatchAs(inner):
            return holds(m, inner, subject)
        case tree.MatchOr(patterns):
            return _any(m, [lambda one=one: holds(m, one, subject) for one in patterns])
        case tree.MatchSequence():
            return _all(m, [
                lambda: _is_a(m, subject, (list, tuple, range, deque)),
                *_sequence_tests(m, pattern, subject),
            ])  # fmt: skip
        case tree.MatchMapping():
            return _all(m, [
                lambda: _is_a(m, subject, (dict,)), *_mapping_tests(m, pattern, subject)
            ])  # fmt: skip
        case tree.MatchClass(cls):
            return _all(m, [
                lambda: _is_a(m, subject, _class(m, cls)),
                *(lambda one=one, name=name: _attribute_holds(m, one, subject, name)
                  for one, name in _parts(m, pattern)),
            ])  # fmt: skip
    raise AssertionError(f"a pattern of an unknown form: {type(pattern).__name__}")


def bind(m: Machine, pattern: tree.AST, subject: Any) -> None:
    """Give the names of a pattern, whose form the subject has, their values."""
    if not captured(pattern):
        return
    if type(subject) is Union and not is_capture(pattern):
        _bind_choices(m, pattern, subject)
        return
    match pattern:
        case tree.MatchAs(inner, name):
            if inner is not None:
                bind(m, inner, subject)
            if name is not None:
                m.scope.assign(m.heap, name, subject)
        case tree.MatchOr(patterns):
            _bind_first(m, patterns, subject)
        case tree.MatchSequence(patterns):
            for one, item in _items(m, patterns, subject):
                if isinstance(one, tree.MatchStar):
                    if one.name is not None:
                        m.scope.assign(m.heap, one.name, item())
                else:
                    bind(m, one, item())
        case tree.MatchMapping(keys, patterns, rest):
            taken = [m.evaluate(key) for key in keys]
            for key, one in zip(taken, patterns, strict=True):
                bind(m, one, operations.get_item(m, subject, key))
            if rest is not None:
                m.scope.assign(m.heap, rest, _without(m, subject, taken))
        case tree.MatchClass():
            for one, name in _parts(m, pattern):
                bind(m, one, _attribute(m, subject, name))


def _without(m: Machine, subject: Any, keys: list[Any]) -> Any:
    """A dictionary of what another has but for these keys."""
    if not isinstance(subject, Then):
        left = {key: value for key, value in subject.items() if key not in keys}
        return Dict(m.heap, left)
    left = m.language.call_value(m, dict, (subject,), {})
    for key in keys:
        m.native(objects.method, m.backend.e, left, "pop", [key], {})
    return left


def _bind_choices(m: Machine, pattern: tree.AST, subject: Union) -> None:
    """As bind, of what is one of the choices that may have the form."""
    choices = {
        tag: one for tag, one in subject.choices.items() if holds(m, pattern, one) is not False
    }
    if len(choices) == 1:
        bind(m, pattern, next(iter(choices.values())))
    elif choices:
        some = Union(subject.e, subject.tag, choices)
        regions.split(m, some, lambda one: bind(m, pattern, one))


def _bind_first(m: Machine, patterns: list[tree.AST], subject: Any) -> None:
    """What the first alternative that holds captures."""
    first, *rest = patterns
    if not rest:
        bind(m, first, subject)
        return
    regions.choose(
        m, holds(m, first, subject), lambda: bind(m, first, subject),
        lambda: _bind_first(m, rest, subject),
    )  # fmt: skip


def _all(m: Machine, tests: list[Callable[[], Any]]) -> Any:
    """Whether all tests hold; one is made only where those before it do."""
    for at, test in enumerate(tests):
        truth = test()
        if isinstance(truth, Then):
            rest = tests[at + 1 :]
            if not rest:
                return truth
            return regions.choose(m, truth, lambda: _all(m, rest), lambda: False)  # noqa: B023
        if not truth:
            return False
    return True


def _any(m: Machine, tests: list[Callable[[], Any]]) -> Any:
    """Whether one of the tests holds; one is made only where those before it do not."""
    for at, test in enumerate(tests):
        truth = test()
        if isinstance(truth, Then):
            rest = tests[at + 1 :]
            if not rest:
                return truth
            return regions.choose(m, truth, lambda: True, lambda: _any(m, rest))  # noqa: B023
        if truth:
            return True
    return False


# -- sequences


def _is_a(m: Machine, subject: Any, kinds: Any) -> Any:
    """isinstance(subject, kinds)."""
    if isinstance(subject, Lazy):
        return issubclass(list, kinds)
    return operations.truth_of(m, m.native(m.builtins["isinstance"], subject, kinds))


def _length(m: Machine, subject: Any) -> Any:
    if isinstance(subject, Lazy):
        return subject.count
    if isinstance(subject, Then) or is_run_time_list(subject):
        return m.native(operators.length, m.backend.e, subject)
    return m.native(len, subject)


def _star(patterns: list[tree.AST]) -> int | None:
    return next((n for n, one in enumerate(patterns) if isinstance(one, tree.MatchStar)), None)


def _sequence_tests(m: Machine, pattern: tree.AST, subject: Any) -> list[Callable[[], Any]]:
    """That the length fits, then that the items do."""
    star, count = _star(pattern.patterns), len(pattern.patterns)
    relation, wanted = ("eq", count) if star is None else ("ge", count - 1)
    tests: list[Callable[[], Any]] = [
        lambda: m.native(numbers.compare, m.backend.e, relation, _length(m, subject), wanted)
    ]
    for one, item in _items(m, pattern.patterns, subject):
        if not isinstance(one, tree.MatchStar):
            tests.append(lambda one=one, item=item: holds(m, one, item()))
    return tests


def _items(
    m: Machine, patterns: list[tree.AST], subject: Any
) -> list[tuple[tree.AST, Callable[[], Any]]]:
    """The patterns, each with what gives the item that it is for."""
    star = _star(patterns)
    found: list[tuple[tree.AST, Callable[[], Any]]] = []
    for number, one in enumerate(patterns):
        if star is None or number < star:
            found.append((one, lambda at=number: _item(m, subject, at)))
        elif number == star:
            after = len(patterns) - star - 1
            found.append((one, lambda after=after: _middle(m, subject, star, after)))
        else:
            last = number - len(patterns)
            found.append((one, lambda last=last: _item(m, subject, last)))
    return found


def _item(m: Machine, subject: Any, at: int) -> Any:
    if isinstance(subject, Lazy):
        return m.native(subject.at, at if at >= 0 else subject.count + at)
    return operations.get_item(m, subject, at)


def _middle(m: Machine, subject: Any, start: int, after: int) -> List:
    """What a starred pattern stands for."""
    end = _length(m, subject) - after
    items = operations.get_item(m, subject, slice(start, end))
    if isinstance(items, List | Then):
        return items
    return List(m.heap, items)


# -- mappings and classes


def _mapping_tests(m: Machine, pattern: tree.AST, subject: Dict) -> list[Callable[[], Any]]:
    keys = [m.evaluate(key) for key in pattern.keys]
    tests: list[Callable[[], Any]] = [
        lambda key=key: operations.contains(m, subject, key) for key in keys
    ]
    for key, one in zip(keys, pattern.patterns, strict=True):
        tests.append(
            lambda key=key, one=one: holds(m, one, operations.get_item(m, subject, key))
        )
    return tests


def _class(m: Machine, node: tree.AST) -> type:
    kind = m.evaluate(node)
    if not isinstance(kind, type):
        raise m.raised(TypeError("called match pattern must be a class"))
    return kind


def _parts(m: Machine, pattern: tree.AST) -> list[tuple[tree.AST, str | None]]:
    """The patterns within one of a class, with the attributes that they are for; None: itself."""
    kind = _class(m, pattern.cls)
    named = list(zip(pattern.kwd_patterns, pattern.kwd_attrs, strict=True))
    if not pattern.patterns:
        return named
    given = getattr(kind, "__match_args__", None)
    if given is None and issubclass(kind, _WHOLE):
        names: tuple = (None,)
    else:
        names = () if given is None else tuple(given)
    if len(pattern.patterns) > len(names):
        plural = "" if len(names) == 1 else "s"
        raise m.raised(TypeError(
            f"{kind.__name__}() accepts {len(names)} positional sub-pattern{plural} "
            f"({len(pattern.patterns)} given)"
        ))  # fmt: skip
    return [*zip(pattern.patterns, names, strict=False), *named]


def _attribute(m: Machine, subject: Any, name: str | None) -> Any:
    return subject if name is None else attributes.get_attribute(m, subject, name)


def _attribute_holds(m: Machine, pattern: tree.AST, subject: Any, name: str | None) -> Any:
    if name is None:
        return holds(m, pattern, subject)
    has = attributes.has_attribute(m, subject, name)
    return regions.choose(
        m, has, lambda: holds(m, pattern, _attribute(m, subject, name)), lambda: False
    )
