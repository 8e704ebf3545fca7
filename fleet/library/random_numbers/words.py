"""Words of the bit generators as functions of the schedule: built once, called by every draw.

In: a state that is known at run time only. Out: `func.call @pcg64`, and the state after it; of a
Twister `func.call @twister_word` and `@twisted`, on its key. The one idea: a draw is short where it
stands, so loops that draw are quick to evaluate and small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fleet.dialects import func, numpy
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import texts
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.then import Number, Tensor
from fleet.ir.attributes import SymbolRefAttr, TypeAttr
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import FunctionType, Type, i1
from fleet.library.random_numbers.state import Pcg64

_WORD = np.dtype("uint64")
_HALF = np.dtype("uint32")
_WORDS = 624
"""How many words of 32 bits a Twister's key has."""
_RANK_0 = tensor_type((), _WORD)
_KEY = tensor_type((_WORDS,), _HALF)
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
    given = [_native(e, state.read(field)) for field in TAKEN[name]]
    types = [*map(_type, CHANGED[name]), _RANK_0.element]

    def drawn(arguments: Sequence[Value]) -> list[Value]:
        """A draw from a state of which nothing is known."""
        inside = Pcg64(machine.heap, e)
        inside.assign(*map(np.uint64, (0, 0, 0, 0)), False, np.uint64(0))
        for field, argument in zip(TAKEN[name], arguments, strict=True):
            inside.write(field, _value(e, argument))
        word = draw(inside)
        return [_native(e, part) for part in (*map(inside.read, CHANGED[name]), word)]

    *changed, word = _called(machine, e, name, given, drawn, types)
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


def twister_word(machine: Machine, key: Any, at: Any, draw: Callable[[Any, Any], Any]) -> Any:
    """The word of a key that is at a place. draw: how it is made of them.

    The key is not given back, so that nothing copies it.
    """
    e = machine.backend.e
    if e is None or not texts.has_run_time((key, at)):
        return draw(key, at)

    def drawn(arguments: Sequence[Value]) -> list[Value]:
        given, number = arguments
        return [_native(e, draw(_key(e, given), Number(e, "int", number)))]

    given = [tensors.tensor(e, key).value, e.plain(e.number(at))]
    return _value(e, *_called(machine, e, "twister_word", given, drawn, [_RANK_0.element]))


def twisted_key(machine: Machine, key: Any, twisted: Callable[[Any], Any]) -> Any:
    """The key after a key. twisted: how it is made of that."""
    e = machine.backend.e
    if e is None or not texts.has_run_time(key):
        return twisted(key)

    def made(arguments: Sequence[Value]) -> list[Value]:
        return [tensors.tensor(e, twisted(_key(e, *arguments))).value]

    given = [tensors.tensor(e, key).value]
    return _key(e, *_called(machine, e, "twisted", given, made, [_KEY]))


def _key(e: Emitter, native: Value) -> Any:
    return tensors.wrap(e, Tensor(native, (_WORDS,), _HALF))


def _called(
    machine: Machine, e: Emitter, name: str, given: list[Value],
    body: Callable[[Sequence[Value]], list[Value]], results: list[Type],
) -> Sequence[Value]:  # fmt: skip
    """What a function of the schedule, made the first time, gives for such values."""
    if all(function.get("sym_name") != name for function in machine.functions):
        types = [one.type for one in given]
        machine.functions.append(_defined(machine, e, name, types, body))
    return e.op(func.call, given, types=results, callee=SymbolRefAttr(name)).results


def _defined(
    machine: Machine, e: Emitter, name: str, types: list[Type],
    body: Callable[[Sequence[Value]], list[Value]],
) -> Operation:  # fmt: skip
    """A function of the schedule. body: emits what it gives for its arguments."""
    block = Block(types)
    journals, machine.heap.journals = machine.heap.journals, []
    try:
        with e.builder.inside(block):
            results = body(block.arguments)
            e.op(func.return_, results)
    finally:
        machine.heap.journals = journals
    kind = FunctionType(tuple(types), tuple(x.type for x in results))
    return func.func(
        sym_name=name, sym_visibility="private", function_type=TypeAttr(kind),
        regions=[Region([block])], location=e.where(),
    )  # fmt: skip
