"""`fleet run`: run a program on one of the executors, or compare them all."""

from __future__ import annotations

import argparse

from fleet.commands.options import add_limits, add_program, add_root, add_save, add_vlen, limits
from fleet.comparison import compare_all
from fleet.executors import EXECUTORS, run_on
from fleet.exporting.onnx.execution.program import ENDING
from fleet.stages import EXECUTABLE_STAGES

EXAMPLE = "run --on ir models/gpt2.py 'Beautiful is'\nrun softmax.onnx x=x.npy"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--on", choices=(*EXECUTORS, "all"),
        help="ast: the syntax tree over NumPy; ir: the IR; vm: the bytecode, kernels as loop IR; "
        "emu: the executable; onnx: what fleet export has written, with arguments x=x.npy, "
        "x=all.npz:x or x=[1,2]; all: each that runs programs, naming the first that departs "
        "(emu; onnx of a file .onnx)",
    )  # fmt: skip
    parser.add_argument(
        "--stage", choices=EXECUTABLE_STAGES, default=EXECUTABLE_STAGES[0],
        help="with --on ir: after which stage of the pipeline; any can be run (%(default)s)",
    )  # fmt: skip
    add_save(parser)
    add_limits(parser)
    add_vlen(parser)
    add_root(parser)
    add_program(parser, "the Python program, or the file of one of its stages")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")


def run(options: argparse.Namespace) -> int:
    argv = [options.program, *options.arguments]
    on = options.on or ("onnx" if options.program.endswith(ENDING) else "emu")
    if on == "all":
        return compare_all(
            argv, vlen=options.vlen, limits=limits(options), saved=options.save, kept=options.keep,
            root=options.root,
        )  # fmt: skip
    return run_on(
        on, argv, stage=options.stage, vlen=options.vlen, limits=limits(options), root=options.root
    )
