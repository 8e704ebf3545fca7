"""`fleet readelf`: print what is in an ELF file besides code."""

from __future__ import annotations

import argparse

from fleet.asm.show.readelf import TABLES
from fleet.binutils.describing import describe_file
from fleet.commands.options import binary_file, show

EXAMPLE = "readelf -S -s vadd.o"
OPTIONS = {
    "header": ("--header", "the file's header"),
    "sections": ("-S", "section headers"),
    "groups": ("-g", "groups of sections"),
    "segments": ("-l", "program headers, and which sections they have"),
    "dynamic": ("-d", "the dynamic section"),
    "relocations": ("-r", "relocations"),
    "symbols": ("-s", "symbol tables"),
    "versions": ("-V", "versions of symbols"),
    "notes": ("-n", "notes"),
    "attributes": ("-A", "the architecture"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=binary_file, help="an object, executable or library for RISC-V"
    )
    for table in TABLES:
        option, text = OPTIONS[table]
        names = (option,) if option == f"--{table}" else (option, f"--{table}")
        parser.add_argument(
            *names, dest="tables", action="append_const", const=table, help=text
        )  # fmt: skip
    parser.add_argument(
        "-a", "--all", dest="tables", action="store_const", const=list(TABLES),
        help="all of these, as without an option",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    show(describe_file(options.file, options.tables or TABLES))
    return 0
