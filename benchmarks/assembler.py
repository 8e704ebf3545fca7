"""Lines a second of Fleet's assembler and binary tools, beside GNU's on the same files in one run.

    python benchmarks/assembler.py [--lines 800000] [--seed 1] [--rounds 3]

The text is what programs have, drawn with a seed: functions with prologues and epilogues, loads,
stores, arithmetic, branches (some out of reach), calls, constants, addresses, strip-mined vector
loops, line directives and call frames, read-only data and tables, macros, local labels, comments.
Where gcc and clang are installed, what they write is assembled, too. "Assembly" is `assemble` in a
new process that has seen nothing; "command" is all of `fleet asm` with its start and the file.
Times are medians of the rounds, in seconds of the processor, so that other work on the machine
does not count.
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
from collections.abc import Iterator, Sequence
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


COMMENTS = (*[""] * 6, "\t# 8-byte Folded Reload", "  # the next element", "\n# %bb.2:")
MACROS = """\
# What is done at the start and at the end of every function.
    .macro keep register, offset
    sd \\register, \\offset(sp)
    .cfi_offset \\register, -8
    .endm
    .macro clear from, to
    vsetvli t0, zero, e8, m1, ta, ma
    vmv.v.i \\from, 0
    vmv.v.i \\to, 0
    .endm
