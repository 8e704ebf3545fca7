"""`fleet export`: a function of a program as a graph for other tools."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path
from typing import Any

import fleet.dialects  # noqa: F401 - declares the operations
import fleet.passes  # noqa: F401 - registers the passes
from fleet.commands.options import add_limits, add_program, limits
from fleet.exporting.evaluation import export_function
from fleet.exporting.formats import FORMATS, format_of
from fleet.exporting.specs import Argument, parse_argument
from fleet.files import STANDARD, check_output
from fleet.progress import Progress

EXAMPLE = (
    "export models/softmax.py --function softmax --arg 'f32[rows,768]' -o softmax.mlir\n"
    "export models/gpt2.py --function gpt2 --arg 'i64[n]' "
    """--arg '**nest(np.load("models/gpt2.npz"))' --arg n_head=4"""
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_program(parser)
    parser.add_argument(
        "--function", metavar="NAME", required=True,
        help="the function: a name of the program's, or the way to it (model.forward)",
    )  # fmt: skip
    parser.add_argument(
        "--arg", metavar="SPEC", action="append", default=[],
        help="an argument, in the order of the parameters or as NAME=SPEC: an array f32[batch,768] "
        "(dtypes bool, i8 to i64, u8 to u64, f16 to f64; a length that only the run knows is ? or "
        "a name, and lengths of one name are equal); a NumPy scalar f32, Python's i64, f64, bool; "
        "a tuple (A, B), a list [A, B], a dictionary {w: A, b: B} of these, whose parts are called "
        "x.0, x.w; any other expression of the program's is known: 3, cfg.n_head, **params",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the file (FUNCTION.mlir); - is standard output"
    )
    parser.add_argument(
        "--format", choices=tuple(FORMATS), help="what to write, if FILE's ending does not say it"
    )
    add_limits(parser)
    parser.add_argument("-v", "--verbose", action="store_true", help="list arguments and results")
    _add_options(parser)


def _add_options(parser: argparse.ArgumentParser) -> None:
    """Those of all formats; two may have one of the same name."""
    rows: dict[str, list[Any]] = {}
    for one in FORMATS.values():
        for option in dataclasses.fields(one.options):
            rows.setdefault(option.name, []).append((one, option))
    for name, found in rows.items():
        option = found[0][1]
        told = list(dict.fromkeys(one.help[name] for one, _ in found))
        names = ", ".join(one.name for one, _ in found)
        text = "; ".join(told) + (f" ({names})" if len(FORMATS) > 1 else "")
        flag = "--" + name.replace("_", "-")
        if isinstance(option.default, bool):
            off = option.default
            parser.add_argument(
                flag.replace("--", "--no-") if off else flag, dest=name, default=None,
                action="store_false" if off else "store_true", help=text,
            )  # fmt: skip
            continue
        choices = dict.fromkeys(
            choice for one, _ in found for choice in one.choices.get(name, ()))  # fmt: skip
        parser.add_argument(
            flag, dest=name, type=type(option.default), default=None, help=text,
            **({"choices": tuple(choices)} if choices else {"metavar": name.upper()}),
        )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    output = options.output
    if output is None:
        form = format_of(options.format or next(iter(FORMATS)))
        output = options.function.rpartition(".")[2] + form.endings[0]
    form = format_of(options.format or (next(iter(FORMATS)) if output == STANDARD else None),
                     output)  # fmt: skip
    names = {field.name for one in FORMATS.values() for field in dataclasses.fields(one.options)}
    given = {name: getattr(options, name) for name in sorted(names)}
    chosen = form.given({name: value for name, value in given.items() if value is not None})
    check_output(output, options.program)
    arguments: list[Argument] = [parse_argument(text) for text in options.arg]
    with Progress() as progress:
        progress.stage("evaluating the function")
        graph = export_function(options.program, options.function, arguments, limits(options))
        progress.stage("writing")
        form.write(graph, Path(output), chosen)
    if options.verbose:
        for word, ports in (("argument", graph.arguments), ("result", graph.results)):
            for port in ports:
                print(f"{word} {port}", file=sys.stderr)
    return 0
