"""Loop IR -> vectorised loop IR -> `rv` over virtual registers -> allocated -> assembly text.

Importing the package registers its passes.
"""

from fleet.codegen import (
    allocate,
    contract,
    expand_math,
    fuse_loops,
    select,
    shrink_scratch,
    unroll_and_jam,
    vectorise,
    vsetvli,
)

__all__ = [
    "allocate",
    "contract",
    "expand_math",
    "fuse_loops",
    "select",
    "shrink_scratch",
    "unroll_and_jam",
    "vectorise",
    "vsetvli",
]
