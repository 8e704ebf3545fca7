"""Functions of the user's program: parameters, defaults, closures, binding to instances.

In: a function's tree and the scope that it was defined in. Out: an object that the evaluator calls,
and that Python's own machinery (map, sorted, operators of classes) can call too. The one idea:
a user's function is a Python callable whose call goes back to the evaluator.
"""

from __future__ import annotations

import functools
import linecache
from collections.abc import Callable, Sequence
from types import CellType, MethodType
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.prepared import Evaluation, prepared
from fleet.evaluator.state.scopes import Scope, free_names, names_of
from fleet.evaluator.values.heap import Attributes, Bindings, Dict, Heap, bindings
from fleet.evaluator.values.then import Rest
from fleet.syntax import tree


class Function:
    """A `def` or `lambda` of the user's program, or of the prelude.

    enter: calls back into the evaluator: (function, arguments, keywords) -> result.
    owner: a cell with the class that it is a method of, for super().
    Its `__dict__` is the program's.
    """

    __slots__ = (
        "__dict__", "__name__", "__qualname__", "__weakref__", "_annotations", "_defaults", "_doc",
        "_enter", "_kw_defaults", "_names", "_node", "_prelude", "_scope", "owner",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        qualname: str,
        node: tree.AST,
        scope: Scope,
        defaults: list[Any],
        kw_defaults: dict[str, Any],
        enter: Callable[[Function, tuple, dict[str, Any]], Any],
        prelude: bool,
        heap: Heap,
    ) -> None:
        self.__dict__ = Attributes(heap)
        self.__name__ = name
        self.__qualname__ = qualname
        self._doc = docstring(node)
        self._annotations: Any = None
        self.owner: CellType | None = None
        self._node = node
        self._scope = scope
        self._defaults = defaults
        self._kw_defaults = kw_defaults
        self._enter = enter
        self._prelude = prelude
        self._names = signature(node).names

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._enter(self, arguments, keywords)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<function {self.__qualname__} at 0x{id(self):x}>"

    def method_of(self) -> type | None:
        """The class that it is a method of, if that has been made."""
        try:
            return None if self.owner is None else self.owner.cell_contents
        except ValueError:
            return None


def annotation(m: Machine, node: tree.AST) -> Any:
    """What an annotation is: its value, or its text where the file says so."""
    if m.scope.module.lazy:
        at = node.location
        lines = [linecache.getline(at.file, line) for line in range(at.line, at.end_line + 1)]
        lines[-1] = lines[-1][: at.end_column]
        lines[0] = lines[0][at.column :]
        return " ".join(" ".join(lines).split())
    try:
        return m.evaluate(node)
    except FleetError:  # what only a checker of types would look at
        return Any


def docstring(node: tree.AST) -> str | None:
    """The text that a function, class or module begins with."""
    first = node.body[0] if isinstance(node.body, list) and node.body else None
    if isinstance(first, tree.Expr) and isinstance(first.value, tree.Constant):
        return first.value.value if isinstance(first.value.value, str) else None
    return None


LATE = "**"
"""The name of what only run time knows the names of among a call's keyword arguments: a Spread of
the dictionary, or a Rest of what no parameter takes."""


class Signature:
    """What a function's text says of its names and parameters."""

    def __init__(self, node: tree.AST) -> None:
        spec = node.args
        self.node = node
        self.names = names_of([node.body] if isinstance(node, tree.Lambda) else node.body, spec)
        self.positional = tuple(argument.arg for argument in (*spec.posonlyargs, *spec.args))
        self.only_positional = frozenset(argument.arg for argument in spec.posonlyargs)
        self.by_keyword = frozenset(self.positional) - self.only_positional
        self.only_keyword = tuple(argument.arg for argument in spec.kwonlyargs)
        self.rest = spec.kwarg
        """The parameter that keyword arguments which no other takes are put in a dictionary for."""
        self.count = len(self.positional)
        self.is_simple = not (spec.vararg or spec.kwarg or self.only_keyword)
        self.resumed: dict[frozenset[str], tree.AST] = {}
        """Of a generator function, what resumes it: see `coroutines`."""
        self.original = node
        """The function as the program has it, where variables are in a frame."""
        self.with_cells: dict[frozenset[str], tree.AST] = {}
        """The same function with variables in a frame: see `cells`."""
        self.result = _result(node)
        """Gives what the function returns, where its body goes straight to it."""

    @functools.cached_property
    def around(self) -> frozenset[str]:
        """The names in the function's text that may be another scope's."""
        return frozenset(free_names(self.node))

    @functools.cached_property
    def says_super(self) -> bool:
        """Whether the function asks what class it is a method of."""
        return any(isinstance(item, tree.Name) and item.id in ("super", "__class__")
                   for item in tree.walk(self.node))  # fmt: skip


_STRAIGHT = frozenset(
    (tree.Expr, tree.Assign, tree.AugAssign, tree.Return, tree.Raise, tree.Pass)
)
"""Statements within which nobody asks what follows them."""


