"""The stages of the pipeline, by name.

The one idea: a stage is a name and a list of passes; everything that a user can dump, stop at, go
on from or run is a stage.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """A step of the pipeline: its passes, and what one sees in its dump."""

    name: str
    passes: tuple[str, ...]
    description: str


SIMPLIFY = "canonicalize{fold-arrays=false}"
"""What a program computes with arrays, it computes when it runs."""

CLEAN = (SIMPLIFY, "cse", "dce")

STAGES = (
    Stage("numpy", (), "NumPy's functions, as the front end emits them"),
    Stage(
        "outlined",
        ("strip-warnings", "dce", "outline", *CLEAN, "symbol-dce"),
        "repeated calls are functions",
    ),
    Stage(
        "shapes",
        (
            "python-complex", "complex-to-parts", "half-to-single", "double-lists",
            "reserve-lists", "infer-shapes",
            *CLEAN,
        ),
        "equal sizes are one value",
    ),
    Stage("tosa", ("numpy-to-tosa", *CLEAN), "tosa, arith, math, tensor"),
    Stage("linalg", ("tosa-to-linalg", *CLEAN), "iteration spaces over tensors"),
    Stage(
        "fused",
        ("push-slices", "sink-slices", "fuse", *CLEAN),
        "producers inside their consumers",
    ),
    Stage(
        "kernels",
        (
            "recursion-to-loops", "prove-comparisons", "carry-messages", "leave-for-host",
            "inline-in-loops", "carry-messages",
            *CLEAN,
            "form-loop-kernels", "form-kernels", "carry-scalars", *CLEAN, "symbol-dce",
            "mark-doubtful",
        ),
        "each group a function",
    ),
    Stage(
        "loops",
        ("linalg-to-loop", "settle-unions", "wide-products"),
        "kernels as loop nests over buffers",
    ),
    Stage(
        "vector",
        (
            "fuse-loops",
            "contract",
            "vectorise",
            "unroll-and-jam",
            "shrink-scratch",
            "expand-math",
            "scalar-halves",
        ),
        "strips of vectors, register blocks",
    ),
    Stage("vm", ("schedule-to-vm", SIMPLIFY, "cse"), "the schedule: buffers, branches"),
    Stage(
        "rv",
        ("select-instructions", "insert-vsetvli"),
        "RISC-V instructions on virtual registers",
    ),
    Stage("allocated", ("allocate-registers",), "and on real ones"),
)
"""The pipeline, in order."""

EXECUTABLE_STAGES = tuple(stage.name for stage in STAGES)
"""Stages that the executors of IR run (`fleet run --on ir --stage …`): all of them."""

BUFFERISED = ("vm", "rv", "allocated")
"""Those of them whose schedule is in the dialect `vm`."""


def until(name: str) -> tuple[Stage, ...]:
    """The stages up to and including the named one."""
    names = [stage.name for stage in STAGES]
    return STAGES[: names.index(name) + 1]


TOKENS, TREE, ASSEMBLY, BYTECODE, LISTING = "tokens", "tree", "assembly", "bytecode", "listing"

ALL_STAGES = (TOKENS, TREE, *(stage.name for stage in STAGES), ASSEMBLY)
"""Every stage that has a file, from the program's text to the machine's."""


def after(name: str, stages: tuple[Stage, ...]) -> tuple[Stage, ...] | None:
    """Those of the stages that come after the named one; None when it is later than all."""
    position = ALL_STAGES.index(name)
    if stages and ALL_STAGES.index(stages[-1].name) < position:
        return None
    return tuple(stage for stage in stages if ALL_STAGES.index(stage.name) > position)
