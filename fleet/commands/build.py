"""`fleet build`: compile a program, or go on from one of its stages, to an executable."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from fleet import driver
from fleet.codegen.select.profiles import PROFILES, architecture_of
from fleet.commands.options import add_limits, add_program, limits, named_after
from fleet.diagnostics import FleetError
from fleet.progress import Progress
from fleet.stages import ALL_STAGES

EXAMPLE = """\
build models/gpt2.py -o out.elf --dump stages
build models/gpt2.py --until linalg -o linalg.mlir
build linalg.mlir -o out.elf"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_program(parser, "the Python program, or the file of one of its stages")
    parser.add_argument("-o", "--output", metavar="ELF", help="the executable (PROGRAM.elf)")
    parser.add_argument("--dump", metavar="DIR", help="write every stage there as a numbered file")
    parser.add_argument(
        "--until", metavar="STAGE", choices=ALL_STAGES,
        help="write this stage (PROGRAM.STAGE.…) and no executable; `fleet build` and `fleet run` "
        f"go on from its file: {', '.join(ALL_STAGES)}",
    )  # fmt: skip
    parser.add_argument(
        "--march", type=_march, metavar="ARCH",
        help=f"let kernels use what this profile ({', '.join(sorted(PROFILES))}) or architecture "
        "has: rva23u64_zvfh (rv64gcv)",
    )  # fmt: skip
    add_limits(parser)
    parser.add_argument(
        "--report", action="store_true",
        help="say what became of each loop, and why, and build nothing",
    )  # fmt: skip
    parser.add_argument("-v", "--verbose", action="store_true", help="say what was built")


def _march(text: str) -> str:
    try:
        architecture_of(text)
    except FleetError as error:
        raise argparse.ArgumentTypeError(f"{error.message} ({error.hint})") from None
    return text


def run(options: argparse.Namespace) -> int:
    allowed = replace(limits(options), march=options.march or "")
    if options.report:
        with Progress() as progress:
            lines = driver.report_loops(
                options.program, on_stage=progress.stage, limits=allowed
            )
        print("\n".join(lines) or "the program has no loops at run time")
        return 0
    if options.until is not None:
        if options.dump is not None:
            raise FleetError("--until writes one stage, --dump all", hint="use one of the two")
        with Progress() as progress:
            driver.write_stage(
                options.program, options.until, options.output, on_stage=progress.stage,
                limits=allowed,
            )
        return 0
    output = options.output or Path(named_after(options.program, ".elf")).name
    with Progress() as progress:
        report = driver.build(
            options.program, output, dump=options.dump, on_stage=progress.stage,
            limits=allowed,
        )
    if options.verbose or progress.shown:
        print(report.summary(), file=sys.stderr)
    return 0
