"""NumPy's functions: what an element takes, at three VLENs, beside C compiled by clang.

    PYTHONPATH=. python benchmarks/numpy_functions.py [--only sin sort …] [--size 256]

Each function is called with random numbers that run time draws, and its result is added up; what
drawing and adding up take is subtracted. Machine instructions per element between `size` elements
and four times as many; `growth`: how many times as many instructions 4 times the elements take,
and how many times the algorithm says. For some the same loop in C, by clang -O2 for rv64gcv, at
VLEN 256, with a sum of its result, too.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from fleet.asm.objects.elf import read_elf
from fleet.driver import build
from fleet.emu.device import Device
from fleet.emulation import EmulatedDevice
from fleet.host import Host
from fleet.vm.bytecode import SECTION, decode
from fleet.vm.machine import Machine

VLENS = (128, 256, 1024)
TOLERANCE = 1.2
"""How many times as fast as the algorithm's a count may grow, for what is done once a call."""
PROGRAM = """import sys
import numpy as np
n = int(sys.argv[1])
x = np.random.default_rng(7).random(n + int(sys.argv[2]))
{more}
y = {call}
print(x.sum(), (y[0] if isinstance(y, tuple) else np.asarray(y)).sum())
"""
TWIN = """
static double x[1 << 16], y[1 << 16]; double total;
void twin(long n) {{
    unsigned long seed = 7; double sum = 0;
    for (long i = 0; i < n; i++) {{
        seed = seed * 6364136223846793005ul + 1442695040888963407ul;
        x[i] = (seed >> 11) * 0x1p-53;
    }}
    {loop}
    for (long i = 0; i < n; i++) sum += y[i];
    total = sum + x[n - 1];
}}
"""


@dataclass(frozen=True)
class Function:
    """call: of x, n numbers in [0, 1), and what `more` makes of them; order: of its cost in n."""

    call: str
    loop: str = ""
    """In C: y[i] of x[i]."""
    order: str = "n"
    more: str = ""


def each(expression: str) -> str:
    return f"for (long i = 0; i < n; i++) y[i] = {expression};"


def once(start: str, step: str) -> str:
    return f"double s = {start}; for (long i = 0; i < n; i++) {step}; y[0] = s;"


