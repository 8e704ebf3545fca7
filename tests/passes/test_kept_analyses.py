"""What passes say of analyses: one that says that it changed nothing has changed nothing, and of
the sizes that it says it preserves, those that are equal would be found to be equal anew."""

from __future__ import annotations

import numpy as np
import pytest
from pipeline_stages import PIPELINE_TO_KERNELS, STAGES_TO_KERNELS
from random_programs import runnable

from fleet.ir.analysis.analyses import Analyses
from fleet.ir.core import Operation, Value
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import Instrument, PassManager, Run
from fleet.ir.types import IndexType, TensorType
from fleet.passes.shapes.dims import Dims


class Mark:
    """An analysis that no pass preserves: it is forgotten when a pass may have changed the IR."""

    def __init__(self, module: Operation) -> None:
        self.text = print_op(module, generic=True)


class Judge(Instrument):
    """Looks after each pass at what the manager keeps."""

    def __init__(self) -> None:
        self.analyses = Analyses()
        self.idle = 0
        self.preserved = 0

    def _kept(self, kind: type, module: Operation) -> object | None:
        """The analysis that is there, without making one."""
        made = self.analyses.computed[kind]
        found = self.analyses.get(kind, module)
        return found if self.analyses.computed[kind] == made else None

    def before(self, run: Run) -> None:
        self.analyses.get(Mark, run.module)

    def after(self, run: Run) -> None:
        mark = self._kept(Mark, run.module)
        if mark is not None:
            assert print_op(run.module, generic=True) == mark.text, run.entry.name
            self.idle += 1
        if Dims in run.entry.preserves:
            dims = self._kept(Dims, run.module)
            assert dims is not None
            assert hold(dims, Dims(run.module)), run.entry.name
            self.preserved += 1


def hold(kept: Dims, fresh: Dims) -> bool:
    """Whether the new analysis, too, finds equal what the kept one does, and constant. It may find
    more: a broadcast size that nobody knew is computed from others once it is converted."""
    found: dict[object, object] = {}
    for value in values_in(fresh.module):
        if isinstance(value.type, TensorType):
            sizes = zip(fresh.shape(value), kept.shape(value), strict=True)
        elif isinstance(value.type, IndexType):
            sizes = [(fresh.size(value), kept.size(value))]
        else:
            continue
        for new, old in sizes:
            if found.setdefault(old, new) != new or old.static not in (None, new.static):
                return False
    return True


def values_in(module: Operation) -> list[Value]:
    found: list[Value] = []
    for op in module.walk():
        found += op.results
        for region in op.regions:
            for block in region.blocks:
                found += block.arguments
    return found


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_kept_analyses_hold(seed: int, dtype: type) -> None:
    module = runnable(seed, dtype).module
    judge = Judge()
    for _, passes in STAGES_TO_KERNELS:
        PassManager(passes, instruments=[judge], analyses=judge.analyses).run(module)
    assert judge.idle > 3
    assert judge.preserved == 2  # the two conversions


def test_a_program_without_loops_has_its_sizes_worked_out_once_for_all_kernels() -> None:
    analyses = Analyses()
    module = runnable(3, np.float32).module
    PassManager(PIPELINE_TO_KERNELS, analyses=analyses).run(module)
    asking = ("infer-shapes", "numpy-to-tosa", "tosa-to-linalg", "form-loop-kernels")
    assert analyses.computed[Dims] == len(asking)
