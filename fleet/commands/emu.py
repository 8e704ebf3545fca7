"""`fleet emu`: run an executable in the emulator."""

from __future__ import annotations

import argparse

from fleet.commands.options import add_root, add_vlen, binary_file, count, size
from fleet.emu.machine import DEFAULT_EXECUTOR, EXECUTORS
from fleet.emu.observer import Watch
from fleet.emulation import emulate
from fleet.vm.machine import DEFAULT_MEMORY

EXAMPLE = "emu out.elf 'Beautiful is'"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_vlen(parser)
    parser.add_argument(
        "--memory", type=size, default=DEFAULT_MEMORY, metavar="SIZE",
        help="room for the program's arrays (4G); takes what is used",
    )  # fmt: skip
    parser.add_argument("--stats", action="store_true", help="print counts as JSON on stderr")
    parser.add_argument(
        "--profile", action="store_true", help="print where instructions were executed, on stderr"
    )
    parser.add_argument(
        "--trace", metavar="FILE",
        help="write each instruction and the registers that it changes, - for standard output",
    )  # fmt: skip
    parser.add_argument(
        "--trace-only", default="", metavar="WHAT",
        help="trace this function alone, or instructions by count such as 1-1000",
    )  # fmt: skip
    parser.add_argument(
        "--break", dest="breakpoints", action="append", default=[], metavar="SYMBOL",
        help="print the registers whenever execution comes here, on stderr",
    )  # fmt: skip
    parser.add_argument(
        "--max-instructions", type=count, metavar="N", help="end with an error after so many"
    )
    parser.add_argument(
        "--strace", action="store_true", help="print each system call, on stderr"
    )
    add_root(parser)
    parser.add_argument(
        "--executor", choices=EXECUTORS, default=DEFAULT_EXECUTOR,
        help=f"of vector instructions ({DEFAULT_EXECUTOR}): host machine code, or NumPy",
    )  # fmt: skip
    parser.add_argument("elf", type=binary_file, help="the executable")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")


def run(options: argparse.Namespace) -> int:
    return emulate(
        options.elf,
        options.arguments,
        vlen=options.vlen,
        memory=options.memory,
        stats=options.stats,
        watch=Watch(
            options.profile,
            options.trace,
            options.trace_only,
            options.breakpoints,
            options.strace,
        ),
        max_instructions=options.max_instructions,
        root=options.root,
        executor=options.executor,
    )
