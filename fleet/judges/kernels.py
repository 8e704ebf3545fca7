"""A kernel after every pass, and one launch of it: what a judge needs to run it alone.

In: a program. Out: for each kernel its function after every pass from the stage `kernels` on
(tensors, loops, vectors, instructions, registers). The one idea: no pass changes what a kernel
takes, but for scratch buffers, which are nobody's business; so one set of arrays runs on all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from fleet.diagnostics import FleetError, Location
from fleet.dialects import builtin
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.interpreter import Interpreter
from fleet.ir.symbols import SymbolTables, references
from fleet.ir.types import FloatType, MemRefType, TensorType, numpy_dtype

TENSORS = "kernels"
"""The form before the first pass, over tensors: what a kernel means."""

SCRATCH_FILL = 0xA5
"""What scratch buffers hold before a kernel: nothing that it may rely on."""


@dataclass(frozen=True)
class Launch:
    """A kernel's arguments: arrays (inputs, then destinations) as they were before, and sizes.

    number: which launch of the run it was, from 1.
    """

    kernel: str
    arrays: tuple[np.ndarray, ...]
    sizes: tuple[int, ...]
    number: int = 1


@dataclass
class Kernel:
    """One kernel. forms: its function after each pass, in order, TENSORS first.

    outputs: how many of the arrays, the last ones, are its results.
    callees: the functions that it calls before its first pass, with what they call.
    """

    name: str
    outputs: int
    forms: dict[str, Operation] = field(default_factory=dict)
    callees: tuple[Operation, ...] = ()

    @property
    def location(self) -> Location:
        return self.forms[TENSORS].location

    @cached_property
    def narrowest(self) -> int:
        """Bytes of the narrowest floats that it computes with: wider ones may be no nearer."""
        values = (
            value
            for each in (self.forms[TENSORS], *self.callees)
            for operation in each.walk()
            for value in operation.results
        )
        elements = {value.type.element if isinstance(value.type, TensorType) else value.type
                    for value in values}  # fmt: skip
        return min((numpy_dtype(one).itemsize for one in elements if isinstance(one, FloatType)),
                   default=8)  # fmt: skip

    def before(self, name: str) -> str:
        """The form that a pass was given."""
        names = list(self.forms)
        return names[names.index(name) - 1]


def kernel_functions(module: Operation) -> Iterator[Operation]:
    for operation in module.body:
        if operation.name == "func.func" and "kernel" in operation.attributes:
            yield operation


def kernels_in(module: Operation) -> dict[str, Kernel]:
    """The kernels of a module at the stage `kernels`, by name. Those without arrays are left out:
    no pass makes them."""
    found = {}
    tables = SymbolTables()
    for function in kernel_functions(module):
        kind = function.get("function_type")
        if any(isinstance(type, TensorType) for type in kind.inputs):
            name = str(function.get("sym_name"))
            callees = tuple(each.clone() for each in _callees(function, tables))
            found[name] = Kernel(name, len(kind.results), {TENSORS: function.clone()}, callees)
    return found


def _callees(function: Operation, tables: SymbolTables) -> list[Operation]:
    """The functions that one refers to, directly or through others."""
    found = {function: None}
    waiting = [function]
    while waiting:
        for operation in waiting.pop().walk():
            for reference in references(operation):
                callee = (tables.resolve(operation, reference) or (None,))[-1]
                if callee is not None and callee not in found:
                    found[callee] = None
                    waiting.append(callee)
    return list(found)[1:]


def note_forms(kernels: dict[str, Kernel], form: str, module: Operation) -> None:
    """Keep the functions of a module as what a pass made; of its second run as `name 2`."""
    for function in kernel_functions(module):
        kernel = kernels.get(str(function.get("sym_name")))
        if kernel is not None:
            times = sum(pass_of(known) == form for known in kernel.forms)
            kernel.forms[f"{form} {times + 1}" if times else form] = function.clone()


def pass_of(form: str) -> str:
    """The pass that made a form."""
    return form.partition(" ")[0]


def module_of(function: Operation, callees: Iterable[Operation] = ()) -> Operation:
    """A module with a copy of one function, which comes first, and of what it calls."""
    block = Block()
    for each in (function, *callees):
        block.append(each.clone())
    return builtin.module(regions=[Region([block])], location=function.location)


# -- buffers


@dataclass(frozen=True)
class Buffers:
    """A kernel's arguments as one of its forms over buffers takes them."""

    arrays: list[np.ndarray]
    scratch: list[np.ndarray]
    sizes: list[int]

    @property
    def arguments(self) -> list[np.ndarray | int]:
        return [*self.arrays, *self.scratch, *self.sizes]


def private_buffers(function: Operation) -> int:
    """How many of the last buffers that a kernel takes are nobody's business: scratch, and where it
    tells which check failed."""
    return int(function.get("scratch", 0)) + ("status" in function.attributes)


def buffers_of(function: Operation, launch: Launch) -> Buffers:
    """Fresh copies of a launch's arrays, and scratch of the sizes that a loop form wants."""
    arguments = function.body.arguments
    memrefs = [a for a in arguments if isinstance(a.type, MemRefType)]
    count = len(memrefs) - private_buffers(function)
    sizes = arguments[len(memrefs) :]
    if count != len(launch.arrays) or len(sizes) != len(launch.sizes):
        raise FleetError(
            f"kernel @{launch.kernel} takes {count} arrays and {len(sizes)} sizes, "
            f"and is given {len(launch.arrays)} and {len(launch.sizes)}",
            function.location,
        )
    known: dict[Value, object] = dict(zip(sizes, launch.sizes, strict=True))
    scratch = []
    for buffer in memrefs[count:]:
        shape = shape_of(buffer, known, function)
        made = np.empty(shape, numpy_dtype(buffer.type.element))
        made.reshape(-1).view(np.uint8)[:] = SCRATCH_FILL
        scratch.append(made)
    return Buffers([np.array(a, order="C") for a in launch.arrays], scratch, list(launch.sizes))


def shape_of(buffer: Value, known: dict[Value, object], function: Operation) -> tuple[int, ...]:
    """A buffer's dimensions, the dynamic ones as its `loop.buffer` computes them."""
    dynamic: Sequence[Value] = ()
    for operation in function.body:
        if operation.name == "loop.buffer" and operation.operand(0) is buffer:
            dynamic = operation.operands[1:]
    given = iter(dynamic)
    interpreter = Interpreter(module_of(function))
    return tuple(
        int(_evaluated(next(given), known, interpreter)) if dim is None else dim
        for dim in buffer.type.shape
    )


def _evaluated(value: Value, known: dict[Value, object], interpreter: Interpreter) -> object:
    if value not in known:
        owner = value.owner
        if not isinstance(owner, Operation):
            raise FleetError("a size of a scratch buffer depends on what a kernel computes")
        operands = [_evaluated(operand, known, interpreter) for operand in owner.operands]
        results = interpreter.execute(owner, operands)
        known.update(zip(owner.results, results, strict=True))
    return known[value]
