"""What the conversion of a module's operations shares: the place, the sizes, the replacing.

The one idea: operations are converted one after the other in program order, each at its own place,
and the analysis of sizes keeps knowing old values by the new ones that took their place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.journal import between, journal_of
from fleet.ir.rewriter import rule_name
from fleet.ir.types import TensorType
from fleet.ir.watch import applied, count, may_apply
from fleet.passes.linalg.structured import Size, cast
from fleet.passes.shapes.dims import Dims
from fleet.passes.shapes.symbolic import Size as Symbolic

Handler = Callable[["Conversion", Operation], "Sequence[Value] | None"]
"""Builds an operation's replacement with `conversion.builder`; gives the values for its results,
or None to leave the operation as it is."""


class Conversion:
    """One run over a module. `builder` stands before the operation being converted."""

    def __init__(self, module: Operation) -> None:
        self.module = module
        self.dims = Dims(module)
        self.builder = Builder(module.body)
        self.declared: dict[tuple, str] = {}
        """Names of the host services declared so far, by signature and options."""

    def run(self, handlers: dict[str, Handler]) -> bool:
        """Convert every operation that has a handler; whether none had to be left for a limit."""
        for op in [op for op in self.module.walk() if op.name in handlers]:
            if not may_apply():
                return False
            self.builder = Builder.before(op)
            journal = journal_of(op)
            previous = op.previous
            made = handlers[op.name](self, op)
            if made is None:
                continue
            count("operations converted")
            values = [
                cast(self.builder, value, result.type)
                if isinstance(result.type, TensorType)
                else value
                for value, result in zip(made, op.results, strict=True)
            ]
            for result, value in zip(op.results, values, strict=True):
                if isinstance(result.type, TensorType):
                    self.dims.shape(result)
                else:
                    self.dims.size(result)
                self.dims.replaced(result, value)
                if value.hint is None:
                    value.hint = result.hint
            if journal is not None:
                for inserted in between(previous, op):
                    journal.made(inserted)
                for result, value in zip(op.results, values, strict=True):
                    journal.replaced(result, value)
            rule, name, place = rule_name(handlers[op.name]), op.name, op.location
            op.replace_with(values)
            applied(rule, name, place)
            if journal is not None:
                journal.applied(rule)
        return True

    def shape(self, value: Value) -> tuple[Symbolic, ...]:
        """Symbolic sizes; of a scalar, none."""
        return self.dims.shape(value) if isinstance(value.type, TensorType) else ()

    def sizes(self, sizes: Sequence[Symbolic]) -> list[Size]:
        """Symbolic sizes as numbers and index values."""
        return [self.dims.materialise(size, self.builder) for size in sizes]

    def sizes_of(self, value: Value) -> list[Size]:
        return self.sizes(self.shape(value))
