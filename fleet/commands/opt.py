"""`fleet opt`: run passes on IR text."""

from __future__ import annotations

import argparse

from fleet import driver
from fleet.commands.options import show
from fleet.files import write_text

EXAMPLE = "opt stages/02-numpy.mlir --pass-pipeline 'builtin.module(canonicalize,cse)'"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="IR text, - for standard input")
    parser.add_argument(
        "--pass-pipeline", default="", metavar="PASSES", help="as mlir-opt spells it"
    )
    parser.add_argument("--generic", action="store_true", help="print MLIR's generic form")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write (standard output)")


def run(options: argparse.Namespace) -> int:
    text = driver.optimise(options.file, options.pass_pipeline, generic=options.generic)
    if options.output is None:
        show(text)
    else:
        write_text(options.output, text)
    return 0
