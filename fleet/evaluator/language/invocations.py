"""Call expressions: the callee, then its arguments, then the call.

In: their nodes. Out: their evaluations. The one idea: a method of a known text or container is
called without making an object of it, and so is a method of an instance of the program's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.evaluator.iterators.protocol import Iterator
from fleet.evaluator.language import calls, functions, late_keywords
from fleet.evaluator.language.displays import AFTER_STAR, as_mapping, elements
from fleet.evaluator.objects import (
    attributes,
    builtin_attributes,
    instance_reads,
    instances,
    lookups,
    operations,
)
from fleet.evaluator.objects.functions import LATE, Function
from fleet.evaluator.objects.named import of_class, with_attribute
from fleet.evaluator.objects.operations import CONDITIONAL, PLAIN
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import settled
from fleet.evaluator.state.prepared import Evaluation, prepared
from fleet.evaluator.values.heap import (
    MISSING,
    SITED,
    Dict,
    List,
    Needed,
    Set,
    is_late,
    new_serial,
)
from fleet.evaluator.values.then import (
    Object,
    Spread,
    Union,
)
from fleet.objects.functions import METHODS
from fleet.syntax import tree


def call(node: tree.AST) -> Evaluation:
    if type(node.func) is tree.Attribute:
        return _call_of_method(node)
    callee_of, arguments, keywords = prepared(node.func), elements(node.args), _keywords(node)
    starred = any(type(one) is tree.Starred for one in node.args)
    lone = starred and len(node.args) == 1

    def evaluate(m: Machine) -> Any:
        callee = callee_of(m)
        given = arguments(m, _after_star(callee)) if lone else arguments(m)
        named = keywords(m, callee) if keywords is not None else {}
        m.node = node
        plain = type(callee) is Function and not (starred and Spread in map(type, given))
        call_it = functions.call_function if plain else calls.call_value
        value = call_it(m, callee, given, named)
        return operations.usable(m, value) if type(value) in CONDITIONAL else value

    return evaluate


def _keywords(node: tree.AST) -> Callable[[Machine, Any], dict[str, Any]] | None:
    """A call's keyword arguments: a function of the callee, which messages name."""
    if not node.keywords:
        return None
    parts = [(keyword.arg, prepared(keyword.value)) for keyword in node.keywords]
    if len(parts) == 1 and parts[0][0] is not None:
        ((name, value_of),) = parts
        return lambda m, callee: {name: value_of(m)}

    def evaluate(m: Machine, callee: Any) -> dict[str, Any]:
        keywords: dict[str, Any] = {}
        for name, value_of in parts:
            value = value_of(m)
            if name in keywords:
                m.node = node
                raise _twice(m, callee, name)
            if name is not None:
                keywords[name] = value
            else:
                m.node = node
                _unpack_keywords(m, callee, value, keywords)
        if LATE in keywords:
            m.node = node
            late_keywords.refuse_twice(m, _shown(callee), keywords)
        return keywords

    return evaluate


def _twice(m: Machine, callee: Any, key: str) -> Exception:
    return m.raised(
        TypeError(f"{_shown(callee)}() got multiple values for keyword argument '{key}'")
    )


def _shown(callee: Any) -> str:
    """How CPython names what is called, where it puts keyword arguments together."""
    callee = getattr(callee, "__func__", callee)
    if type(callee) is Function:
        module = callee._scope.module.values.get("__name__", "builtins")
        return callee.__qualname__ if module == "builtins" else f"{module}.{callee.__qualname__}"
    if isinstance(callee, type) and callee.__module__ != "builtins":
        return f"{callee.__module__}.{callee.__qualname__}"
    return getattr(callee, "_name", getattr(callee, "__qualname__", "function"))


def _after_star(callee: Any) -> str:
    return AFTER_STAR.format(f"{_shown(callee)}() argument")


def _unpack_keywords(m: Machine, callee: Any, value: Any, keywords: dict[str, Any]) -> None:
    """`**value` in a call."""
    message = f"{_shown(callee)}() argument after ** must be a mapping, not %"
    value = as_mapping(m, value, message)
    if isinstance(value, Object):
        late_keywords.add(m, value, keywords)
        return
    for key in m.native(lambda: list(value.keys())):
        if key in keywords:
            raise _twice(m, callee, key)
        keywords[key] = operations.get_item(m, value, key)


_TEXT_METHODS = """
    capitalize casefold center count endswith expandtabs find index isalnum isalpha isascii
    isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper ljust lower
    lstrip partition replace rfind rindex rjust rpartition rsplit rstrip split splitlines
    startswith strip swapcase title upper zfill
""".split()
"""Methods of str that look at nothing but texts and ints."""
_METHODS: dict[str, dict[type, Callable[..., Any]]] = {}
"""Methods that are called without further ado where the arguments allow it, by name and class."""
for _kind, _methods in (
    (str, _TEXT_METHODS),
    (List, "append clear copy count extend index insert pop remove reverse".split()),
    (Dict, "clear copy get items keys pop popitem setdefault update values".split()),
    (Set, "add clear discard pop remove".split()),
):
    for _method in _methods:
        _METHODS.setdefault(_method, {})[_kind] = getattr(_kind, _method)


