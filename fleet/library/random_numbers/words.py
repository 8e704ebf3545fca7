"""Words of PCG64 as functions of the schedule: built once, called by every draw.

In: a state that is known at run time only. Out: `func.call @pcg64`, and the state after it. The one
idea: a draw is short where it stands, so loops that draw are quick to evaluate and small.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.dialects import func, numpy
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.then import Number, Tensor
from fleet.ir.attributes import SymbolRefAttr, TypeAttr
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import FunctionType, Type, i1
from fleet.library.random_numbers.state import Pcg64

_WORD = np.dtype("uint64")
_RANK_0 = tensor_type((), _WORD)
TAKEN = {
    "pcg64": ("hi", "lo", "inc_hi", "inc_lo"),
    "pcg64_half": ("hi", "lo", "inc_hi", "inc_lo", "has_half", "half"),
}
"""The functions, and what they take of the state."""
CHANGED = {"pcg64": ("hi", "lo"), "pcg64_half": ("hi", "lo", "has_half", "half")}
"""What they give beside the word: the state after it."""


def next_word(machine: Machine, name: str, state: Pcg64, draw: Callable[[Pcg64], Any]) -> Any:
    """The next random bits. draw: how they are made, with operations on the state."""
    e = machine.backend.e
    if e is None or state.is_known:
        return draw(state)
    if all(function.get("sym_name") != name for function in machine.functions):
        machine.functions.append(_function(machine, e, name, draw))
    given = [_native(e, state.read(field)) for field in TAKEN[name]]
    types = [*map(_type, CHANGED[name]), _RANK_0.element]
    *changed, word = e.op(func.call, given, types=types, callee=SymbolRefAttr(name)).results
    for field, native in zip(CHANGED[name], changed, strict=True):
        state.write(field, _value(e, native))
    return _value(e, word)


def _type(field: str) -> Type:
    return i1 if field == "has_half" else _RANK_0.element


def _native(e: Emitter, value: Any) -> Value:
    if isinstance(value, bool | Number):
        return e.plain(e.number(value))
    return tensors.scalar_of(e, value, _WORD)


def _value(e: Emitter, native: Value) -> Any:
    if native.type == i1:
        return Number(e, "bool", native)
    made = e.value(numpy.to_tensor, native, types=[_RANK_0])
    return tensors.wrap(e, Tensor(made, (), _WORD), scalar=True)


def _function(
    machine: Machine, e: Emitter, name: str, draw: Callable[[Pcg64], Any]
) -> Operation:
    """The function: a draw from a state of which nothing is known."""
    block = Block(map(_type, TAKEN[name]))
    journals, machine.heap.journals = machine.heap.journals, []
    try:
        with e.builder.inside(block):
            state = Pcg64(machine.heap, e)
            state.assign(*map(np.uint64, (0, 0, 0, 0)), False, np.uint64(0))
            for field, argument in zip(TAKEN[name], block.arguments, strict=True):
                state.write(field, _value(e, argument))
            word = draw(state)
            parts = [*(state.read(field) for field in CHANGED[name]), word]
            results = [_native(e, part) for part in parts]
            e.op(func.return_, results)
    finally:
        machine.heap.journals = journals
    kind = FunctionType(
        tuple(argument.type for argument in block.arguments), tuple(x.type for x in results)
    )
    return func.func(
        sym_name=name, sym_visibility="private", function_type=TypeAttr(kind),
        regions=[Region([block])], location=e.where(),
    )  # fmt: skip