KEYS = "k = (x * 64).astype(int)"
SQUARE = "s = int(np.sqrt(n)); a = x.reshape(s, s)"
FUNCTIONS = {
    "absolute": Function("np.abs(x - 0.5)", each("__builtin_fabs(x[i] - 0.5)")),
    "add": Function("x + x[::-1]", each("x[i] + x[n - 1 - i]")),
    "multiply": Function("x * 3.5", each("x[i] * 3.5")),
    "divide": Function("x / (x + 1)", each("x[i] / (x[i] + 1)")),
    "sqrt": Function("np.sqrt(x)", each("__builtin_sqrt(x[i])")),
    "floor_divide": Function("x // 0.3"),
    "remainder": Function("x % 0.3"),
    "floor": Function("np.floor(x * 9)"),
    "rint": Function("np.rint(x * 9)"),
    "exp": Function("np.exp(x)"),
    "exp2": Function("np.exp2(x)"),
    "expm1": Function("np.expm1(x)"),
    "log": Function("np.log(x + 1)"),
    "log1p": Function("np.log1p(x)"),
    "log10": Function("np.log10(x + 1)"),
    "sin": Function("np.sin(x)"),
    "cos": Function("np.cos(x)"),
    "tan": Function("np.tan(x)"),
    "arcsin": Function("np.arcsin(x)"),
    "arctan": Function("np.arctan(x)"),
    "arctan2": Function("np.arctan2(x, 0.5)"),
    "sinh": Function("np.sinh(x)"),
    "tanh": Function("np.tanh(x)"),
    "power": Function("x ** 2.3"),
    "hypot": Function("np.hypot(x, 2.0)"),
    "cbrt": Function("np.cbrt(x)"),
    "logaddexp": Function("np.logaddexp(x, 0.5)"),
    "where": Function("np.where(x > 0.5, x, 0.0)", each("x[i] > 0.5 ? x[i] : 0.0")),
    "clip": Function("np.clip(x, 0.2, 0.8)",
                     each("x[i] < 0.2 ? 0.2 : x[i] > 0.8 ? 0.8 : x[i]")),
    "sum": Function("np.sum(x * 0.5)", once("0", "s += x[i] * 0.5")),
    "mean": Function("np.mean(x * 0.5)", once("0", "s += x[i] * 0.5")),
    "var": Function("np.var(x)", once("0", "s += x[i]")[:-10]
                    + "s /= n; double v = 0; for (long i = 0; i < n; i++) "
                      "v += (x[i] - s) * (x[i] - s); y[0] = v / n;"),
    "prod": Function("np.prod(x)", once("1", "s *= x[i]")),
    "max": Function("np.max(x)", once("x[0]", "s = x[i] > s ? x[i] : s")),
    "argmax": Function("np.argmax(x)", "long b = 0; for (long i = 1; i < n; i++) "
                       "if (x[i] > x[b]) b = i; y[0] = b;"),
    "cumsum": Function("np.cumsum(x)", "double s = 0; " + each("(s += x[i])")),
    "cumprod": Function("np.cumprod(x + 0.5)", "double s = 1; " + each("(s *= x[i] + 0.5)")),
    "diff": Function("np.diff(x)", "for (long i = 1; i < n; i++) y[i] = x[i] - x[i - 1];"),
    "gradient": Function("np.gradient(x)",
                         "for (long i = 1; i < n - 1; i++) y[i] = (x[i + 1] - x[i - 1]) / 2;"),
    "dot": Function("np.dot(x, x)", once("0", "s += x[i] * x[i]")),
    "norm": Function("np.linalg.norm(x)", once("0", "s += x[i] * x[i]")),
    "convolve": Function("np.convolve(x, np.array([1., 2, 3, 2, 1]))"),
    "polyval": Function("np.polyval(np.array([1., 2, 3, 4]), x)",
                        each("((x[i] + 2) * x[i] + 3) * x[i] + 4")),
    "interp": Function("np.interp(x, np.linspace(0, 1, 9), np.arange(9.))"),
    "sort": Function("np.sort(x)", order="n log n"),
    "argsort": Function("np.argsort(x)", order="n log n"),
    "unique": Function("np.unique(k)", order="n log n", more=KEYS),
    "median": Function("np.median(x)", order="n log n"),
    "percentile": Function("np.percentile(x, 30)", order="n log n"),
    "searchsorted": Function("np.searchsorted(np.sort(x), x)", order="n log n"),
    "histogram": Function("np.histogram(x, 16)[0]"),
    "bincount": Function("np.bincount(k)", more=KEYS),
    "nonzero": Function("np.nonzero(x > 0.5)[0]"),
    "mask": Function("x[x > 0.5]"),
    "take": Function("np.take(x, k)", more=KEYS),
    "roll": Function("np.roll(x, 3)", each("x[i < 3 ? n - 3 + i : i - 3]")),
    "flip": Function("np.flip(x) * 2.0", each("x[n - 1 - i] * 2.0")),
    "repeat": Function("np.repeat(x, 2)"),
    "concatenate": Function("np.concatenate([x, x])"),
    "fft": Function("np.abs(np.fft.fft(x[:{n}] + np.zeros({n})))", order="n log n"),
    "matmul": Function("a @ a", order="n sqrt n", more=SQUARE),
    "einsum": Function("np.einsum('ij,kj->ik', a, a)", order="n sqrt n", more=SQUARE),
    "transpose": Function("a.T.copy() * 2.0", more=SQUARE),
    "solve": Function("np.linalg.solve(a + s * np.eye(s), a[0])", order="n sqrt n", more=SQUARE),
}  # fmt: skip
ORDERS = {
    "n": lambda n: n, "n log n": lambda n: n * math.log2(n), "n sqrt n": lambda n: n * math.sqrt(n),
}  # fmt: skip


def count(elf: str, size: int, vlen: int) -> int:
    """Machine instructions of a run."""
    image = read_elf(elf)
    program = decode(image.data(image.section(SECTION)), elf)
    device = EmulatedDevice(elf, vlen=vlen, count_instructions=True)
    Machine(program, device, Host([elf, str(size), "0"], stdout=io.StringIO())).run()
    return device.stats.instructions


