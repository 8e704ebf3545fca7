"""`fleet dis`: print the instructions of an object or executable, its bytecode, or its IR."""

from __future__ import annotations

import argparse

from fleet.asm.objects.elf import read_elf
from fleet.binutils.disassembling import disassemble_file
from fleet.commands.options import binary_file, show
from fleet.diagnostics import FleetError
from fleet.kept import SECTION as KEPT
from fleet.kept import text_of
from fleet.vm.bytecode import SECTION, decode
from fleet.vm.listing import print_listing

EXAMPLE = "dis out.elf --symbol _start"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=binary_file,
        help="an object or executable for RISC-V, of Fleet or any other tool",
    )  # fmt: skip
    parser.add_argument("--symbol", metavar="NAME", help="only this function")
    parser.add_argument(
        "--no-aliases", dest="aliases", action="store_false",
        help="print instructions, not pseudo-instructions",
    )  # fmt: skip
    parser.add_argument("--source", action="store_true", help="with the source lines")
    parser.add_argument(
        "--bytecode", action="store_true", help="the schedule of an executable of `fleet build`"
    )
    parser.add_argument(
        "--numpy", action="store_true",
        help="the program as the front end emitted it, which says of what NumPy warns",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    if options.bytecode:
        show(bytecode_text(options.file))
    elif options.numpy:
        show(original_text(options.file))
    else:
        show(
            disassemble_file(
                options.file, options.symbol, aliases=options.aliases, sources=options.source
            )
        )
    return 0


def original_text(elf: str) -> str:
    """The numpy stage in an executable; its large constants by their names."""
    file = read_elf(elf)
    section = file.section(KEPT)
    if section is None:
        raise FleetError(
            f"{elf} has no IR", hint="executables of programs that NumPy may warn of have"
        )
    return text_of(file.data(section))


def bytecode_text(elf: str) -> str:
    """The schedule in an executable, as a listing."""
    file = read_elf(elf)
    section = file.section(SECTION)
    if section is None:
        raise FleetError(f"{elf} has no bytecode", hint="executables of `fleet build` have")
    return print_listing(decode(file.data(section), elf))
