"""Loop nests over numbers and elements: what an iteration takes, beside clang and CPython.

    PYTHONPATH=. python benchmarks/loops.py [--only mandelbrot sieve …] [--size 96] [--runs 3]
                                            [--numba PYTHON]

For each program of `loop_nests/`: how many loops the schedule still holds, bytecode steps and
launches, and for the launches of its loops the instructions per iteration, beside those of its C
twin compiled by clang -O2 for rv64gcv and run in the same emulator by the same counter; then
nanoseconds of user time per iteration: emulated, in CPython, of `fleet run --on vm` (without what
it takes to lower the program), and, where that Python (this one, if none is named) has numba,
compiled for this machine by numba, when it is compiled. Counts and times
are differences between two sizes, so that start-up drops out; an iteration is what `ITERATIONS`
says. Counts are of `--size` and its half. Times are of a size of the program's own, at which
CPython takes half a second longer than at a quarter of it; of several runs, which take turns with
CPython's, the shortest.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fleet.asm.objects.elf import read_elf
from fleet.driver import build, bytecode_of
from fleet.emu.device import Device
from fleet.emulation import EmulatedDevice
from fleet.host import Host
from fleet.vm.bytecode import SECTION, decode
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine

FOLDER = Path(__file__).parent / "loop_nests"

ITERATIONS: dict[str, Callable[[int], int]] = {
    "fill": lambda n: n * n,
    "accumulate": lambda n: n * n,
    "generator": lambda n: n * n,
    "mandelbrot": lambda n: n * n,
    "common_subsequence": lambda n: n * n,
    "seidel": lambda n: (n - 2) ** 2,
    "prefix_sums": lambda n: n * n - 1,
    "bodies": lambda n: n * n,
    "sieve": lambda n: n * n,
    "insertion_sort": lambda n: n * n // 4,
    "convolution": lambda n: 9 * (n - 2) ** 2,
    "matrix_product": lambda n: n**3,
    "matrix_chain": lambda n: n**3 // 6,
    "alignment": lambda n: n * n,
    "jacobi": lambda n: 40 * (n - 2) ** 2,
    "pagerank": lambda n: n // 8 * n * 8,
    "life": lambda n: 9 * n * n,
    "monte_carlo": lambda n: n * n,
}
"""Of the innermost loop, by the argument; for Mandelbrot points."""


@dataclass(frozen=True)
class Run:
    """What a run did: bytecode instructions, launches, machine instructions, user time."""

    steps: int
    launches: int
    instructions: int
    nanoseconds: int


def cpu_time(children: bool = False) -> int:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF)
    return int(1e9 * (usage.ru_utime + usage.ru_stime))


def run_fleet(elf: str, size: int, counting: bool) -> Run:
    image = read_elf(elf)
    program = decode(image.data(image.section(SECTION)), elf)
    device = EmulatedDevice(elf, count_instructions=counting)
    machine = Machine(program, device, Host([elf, str(size)], stdout=io.StringIO()))
    begin = cpu_time()
    machine.run()
    taken = cpu_time() - begin
    counted = device.stats.instructions if counting else 0
    statistics = machine.statistics
    return Run(statistics.instructions, statistics.launches.total(), counted, taken)


def compile_twin(name: str, folder: str) -> str:
    path = os.path.join(folder, f"{name}.elf")
    subprocess.run(
        ["clang-19", "--target=riscv64-linux-gnu", "-march=rv64gcv", "-mabi=lp64d", "-O2",
         "-ffp-contract=off", "-static", "-nostdlib", "-fno-builtin",
         "-Wl,-e,twin", "-Wl,--no-relax",
         "-fuse-ld=" + (shutil.which("riscv64-linux-gnu-ld") or "lld"),
         str(FOLDER / f"{name}.c"), "-o", path],
        check=True, capture_output=True,
    )  # fmt: skip
    return path


def count_twin(elf: str, size: int) -> int:
    device = Device(elf, count_instructions=True)
    device.call("twin", [size])
    return device.stats.instructions


def time_cpython(path: Path, size: int) -> int:
    begin = cpu_time(children=True)
    subprocess.run([sys.executable, str(path), str(size)], check=True, capture_output=True)
    return cpu_time(children=True) - begin


def time_vm(path: Path, size: int) -> int:
    """The schedule, its kernels as loop IR."""
    module, bytecode, arrays = bytecode_of(str(path))
    device = LoopDevice(module)
    bytecode.link(device.addresses(arrays))
    machine = Machine(bytecode, device, Host([str(path), str(size)], stdout=io.StringIO()))
    begin = cpu_time()
    machine.run()
    return cpu_time() - begin


NUMBA = """
import sys, time, numba, numpy as np
lines = open(sys.argv[1]).read().splitlines()
body = [line for line in lines if not line.startswith(("import ", "n = int", "print"))]
shown = [line.replace("print(", "shown = (", 1) for line in lines if line.startswith("print")]
lines = ["def program(n):", *("    " + line for line in [*body, *shown, "return shown"])]
exec("\\n".join(lines))
compiled = numba.njit(program)
for size in map(int, sys.argv[2:]):
    compiled(size)
    taken = []
    for _ in range(5):
        begin = time.process_time_ns()
        compiled(size)
        taken.append(time.process_time_ns() - begin)
    print(min(taken))
