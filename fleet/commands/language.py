"""`fleet language`: what of Python programs can use."""

from __future__ import annotations

import argparse

from fleet.commands.options import show
from fleet.frontend import library_machine
from fleet.library.language_names import markdown

EXAMPLE = "language"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(options: argparse.Namespace) -> int:
    show(markdown(library_machine()))
    return 0
