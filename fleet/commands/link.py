"""`fleet link`: link objects and static libraries into a static executable."""

from __future__ import annotations

import argparse

from fleet.binutils.linking import link_files
from fleet.commands.options import binary_file

EXAMPLE = "link main.o vadd.o -o main.elf --entry _start"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", type=binary_file, metavar="FILE", help="an object (.o) or library (.a)"
    )
    parser.add_argument("-o", "--output", metavar="ELF", required=True, help="the executable")
    parser.add_argument(
        "--entry", default="_start", metavar="NAME", help="where it starts (%(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    link_files(options.files, options.output, entry=options.entry)
    return 0
