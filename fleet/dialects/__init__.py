"""The dialects: `builtin func scf arith math tensor numpy tosa linalg`, and our own `loop rv vm`.

Importing this package declares all of them. Each file declares operations, a few lines each:
signature, traits, and what they mean (fold, shape, execution).
"""

from fleet.dialects import arith, builtin, func, linalg, loop, math, numpy, scf, tensor, tosa, vm

__all__ = ["arith", "builtin", "func", "linalg", "loop", "math", "numpy", "scf", "tensor", "tosa", "vm"]
