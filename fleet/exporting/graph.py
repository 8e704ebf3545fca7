"""An exported function: one `func.func` at the numpy stage, and what its arguments are called.

The one idea: this is all that a format gets. The module is the pipeline's first stage (see
`fleet.dialects.numpy`), so that a format converts that or has the pipeline's passes do it; no
operation in it asks the host for anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fleet.exporting.specs import NAMES
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation
from fleet.ir.printing.resources import is_resource
from fleet.ir.types import Type


@dataclass(frozen=True)
class Port:
    """An argument or a result.

    name: flat and unique: `x`, `params.blocks.0.w`, `result`, `result.0`, `cache.updated`
    kind: `array`, `scalar` (NumPy's), or Python's `int`, `float`, `bool`
    type: in the module: a tensor's (of rank 0 for `scalar`), or i64, f64, i1 for Python's numbers
    dims: the known lengths, names of others (`batch`, `past + 1`), None where they have no name
    """

    name: str
    kind: str
    dtype: np.dtype
    dims: tuple[int | str | None, ...]
    type: Type

    def __str__(self) -> str:
        """`x: f32[batch,768]`, as an argument is written."""
        short = NAMES.get(self.dtype, self.dtype.name)
        if self.kind != "array":
            return f"{self.name}: {self.kind if self.kind != 'scalar' else short}"
        dims = ("?" if dim is None else str(dim) for dim in self.dims)
        return f"{self.name}: {short}[{','.join(dims)}]"


@dataclass
class Graph:
    """A function as a format gets it.

    module: a builtin.module at the numpy stage; its only public func.func has the name `name`, the
        arguments and results in the order of the ports. There may be private ones that it calls.
        Its checks (`numpy.check`, `numpy.check_indices`, and what `numpy.int_add` and the like do
        about overflows) are Python's errors; a format may leave them out.
    name: of the function
    program: the file that it is from
    """

    module: Operation
    name: str
    program: str
    arguments: list[Port]
    results: list[Port]

    @property
    def function(self) -> Operation:
        """The func.func."""
        return next(op for op in self.module if op.get("sym_name") == self.name)

    def weights(self) -> dict[str, DenseAttr]:
        """The large constants by name: `value` is the array, mapped where it is from a file."""
        found: dict[str, DenseAttr] = {}
        for attribute in self._constants():
            if attribute.key is not None and is_resource(attribute):
                found.setdefault(attribute.key, attribute)
        return found

    def _constants(self) -> Iterator[DenseAttr]:
        for op in self.module.walk():
            value = op.attributes.get("value")
            if isinstance(value, DenseAttr):
                yield value
