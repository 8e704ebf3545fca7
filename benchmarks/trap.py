"""What a trap to a ready stub costs, and each vector instruction that follows it at once.

    PYTHONPATH=. python benchmarks/trap.py [--vlen 256] [--times 1000000] [--runs 5]

A loop of one cheap vector instruction, minus the same loop without it, divided by its passes;
then with more of them, whose additional ones do not go back to Unicorn. Medians of CPU time.
"""

from __future__ import annotations

import argparse
import statistics
import time

from fleet.asm.assembler import assemble
from fleet.emu.machine import Machine

CODE, STOP = 0x10000, 0x1000
MORE = 8


def seconds(instruction: str, count: int, vlen: int, times: int) -> float:
    """CPU time of `times` passes of a loop with `count` such instructions."""
    loop = "\n".join([instruction] * count)
    setting, end = "vsetivli t0, 4, e32, m1, ta, ma", "addi a0, a0, -1\nbnez a0, again\nret\n"
    text = f"{setting}\nagain:\n{loop}\n{end}"
    machine = Machine(vlen, executor="native")
    if machine.native is None:
        raise SystemExit("the native executor does not run here")
    machine.native.with_scalars = False  # else the loop would never go back to Unicorn
    sections = assemble(text).sections
    machine.load(CODE, next(bytes(s.data) for s in sections if s.name == ".text"))
    for passes in (10, times):
        machine.cpu.registers[10], machine.cpu.registers[1] = passes, STOP
        machine.cpu.store()
        start = time.process_time()
        machine.run(CODE)
        took = time.process_time() - start
    return took


def measure(instruction: str, vlen: int, times: int, runs: int) -> tuple[float, float]:
    """Nanoseconds of a trap with one instruction, and of each one more."""
    rows = [
        [seconds(instruction, count, vlen, times) for count in (0, 1, 1 + MORE)]
        for _ in range(runs)
    ]
    trap = statistics.median(one - none for none, one, _ in rows)
    more = statistics.median((many - one) / MORE for _, one, many in rows)
    return 1e9 * trap / times, 1e9 * more / times


def table(vlen: int, times: int, runs: int) -> None:
    """Prints the measurements of a few instructions."""
    print(f"{f'VLEN {vlen}':20} {'trap ns':>9} {'one more ns':>12}")
    for instruction in ("vmv.x.s t1, v1", "vadd.vv v1, v2, v3", "vfadd.vv v1, v2, v3"):
        trap, more = measure(instruction, vlen, times, runs)
        print(f"{instruction:20} {trap:9.1f} {more:12.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vlen", type=int, default=256)
    parser.add_argument("--times", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    table(options.vlen, options.times, options.runs)


if __name__ == "__main__":
    main()
