"""Registers under the psABI (lp64d with vectors): who may use which, in order of preference.

Kernels call nothing, so what the caller saves comes first; a register that the callee saves costs
a store and a load in prologue and epilogue. v0 comes last: masks must be there.
"""

from __future__ import annotations

from fleet.asm.isa.registers import REGISTERS

ARGUMENTS = tuple("a0 a1 a2 a3 a4 a5 a6 a7".split())
"""Of integer and pointer arguments; the others are on the stack, eight bytes each."""

SCRATCH = ("t5", "t6")
"""What expanding spills may overwrite, in functions that need it."""


def _numbers(kind: str, names: str) -> tuple[int, ...]:
    return tuple(REGISTERS[kind][name] for name in names.split())


CALLEE_SAVED: dict[str, frozenset[int]] = {
    "x": frozenset(_numbers("x", "s0 s1 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11")),
    "f": frozenset(_numbers("f", "fs0 fs1 fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11")),
    "v": frozenset(),
}

ALLOCATABLE: dict[str, tuple[int, ...]] = {
    "x": _numbers(
        "x",
        "a5 a4 a3 a2 a1 a0 a6 a7 t0 t1 t2 t3 t4 t5 t6 s0 s1 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11",
    ),
    "f": _numbers(
        "f",
        "fa5 fa4 fa3 fa2 fa1 fa0 fa6 fa7 ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 ft8 ft9 ft10 ft11"
        " fs0 fs1 fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11",
    ),
    "v": (*range(1, 32), 0),
}
