"""Arrays in text and binary files: read when the program is built.

In: a path below a folder that the build may read, or lines of text that are known. Out: the
program's arrays. The one idea: NumPy itself reads, since all that it is given is known.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import numpy as np

from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import texts
from fleet.evaluator.values.ndarrays import arrays

READERS = ("loadtxt", "genfromtxt", "fromfile")


def file_table(machine: Machine) -> dict[str, Callable[..., Any]]:
    """Functions of `numpy` that read files."""
    return {name: _reader(machine, name) for name in READERS}


def _reader(machine: Machine, name: str) -> Callable[..., Any]:
    read = getattr(np, name)

    def function(fname: Any, *arguments: Any, **options: Any) -> Any:
        if texts.has_run_time((fname, arguments, options)):
            raise machine.error(
                f"np.{name} of what is known at run time only is not supported",
                "the name of the file and all options must be known when the program is compiled",
            )
        if isinstance(fname, str | PurePath):
            source: Any = machine.readable(fname)
        elif isinstance(fname, list) and all(isinstance(line, str) for line in fname):
            source = list(fname)
        else:
            raise machine.error(
                f"np.{name} reads files by their names, and lists of lines",
                "give it the name of a file beside the program",
            )
        made = read(source, *map(arrays.plain, arguments),
                    **{key: arrays.plain(value) for key, value in options.items()})  # fmt: skip
        return tuple(map(machine.backend.array, made)) if isinstance(made, tuple | list) else (
            machine.backend.array(made))  # fmt: skip

    function.__name__ = name
    return function
