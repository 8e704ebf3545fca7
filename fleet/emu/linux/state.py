"""What a process has, as its system calls see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fleet.emu.linux.files import Files
from fleet.emu.linux.heap import Heap
from fleet.emu.linux.signals import Signals
from fleet.emu.machine import Machine
from fleet.emu.memory import Memory


@dataclass
class State:
    """path, name: of its executable; mapping_top: below it lies the next mapping; log: is called
    with a line for each system call."""

    machine: Machine
    path: str
    name: bytes
    heap: Heap
    files: Files
    signals: Signals
    stack_size: int
    mapping_top: int
    log: Callable[[str], None] | None

    @property
    def memory(self) -> Memory:
        return self.machine.memory
