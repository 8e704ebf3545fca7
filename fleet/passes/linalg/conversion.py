"""What the conversions between tensor levels share: sizes, and the casts between what is known.

The one idea: the analysis of sizes keeps knowing old values by the new ones that took their place,
and a new value whose type says more or less of its shape is cast to the old one's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fleet.ir.analysis.analyses import analysis_of
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.conversion import Conversion, Target, TypeConverter
from fleet.ir.types import TensorType, Type
from fleet.passes.linalg.structured import Size, cast
from fleet.passes.shapes.dims import Dims
from fleet.passes.shapes.strides import MemoryOrder
from fleet.passes.shapes.symbolic import Size as Symbolic

Handler = Callable[["TensorConversion", Operation], "Sequence[Value] | None"]
"""Builds an operation's replacement with `conversion.builder`; gives the values for its results,
or None to leave the operation as it is."""


class TensorConversion(Conversion):
    """One run over a module. `builder` stands before the operation being converted."""

    def __init__(self, module: Operation, target: Target, rules: Mapping[str, Handler]) -> None:
        super().__init__(module, target, rules, TypeConverter(to_source=_under_old_type))
        self.module = module
        self.dims: Dims = analysis_of(Dims, module)
        self.declared: dict[tuple, str] = {}
        """Names of the host services declared so far, by signature and options."""
        self.orders: dict[Operation, MemoryOrder] = {}
        """How what is summed lies in memory, where that decides the order of the sum."""

    def replaced(self, operation: Operation, values: Sequence[Value]) -> None:
        for result, value in zip(operation.results, values, strict=True):
            if isinstance(result.type, TensorType):
                self.dims.shape(result)
            else:
                self.dims.size(result)
            self.dims.replaced(result, value)

    def shape(self, value: Value) -> tuple[Symbolic, ...]:
        """Symbolic sizes; of a scalar, none."""
        return self.dims.shape(value) if isinstance(value.type, TensorType) else ()

    def sizes(self, sizes: Sequence[Symbolic]) -> list[Size]:
        """Symbolic sizes as numbers and index values."""
        return [self.dims.materialise(size, self.builder) for size in sizes]

    def sizes_of(self, value: Value) -> list[Size]:
        return self.sizes(self.shape(value))


def _under_old_type(builder: Builder, values: Sequence[Value], type: Type) -> Value:
    """The array under the static knowledge of its shape that there was before."""
    (value,) = values
    return cast(builder, value, type) if isinstance(type, TensorType) else value
