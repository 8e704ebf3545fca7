"""What a kernel is called: after the user's function that most of it comes from.

The one idea: from the call that all operations share, go down into the call that holds more than
half of them, as long as there is one. A matrix product decides for its kernel, whatever epilogue
came along.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from fleet.diagnostics import Frame
from fleet.ir.core import Operation


def kernel_name(operations: Sequence[Operation], function: Operation) -> str:
    """A name in the characters of a symbol."""
    products = [op for op in operations if "matmul" in op.name]
    frame = _common_frame(products[:1] or _bodies(function) or operations)
    name = re.sub(r"\W+", "_", frame.function if frame else "").strip("_")
    return name or _by_kind(operations[-1])


def _bodies(function: Operation) -> list[Operation]:
    """The scalar operations of a kernel, which tell best where it comes from."""
    return [
        op
        for op in function.walk()
        if op.name.startswith(("arith.", "math."))
        and op.name != "arith.constant"
        and op.location.frame is not None
    ]


def _common_frame(operations: Sequence[Operation]) -> Frame | None:
    chains = [op.location.frames() for op in operations]
    chosen: Frame | None = None
    depth = 0
    while True:
        counts = Counter(chain[depth] for chain in chains if len(chain) > depth)
        if not counts:
            return chosen
        frame, count = counts.most_common(1)[0]
        if 2 * count <= len(chains):
            return chosen
        chosen, depth = frame, depth + 1


def _by_kind(op: Operation) -> str:
    return "copy" if op.name == "tensor.insert_slice" else op.name.rpartition(".")[2]
