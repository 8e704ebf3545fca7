"""Running an executable: its bytecode on our machine, its kernels on the emulator.

In: an ELF file and arguments. Out: what the program prints, and its exit status. Needs nothing of
the compiler, unless there is something that NumPy may warn of.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from fleet.asm.objects.elf import ElfFile, read_elf
from fleet.diagnostics import FleetError
from fleet.emu.device import Device as Emulator
from fleet.emu.linux.process import Process
from fleet.emu.machine import DEFAULT_EXECUTOR
from fleet.emu.machine import Machine as Core
from fleet.emu.observer import Watch, observing
from fleet.emu.statistics import Stats
from fleet.following import Following, run_followed
from fleet.host import Host
from fleet.kept import SECTION as KEPT
from fleet.kept import decode as decode_kept
from fleet.progress import Progress
from fleet.rooted import Rooted
from fleet.vm.bytecode import SECTION, Program, decode
from fleet.vm.machine import DEFAULT_MEMORY, Machine


class EmulatedDevice(Emulator):
    """The emulator as the bytecode machine's device."""

    def launch(self, kernel: int, arguments: Sequence[int]) -> None:
        self.call(kernel, arguments)

    def raises(self, kernel: int, arguments: Sequence[int]) -> bool:
        cpu = self.machine.cpu
        cpu.set_flags(0)
        self.call(kernel, arguments)
        return cpu.has_raised()


def emulate(
    elf: str,
    arguments: Sequence[str],
    *,
    vlen: int = 256,
    memory: int = DEFAULT_MEMORY,
    stats: bool = False,
    host: Host | None = None,
    watch: Watch | None = None,
    max_instructions: int | None = None,
    root: str | None = None,
    executor: str = DEFAULT_EXECUTOR,
) -> int:
    """Run an executable in the emulator; its exit status.

    One that Fleet built is run by its bytecode; any other static one from its entry point.
    Raises ProgramError, ProgramExit and, for a bad access, GuestFault.
    watch: what to show of the machine code; root: the folder that is "/" to the program, unless the
    host has one; max_instructions: of machine code and bytecode together; executor: of vector
    instructions.
    """
    watch = watch or Watch()
    counting = stats or watch.profile
    image = read_elf(elf)
    section = image.section(SECTION)
    if section is None:
        core = Core(
            vlen,
            count_instructions=counting,
            max_instructions=max_instructions,
            executor=executor,
        )
        return _run_process(core, elf, arguments, root, watch, stats)
    if watch.calls:
        raise FleetError(
            f"{elf} makes no system calls: Fleet built it, and runs it by its bytecode",
            hint="leave out --strace",
        )
    program = decode(image.data(section), elf)
    device = EmulatedDevice(
        elf,
        vlen=vlen,
        count_instructions=counting,
        max_instructions=max_instructions,
        executor=executor,
    )
    with Progress() as progress:
        launches = 0

        def on_launch(kernel: str) -> None:
            nonlocal launches
            launches += 1
            progress.tick(f"running: {launches} kernels, now {kernel}")

        if host is None:
            streams = (_Clearing(progress, stream) for stream in (sys.stdout, sys.stderr))
            rooted = None if root is None else Rooted(root)
            host = Host([elf, *arguments], *streams, root=rooted)
        following = _following(image, program, device, host)
        machine = Machine(
            program, device, host, memory=memory,
            on_launch=on_launch if progress.shown else None,
            on_instruction=None if max_instructions is None else device.machine.charge,
            on_doubt=None if following is None else following.begin,
        )  # fmt: skip
        try:
            with device.machine.interrupts, observing(device.machine, watch, sys.stderr):
                run_followed(machine.run, following)
        finally:
            progress.clear()
            host.opened.close()
            if stats:
                print(json.dumps(_statistics(machine, device)), file=sys.stderr)
    return 0


def _following(
    image: ElfFile, program: Program, device: Emulator, host: Host
) -> Following | None:
    """What says of which NumPy warns, where the executable has that and anybody wants to know."""
    section = image.section(KEPT)
    if section is None or host.warned.ignored:
        return None
    addresses = {symbol.name: symbol.address for symbol in program.arrays}

    def again(second: Host) -> None:
        from fleet.original import run  # the compiler's IR, which few runs need

        kept = decode_kept(
            image.data(section),
            lambda symbol, dtype, count: device.view(addresses[symbol], dtype, count),
        )
        run(kept, second)

    return Following(host, again)


def _run_process(
    core: Core,
    elf: str,
    arguments: Sequence[str],
    root: str | None,
    watch: Watch,
    stats: bool,
) -> int:
    """Run a static executable from its entry point."""
    environment = [f"{name}={value}" for name, value in os.environ.items()]
    log = (lambda line: print(line, file=sys.stderr)) if watch.calls else None
    process = Process(core, elf, [elf, *arguments], environment, root=root, log=log)
    try:
        with core.interrupts, observing(core, watch, sys.stderr):
            return process.run()
    finally:
        if stats:
            print(json.dumps(_counts(core.stats())), file=sys.stderr)


def _counts(stats: Stats) -> dict[str, object]:
    """What was executed, as a part of JSON."""
    return {
        **asdict(stats.total),
        "seconds": round(stats.seconds, 3),
        "executors": {name: asdict(counts) for name, counts in stats.executors.items()},
        "vector": dict(stats.vector.most_common()),
    }


def _statistics(machine: Machine, device: Emulator) -> dict[str, object]:
    return {
        **_counts(device.stats),
        "bytecode_instructions": machine.statistics.instructions,
        "kernels": len(machine.program.kernels),
        "launches": machine.statistics.launches.total(),
        "launches_by_kernel": dict(machine.statistics.launches.most_common()),
        "peak_memory": machine.statistics.peak_memory,
        "device_seconds": round(machine.statistics.device_seconds, 3),
    }


class _Clearing:
    """A standard stream that removes the progress line before it writes."""

    def __init__(self, progress: Progress, stream: TextIO) -> None:
        self._progress = progress
        self._stream = stream

    def write(self, text: str) -> int:
        self._progress.clear()
        return self._stream.write(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)
