"""`while (%a = %b) : (T) -> T { … } do { … }`: how the loops of several dialects read.

In: what follows the operation's name. Out: its operands, types, regions and attributes. The one
idea: `loop.while` and `tosa.while_loop` read as `scf.while` does, so they are read by one function.
"""

from __future__ import annotations

from typing import Any

from fleet.ir.definition import OpDef
from fleet.ir.types import FunctionType


def parse_while(
    parser: Any, state: Any, example: str, *, inputs: str = "inits", outputs: str = "results",
    terminator: OpDef | None = None,
) -> None:  # fmt: skip
    """Read the rest of a loop.

    example: a function type that would do; inputs, outputs: the slots of operands and results;
    terminator: what the second region ends in where the text does not say.
    """
    names, inits = parser.assignments() if parser.peek("(") else ([], [])
    parser.expect(":")
    type = parser.type()
    if not isinstance(type, FunctionType):
        raise parser.error(f"expected a function type such as {example}")
    state.operands[inputs] = inits
    state.set_types(inputs, list(type.inputs))
    state.set_types(outputs, list(type.results))
    state.regions.append(parser.region(parser.pair(names, type.inputs)))
    parser.expect("do")
    state.regions.append(parser.region(terminator=terminator))
    if parser.accept("attributes"):
        state.attributes.update(parser.attribute_dict())