def _may_mask(statement: tree.AST) -> bool:
    """Whether what the statement before it assigns may need no bits above a mask."""
    operation = statement.value if type(statement) is tree.Assign else statement
    return isinstance(operation, tree.BinOp | tree.AugAssign) and (
        isinstance(operation.op, tree.BitAnd | tree.Mod)
    )


def _result(node: tree.AST) -> Evaluation | None:
    if isinstance(node, tree.Lambda):
        return prepared(node.body)
    if not all(type(statement) in _STRAIGHT for statement in node.body) or any(
            map(_may_mask, node.body[1:])):  # fmt: skip
        return None
    *before, last = node.body
    value = last.value if type(last) is tree.Return else None
    if value is None:
        before = node.body
    count, value_of = len(node.body), None

    def evaluate(m: Machine) -> Any:
        nonlocal value_of
        m.steps += count
        if m.steps > m.budget:
            m.spend()
        for statement in before:
            m.node = statement
            completion = prepared(statement)(m)
            if completion is not None:
                return completion.value
        if value is None:
            return None
        m.node = last
        if value_of is None:
            value_of = prepared(value)
        return value_of(m)

    return evaluate


def signature(node: tree.AST) -> Signature:
    """A function's, found once."""
    try:
        return node.facts
    except AttributeError:
        found = node.facts = Signature(node)
        return found


def bind(
    function: Function, arguments: tuple, keywords: dict[str, Any], heap: Heap
) -> Bindings:
    """The parameters' values for a call. Raises Python's TypeErrors."""
    known = function._node.facts
    if not known.is_simple or len(arguments) > known.count:
        return _bind(function, arguments, keywords, heap)
    values = bindings()
    if known.count == 1 and arguments and not keywords:
        values[known.positional[0]] = arguments[0]
        return values
    for name, value in zip(known.positional, arguments):  # noqa: B905
        values[name] = value
    for name, value in keywords.items():
        if name in values or name not in known.by_keyword:
            return _bind(function, arguments, keywords, heap)
        values[name] = value
    if len(values) < known.count:
        first = known.count - len(function._defaults)
        for number, name in enumerate(known.positional):
            if name not in values:
                if number < first:
                    return _bind(function, arguments, keywords, heap)
                values[name] = function._defaults[number - first]
    return values


def _bind(
    function: Function, arguments: tuple, keywords: dict[str, Any], heap: Heap
) -> Bindings:
    """The same for all calls, also those that Python refuses."""
    spec = function._node.args
    name = function.__qualname__
    known = function._node.facts
    positional, only_keyword = known.positional, known.only_keyword
    only_positional = known.only_positional
    values = bindings()
    values.update(zip(positional, arguments, strict=False))
    extra: dict[str, Any] = {}
    for key, value in keywords.items():
        if key == LATE:
            continue
        if key in values and key not in only_positional:
            raise TypeError(f"{name}() got multiple values for argument '{key}'")
        if (key in positional and key not in only_positional) or key in only_keyword:
            values[key] = value
        elif spec.kwarg is not None:
            extra[key] = value
        else:
            raise TypeError(f"{name}() got an unexpected keyword argument '{key}'")
    surplus = arguments[len(positional) :]
    if surplus and spec.vararg is None:
        raise TypeError(too_many(name, positional, function._defaults, len(arguments)))
    first_default = len(positional) - len(function._defaults)
    for parameter, default in zip(positional[first_default:], function._defaults, strict=True):
        values.setdefault(parameter, default)
    for parameter, default in function._kw_defaults.items():
        values.setdefault(parameter, default)
    all_given(name, positional, values, "positional")
    all_given(name, only_keyword, values, "keyword-only")
    if spec.vararg is not None:
        late = len(surplus) == 1 and type(surplus[0]) is Rest
        values[spec.vararg.arg] = surplus[0].value if late else tuple(surplus)
    if spec.kwarg is not None:
        late = keywords.get(LATE)
        values[spec.kwarg.arg] = Dict(heap, extra) if late is None else late.value
    return values


def all_given(name: str, parameters: Sequence[str], values: dict[str, Any], kind: str) -> None:
    missing = [f"'{parameter}'" for parameter in parameters if parameter not in values]
    if not missing:
        return
    if len(missing) > 1:
        listed = f"{', '.join(missing[:-1])}{',' if len(missing) > 2 else ''} and {missing[-1]}"
    else:
        listed = missing[0]
    plural = "s" if len(missing) > 1 else ""
    raise TypeError(f"{name}() missing {len(missing)} required {kind} argument{plural}: {listed}")


def too_many(name: str, positional: Sequence[str], defaults: list[Any], given: int) -> str:
    takes = str(len(positional))
    if defaults:
        takes = f"from {len(positional) - len(defaults)} to {takes}"
    plural = "" if takes == "1" else "s"
    was = "was" if given == 1 else "were"
    return f"{name}() takes {takes} positional argument{plural} but {given} {was} given"