_AS_THEY_ARE = (tree.Name, tree.Constant, tree.Lambda)
"""Arguments that may be evaluated before what is called, since nobody sees it."""


def _call_of_method(node: tree.AST) -> Evaluation:
    function = node.func
    owner_of, name = prepared(function.value), function.attr
    arguments, keywords = elements(node.args), _keywords(node)
    starred = any(type(one) is tree.Starred for one in node.args)
    lone = starred and len(node.args) == 1
    methods = {} if keywords is not None or starred else _METHODS.get(name, {})
    given_as_is = all(type(one) in _AS_THEY_ARE for one in (
        *node.args, *(keyword.value for keyword in node.keywords)))  # fmt: skip

    def evaluate(m: Machine) -> Any:
        owner = owner_of(m)
        method = methods.get(type(owner))
        if method is not None:
            given = arguments(m)
            m.node = node
            age = new_serial()
            value = _call_plainly(m, method, owner, given)
            if value is not MISSING:
                return settled(m, node, value, age) if type(value) in SITED else value
            named: dict[str, Any] = {}
            m.node = function
            callee = attributes.get_attribute(m, owner, name)
        else:
            m.node = function
            callee = None if starred else lookups.method(owner, name)
            if callee is not None:
                given = (owner, *arguments(m))
                named = keywords(m, callee) if keywords is not None else {}
                m.node = node
                value = functions.call_function(m, callee, given, named)
                return operations.usable(m, value) if type(value) in CONDITIONAL else value
            before = not given_as_is and type(owner) is Object and (
                instance_reads.is_computed(m, owner, name))  # fmt: skip
            having = with_attribute(m, name) if type(owner) is Object and (
                owner.kind is None and not before) else None  # fmt: skip
            if having:
                given = arguments(m)
                keyed = keywords(m, owner) if keywords is not None else {}
                m.node = node
                return of_class(
                    m, owner, having,
                    lambda cls: calls.call_value(
                        m, attributes.get_attribute(m, cls, name), given, keyed),
                    lambda: _call_of_object(m, owner, name, given, keyed))  # fmt: skip
            if not before and instances.is_method(m, owner, name):
                given = arguments(m)
                named = keywords(m, owner) if keywords is not None else {}
                m.node = node
                value = instances.call(m, owner, name, given, named)
                return operations.usable(m, value) if type(value) in CONDITIONAL else value
            if type(owner) is Object and owner.kind is None and name in METHODS:
                callee = builtin_attributes.method_of_object(m, owner, name)
            else:
                callee = attributes.get_attribute(m, owner, name)
            given = arguments(m, _after_star(callee)) if lone else arguments(m)
            named = keywords(m, callee) if keywords is not None else {}
        m.node = node
        value = calls.call_value(m, callee, given, named)
        return operations.usable(m, value) if type(value) in CONDITIONAL else value

    return evaluate


def _call_of_object(
    m: Machine, owner: Object, name: str, given: tuple, named: dict[str, Any]
) -> Any:
    """owner.name(*given, **named) of one of the run's objects that is no class."""
    if instances.is_method(m, owner, name):
        return instances.call(m, owner, name, given, named)
    return calls.call_value(m, attributes.get_attribute(m, owner, name), given, named)


def _call_plainly(m: Machine, method: Callable[..., Any], owner: Any, given: tuple) -> Any:
    """What a method of a known text or container gives; MISSING where it goes the long way."""
    if type(owner) is str:
        for value in given:
            if type(value) not in PLAIN:
                return MISSING
        try:
            result = method(owner, *given)
        except Exception:  # told by the long way
            return MISSING
        return List(m.heap, result) if type(result) is list else result
    if type(owner) is List and owner.run_time is not None:
        return MISSING
    if type(owner) is Dict and any(map(is_late, given[:1])):
        return MISSING
    for value in given:
        kind = type(value)
        if kind is Union or (kind is List and value.run_time is not None) or (
                kind not in PLAIN and isinstance(value, Iterator)):  # fmt: skip
            return MISSING
    try:
        result = method(owner, *given)
    except (Exception, SystemExit) as mistake:
        if isinstance(mistake, TypeError) and mistake.__traceback__.tb_next is None:
            return MISSING  # of the call itself: nothing has happened yet
        if isinstance(mistake, Needed):
            m.heap.outgrown(owner, mistake)
        m.fail(mistake)
    return operations.usable(m, result) if type(result) in CONDITIONAL else result
