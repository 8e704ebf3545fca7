"""Runs kernels on qemu and on our emulator: assembly text, arrays and sizes in, arrays out.

On qemu, GNU as and a C library link the kernel with a small program that reads the arguments from
standard input, calls the kernel with marks in every register that it must preserve, checks them,
and writes the buffers to standard output.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from fleet.asm.assembler import assemble
from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.emu.device import Device

HARNESS = r"""
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int64_t call_checked(void *function, int64_t *arguments);
extern void KERNEL(void);

int main(void) {
    int64_t count, arguments[24] = {0}, sizes[24] = {0};
    if (fread(&count, 8, 1, stdin) != 1) return 2;
    for (int i = 0; i < count; i++) {
        int64_t bytes, value;
        if (fread(&bytes, 8, 1, stdin) != 1) return 2;
        if (bytes < 0) {
            if (fread(&value, 8, 1, stdin) != 1) return 2;
            arguments[i] = value;
            continue;
        }
        char *buffer = aligned_alloc(64, (bytes + 64 + 63) / 64 * 64);
        if (bytes && fread(buffer, 1, bytes, stdin) != (size_t)bytes) return 2;
        for (int k = 0; k < 64; k++) buffer[bytes + k] = 0x5a;
        sizes[i] = bytes;
        arguments[i] = (int64_t)buffer;
    }
    int64_t bad = call_checked((void *)KERNEL, arguments);
    if (bad) {
        fprintf(stderr, "register check %ld failed\n", bad);
        return 3;
    }
    for (int i = 0; i < count; i++) {
        char *buffer = (char *)arguments[i];
        if (!sizes[i]) continue;
        for (int k = 0; k < 64; k++)
            if (buffer[sizes[i] + k] != 0x5a) {
                fprintf(stderr, "argument %d: written beyond its end\n", i);
                return 4;
            }
        fwrite(buffer, 1, sizes[i], stdout);
    }
    return 0;
}
"""


def _wrapper() -> str:
    """`call_checked`: marks callee-saved registers, calls, and compares them."""
    xs = [f"s{n}" for n in range(12)]
    fs = [f"fs{n}" for n in range(12)]
    lines = [".text", ".globl call_checked", "call_checked:", "addi sp, sp, -416"]
    lines += [f"sd {r}, {8 * n}(sp)" for n, r in enumerate(xs)]
    lines += [f"fsd {r}, {96 + 8 * n}(sp)" for n, r in enumerate(fs)]
    lines += ["sd ra, 192(sp)", "mv t0, a0", "mv t1, a1"]
    lines += [f"li {r}, {0x1234567 + 1001 * n}" for n, r in enumerate(xs)]
    lines += [f"fmv.d.x {f}, {x}" for f, x in zip(fs, xs, strict=True)]
    lines += ["la t2, saved_sp", "sd sp, 0(t2)", "addi sp, sp, -128"]
    for n in range(8, 24):
        lines += [f"ld t3, {8 * n}(t1)", f"sd t3, {8 * (n - 8)}(sp)"]
    lines += [f"ld a{n}, {8 * n}(t1)" for n in range(8)]
    lines += ["jalr t0", "addi sp, sp, 128", "li a0, 1", "la t2, saved_sp", "ld t2, 0(t2)"]
    lines += ["bne t2, sp, 9f"]
    for n, (x, f) in enumerate(zip(xs, fs, strict=True)):
        lines += [
            f"li a0, {n + 10}", f"li t2, {0x1234567 + 1001 * n}", f"bne t2, {x}, 9f",
            f"li a0, {n + 30}", f"fmv.x.d t3, {f}", "bne t2, t3, 9f",
        ]  # fmt: skip
    lines += ["li a0, 0", "9:", "la t2, saved_sp", "ld sp, 0(t2)"]
    lines += [f"ld {r}, {8 * n}(sp)" for n, r in enumerate(xs)]
    lines += [f"fld {r}, {96 + 8 * n}(sp)" for n, r in enumerate(fs)]
    lines += ["ld ra, 192(sp)", "addi sp, sp, 416", "ret", ".bss", "saved_sp: .skip 8"]
    return "\n".join(lines) + "\n"


class Machine:
    """Kernels assembled once, run for any VLEN."""

    def __init__(self, tool: Callable[..., str]) -> None:
        self.gcc = tool("riscv64-linux-gnu-gcc")
        self.qemu = tool("qemu-riscv64")
        self.directory = Path(tempfile.mkdtemp(prefix="fleet-kernels-"))

    def build(self, assembly: str, name: str) -> Path:
        """An executable around the kernel of this name."""
        digest = hashlib.sha1((assembly + name).encode()).hexdigest()[:16]
        program = self.directory / digest
        if program.exists():
            return program
        harness = self.directory / f"{name}.o"
        if not harness.exists():
            self._write("main.c", HARNESS.replace("KERNEL", name))
            self._write("wrapper.s", _wrapper())
            self._gcc("-c", "main.c", "wrapper.s")
            self._gcc("-r", "main.o", "wrapper.o", "-nostdlib", "-o", harness.name)
        self._write("kernel.s", assembly)
        self._gcc("-static", harness.name, "kernel.s", "-o", digest)
        return program

    def _write(self, name: str, text: str) -> None:
        (self.directory / name).write_text(text)

    def _gcc(self, *arguments: str) -> None:
        command = [self.gcc, "-O1", "-Wa,-march=rv64gcv", *arguments]
        subprocess.run(command, check=True, cwd=self.directory)

    def run(
        self, assembly: str, name: str, arguments: Sequence[np.ndarray | int], vlen: int = 256
    ) -> list[np.ndarray]:
        """The arrays after the kernel has run; the arguments are not changed."""
        program = self.build(assembly, name)
        parts = [struct.pack("<q", len(arguments))]
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                data = np.ascontiguousarray(argument).tobytes()
                parts += [struct.pack("<q", len(data)), data]
            else:
                parts.append(struct.pack("<qq", -1, argument))
        cpu = f"rv64,v=true,vlen={vlen},elen=64,vext_spec=v1.0"
        done = subprocess.run(
            [self.qemu, "-cpu", cpu, str(program)], input=b"".join(parts), capture_output=True
        )
        assert done.returncode == 0, (done.returncode, done.stderr.decode())
        results, at = [], 0
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                piece = done.stdout[at : at + argument.nbytes]
                results.append(np.frombuffer(piece, argument.dtype).reshape(argument.shape))
                at += argument.nbytes
        return results


class Emulator:
    """The same through our own assembler, linker and emulator."""

    def run(
        self, assembly: str, name: str, arguments: Sequence[np.ndarray | int], vlen: int = 256
    ) -> list[np.ndarray]:
        """The arrays after the kernel has run; the arguments are not changed."""
        text = assembly + "\n\t.globl _start\n_start:\n\tret\n"
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "kernel.elf"
            write_executable(path, link([assemble(text, "kernel.s")]))
            device = Device(path, vlen=vlen)
        size = sum(a.nbytes + 64 for a in arguments if isinstance(a, np.ndarray))
        at = device.map_arena(size + 64)
        given, views = [], []
        for argument in arguments:
            if not isinstance(argument, np.ndarray):
                given.append(argument)
                continue
            view = device.view(at, argument.dtype, argument.size)
            view[:] = argument.reshape(-1)
            given.append(at)
            views.append(view.reshape(argument.shape))
            at += (argument.nbytes + 63) // 64 * 64
        device.call(name, given)
        return [view.copy() for view in views]
