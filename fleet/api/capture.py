"""Live Python objects as values of the evaluator: what a compiled function finds around it.

In: the module's names, closure variables, defaults and static arguments of a function. Out: the
values that the evaluator computes with, and guards that notice when one of them changes. The one
idea: an object is converted when its name is first read, once, so that two names of one object
stay two names of one value; nothing of it may be written to, because the write would be lost.
"""

from __future__ import annotations

import builtins
import collections
import functools
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from fleet.api.arguments import DTYPES, is_named_tuple, is_supported
from fleet.api.guards import (
    MISSING,
    Guard,
    array_guard,
    cell_guard,
    container_guard,
    contents,
    entry_guard,
    function_guard,
    names_guard,
)
from fleet.api.source import class_node, function_node, place_of
from fleet.diagnostics import FleetError
from fleet.evaluator.language import class_statements
from fleet.evaluator.language.calls import call_value
from fleet.evaluator.language.functions import new_function
from fleet.evaluator.language.imports import load_library
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.modules import Module
from fleet.evaluator.objects.provided import provided
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.scopes import Names, Scope
from fleet.evaluator.values.heap import (
    Bindings,
    Dict,
    List,
    Set,
    give_attributes,
    state_of,
)
from fleet.evaluator.values.then import Unusable
from fleet.syntax import tree
from fleet.syntax.private import is_private

_PLAIN = (bool, int, float, str, bytes, type(None), type(Ellipsis), type(NotImplemented), range,
          slice)  # fmt: skip
_RANDOM = frozenset("default_rng Generator RandomState PCG64".split())
"""Of numpy.random, what does not draw from the state that the whole interpreter shares."""


_DESCRIPTORS = (property, types.MemberDescriptorType, types.GetSetDescriptorType, type)


