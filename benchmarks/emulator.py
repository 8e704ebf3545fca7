"""The emulator beside qemu-riscv64, on the same executables in one run.

    PYTHONPATH=. python benchmarks/emulator.py [--vlen 256 1024] [--runs 3]
        [--executors native reference]

Each program repeats one kernel, so start-up counts little; it is subtracted besides, measured by
the same program with no repetitions. Prints medians of seconds, and how many times as fast as qemu
the executors are.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fleet.emu.linux.process import Process
from fleet.emu.machine import EXECUTORS, Machine

ROWS, INNER, COLUMNS = 12, 256, 768
LENGTH = 4096

MATMUL = """
    li s2, {rows}/3                 # a2 += a0 (rows x inner) times a1 (inner x columns)
    la a0, a
    la a2, c
row:
    li s3, {columns}
    la a1, b
    mv a3, a2
column:
    vsetvli t0, s3, e{width}, m8, ta, ma
    vmv.v.i v8, 0
    vmv.v.i v16, 0
    vmv.v.i v24, 0
    mv t1, a1
    mv t2, a0
    li t3, {inner}
    li a7, {columns}*{bytes}
    li a6, {inner}*{bytes}
    add t5, t2, a6
    add t6, t5, a6
inner:
    vle{width}.v v0, (t1)
    add t1, t1, a7
    {fload} fa0, 0(t2)
    {fload} fa1, 0(t5)
    {fload} fa2, 0(t6)
    vfmacc.vf v8, fa0, v0
    vfmacc.vf v16, fa1, v0
    vfmacc.vf v24, fa2, v0
    addi t2, t2, {bytes}
    addi t5, t5, {bytes}
    addi t6, t6, {bytes}
    addi t3, t3, -1
    bnez t3, inner
    mv t4, a3
    vse{width}.v v8, (t4)
    add t4, t4, a7
    vse{width}.v v16, (t4)
    add t4, t4, a7
    vse{width}.v v24, (t4)
    slli t0, t0, {shift}
    add a1, a1, t0
    add a3, a3, t0
    srli t0, t0, {shift}
    sub s3, s3, t0
    bnez s3, column
    li t0, 3*{inner}*{bytes}
    add a0, a0, t0
    li t0, 3*{columns}*{bytes}
    add a2, a2, t0
    addi s2, s2, -1
    bnez s2, row
"""

NORMALISE = """
    li s3, {length}                 # c = (a - mean) / sqrt(variance + 1), in three passes
    la a0, a
    vsetvli t0, s3, e{width}, m4, ta, ma
    vmv.v.i v8, 0
    vmv.v.i v16, 0
pass1:
    vsetvli t0, s3, e{width}, m4, tu, ma
    vle{width}.v v0, (a0)
    vfadd.vv v8, v8, v0
    vfmacc.vv v16, v0, v0
    slli t1, t0, {shift}
    add a0, a0, t1
    sub s3, s3, t0
    bnez s3, pass1
    vsetvli t0, zero, e{width}, m4, ta, ma
    vmv.s.x v4, zero
    vfredusum.vs v5, v8, v4
    vfredusum.vs v6, v16, v4
    vfmv.f.s fa0, v5
    vfmv.f.s fa1, v6
    li s3, {length}
    la a0, a
    la a2, c
pass2:
    vsetvli t0, s3, e{width}, m4, ta, ma
    vle{width}.v v0, (a0)
    vfsub.vf v0, v0, fa0
    vfmul.vf v0, v0, fa1
    vfmax.vf v0, v0, fa0
    vse{width}.v v0, (a2)
    slli t1, t0, {shift}
    add a0, a0, t1
    add a2, a2, t1
    sub s3, s3, t0
    bnez s3, pass2
"""

POLYNOMIAL = """
    li s3, {length}                 # c = a polynomial of a and a quotient, as exp and gelu are made
    la a0, a
    la a2, c
    {fload} fa0, 8(a0)
    {fload} fa1, 16(a0)
strip:
    vsetvli t0, s3, e{width}, m4, ta, ma
    vle{width}.v v0, (a0)
    vfmin.vf v0, v0, fa0
    vfmul.vf v4, v0, fa1
    vfmv.v.f v8, fa0
    vfmadd.vv v8, v4, v0
    vfmadd.vv v8, v4, v0
    vfmadd.vv v8, v4, v0
    vfmadd.vv v8, v4, v0
    vfadd.vf v12, v8, fa1
    vfdiv.vv v8, v4, v12
    vse{width}.v v8, (a2)
    slli t1, t0, {shift}
    add a0, a0, t1
    add a2, a2, t1
    sub s3, s3, t0
    bnez s3, strip
