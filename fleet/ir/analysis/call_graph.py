"""Which functions call which, and which of them may call themselves.

In: an operation that holds functions. Out: the calls in each, what they call, and the functions on
a circle of calls (the strongly connected components: R. Tarjan, Depth-First Search and Linear Graph
Algorithms, 1972).
"""

from __future__ import annotations

from fleet.ir.core import Operation
from fleet.ir.interfaces import CallableLike, CallLike, calls_in
from fleet.ir.symbols import SymbolTables


class CallGraph:
    """Valid as long as no call and no function comes or goes.

    calls:     the calls inside each function.
    callees:   the functions that those call, in order.
    recursive: the functions that may call themselves, directly or through others.
    """

    def __init__(self, root: Operation) -> None:
        self._tables = SymbolTables()
        self.calls = {
            op: list(calls_in(op)) for op in root.walk() if CallableLike.of(op) is not None
        }
        self.callees = {
            function: list(dict.fromkeys(filter(None, map(self.callee, calls))))
            for function, calls in self.calls.items()
        }
        self.recursive = self._find_recursive()

    def callee(self, call: Operation) -> Operation | None:
        """The function that a call names; None when it is not to be found."""
        reference = CallLike.of(call).reference(call)
        path = None if reference is None else self._tables.resolve(call, reference)
        return None if path is None else path[-1]

    def _find_recursive(self) -> set[Operation]:
        found: set[Operation] = set()
        number: dict[Operation, int] = {}
        low: dict[Operation, int] = {}
        path: list[Operation] = []
        on_path: set[Operation] = set()
        for root in self.callees:
            work = [(root, iter(self.callees[root]))] if root not in number else []
            while work:
                function, following = work[-1]
                if function not in number:
                    number[function] = low[function] = len(number)
                    path.append(function)
                    on_path.add(function)
                for callee in following:
                    if callee not in number:
                        work.append((callee, iter(self.callees.get(callee, ()))))
                        break
                    if callee in on_path:
                        low[function] = min(low[function], number[callee])
                else:
                    work.pop()
                    if work:
                        caller = work[-1][0]
                        low[caller] = min(low[caller], low[function])
                    if low[function] == number[function]:
                        component: list[Operation] = []
                        while not component or component[-1] is not function:
                            component.append(path.pop())
                        on_path -= set(component)
                        if len(component) > 1 or function in self.callees.get(function, ()):
                            found.update(component)
        return found
