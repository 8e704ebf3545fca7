"""Functions and methods that the run's containers and instances hold, and calls of them.

In: a function, a bound method or a method of a container, to be held by what only run time knows;
and an object that is called. Out: one of the run's objects, and what the call gives. The one idea:
which functions may be held is known when the program is built, so such an object is the number of
its text with what is its own: the variables that it takes from functions around it, its defaults,
the instance that it is bound to. A call asks for the number, and each text is evaluated in the
branch that is its own.

What is taken from around has to be final, because the object has it by value.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MethodType
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.objects import attributes, instances, named
from fleet.evaluator.objects.functions import LATE, Function, signature
from fleet.evaluator.objects.named import Named
from fleet.evaluator.objects.provided import BoundBuiltin, Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.memory import Again
from fleet.evaluator.state.outgrown import learn
from fleet.evaluator.state.scopes import Names, Scope, all_arguments
from fleet.evaluator.values import classes, numbers, objects
from fleet.evaluator.values.heap import bindings
from fleet.evaluator.values.then import Number, Object, Rest, Spread, Text, Unusable, type_name
from fleet.objects.instances import FIRST_CALLBACK
from fleet.syntax import tree

_UNIT = "\0"
"""Between the parts of a name in an object of ours, which no attribute's name has."""


@dataclass(frozen=True)
class _Code:
    """A function's text. names: its name and its qualified one; free: (name, kind) of what it takes
    from functions around; itself: the name that it has among those; once: whether it is one object
    in a run; own: (name, kind) of attributes that it was given."""

    node: tree.AST
    names: tuple[str, str]
    free: tuple[tuple[str, str], ...]
    itself: str | None
    once: bool
    own: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Bound:
    """A method of instances of a class of the program's, or of one of Python's containers."""

    kind: str
    name: str


@dataclass(frozen=True)
class _Partial:
    """A function with some of its arguments. inner: the number of its text; kinds: what is known of
    the arguments by position; named: (name, kind) of the others."""

    inner: int
    kinds: tuple[str, ...]
    named: tuple[tuple[str, str], ...]


Code = _Code | _Bound | _Partial | Named


def box_function(m: Machine, function: Function) -> Object:
    """A function of the program's as one of the run's objects."""
    path = _global_names(m, function)
    if path is not None:
        return _box_global(m, function, path)
    m.boxing.append(function)
    try:
        return _box_text(m, function)
    finally:
        m.boxing.pop()


def _box_text(m: Machine, function: Function) -> Object:
    """The same, as the number of its text with what is its own."""
    taken, itself = _taken(m, function)
    free = tuple((name, _kind(value)) for name, value in taken.items())
    node = function._node
    has_values = bool(free) or any(True for _ in _defaults(function))
    own = classes.shown(function.__dict__)
    once = not has_values and not own and function._scope.kind == "module" and _made_once(
        signature(node).original, m.sources[node.location.file].body)  # fmt: skip
    names = function.__name__, function.__qualname__
    kinds = tuple((name, _kind(value)) for name, value in own.items())
    code = _Code(node, names, free, itself, once, kinds)
    if not once:
        m.by_value.append(function)
    shown = f"function {function.__qualname__}"
    made = _make(m, code, "function", shown, once, function)
    _put(m, made, "__name__", function.__name__)
    _put(m, made, "__qualname__", function.__qualname__)
    if function._doc is not None:
        _put(m, made, "__doc__", function._doc)
    for name, value in taken.items():
        _put(m, made, _UNIT + name, value)
    for name, value in (*_defaults(function), *own.items()):
        if name != _WRAPPED:
            _put(m, made, name, value)
    return made


_WRAPPED = "__wrapped__"
"""What `functools.wraps` notes, and hardly a program asks for."""


