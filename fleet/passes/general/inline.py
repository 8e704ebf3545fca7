"""`inline`: calls become the bodies of what they call.

In: functions that call each other. Out: the same functions without calls of those that have a body
of one block and do not call themselves, directly or through others. The one idea: callees come
first, so that a body is copied with all that was inlined into it, and copied once a call.
"""

from __future__ import annotations

from graphlib import TopologicalSorter

from fleet.ir.analysis.call_graph import CallGraph
from fleet.ir.core import Operation
from fleet.ir.interfaces import CallableLike
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.rewriting.rewriter import inline_call
from fleet.ir.watch import count, may_apply


@register_pass("inline", "replace calls by the bodies of the functions that they call")
def run(module: Operation) -> None:
    """Inline in every function of the module, and what is nested in it."""
    graph = CallGraph(module)
    order = TopologicalSorter(
        {
            function: [callee for callee in callees if callee not in graph.recursive]
            for function, callees in graph.callees.items()
        }
    )
    for function in order.static_order():
        for call in graph.calls.get(function, ()):
            callee = graph.callee(call)
            if callee is None or callee in graph.recursive:
                continue
            if CallableLike.of(callee).is_inlinable(callee) and may_apply():
                with rewriting("the body in place of the call", call):
                    inline_call(call, CallableLike.of(callee).region(callee))
                count("calls inlined")

