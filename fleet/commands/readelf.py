"""`fleet readelf`: print headers, sections, symbols and relocations of an ELF file."""

from __future__ import annotations

import argparse

from fleet import binutils
from fleet.commands.options import show

EXAMPLE = "readelf vadd.o"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="an object or executable for RISC-V")


def run(options: argparse.Namespace) -> int:
    show(binutils.describe_file(options.file))
    return 0
