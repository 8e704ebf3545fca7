"""Names: their values, wherever they live, and `:=`.

In: a name's node. Out: its evaluation. The one idea: how far out a name lives is said by the text,
so it is found once, at the first evaluation that does not find it here.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.objects import operations
from fleet.evaluator.objects.operations import CONDITIONAL
from fleet.evaluator.objects.provided import Unsupported
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.prepared import Evaluation, prepared
from fleet.evaluator.state.scopes import OUTERMOST
from fleet.evaluator.values.heap import MISSING
from fleet.evaluator.values.then import (
    unbound_tag,
)
from fleet.syntax import tree


def name_(node: tree.AST) -> Evaluation:
    name, hops = node.id, 0

    def evaluate(m: Machine) -> Any:
        nonlocal hops
        scope = m.scope
        if hops:
            scope = scope.module if hops is OUTERMOST else scope.up(hops)
        values = scope.values
        if name in values:
            value = values[name]
            if type(value) in CONDITIONAL:
                m.node = node
                return _conditional(m, name, value)
            return value
        if scope.parent is None:
            value = m.builtins.get(name, MISSING)
            if type(value) not in _NO_BUILTIN:
                return value
        elif not hops:
            hops = scope.hops(name)
        m.node = node
        return _elsewhere(m, name)

    return evaluate


_NO_BUILTIN = frozenset((type(MISSING), Unsupported))


def _conditional(m: Machine, name: str, value: Any) -> Any:
    """What a name holds that is a value on some paths only."""
    if unbound_tag(value) is not None:
        _miss(m, name)
    return operations.usable(m, value)


def _elsewhere(m: Machine, name: str) -> Any:
    """A name's value from a scope around, or the builtin."""
    try:
        value = m.scope.lookup(name)
    except NameError as error:
        raise _missed(m, name, error) from None
    if value is MISSING:
        value = m.builtins.get(name, MISSING)
        if value is MISSING:
            raise _missed(m, name, NameError(f"name '{name}' is not defined"))
        if type(value) is Unsupported:
            raise m.error(f"`{value.name}` is not supported", value.hint)
    return _conditional(m, name, value) if type(value) in CONDITIONAL else value


def _missed(m: Machine, name: str, error: NameError) -> Exception:
    """A name has no value here; in a run-time loop, an iteration before may have given it one."""
    _miss(m, name)
    error.name = name
    return m.raised(error)


def _miss(m: Machine, name: str) -> None:
    m.missed |= {(id(scope.values), name) for scope in m.scope.chain()}


def named(node: tree.AST) -> Evaluation:
    value_of, name = prepared(node.value), node.target.id

    def evaluate(m: Machine) -> Any:
        value = value_of(m)
        scope = m.scope
        while scope.kind == "comprehension":
            scope = scope.parent
        scope.assign(m.heap, name, value)
        return value

    return evaluate
