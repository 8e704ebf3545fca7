"""Names: which scope a name belongs to, and the functions and cells that capture scopes.

In: a function's tree. Out: its local, global and nonlocal names, and `Scope` objects that hold
values while it runs. The one idea: as in Python, where a name lives is decided by the text alone
(assigned anywhere in the function means local), so it is computed once per function.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from fleet.diagnostics import Frame
from fleet.evaluator.values.heap import MISSING, Bindings, Heap, bindings
from fleet.syntax import tree

_COMPREHENSIONS = (tree.ListComp, tree.SetComp, tree.DictComp, tree.GeneratorExp)
_FUNCTIONS = (tree.FunctionDef, tree.AsyncFunctionDef, tree.Lambda)


@dataclass
class Names:
    """What a function's text says about its names."""

    local: set[str] = field(default_factory=set)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    generator: tree.AST | None = None
    """The first `yield`, if any."""
    elsewhere: frozenset[str] = frozenset()
    """Those that live in another scope."""


def names_of(body: list[tree.AST], arguments: tree.AST | None) -> Names:
    """The names that these statements (or a lambda's expression) bind."""
    names = Names()
    if arguments is not None:
        names.local.update(argument.arg for argument in all_arguments(arguments))
    for node in body:
        _collect(node, names, False)
    names.elsewhere = frozenset(names.globals | names.nonlocals)
    names.local -= names.elsewhere
    return names


def all_arguments(arguments: tree.AST) -> Iterator[tree.AST]:
    """All parameters of a function, in order."""
    yield from arguments.posonlyargs
    yield from arguments.args
    if arguments.vararg is not None:
        yield arguments.vararg
    yield from arguments.kwonlyargs
    if arguments.kwarg is not None:
        yield arguments.kwarg


def frame_of(call: Frame | Scope) -> Frame:
    """The call that a function's scope belongs to, as locations have it."""
    if type(call) is Frame:
        return call
    if call.frame is None:
        caller = replace(call.at.location, frame=frame_of(call.outer))
        call.frame = Frame(call.called[0].__name__, caller)
    return call.frame


def _collect(node: tree.AST, names: Names, comprehension: bool) -> None:
    match node:
        case tree.FunctionDef() | tree.AsyncFunctionDef() | tree.ClassDef():
            names.local.add(node.name)
            for part in (*node.decorator_list, *_defaults(node)):
                _collect(part, names, comprehension)
            return
        case tree.Lambda():
            for part in _defaults(node):
                _collect(part, names, comprehension)
            return
        case tree.Global():
            names.globals.update(node.names)
        case tree.Nonlocal():
            names.nonlocals.update(node.names)
        case tree.Name(id=name, ctx=tree.Store() | tree.Del()):
            if not comprehension:
                names.local.add(name)
        case tree.NamedExpr():
            names.local.add(node.target.id)
            _collect(node.value, names, comprehension)
            return
        case tree.alias():
            names.local.add(node.asname or node.name.split(".")[0])
        case tree.ExceptHandler() | tree.MatchAs() | tree.MatchStar():
            if node.name is not None:
                names.local.add(node.name)
        case tree.MatchMapping():
            if node.rest is not None:
                names.local.add(node.rest)
        case tree.Yield() | tree.YieldFrom():
            names.generator = names.generator or node
    inside = comprehension or isinstance(node, _COMPREHENSIONS)
    for child in tree.iter_child_nodes(node):
        _collect(child, names, inside)


def _defaults(node: tree.AST) -> list[tree.AST]:
    if isinstance(node, tree.ClassDef):
        return [*node.bases, *node.keywords]
    return [*node.args.defaults, *(item for item in node.args.kw_defaults if item is not None)]


