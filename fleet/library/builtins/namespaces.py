"""Builtin functions that show names: globals, locals, and vars and dir of nothing.

In: the call's place. Out: a dictionary of the names that have values there. The one idea: it is a
copy, so it is given only where nobody can tell: where the text asks it at once, and writes nothing.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.language.generators.inner_functions import own_nodes
from fleet.evaluator.objects import operations
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.scopes import Scope, all_arguments, free_names, names_of
from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import Dict
from fleet.evaluator.values.then import unbound_tag
from fleet.library.builtins.part import Part
from fleet.syntax import tree

_OF_MODULES = (
    "__name__", "__doc__", "__package__", "__loader__", "__spec__", "__annotations__",
    "__builtins__", "__file__", "__cached__",
)  # fmt: skip
"""The names that a program has before it begins, in their order."""
_READING = frozenset("get items keys values copy".split())
_COPYING = frozenset("list sorted dict len tuple set dir any all enumerate".split())
_LOOPS = (tree.For, tree.While, *(
    tree.ListComp, tree.SetComp, tree.DictComp, tree.GeneratorExp))  # fmt: skip


class Namespaces(Part):
    """globals and locals."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self._parents: dict[int, tree.AST] = {}
        self._untold: dict[str, object] = {}
        """What stands for values of a module that programs only pass by."""

    def globals(self) -> Dict:
        self._require_read_at_once("globals")
        return self._of_module(self.m.scope.module)

    def locals(self) -> Dict:
        return self._of_scope("locals")

    def _of_scope(self, name: str) -> Dict:
        """The names of the scope that we are in."""
        scope = self.m.scope
        if scope.kind == "module":
            self._require_read_at_once(name)
            return self._of_module(scope)
        if scope.kind != "function" or not hasattr(scope, "called"):
            raise self.m.error(f"{name}() here is not supported", "ask for it in a function")
        node = scope.called[0]._node
        if not self._is_asked_once(node):
            self._require_read_at_once(name)
        found = {key: owner.values[key] for key, owner in _in_order(scope, node)
                 if key in owner.values}  # fmt: skip
        return self._shown(found)

    def _of_module(self, scope: Scope) -> Dict:
        own = classes.shown(scope.values)
        first = {name: own[name] if name in own else (
            None if name in _NONE else self._untold.setdefault(name, object()))
            for name in _OF_MODULES}  # fmt: skip
        return self._shown(first | own)

    def _shown(self, found: dict[str, Any]) -> Dict:
        for name, value in found.items():
            if unbound_tag(value) is not None:
                raise self.m.error(
                    f"`{name}` has a value on one path of a run-time branch or loop only",
                    "give it a value before, on every path",
                )
        return Dict(self.m.heap, {
            name: operations.usable(self.m, value) for name, value in found.items()})  # fmt: skip

    def _require_read_at_once(self, name: str) -> None:
        """A dictionary that nobody keeps, and that nobody writes to."""
        node = self.m.node
        if not _is_read(node, self._parent(node)):
            raise self.m.error(
                f"{name}() is kept or written to here, which is not supported",
                f"read it where it is asked for, such as `{name}()['x']`, or keep the values in a "
                "dictionary of your own",
            )

    def _is_asked_once(self, node: tree.AST) -> bool:
        """Whether the function asks for its names in one place, and once in a call."""
        own = [one for part in _body(node) for one in own_nodes(part)]
        asked = [one for one in own
                 if isinstance(one, tree.Name) and one.id in ("locals", "vars", "dir")]  # fmt: skip
        inside = [one for loop in own if isinstance(loop, _LOOPS) for one in own_nodes(loop)]
        return len(asked) == 1 and not any(one is asked[0] for one in inside)

    def _parent(self, node: tree.AST) -> tree.AST | None:
        """The node that an expression is a part of."""
        if id(node) not in self._parents:
            for whole in self.m.sources.values():
                for one in tree.walk(whole):
                    for child in tree.iter_child_nodes(one):
                        self._parents[id(child)] = one
        return self._parents.get(id(node))


_NONE = ("__package__", "__spec__", "__cached__", "__doc__")


def _body(node: tree.AST) -> list[tree.AST]:
    return node.body if isinstance(node.body, list) else [node.body]


def _is_read(node: tree.AST, parent: tree.AST | None) -> bool:
    """Whether what is around a call only reads what it gives."""
    match parent:
        case tree.Subscript():
            return parent.value is node and isinstance(parent.ctx, tree.Load)
        case tree.Attribute():
            return parent.attr in _READING
        case tree.Compare():
            return parent.left is not node
        case tree.For() | tree.comprehension():
            return parent.iter is node
        case tree.BinOp():
            return isinstance(parent.op, tree.Mod) and parent.right is node
        case tree.keyword():
            return parent.arg is None
        case tree.Call():
            function = parent.func
            formats = isinstance(function, tree.Attribute) and function.attr == "format_map"
            return formats or isinstance(function, tree.Name) and function.id in _COPYING
    return False


def _in_order(scope: Scope, node: tree.AST) -> list[tuple[str, Scope]]:
    """The names of a function, and whose they are: parameters, its own in the order in which the
    text has them, those that functions within it take, those that it takes from around it."""
    body = _body(node)
    own = names_of(body, node.args).local
    parameters = [one.arg for one in all_arguments(node.args)]
    inner = {name for part in body for one in tree.walk(part)
             if isinstance(one, tree.FunctionDef | tree.Lambda | tree.ListComp | tree.SetComp
                           | tree.DictComp | tree.GeneratorExp)
             for name in free_names(one)}  # fmt: skip
    said = dict.fromkeys(name for part in body for name in _said(part) if name in own)
    plain = [name for name in said if name not in inner and name not in parameters]
    cells = sorted(name for name in own & inner if name not in parameters)
    names = [(name, scope) for name in (*parameters, *plain, *cells)]
    for name in sorted(free_names(node) - own):
        outer = next((one for one in scope.chain() if one is not scope and one.kind != "class"
                      and name in one.names.local), None)  # fmt: skip
        if outer is not None and outer.kind == "function":
            names.append((name, outer))
    return [(name, owner) for name, owner in names if not name.startswith(".")]


def _said(node: tree.AST) -> list[str]:
    """The names in a statement, in the order in which Python comes upon them."""
    match node:
        case tree.Name():
            return [node.id]
        case tree.FunctionDef() | tree.ClassDef():
            return [node.name]
        case tree.Lambda() | tree.ListComp() | tree.SetComp() | tree.DictComp() | (
                tree.GeneratorExp()):  # fmt: skip
            return []
        case tree.Assign():
            parts = [node.value, *node.targets]
        case tree.AnnAssign():
            parts = [one for one in (node.value, node.target) if one is not None]
        case tree.For():
            parts = [node.iter, node.target, *node.body, *node.orelse]
        case _:
            parts = list(tree.iter_child_nodes(node))
    found = [name for part in parts for name in _said(part)]
    match node:
        case tree.alias():
            found.append(node.asname or node.name.split(".")[0])
        case tree.ExceptHandler() | tree.MatchAs() | tree.MatchStar():
            found += [node.name] if node.name is not None else []
    return found
