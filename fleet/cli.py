"""The command line: `python -m fleet COMMAND`. Finds the command's module, runs it, prints errors.

Commands are a table of names; `fleet.commands.NAME` is imported when its command is asked for, so
`fleet emu` never loads the compiler.

"""

from __future__ import annotations

import _thread
import argparse
import contextlib
import difflib
import gc
import importlib
import os
import re
import sys
import threading
import traceback
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from fleet import __version__
from fleet.collector import SELDOM
from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.program_warnings import program_warnings
from fleet.recursion import with_room_for_frames

GROUPS = {
    "programs": {
        "build": "compile a program to an executable",
        "check": "list all that a program uses and Fleet cannot build",
        "language": "list what of Python programs can use",
        "numpy": "say of NumPy's names how they are defined here, or why they are not",
        "emu": "run an executable in the emulator",
        "run": "run a program on one of the executors, one a layer",
        "export": "write a function as a graph for other tools: MLIR, ONNX",
        "demo": "build the GPT-2 that comes along, and run it",
    },
    "looking for what is wrong": {
        "where": "show what became of a source line on every stage",
        "bisect": "narrow a wrong answer to a pass, rule, kernel, register or instruction",
        "replay": "run a kernel again alone, on arguments that were saved",
    },
    "the front end and the middle": {
        "tokens": "print a program's tokens",
        "parse": "print a program's syntax tree",
        "opt": "run passes on IR text",
    },
    "machine code": {
        "asm": "assemble a file to a relocatable object",
        "link": "link objects and static libraries into a static executable",
        "dis": "print the instructions of an object or executable, or its bytecode",
        "readelf": "print headers, sections, symbols and relocations of an ELF file",
    },
    "the shell": {
        "completion": "print a script with which a shell completes what is typed",
    },
}
"""For the list of commands: what they work on, their names, and what each does. `fleet.commands`
says what a command's module has."""

COMMANDS = {name: text for group in GROUPS.values() for name, text in group.items()}

STATUSES = """\
exit status:
  0    done, or what the program exits with
  1    a rejected input, or an exception that the program does not catch
  2    wrong arguments
  70   a mistake in Fleet itself
  130  interrupted
  132  an illegal instruction in the emulator
  133  ebreak in the emulator
  135  a misaligned access in the emulator
  139  a bad memory access in the emulator"""

WITHOUT_MATRICES = ("emu", "tokens", "parse", "asm", "link", "dis", "readelf")
"""Commands that compute no matrix products with NumPy."""

COMPILING = ("build", "check", "opt", "tokens", "parse", "asm", "link")
"""Commands that make trees and lists of which nearly nothing becomes garbage in circles."""

INTERNAL_ERROR, INTERRUPTED = 70, 130