"""


class Writer:
    """Functions of assembly text."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.lines: list[str] = ['\t.file\t1 "program.c"', "\t.option nopic"]
        self.lines += MACROS.splitlines()
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
             "li", "address", "parts", "float", "fload", "convert"),
            (18, 12, 11, 13, 4, 4, 6, 3, 5, 9, 5, 2, 1, 4, 3, 1),
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
            case "parts":
                symbol, reg = f".LC{rng.randrange(functions)}", one(GENERAL)
                return f"\tlui\t{reg}, %hi({symbol})\n\tlw\t{reg}, %lo({symbol}+8)({reg})"
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
        size = rng.randrange(30, 200) if rng.random() < 0.98 else 2000  # branches out of reach
        frame = 16 * rng.randrange(1, 20)
        labels = [f".L{self.label + n}" for n in range(max(2, size // 12))]
        self.label += len(labels)
        self.lines += [
            "\t.align\t1", f"\t.globl\tfunction_{number}",
            f"\t.type\tfunction_{number}, @function", f"function_{number}:", "\t.cfi_startproc",
            f"\taddi\tsp,sp,-{frame}", f"\t.cfi_def_cfa_offset {frame}",
            f"\tkeep\tra, {frame - 8}", f"\tkeep\ts0, {frame - 16}",
        ]  # fmt: skip
        waiting = labels[::-1]
        for at in range(size):
            if at % 4 == 0:
                self.source += rng.randrange(3)
                mark = " is_stmt 0" if rng.random() < 0.2 else ""
                add(f"\t.loc 1 {self.source} {rng.randrange(1, 40)}{mark}")
            if waiting and at % 12 == 11:
                add(f"{waiting.pop()}:")
            if rng.random() < 0.01:
                self.lines += self.vector_loop()
            if rng.random() < 0.01:
                one = rng.choice
                add("1:" + self.instruction(labels, functions))
                add(f"\tbnez\t{one(GENERAL)}, 1b  # once more")
            for line in self.instruction(labels, functions).split("\n"):
                add(line + rng.choice(COMMENTS))
        self.lines += [f"{label}:" for label in waiting[::-1]]
        self.lines += [
            f"\tld\tra,{frame - 8}(sp)", "\t.cfi_restore ra", f"\tld\ts0,{frame - 16}(sp)",
            f"\taddi\tsp,sp,{frame}", "\t.cfi_def_cfa_offset 0", "\tclear\tv8, v9", "\tret",
            "\t.cfi_endproc", f"\t.size\tfunction_{number}, .-function_{number}",
            "\t.section\t.rodata", "\t.align\t3", f".LC{number}:",
            f'\t.string\t"text number {number}"', f"\t.word\t{rng.getrandbits(32)}",
            *(f"\t.word\t{label}-.LC{number}" for label in labels[:4]), "\t.text",
        ]  # fmt: skip


def program(lines: int, seed: int) -> str:
    """About so many lines of assembly text."""
    writer = Writer(seed)
    functions = max(1, lines // 230)
    number = 0
    while len(writer.lines) < lines or number < functions:
        writer.function(number, functions)
        number += 1
    return "\n".join(writer.lines) + "\n"


C_FUNCTION = """
struct node{n} {{ int kind; double value; struct node{n} *left, *right; char name[16]; }};
static const double table_{n}[4] = {{ {n}.25, 1.5, {m}, 7 }};
double walk_{n}(struct node{n} *first, int depth, double scale) {{
  double sum = table_{n}[depth & 3] * scale;
  float part[64];
  for (struct node{n} *p = first; p; p = p->left)
    switch (p->kind) {{
      case 0: sum += p->value * {m}; break;
      case 1: sum -= p->value / (scale + {n}); depth++; break;
      case 2: sum += walk_{n}(p->right, depth + 1, sum); break;
      case 3: __builtin_memcpy(p->name, "name {n}", 7); break;
      case 4: sum *= p->name[depth & 7]; break;
      default: depth ^= {m}; }}
  for (int k = 0; k < 64; k++) part[k] = sum * k + {n};
  for (int k = 0; k < 64; k++) sum += part[k] * table_{n}[k & 3];
  return sum + depth;
}}
"""
COMPILERS = (
    ("gcc -O2", "riscv64-linux-gnu-gcc", ["-O2"]),
    ("gcc -O2 -g", "riscv64-linux-gnu-gcc", ["-O2", "-g"]),
    ("clang -O3", "clang-19",
     ["--target=riscv64-linux-gnu", "-march=rv64gcv", "-O3", "-fno-addrsig"]),
)  # fmt: skip


def compiled(folder: Path, functions: int) -> Iterator[tuple[str, Path]]:
    """What compilers make of some functions, as files."""
    source = folder / "source.c"
    source.write_text("".join(C_FUNCTION.format(n=n, m=7 * n + 3) for n in range(functions)))
    for name, program, flags in COMPILERS:
        if shutil.which(program) is not None:
            path = folder / f"{name.replace(' ', '')}.s"
            subprocess.run([program, *flags, "-S", "-o", path, source], check=True)
            yield name, path


GNU_AS = "riscv64-linux-gnu-as"
ROOT = Path(__file__).resolve().parent.parent
FRESH = """
import sys, time
from pathlib import Path
from fleet.asm.assembler import assemble
text = Path(sys.argv[1]).read_text()
start = time.process_time()
assemble(text, sys.argv[1], "rv64gcv")
print(time.process_time() - start)
"""


def processor_seconds() -> float:
    """Of all child processes so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def seconds(command: Sequence[str | Path], rounds: int) -> float | None:
    """Median of what a command takes, None where it is not installed."""
    if shutil.which(command[0]) is None:
        return None
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    times = []
    for _ in range(rounds):
        start = processor_seconds()
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        times.append(processor_seconds() - start)
    return statistics.median(times)


def fleet(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-m", "fleet", *arguments]


def assembly_seconds(path: Path, rounds: int) -> float:
    """Median of the first assembly in a process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", FRESH, path]
    return statistics.median(
        float(subprocess.check_output(command, env=environment, text=True)) for _ in range(rounds)
    )


def cell(lines: int, taken: float | None) -> str:
    return f"{lines / taken:11,.0f} {taken:5.2f} s" if taken else f"{'-':>19}"


def assembled(name: str, path: Path, rounds: int) -> None:
    """A row about assembling one file."""
    lines = path.read_text().count("\n")
    out = path.with_suffix(".o")
    ours = seconds(fleet("asm", path, "-o", out), rounds)
    gnu = seconds([GNU_AS, "-march=rv64gcv", "-mno-relax", path, "-o", out], rounds)
    ratio = f"{ours / gnu:5.1f}" if ours and gnu else "    -"
    cells = [cell(lines, taken) for taken in (assembly_seconds(path, rounds), ours, gnu)]
    print(f"{name:<14} {lines:9,} {' '.join(cells)} {ratio}", flush=True)


def tools(path: Path, folder: Path, rounds: int) -> None:
    """Rows about linking, listing and disassembling the object of a file."""
    unit, linked, listing = folder / "unit.o", folder / "unit.elf", folder / "unit.txt"
    subprocess.run(fleet("asm", path, "-o", unit), cwd=ROOT, check=True)
    rows = (
        ("link", ["link", unit, "-o", linked, "--entry", "function_0"],
         ["riscv64-linux-gnu-ld", "--no-relax", "-e", "function_0", unit, "-o", linked]),
        ("dis", ["dis", linked], ["riscv64-linux-gnu-objdump", "-d", linked]),
        ("readelf", ["readelf", linked], ["riscv64-linux-gnu-readelf", "-aW", linked]),
        ("asm --listing", ["asm", path, "-o", unit, "--listing"], None),
    )  # fmt: skip
    heading = f"{'of the last text':<27} {'lines':>11} {'command':>19} {'GNU':>19} ratio"
    print(f"\n{heading}")
    for name, ours, theirs in rows:
        with listing.open("w") as file:
            subprocess.run(fleet(*ours), cwd=ROOT, stdout=file, check=True)
        lines = listing.read_text().count("\n") or path.read_text().count("\n")
        taken = seconds(fleet(*ours), rounds)
        gnu = seconds(theirs, rounds) if theirs is not None else None
        ratio = f"{taken / gnu:5.1f}" if taken and gnu else "    -"
        print(f"{name:<27} {lines:11,} {cell(lines, taken)} {cell(lines, gnu)} {ratio}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="lines a second of the assembler")
    parser.add_argument("--lines", type=int, default=800_000, help="of the largest file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    headings = [f"{text:>19}" for text in ("assembly", "command", "GNU as")]
    print(f"{'text':<14} {'lines':>9} {' '.join(headings)} ratio   (lines a second, time)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "program.s"
        for lines in sorted({max(options.lines >> shift, 1000) for shift in (5, 4, 3, 2, 1, 0)}):
            path.write_text(program(lines, options.seed))
            assembled("drawn", path, options.rounds)
        for compiler, file in compiled(folder, max(options.lines // 4000, 1)):
            assembled(compiler, file, options.rounds)
        path.write_text(program(options.lines >> 2, options.seed))
        tools(path, folder, options.rounds)


if __name__ == "__main__":
    main()
