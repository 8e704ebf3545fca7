"""What translated code does through the machine that runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fleet.vm.bytecode import Function, Program
from fleet.vm.closed import World
from fleet.vm.held import Facts
from fleet.vm.services import Services


@dataclass
class State:
    """What changes all the time while a program runs: see `Runtime`."""

    depth: int = 0
    executed: int = 0


@dataclass(frozen=True)
class Runtime:
    """What translated code does through the machine that runs it.

    launch, host:       take a number and the values of registers
    calls:              of each function, what takes its arguments and gives its results, objects as
                        themselves where `facts` say so
    finish:             takes what the function returns
    too_deep:           the exception to raise where so many functions are being called
    state:              its `depth` is how many these are, its `executed` how many instructions were
    failed:             the exception to raise for one that an instruction raised
    actions:            by mnemonic, what takes operands' values and gives the result's
    services:           those of the program
    forget:             has the names of objects forgotten that nothing leads to
    text:               the text of so many bytes at an address
    keep_text:          the address and the size of a text, in fresh memory
    put:                writes bytes to an address
    memory:             of each type, the arena as a memoryview of such elements, where it has one
    base, size:         of the arena
    world:              of which classes objects are
    facts:              of each function
    """

    program: Program
    launch: Callable[[int, Sequence], None]
    host: Callable[[int, list], list]
    calls: list[Callable[..., Sequence]]
    finish: Callable[[list], None]
    too_deep: Callable[[int], BaseException | None]
    state: State
    failed: Callable[[BaseException, Function, int], BaseException]
    actions: Mapping[str, Callable]
    services: Services
    forget: Callable[[], None]
    text: Callable[[int, int], str]
    keep_text: Callable[[str], tuple[int, int]]
    put: Callable[[int, bytes], None]
    memory: Mapping[str, memoryview]
    base: int
    size: int
    world: World
    facts: Callable[[Function], Facts]