def _global_names(m: Machine, function: Function) -> tuple[str, str] | None:
    """The module's file and the name there, of a function that one statement of a module gives a
    name and no other does; None for others, and where the text itself says as much."""
    module, node = function._scope.module, signature(function._node).original
    file = module.values.get("__file__", node.location.file)
    if function._prelude or file not in m.sources:
        return None
    if function._scope.kind == "module" and not function.__dict__ and _made_once(
            node, m.sources[file].body):  # fmt: skip
        return None
    name = next((key for key, one in module.values.items() if one is function), None)
    tree_of_file = m.sources[file]
    bound = [one for one in tree.walk(tree_of_file) if name and _binds(one, name)]
    if len(bound) != 1 or not any(one is bound[0] for one in _once(tree_of_file.body)):
        return None
    return file, name


def _box_global(m: Machine, function: Function, path: tuple[str, str]) -> Object:
    """A function that a module of the program names once, as one of the run's objects."""
    made = _make(m, Named(named.GLOBAL, path), "function", f"function {function.__qualname__}",
                 True, function)  # fmt: skip
    for name in ("__name__", "__qualname__"):
        _put(m, made, name, getattr(function, name))
    if function._doc is not None:
        _put(m, made, "__doc__", function._doc)
    return made


def box_method(m: Machine, method: MethodType | BoundBuiltin) -> Object:
    """A bound method as one of the run's objects."""
    owner = objects.box(m.backend.e, method.__self__)
    name = method._name if isinstance(method, BoundBuiltin) else method.__func__.__name__
    kind = "method" if isinstance(method, MethodType) else "builtin_function_or_method"
    made = _make(m, _Bound(_kind(owner), name), kind, "", False, method)
    _put(m, made, "__name__", name)
    _put(m, made, "__self__", owner)
    return made


def box_named(m: Machine, value: Any) -> Object | None:
    """A class or function that names lead to as one of the run's objects."""
    code = named.name_of(m, value)
    if code is None:
        return None
    kind = "type" if isinstance(value, type) else type_name(value)
    made = _make(m, code, kind, named.text(code, value), True, value)
    for name in ("__name__", "__qualname__"):
        if isinstance(value, type):
            _put(m, made, name, getattr(value, name))
    return made


def box_partial(m: Machine, value: Any) -> Object:
    """What `functools.partial` makes as one of the run's objects."""
    func, args, keywords = value.partial_of()
    held = objects.box(m.backend.e, func)
    inner = next(number for number, one in m.callbacks.items() if one is func)
    named = tuple((name, _kind(one)) for name, one in keywords.items())
    made = _make(m, _Partial(inner, tuple(map(_kind, args)), named), "partial", "", False, value)
    _put(m, made, "__func__", held)
    for at, one in enumerate(args):
        _put(m, made, f"{_UNIT}{at}", one)
    for name, one in keywords.items():
        _put(m, made, _UNIT + name, one)
    return made


def is_found(method: MethodType) -> bool:
    """Whether the class of what it is bound to has the method by its name."""
    owner, name = method.__self__, method.__func__.__name__
    cls = owner.kind if isinstance(owner, Object) else type(owner)
    found_in = classes.holder(cls.__mro__, name) if isinstance(cls, type) else None
    return found_in is not None and vars(found_in)[name] is method.__func__


def _make(
    m: Machine, code: Code, kind: str, shown: str, once: bool, value: Any
) -> Object:
    number = _number(m, code)
    m.callbacks[number] = value
    given = [FIRST_CALLBACK + number, kind, shown, once]
    return m.native(objects.function, m.backend.e, "callback", given, "object", True)


def _put(m: Machine, made: Object, name: str, value: Any) -> None:
    given = [made, name, objects.box(m.backend.e, value)]
    m.native(objects.function, m.backend.e, "set_held", given, None, True)


def _number(m: Machine, code: Code) -> int:
    """That of a text; where calls have been evaluated without it, the program is, anew."""
    known = m.policy.callables
    if code not in known.known:
        known.add(code)
        has_attributes = isinstance(code, Named) and code.form in (named.CLASS, named.GLOBAL)
        if m.called_callbacks or has_attributes:  # attributes have been read without it
            learn(m, ())
    return list(known).index(code)


