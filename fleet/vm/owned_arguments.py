"""Which arguments functions of the schedule own, as they own what they make.

In: the functions. Out: `Decisions`, the ownership in each, where arguments that the function
changes are its own if every caller is through with them: a recursion that lengthens a list, or
sorts one, then has it where it was. The one idea: all that may be are taken to be, and those for
which that is wrong are given up, until every call that may run often can give up its buffer. A call
that runs once may as well pass a copy: the function would have made it.
"""

from __future__ import annotations

from collections.abc import Mapping

from fleet.dialects import func, tensor
from fleet.ir.analysis.call_graph import CallGraph
from fleet.ir.core import Operation, Value
from fleet.ir.flow import LoopLike, passed_operands
from fleet.ir.interfaces import View
from fleet.ir.types import TensorType
from fleet.vm.ownership import Owned, Ownership, analyse, updated_operands


class Decisions:
    """For each function with a body that is no kernel: what it owns, and what becomes of it.

    owned: by name, the numbers of the arguments that the function owns.
    """

    def __init__(self, module: Operation, functions: Mapping[str, Operation]) -> None:
        graph = CallGraph(module)
        self._made: dict[Operation, Ownership] = {}
        self.owned: Owned = {}
        schedule = [
            function for function in functions.values()
            if not function.get("kernel") and function.regions and function.regions[0].blocks
        ]
        calls: dict[str, list[tuple[Operation, Operation]]] = {}
        for function in schedule:
            for call in graph.calls[function]:
                if call.definition is func.call:
                    calls.setdefault(str(call.get("callee")), []).append((function, call))
        named = {str(function.get("sym_name")): function for function in schedule}
        for name, function in named.items():
            private = function.get("sym_visibility") == "private"
            if name in calls and private and function in graph.recursive:
                self.owned[name] = _tensors(function)
        while self._give_up(named, calls, graph):
            self._made.clear()

    def of(self, function: Operation) -> Ownership:
        found = self._made.get(function)
        if found is None:
            found = self._made[function] = analyse(function, self.owned)
        return found

    def _give_up(
        self, named: Mapping[str, Operation],
        calls: Mapping[str, list[tuple[Operation, Operation]]], graph: CallGraph,
    ) -> bool:
        """Let arguments be borrowed that are not changed, or that a caller needs. Whether any."""
        before = dict(self.owned)
        for name, numbers in before.items():
            function = named[name]
            kept = {n for n in numbers if _is_changed(function.body.arguments[n], self.owned)}
            for caller, call in calls[name]:
                if kept and (caller in graph.recursive or _is_in_loop(call)):
                    moved = self.of(caller).moved
                    kept = {number for number in kept if (call, number) in moved}
            self.owned[name] = frozenset(kept)
        return self.owned != before


def _tensors(function: Operation) -> frozenset[int]:
    arguments = enumerate(function.body.arguments)
    return frozenset(n for n, argument in arguments if isinstance(argument.type, TensorType))


def _is_changed(value: Value, owned: Owned) -> bool:
    """Whether it is updated, passed on or put into something larger."""
    for user, number in value.uses:
        if number in updated_operands(user) or number in passed_operands(user):
            return True
        if user.definition is tensor.insert_slice:
            return True
        if user.definition is func.call and number in owned.get(str(user.get("callee")), ()):
            return True
        view = View.of(user)
        if view is not None and view.source(user) is value and _is_changed(user.result, owned):
            return True
    return False


def _is_in_loop(operation: Operation) -> bool:
    return any(LoopLike.of(one) is not None for one in operation.around())
