"""Functions: statements that bind a name to something callable.

In: their nodes. Out: `Function` objects. The one idea: a decorator is a call of what was defined.
"""

from __future__ import annotations

from typing import Any

from fleet.evaluator.language import calls, functions
from fleet.evaluator.state.machine import Machine
from fleet.syntax import tree


def function(m: Machine, node: tree.AST) -> None:
    decorators = [m.evaluate(item) for item in node.decorator_list]
    made: Any = functions.make_function(m, node, node.name)
    for decorator in reversed(decorators):
        made = calls.call_value(m, decorator, (made,), {})
    m.scope.assign(m.heap, node.name, made)
