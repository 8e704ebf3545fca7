"""Functions of the user's program: parameters, defaults, closures, binding to instances.

In: a function's tree and the scope that it was defined in. Out: an object that the evaluator calls,
and that Python's own machinery (map, sorted, operators of classes) can call too. The one idea:
a user's function is a Python callable whose call goes back to the evaluator.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import MethodType
from typing import Any

from fleet.evaluator.scopes import Names, Scope, names_of
from fleet.evaluator.values.heap import Attributes, Dict, Heap
from fleet.syntax import tree


class Function:
    """A `def` or `lambda` of the user's program, or of the prelude.

    enter: calls back into the evaluator: (function, arguments, keywords) -> result.
    owner: the class that it is a method of, for super(). Its `__dict__` is the program's.
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
        self.owner: type | None = None
        self._node = node
        self._scope = scope
        self._defaults = defaults
        self._kw_defaults = kw_defaults
        self._enter = enter
        self._prelude = prelude
        self._names = _names_in(node)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._enter(self, arguments, keywords)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<function {self.__qualname__} at 0x{id(self):x}>"


def docstring(node: tree.AST) -> str | None:
    """The text that a function, class or module begins with."""
    first = node.body[0] if isinstance(node.body, list) and node.body else None
    if isinstance(first, tree.Expr) and isinstance(first.value, tree.Constant):
        return first.value.value if isinstance(first.value.value, str) else None
    return None


@functools.lru_cache(maxsize=4096)
def _names_in(node: tree.AST) -> Names:
    body = [node.body] if isinstance(node, tree.Lambda) else node.body
    return names_of(body, node.args)


def bind(
    function: Function, arguments: tuple, keywords: dict[str, Any], heap: Heap
) -> dict[str, Any]:
    """The parameters' values for a call. Raises Python's TypeErrors."""
    spec = function._node.args
    name = function.__qualname__
    positional = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    only_positional = {argument.arg for argument in spec.posonlyargs}
    only_keyword = [argument.arg for argument in spec.kwonlyargs]
    values = dict(zip(positional, arguments, strict=False))
    extra: dict[str, Any] = {}
    for key, value in keywords.items():
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
        values[spec.vararg.arg] = tuple(surplus)
    if spec.kwarg is not None:
        values[spec.kwarg.arg] = Dict(heap, extra)
    return values


def all_given(name: str, parameters: list[str], values: dict[str, Any], kind: str) -> None:
    missing = [f"'{parameter}'" for parameter in parameters if parameter not in values]
    if not missing:
        return
    if len(missing) > 1:
        listed = f"{', '.join(missing[:-1])}{',' if len(missing) > 2 else ''} and {missing[-1]}"
    else:
        listed = missing[0]
    plural = "s" if len(missing) > 1 else ""
    raise TypeError(f"{name}() missing {len(missing)} required {kind} argument{plural}: {listed}")


def too_many(name: str, positional: list[str], defaults: list[Any], given: int) -> str:
    takes = str(len(positional))
    if defaults:
        takes = f"from {len(positional) - len(defaults)} to {takes}"
    plural = "" if takes == "1" else "s"
    was = "was" if given == 1 else "were"
    return f"{name}() takes {takes} positional argument{plural} but {given} {was} given"
