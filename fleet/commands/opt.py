"""`fleet opt`: run passes on IR text, in the words of `mlir-opt`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import fleet.codegen  # noqa: F401 - registers the passes of the back end
import fleet.dialects  # noqa: F401 - declares the operations
import fleet.passes  # noqa: F401 - registers the passes of the middle
import fleet.vm.lower  # noqa: F401 - registers the schedule's
from fleet.commands.options import show, text_file
from fleet.diagnostics import FleetError
from fleet.files import read_text, write_text
from fleet.ir.rewriting.passes import PASSES
from fleet.ir.rewriting.pipeline import (
    Step,
    option_name,
    option_text,
    parse_options,
    parse_pipeline,
)
from fleet.opt.describe import describe, overview
from fleet.opt.printing import ALL, Wanted
from fleet.opt.session import SEPARATOR, Request, optimise

EXAMPLE = """\
opt stages/02-numpy.mlir --canonicalize --cse --outline='minimum=4'
opt stages/02-numpy.mlir --pass-pipeline 'builtin.module(canonicalize,func.func(cse))'
opt stages/06-linalg.mlir --push-slices --fuse --print-ir-after-all --timing -o fused.mlir
opt stages/04-shapes.mlir --numpy-to-tosa --trace-rewrites
opt --describe arith.addf"""

SPELLINGS = {f"--{name}": entry.description for name, entry in PASSES.items()}
_RENAMED = {
    "pass-pipeline-crash-reproducer": "crash-reproducer",
    "print-op-generic": "generic",
}
"""Options that `mlir-opt` calls otherwise, without its `--mlir-`."""
_SWITCHES = frozenset(("verify-each", "split-input-file"))
"""Options that may stand alone or have a value after `=`, never in the next argument."""


def prepare(arguments: Sequence[str]) -> list[str]:
    """`--cse` and `--outline='minimum=4'` as `--pass=cse`, `--pass=outline{minimum=4}`; options
    also with one dash, and with the `--mlir-` that `mlir-opt` has before some."""
    return [_prepared(argument) for argument in arguments]


def _prepared(argument: str) -> str:
    if len(argument) < 3 or not argument.startswith("-"):
        return argument
    name, equals, value = argument.lstrip("-").partition("=")
    name = name.removeprefix("mlir-")
    name = _RENAMED.get(name, name)
    if name in PASSES:
        return f"--pass={name}{{{value}}}" if equals else f"--pass={name}"
    if name in _SWITCHES and not equals:
        value = SEPARATOR if name == "split-input-file" else "true"
        return f"--{name}={value}"
    return f"--{name}{equals}{value}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = "fleet opt [FILE] [--PASS | --PASS='OPTION=VALUE ...'] ... [options]"
    parser.add_argument(
        "file", nargs="?", type=text_file, default="-",
        help="IR text, - for standard input (%(default)s)",
    )  # fmt: skip
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write (standard output)")
    _add_passes(parser)
    _add_printing(parser)
    _add_watching(parser)
    _add_checking(parser)
    asks = parser.add_argument_group("questions, which read no text")
    asks.add_argument("--list", action="store_true", help="every dialect, operation and pass")
    asks.add_argument(
        "--describe", metavar="NAME",
        help="an operation, a dialect, a pass or a type: all that its declaration says, "
        "and an example",
    )  # fmt: skip


def _add_passes(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "passes", "run in the order in which they are given\n\n" + _passes_text()
    )
    group.add_argument(
        "--pass-pipeline", metavar="PASSES",
        help="as mlir-opt spells it: 'builtin.module(canonicalize,func.func(cse))'",
    )  # fmt: skip
    group.add_argument("--pass", dest="passes", action="append", default=[],
                       help=argparse.SUPPRESS)  # fmt: skip
    group.add_argument(
        "--services", choices=("stub",), help="after the passes, --stub-services: host services "
        "as functions of the module, which MLIR's tools can compile and run",
    )  # fmt: skip
    group.add_argument(
        "--dump-pass-pipeline", action="store_true", help="the pipeline, on standard error"
    )


def _passes_text() -> str:
    """Every pass and its options, for the help."""
    lines = []
    for name, entry in sorted(PASSES.items()):
        lines.append(f"  --{name:<21} {entry.description}")
        lines += [
            f"      {f'{option_name(field.name)}={option_text(field.default)}':<20} "
            f"{field.metadata['description']}"
            for field in entry.fields()
        ]
    return "\n".join(lines)


def _add_printing(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how IR is printed")
    group.add_argument("--generic", action="store_true", help="in MLIR's generic form")
    group.add_argument(
        "--print-debuginfo", action="store_true", help="with the location of everything"
    )
    group.add_argument(
        "--print-local-scope", action="store_true",
        help="with maps and locations spelled out where they stand, not named at the top",
    )  # fmt: skip
    group.add_argument(
        "--no-names", dest="names", action="store_false",
        help="numbers for values, as mlir-opt has them, not the names that the text gives them",
    )  # fmt: skip


def _add_watching(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("looking on, on standard error")
    group.add_argument("--print-ir-before", metavar="PASSES", type=_names, default=frozenset(),
                       help="the IR before these passes (cse,dce)")  # fmt: skip
    group.add_argument("--print-ir-after", metavar="PASSES", type=_names, default=frozenset(),
                       help="the IR after these passes")  # fmt: skip
    group.add_argument("--print-ir-before-all", action="store_true", help="before every pass")
    group.add_argument("--print-ir-after-all", action="store_true", help="after every pass")
    group.add_argument("--print-ir-after-change", action="store_true",
                       help="after passes only where they changed something")  # fmt: skip
    group.add_argument("--print-ir-after-failure", action="store_true",
                       help="after a pass that failed")  # fmt: skip
    group.add_argument("--print-ir-module-scope", action="store_true",
                       help="always the whole module")  # fmt: skip
    group.add_argument("--timing", action="store_true",
                       help="seconds for each pass and analysis, and what --pass-statistics "
                       "prints")  # fmt: skip
    group.add_argument("--pass-statistics", action="store_true", help="what each pass did")
    group.add_argument("--trace-rewrites", action="store_true",
                       help="every rewrite: the rule, the place, before, after")  # fmt: skip


def _add_checking(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("checking")
    group.add_argument("--verify-each", type=_truth, default=True, metavar="BOOL",
                       help="verify after every pass (true)")  # fmt: skip
    group.add_argument("--split-input-file", metavar="SEPARATOR",
                       help=f"each part between lines `{SEPARATOR}` on its own")  # fmt: skip
    group.add_argument("--verify-diagnostics", action="store_true",
                       help="compare what is reported with `// expected-error @below "
                       "{{text}}` and the like in the text")  # fmt: skip
    group.add_argument("--verify-roundtrip", action="store_true",
                       help="check that what is printed reads back as the same")  # fmt: skip
    group.add_argument("--crash-reproducer", metavar="FILE",
                       help="where to write, when a pass fails, the IR before it and what was "
                       "still to run")  # fmt: skip
    group.add_argument("--run-reproducer", action="store_true",
                       help="run the pipeline that the text brings along")  # fmt: skip


def _names(text: str) -> frozenset[str]:
    """Names of passes with commas between."""
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in PASSES:
            raise argparse.ArgumentTypeError(f"there is no pass named {name!r}")
    return names


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false", "1", "0"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false")
    return text.lower() in ("true", "1")


def run(options: argparse.Namespace) -> int:
    if options.list:
        show(overview())
        return 0
    if options.describe is not None:
        show(describe(options.describe))
        return 0
    steps = _steps(options)
    if options.dump_pass_pipeline:
        print(f"builtin.module({','.join(map(str, steps))})", file=sys.stderr)
    file = options.file
    result = optimise(_request(options, steps), read_text(file), file, Path(file).parent)
    if options.output is None:
        show(result.text)
    elif not result.failed:
        write_text(options.output, result.text)
    return int(result.failed)


def _steps(options: argparse.Namespace) -> tuple[Step, ...]:
    stubs = (Step("stub-services"),) if options.services else ()
    if options.pass_pipeline is not None:
        if options.passes:
            raise FleetError("passes are given one by one and as --pass-pipeline",
                             hint="use one of the two")  # fmt: skip
        return parse_pipeline(options.pass_pipeline) + stubs
    steps = []
    for given in options.passes:
        name, _, rest = given.partition("{")
        steps.append(Step(name, parse_options(rest.removesuffix("}"))))
    return (*steps, *stubs)


def _request(options: argparse.Namespace, steps: tuple[Step, ...]) -> Request:
    every = frozenset((ALL,))
    prints = Wanted(
        options.print_ir_before | (every if options.print_ir_before_all else frozenset()),
        options.print_ir_after | (every if options.print_ir_after_all else frozenset()),
        changed=options.print_ir_after_change,
        failed=options.print_ir_after_failure,
        whole=options.print_ir_module_scope,
    )
    return Request(
        steps,
        verify_each=options.verify_each,
        separator=options.split_input_file,
        expected=options.verify_diagnostics,
        prints=prints,
        timing=options.timing,
        statistics=options.pass_statistics,
        trace=options.trace_rewrites,
        reproducer=options.crash_reproducer,
        run_reproducer=options.run_reproducer,
        roundtrip=options.verify_roundtrip,
        generic=options.generic,
        debuginfo=options.print_debuginfo,
        names=options.names,
        local=options.print_local_scope,
        folder=None if options.output is None else Path(options.output).parent,
    )
