"""`fleet tokens`: print a program's tokens."""

from __future__ import annotations

import argparse

from fleet.commands.options import add_program, show
from fleet.syntax.lexer import print_tokens, tokenize
from fleet.syntax.source import read_source

EXAMPLE = "tokens models/gpt2.py"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_program(parser)


def run(options: argparse.Namespace) -> int:
    show(print_tokens(tokenize(read_source(options.program), options.program)))
    return 0
