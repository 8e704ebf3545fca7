"""Where a compilation's time goes: CPU seconds of each stage and pass, and operations after it.

    python benchmarks/compile_time.py models/gpt2.py [--least 0.02] [--profile PASS]
    python benchmarks/compile_time.py gpt2:12          a generated model like GPT-2, of 12 layers
    python benchmarks/compile_time.py lines:2000       2,000 lines of array arithmetic and printing
    python benchmarks/compile_time.py elif:600         IR with 600 branches within each other

Everything runs in this one process, with the garbage collector set as `fleet build` sets it.
`--profile` shows where the time of one pass goes, by function.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "ir")]

from fleet import driver  # noqa: E402 - found through the path above
from fleet.cli import SELDOM  # noqa: E402
from fleet.ir.core import Operation  # noqa: E402
from fleet.ir.parsing.parser import parse_module  # noqa: E402
from fleet.ir.rewriting.passes import PassManager  # noqa: E402
from fleet.syntax.lexer import tokenize  # noqa: E402
from fleet.syntax.parser import parse  # noqa: E402
from fleet.syntax.source import read_source  # noqa: E402

LINES = (
    "a = a + b * {0}.5", "b = np.tanh(a - b)", "print('step {0}', a.sum())", "c{0} = a @ b.T",
    "print(c{1}.mean(axis=0)[:2])", "a = a / (1.0 + np.abs(a).max())",
    "d{0} = np.exp(b[:, 1:3]) + {0}", "print(d{1}.shape, float(d{1}.max()))",
)  # fmt: skip


def lines(count: int) -> str:
    """A program of so many statements on arrays, in a row."""
    head = (
        "import sys\nimport numpy as np\nn = len(sys.argv) + 3\n"
        "a = np.arange(n * 4, dtype=np.float32).reshape(n, 4)\nb = np.ones((n, 4), np.float32)\n"
    )
    return head + "".join(f"{LINES[i % 8].format(i, i - 1)}\n" for i in range(count))


def gpt2(layers: int) -> str:
    """The model of `models/gpt2.py` with so many layers, small ones, and weights made up."""
    text = (ROOT / "models" / "gpt2.py").read_text()
    functions = text[: text.index("def nest(")]
    return functions + (
        "rng = np.random.default_rng(0)\n"
        "def w(*shape): return rng.standard_normal(shape).astype(np.float32) * 0.1\n"
        "def lin(m, n): return {'w': w(m, n), 'b': w(n)}\n"
        "def ln(): return {'g': w(16), 'b': w(16)}\n"
        "blocks = [{'mlp': {'c_fc': lin(16, 64), 'c_proj': lin(64, 16)}, 'attn': {'c_attn':"
        " lin(16, 48), 'c_proj': lin(16, 16)}, 'ln_1': ln(), 'ln_2': ln()}"
        f" for _ in range({layers})]\n"
        "params = {'wte': w(256, 16), 'wpe': w(64, 16), 'blocks': blocks, 'ln_f': ln()}\n"
        "prompt = list(sys.argv[1].encode())\n"
        "print(generate(prompt, params, 4, 4))\n"
    )


class Clock:
    """Prints what took at least so many seconds; keeps the sum."""

    def __init__(self, least: float) -> None:
        self.least = least
        self.total = 0.0

    @contextmanager
    def time(self, name: str, size: Callable[[], int] | None = None) -> Iterator[None]:
        start = time.process_time()
        yield
        seconds = time.process_time() - start
        self.total += seconds
        if seconds >= self.least:
            print(f"{name:<34}{seconds:8.3f} s" + (f"{size():10,} operations" if size else ""))


def operations(module: Operation) -> int:
    return sum(1 for _ in module.walk())


def front_end(program: str, clock: Clock) -> Operation:
    kind, _, count = program.partition(":")
    if kind == "elif":
        from deep_ir import elif_chain

        with clock.time("reading the IR"):
            return parse_module(elif_chain(int(count)), check=False)
    if count:
        made = tempfile.NamedTemporaryFile("w", suffix=".py")  # noqa: SIM115 - lives to the end
        made.write(lines(int(count)) if kind == "lines" else gpt2(int(count)))
        made.flush()
        clock.program, program = made, made.name
    with clock.time("tokens"):
        tokenize(read_source(program), program)
    with clock.time("tokens and tree"):
        parse(read_source(program), program)
    with clock.time("front end, tree included"):
        return driver.build_ir(program)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--least", type=float, default=0.02, metavar="SECONDS")
    parser.add_argument("--profile", metavar="PASS")
    options = parser.parse_args()
    gc.set_threshold(*SELDOM)
    clock = Clock(options.least)
    module = front_end(options.program, clock)
    for stage in driver.STAGES:
        for name in stage.passes:
            passes = PassManager([name], check=False)
            if name == options.profile:
                profile = cProfile.Profile()
                profile.runcall(passes.run, module)
                pstats.Stats(profile).sort_stats("tottime").print_stats(25)
                continue
            with clock.time(f"{stage.name}: {name}", lambda: operations(module)):
                passes.run(module)
    with clock.time("bytecode"):
        bytecode, arrays = driver.emit_bytecode(module)
    with clock.time("assembly text"):
        text = driver.assembly_text(module)
    with clock.time("assembling"):
        made = driver.assemble(text, "kernels.s")
    with clock.time("linking"):
        image = driver.link([made], arrays=arrays.items(), directory=".")
        bytecode.link(image.addresses)
        image.add_section(driver.SECTION, bytecode.encode())
    print(f"{'all together':<34}{clock.total:8.3f} s")


if __name__ == "__main__":
    main()
