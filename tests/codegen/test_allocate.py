"""Register allocation: the same meaning before and after, on random functions."""

from __future__ import annotations

import pytest
from random_rv import random_function

from fleet.codegen.abi import CALLEE_SAVED
from fleet.codegen.executor import Executor
from fleet.codegen.registers.allocate import allocate_function
from fleet.dialects import rv
from fleet.ir.core import Operation, Value

SP = 1 << 40


def run(function: Operation, arguments: list[int]) -> tuple[list, Executor]:
    """Stores outside the stack frame, and the machine afterwards."""
    machine = Executor()
    for kind in "xf":
        for number in CALLEE_SAVED[kind]:
            machine.write_register(rv.Register(kind, "", number), 1000 + number)
    machine.run(function, arguments, SP)
    trace = [entry for entry in machine.trace if not (entry[0] == "store" and entry[1] >= SP // 2)]
    return trace, machine


def units(value: Value) -> set[int]:
    register = rv.register_of(value.type)
    if register.kind != "v":
        return set()
    return set(range(register.number, register.number + register.units))


def check_overlaps(operation: Operation) -> None:
    """No result over v0 where v0 is the mask, none over operands of other group sizes."""
    encoding = rv.encoding_of(operation)
    if encoding is None or not operation.results or not rv.is_kind("v", operation.result.type):
        return
    written, group = units(operation.result), rv.group_of(operation.result)
    exempt = "reduction" in encoding.flags
    slots = [slot.name for slot in operation.definition.operands]
    for number, operand in enumerate(operation.operands):
        is_mask = number == rv.extras(operation).mask or slots[min(number, len(slots) - 1)] == "v0"
        if is_mask:
            assert units(operand) == {0}
        apart = (is_mask and group != "mask") or rv.group_of(operand) not in (group, "mask")
        if rv.is_kind("v", operand.type) and apart and not exempt:
            assert not written & units(operand), operation


def check(function: Operation, arguments: list[int]) -> Executor:
    expected, _ = run(function, arguments)
    allocate_function(function)
    for operation in function.walk():
        for value in (*operation.operands, *operation.results):
            assert rv.register_of(value.type).number is not None, operation
        check_overlaps(operation)
    trace, machine = run(function, arguments)
    assert trace == expected
    assert machine.read_register(rv.register_of(rv.x("sp"))) == SP
    for kind in "xf":
        for number in CALLEE_SAVED[kind]:
            assert machine.read_register(rv.Register(kind, "", number)) == 1000 + number
    return machine


@pytest.mark.parametrize("seed", range(16))
def test_allocation_keeps_the_meaning_of_random_functions(seed: int) -> None:
    check(random_function(seed), [seed * 7 + n for n in range(5)])


@pytest.mark.parametrize("seed", range(2))
def test_hundreds_of_live_values_are_spilled(seed: int) -> None:
    function = random_function(seed, crowd=320, size=900, depth=0, arguments=12)
    check(function, list(range(100, 112)))


@pytest.mark.parametrize("seed", range(3))
def test_scalar_functions_with_many_live_values(seed: int) -> None:
    function = random_function(seed, crowd=90, size=100, depth=1, arguments=10, vectors=False)
    check(function, list(range(10)))
