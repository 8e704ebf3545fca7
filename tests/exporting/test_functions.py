"""Exported functions give what NumPy gives, by our own executor of the IR."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fleet.ir.interpreter import Interpreter
from tests.exporting.corpus import Case, cases, differences


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_graph_gives_what_the_function_gives(case: Case) -> None:
    graph = case.graph()
    for inputs, wanted in case.calls():
        arguments = [np.array(inputs[port.name]) if port.kind in ("array", "scalar")
                     else inputs[port.name] for port in graph.arguments]  # fmt: skip
        with np.errstate(all="ignore"):
            given = Interpreter(graph.module).run(graph.name, arguments)
        found: dict[str, Any] = {
            port.name: value for port, value in zip(graph.results, given, strict=True)
        }
        assert not differences(found, wanted)
        for port, value in zip(graph.results, given, strict=True):
            fits = [dim for dim, n in zip(port.dims, np.shape(value), strict=True)
                    if not isinstance(dim, int) or dim == n]  # fmt: skip
            assert len(fits) == np.ndim(value)
