"""The driver's stages up to kernels, as (name, passes) pairs."""

from __future__ import annotations

from fleet.stages import until

STAGES_TO_KERNELS = tuple((stage.name, stage.passes) for stage in until("kernels")[1:])
PIPELINE_TO_KERNELS = [name for _, passes in STAGES_TO_KERNELS for name in passes]
