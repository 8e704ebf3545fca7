"""Which loops over known items stay loops.

In: a loop and what it goes over. Out: whether it becomes a run-time loop. The one idea: it does,
unless it is tiny or goes over the program's own objects; where that turns out not to do, because
something in it is needed at build time, the policy remembers, and the loop is unrolled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.control import regions
from fleet.evaluator.control.fixpoint import drop
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.memory import TooDeep, TooLong
from fleet.evaluator.state.outgrown import Outgrown, learn
from fleet.evaluator.values.then import Array, Number, Range
from fleet.ir.core import Block
from fleet.ir.types import i64
from fleet.syntax import tree

TINY = 8
"""Loops of at most so many known iterations are unrolled when their bodies are light."""
LIGHT = 2000
"""Nodes of the tree that a light body makes with all its copies, about."""
GROWING = 50_000
"""Steps that a loop may take while the program is compiled, so that a container is known that
changes in it; one of run time costs less than more of them."""
HEAVY = 1_000_000
"""Nodes of the tree that calls of a function evaluate, about, which are too many."""
LOOP_WEIGHT = 8
"""How many iterations a loop inside is taken for."""


def attempt(
    m: Machine, key: tree.AST, roll: Callable[[], None], otherwise: Callable[[], None]
) -> None:
    """A run-time loop; where the structure depends on its items, the other, now and ever after."""
    try:
        provisionally(m, roll)
    except FleetError as error:
        if not m.policy.concerns(error, key):
            raise
        m.policy.unrolled.add(id(key))
        if isinstance(error, Outgrown):
            m.policy.growing.add(id(key))
        reason = error
    else:
        regions.go_on(m)
        return
    budget = m.budget
    sites = reason.sites if isinstance(reason, Outgrown) else frozenset()
    if sites:
        m.budget = min(budget, m.steps + GROWING)
    try:
        otherwise()
    except TooDeep:  # then the reason why it is no run-time loop says more
        if sites:
            learn(m, sites)
        raise reason from None
    except TooLong as long:
        if sites:
            learn(m, sites)
        if long.reason is None and reason.location is not None:
            long.reason = reason
            at = f"{reason.location.file}:{reason.location.line}"
            long.message += f"; it is no run-time loop because ({at}) {reason.message}"
        raise
    finally:
        m.budget = budget


def provisionally(m: Machine, body: Callable[[], Any]) -> Any:
    """body(), whose detours end here; nothing remains of it where it raises FleetError."""
    block = Block()
    try:
        with m.provisional(FleetError), m.backend.e.builder.inside(block):
            value = regions.within(m, body)
    except FleetError:
        drop(block)
        raise
    except BaseException:
        splice(m, block)
        raise
    splice(m, block)
    return value


def splice(m: Machine, block: Block) -> None:
    """What was emitted into a scratch block, here."""
    builder = m.backend.e.builder
    for operation in block:
        operation.detach()
        builder.block.insert_before(builder.anchor, operation)


def rolls(m: Machine, items: Any, key: tree.AST) -> bool:
    """Whether a loop over items that are known now becomes a run-time loop."""
    if m.policy.unrolls(key):
        return False
    count = known_length(items)
    if count is None or count < 2:
        return False
    if count <= TINY and count * m.copies * _weight(m, key) <= LIGHT:
        return False
    return is_counted(items)


def at_run_time(m: Machine, function: Any, items: Any) -> Any:
    """A known range that a function of the program's is called for again and again: as one of the
    run's, where the calls would take too long while the program is compiled."""
    if m.backend.e is None or type(items) is not range or not isinstance(function, Function) or (
            len(items) * _weight(m, function._node) <= HEAVY or abs(items.stop) >> 62):  # fmt: skip
        return items
    e = m.backend.e
    stop, count = (Number(e, "int", e.constant(one, i64)) for one in (items.stop, len(items)))
    return Range(e, items.start, stop, items.step, count)


def is_counted(items: Any) -> bool:
    """Whether items are numbers. A loop over the program's own objects is its structure instead:
    what is small in it is small for each of them, so they do not count as copies."""
    return not isinstance(items, list | tuple) or _is_of_numbers(items)


def known_length(items: Any) -> int | None:
    """How many items there are, of what can be got at by a run-time position."""
    if isinstance(items, Array):
        return items.dims[0] if items.dims and isinstance(items.dims[0], int) else None
    return len(items) if isinstance(items, range | list | tuple) else None


def _is_of_numbers(items: list | tuple) -> bool:
    kinds = set(map(type, items))
    return len(kinds) == 1 and kinds <= {int, float, bool}


def _weight(m: Machine, node: tree.AST) -> int:
    """About how many nodes of the tree are evaluated in a loop's body, calls included."""
    found = m.weights.get(id(node))
    if found is None:
        m.weights[id(node)] = 1  # what calls itself counts once
        found = m.weights[id(node)] = _weight_of(m, node)
    return found


def _weight_of(m: Machine, node: tree.AST) -> int:
    total = 1
    for child in tree.iter_child_nodes(node):
        if isinstance(child, tree.FunctionDef | tree.ClassDef | tree.Lambda):
            continue
        weight = _weight_of(m, child)
        if isinstance(child, tree.For | tree.While | tree.ListComp):
            weight *= LOOP_WEIGHT
        elif isinstance(child, tree.Call) and isinstance(child.func, tree.Name):
            name = child.func.id
            callee = m.scope.values.get(name, m.scope.module.values.get(name))
            if isinstance(callee, Function):
                weight += _weight(m, callee._node)
        total += weight
    return total
