"""`fleet demo`: build the GPT-2 that comes along, and run it."""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from pathlib import Path

import fleet
from fleet import driver
from fleet.emulation import emulate
from fleet.progress import Progress

EXAMPLE = "demo 'Beautiful is'"
PROMPT = "Beautiful is"
PROGRAM = Path(fleet.__file__).parent / "models" / "gpt2.py"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "prompt", nargs="?", default=PROMPT, help="how its text begins (%(default)s)"
    )
    parser.add_argument(
        "-o", "--output", metavar="ELF", help="where the executable goes (it is not kept)"
    )


def run(options: argparse.Namespace) -> int:
    program = str(PROGRAM)
    with tempfile.TemporaryDirectory() as folder:
        output = options.output or str(Path(folder, "gpt2.elf"))
        _tell("build", program, "-o", output)
        with Progress() as progress:
            driver.build(program, output, on_stage=progress.stage)
        _tell("emu", output, options.prompt)
        return emulate(output, [options.prompt])


def _tell(*words: str) -> None:
    """What one would type for the same."""
    print("$ fleet", *map(shlex.quote, words), file=sys.stderr)
