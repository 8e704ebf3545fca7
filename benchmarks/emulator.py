"""The emulator beside qemu-riscv64, on the same executables in one run.

    PYTHONPATH=. python benchmarks/emulator.py [--vlen 256 1024] [--runs 5] [--kernels matmul gelu]
        [--executors native reference] [--start-up] [--trap]

The kernels are those that Fleet compiles from NumPy functions. A program that calls one is run once
in the emulator, which records the memory and the arguments of the launches; an executable for
qemu-riscv64 then has the same machine code, the same memory, and a loop around the same calls.
Both must leave the same memory, up to the order in which sums are formed. Prints medians of CPU
time (user and system, start-up subtracted), and how many times as fast as qemu the executors are.

--start-up: what it takes until a program's first instructions have written a byte, with a large
executable too; another one with --elf.
--trap: what a trap to a ready stub costs.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import trap

from fleet.asm.assembler import assemble
from fleet.asm.objects.elf import EHDR, PHDR
from fleet.codegen.emit import emit_assembly
from fleet.driver import build, lower
from fleet.emu.device import ARENA
from fleet.emu.linux.process import Process
from fleet.emu.machine import EXECUTORS, Machine
from fleet.emulation import EmulatedDevice
from fleet.host import Host
from fleet.vm.bytecode import SECTION, decode
from fleet.vm.machine import Machine as BytecodeMachine

PROGRAM = """
import math
import sys

import numpy as np


{function}


n = int(sys.argv[1])
x = (np.arange(n * {width}) % 251).astype(np.{dtype}).reshape(n, {width}) / 61 - 2
w = (np.arange({width} * {columns}) % 127).astype(np.{dtype}).reshape({width}, {columns}) / 61 - 1
print({name}(x, {rest}).sum())
"""


@dataclass(frozen=True)
class Kernel:
    """A function of NumPy, and how it is called.

    width, columns: of its arguments x and w
    rest:  what stands after x in a call
    times: how often the executable calls it
    """

    function: str
    width: int
    times: int
    columns: int = 1
    rest: str = ""


KERNELS = {
    "matmul": Kernel("def matmul(x, w):\n    return x @ w", 256, 40, 768, "w"),
    "softmax": Kernel(
        "def softmax(x):\n"
        "    exp_x = np.exp(x - np.max(x, axis=-1, keepdims=True))\n"
        "    return exp_x / np.sum(exp_x, axis=-1, keepdims=True)",
        768, 100,
    ),
    "layer_norm": Kernel(
        "def layer_norm(x, g):\n"
        "    mean = np.mean(x, axis=-1, keepdims=True)\n"
        "    variance = np.var(x, axis=-1, keepdims=True)\n"
        "    return g * (x - mean) / np.sqrt(variance + 1e-5) + g",
        768, 600, 1, "w[:, 0]",
    ),
    "gelu": Kernel(
        "def gelu(x):\n"
        "    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))",
        768, 100,
    ),
}  # fmt: skip
ROWS = 12

START = """
    .globl  _start
_start:
    li      s11, {times}
    beqz    s11, .Ldone
.Lagain:
{calls}
    addi    s11, s11, -1
    bnez    s11, .Lagain
.Ldone:
    li      a0, 1                   # write(1, memory, size)
    la      a1, .Lmemory
    li      a2, {size}
    li      a7, 64
    ecall
    li      a0, 0
    li      a7, 93
    ecall
    .data
    .balign 64
.Lmemory:
    .incbin "{memory}"
    .zero 64
