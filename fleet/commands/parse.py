"""`fleet parse`: print a program's syntax tree."""

from __future__ import annotations

import argparse

from fleet.commands.options import add_program, show
from fleet.syntax.parser import parse
from fleet.syntax.source import read_source
from fleet.syntax.tree import dump

EXAMPLE = "parse models/gpt2.py"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_program(parser)
    parser.add_argument("-a", "--attributes", action="store_true", help="with positions")


def run(options: argparse.Namespace) -> int:
    parsed = parse(read_source(options.program), options.program)
    show(dump(parsed, indent=2, include_attributes=options.attributes) + "\n")
    return 0
