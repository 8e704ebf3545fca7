"""Which registers of a function hold nothing but objects of the run.

In: the code of a function, and the services that it asks for. Out: registers that translated code
may keep as the objects themselves, without names. The one idea: registers that moves and selects
join hold the same kind of thing (Steensgaard's unification, 1996); they are objects' if what gives
and takes them elsewhere are services that say so, calls and returns, which name what they hand on.
A constant among them is where a union has no object, which nobody looks at; it joins nothing, as it
may stand for numbers elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fleet.vm.blocks import live_after
from fleet.vm.bytecode import Function, Instruction
from fleet.vm.services import Service
from fleet.vm.transfer import TensorForm


@dataclass(frozen=True)
class Facts:
    """What holds in all of a function.

    live: registers that may be read after each instruction, as bits
    held: registers of objects
    takes, gives: which of its arguments and results are such
    """

    live: list[int]
    held: frozenset[int]
    takes: tuple[bool, ...]
    gives: tuple[bool, ...]


def facts_of(function: Function, services: Sequence[Service]) -> Facts:
    held = object_registers(function.code, services, function.registers, function.arguments)
    returned = [item.operands for item in function.code if item.mnemonic == "return"]
    return Facts(
        live_after(function.code), held,
        tuple(at in held for at in range(function.arguments)),
        tuple(all(one in held for one in column) for column in zip(*returned, strict=True)),
    )  # fmt: skip


def constant_registers(code: Sequence[Instruction], arguments: int = 0) -> dict[int, Instruction]:
    """Registers that are written to once, with what writes to them, a number or an address."""
    written: dict[int, Instruction] = {}
    several = set(range(arguments))
    for item in code:
        for kind, register in item.fields():
            if kind == "d":
                several |= {register} & written.keys()
                written[register] = item
    return {
        register: item for register, item in written.items()
        if register not in several and item.mnemonic in ("const", "address")
    }  # fmt: skip


def object_registers(
    code: Sequence[Instruction], services: Sequence[Service], count: int, arguments: int
) -> frozenset[int]:
    """Those of so many registers, of which the first are arguments."""
    joined = list(range(count))

    def root(register: int) -> int:
        while joined[register] != register:
            joined[register] = register = joined[joined[register]]
        return register

    constants = constant_registers(code, arguments)

    def join(register: int, *others: int) -> None:
        for other in others:
            if other not in constants:
                joined[root(register)] = root(other)

    objects: set[int] = set()
    numbers: set[int] = set(constants)
    for item in code:
        o = item.operands
        match item.mnemonic:
            case "move":
                join(o[0], o[1])
            case "select":
                numbers.add(o[1])
                join(o[0], o[2], o[3])
            case "const" | "call" | "return":
                pass
            case "host":
                for register, is_object in _of_service(services[o[0]], o):
                    (objects if is_object else numbers).add(register)
            case _:
                numbers.update(register for kind, register in item.fields() if kind in "ds")
    excluded = set(map(root, numbers))
    held = set(map(root, objects)) - excluded
    return frozenset(register for register in range(count) if root(register) in held)


def _of_service(service: Service, o: Sequence[int]) -> Iterator[tuple[int, bool]]:
    """The registers that a service takes and gives, and whether each has an object."""
    split = 2 + o[1]
    kinds = [kind for kind in service.kinds if kind != "none"]
    yield from zip(o[2:split], _spread(service.results, service.result_kinds), strict=True)
    yield from zip(o[split:], _spread(service.operands, kinds), strict=True)


def _spread(forms: Sequence[TensorForm | None], kinds: Sequence[str]) -> Iterator[bool]:
    for form, kind in zip(forms, kinds, strict=True):
        yield form is None and kind == "object"
        if form is not None:
            yield from (False for dim in form.shape if dim is None)
