"""Lines a second of Fleet's assembler, beside GNU as on the same file in the same run.

    python benchmarks/assembler.py [--lines 200000] [--seed 1] [--rounds 3]

The text is what a compiler writes, drawn with a seed: functions with prologues and epilogues,
loads, stores, arithmetic, branches, calls, constants, addresses, strip-mined vector loops, line
directives, read-only data. "First" is a new process that has seen nothing; "again" assembles the
same text once more in that process. Times are medians of the rounds, in seconds of the processor,
so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ARGUMENTS = [f"a{n}" for n in range(8)]
SAVED = [f"s{n}" for n in range(12)]
TEMPORARY = [f"t{n}" for n in range(7)]
GENERAL = ARGUMENTS * 4 + SAVED * 2 + TEMPORARY
FLOATS = [f"fa{n}" for n in range(8)] * 3 + [f"fs{n}" for n in range(12)]
VECTORS = [f"v{n}" for n in range(0, 32, 4)]
ARITHMETIC = "add sub mul and or xor sll srl sra slt sltu addw subw mulw div rem divuw".split()
IMMEDIATE = "addi addi addi addiw andi ori xori sltiu".split()
SHIFTS = "slli srli srai slliw srliw".split()
LOADS = "ld ld ld lw lw lbu lb lhu lh lwu".split()
STORES = "sd sd sw sb sh".split()
BRANCHES = "beq bne blt bge bltu bgeu".split()
ZERO_BRANCHES = "beqz bnez bgtz blez bltz bgez".split()
FLOATING = "fadd fsub fmul fdiv fmax fsgnj".split()
VECTOR = "vadd.vv vmul.vv vfadd.vv vfmul.vv vfmacc.vv vsub.vv vmax.vv vand.vv".split()


class Writer:
    """Functions of assembly text."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.lines: list[str] = ['\t.file\t1 "program.c"', "\t.option nopic"]
        self.label = 0
        self.source = 1

    def offset(self) -> int:
        """A distance in memory, small ones more often."""
        return 8 * int(self.rng.expovariate(0.08)) % 2048

    def instruction(self, local: list[str], functions: int) -> str:
        rng = self.rng
        one = rng.choice
        match rng.choices(
            ("load", "store", "math", "number", "shift", "branch", "zero", "jump", "call", "move",
             "li", "address", "float", "fload", "convert"),
            (18, 12, 11, 13, 4, 4, 6, 3, 5, 9, 5, 2, 4, 3, 1),
        )[0]:  # fmt: skip
            case "load":
                base = one(("sp", "sp", "s0", one(GENERAL)))
                return f"\t{one(LOADS)}\t{one(GENERAL)},{self.offset()}({base})"
            case "store":
                base = one(("sp", "sp", "s0", one(GENERAL)))
                return f"\t{one(STORES)}\t{one(GENERAL)},{self.offset()}({base})"
            case "math":
                return f"\t{one(ARITHMETIC)}\t{one(GENERAL)},{one(GENERAL)},{one(GENERAL)}"
            case "number":
                number = int(rng.gauss(0, 40)) if rng.random() < 0.8 else rng.randint(-2048, 2047)
                return f"\t{one(IMMEDIATE)}\t{one(GENERAL)},{one(GENERAL)},{number}"
            case "shift":
                return f"\t{one(SHIFTS)}\t{one(GENERAL)},{one(GENERAL)},{rng.randrange(1, 32)}"
            case "branch":
                return f"\t{one(BRANCHES)}\t{one(GENERAL)},{one(GENERAL)},{one(local)}"
            case "zero":
                return f"\t{one(ZERO_BRANCHES)}\t{one(GENERAL)},{one(local)}"
            case "jump":
                return f"\tj\t{one(local)}"
            case "call":
                return f"\tcall\tfunction_{rng.randrange(functions)}"
            case "move":
                return f"\tmv\t{one(GENERAL)},{one(GENERAL)}"
            case "li":
                return f"\tli\t{one(GENERAL)},{rng.randint(-(1 << one((5, 11, 31))), 1 << 16)}"
            case "address":
                return f"\tlla\t{one(GENERAL)},.LC{rng.randrange(functions)}"
            case "float":
                suffix = one("ds")
                regs = f"{one(FLOATS)},{one(FLOATS)},{one(FLOATS)}"
                return f"\t{one(FLOATING)}.{suffix}\t{regs}"
            case "fload":
                return f"\t{one(('fld', 'fsd', 'flw', 'fsw'))}\t{one(FLOATS)},{self.offset()}(sp)"
            case _:
                return f"\tfcvt.d.w\t{one(FLOATS)},{one(GENERAL)}"

    def vector_loop(self) -> list[str]:
        one = self.rng.choice
        self.label += 1
        width = one((32, 64))
        body = [
            f"\t{one(VECTOR)}\t{one(VECTORS)},{one(VECTORS)},{one(VECTORS)}"
            for _ in range(self.rng.randrange(2, 9))
        ]
        return [
            f".Lv{self.label}:",
            f"\tvsetvli\tt0,a2,e{width},m4,ta,ma",
            f"\tvle{width}.v\t{one(VECTORS)},(a0)",
            *body,
            f"\tvse{width}.v\t{one(VECTORS)},(a1)",
            f"\tslli\tt1,t0,{width // 16}",
            "\tadd\ta0,a0,t1",
            "\tadd\ta1,a1,t1",
            "\tsub\ta2,a2,t0",
            f"\tbnez\ta2,.Lv{self.label}",
        ]

    def function(self, number: int, functions: int) -> None:
        rng, add = self.rng, self.lines.append
        size = rng.randrange(30, 200)
        frame = 16 * rng.randrange(1, 20)
        labels = [f".L{self.label + n}" for n in range(max(2, size // 12))]
        self.label += len(labels)
        self.lines += [
            "\t.align\t1", f"\t.globl\tfunction_{number}",
            f"\t.type\tfunction_{number}, @function", f"function_{number}:",
            f"\taddi\tsp,sp,-{frame}", f"\tsd\tra,{frame - 8}(sp)", f"\tsd\ts0,{frame - 16}(sp)",
        ]  # fmt: skip
        waiting = labels[::-1]
        for at in range(size):
            if at % 4 == 0:
                self.source += rng.randrange(3)
                add(f"\t.loc 1 {self.source} {rng.randrange(1, 40)}")
            if waiting and at % 12 == 11:
                add(f"{waiting.pop()}:")
            if rng.random() < 0.01:
                self.lines += self.vector_loop()
            add(self.instruction(labels, functions))
        self.lines += [f"{label}:" for label in waiting[::-1]]
        self.lines += [
            f"\tld\tra,{frame - 8}(sp)", f"\tld\ts0,{frame - 16}(sp)",
            f"\taddi\tsp,sp,{frame}", "\tret",
            f"\t.size\tfunction_{number}, .-function_{number}",
            "\t.section\t.rodata", "\t.align\t3", f".LC{number}:",
            f'\t.string\t"text number {number}"', f"\t.word\t{rng.getrandbits(32)}", "\t.text",
        ]  # fmt: skip


def program(lines: int, seed: int) -> str:
    """About so many lines of assembly text."""
    writer = Writer(seed)
    functions = max(1, lines // 180)
    for number in range(functions):
        writer.function(number, functions)
    while len(writer.lines) < lines:
        writer.lines.append(writer.instruction([".L0"], functions))
    return "\n".join(writer.lines[:lines] if lines < 100 else writer.lines) + "\n"


FRESH = """
import sys, time
from pathlib import Path
from fleet.asm.assembler import assemble
text = Path(sys.argv[1]).read_text()
for _ in range(2):
    start = time.process_time()
    assemble(text, sys.argv[1])
    print(time.process_time() - start)
"""


def fleet_seconds(path: Path, rounds: int) -> tuple[float, float]:
    """Medians of the first and the second assembly of a process."""
    root = Path(__file__).resolve().parent.parent
    environment = {**os.environ, "PYTHONPATH": str(root)}
    first, again = [], []
    for _ in range(rounds):
        run = subprocess.run(
            [sys.executable, "-c", FRESH, path], env=environment, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        one, two = map(float, run.stdout.split())
        first.append(one)
        again.append(two)
    return statistics.median(first), statistics.median(again)


def processor_seconds() -> float:
    """Of all child processes so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def gnu_seconds(path: Path, rounds: int) -> float | None:
    """Median of the runs of GNU as, None where it is not installed."""
    assembler = shutil.which("riscv64-linux-gnu-as")
    if assembler is None:
        return None
    times = []
    for _ in range(rounds):
        start = processor_seconds()
        subprocess.run(
            [assembler, "-march=rv64gcv", "-mno-relax", path, "-o", path.with_suffix(".o")],
            check=True,
        )
        times.append(processor_seconds() - start)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description="lines a second of the assembler")
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"{'lines':>9} {'first':>16} {'again':>16} {'GNU as':>16}   (lines a second)")
    with tempfile.TemporaryDirectory() as folder:
        for lines in (options.lines // 4, options.lines // 2, options.lines):
            text = program(lines, options.seed)
            path = Path(folder) / "program.s"
            path.write_text(text)
            count = text.count("\n")
            first, again = fleet_seconds(path, options.rounds)
            gnu = gnu_seconds(path, options.rounds)
            cells = [
                f"{count / seconds:10,.0f} {seconds:4.2f} s" if seconds else f"{'-':>16}"
                for seconds in (first, again, gnu)
            ]
            print(f"{count:9,} {cells[0]:>16} {cells[1]:>16} {cells[2]:>16}")


if __name__ == "__main__":
    main()