class Unsupported(Exception):
    """An object that cannot be converted. message, hint: as of a FleetError."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class LiveNames(Bindings):
    """The names of a module or of the functions around a function, converted when they are read."""

    def __init__(self, m: Machine, find: Callable[[str], Any]) -> None:
        super().__init__()
        self.serial = 0
        self._m = m
        self._find = find

    def __setitem__(self, name: str, value: Any) -> None:
        raise self._m.error(
            f"this assigns to `{name}`, which is outside of the compiled function, and the change "
            "would be lost",
            "return the new value instead",
        )

    def __delitem__(self, name: str) -> None:
        self[name] = MISSING

    def __contains__(self, name: object) -> bool:
        if not dict.__contains__(self, name):
            value = self._find(str(name))
            if value is MISSING:
                return False
            dict.__setitem__(self, name, value)
        return True

    def __getitem__(self, name: str) -> Any:
        if name not in self:
            raise KeyError(name)
        return dict.__getitem__(self, name)

    def get(self, name: str, default: Any = None) -> Any:
        return dict.__getitem__(self, name) if name in self else default


class Capture:
    """Converts for one evaluation. `guards` notice changes.

    unwrap: gives the function that a decorator of ours has wrapped
    decorator: the decorator, which does nothing to a function within what it compiles
    """

    def __init__(
        self, m: Machine, unwrap: Callable[[Any], Any], decorator: Callable[..., Any]
    ) -> None:
        self.m = m
        self.unwrap = unwrap
        self.guards: list[Guard] = []
        self.classes: dict[str, type] = {}
        """The live classes that were converted, by the names that exceptions have."""
        self.arrays: list[np.ndarray] = []
        self._memo: dict[int, tuple[Any, Any]] = {}
        self._states: list[tuple[str, Any, Any]] = []
        self._scopes: dict[int, Scope] = {}
        load_library(m, "dataclasses", m.library["dataclasses"])
        self._provided = _provided(m) | {id(decorator): provided("jit", _decorated)}
        random = m.modules["numpy.random"]
        random.values = {name: random.values[name] for name in _RANDOM}
        random.reject = lambda name: m.error(
            f"{name} uses the random state of the whole interpreter, which a compiled function has "
            "not", "make a generator in the function, with np.random.default_rng(seed)",
        )  # fmt: skip

    # -- names

    def value(self, live: Any, name: str) -> Any:
        """An object as a value; what cannot be one is refused when it is used."""
        try:
            return self._convert(live, name)
        except Unsupported as problem:
            return Unusable(problem.message, problem.hint)
        except FleetError as error:
            error.location = error.location or self.m.location()
            raise

    def _module_scope(self, namespace: dict[str, Any]) -> Scope:
        found = self._scopes.get(id(namespace))
        if found is None:
            found = Scope("module", None, Names(), "<module>")
            found.values = LiveNames(self.m, functools.partial(self._entry, namespace))
            self._scopes[id(namespace)] = found
        return found

    def _entry(self, namespace: Mapping[str, Any], name: str) -> Any:
        self.guards.append(entry_guard(namespace, name))
        live = namespace.get(name, MISSING)
        return MISSING if live is MISSING else self.value(live, name)

    def _variable(self, cells: dict[str, types.CellType], name: str) -> Any:
        if name not in cells or contents(cells[name]) is MISSING:
            return MISSING
        self.guards.append(cell_guard(cells[name]))
        return self.value(cells[name].cell_contents, name)

    # -- values

    def _convert(self, live: Any, name: str) -> Any:
        known = self._memo.get(id(live))
        if known is not None:
            return known[1]
        value = self._made(live, name)
        self._memo[id(live)] = (live, value)
        return value

    def _made(self, live: Any, name: str) -> Any:
        kind = type(live)
        if kind in _PLAIN or isinstance(live, np.dtype):
            return live
        if id(live) in self._provided:
            return self._provided[id(live)]
        live = self.unwrap(live)
        match live:
            case np.ndarray():
                return self._array(live, name)
            case np.generic():
                return self._supported(live)
            case tuple() if kind is tuple or is_named_tuple(kind):
                items = [self._convert(item, name) for item in live]
                form = kind if kind is tuple else self._convert(kind, kind.__name__)
                return tuple.__new__(form, items)
            case list() | dict() | set() if kind in (list, dict, set):
                return self._container(live, name)
            case frozenset() if kind is frozenset:
                return frozenset(self._convert(item, name) for item in live)
            case types.FunctionType():
                return self.function(live)
            case types.MethodType():
                function = self._convert(live.__func__, name)
                return types.MethodType(function, self._convert(live.__self__, name))
            case types.ModuleType():
                return self._module(live)
            case functools.partial() if kind is functools.partial:
                parts = [self._convert(part, name) for part in (live.func, *live.args)]
                named = {key: self._convert(part, name) for key, part in live.keywords.items()}
                partial = self.m.modules["functools"].get("partial")
                return call_value(self.m, partial, tuple(parts), named)
            case type():
                return self._class(live)
        return self._instance(live, name)

    def _supported(self, live: Any) -> Any:
        if not is_supported(live.dtype):
            raise Unsupported(f"arrays of dtype {live.dtype} are not supported", DTYPES)
        return live

    def _array(self, live: np.ndarray, name: str) -> Any:
        if type(live) is not np.ndarray:
            raise Unsupported(
                f"`{name}` is of a subclass of np.ndarray, {type(live).__name__}",
                "make an array of it with np.asarray",
            )
        self._supported(live)
        guard = array_guard(live)
        if guard is not None:
            self.guards.append(guard)
        self.arrays.append(live)
        value = self.m.backend.array(live, name)
        value.cell.serial = 0
        value.frozen = (
            f"`{name}` comes from outside of the compiled function, and what is written to it "
            "would be lost"
        )
        return value

    def _container(self, live: Any, name: str) -> Any:
        heap = self.m.heap
        own: dict[type, type] = {list: List, dict: Dict, set: Set}
        made = own[type(live)](heap)
        made.serial = 0
        self._memo[id(live)] = (live, made)
        self.guards.append(container_guard(live))
        if isinstance(live, dict):
            items = {self._convert(key, name): self._convert(item, name)
                     for key, item in live.items()}  # fmt: skip
            dict.update(made, items)
        elif isinstance(live, set):
            set.update(made, [self._convert(item, name) for item in live])
        else:
            list.extend(made, [self._convert(item, name) for item in live])
        self._states.append((name, made, state_of(made)))
        return made

    def function(self, live: types.FunctionType) -> Function:
        """A function of the user's, from its text. Raises FleetError."""
        known = self._memo.get(id(live), (None, None))[1]
        if isinstance(known, Function):
            return known
        m, code = self.m, live.__code__
        node = function_node(code)
        _refuse_kinds(code)
        _mangle(node, code)
        self._add_source(node)
        scope = self._module_scope(live.__globals__)
        cells = dict(zip(code.co_freevars, live.__closure__ or (), strict=True))
        if cells:
            scope = Scope("function", scope, Names(local=set(cells)), "<closure>")
            scope.values = LiveNames(self.m, functools.partial(self._variable, cells))
        self.guards.append(function_guard(live))
        defaults = [self.value(item, live.__name__) for item in live.__defaults__ or ()]
        named = {
            key: self.value(item, key) for key, item in (live.__kwdefaults__ or {}).items()
        }
        with m.place_kept():
            m.outside = None
            names = live.__name__, live.__qualname__
            made = new_function(m, node, names, scope, defaults, named)
        self._memo[id(live)] = (live, made)
        self._states.append((live.__name__, made.__dict__, state_of(made.__dict__)))
        return made

    def _add_source(self, node: tree.AST) -> None:
        """Let the evaluator know the text around a function."""
        sources, file = self.m.sources, node.location.file
        known = sources[file].body if file in sources else []
        if not any(node is one for one in known):
            sources[file] = tree.Module([*known, node], [])

    def _module(self, live: types.ModuleType) -> Any:
        known = self.m.modules.get(live.__name__)
        if known is None and live.__name__ in self.m.library:
            known = load_library(self.m, live.__name__, self.m.library[live.__name__])
        if known is not None and known.real is live:
            return known
        namespace = vars(live)
        if not isinstance(getattr(live, "__file__", None), str) or live.__name__ == "numpy":
            raise Unsupported(
                f"the module `{live.__name__}` is not supported",
                f"these are: {', '.join(sorted(set(self.m.modules) - {'primitives'}))}",
            )

        def more(name: str) -> Any:
            value = self._entry(namespace, name)
            if isinstance(value, Unusable):
                raise self.m.error(value.why, value.hint)
            return None if value is MISSING else value

        return Module(live.__name__, {}, live, self.m.error, more)

    def _class(self, live: type) -> Any:
        if live.__module__ == "builtins" or live in self.m.given_classes():
            return live
        if is_named_tuple(live):
            return self._named_tuple(live)
        m, node = self.m, class_node(live)
        self._add_source(node)
        namespace = _namespace_of(live)
        outer = Scope("function", self._module_scope(namespace), Names(local={node.name}), "")
        with m.place_kept():
            m.scope, m.outside = outer, None
            class_statements.class_(m, node)
        made = outer.values[node.name]
        made.__module__ = "__main__"
        if self.classes.setdefault(made.__qualname__, live) is not live:
            raise Unsupported(
                f"there are two classes that are called `{made.__qualname__}`", "rename one of them"
            )
        self._memo[id(live)] = (live, made)
        self.guards.append(names_guard(live))
        for name, value in vars(live).items():
            self._class_attribute(live, made, name, value)
        return made

    def _named_tuple(self, live: Any) -> type:
        plain = vars(collections.namedtuple("plain", live._fields))
        more = [name for name in vars(live) if name not in plain and not name.startswith("__")]
        if more:
            raise Unsupported(
                f"the named tuple `{live.__qualname__}` has methods, which is not supported",
                "write them as functions",
            )
        heap, defaults = self.m.heap, live._field_defaults
        given = [self._convert(value, name) for name, value in defaults.items()]
        make = self.m.modules["collections"].get("namedtuple")
        fields, named = List(heap, live._fields), {"defaults": tuple(given)}
        made: type = call_value(self.m, make, (live.__name__, fields), named)
        return made

    def _class_attribute(self, live: type, made: type, name: str, value: Any) -> None:
        """What the class has now, where that is not what its text says."""
        if name.startswith("__") and name.endswith("__"):
            return
        self.guards.append(entry_guard(vars(live), name))
        value, wrap = self.unwrap(value), None
        if isinstance(value, staticmethod | classmethod):
            value, wrap = self.unwrap(value.__func__), type(value)
        if isinstance(value, _DESCRIPTORS):
            return
        own = f"{live.__qualname__}.{name}"
        if not isinstance(value, types.FunctionType) or value.__qualname__ != own:
            now = self.value(value, name)
            type.__setattr__(made, name, now if wrap is None else wrap(now))

    def _instance(self, live: Any, name: str) -> Any:
        """An object of a class of the user's whose attributes are in its __dict__."""
        kind = type(live)
        own = getattr(live, "__dict__", None)
        plain = getattr(kind, "__new__", None) is object.__new__
        foreign = kind.__module__ in ("builtins", "numpy") or isinstance(live, BaseException)
        if foreign or not plain or not isinstance(own, dict):
            raise Unsupported(
                f"`{name}`, of type {kind.__module__}.{kind.__qualname__}, cannot be used in a "
                "compiled function",
                "numbers, texts, arrays, and lists, tuples and dictionaries of them can",
            )
        try:
            cls = self._convert(kind, kind.__name__)
        except FleetError as error:
            raise Unsupported(error.message, error.hint or "") from None
        made = object.__new__(cls)
        give_attributes(self.m.heap, made)
        self._memo[id(live)] = (live, made)
        self.guards.append(container_guard(own))
        attributes = vars(made)
        attributes.serial = 0
        dict.update(attributes, {key: self._convert(item, key) for key, item in own.items()})
        self._states.append((name, attributes, state_of(attributes)))
        return made

    # -- afterwards

    def own(self) -> dict[int, Any]:
        """The live object that a value stands for, by the value's id."""
        return {
            id(value): live for live, value in self._memo.values()
            if not isinstance(value, (*_PLAIN, tuple, np.generic))
        }  # fmt: skip

    def refuse_changes(self) -> None:
        """Raise FleetError where the function changes something from outside."""
        for name, obj, before in self._states:
            now = state_of(obj)
            if len(now) != len(before) or not _equal_states(before, now):
                raise FleetError(
                    f"the compiled function changes `{name}`, which is outside of it, and the "
                    "change would be lost",
                    hint="return the new value instead",
                )


