"""`fleet where`: what became of a source line, and which line each operation comes from."""

from __future__ import annotations

import argparse

from fleet.commands.options import add_limits, limits, show
from fleet.diagnostics import FleetError
from fleet.where import PLACES, show_line, show_stage

EXAMPLE = "where models/softmax.py:8 --stage linalg"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--stage", choices=PLACES,
        help="only this one; without a line, every operation of it and its line",
    )  # fmt: skip
    add_limits(parser)
    parser.add_argument(
        "place", metavar="PROGRAM[:LINE]", help="the Python program, and a line of it"
    )


def run(options: argparse.Namespace) -> int:
    program, colon, line = options.place.rpartition(":")
    if colon and line.isascii() and line.isdecimal():
        stages = PLACES if options.stage is None else (options.stage,)
        show(show_line(program, int(line), stages, limits(options)))
        return 0
    if options.stage is None:
        raise FleetError(
            f"which line of {options.place}?", hint=f"write {options.place}:LINE, or give --stage"
        )
    show(show_stage(options.place, options.stage, limits(options)))
    return 0
