"""`fleet bisect`: narrow a wrong answer to a pass, rule, kernel, register or instruction."""

from __future__ import annotations

import argparse

from fleet.commands.options import add_limits, add_program, add_save, add_vlen, limits
from fleet.comparison import bisect

EXAMPLE = "bisect models/softmax.py 3"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_save(parser)
    add_limits(parser)
    add_vlen(parser)
    add_program(parser)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")


def run(options: argparse.Namespace) -> int:
    argv = [options.program, *options.arguments]
    return bisect(
        argv, vlen=options.vlen, limits=limits(options), saved=options.save, kept=options.keep
    )