"""
"""The program as a function, compiled and timed: what it would print is what it returns."""


def time_numba(python: str, path: Path, small: int, large: int) -> int | None:
    """Nanoseconds between two sizes; None where there is no numba, or it rejects the program."""
    command = [python, "-c", NUMBA, str(path), str(small), str(large)]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    if run.returncode:
        return None
    first, second = map(int, run.stdout.split())
    return second - first


LEAST = 500_000_000
"""Nanoseconds between two sizes that tell more than they are blurred."""


def sizes_for(path: Path, size: int) -> tuple[int, int]:
    """Two sizes for which CPython's times differ by at least that."""
    while time_cpython(path, size) - time_cpython(path, size // 4) < LEAST:
        size = size * 3 // 2
    return size // 4, size


def times(elf: str, source: Path, sizes: tuple[int, int], runs: int) -> tuple[int, int]:
    """Nanoseconds between two sizes: Fleet's, CPython's."""
    ours: dict[int, list[int]] = {size: [] for size in sizes}
    theirs: dict[int, list[int]] = {size: [] for size in sizes}
    for _ in range(runs):
        for size in sizes:
            ours[size].append(run_fleet(elf, size, False).nanoseconds)
            theirs[size].append(time_cpython(source, size))
    small, large = sizes
    return min(ours[large]) - min(ours[small]), min(theirs[large]) - min(theirs[small])


def row(name: str, small: int, large: int, folder: str, python: str, runs: int) -> str:
    source, elf = FOLDER / f"{name}.py", os.path.join(folder, f"{name}.fleet")
    build(str(source), elf)
    iterations = ITERATIONS[name](large) - ITERATIONS[name](small)
    a, b = (run_fleet(elf, size, True) for size in (small, large))
    steps, launches, ours = (
        (y - x) / iterations
        for x, y in ((a.steps, b.steps), (a.launches, b.launches),
                     (a.instructions, b.instructions))
    )  # fmt: skip
    twin = compile_twin(name, folder)
    theirs = (count_twin(twin, large) - count_twin(twin, small)) / iterations
    less, much = sizes_for(source, large)
    fast, slow = times(elf, source, (less, much), runs)
    timed = ITERATIONS[name](much) - ITERATIONS[name](less)
    on_vm = time_vm(source, much) - time_vm(source, less)
    compiled = time_numba(python, source, less * 4, much * 4)
    more = ITERATIONS[name](much * 4) - ITERATIONS[name](less * 4)
    beside = "-" if compiled is None else f"{compiled / more:.2f}"
    return (
        f"{name:20}{steps:8.3f}{launches:9.4f}{ours:9.2f}{theirs:9.2f}{ours / theirs:7.2f}"
        f"{fast / timed:9.1f}{slow / timed:10.1f}{slow / max(fast, 1):8.1f}"
        f"{on_vm / timed:9.0f}{on_vm / slow:8.1f}{beside:>8}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=list(ITERATIONS), default=list(ITERATIONS))
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--numba", default=sys.executable, metavar="PYTHON")
    options = parser.parse_args(arguments)
    print(
        f"{'':20}{'steps':>8}{'launches':>9}{'instr.':>9}{'clang':>9}{'ratio':>7}"
        f"{'ns':>9}{'CPython':>10}{'times':>8}{'on vm':>9}{'times':>8}{'numba':>8}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only:
            print(row(name, options.size // 2, options.size, folder, options.numba,
                      options.runs), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
