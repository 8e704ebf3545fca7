"""`fleet asm`: assemble a file to a relocatable object."""

from __future__ import annotations

import argparse

from fleet.binutils.assembling import assemble_file
from fleet.commands.options import named_after, show, text_file

EXAMPLE = "asm vadd.s -o vadd.o --march rv64gcv --listing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=text_file, help="RISC-V assembly, in the language of GNU as")
    parser.add_argument("-o", "--output", metavar="OBJECT", help="the object (FILE.o)")
    parser.add_argument(
        "--march", default="rv64gcv", metavar="ARCH",
        help="extensions that may be used (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "-I", action="append", default=[], dest="folders", metavar="FOLDER",
        help="where .include and .incbin look, too",
    )  # fmt: skip
    parser.add_argument(
        "-g", "--debug", action="store_true", help="with line numbers for debuggers"
    )
    parser.add_argument(
        "--listing", action="store_true", help="print address, bytes, assembly and source lines"
    )


def run(options: argparse.Namespace) -> int:
    unit = assemble_file(
        options.file,
        options.output or named_after(options.file, ".o"),
        march=options.march,
        debug=options.debug,
        lines=options.listing,
        include_folders=options.folders,
    )
    if options.listing:
        # Loading this takes longer than assembling many a file.
        from fleet.binutils.disassembling import listing_of

        show(listing_of(unit))
    return 0
