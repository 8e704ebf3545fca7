"""A word of PCG64 as a function of the schedule: built once, called by every draw.

In: a state that is known at run time only. Out: `func.call @pcg64`, and the state after it. The one
idea: a draw is short where it stands, so loops that draw are quick to evaluate and small.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.dialects import func, numpy
from fleet.evaluator.machine import Machine
from fleet.evaluator.values import tensors
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.then import Tensor
from fleet.ir.attributes import SymbolRefAttr, TypeAttr
from fleet.ir.core import Block, Region, Value
from fleet.ir.types import FunctionType
from fleet.library.random_numbers.state import Pcg64

NAME = "pcg64"
_WORD = np.dtype("uint64")
_RANK_0 = tensor_type((), _WORD)
_STATE = ("hi", "lo", "inc_hi", "inc_lo")


def next_word(machine: Machine, state: Pcg64, draw: Callable[[Pcg64], Any]) -> Any:
    """The next 64 bits. draw: how they are made, with operations on the state."""
    e = machine.backend.e
    if e is None or state.is_known:
        return draw(state)
    if NAME not in e.functions:
        e.functions[NAME] = _function(machine, e, draw)
    given = [tensors.scalar_of(e, state.read(name), _WORD) for name in _STATE]
    types = [_RANK_0.element] * 3
    hi, lo, word = e.op(func.call, given, types=types, callee=SymbolRefAttr(NAME)).results
    state.hi, state.lo = _scalar(e, hi), _scalar(e, lo)
    return _scalar(e, word)


def _scalar(e: Emitter, native: Value) -> Any:
    made = e.value(numpy.to_tensor, native, types=[_RANK_0])
    return tensors.wrap(e, Tensor(made, (), _WORD), scalar=True)


def _function(machine: Machine, e: Emitter, draw: Callable[[Pcg64], Any]) -> Any:
    block = Block([_RANK_0.element] * len(_STATE))
    journals, machine.heap.journals = machine.heap.journals, []
    try:
        with e.builder.inside(block):
            state = Pcg64(machine.heap, e)
            words = [_scalar(e, argument) for argument in block.arguments]
            state.assign(*words, False, np.uint64(0))
            word = draw(state)
            results = [tensors.scalar_of(e, part, _WORD) for part in (state.hi, state.lo, word)]
            e.op(func.return_, results)
    finally:
        machine.heap.journals = journals
    kind = FunctionType(
        tuple(argument.type for argument in block.arguments), tuple(x.type for x in results)
    )
    return func.func(
        sym_name=NAME, sym_visibility="private", function_type=TypeAttr(kind),
        regions=[Region([block])], location=e.where(),
    )  # fmt: skip