"""


# -- executables


class Recorder(EmulatedDevice):
    """Keeps the launches of kernels whose names begin so, and the memory before the first."""

    def __init__(self, elf: Path, name: str) -> None:
        super().__init__(elf)
        self._names = {address: symbol for symbol, address in self.symbols.items()}
        self._name = name
        self.launches: list[tuple[str, Sequence[int]]] = []
        self.memory_before = b""

    def launch(self, kernel: int, arguments: Sequence[int]) -> None:
        if self._names[kernel].startswith(self._name):
            if not self.launches:
                self.memory_before = self.memory.read(ARENA, 16 << 20)
            self.launches.append((self._names[kernel], list(arguments)))
        super().launch(kernel, arguments)


def call_text(name: str, arguments: Sequence[int]) -> str:
    """A call by the psABI; addresses are those of the executable's memory."""
    lines = []
    on_stack = arguments[8:]
    room = 16 * ((len(on_stack) + 1) // 2)
    if on_stack:
        lines.append(f"addi sp, sp, -{room}")
    places = [f"{8 * at}(sp)" for at in range(len(on_stack))] + [f"a{at}" for at in range(8)]
    for place, value in zip(places, [*on_stack, *arguments[:8]], strict=False):
        target = "t0" if "(" in place else place
        inside = ARENA <= value < ARENA + (16 << 20)
        load = f"la {target}, .Lmemory+{value - ARENA}" if inside else f"li {target}, {value}"
        lines.append(load)
        if target != place:
            lines.append(f"sd t0, {place}")
    lines.append(f"call {name}")
    if on_stack:
        lines.append(f"addi sp, sp, {room}")
    return "\n".join("    " + line for line in lines)


@dataclass
class Executables:
    """The same kernel called once, often and not at all."""

    once: Path
    often: Path
    never: Path


def executables(folder: Path, name: str, width: int) -> Executables:
    """Compiles, records and links."""
    kernel = KERNELS[name]
    source, elf = folder / f"{name}{width}.py", folder / f"{name}{width}.elf"
    source.write_text(PROGRAM.format(
        function=kernel.function, width=kernel.width, columns=kernel.columns, rest=kernel.rest,
        name=name, dtype=f"float{width}",
    ))  # fmt: skip
    build(str(source), elf)
    device = Recorder(elf, name)
    program = decode(device.machine.files[0].data(device.machine.files[0].section(SECTION)), elf)
    machine = BytecodeMachine(program, device, Host([str(elf), str(ROWS)], stdout=io.StringIO()))
    machine.run()
    memory = folder / f"{name}{width}.memory"
    size = machine.arena.peak
    memory.write_bytes(device.memory_before[:size])
    kernels = emit_assembly(lower(str(source)))
    calls = "\n".join(call_text(*launch) for launch in device.launches)

    def link(times: int) -> Path:
        text, program = folder / "program.s", folder / f"{name}{width}x{times}"
        start = START.format(times=times, calls=calls, size=size, memory=memory)
        text.write_text(kernels + "\n    .text\n" + start)
        for command in (
            ["riscv64-linux-gnu-as", "-march=rv64gcv", "-o", folder / "program.o", text],
            ["riscv64-linux-gnu-ld", "--no-relax", "-o", program, folder / "program.o"],
        ):
            subprocess.run(command, check=True)
        return program

    return Executables(link(1), link(kernel.times), link(0))


# -- running


@dataclass
class Run:
    """What a run took, and what it wrote."""

    cpu: float
    wall: float
    output: bytes = b""


def child(command: Sequence[str | Path]) -> Run:
    """A process of its own."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(cpu, time.perf_counter() - start, done.stdout)


def qemu(elf: Path, vlen: int) -> Run:
    return child(["qemu-riscv64", "-cpu", f"rv64,v=true,vlen={vlen},vext_spec=v1.0", elf])


def fleet(executor: str) -> Callable[[Path, int], Run]:
    def run(elf: Path, vlen: int) -> Run:
        out = io.BytesIO()
        streams = {0: io.BytesIO(), 1: out, 2: io.BytesIO()}
        process = Process(Machine(vlen, executor=executor), elf, [str(elf)], streams=streams)
        cpu, wall = time.process_time(), time.perf_counter()
        if process.run():
            sys.exit(f"{elf.name} failed")
        return Run(time.process_time() - cpu, time.perf_counter() - wall, out.getvalue())

    return run


def medians(run: Callable[[Path, int], Run], programs: Executables, vlen: int, runs: int) -> Run:
    """Of the kernel's calls alone."""
    full = [run(programs.often, vlen) for _ in range(runs)]
    empty = [run(programs.never, vlen) for _ in range(runs)]
    return Run(
        statistics.median(r.cpu for r in full) - statistics.median(r.cpu for r in empty),
        statistics.median(r.wall for r in full) - statistics.median(r.wall for r in empty),
    )


def compare(programs: Executables, vlen: int, executor: str, width: int) -> None:
    """Exits unless both leave the same numbers in memory."""
    theirs, ours = qemu(programs.once, vlen).output, fleet(executor)(programs.once, vlen).output
    if theirs != ours:
        kind = np.dtype(f"f{width // 8}")
        a, b = (np.frombuffer(out, kind, len(out) // kind.itemsize) for out in (theirs, ours))
        differ = np.flatnonzero((a != b) & ~(np.isnan(a) & np.isnan(b)))
        if len(differ) and not np.allclose(a[differ], b[differ], rtol=1e-5):
            sys.exit(f"{programs.once.name} leaves other numbers than under qemu")


def kernels(options: argparse.Namespace) -> None:
    runners = {"qemu": qemu} | {name: fleet(name) for name in options.executors}
    print(
        f"{'kernel':16} {'VLEN':>5}" + "".join(f"{name + ' s':>13}" for name in runners)
        + "".join(f"{name + '/qemu':>16}{'(wall)':>9}" for name in options.executors)
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        for kernel in options.kernels:
            for width in (32, 64):
                programs = executables(Path(name), kernel, width)
                for vlen in options.vlen:
                    compare(programs, vlen, options.executors[0], width)
                    took = {
                        runner: medians(run, programs, vlen, options.runs)
                        for runner, run in runners.items()
                    }
                    row = f"{kernel + f' f{width}':16} {vlen:5}"
                    row += "".join(f"{one.cpu:13.3f}" for one in took.values())
                    for executor in options.executors:
                        one = took[executor]
                        row += f"{took['qemu'].cpu / one.cpu:15.1f}x"
                        row += f"{took['qemu'].wall / one.wall:8.1f}x"
                    print(row, flush=True)


# -- start-up

SAY_AND_WAIT = """
    addi sp, sp, -16
    li a0, 1
    mv a1, sp
    li a2, 1
    li a7, 64
    ecall
    li a0, 0
    li a7, 63
    ecall
    li a0, 0
    li a7, 93
    ecall
"""
"""write(1, sp, 1), read(0, sp, 1), exit(0)"""


def executable_of(path: Path, constants: int) -> None:
    """An executable that writes at once, with so many bytes of constants, a hole in the file."""
    base, data = 0x10000, 0x100000
    code = next(bytes(s.data) for s in assemble(SAY_AND_WAIT).sections if s.name == ".text")
    segments = [(5, 0, base, 4096), (4, 4096, data, constants)][: 1 + bool(constants)]
    with open(path, "wb") as file:
        identification = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
        file.write(EHDR.pack(
            identification, 2, 243, 1, base + 0x200, EHDR.size, 0, 5, EHDR.size, PHDR.size,
            len(segments), 0, 0, 0,
        ))  # fmt: skip
        for flags, offset, address, size in segments:
            file.write(PHDR.pack(1, flags, offset, address, address, size, size, 4096))
        file.seek(0x200)
        file.write(code)
        file.truncate(4096 + constants)


def until_output(command: Sequence[str | Path]) -> Run:
    """From the start of a process until its first byte of output; it then waits, or ends."""
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }  # an installed Fleet finds its modules compiled, too
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        process.stdout.read(1)
        wall = time.perf_counter() - start
        tasks = Path(f"/proc/{process.pid}/task").glob("*/schedstat")
        cpu = sum(int(task.read_text().split()[0]) for task in tasks) / 1e9
        process.communicate(b".")
    return Run(cpu, wall)


def start_up(options: argparse.Namespace) -> None:
    """Python, its libraries, and guests whose first instructions write a byte."""
    say = "import os; os.write(1, b'x'); os.read(0, 1)"
    with tempfile.TemporaryDirectory() as name:
        small, large = Path(name) / "small", Path(name) / "large"
        executable_of(small, 0)
        executable_of(large, 500 << 20)
        python, emu = [sys.executable, "-c"], [sys.executable, "-m", "fleet", "emu"]
        rows = {
            "python": [*python, say],
            "numpy, unicorn": [*python, "import numpy, unicorn; " + say],
            "fleet emu": [*emu, small],
            "fleet emu, 500 MB": [*emu, large],
        }
        if options.elf:
            rows[Path(options.elf[0]).name] = [*emu, *options.elf]
        print(f"{'until the first output':24} {'CPU s':>8} {'least':>8} {'wall s':>8} {'least':>8}")
        for command in rows.values():
            until_output(command)
        runs = {label: [] for label in rows}
        for _ in range(options.runs):  # in turn: what else the machine does changes slowly
            for label, command in rows.items():
                runs[label].append(until_output(command))
        for label, took in runs.items():
            row = f"{label:24}"
            for times in ([run.cpu for run in took], [run.wall for run in took]):
                row += f" {statistics.median(times):8.3f} {min(times):8.3f}"
            print(row)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vlen", type=int, nargs="+", default=[256, 1024])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--kernels", nargs="+", default=list(KERNELS), choices=KERNELS)
    parser.add_argument("--executors", nargs="+", default=["native"], choices=EXECUTORS)
    parser.add_argument("--trap", action="store_true", help="measure traps instead")
    parser.add_argument("--start-up", action="store_true", help="measure start-up instead")
    parser.add_argument("--elf", nargs="+", help="with --start-up: this too, with its arguments")
    options = parser.parse_args()
    if options.trap:
        for vlen in options.vlen:
            trap.table(vlen, times=1_000_000, runs=options.runs)
        return
    if options.start_up:
        start_up(options)
        return
    missing = [name for name in ("qemu-riscv64", "riscv64-linux-gnu-as") if not shutil.which(name)]
    if missing:
        sys.exit(f"needs {missing[0]}")
    kernels(options)


if __name__ == "__main__":
    main()
