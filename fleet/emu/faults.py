"""What a guest program can do wrong, and the report that the user gets.

`Fault` is raised inside the machine, where only the cause is known; the machine turns it into a
`GuestFault`, which knows the place: program counter, symbol, instruction and registers.
"""

from __future__ import annotations

from fleet.diagnostics import FleetError

SIGILL, SIGTRAP, SIGBUS, SIGSEGV = 4, 5, 7, 11

EXIT_STATUS = 128 + SIGSEGV
"""Exit status of a guest that was ended, as a shell shows a process killed by a signal."""


class Fault(Exception):
    """The guest did something that ends it: `cause` says what, without the place.

    signal: what Linux would send
    """

    signal = SIGSEGV

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class AccessFault(Fault):
    """A load, store or fetch where no memory is mapped, or where the mapping forbids it."""

    def __init__(self, verb: str, address: int, size: int) -> None:
        super().__init__(f"bad {verb} of {size} bytes at {address:#x}")
        self.address = address


class IllegalInstruction(Fault):
    """An encoding that is no instruction, or one that the manual forbids in the present state."""

    signal = SIGILL

    def __init__(self, why: str = "") -> None:
        super().__init__("illegal instruction" + (f": {why}" if why else ""))


class Breakpoint(Fault):
    """`ebreak`, without a debugger that waits for it."""

    signal = SIGTRAP

    def __init__(self) -> None:
        super().__init__("breakpoint (ebreak)")


class Misaligned(Fault):
    """An access whose address has to be a multiple of its size, and is not."""

    signal = SIGBUS


class LimitReached(FleetError):
    """A program that shares its limit of instructions with the guest has used it up."""

    status = EXIT_STATUS

    def __init__(self, limit: int) -> None:
        super().__init__(f"the program was ended: {self.cause(limit)}")

    @staticmethod
    def cause(limit: int) -> str:
        return f"more than {limit} instructions"


class GuestFault(FleetError):
    """A fault with its place.

    where:       symbol and offset, "" if unknown
    line:        file and line of the source, "" if unknown
    instruction: text of the one that faulted
    registers:   names to values at the moment of the fault
    setting:     the vector unit's vl and vtype
    fault:       what the machine raised
    """

    def __init__(
        self,
        cause: str,
        pc: int,
        where: str,
        instruction: str,
        registers: dict[str, int],
        setting: str,
        line: str = "",
        fault: Fault | None = None,
    ) -> None:
        super().__init__(f"the guest program faulted: {cause}")
        self.cause = cause
        self.pc = pc
        self.where = where
        self.instruction = instruction
        self.registers = registers
        self.setting = setting
        self.line = line
        self.fault = fault
        self.status = EXIT_STATUS if fault is None else 128 + fault.signal

    def render(self) -> str:
        place = f"  pc {self.pc:#x}" + (f" <{self.where}>" if self.where else "")
        lines = [f"error: {self.message}", place + f": {self.instruction}"]
        if self.line:
            lines.append(f"  at {self.line}")
        lines.append(dump(self.registers, self.setting))
        return "\n".join(lines)


def dump(registers: dict[str, int], setting: str) -> str:
    """Registers as a report shows them, four to a line."""
    lines = [f"  {setting}"]
    names = list(registers)
    for start in range(0, len(names), 4):
        row = names[start : start + 4]
        lines.append("  " + "  ".join(f"{name:>5} {registers[name]:016x}" for name in row))
    return "\n".join(lines)
