"""`vm`: the schedule as a register machine runs it: pointers, branches, launches, host services.

Buffers are `i64` addresses in the device's memory, sizes are `i64`; scalar arithmetic stays `arith`
and `math`, functions stay `func`. The meaning of these operations is the bytecode machine's
(`fleet.vm.machine`).
"""

from __future__ import annotations

from fleet.ir.definition import PURE, TERMINATOR, Dialect
from fleet.ir.interfaces import MemoryEffects

VM = Dialect("vm")

alloc = VM.op(
    "alloc", "bytes: Scalar -> pointer: Scalar", interfaces=[MemoryEffects(allocates=True)]
)
"""A fresh buffer in the arena, 64-byte aligned, content undefined."""
free = VM.op("free", "pointer: Scalar", interfaces=[MemoryEffects(frees=("pointer",))])
"""Gives back what `alloc` (or a host service) gave."""
address = VM.op("address", "-> pointer: Scalar", attributes="value", traits={PURE})
"""Where the constant array `value` (a DenseAttr) lies in .rodata."""
load = VM.op(
    "load",
    "pointer: Scalar -> result: Scalar",
    interfaces=[MemoryEffects(reads=("pointer",))],
)
store = VM.op(
    "store", "value: Scalar, pointer: Scalar", interfaces=[MemoryEffects(writes=("pointer",))]
)
copy = VM.op(
    "copy",
    "target: Scalar, source: Scalar, bytes: Scalar",
    interfaces=[MemoryEffects(reads=("source",), writes=("target",))],
)
launch = VM.op("launch", "arguments: Scalar*", attributes="callee")
"""Run a kernel on the device: pointers, then sizes."""
host = VM.op("host", "operands: Scalar* -> results: Scalar*", attributes="service")
"""A host service. `service`: a DictAttr with `name`, `kinds`, `types`, `result_kinds`,
`result_types`, `options`. A tensor is a pointer and its dynamic dimensions."""
br = VM.op("br", "arguments: Scalar*", successors=True, traits={TERMINATOR})
cond_br = VM.op(
    "cond_br",
    "condition: I1, true_arguments: Scalar*, false_arguments: Scalar*",
    successors=True,
    traits={TERMINATOR},
)