def _kind(value: Any) -> str:
    """What is known of a value when the program is built."""
    if isinstance(value, Text | Number):
        return value.kind
    if type(value) is int and not -(1 << 63) <= value < 1 << 63:
        return "object"
    if type(value) in (str, bytes):
        return type(value).__name__
    if isinstance(value, Object):
        return "object" if value.kind is None else _key(value.kind)
    if classes.is_made(type(value)) and not classes.is_of_numbers(value):
        return _key(type(value))
    return (numbers.kind_of(value) if type(value) in (int, float, bool) else None) or "object"


def _key(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


_PYTHON = {_key(cls): cls for cls in (list, dict, set, tuple, frozenset)}


def _gives(kind: str) -> Any:
    """What a service gives that gives such a value."""
    if kind in ("int", "float", "bool", "str", "bytes"):
        return kind
    return _PYTHON.get(kind) or classes.BY_NAME.get(kind) or "object"


# -- what a function takes from around it


def _taken(m: Machine, function: Function) -> tuple[dict[str, Any], str | None]:
    """The values of its free variables, and the name among them that is its own."""
    own, itself = function._names, None
    taken: dict[str, Any] = {}
    for name in sorted(_read(function._node) - own.local - own.globals):
        scope = next((one for one in function._scope.chain() if one.kind != "class" and (
            one.kind == "module" or name in one.values or name in one.names.local)),
            None)  # fmt: skip
        if scope is None or scope.kind == "module":
            continue
        if name == function.__name__ and scope.values.get(name) is not function and (
                is_final(scope, name) and not getattr(function._node, "decorator_list", ())):
            itself = name  # which is being defined
            continue
        mutual = any(one is scope.values.get(name) for one in m.boxing[:-1])
        if mutual or name in own.nonlocals or name not in scope.values or (
                not is_final(scope, name)):  # fmt: skip
            _put_into_cells(m, scope, name)
            raise m.error(
                f"`{function.__name__}` is kept in a list, dict or object that run time changes, "
                f"and its variable `{name}` may change later, which is not supported",
                f"give it as a default, `{name}={name}`, or as an attribute of an object",
            )
        if scope.values[name] is function:
            itself = name
        else:
            taken[name] = scope.values[name]
    return taken, itself


def _put_into_cells(m: Machine, scope: Scope, name: str) -> None:
    """Evaluate anew with a variable of a function in a frame, if it can be."""
    if scope.kind != "function":
        return
    original = signature(scope.called[0]._node).original
    known = m.policy.in_cells.known.get(id(original), frozenset())
    try:
        m.language.with_cells(original, known | {name})
    except FleetError:
        return
    m.policy.in_cells[id(original)] = known | {name}
    raise Again


def _read(node: tree.AST) -> set[str]:
    """The names that a function's body says, but for those of its comprehensions' own."""
    body = node.body if isinstance(node.body, list) else [node.body]
    return {one.id for part in body for one in tree.walk(part) if isinstance(one, tree.Name)} | {
        name for part in body for one in tree.walk(part) if isinstance(one, tree.Nonlocal)
        for name in one.names}  # fmt: skip


def is_final(scope: Scope, name: str) -> bool:
    """Whether a variable of a function keeps the value that it has, as the text says."""
    if scope.kind != "function":
        return False
    if not hasattr(scope, "called"):  # of what was taken by value
        return True
    node = scope.called[0]._node
    bound = [one for one in tree.walk(node) if _binds(one, name)]
    if name in {one.arg for one in all_arguments(node.args)}:
        return not bound
    body = node.body if isinstance(node.body, list) else []
    return len(bound) == 1 and any(one is bound[0] for one in _once(body))


def _binds(node: tree.AST, name: str) -> bool:
    """Whether a node gives the name a value, wherever it stands."""
    match node:
        case tree.Name():
            return node.id == name and not isinstance(node.ctx, tree.Load)
        case tree.FunctionDef() | tree.AsyncFunctionDef() | tree.ClassDef():
            return node.name == name
        case tree.ExceptHandler() | tree.MatchAs() | tree.MatchStar():
            return node.name == name
        case tree.MatchMapping():
            return node.rest == name
        case tree.Nonlocal():
            return name in node.names
        case tree.alias():
            return (node.asname or node.name.split(".")[0]) == name
    return False


_REPEATING = (
    tree.For, tree.AsyncFor, tree.While, tree.ListComp, tree.SetComp, tree.DictComp,
    tree.GeneratorExp,
)  # fmt: skip
_INNER = (tree.FunctionDef, tree.AsyncFunctionDef, tree.Lambda)


def _once(body: list[tree.AST]) -> Iterator[tree.AST]:
    """The nodes that are evaluated at most once each time that a body is."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _REPEATING + _INNER):
            waiting += tree.iter_child_nodes(node)


def _made_once(node: tree.AST, body: list[tree.AST]) -> bool:
    """Whether a function of a module is one object in a run."""
    return any(one is node for one in _once(body))


def _defaults(function: Function) -> Iterator[tuple[str, Any]]:
    """(our name, value) of the defaults that the text does not say."""
    spec = function._node.args
    for at, (node, value) in enumerate(zip(spec.defaults, function._defaults, strict=True)):
        if not isinstance(node, tree.Constant):
            yield f"{_UNIT}{at}", value
    for parameter, node in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        if node is not None and not isinstance(node, tree.Constant):
            yield f"{_UNIT}{parameter.arg}{_UNIT}", function._kw_defaults[parameter.arg]


# -- calls


def call_object(m: Machine, callee: Object, arguments: tuple, keywords: dict[str, Any]) -> Any:
    """A call of one of the run's objects."""
    def as_instance() -> Any:
        return instances.called(m, callee, arguments, keywords)

    if callee.kind is not None:
        return as_instance()
    if _CALLS in m.policy.recursive:
        return _call_in_schedule(m, callee, arguments, keywords)
    if m.calling and m.backend.e is not None and m.policy.callables.known:
        m.policy.recursive.add(_CALLS)
        raise Again
    m.calling += 1
    try:
        return call(m, callee, arguments, keywords, as_instance)
    finally:
        m.calling -= 1


_CALLS = -1
"""Among the functions whose recursion ends at run time: calls of what run time holds, which may
come to call one another."""


_STARRED = (Spread, Rest)
"""What stands for arguments of which only run time knows how many there are."""


def _call_in_schedule(
    m: Machine, callee: Object, arguments: tuple, keywords: dict[str, Any]
) -> Any:
    """The call as one of a function of the schedule, for all that may be called so."""
    count, given = len(arguments), (*arguments, *keywords.values())
    forms = [type(one) if type(one) in _STARRED else None for one in given]
    shown = " ".join("" if form is None else form.__name__ for form in forms)
    name = f"call of {count} {shown} {' '.join(keywords)}"
    passed = [one if form is None else one.value for form, one in zip(forms, given, strict=True)]

    def use(inside: dict[str, Any]) -> Any:
        value, *others = inside.values()
        others = [one if form is None else form(one)
                  for form, one in zip(forms, others, strict=True)]
        own, named = tuple(others[:count]), dict(zip(keywords, others[count:], strict=True))
        return call(m, value, own, named, lambda: instances.called(m, value, own, named))

    values = {str(at): one for at, one in enumerate((callee, *passed))}
    return m.language.in_schedule(m, instances.Dispatch.of(m, name), values, use)


def call(
    m: Machine, value: Object, given: tuple, keywords: dict[str, Any],
    otherwise: Callable[[], Any],
) -> Any:
    """value(*given, **keywords), if it is a function that the run holds; else otherwise()."""
    m.called_callbacks = True
    known = m.policy.callables
    if not known:
        return otherwise()
    e = m.backend.e
    number = m.native(objects.function, e, "number_of", [value], "int")

    def among(first: int, end: int) -> Any:
        if end - first == 1:
            callee = _anew(m, value, first)
            return m.language.call_value(m, callee, given, _taken_by(m, callee, keywords))
        middle = (first + end) // 2
        below = m.native(numbers.compare, e, "lt", number, FIRST_CALLBACK + middle)
        return m.language.choose(
            m, below, lambda: among(first, middle), lambda: among(middle, end))

    is_one = m.native(numbers.compare, e, "ge", number, FIRST_CALLBACK)
    return m.language.choose(m, is_one, lambda: among(0, len(known)), otherwise)


def _taken_by(m: Machine, callee: Any, keywords: dict[str, Any]) -> dict[str, Any]:
    """Keyword arguments without those of which only run time knows the names, if there must be none
    because a function of Python's own is called."""
    if LATE not in keywords or type(callee) is not Builtin or callee.passes_on:
        return keywords
    e = m.backend.e
    count = m.native(objects.length, e, keywords[LATE].value)
    m.native(numbers.require, e, m.native(numbers.compare, e, "eq", count, 0),
             "NotImplementedError", f"keyword arguments of {callee._name}() by names of run time")
    return {key: one for key, one in keywords.items() if key != LATE}


def _anew(m: Machine, value: Object, at: int) -> Any:
    """The function or method that an object is, if it is of this text."""
    code = list(m.policy.callables)[at]
    if isinstance(code, Named):
        return named.found(m, code, attributes.get_attribute)
    if isinstance(code, _Bound):
        owner = _held(m, value, "__self__", code.kind)
        if isinstance(owner.kind, type) and classes.is_made(owner.kind):
            found_in = classes.holder(owner.kind.__mro__, code.name)
            return MethodType(vars(found_in)[code.name], owner)
        enter = functools.partial(m.language.object_method, m)
        return BoundBuiltin(code.name, owner, None, enter)
    if isinstance(code, _Partial):
        return _partial_anew(m, value, code)
    known = m.callbacks.get(at)
    if code.once and known is not None:
        return known
    return _made_anew(m, value, code, known)


def _partial_anew(m: Machine, value: Object, code: _Partial) -> Builtin:
    function = _anew(m, _held(m, value, "__func__"), code.inner)
    args = [_held(m, value, f"{_UNIT}{at}", kind) for at, kind in enumerate(code.kinds)]
    named = {name: _held(m, value, _UNIT + name, kind) for name, kind in code.named}
    made = Builtin("partial", lambda *more, **others: m.language.call_value(
        m, function, (*args, *more), named | others))  # fmt: skip
    made.passes_on = True
    return made


def _held(m: Machine, value: Object, name: str, kind: str = "object") -> Any:
    gives = _gives(kind)
    return m.native(objects.function, m.backend.e, "held", [value, name], gives)


def _made_anew(m: Machine, value: Object, code: _Code, known: Function | None) -> Function:
    node, scope = code.node, _module(m, code, known)
    if code.free or code.itself:
        values = bindings()
        values |= {name: _held(m, value, _UNIT + name, kind) for name, kind in code.free}
        scope = Scope("function", scope, Names(set(values)), code.names[1], values)
    spec = node.args
    defaults = [
        one.value if isinstance(one, tree.Constant) else _held(m, value, f"{_UNIT}{at}")
        for at, one in enumerate(spec.defaults)
    ]
    named = {
        parameter.arg: one.value if isinstance(one, tree.Constant) else
        _held(m, value, f"{_UNIT}{parameter.arg}{_UNIT}")
        for parameter, one in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
        if one is not None
    }  # fmt: skip
    enter = functools.partial(m.language.enter_function, m)
    made = Function(*code.names, node, scope, defaults, named, enter, False, m.heap)
    if known is not None:
        made.owner = known.owner
    for name, kind in code.own:
        made.__dict__[name] = _held(m, value, name, kind) if name != _WRAPPED else Unusable(
            f"`{name}` of a function that only run time knows is not supported",
            "keep the function in an attribute of another name")  # fmt: skip
    m.by_value.append(made)
    if code.itself:
        scope.names.local.add(code.itself)
        scope.values[code.itself] = made
    return made


def _module(m: Machine, code: _Code, known: Function | None) -> Scope:
    """The scope of the module that a function is of."""
    if known is not None:
        return known._scope.module
    file = code.node.location.file
    for module in m.loaded.values():
        if module.values.get("__file__") == file:
            scope = Scope("module", None, Names(), "<module>", module.values)
            return scope
    return m.main.module