def free_names(node: tree.AST) -> set[str]:
    """The names that a piece of a program says and that may be another scope's."""
    outside: list[tree.AST] = []
    match node:
        case tree.Name():
            return {node.id}
        case tree.FunctionDef() | tree.AsyncFunctionDef() | tree.Lambda():
            body = node.body if isinstance(node.body, list) else [node.body]
            outside = [one for one in tree.iter_child_nodes(node) if one not in body]
            names = names_of(body, node.args)
            bound = names.local
            of_module = {name for item in tree.walk(node) if isinstance(item, tree.Global)
                         for name in item.names}
        case tree.ListComp() | tree.SetComp() | tree.DictComp() | tree.GeneratorExp():
            body = [*tree.iter_child_nodes(node)]
            outside = [node.generators[0].iter]
            bound = {item.id for part in node.generators for item in tree.walk(part.target)
                     if isinstance(item, tree.Name) and isinstance(item.ctx, tree.Store)}
            of_module = set()
        case _:
            body, bound, of_module = [*tree.iter_child_nodes(node)], set(), set()
    within = set().union(*map(free_names, body))
    return (within - bound).union(of_module, *map(free_names, outside))


_NEW = sys.version_info >= (3, 11)
_LOCAL = (
    "cannot access local variable '{}' where it is not associated with a value"
    if _NEW
    else "local variable '{}' referenced before assignment"
)
_FREE = (
    "cannot access free variable '{}' where it is not associated with a value in enclosing scope"
    if _NEW
    else "free variable '{}' referenced before assignment in enclosing scope"
)


def unbound_local(name: str) -> UnboundLocalError:
    """What Python raises for a local variable without a value."""
    return UnboundLocalError(_LOCAL.format(name))


OUTERMOST = -1
"""So many scopes further out is the module's."""


class Scope:
    """The values of the names of a running function, the module, a class, a comprehension.

    Of a function's: called: (the function, its arguments); level: how many run-time regions it was
    called in; emitted: how many operations there were then; at: the node of the call, in the call
    `outer`; frame: made when somebody asks; driver: what consumes the generator that it is.
    Of a module's: lazy: whether annotations are texts.
    """

    __slots__ = (
        "at", "called", "driver", "emitted", "frame", "function", "kind", "lazy", "level", "module",
        "names", "outer", "parent", "values",
    )  # fmt: skip

    def __init__(
        self, kind: str, parent: Scope | None, names: Names, function: str,
        values: Bindings | None = None,
    ) -> None:  # fmt: skip
        self.kind = kind
        self.parent = parent
        self.names = names
        self.function = function
        self.values: dict[str, Any] = bindings() if values is None else values
        self.module: Scope = self if parent is None else parent.module
        if parent is None:
            self.lazy = False

    def chain(self) -> Iterator[Scope]:
        """This scope and those around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def hops(self, name: str) -> int:
        """How many scopes further out a name lives that is read here, as the text says.

        OUTERMOST: it is the module's or Python's; 0: the text does not say.
        """
        scope, count = self, 0
        while scope.parent is not None:
            if name in scope.names.globals:
                return OUTERMOST
            if scope.kind == "class":
                return 0
            if name in scope.names.local:
                return count
            scope, count = scope.parent, count + 1
        return OUTERMOST

    def up(self, hops: int) -> Scope:
        """The scope that many further out."""
        scope = self
        for _ in range(hops):
            scope = scope.parent
        return scope

    def home(self, name: str) -> Scope:
        """The scope that an assignment to the name in this scope goes to."""
        if self.kind == "module":
            return self
        if name in self.names.globals:
            return self.module
        if name in self.names.nonlocals:
            scope = self.parent
            while scope is not None and not (
                scope.kind == "function" and name in scope.names.local
            ):
                scope = scope.parent
            return scope or self.module
        return self

    def lookup(self, name: str) -> Any:
        """The value that the name has here, or MISSING. Raises UnboundLocalError, NameError."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names.globals:
                return self.module.values.get(name, MISSING)
            visible = scope is self or scope.kind != "class"
            if visible and name in scope.values:
                return scope.values[name]
            if scope.kind == "function" and name in scope.names.local:
                raise self._unbound(scope, name)
            scope = scope.parent
        return MISSING

    def _unbound(self, scope: Scope, name: str) -> NameError:
        return unbound_local(name) if scope is self else NameError(_FREE.format(name))

    def assign(self, heap: Heap, name: str, value: Any) -> None:
        elsewhere = name in self.names.elsewhere
        values = self.home(name).values if elsewhere else self.values
        if heap.journals:
            heap.touch(values)
        values[name] = value

    def delete(self, heap: Heap, name: str) -> None:
        values = self.home(name).values
        if name not in values:
            raise NameError(f"name '{name}' is not defined")
        heap.touch(values)
        del values[name]
