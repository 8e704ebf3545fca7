"""The dialects: `builtin func scf arith math tensor numpy tosa linalg`, and our own `loop rv vm`.

Importing this package declares all of them. Each file declares operations, a few lines each:
signature, traits, and what they mean (fold, shape, execution).
"""

from fleet.dialects import (
    arith,
    arith_execution,
    arith_folding,
    builtin,
    func,
    func_execution,
    launch_execution,
    linalg,
    linalg_execution,
    loop,
    math,
    numpy,
    numpy_execution,
    numpy_folding,
    scf,
    scf_patterns,
    tensor,
    tensor_execution,
    tensor_folding,
    tosa,
    tosa_execution,
    vm,
)

__all__ = [
    "arith",
    "arith_execution",
    "arith_folding",
    "builtin",
    "func",
    "func_execution",
    "launch_execution",
    "linalg",
    "linalg_execution",
    "loop",
    "math",
    "numpy",
    "numpy_execution",
    "numpy_folding",
    "scf",
    "scf_patterns",
    "tensor",
    "tensor_execution",
    "tensor_folding",
    "tosa",
    "tosa_execution",
    "vm",
]
