"""The passes between the front end's IR and kernels. Importing this package registers them all.

The rooms in the order of their imports: `general` and `numbers` stand alone, `shapes` ← `linalg` ←
each of `numpy` and `kernels`.
"""

from fleet.passes.general import (
    canonicalise,
    carry_scalars,
    cse,
    dce,
    double_lists,
    inline,
    outline,
    reserve_lists,
    stub_services,
    symbol_dce,
)
from fleet.passes.kernels.checks import bounds, doubtful
from fleet.passes.kernels.formation import (
    calls,
    form,
    leaving,
    loops,
    messages,
    recursion,
    unions,
)
from fleet.passes.kernels.lowering import to_loop
from fleet.passes.linalg import from_tosa, fuse, push_slices, sink_slices
from fleet.passes.numbers import halves, parts, python_complex
from fleet.passes.numpy import to_tosa, warnings
from fleet.passes.shapes import infer

__all__ = [
    "bounds", "calls", "canonicalise", "carry_scalars", "cse", "dce", "double_lists", "doubtful",
    "form", "from_tosa", "fuse", "halves", "infer", "inline", "leaving", "loops", "messages",
    "outline", "parts", "push_slices", "python_complex", "recursion", "reserve_lists",
    "sink_slices", "stub_services", "symbol_dce", "to_loop", "to_tosa", "unions", "warnings",
]  # fmt: skip
