"""`fleet build`: compile a program to an executable."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fleet import driver
from fleet.commands.options import add_limits, add_program, limits
from fleet.progress import Progress

EXAMPLE = "build models/gpt2.py -o out.elf --dump stages"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_program(parser)
    parser.add_argument("-o", "--output", metavar="ELF", help="the executable (PROGRAM.elf)")
    parser.add_argument("--dump", metavar="DIR", help="write every stage there as a numbered file")
    add_limits(parser)
    parser.add_argument("-v", "--verbose", action="store_true", help="say what was built")


def run(options: argparse.Namespace) -> int:
    output = options.output or f"{Path(options.program).stem}.elf"
    with Progress() as progress:
        report = driver.build(
            options.program, output, dump=options.dump, on_stage=progress.stage,
            limits=limits(options),
        )
    if options.verbose or progress.shown:
        print(report.summary(), file=sys.stderr)
    return 0
