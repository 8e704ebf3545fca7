"""The passes between the front end's IR and kernels. Importing this package registers them all."""

from fleet.passes import (
    canonicalise,
    carry_scalars,
    cse,
    dce,
    form_kernels,
    fuse,
    infer_shapes,
    linalg_to_loop,
    numpy_to_tosa,
    outline,
    push_slices,
    sink_slices,
    symbol_dce,
    tosa_to_linalg,
)

__all__ = [
    "canonicalise", "carry_scalars", "cse", "dce", "form_kernels", "fuse", "infer_shapes",
    "linalg_to_loop", "numpy_to_tosa", "outline", "push_slices", "sink_slices", "symbol_dce",
    "tosa_to_linalg",
]  # fmt: skip
