"""Arguments and results as the program has them, where the passes compute with other types.

In: a graph at the stage `shapes`, whose arrays of float16 are of float32. Out: the same, with
float16 where the function is called. The one idea: what is computed in float32 is rounded after
each operation, so nothing is lost by the way back.
"""

from __future__ import annotations

from fleet.dialects import numpy
from fleet.exporting.graph import Graph, Port
from fleet.ir.attributes import TypeAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Value
from fleet.ir.types import FunctionType, TensorType, Type, f16, f32


def keep_halves(graph: Graph) -> None:
    """Give arguments and results of float16 their type."""
    main = graph.function
    block = main.body
    first, last = block.first, block.last
    assert first is not None and last is not None
    for port, argument in zip(graph.arguments, block.arguments, strict=True):
        wanted = _half(port, argument.type)
        if wanted is None:
            continue
        old, argument.type = argument.type, wanted
        made = Builder.before(first).value(numpy.cast, argument, types=[old])
        owner = made.owner
        argument.replace_uses_if(made, lambda user, owner=owner: user is not owner)
    given: list[Value] = []
    for port, value in zip(graph.results, last.operands, strict=True):
        wanted = _half(port, value.type)
        given.append(value if wanted is None else Builder.before(last).value(
            numpy.cast, value, types=[wanted]))  # fmt: skip
    last.operands = given
    inputs = tuple(argument.type for argument in block.arguments)
    type = FunctionType(inputs, tuple(value.type for value in given))
    main.attributes["function_type"] = TypeAttr(type)


def _half(port: Port, type: Type) -> Type | None:
    """The type with elements of float16, where that is not the one that there is."""
    if port.dtype != "float16" or not isinstance(type, TensorType) or type.element != f32:
        return None
    return type.with_element(f16)