@with_room_for_frames
def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give the exit status."""
    _open_streams()
    before, sys.unraisablehook = sys.unraisablehook, _interrupt_again
    _ended.clear()
    try:
        status = _guarded(sys.argv[1:] if arguments is None else list(arguments))
        if status == 0:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has gone (`fleet dis out.elf | head`)
        status = 1
    except OSError as error:  # no space left for our output
        print(f"error: cannot write standard output: {error.strerror}", file=sys.stderr)
        status = 1
    finally:
        _ended.set()
        sys.unraisablehook = before
        _discard_unwritten()
    return status


_ended = threading.Event()
"""The command has ended, or is ending after Ctrl-C."""


def _interrupt_again(lost: Any) -> None:
    """Ctrl-C while Python closes a generator is dropped by Python: send it once more."""
    if lost.exc_type is not None and issubclass(lost.exc_type, KeyboardInterrupt):
        threading.Thread(target=_interrupt_until_ended, daemon=True).start()
    else:
        sys.__unraisablehook__(lost)


def _interrupt_until_ended() -> None:
    """On a busy machine the first one may come before the generator is closed, and be lost, too."""
    pause = 0.001
    while not _ended.wait(pause):
        _thread.interrupt_main()
        pause = 0.1


def _guarded(arguments: list[str]) -> int:
    """Run one command; print what it raises as the user should see it."""
    try:
        return _run(arguments)
    except ProgramExit as stop:
        return stop.status
    except SystemExit as stop:  # argparse has printed help, or what is wrong with the arguments
        return int(stop.code or 0)
    except (ProgramError, FleetError) as error:
        with contextlib.suppress(OSError):  # that may be the very error
            sys.stdout.flush()
        print(_coloured(error.render()), file=sys.stderr)
        return getattr(error, "status", 1)
    except KeyboardInterrupt:
        _ended.set()
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        print(f"fleet {' '.join(arguments[:1])}".rstrip() + ": interrupted", file=sys.stderr)
        return INTERRUPTED
    except RecursionError:
        print("error: the input is nested too deeply", file=sys.stderr)
        return 1
    except OSError:
        raise
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        print(_internal_error(error), file=sys.stderr)
        return INTERNAL_ERROR


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0].startswith("-"):
        overview().parse_args(arguments)
    name = arguments[0]
    if name not in COMMANDS:
        close = difflib.get_close_matches(name, COMMANDS, n=1)
        meant = f", did you mean {close[0]!r}?" if close else f" (commands: {', '.join(COMMANDS)})"
        overview().error(f"there is no command {name!r}{meant}")
    if name in COMPILING:
        gc.set_threshold(*SELDOM)
    if name in WITHOUT_MATRICES:  # NumPy would start a thread for each core, which takes 40 ms
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with program_warnings(shown=name in ("build", "check", "run", "bisect")):
        command = load_command(name)
        prepare = getattr(command, "prepare", list)
        options = command_parser(name, command).parse_args(prepare(arguments[1:]))
        return command.run(options)


def load_command(name: str) -> ModuleType:
    """Import the module of a command."""
    return importlib.import_module(f"fleet.commands.{name}")


def command_parser(name: str, command: ModuleType) -> argparse.ArgumentParser:
    """What a command understands."""
    text = COMMANDS[name]
    examples = [f"  fleet {example}" for example in command.EXAMPLE.splitlines()]
    parser = _Parser(
        prog=f"fleet {name}",
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=f"{'examples' if len(examples) > 1 else 'example'}:\n" + "\n".join(examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_arguments(parser)
    return parser


def overview() -> argparse.ArgumentParser:
    """`fleet --help`: the commands, none of them loaded."""
    width = max(map(len, COMMANDS))
    tables = [
        "\n".join([f"{heading}:", *(f"  {name:<{width}}  {text}" for name, text in group.items())])
        for heading, group in GROUPS.items()
    ]
    parser = _Parser(
        prog="fleet",
        usage="fleet COMMAND ...",
        description="Compile a Python/NumPy program to a RISC-V vector executable, and run it.",
        epilog="\n\n".join([
            *tables,
            "`fleet COMMAND --help` says more of each. Where a file is asked for, - is standard "
            "input\nor output.",
            STATUSES,
            "example:\n"
            "  fleet build models/gpt2.py -o out.elf && fleet emu out.elf 'Beautiful is'",
        ]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", metavar="COMMAND", help="one of those below")
    parser.add_argument(
        "--version", action=_Version, nargs=0, help="show the versions of Fleet and what it needs"
    )
    return parser


class _Parser(argparse.ArgumentParser):
    """One that says so when there is no space left for its help."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if message:
            print(message, end="", file=file or sys.stderr)


class _Version(argparse.Action):
    """Prints versions when it is met; what tells them is loaded only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: Any) -> None:
        python = ".".join(map(str, sys.version_info[:3]))
        needed = [f"{name} {_installed(name)}" for name in ("numpy", "unicorn")]
        print(f"fleet {__version__} (Python {python}, {', '.join(needed)})")
        parser.exit()


def _installed(name: str) -> str:
    metadata = importlib.import_module("importlib.metadata")
    try:
        return str(metadata.version(name))
    except metadata.PackageNotFoundError:
        return "missing"


_COLOURS = [
    (re.compile(r"^(\S.*?: )?(error:)", re.M), "\\1\033[1;31m\\2\033[0m"),
    (re.compile(r"^(  *\^~*)$", re.M), "\033[1;32m\\1\033[0m"),
    (re.compile(r"^(  help:)", re.M), "\033[1;36m\\1\033[0m"),
]
"""What stands out of a message: its kind in red, the caret in green, the advice in cyan."""


def _coloured(message: str) -> str:
    """A message for standard error, in colours where that is a terminal that wants them."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stderr.isatty():
        return message
    for pattern, colours in _COLOURS:
        message = pattern.sub(colours, message)
    return message


def _internal_error(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"internal error: {type(error).__name__}: {error} ({last.filename}:{last.lineno})\n"
        "  help: this is a mistake in Fleet; `python -X dev -m fleet …` shows where"
    )


def _open_streams() -> None:
    """Closed standard streams (`>&-`) are None in Python: let writing to them do nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - lives as long as we do


def _discard_unwritten() -> None:
    """Let go of output that nobody takes, so that Python does not complain about it at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)
