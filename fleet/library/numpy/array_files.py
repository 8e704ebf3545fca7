"""Arrays in text and binary files: read when the program is built, or when it runs.

In: a path, or lines of text that are known. Out: the program's arrays. The one idea: NumPy itself
reads: now what is data of the program, and as a service of the host what is a file of the run, of
which dtype and rank must be known now.
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
from fleet.library.files import is_of_run

READERS = ("loadtxt", "genfromtxt", "fromfile")


def file_table(machine: Machine) -> dict[str, Callable[..., Any]]:
    """Functions of `numpy` that read files."""
    return {name: _reader(machine, name) for name in READERS}


def _reader(machine: Machine, name: str) -> Callable[..., Any]:
    read = getattr(np, name)

    def function(fname: Any, *arguments: Any, **options: Any) -> Any:
        if is_of_run(machine, fname):
            return _read_late(machine, name, fname, arguments, options)
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


_LATE = {
    "loadtxt": """dtype comments delimiter converters skiprows usecols unpack ndmin encoding
        max_rows quotechar like""".split(),
    "fromfile": "dtype count sep offset like".split(),
}  # fmt: skip
"""What reads files of the run, and its parameters after the file."""
_TAKEN = frozenset(
    "comments delimiter skiprows usecols ndmin max_rows quotechar count sep offset".split())


def _read_late(machine: Machine, name: str, path: Any, arguments: Any, options: Any) -> Any:
    """An array of a file that only run time knows: its dtype and rank must be known now."""
    if name not in _LATE:
        raise machine.error(f"np.{name} of a file that only run time knows is not supported",
                            "np.loadtxt reads it, into an array of one dtype")  # fmt: skip
    given = dict(zip(_LATE[name], arguments, strict=False)) | options
    if texts.has_run_time(tuple(given.values())):
        raise machine.error(f"the arguments of np.{name} besides the file must be known when the "
                            "program is compiled")  # fmt: skip
    dtype = given.pop("dtype", float)
    given = {key: value for key, value in given.items() if value is not None and value is not False}
    refused = next((key for key in given if key not in _TAKEN), None)
    if refused is not None:
        raise machine.error(f"the argument `{refused}` of np.{name} is not supported with a file "
                            "that only run time knows")  # fmt: skip
    one = name == "fromfile" or given.get("ndmin") == 1 or isinstance(given.get("usecols"), int)
    rank = 1 if one and given.get("ndmin") != 2 else 2
    return calls.call_value(machine, machine.prelude.get("read_late"),
                            (name, path, rank, dtype, _plain_items(given)), {})  # fmt: skip


def _plain_items(given: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple | list) else arrays.plain(value)
            for key, value in given.items()}  # fmt: skip


def _plain(value: Any) -> Any:
    """An argument as NumPy takes it; fields of a dtype stay tuples."""
    return list(value) if type(value) is List else arrays.plain(value)


def _called(machine: Machine, value: Any) -> Any:
    """Functions of the program as NumPy can call them."""
    if isinstance(value, dict):
        return {key: _called(machine, one) for key, one in value.items()}
    return None if value is None else lambda text: arrays.plain(
        calls.call_value(machine, value, (text,), {}))  # fmt: skip
