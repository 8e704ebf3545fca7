"""Products of matrices as nodes."""

from __future__ import annotations

from fleet.exporting.onnx.conversion import Conversion, Edge, Handler
from fleet.exporting.onnx.kernels import carrier
from fleet.ir.core import Operation
from fleet.ir.types import element_of, numpy_dtype


def _matmul(c: Conversion, op: Operation) -> Edge:
    x, y = c.operands(op)
    ranks = [operand.type.rank for operand in op.operands]
    return _of_ranks(x, y, *ranks).to(numpy_dtype(element_of(op.result.type)))


def _of_ranks(x: Edge, y: Edge, rank_x: int, rank_y: int) -> Edge:
    """A vector beside a transposed array is put so that nothing is transposed: onnxruntime puts
    the two into one operator of its own, which takes the vector for something else."""
    c = x.c
    if rank_y == 1 and x.name in c.turned:
        matrix, _ = c.turned[x.name]
        if rank_x == 2:
            return product(y, matrix)
        column = c.emit("Unsqueeze", y, c.ints([1]))
        return c.emit("Squeeze", product(x, column), c.ints([-1]))
    if rank_x == 1 and y.name in c.turned:
        matrix, _ = c.turned[y.name]
        if rank_y == 2:
            return product(matrix, x)
        row = c.emit("Unsqueeze", x, c.ints([0]))
        return c.emit("Squeeze", product(row, y), c.ints([-2]))
    return product(x, y)


def product(x: Edge, y: Edge) -> Edge:
    """NumPy's matmul, of bools whether there is a pair."""
    through = carrier("MatMul", x.dtype)
    if through is None:
        raise x.c.refuse(f"ONNX's MatMul of {x.dtype} cannot be computed")
    return x.c.emit("MatMul", x.to(through), y.to(through)).to(x.dtype)


HANDLERS: dict[str, Handler] = {"numpy.matmul": _matmul}
