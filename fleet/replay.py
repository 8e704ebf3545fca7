"""A saved launch of a kernel, run again: on all layers, or on one.

In: a file of `fleet.judges.files`. Out: a line for each layer and what departs, or the kernel's
results on one layer.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from fleet.diagnostics import FleetError
from fleet.judges.files import load_launch
from fleet.judges.kernels import TENSORS
from fleet.judges.narrowing import Tally
from fleet.judges.verdict import LAYERS, MACHINES, Judge

ON = ("all", TENSORS, *LAYERS, *MACHINES)
"""All layers, what the kernel means, or one layer."""


def replay(path: str, on: str = "all", vlen: int | None = None) -> int:
    """Run a saved launch; the exit status, which is 1 where a layer departs."""
    saved = load_launch(path)
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="fleet-replay-") as folder:
        judge = Judge(vlen or saved.vlen, tally, Path(folder))
        if on != "all":
            try:
                results = judge.results(saved.kernel, saved.launch, on)
            except TimeoutError:
                raise FleetError(f"kernel @{saved.kernel.name} takes too long on {on}") from None
            for number, result in enumerate(results):
                print(f"output {number}: {result.dtype} {list(result.shape)}")
                print(np.array2string(result, threshold=1000))
            return 0
        finding, layers = judge.judge(saved.kernel, saved.launch)
    print(f"kernel {saved.kernel.name} ({saved.kernel.location}), launch {saved.launch.number}:")
    for layer in layers:
        print(f"  {layer.name:<10} {layer}")
    if finding is None:
        return 0
    print(finding.render())
    return 1
