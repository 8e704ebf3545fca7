"""Recursion that ends at run time: a function of the schedule, which calls itself.

In: a call of a function that calls itself under a run-time condition. Out: a `func.func` and a
call of it. The one idea: the body is evaluated once for the kinds of its arguments, and again until
the kind of its result settles (at first, the calls within give nothing: those paths do not count).
Run-time values of its surroundings become further parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fleet.dialects import func
from fleet.evaluator.control import regions
from fleet.evaluator.control.regions import Outcome, Stopped
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.memory import Again, Memory
from fleet.evaluator.state.outgrown import outgrown
from fleet.evaluator.state.scopes import Scope
from fleet.evaluator.values import kinds
from fleet.evaluator.values.kinds import Kind
from fleet.ir.attributes import SymbolRefAttr, TypeAttr
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import FunctionType
from fleet.syntax import tree

DEEP = 3
"""Calls of one function within another, each under further run-time conditions, that make it a
recursion that ends at run time; one that ends sooner at build time is inlined."""
MAX_NESTED = 20
"""Kinds of arguments that a recursion may go through."""
MAX_ROUNDS = 12


@dataclass
class Recursion:
    """A function that is being evaluated for the kinds of its arguments.

    result: the kind of what it returns, as far as it is known; calls: those within it;
    journals: how many were open when its body began.
    """

    function: Function
    parameters: dict[str, Kind]
    name: str
    result: Kind | None = None
    calls: list[Operation] = field(default_factory=list)
    journals: int = 0


def watch(m: Machine, node: tree.AST) -> None:
    """Notice that a function is going to be called within itself for ever, under a condition."""
    levels = {scope.level for scope in map(_of_function, [*m.callers, m.scope])
              if scope.kind == "function" and scope.called[0]._node is node}  # fmt: skip
    if len(levels) >= DEEP and max(levels) < m.regions:
        m.policy.recursive.add(id(node))
        raise Again


def _of_function(scope: Scope) -> Scope:
    """The scope that a comprehension stands in."""
    while scope.kind == "comprehension":
        scope = scope.parent
    return scope


def call(
    m: Machine, function: Function, values: dict[str, Any], run: Callable[[dict[str, Any]], Any]
) -> Any:
    """function(values) as a call in the schedule. run: evaluates its body for such values."""
    parameters = {name: _parameter(value) for name, value in values.items()}
    for known in reversed(m.recursions):
        if (known.function._node is function._node and known.function._scope is function._scope
                and known.parameters == parameters):  # fmt: skip
            return _call_within(m, known, values)
    if len(m.recursions) >= MAX_NESTED:
        raise m.error(
            "the arguments of this recursion have other types at each level",
            "call the function with arguments of the same types",
        )
    m.defined += 1
    recursion = Recursion(function, parameters, f"{_symbol(function)}_recursion_{m.defined}")
    return _define(m, recursion, values, run)


def _symbol(function: Function) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in function.__qualname__)


def _parameter(value: Any) -> Kind:
    """The kind of a parameter: what any value like this one fits."""
    return kinds.widest(kinds.describe(value))


def _call_within(m: Machine, recursion: Recursion, values: dict[str, Any]) -> Any:
    """A call of a function in its own body."""
    _refuse_effects(m, recursion)
    if recursion.result is None:
        raise Stopped
    operation = _emit(m, recursion, values)
    recursion.calls.append(operation)
    return recursion.result.unpack(m.backend.e, iter(operation.results))


def _emit(m: Machine, recursion: Recursion, values: dict[str, Any]) -> Operation:
    e = m.backend.e
    operands = [
        native for name, kind in recursion.parameters.items()
        for native in kind.pack(e, values[name])
    ]  # fmt: skip
    types = recursion.result.types()
    return e.op(func.call, operands, types=types, callee=SymbolRefAttr(recursion.name))


def _refuse_effects(m: Machine, recursion: Recursion) -> None:
    """What changes outside the function would have to travel with the calls."""
    first, *inner = m.heap.journals[recursion.journals :]
    for journal in (first, *inner):
        for obj, before, now in journal.effects():
            if first.is_new(obj):
                continue
            for place in regions.places_of(m, obj, [before, now]):
                raise m.error(
                    f"this recursion ends at run time and changes {place.name}, which is outside "
                    "of the function",
                    "return the new value instead, or write it as a loop",
                )


def _define(
    m: Machine, recursion: Recursion, values: dict[str, Any], run: Callable[[dict[str, Any]], Any]
) -> Any:
    e = m.backend.e
    memory, outer = Memory(), m.memory
    for _ in range(MAX_ROUNDS):
        block = Block()
        inside = {
            name: kind.unpack(e, iter([block.add_argument(type, name) for type in kind.types()]))
            for name, kind in recursion.parameters.items()
        }
        recursion.calls.clear()
        recursion.journals = len(m.heap.journals)
        m.recursions.append(recursion)
        m.memory = memory
        memory.begun.clear()

        def body(inside: dict[str, Any] = inside) -> Any:
            value = run(inside)
            _refuse_effects(m, recursion)
            return value

        try:
            outcome = regions.region(m, body, block)
        finally:
            m.memory = outer
            m.recursions.pop()
        if _settles(m, recursion, outcome):
            return _finish(m, recursion, outcome, values)
        for operation in block:
            operation.drop_references()
    raise m.error("what this recursion returns does not settle on one type")


def _settles(m: Machine, recursion: Recursion, outcome: Outcome) -> bool:
    """Whether the result has the kind that the calls within it were taken to give."""
    found = kinds.Known(None) if outcome.ended else outcome.kinds([outcome.value])[0]
    if found is None:
        outgrown(m, outcome.value, m.error(
            "what this recursion returns cannot be represented at run time",
            "return numbers, texts, arrays, or tuples of them",
        ))  # fmt: skip
    found = kinds.widest(found)
    before = recursion.result
    if before is None or not outcome.ended:
        recursion.result = found if before is None else kinds.join_kinds(before, found)
    return before is not None and recursion.result == before


def _finish(m: Machine, recursion: Recursion, outcome: Outcome, values: dict[str, Any]) -> Any:
    """The function, and the call from outside."""
    e = m.backend.e
    block, result = outcome.block, recursion.result
    with e.builder.inside(block), outcome.replayed():
        returned = result.placeholder(e) if outcome.ended else result.pack(e, outcome.value)
        e.op(func.return_, returned)
    captured = _captured(block)
    arguments = [block.add_argument(value.type, value.hint) for value in captured]
    if captured:
        inner = {id(operation) for top in block for operation in top.walk()}
        for value, argument in zip(captured, arguments, strict=True):
            value.replace_uses_if(argument, lambda operation: id(operation) in inner)
        for operation in recursion.calls:
            if id(operation) not in inner:
                raise m.error(
                    "this recursion goes through another function and uses run-time values of "
                    "their surroundings",
                    "pass them as arguments",
                )
            operation.operands = (*operation.operands, *arguments)
    inputs = tuple(argument.type for argument in block.arguments)
    kind = TypeAttr(FunctionType(inputs, tuple(result.types())))
    made = func.func(
        sym_name=recursion.name, sym_visibility="private", function_type=kind,
        regions=[Region([block])],
    )  # fmt: skip
    made.location = m.location()
    m.functions.append(made)
    operation = _emit(m, recursion, values)
    operation.operands = (*operation.operands, *captured)
    return result.unpack(e, iter(operation.results))


def _captured(block: Block) -> list[Value]:
    """The values from outside that a block's operations use."""
    inside: set[int] = {id(argument) for argument in block.arguments}
    found: dict[int, Value] = {}
    operations = [operation for top in block for operation in top.walk()]
    for operation in operations:
        inside.update(map(id, operation.results))
        for region in operation.regions:
            inside.update(id(argument) for one in region.blocks for argument in one.arguments)
    for operation in operations:
        for operand in operation.operands:
            if id(operand) not in inside:
                found[id(operand)] = operand
    return list(found.values())