def built(function: Function, folder: str, size: int = 0) -> str:
    source, elf = os.path.join(folder, "program.py"), os.path.join(folder, "program.elf")
    with open(source, "w", encoding="utf-8") as file:
        file.write(PROGRAM.format(more=function.more, call=function.call.replace("{n}", str(size))))
    build(source, elf)
    return elf


def counts(function: Function, sizes: Sequence[int], folder: str) -> dict[int, list[int]]:
    """Of a program at some sizes, by VLEN; the last size at VLEN 256 only.

    One whose lengths must be known is built for each.
    """
    fixed, found = "{n}" in function.call, {vlen: [] for vlen in VLENS}
    elf = built(function, folder, sizes[0])
    for number, size in enumerate(sizes):
        elf = built(function, folder, size) if fixed and number else elf
        for vlen in VLENS if number < 2 else (256,):
            found[vlen].append(count(elf, size, vlen))
    return found


def twin_counts(loop: str, sizes: Sequence[int], folder: str) -> list[int]:
    source, elf = os.path.join(folder, "twin.c"), os.path.join(folder, "twin.elf")
    with open(source, "w", encoding="utf-8") as file:
        file.write(TWIN.format(loop=loop))
    subprocess.run(
        ["clang-19", "--target=riscv64-linux-gnu", "-march=rv64gcv", "-mabi=lp64d", "-O2",
         "-ffp-contract=off", "-static", "-nostdlib", "-fno-builtin",
         "-fno-math-errno", "-Wl,-e,twin",
         "-Wl,--no-relax", "-fuse-ld=" + (shutil.which("riscv64-linux-gnu-ld") or "lld"),
         source, "-o", elf],
        check=True, capture_output=True,
    )  # fmt: skip
    found = []
    for size in sizes:
        device = Device(elf, vlen=256, count_instructions=True)
        device.call("twin", [size])
        found.append(device.stats.instructions)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=list(FUNCTIONS), default=list(FUNCTIONS))
    parser.add_argument("--size", type=int, default=256, help="a power of 4")
    options = parser.parse_args(arguments)
    sizes = [options.size, 4 * options.size, 16 * options.size]
    head = "".join(f"{f'VLEN {vlen}':>11}" for vlen in VLENS)
    print(f"{'function':14}{head}{'clang':>9}{'ratio':>7}{'growth':>9}{'due':>7}")
    with tempfile.TemporaryDirectory() as folder:
        nothing = counts(Function("x"), sizes, folder)
        bare = twin_counts("", sizes[:2], folder) if shutil.which("clang-19") else None
        for name in options.only:
            print(row(name, sizes, nothing, bare, folder), flush=True)


def row(
    name: str, sizes: list[int], nothing: dict[int, list[int]], bare: list[int] | None, folder: str
) -> str:
    function = FUNCTIONS[name]
    own = {vlen: [a - b for a, b in zip(taken, nothing[vlen], strict=True)]
           for vlen, taken in counts(function, sizes, folder).items()}  # fmt: skip
    each = sizes[1] - sizes[0]
    ours = {vlen: (found[1] - found[0]) / each for vlen, found in own.items()}
    beside = f"{'':16}"
    if function.loop and bare is not None:
        a, b = twin_counts(function.loop, sizes[:2], folder)
        theirs = (b - a - bare[1] + bare[0]) / each
        beside = f"{theirs:9.2f}{ours[256] / theirs if theirs > 0.05 else math.nan:7.2f}"
    cost = ORDERS[function.order]
    due = (cost(sizes[2]) - cost(sizes[1])) / (cost(sizes[1]) - cost(sizes[0]))
    a, b, c = own[256]
    growth = (c - b) / max(b - a, 1)
    mark = "  too fast" if growth > TOLERANCE * due else ""
    cells = "".join(f"{ours[vlen]:11.2f}" for vlen in VLENS)
    return f"{name:14}{cells}{beside}{growth:9.2f}{due:7.2f}{mark}"


if __name__ == "__main__":
    main()
