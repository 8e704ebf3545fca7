"""`fleet replay`: run a kernel again alone, on the arguments that were saved."""

from __future__ import annotations

import argparse

from fleet.commands.options import vlen
from fleet.replay import ON, replay

EXAMPLE = "replay softmax.npz --on vector"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--on", choices=ON, default="all",
        help="all: compare the layers; one of them: print the kernel's results there (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--vlen", type=vlen, metavar="BITS", help="bits in a vector register (as it was saved)"
    )
    parser.add_argument(
        "file", help="what `fleet run --on all` or `fleet bisect` has written"
    )


def run(options: argparse.Namespace) -> int:
    return replay(options.file, options.on, options.vlen)
