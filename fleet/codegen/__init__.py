"""Loop IR -> vectorised loop IR -> `rv` over virtual registers -> allocated -> assembly text.

Importing the package registers its passes.
"""

from fleet.codegen.loops import (
    contract,
    fuse,
    shrink_scratch,
    unroll_and_jam,
    vectorise,
    wide_products,
)
from fleet.codegen.math import expand, scalar_halves
from fleet.codegen.registers import allocate
from fleet.codegen.select import function, vsetvli

__all__ = [
    "allocate", "contract", "expand", "function", "fuse", "scalar_halves", "shrink_scratch",
    "unroll_and_jam", "vectorise", "vsetvli", "wide_products",
]  # fmt: skip
