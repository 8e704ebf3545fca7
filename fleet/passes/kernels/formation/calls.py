"""`inline-in-loops`: calls in loops that could be kernels become the bodies of what they call.

In: the schedule with structured control flow. Out: the same, with calls left only where the host is
asked, or where a function calls itself. The one idea: a kernel holds no calls of the schedule's
functions, so a loop gets the bodies before it is looked at, if all that it calls, and what that
calls in turn, are numbers and elements; and not more of them than a kernel should be long.
"""

from __future__ import annotations

from collections.abc import Iterator

from fleet.dialects import scf
from fleet.ir.analysis.call_graph import CallGraph
from fleet.ir.core import Operation
from fleet.ir.interfaces import CallableLike, calls_in
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.rewriting.rewriter import inline_call
from fleet.ir.watch import count, may_apply
from fleet.passes.kernels.checks.rules import RULES

LONGEST = 4000
"""Operations that a loop may grow by."""

DIALECTS = {"arith", "math", "scf", "tensor", "linalg", "func"}
"""Of what a body may hold."""


@register_pass("inline-in-loops", "replace calls in loops over numbers and elements by bodies")
def run(module: Operation) -> bool:
    """Whether there were any."""
    return Inliner(module).run(module)


class Inliner:
    """Knows of each function how many operations a call of it becomes, if it may be inlined."""

    def __init__(self, module: Operation) -> None:
        self.graph = CallGraph(module)
        self._sizes: dict[Operation, int | None] = {}

    def run(self, op: Operation) -> bool:
        """Inline in the outermost loops inside an operation that hold no other calls."""
        found = False
        for region in op.regions:
            for block in region.blocks:
                for inner in list(block):
                    if inner.definition in (scf.for_, scf.while_) and self._is_worth_it(inner):
                        self._inline_in(inner)
                        found = True
                    else:
                        found |= self.run(inner)
        return found

    def _is_worth_it(self, loop: Operation) -> bool:
        total = self._grown(loop)
        return total is not None and 0 < total <= LONGEST

    def _grown(self, op: Operation) -> int | None:
        """How many operations come in for all calls inside; None if one has to stay."""
        total = 0
        for call in calls_in(op):
            callee = self.graph.callee(call)
            if callee is None:
                return None
            if callee.get("service") in RULES:
                continue
            size = self.size(callee)
            if size is None:
                return None
            total += size
        return total

    def size(self, function: Operation) -> int | None:
        """How many operations a call of it becomes; None: it has to stay."""
        if function not in self._sizes:
            self._sizes[function] = self._measured(function)
        return self._sizes[function]

    def _measured(self, function: Operation) -> int | None:
        if function in self.graph.recursive or "kernel" in function.attributes:
            return None
        if not CallableLike.of(function).is_inlinable(function):
            return None
        count = 0
        for op in function.walk():
            if op.name.partition(".")[0] not in DIALECTS:
                return None
            count += 1
        grown = self._grown(function)
        return None if grown is None else count + grown

    def _inline_in(self, loop: Operation) -> None:
        while calls := list(self._bodies(loop)):
            for call, callee in calls:
                if not may_apply():
                    return
                with rewriting("the body in place of the call", call):
                    inline_call(call, CallableLike.of(callee).region(callee))
                count("calls inlined")

    def _bodies(self, loop: Operation) -> Iterator[tuple[Operation, Operation]]:
        for call in calls_in(loop):
            callee = self.graph.callee(call)
            if callee is not None and callee.get("service") is None:
                yield call, callee
