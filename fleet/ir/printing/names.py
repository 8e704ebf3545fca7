"""Names of SSA values in text, given as MLIR gives them.

In: an operation. Out: a name for every value inside it. The one idea: a region's own values are
named before those of regions inside it, which go on from there; beside each other, regions use the
same numbers again, and no name hides another.
"""

from __future__ import annotations

from fleet.ir.attributes import DenseAttr, FloatAttr, IntegerAttr
from fleet.ir.core import Operation, Region, Value
from fleet.ir.printing.spelling import value_name
from fleet.ir.types import IndexType, i1


def name_values(operation: Operation, *, hints: bool, own: bool) -> dict[Value, str]:
    """Names with `%` for the operation's results and all values inside it.

    hints: prefer the names of the user's program.
    own:   else those that operations choose for what they give, such as `%cst`, `%dim`.
    """
    return _Naming(hints, own).run(operation)


class _Naming:
    """The numbers that come next, and the names taken, at one place of the text."""

    def __init__(self, hints: bool, own: bool) -> None:
        self.hints = hints
        self.own = own
        self.names: dict[Value, str] = {}
        self.counts = [0, 0, 0]  # of values, of arguments, of names that were taken already
        self.taken: set[str] = set()
        self.least: dict[str, int] = {}

    def run(self, operation: Operation) -> dict[Value, str]:
        left = [(region, (0, 0, 0), 0) for region in operation.regions]
        scopes: list[list[str]] = [[]]
        self._results(operation, scopes[0])
        while left:
            region, counts, depth = left.pop()
            if self.own:  # MLIR's generic form has numbers once in all the text
                self.counts = list(counts)
            for names in scopes[depth + 1 :]:
                self._forget(names)
            del scopes[depth + 1 :]
            scopes.append([])
            self._region(region, scopes[-1])
            left += [
                (inner, tuple(self.counts), depth + 1)
                for block in region.blocks
                for nested in block
                for inner in nested.regions
            ]
        return self.names

    def _region(self, region: Region, scope: list[str]) -> None:
        parent = region.parent
        chosen: list[str] = []
        named = parent.definition.argument_names if parent and parent.definition else None
        if named is not None and self.own:
            chosen = list(named(parent, region))
        for number, block in enumerate(region.blocks):
            given = iter(() if number else chosen)
            for argument in block.arguments:
                name = next(given, "")
                if self.hints and argument.hint:
                    name = value_name(argument.hint)
                elif not name and not number:
                    name = f"arg{self.counts[1]}"
                    self.counts[1] += 1
                self.names[argument] = self._fresh(name, scope)
            for operation in block:
                self._results(operation, scope)

    def _results(self, operation: Operation, scope: list[str]) -> None:
        results = operation.results
        if not results:
            return
        own = own_name(operation).split(", ") if self.own else [""]
        hinted = self.hints and any(result.hint for result in results)
        if len(results) > len(own) and not hinted:
            group = self._fresh(own[0] if len(own) == 1 else "", scope)
            for result in results:
                self.names[result] = f"{group}#{result.number}"
            return
        own += [""] * (len(results) - len(own))
        for result, name in zip(results, own, strict=True):
            if self.hints and result.hint:
                name = value_name(result.hint)
            self.names[result] = self._fresh(name, scope)

    def _fresh(self, name: str, scope: list[str]) -> str:
        if not name:
            self.counts[0] += 1
            return f"%{self.counts[0] - 1}"
        unique = name
        if self.hints:  # the least number that is free: names of what is read back do not move
            number = self.least.get(name, 0)
            while unique in self.taken:
                unique = f"{name}_{number}"
                number += 1
                self.least[name] = number
        while unique in self.taken:
            unique = f"{name}_{self.counts[2]}"
            self.counts[2] += 1
        self.taken.add(unique)
        scope.append(unique)
        return f"%{unique}"


    def _forget(self, names: list[str]) -> None:
        """These may be given again."""
        self.taken.difference_update(names)
        for name in names:
            base, _, number = name.rpartition("_")
            if base in self.least and number.isdigit():
                self.least[base] = min(self.least[base], int(number))


def own_name(operation: Operation) -> str:
    """What an operation calls its result: `c4`, `c4_i32`, `true`, `cst`, `dim`; or nothing.

    Of several, separated by commas.
    """
    definition = operation.definition
    if operation.name != "arith.constant":
        return "" if definition is None else definition.result_name or ""
    match operation.attributes.get("value"):
        case IntegerAttr(value, type) if type == i1:
            return "true" if value else "false"
        case IntegerAttr(value, type):
            return f"c{value}" if isinstance(type, IndexType) else f"c{value}_{type}"
        case FloatAttr() | DenseAttr():
            return "cst"
    return ""
