"""`fleet emu`: run an executable in the emulator."""

from __future__ import annotations

import argparse

from fleet.commands.options import add_vlen, size
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
    parser.add_argument("elf", help="the executable")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")


def run(options: argparse.Namespace) -> int:
    return emulate(
        options.elf,
        options.arguments,
        vlen=options.vlen,
        memory=options.memory,
        stats=options.stats,
    )
