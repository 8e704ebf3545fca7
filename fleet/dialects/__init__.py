"""The dialects: `builtin func cf scf arith math vector tensor numpy tosa linalg`, and our own `loop
rv vm`.

Importing this package declares all of them. Each declares operations, a few lines each: signature,
traits, and what they mean (fold, shape, execution). A dialect of several files is a folder that
holds the declarations itself, and has files for what they mean.
"""

from fleet.dialects import (
    arith,
    builtin,
    cf,
    computed_sizes,
    func,
    integer_semantics,
    launch_execution,
    linalg,
    loop,
    math,
    numpy,
    scf,
    tensor,
    tosa,
    vector,
    vm,
)
from fleet.dialects.arith import execution as arith_execution
from fleet.dialects.arith import folding as arith_folding
from fleet.dialects.arith import patterns as arith_patterns
from fleet.dialects.cf import patterns as cf_patterns
from fleet.dialects.func import execution as func_execution
from fleet.dialects.linalg import checks as linalg_checks
from fleet.dialects.linalg import execution as linalg_execution
from fleet.dialects.linalg import named as linalg_named
from fleet.dialects.linalg import patterns as linalg_patterns
from fleet.dialects.linalg import text as linalg_text
from fleet.dialects.loop import checks as loop_checks
from fleet.dialects.loop import control as loop_control
from fleet.dialects.loop import execution as loop_execution
from fleet.dialects.loop import text as loop_text
from fleet.dialects.numpy import checks as numpy_checks
from fleet.dialects.numpy import execution as numpy_execution
from fleet.dialects.numpy import folding as numpy_folding
from fleet.dialects.numpy import sizes as numpy_sizes
from fleet.dialects.scf import parallel_loops as scf_parallel_loops
from fleet.dialects.scf import patterns as scf_patterns
from fleet.dialects.scf import while_loops as scf_while_loops
from fleet.dialects.tensor import casts as tensor_casts
from fleet.dialects.tensor import checks as tensor_checks
from fleet.dialects.tensor import execution as tensor_execution
from fleet.dialects.tensor import folding as tensor_folding
from fleet.dialects.tensor import packing as tensor_packing
from fleet.dialects.tensor import pads as tensor_pads
from fleet.dialects.tensor import reshapes as tensor_reshapes
from fleet.dialects.tensor import sizes as tensor_sizes
from fleet.dialects.tosa import checks as tosa_checks
from fleet.dialects.tosa import control as tosa_control
from fleet.dialects.tosa import execution as tosa_execution
from fleet.dialects.tosa import folding as tosa_folding
from fleet.dialects.tosa import windows as tosa_windows

__all__ = [
    "arith", "arith_execution", "arith_folding", "arith_patterns", "builtin", "cf", "cf_patterns",
    "computed_sizes", "func", "func_execution", "integer_semantics", "launch_execution", "linalg",
    "linalg_checks", "linalg_execution", "linalg_named", "linalg_patterns", "linalg_text", "loop",
    "loop_checks", "loop_control", "loop_execution", "loop_text", "math", "numpy", "numpy_checks",
    "numpy_execution", "numpy_folding", "numpy_sizes", "scf", "scf_parallel_loops", "scf_patterns",
    "scf_while_loops", "tensor", "tensor_casts", "tensor_checks", "tensor_execution",
    "tensor_folding", "tensor_packing", "tensor_pads", "tensor_reshapes", "tensor_sizes", "tosa",
    "tosa_checks", "tosa_control", "tosa_execution", "tosa_folding", "tosa_windows", "vector",
    "vm",
]  # fmt: skip
