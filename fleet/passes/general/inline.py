"""`inline`: calls become the bodies of what they call.

In: functions that call each other. Out: the same functions without calls of those that have a body
of one block and do not call themselves, directly or through others. The one idea: callees come
first, so that a body is copied with all that was inlined into it, and copied once a call.
"""

from __future__ import annotations

from graphlib import TopologicalSorter

from fleet.ir.core import Operation
from fleet.ir.effects import Effects
from fleet.ir.interfaces import CallableLike, CallLike
from fleet.ir.passes import register_pass
from fleet.ir.rewriter import inline_block


@register_pass("inline", "replace calls by the bodies of the functions that they call")
def run(module: Operation) -> None:
    """Inline in every function of the module, and what is nested in it."""
    resolve = Effects().callee
    calls = _collect(module)
    callees = {
        function: {callee for call in inside if (callee := resolve(call)) is not None}
        for function, inside in calls.items()
    }
    recursive = _recursive(callees)
    order = TopologicalSorter(
        {function: called - recursive for function, called in callees.items()}
    )
    for function in order.static_order():
        for call in calls.get(function, ()):
            callee = resolve(call)
            if callee is not None and callee not in recursive and _is_inlinable(callee):
                _inline(call, callee)


def _collect(module: Operation) -> dict[Operation, list[Operation]]:
    """The calls in each function's own body."""
    calls: dict[Operation, list[Operation]] = {}
    for inner in module.walk():
        if CallableLike.of(inner) is not None:
            calls.setdefault(inner, [])
        elif CallLike.of(inner) is not None:
            holder = inner.parent_op
            while holder is not None and CallableLike.of(holder) is None:
                holder = holder.parent_op
            if holder is not None:
                calls.setdefault(holder, []).append(inner)
    return calls


def _recursive(callees: dict[Operation, set[Operation]]) -> set[Operation]:
    """The functions that may call themselves (the strongly connected components: R. Tarjan, Depth-
    First Search and Linear Graph Algorithms, 1972)."""
    found: set[Operation] = set()
    number: dict[Operation, int] = {}
    low: dict[Operation, int] = {}
    path: list[Operation] = []
    on_path: set[Operation] = set()
    for root in callees:
        work = [(root, iter(callees.get(root, ())))] if root not in number else []
        while work:
            function, following = work[-1]
            if function not in number:
                number[function] = low[function] = len(number)
                path.append(function)
                on_path.add(function)
            for callee in following:
                if callee not in number:
                    work.append((callee, iter(callees.get(callee, ()))))
                    break
                if callee in on_path:
                    low[function] = min(low[function], number[callee])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[function])
                if low[function] == number[function]:
                    component = []
                    while not component or component[-1] is not function:
                        component.append(path.pop())
                    on_path -= set(component)
                    if len(component) > 1 or function in callees.get(function, ()):
                        found.update(component)
    return found


def _is_inlinable(function: Operation) -> bool:
    return CallableLike.of(function).is_inlinable(function)


def _inline(call: Operation, callee: Operation) -> None:
    body = CallableLike.of(callee).region(callee).clone({})
    given = CallLike.of(call).arguments(call)
    values = inline_block(body.blocks[0], call, given)
    for result, value in zip(call.results, values, strict=True):
        if value.hint is None:
            value.hint = result.hint
    call.replace_with(values)
