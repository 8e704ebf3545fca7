"""Expressions: what each kind of node means, as a table.

In: expression nodes. Out: their evaluations (see `prepared`), which give values known now or then.
The one idea: one row a class of nodes; here are those rows that need no file of their own.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.language import displays, functions, invocations, names, operators
from fleet.evaluator.language.flow import comprehensions
from fleet.evaluator.language.generators import expressions as generators
from fleet.evaluator.objects import attributes, operations, special_methods
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import settled
from fleet.evaluator.state.prepared import TABLE, Evaluation, Prepare, each_time, prepared
from fleet.evaluator.values.heap import SITED
from fleet.syntax import tree


def subscript(node: tree.AST) -> Evaluation:
    value_of, key_of = prepared(node.value), prepared(node.slice)

    def evaluate(m: Machine) -> Any:
        value, key = value_of(m), key_of(m)
        m.node = node
        found = operations.get_item(m, value, key)
        if type(key) is slice and type(found) in SITED:
            return settled(m, node, found)
        return found

    return evaluate


def slice_(node: tree.AST) -> Evaluation:
    parts = [None if part is None else prepared(part)
             for part in (node.lower, node.upper, node.step)]  # fmt: skip

    def evaluate(m: Machine) -> slice:
        start, stop, step = [None if part is None else part(m) for part in parts]
        if type(start) in _BOUNDS and type(stop) in _BOUNDS and type(step) in _BOUNDS:
            return slice(start, stop, step)
        m.node = node
        return slice(*(special_methods.slice_bound(m, bound) for bound in (start, stop, step)))

    return evaluate


_BOUNDS = frozenset((int, type(None)))


def attribute(node: tree.AST) -> Evaluation:
    value_of, name = prepared(node.value), node.attr

    def evaluate(m: Machine) -> Any:
        value = value_of(m)
        m.node = node
        return attributes.get_attribute(m, value, name)

    return evaluate


def _lambda(m: Machine, node: tree.AST) -> Any:
    return functions.make_function(m, node, "<lambda>")


TABLE |= {
    tree.Name: names.name_,
    tree.Constant: displays.constant,
    tree.Tuple: displays.tuple_,
    tree.List: displays.list_,
    tree.Set: displays.set_,
    tree.Dict: displays.dict_,
    tree.JoinedStr: displays.joined_string,
    tree.NamedExpr: names.named,
    tree.BinOp: operators.binary,
    tree.UnaryOp: operators.unary,
    tree.BoolOp: operators.boolean,
    tree.IfExp: operators.conditional,
    tree.Compare: operators.compare_,
    tree.Subscript: subscript,
    tree.Slice: slice_,
    tree.Attribute: attribute,
    tree.Lambda: each_time(_lambda),
    tree.Call: invocations.call,
    tree.ListComp: comprehensions.list_comprehension,
    tree.SetComp: comprehensions.set_comprehension,
    tree.DictComp: comprehensions.dict_comprehension,
    tree.GeneratorExp: generators.generator,
}


def unsupported(what: str, hint: str | None) -> Prepare:
    """A construct that is outside the language."""

    def refuse(m: Machine, node: tree.AST) -> Any:
        raise m.error(f"{what} is not supported", hint)

    prepare = each_time(refuse)
    _OUTSIDE.add(prepare)
    return prepare


_OUTSIDE: set[Prepare] = set()


def unsupported_kinds() -> list[type]:
    """The classes of nodes that are outside the language wherever they stand."""
    return [kind for kind, prepare in TABLE.items()
            if prepare in _OUTSIDE and kind is not tree.Starred]  # fmt: skip


TABLE |= {
    tree.Await: unsupported("`await`", "write the function without async"),
    tree.Starred: unsupported("`*` here", None),
}