def _equal_states(a: Any, b: Any) -> bool:
    if isinstance(a, dict):
        return list(a) == list(b) and all(a[key] is b[key] for key in a)
    if isinstance(a, tuple):
        return isinstance(b, tuple) and all(x is y for x, y in zip(a, b, strict=True))
    return a is b or (isinstance(a, frozenset) and a == b)


def _mangle(node: tree.AST, code: types.CodeType) -> None:
    """Give private attributes in a method the names that Python has compiled."""
    names = set(_names_in(code))
    for one in tree.walk(node):
        if isinstance(one, tree.Attribute) and is_private(one.attr):
            found = [name for name in names if name.endswith(one.attr) and name[:2] != "__"]
            one.attr = found[0] if len(found) == 1 else one.attr


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)


def _namespace_of(live: type) -> dict[str, Any]:
    return vars(sys.modules[live.__module__]) if live.__module__ in sys.modules else {}


def _provided(m: Machine) -> dict[int, Any]:
    """What Python's and NumPy's own functions are to the evaluator, by their ids."""
    found: dict[int, Any] = {}
    for module in m.modules.values():
        for name, value in module.values.items():
            real = getattr(module.real, name, None)
            if callable(real):
                found[id(real)] = value
        if module.real is not None:
            found[id(module.real)] = module
    for name, value in m.builtins.items():
        real = getattr(builtins, name, None)
        if callable(real):
            found[id(real)] = value
    return found


def _decorated(function: Any = None, /, **options: Any) -> Any:
    """`@fleet.jit` or `@fleet.jit(...)`, evaluated."""
    return provided("jit", _decorated) if function is None else function


_COROUTINE = 0x80 | 0x200
"""CO_COROUTINE, CO_ASYNC_GENERATOR."""


def _refuse_kinds(code: types.CodeType) -> None:
    if code.co_flags & _COROUTINE:
        raise FleetError(f"`{code.co_name}` is a coroutine, which is not supported", place_of(code))
