"""Arrays in text and binary files: read when the program is built.

In: a path below a folder that the build may read, or lines of text that are known. Out: the
program's arrays. The one idea: NumPy itself reads, since all that it is given is known.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import numpy as np

from fleet.evaluator.language import calls
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import texts
from fleet.evaluator.values.heap import List
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
        elif name == "fromfile":
            raise machine.error("np.fromfile reads files by their names",
                                "give it the name of a file beside the program")  # fmt: skip
        else:  # a list of lines, or what gives them, such as io.StringIO
            source = list(machine.constructors[list](fname))
        given = {key: _called(machine, value) if key == "converters" else _plain(value)
                 for key, value in options.items()}  # fmt: skip
        made = read(source, *map(_plain, arguments), **given)
        if isinstance(made, np.ndarray) and made.dtype.names is not None:
            return calls.call_value(machine, machine.prelude.get("array"), (
                machine.own(made.tolist()), made.dtype), {})  # fmt: skip
        return tuple(map(machine.backend.array, made)) if isinstance(made, tuple | list) else (
            machine.backend.array(made))  # fmt: skip

    function.__name__ = name
    return function


def _plain(value: Any) -> Any:
    """An argument as NumPy takes it; fields of a dtype stay tuples."""
    return list(value) if type(value) is List else arrays.plain(value)


def _called(machine: Machine, value: Any) -> Any:
    """Functions of the program as NumPy can call them."""
    if isinstance(value, dict):
        return {key: _called(machine, one) for key, one in value.items()}
    return None if value is None else lambda text: arrays.plain(
        calls.call_value(machine, value, (text,), {}))  # fmt: skip
