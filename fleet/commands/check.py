"""`fleet check`: list all that a program uses and Fleet cannot build, in one run."""

from __future__ import annotations

import argparse

from fleet.checking import check
from fleet.commands.options import add_limits, add_program, limits, show

EXAMPLE = "check models/gpt2.py"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_program(parser)
    add_limits(parser)


def run(options: argparse.Namespace) -> int:
    found = check(options.program, limits(options))
    show("".join(f"{error.render()}\n" for error in found))
    what = f"{len(found)} problem{'s' * (len(found) != 1)}" if found else "nothing to change"
    show(f"{options.program}: {what}\n")
    return 1 if found else 0
