"""The passes from the front end's IR to kernels, stage by stage."""

from __future__ import annotations

CLEAN = ("canonicalize", "cse", "dce")
"""Between stages: fold, merge what is equal, drop what is unused."""

STAGES_TO_KERNELS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("outlined", ("dce", "outline", *CLEAN, "symbol-dce")),
    ("shapes", ("infer-shapes", *CLEAN)),
    ("tosa", ("numpy-to-tosa", *CLEAN)),
    ("linalg", ("tosa-to-linalg", *CLEAN)),
    ("fused", ("push-slices", "sink-slices", "fuse", *CLEAN)),
    ("kernels", ("form-kernels", *CLEAN, "symbol-dce")),
)
"""Stage names and their passes, in order."""

PIPELINE_TO_KERNELS: list[str] = [name for _, passes in STAGES_TO_KERNELS for name in passes]
