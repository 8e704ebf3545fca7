"""The command line: `python -m fleet COMMAND`. Parses arguments, calls the driver, prints errors.

Exit status: 0, or what the user's program exits with; 1 for a rejected input or an uncaught
exception of the program; 2 for wrong arguments; 139 for a bad memory access in the emulator.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from fleet import binutils, driver, executors
from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.files import write_text
from fleet.progress import Progress
from fleet.vm.machine import DEFAULT_MEMORY

EXECUTORS = ("ast", "ir", "vm", "emu", "all")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except ProgramExit as stop:
        return stop.status
    except ProgramError as error:
        sys.stdout.flush()
        print(error.render(), file=sys.stderr)
        return 1
    except FleetError as error:
        sys.stdout.flush()
        print(error.render(), file=sys.stderr)
        return getattr(error, "status", 1)
    except BrokenPipeError:
        # the reader of our output has gone (`fleet dis out.elf | head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _build(options: argparse.Namespace) -> int:
    output = options.output or Path(options.program).with_suffix(".elf").name
    with Progress() as progress:
        report = driver.build(
            options.program, output, dump=options.dump, on_stage=progress.stage
        )
    if sys.stderr.isatty() or options.verbose:
        print(report.summary(), file=sys.stderr)
    return 0


def _emu(options: argparse.Namespace) -> int:
    return executors.emulate(
        options.elf,
        options.arguments,
        vlen=options.vlen,
        memory=options.memory,
        stats=options.stats,
    )


def _run(options: argparse.Namespace) -> int:
    return executors.run(
        options.program, options.arguments, on=options.on, stage=options.stage, vlen=options.vlen
    )


def _opt(options: argparse.Namespace) -> int:
    text = driver.optimise(options.file, options.pass_pipeline, generic=options.generic)
    _write(text, options.output)
    return 0


def _tokens(options: argparse.Namespace) -> int:
    _write(driver.tokens_text(options.program), None)
    return 0


def _parse(options: argparse.Namespace) -> int:
    _write(driver.tree_text(options.program, attributes=options.attributes), None)
    return 0


def _asm(options: argparse.Namespace) -> int:
    unit = binutils.assemble_file(
        options.file, options.output, march=options.march, debug=options.debug
    )
    if options.listing:
        _write(binutils.listing_of(unit), None)
    return 0


def _link(options: argparse.Namespace) -> int:
    binutils.link_files(options.files, options.output, entry=options.entry)
    return 0


def _dis(options: argparse.Namespace) -> int:
    if options.bytecode:
        _write(driver.disassembly(options.file, bytecode=True), None)
        return 0
    text = binutils.disassemble_file(
        options.file, options.symbol, aliases=options.aliases, sources=options.source
    )
    _write(text, None)
    return 0


def _readelf(options: argparse.Namespace) -> int:
    _write(binutils.describe_file(options.file), None)
    return 0


def _write(text: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        write_text(output, text)


def _vlen(text: str) -> int:
    value = int(text)
    if not 128 <= value <= 65536 or value & (value - 1):
        raise argparse.ArgumentTypeError("must be a power of two from 128 to 65536")
    return value


def _size(text: str) -> int:
    """`512M`, `4G`, or bytes."""
    units = {"K": 10, "M": 20, "G": 30, "T": 40}
    unit = text[-1:].upper()
    number = text[:-1] if unit in units else text
    if not number.isdigit() or int(number) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 512M or 4G")
    return int(number) << units.get(unit, 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fleet",
        description="Compile a Python/NumPy program to a RISC-V vector executable, and run it.",
        epilog="example: fleet build models/gpt2.py -o out.elf && fleet emu out.elf 'Beautiful is'",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(
        name: str, function: Callable[[argparse.Namespace], int], help: str, example: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name, help=help, description=help[0].upper() + help[1:] + ".",
            epilog=f"example: fleet {example}",
        )  # fmt: skip
        sub.set_defaults(command=function)
        return sub

    sub = command(
        "build", _build, "compile a program to an executable",
        "build models/gpt2.py -o out.elf --dump stages",
    )  # fmt: skip
    sub.add_argument("program", help="the Python program")
    sub.add_argument("-o", "--output", metavar="ELF", help="the executable (PROGRAM.elf)")
    sub.add_argument("--dump", metavar="DIR", help="write every stage there as a numbered file")
    sub.add_argument("-v", "--verbose", action="store_true", help="say what was built")

    sub = command("emu", _emu, "run an executable in the emulator", "emu out.elf 'Beautiful is'")
    _machine_options(sub)
    sub.add_argument(
        "--memory", type=_size, default=DEFAULT_MEMORY, metavar="SIZE",
        help="room for the program's arrays (4G); takes what is used",
    )  # fmt: skip
    sub.add_argument("--stats", action="store_true", help="print counts as JSON on stderr")
    sub.add_argument("elf", help="the executable")
    sub.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")

    sub = command(
        "run", _run, "run a program on one of the executors, one a layer",
        "run --on ir models/gpt2.py 'Beautiful is'",
    )  # fmt: skip
    sub.add_argument(
        "--on", choices=EXECUTORS, default="emu",
        help="ast: the syntax tree over NumPy; ir: the IR; vm: the bytecode, kernels as loop IR; "
        "emu: the executable; all: each, naming the first that departs (emu)",
    )  # fmt: skip
    sub.add_argument(
        "--stage", choices=driver.EXECUTABLE_STAGES, default=driver.EXECUTABLE_STAGES[0],
        help="with --on ir: after which stage of the pipeline (%(default)s)",
    )  # fmt: skip
    _machine_options(sub)
    sub.add_argument("program", help="the Python program")
    sub.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")

    sub = command(
        "opt", _opt, "run passes on IR text",
        "opt stages/02-numpy.mlir --pass-pipeline 'builtin.module(canonicalize,cse)'",
    )  # fmt: skip
    sub.add_argument("file", help="IR text, - for standard input")
    sub.add_argument("--pass-pipeline", default="", metavar="PASSES", help="as mlir-opt spells it")
    sub.add_argument("--generic", action="store_true", help="print MLIR's generic form")
    sub.add_argument("-o", "--output", metavar="FILE", help="where to write (standard output)")

    sub = command("tokens", _tokens, "print a program's tokens", "tokens models/gpt2.py")
    sub.add_argument("program", help="the Python program")

    sub = command("parse", _parse, "print a program's syntax tree", "parse models/gpt2.py")
    sub.add_argument("program", help="the Python program")
    sub.add_argument("-a", "--attributes", action="store_true", help="with positions")

    _binary_tools(command)
    return parser


def _binary_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    """The assembler's commands."""
    sub = command(
        "asm", _asm, "assemble a file to a relocatable object",
        "asm vadd.s -o vadd.o --march rv64gcv --listing",
    )  # fmt: skip
    sub.add_argument("file", help="RISC-V assembly, in the language of GNU as")
    sub.add_argument("-o", "--output", metavar="OBJECT", help="the object (FILE.o)")
    sub.add_argument(
        "--march", default="rv64gcv", metavar="ARCH",
        help="extensions that may be used (%(default)s)",
    )  # fmt: skip
    sub.add_argument("-g", "--debug", action="store_true", help="with line numbers for debuggers")
    sub.add_argument(
        "--listing", action="store_true", help="print address, bytes, assembly and source lines"
    )

    sub = command(
        "link", _link, "link objects and static libraries into a static executable",
        "link main.o vadd.o -o main.elf --entry _start",
    )  # fmt: skip
    sub.add_argument("files", nargs="+", metavar="FILE", help="an object (.o) or library (.a)")
    sub.add_argument("-o", "--output", metavar="ELF", required=True, help="the executable")
    sub.add_argument(
        "--entry", default="_start", metavar="NAME", help="where it starts (%(default)s)"
    )

    sub = command(
        "dis", _dis, "print the instructions of an object or executable",
        "dis out.elf --symbol _start",
    )  # fmt: skip
    sub.add_argument("file", help="an object or executable for RISC-V, of Fleet or any other tool")
    sub.add_argument("--symbol", metavar="NAME", help="only this function")
    sub.add_argument(
        "--no-aliases", dest="aliases", action="store_false",
        help="print instructions, not pseudo-instructions",
    )  # fmt: skip
    sub.add_argument("--source", action="store_true", help="with the source lines")
    sub.add_argument(
        "--bytecode", action="store_true", help="the schedule of an executable of `fleet build`"
    )

    sub = command(
        "readelf", _readelf, "print headers, sections, symbols and relocations of an ELF file",
        "readelf vadd.o",
    )  # fmt: skip
    sub.add_argument("file", help="an object or executable for RISC-V")


def _machine_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--vlen", type=_vlen, default=256, metavar="BITS",
        help="bits in a vector register, 128 to 65536 (%(default)s)",
    )  # fmt: skip
