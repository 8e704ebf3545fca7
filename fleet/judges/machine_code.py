"""One launch of a kernel as an executable of its own, for any RISC-V machine.

In: an allocated kernel and a launch. Out: an ELF file that reads its buffers from standard input,
calls the kernel and writes them to standard output; runs of it on our emulator, with either
executor of vector instructions, and on qemu. The one idea: all machines run the same file, so where
they part is a mistake of one of them, and where all are wrong the code is.

Around every buffer stand bytes that the kernel must not touch, and registers that it must preserve
hold marks.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fleet.asm.assembler import assemble
from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.codegen.emit import emit_assembly
from fleet.diagnostics import FleetError
from fleet.emu.faults import GuestFault
from fleet.emu.loader import copy_elf
from fleet.emu.machine import Exit, Machine
from fleet.ir.core import Operation
from fleet.judges.kernels import Buffers, module_of

GUARD, GUARD_BYTE = 64, 0x5A
BUFFERS, CALL = "judged_buffers", "judged_call"
STACK_SIZE = 16 << 20
"""Room for the vector registers that a kernel spills, each of up to 8 KiB."""
QEMU, QEMU_BITS = "qemu-riscv64", 1024
"""The other machine, and the longest vector registers that it has."""
_READ, _WRITE, _EXIT = 63, 64, 93
_SAVED_X = [f"s{n}" for n in range(12)]
_SAVED_F = [f"fs{n}" for n in range(12)]
_MARK = 0x1234567
_PATIENCE = 120.0
"""Seconds for a kernel that mostly takes milliseconds."""
MOST_INSTRUCTIONS = 200_000_000
"""What our emulator executes of a kernel of which qemu has not said that it ends."""
_UNSAVED = 3
"""Exit status where a register has not been preserved."""


@dataclass(frozen=True)
class Image:
    """A kernel's executable. path, content: the file, and what its standard input is to hold.

    places: offset of each array in the buffers. kernel: its symbol. assembly: its text.
    """

    path: Path
    content: bytes
    arrays: Sequence[np.ndarray]
    places: Sequence[int]
    kernel: str
    assembly: str

    def arrays_in(self, written: bytes) -> list[np.ndarray]:
        """The arrays in what it wrote. FleetError where the kernel wrote beside them."""
        found = []
        end = 0
        for array, at in zip(self.arrays, self.places, strict=True):
            self._check_guard(written[end:at], len(found))
            end = at + array.nbytes
            found.append(np.frombuffer(written[at:end], array.dtype).reshape(array.shape))
        self._check_guard(written[end:], len(found) - 1)
        return found

    def _check_guard(self, between: bytes, number: int) -> None:
        if between.strip(bytes([GUARD_BYTE])):
            raise FleetError(f"kernel @{self.kernel} writes beside its buffer {number}")


class Images:
    """Executables in a folder, each written once: one serves all launches with the same sizes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._assembly: dict[Operation, str] = {}
        self._written: dict[Hashable, Path] = {}

    def of(self, function: Operation, buffers: Buffers) -> Image:
        """The executable of an allocated kernel with these buffers."""
        name = str(function.get("sym_name"))
        arrays = [*buffers.arrays, *buffers.scratch]
        places, content = _layout(arrays)
        if function not in self._assembly:
            self._assembly[function] = emit_assembly(module_of(function))
        assembly = self._assembly[function]
        key = function, tuple(places), tuple(buffers.sizes), len(content)
        path = self._written.get(key)
        if path is None:
            path = self._written[key] = self.folder / f"{name}-{len(self._written)}.elf"
            text = assembly + _harness(name, places, buffers.sizes, len(content))
            write_executable(path, link([assemble(text, f"{name}.s")]))
        return Image(path, content, arrays, places, name, assembly)


def _layout(arrays: Sequence[np.ndarray]) -> tuple[list[int], bytes]:
    """Where each array is in the buffers, and the buffers."""
    places, parts, at = [], [], 0
    for array in arrays:
        parts.append(bytes([GUARD_BYTE]) * GUARD)
        places.append(at + GUARD)
        padding = GUARD + -array.nbytes % GUARD
        parts += [array.tobytes(), bytes([GUARD_BYTE]) * (padding - GUARD)]
        at += array.nbytes + padding
    parts.append(bytes([GUARD_BYTE]) * GUARD)
    return places, b"".join(parts)


