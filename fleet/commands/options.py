"""What several commands have in common: kinds of options, and printing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fleet.diagnostics import FleetError
from fleet.files import STANDARD, STANDARD_INPUT, spooled
from fleet.limits import STEPS, Limits

DEFAULT_VLEN = 256


def add_program(parser: argparse.ArgumentParser, what: str = "the Python program") -> None:
    parser.add_argument("program", type=program, help=what)


def program(text: str) -> str:
    """The file of a program: `-` is standard input; of a folder, `__main__.py` in it."""
    name = text_file(text)
    main = Path(name, "__main__.py")
    if main.is_file():
        return str(main)
    if Path(name).is_dir():
        raise FleetError(
            f"cannot read {name}: it is a folder without a __main__.py",
            hint="name the program's file",
        )
    return name


def text_file(text: str) -> str:
    """A file that is read as text: `-` is standard input."""
    if not text:
        raise FleetError("cannot read '': the name is empty")
    return STANDARD_INPUT if text == STANDARD else text


def binary_file(text: str) -> str:
    """A file that is mapped: `-` is standard input."""
    return spooled(text)


def named_after(file: str, ending: str) -> str:
    """What is made from a file, where no name is given for it."""
    return "stdin" + ending if file == STANDARD_INPUT else str(Path(file).with_suffix(ending))


def add_vlen(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--vlen", type=vlen, default=DEFAULT_VLEN, metavar="BITS",
        help="bits in a vector register, 128 to 65536 (%(default)s)",
    )  # fmt: skip


def add_save(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--save", metavar="FILE.npz", type=Path,
        help="where the arguments of the first wrong kernel go (PROGRAM-wrong.npz)",
    )  # fmt: skip
    parser.add_argument(
        "--keep", metavar="N", type=count, help="save the arguments of launch N, wrong or not"
    )


def add_root(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--root", metavar="FOLDER",
        help="the folder that is / to a program that opens files; without it there are none",
    )  # fmt: skip


def add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-read", action="append", default=[], metavar="DIR",
        help="while it is built, the program may read files below DIR, besides its own folder",
    )  # fmt: skip
    parser.add_argument(
        "--budget", type=count, default=STEPS, metavar="N",
        help="statements, iterations and operations that building it may take (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--fast-sums", action="store_true",
        help="add up floats in any order: fewer instructions, last digits that depend on --vlen",
    )  # fmt: skip


def limits(options: argparse.Namespace) -> Limits:
    """What the options above say."""
    return Limits(tuple(options.allow_read), options.budget, options.fast_sums)


def vlen(text: str) -> int:
    """A legal length of a vector register."""
    value = int(text) if text.isascii() and text.isdecimal() else 0
    if not 128 <= value <= 65536 or value & (value - 1):
        raise argparse.ArgumentTypeError(f"{text!r} is not a power of two from 128 to 65536")
    return value


_UNITS = {"K": 10, "M": 20, "G": 30, "T": 40}


def size(text: str) -> int:
    """`512M`, `4G`, or bytes."""
    unit = text[-1:].upper()
    number = text[:-1] if unit in _UNITS else text
    if not (number.isascii() and number.isdecimal()) or int(number) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 512M or 4G")
    return int(number) << _UNITS.get(unit, 0)


def count(text: str) -> int:
    """A number of at least one."""
    if not (text.isascii() and text.isdecimal()) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number such as 1000000")
    return int(text)


def show(text: str) -> None:
    """Print a text on standard output, whole; names in it may hold any character."""
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.flush()