"""

PROGRAM = """
    .text
    .globl _start
_start:
    li s11, {times}
    beqz s11, done
again:
{kernel}
    addi s11, s11, -1
    bnez s11, again
done:
    li a0, 0
    li a7, 93
    ecall
    .data
    .balign 64
a:  .rept {a_size}
    .{directive} 0.375
    .endr
b:  .rept {b_size}
    .{directive} 0.625
    .endr
    .bss
    .balign 64
c:  .zero 8*{rows}*{columns}
"""

KERNELS = {"matmul": (MATMUL, 30), "normalise": (NORMALISE, 3000), "polynomial": (POLYNOMIAL, 2000)}


def build(folder: Path, name: str, width: int, times: int) -> Path:
    """The executable that repeats a kernel so often."""
    sizes = {
        "rows": ROWS, "inner": INNER, "columns": COLUMNS, "length": LENGTH, "width": width,
        "bytes": width // 8, "shift": width.bit_length() - 4, "times": times,
        "fload": "flw" if width == 32 else "fld",
    }  # fmt: skip
    text = PROGRAM.format(
        kernel=KERNELS[name][0].format(**sizes), directive="float" if width == 32 else "double",
        a_size=max(ROWS * INNER, LENGTH), b_size=INNER * COLUMNS, **sizes,
    )  # fmt: skip
    source, elf = folder / "program.s", folder / f"{name}{width}x{times}"
    source.write_text(text)
    for command in (
        ["riscv64-linux-gnu-as", "-march=rv64gcv", "-o", folder / "program.o", source],
        ["riscv64-linux-gnu-ld", "-o", elf, folder / "program.o"],
    ):
        subprocess.run(command, check=True)
    return elf


def qemu(elf: Path, vlen: int) -> float:
    cpu = f"rv64,v=true,vlen={vlen},vext_spec=v1.0"
    start = time.perf_counter()
    subprocess.run(["qemu-riscv64", "-cpu", cpu, elf], check=True)
    return time.perf_counter() - start


def fleet(executor: str) -> Callable[[Path, int], float]:
    def run(elf: Path, vlen: int) -> float:
        machine = Machine(vlen, executor=executor)
        process = Process(machine, elf, [str(elf)])
        start = time.perf_counter()
        if process.run():
            sys.exit(f"{elf.name} failed")
        return time.perf_counter() - start

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vlen", type=int, nargs="+", default=[256, 1024])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--executors", nargs="+", default=["native"], choices=EXECUTORS)
    options = parser.parse_args()
    missing = [name for name in ("qemu-riscv64", "riscv64-linux-gnu-as") if not shutil.which(name)]
    if missing:
        sys.exit(f"needs {missing[0]}")
    runners = {"qemu": qemu} | {name: fleet(name) for name in options.executors}

    print(f"{'kernel':12} {'VLEN':>6}" + "".join(f"{name + ' s':>14}" for name in runners)
          + "".join(f"{name + '/qemu':>18}" for name in options.executors))  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kernel, (_, times) in KERNELS.items():
            for width in (32, 64):
                empty = build(folder, kernel, width, 0)
                # The reference executor is slow: it repeats a tenth, and the time is scaled.
                full = {"reference": build(folder, kernel, width, times // 10)}
                whole = build(folder, kernel, width, times)
                for vlen in options.vlen:
                    seconds = {}
                    for runner, run in runners.items():
                        elf = full.get(runner, whole)
                        took = statistics.median(run(elf, vlen) for _ in range(options.runs))
                        took -= min(run(empty, vlen) for _ in range(options.runs))
                        seconds[runner] = took * (10 if runner in full else 1)
                    row = f"{kernel + f' f{width}':14} {vlen:4}"
                    row += "".join(f"{value:14.3f}" for value in seconds.values())
                    ratios = [seconds["qemu"] / seconds[name] for name in options.executors]
                    row += "".join(f"{ratio:17.2f}x" for ratio in ratios)
                    print(row, flush=True)


if __name__ == "__main__":
    main()
