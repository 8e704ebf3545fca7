"""`vm`: the schedule as a register machine runs it: pointers, branches, launches, host services.

Buffers are `i64` addresses in the device's memory, sizes are `i64`; scalar arithmetic stays `arith`
and `math`, functions stay `func`. The meaning of these operations is the bytecode machine's
(`fleet.vm.machine`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import StringAttr
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import PURE, TERMINATOR, Dialect
from fleet.ir.interfaces import MemoryEffects
from fleet.ir.types import Type, i64

VM = Dialect("vm")

alloc = VM.op(
    "alloc", "bytes: Scalar -> pointer: Scalar", interfaces=[MemoryEffects(allocates=True)]
)
"""A fresh buffer in the arena, 64-byte aligned, content undefined."""
free = VM.op("free", "pointer: Scalar", interfaces=[MemoryEffects(frees=("pointer",))])
"""Gives back what `alloc` (or a host service) gave."""
address = VM.op("address", "-> pointer: Scalar", attributes="value: Dense", traits={PURE})
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
launch = VM.op("launch", "arguments: Scalar*", attributes="callee: Symbol")
"""Run a kernel on the device: pointers, then sizes."""
host = VM.op("host", "operands: Scalar* -> results: Scalar*", attributes="service: Dict")
"""A host service. `service`: a DictAttr with `name`, `kinds`, `types`, `result_kinds`,
`result_types`, `options`. A tensor is a pointer and its dynamic dimensions."""
br = VM.op("br", "arguments: Scalar*", successors=True, traits={TERMINATOR})
cond_br = VM.op(
    "cond_br",
    "condition: I1, true_arguments: Scalar*, false_arguments: Scalar*",
    successors=True,
    traits={TERMINATOR},
)

SERVICE_KEYS = ("name", "kinds", "types", "result_kinds", "result_types", "options")


def _are_words(operation: Operation, values: Sequence[Value]) -> None:
    """Addresses and sizes are 64-bit integers."""
    for value in values:
        if value.type != i64:
            raise VerifyError(f"has an address or size of type {value.type}, not i64")


@alloc.verify_with
@copy.verify_with
@free.verify_with
def _verify_words(operation: Operation) -> None:
    _are_words(operation, (*operation.operands, *operation.results))


@load.verify_with
def _verify_load(operation: Operation) -> None:
    _are_words(operation, operation.operands)


@store.verify_with
def _verify_store(operation: Operation) -> None:
    _are_words(operation, operation.operands[1:])


@address.verify_with
def _verify_address(operation: Operation) -> None:
    _are_words(operation, operation.results)


@launch.verify_symbols_with
def _verify_launch(operation: Operation, symbols: Mapping[str, Operation]) -> None:
    """The kernel is there and takes as much; as instructions it has its types no more."""
    name = str(operation.get("callee"))
    kernel = symbols.get(name)
    if kernel is None or "kernel" not in kernel.attributes:
        raise VerifyError(f"launches @{name}, which is no kernel")
    blocks = kernel.regions[0].blocks if kernel.regions else []
    if not blocks or blocks[0].first is None or blocks[0].first.name.startswith("rv."):
        return
    taken = len(blocks[0].arguments)
    given = len(operation.operands)
    if taken != given:
        raise VerifyError(f"passes {given} values to @{name}, which takes {taken}")


@host.verify_with
def _verify_host(operation: Operation) -> None:
    service = operation.attributes["service"]
    given = dict(service.value)
    missing = [key for key in SERVICE_KEYS if key not in given]
    if missing:
        raise VerifyError(f"has a service without {', '.join(missing)}")
    if not isinstance(given["name"], StringAttr):
        raise VerifyError("has a service whose name is no text")
    results = len(given["result_types"].value)
    if results > len(operation.results):
        raise VerifyError(f"has a service of {results} results, and {len(operation.results)}")


def _fits(block: Block, values: Sequence[Value]) -> None:
    passed = [value.type for value in values]
    taken = [argument.type for argument in block.arguments]
    if passed != taken:
        raise VerifyError(f"passes ({_list(passed)}) to a block of ({_list(taken)})")


def _list(types: Sequence[Type]) -> str:
    return ", ".join(map(str, types))


@br.verify_with
def _verify_br(operation: Operation) -> None:
    if len(operation.successors) != 1:
        raise VerifyError("has not one successor")
    _fits(operation.successors[0], operation.operands)


@cond_br.verify_with
def _verify_cond_br(operation: Operation) -> None:
    if len(operation.successors) != 2:
        raise VerifyError("has not two successors, taken and not taken")
    _, *passed = operation.definition.segments(operation)
    for block, values in zip(operation.successors, passed, strict=True):
        _fits(block, values)
