"""What the bytecode machine costs: nanoseconds a step, microseconds a launch.

    python benchmarks/schedule.py

Loops of hand-made bytecode, as schedules have them: counting, sums of floats, loads and stores,
calls, host services with checks, and launches of a kernel that does nothing but return. Steps as
the machine takes them one by one, and as the Python that it makes of what is run often. Medians of
several runs; what a launch costs Unicorn alone stands beside.
"""

from __future__ import annotations

import io
import math
import statistics
import time
from collections.abc import Callable
from functools import partial

from fleet.emulation import EmulatedDevice
from fleet.host import Host
from fleet.vm.bytecode import Function, Instruction, Program, Symbol, Watched, validate
from fleet.vm.machine import OFTEN, Machine

CODE = 0x10000
RETURN = bytes.fromhex("8280")
TRIPS = 100_000
LAUNCHES = 20_000
ROUNDS = 7

LOOPS = {
    "counting": "",
    "sum of floats": "addf 4 4 5; mulf 6 5 5; subf 4 4 6",
    "checked ints": "int_add 7 0 1; int_sub 8 7 0; int_mod 9 7 10; int_floordiv 9 7 10",
    "branches": "cmpi.slt 9 0 2; jump_unless 9 +2; move 7 0; addi 8 8 1",
    "loads and stores": "load.f64 4 11; store.f64 4 11; load.i64 9 11; store.i64 9 11",
    "calls": "call 1 1 9 7",
}
"""Name -> the body of a loop: register 0 counts to register 2, register 1 is 1."""


def instructions(text: str, start: int) -> list[Instruction]:
    """`mnemonic operands; …` from a position on; `+2` is a place relative to its instruction."""
    found = []
    for part in filter(None, map(str.strip, text.split(";"))):
        mnemonic, *operands = part.split()
        here = start + len(found)
        numbers = (here + int(o) if o.startswith("+") else int(o) for o in operands)
        found.append(Instruction(mnemonic, tuple(numbers)))
    return found


def loop(body: str, trips: int, arena: int = 0) -> Program:
    """A program whose main does `body` so many times."""
    numbers = [0, 1, trips, 1.5, 3, arena]
    head = "const 0 0; const 1 1; const 2 2; const 5 3; const 4 3; const 10 4; const 7 1;"
    head += "const 8 1; const 12 5; const 13 2; alloc 11 13"
    code = instructions(head, 0)
    start = len(code)
    code += instructions(body, start)
    code += instructions(f"addi 0 0 1; cmpi.slt 3 0 2; jump_if 3 {start}; return", len(code))
    square = Function("square", 1, 1, 3, instructions("muli 1 0 0; return 1", 0))
    program = Program([Function("main", 0, 0, 14, code), square], numbers=numbers)
    program.kernels = [Symbol("nothing", CODE)]
    validate(program)
    return program


def measured(
    program: Program, device: EmulatedDevice, often: float = OFTEN
) -> tuple[float, int]:
    """Seconds of a run, and its steps. often: when loops become Python."""
    machine = Machine(program, device, Host([], io.StringIO(), io.StringIO()), memory=1 << 20,
                      on_doubt=lambda: None, often=often)  # fmt: skip
    begin = time.process_time()
    machine.run()
    return time.process_time() - begin, machine.statistics.instructions


def median(run: Callable[[], float]) -> float:
    return statistics.median(run() for _ in range(ROUNDS))


def main() -> None:
    device = EmulatedDevice()
    device.machine.load(CODE, RETURN)
    for name, body in LOOPS.items():

        def step(trips: int, often: float, body: str = body) -> float:
            seconds, steps = measured(loop(body, trips), device, often)
            return 1e9 * seconds / steps

        one_by_one = median(partial(step, TRIPS // 10, math.inf))
        translated = median(partial(step, TRIPS, OFTEN))
        print(f"{name:20} {one_by_one:7.0f} ns a step, {translated:5.0f} as Python")
    for name, watched in (("launch", Watched()), ("launch, flags looked at", Watched([0]))):
        program = loop("launch 0 11 12 0 1", LAUNCHES)
        program.watched = watched

        def launch(program: Program = program) -> float:
            return 1e6 * measured(program, device)[0] / LAUNCHES

        print(f"{name:24} {median(launch):6.2f} us")
    core = device.machine.cpu.uc

    def alone() -> float:
        begin = time.process_time()
        for _ in range(LAUNCHES):
            device.machine.cpu.registers[1] = 0x1000
            core.emu_start(CODE, 0x1000)
        return 1e6 * (time.process_time() - begin) / LAUNCHES

    print(f"{'Unicorn alone':24} {median(alone):6.2f} us")


if __name__ == "__main__":
    main()
