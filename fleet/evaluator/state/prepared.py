"""Nodes of the tree, prepared: looked at once, evaluated many times.

In: a node. Out: a function of the machine that evaluates it, kept in the node. The one idea: what
a node's text says (which operator, which names, how many arguments) is asked once, when the
function is made, which then only does what depends on the values. (Closure generation: Feeley and
Lapalme, "Using closures for code generation", Computer Languages 12, 1987.)

While such a function runs, `m.node` is where we are only once it has said so: it does before
anything of its own that can fail, emit or call, and after its operands have been evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fleet.evaluator.state.machine import Machine
from fleet.syntax import tree

Evaluation = Callable[[Machine], Any]
"""Gives an expression's value, or how a statement completes."""
Prepare = Callable[[Any], Evaluation]
"""What a node means, by its class."""
TABLE: dict[type, Prepare] = {}
"""All that nodes mean; `expressions` and `statements` put their rows in."""


def prepared(node: tree.AST) -> Evaluation:
    """The node's evaluation."""
    try:
        return node.prepared
    except AttributeError:
        made = node.prepared = TABLE[type(node)](node)
        return made


def each_time(handler: Callable[[Machine, Any], Any]) -> Prepare:
    """A meaning that looks at the node whenever it is evaluated: for what programs do seldom."""

    def prepare(node: tree.AST) -> Evaluation:
        def evaluate(m: Machine) -> Any:
            m.node = node
            return handler(m, node)

        return evaluate

    return prepare


def in_order(nodes: Sequence[tree.AST]) -> Callable[[Machine], tuple]:
    """The values of several expressions."""
    match [prepared(node) for node in nodes]:
        case []:
            return lambda m: ()
        case [one]:
            return lambda m: (one(m),)
        case [one, two]:
            return lambda m: (one(m), two(m))
        case [one, two, three]:
            return lambda m: (one(m), two(m), three(m))
        case parts:
            return lambda m: tuple([part(m) for part in parts])
