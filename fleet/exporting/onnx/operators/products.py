"""Products of matrices as nodes."""

from __future__ import annotations

from fleet.exporting.onnx.conversion import Conversion, Edge, Handler
from fleet.exporting.onnx.kernels import carrier
from fleet.ir.core import Operation
from fleet.ir.types import element_of, numpy_dtype


def _matmul(c: Conversion, op: Operation) -> Edge:
    x, y = c.operands(op)
    return product(x, y).to(numpy_dtype(element_of(op.result.type)))


def product(x: Edge, y: Edge) -> Edge:
    """NumPy's matmul, of bools whether there is a pair."""
    through = carrier("MatMul", x.dtype)
    if through is None:
        raise x.c.refuse(f"ONNX's MatMul of {x.dtype} cannot be computed")
    return x.c.emit("MatMul", x.to(through), y.to(through)).to(x.dtype)


HANDLERS: dict[str, Handler] = {"numpy.matmul": _matmul}