def _harness(kernel: str, places: Sequence[int], sizes: Sequence[int], total: int) -> str:
    lines = [".globl _start", "_start:", "la sp, judged_stack"]
    lines += ["li a0, 0", f"la a1, {BUFFERS}", f"li a2, {total}", f"li a7, {_READ}", "ecall"]
    lines += [f"li {x}, {_MARK + n}" for n, x in enumerate(_SAVED_X)]
    lines += [f"fmv.d.x {f}, {x}" for f, x in zip(_SAVED_F, _SAVED_X, strict=True)]
    arguments = [(BUFFERS, place) for place in places] + [("", size) for size in sizes]
    for number, (base, value) in reversed(list(enumerate(arguments))):
        target = f"a{number}" if number < 8 else "t0"
        lines.append(f"li {target}, {value}")
        if base:
            lines += [f"la t1, {base}", f"add {target}, {target}, t1"]
        if number >= 8:
            lines += ["addi sp, sp, -8", "sd t0, 0(sp)"]
    if len(arguments) > 8 and len(arguments) % 2:  # the arguments begin at a multiple of 16
        lines = [*lines[:3], "addi sp, sp, -8", *lines[3:]]
    lines += [f"{CALL}:", f"call {kernel}", ".globl judged_back", "judged_back:"]
    for number, (x, f) in enumerate(zip(_SAVED_X, _SAVED_F, strict=True)):
        lines += [f"li t0, {_MARK + number}", f"bne t0, {x}, 9f"]
        lines += [f"fmv.x.d t1, {f}", "bne t0, t1, 9f"]
    lines += ["li a0, 1", f"la a1, {BUFFERS}", f"li a2, {total}", f"li a7, {_WRITE}", "ecall"]
    lines += ["li a0, 0", f"li a7, {_EXIT}", "ecall"]
    lines += ["9:", f"li a0, {_UNSAVED}", f"li a7, {_EXIT}", "ecall"]
    lines += [".bss", ".p2align 6", f"{BUFFERS}: .skip {total}"]
    lines += [".p2align 6", f".skip {STACK_SIZE}", "judged_stack: .skip 4096"]
    return f"\t.globl {CALL}\n" + "\n".join(f"\t{line}" for line in lines) + "\n"


# -- our emulator


class EmulatedImage:
    """An image in our emulator; `run` gives what it wrote."""

    def __init__(
        self, image: Image, vlen: int, executor: str, most: int | None = None
    ) -> None:
        self.image = image
        self.machine = Machine(vlen, executor=executor, max_instructions=most)
        self.machine.on_system_call = self._system_call
        content = image.path.read_bytes()  # a mapped file would stay open with the machine
        self.start = copy_elf(self.machine, content, str(image.path)).entry
        self.written = b""

    def run(self) -> bytes:
        try:
            self.machine.run(self.start)
        except Exit as end:
            _check_status(self.image, end.status)
        except GuestFault as fault:
            raise FleetError(f"kernel @{self.image.kernel}: {fault.render()}") from None
        return self.written

    def _system_call(self, machine: Machine) -> None:
        registers = machine.cpu.registers
        _, address, size = registers[10:13].tolist()
        match registers[17]:
            case n if n == _READ:
                machine.memory.write(address, self.image.content)
            case n if n == _WRITE:
                self.written = machine.memory.read(address, size)
            case _:
                raise Exit(registers[10])


def on_emulator(
    image: Image, vlen: int, executor: str, most: int | None = None
) -> list[np.ndarray]:
    """The arrays after a run on our emulator, of at most so many instructions."""
    return image.arrays_in(EmulatedImage(image, vlen, executor, most).run())


# -- qemu


def qemu() -> str | None:
    """The path of qemu, which is among the judges where it is installed."""
    return shutil.which(QEMU)


def why_not_qemu(vlen: int) -> str:
    """Why qemu is not among the judges, "" if it is."""
    if qemu() is None:
        return f"{QEMU} is not installed"
    return f"{QEMU} has no registers of {vlen} bits" if vlen > QEMU_BITS else ""


def qemu_cpu(vlen: int) -> str:
    return f"rv64,v=true,vlen={vlen},elen=64,vext_spec=v1.0"


def on_qemu(image: Image, vlen: int) -> list[np.ndarray]:
    """The arrays after a run on qemu, which must be there."""
    command = [qemu() or QEMU, "-cpu", qemu_cpu(vlen), str(image.path)]
    content = image.path.with_suffix(".input")
    content.write_bytes(image.content)
    with content.open("rb") as file:
        try:
            done = subprocess.run(command, stdin=file, capture_output=True, timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            raise FleetError(f"kernel @{image.kernel} does not end on {QEMU}") from None
    _check_status(image, done.returncode)
    return image.arrays_in(done.stdout)


def _check_status(image: Image, status: int) -> None:
    if status == _UNSAVED:
        raise FleetError(f"kernel @{image.kernel} does not preserve a register of its caller's")
    if status:
        raise FleetError(f"kernel @{image.kernel} ends with status {status}")
