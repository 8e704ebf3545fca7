"""Floating-point arithmetic (the manual's chapter 13) but for multiply-adds and conversions.

The host's arithmetic is IEEE 754's and NumPy passes it on, so results need two things more: NaNs
are the canonical one, and the exceptions that the host raised go to fflags. Tables map stems to
functions `f(ops, vs2, source, out)`; `guard` puts rounding mode and flags around a bound step.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from fleet.emu.cpu import INEXACT, ROUNDING_MODE
from fleet.emu.faults import IllegalInstruction
from fleet.emu.vector.elementwise import Function, Operand, bind, operands_of
from fleet.emu.vector.environment import HOST, NX, RMM
from fleet.emu.vector.float_ops import FORMAT, FloatOps
from fleet.emu.vector.operands import Group, Instruction, Step, dtype_of


def guard(inst: Instruction, step: Step, exactly: Callable[[], Step] | None = None) -> Step:
    """Puts frm and fflags around a step.

    exactly: makes the step for RMM, which no host has; None where `step` itself sees to it.
    """
    ops = inst.unit.float_ops
    cpu, events = ops.cpu, ops.events
    registers, flag_byte = cpu.registers, cpu.flag_byte
    exact_step: list[Step] = []

    def watched(compute: Step) -> None:
        HOST.clear_inexact()
        compute()
        if HOST.inexact():
            cpu.raise_flags(NX)

    def in_mode(mode: int) -> None:
        if mode > RMM:
            raise IllegalInstruction(f"rounding mode {mode} in frm")
        if mode != RMM:
            HOST.rounding(mode, watched, step)
        elif exactly is None:
            step()
        else:
            if not exact_step:
                exact_step.append(exactly())
            exact_step[0]()

    def run() -> None:
        mode = registers[ROUNDING_MODE]
        events.pending = 0
        if mode:
            in_mode(mode)
        elif flag_byte[0] & INEXACT:
            step()
        else:
            watched(step)
        if events.pending:
            cpu.raise_flags(events.take())

    return run


def _ufunc(function: np.ufunc) -> Callable[[FloatOps], Function]:
    return lambda ops: partial(ops.arithmetic, function)


def _reversed(function: np.ufunc) -> Callable[[FloatOps], Function]:
    return lambda ops: partial(ops.reversed, function)


def _compare(function: np.ufunc, *, quiet: bool = False) -> Callable[[FloatOps], Function]:
    return lambda ops: partial(ops.compare, function, quiet)


# stem: kinds, function of the unit's FloatOps, operation of softfloat ("r" before it: reversed)
ARITHMETIC: dict[str, tuple[str, Callable[[FloatOps], Function], str]] = {
    "vfadd": ("fff", _ufunc(np.add), "add"),
    "vfsub": ("fff", _ufunc(np.subtract), "subtract"),
    "vfrsub": ("fff", _reversed(np.subtract), "r subtract"),
    "vfmul": ("fff", _ufunc(np.multiply), "multiply"),
    "vfdiv": ("fff", _ufunc(np.divide), "divide"),
    "vfrdiv": ("fff", _reversed(np.divide), "r divide"),
    "vfmin": ("fff", lambda ops: partial(ops.least, 1), ""),
    "vfmax": ("fff", lambda ops: partial(ops.least, -1), ""),
    "vmfeq": ("mff", _compare(np.equal, quiet=True), ""),
    "vmfne": ("mff", _compare(np.not_equal, quiet=True), ""),
    "vmflt": ("mff", _compare(np.less), ""),
    "vmfle": ("mff", _compare(np.less_equal), ""),
    "vmfgt": ("mff", _compare(np.greater), ""),
    "vmfge": ("mff", _compare(np.greater_equal), ""),
    "vfwadd": ("fff", _ufunc(np.add), "add"),
    "vfwsub": ("fff", _ufunc(np.subtract), "subtract"),
    "vfwmul": ("fff", _ufunc(np.multiply), "multiply"),
}


def bind_arithmetic(inst: Instruction) -> Step:
    kinds, function, operation = ARITHMETIC[inst.stem]
    ops = inst.unit.float_ops
    dest, operands = operands_of(inst, kinds)
    if operation and dest.eew == 16:  # NumPy's halves know one rounding mode
        return guard(inst, _bind_exactly(inst, operation, dest, operands))
    if inst.stem in DIRECT and inst.vl and inst.active() is None:
        sources = [operand.view for operand in operands]
        step = _direct(inst, *DIRECT[inst.stem], *sources, inst.vector(dest, "f"))
    else:
        step = bind(inst, function(ops), kinds[0], dest, operands, keeps_sources=True)
        step = check_widened(inst, step, operands)
    return guard(inst, step, partial(_bind_exactly, inst, operation, dest, operands))


DIRECT: dict[str, tuple[np.ufunc, bool]] = {
    "vfadd": (np.add, False),
    "vfsub": (np.subtract, False),
    "vfrsub": (np.subtract, True),
    "vfmul": (np.multiply, False),
    "vfdiv": (np.divide, False),
    "vfrdiv": (np.divide, True),
}
"""Stems that are one ufunc, and whether its arguments are swapped."""


def _direct(
    inst: Instruction,
    function: np.ufunc,
    swapped: bool,
    a: np.ndarray,
    b: np.ndarray,
    target: np.ndarray,
) -> Step:
    """One ufunc between views, without masks and conversions: the shortest way."""
    settle = inst.unit.float_ops.settle
    aliased = np.may_share_memory(target, a) or np.may_share_memory(target, b)
    out = inst.scratch(0, target.dtype) if aliased else target
    first, second = (b, a) if swapped else (a, b)
    peak, item = out.argmax, out.item

    def step() -> None:
        function(first, second, out)
        highest = item(peak())
        if highest != highest:
            settle(out, a, b)

    if not aliased:
        return step

    def step_and_copy() -> None:
        step()
        target[...] = out

    return step_and_copy


def _bind_exactly(
    inst: Instruction, operation: str, dest: Group, operands: list[Operand]
) -> Step:
    ops = inst.unit.float_ops
    if not operation:  # nothing to round
        kinds, function, _ = ARITHMETIC[inst.stem]
        return bind(inst, function(ops), kinds[0], dest, operands)
    name = operation.removeprefix("r ")

    def compute(a: np.ndarray, b: np.ndarray, out: np.ndarray | None) -> np.ndarray:
        return ops.exactly(name, *((b, a) if name != operation else (a, b)), out)

    return check_widened(inst, bind(inst, compute, "f", dest, operands), operands)


def check_widened(inst: Instruction, step: Step, operands: list[Operand]) -> Step:
    """Widening quiets signaling NaNs, so they are looked for before."""
    if "widening" not in inst.flags or inst.vl == 0:
        return step
    ops, active = inst.unit.float_ops, inst.active()
    narrow = [o for o in operands if o.view.itemsize * 8 == inst.sew]

    def run() -> None:
        at = None if active is None else active()
        if at is None or at.any():
            for operand in narrow:
                whole = at is None or operand.scalar
                ops.check_signaling(operand.view if whole else operand.view[at])
        step()

    return run


def bind_square_root(inst: Instruction) -> Step:
    ops = inst.unit.float_ops
    a, dest = inst.group(inst.vs2), inst.group(inst.vd)
    inst.check_destination(dest, a)
    operands = [Operand(inst.vector(a, "f"), False, "f")]
    root, exactly = partial(ops.arithmetic, np.sqrt), partial(ops.exactly, "square_root")
    if inst.sew == 16:
        return guard(inst, bind(inst, exactly, "f", dest, operands))
    step = bind(inst, root, "f", dest, operands, keeps_sources=True)
    return guard(inst, step, lambda: bind(inst, exactly, "f", dest, operands))


SIGN_INJECTION: dict[str, Callable[[np.ndarray, np.ndarray, int], np.ndarray]] = {
    "vfsgnj": lambda a, b, sign: (a & ~sign) | (b & sign),
    "vfsgnjn": lambda a, b, sign: (a & ~sign) | (~b & sign),
    "vfsgnjx": lambda a, b, sign: a ^ (b & sign),
}


def bind_sign_injection(inst: Instruction) -> Step:
    dtype_of("f", inst.sew)
    dest, operands = operands_of(inst, "uuu")
    function = SIGN_INJECTION[inst.stem]
    sign = np.dtype(f"u{inst.sew // 8}").type(1 << inst.sew - 1)

    def compute(a: np.ndarray, b: np.ndarray, out: np.ndarray | None) -> np.ndarray:
        result = function(a, b, sign)
        if out is None:
            return result
        out[...] = result
        return out

    return guard(inst, bind(inst, compute, "u", dest, operands))


def bind_classify(inst: Instruction) -> Step:
    """vfclass.v: a bit for each of ten classes (the manual, 13.14)."""
    dtype_of("f", inst.sew)
    a, dest = inst.group(inst.vs2), inst.group(inst.vd)
    inst.check_destination(dest, a)
    operands = [Operand(inst.vector(a, "u"), False, "u")]
    return guard(inst, bind(inst, _classes, "u", dest, operands))


def _classes(bits: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    form = FORMAT[bits.itemsize]
    kind = bits.dtype.type
    negative = bits >= kind(form.sign)
    magnitude = bits & kind(form.sign - 1)
    smallest_normal, infinity = 1 << form.fraction, kind(form.infinity)
    rank = np.where(magnitude == 0, 3, np.where(magnitude < kind(smallest_normal), 2, 1))
    rank = np.where(magnitude == infinity, 0, rank)
    number = np.where(negative, rank, 7 - rank)
    quiet = (magnitude & kind(1 << form.fraction - 1)) != 0
    number = np.where(magnitude > infinity, np.where(quiet, 9, 8), number)
    result = np.left_shift(1, number).astype(bits.dtype)
    if out is None:
        return result
    out[...] = result
    return out


BINDERS = (
    dict.fromkeys(ARITHMETIC, bind_arithmetic)
    | dict.fromkeys(SIGN_INJECTION, bind_sign_injection)
    | {"vfsqrt": bind_square_root, "vfclass": bind_classify}
)
