"""Arrays in text and binary files: read when the program is built, or when it runs.

In: a path, or lines of text that are known. Out: the program's arrays. The one idea: NumPy itself
reads: now what is data of the program, and as a service of the host what is a file of the run, of
which dtype and rank must be known now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.language import calls
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, texts
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.ndarrays import arrays
from fleet.library.files import is_of_run
from fleet.library.numpy.archive import load
from fleet.library.paths import is_path, text_of
from fleet.library.standard_input import StandardInput

READERS = ("loadtxt", "genfromtxt", "fromfile")


def file_table(machine: Machine) -> dict[str, Callable[..., Any]]:
    """Functions of `numpy` that read files."""
    return {name: _reader(machine, name) for name in READERS}


def _reader(machine: Machine, name: str) -> Callable[..., Any]:
    read = getattr(np, name)

    def function(fname: Any, *arguments: Any, **options: Any) -> Any:
        if not is_path(machine, fname) and name != "fromfile" and not _is_late(machine, fname):
            fname = _lines(machine, name, fname, options)
        if _is_late(machine, fname):
            return _read_late(machine, name, fname, arguments, options)
        if texts.has_run_time((fname, arguments, options)):
            raise machine.error(
                f"np.{name} of what is known at run time only is not supported",
                "the name of the file and all options must be known when the program is compiled",
            )
        if is_path(machine, fname):
            source: Any = machine.readable(text_of(machine, fname))
        elif name == "fromfile":
            raise machine.error("np.fromfile reads files by their names",
                                "give it the name of a file beside the program")  # fmt: skip
        else:
            source = list(fname)
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


def _lines(machine: Machine, name: str, source: Any, options: dict[str, Any]) -> Any:
    """Those of what gives lines, such as io.StringIO."""
    if not isinstance(source, StandardInput):
        return machine.constructors[list](source)
    if options.get("max_rows") is not None:
        raise machine.error(f"np.{name}(sys.stdin, max_rows=…) is not supported",
                            "give it a list of so many lines")  # fmt: skip
    return source.readlines()


_PARAMETERS = {
    "loadtxt": """dtype comments delimiter converters skiprows usecols unpack ndmin encoding
        max_rows quotechar like""".split(),
    "genfromtxt": """dtype comments delimiter skip_header skip_footer converters missing_values
        filling_values usecols names excludelist deletechars replace_space autostrip case_sensitive
        defaultfmt unpack usemask loose invalid_raise max_rows encoding ndmin like""".split(),
    "fromfile": "dtype count sep offset like".split(),
}  # fmt: skip
"""What follows the file."""


def _read_late(machine: Machine, name: str, source: Any, arguments: Any, options: Any) -> Any:
    """An array of a file or lines that only run time knows: the prelude reads it."""
    given = dict(zip(_PARAMETERS[name], arguments, strict=False)) | options
    if name == "fromfile":
        function = machine.prelude.get("late_fromfile")
        return calls.call_value(machine, function, (source,), given)
    texts_given = {key: value for key, value in given.items() if key != "converters"}
    if texts.has_run_time(tuple(texts_given.values())):
        raise machine.error(f"the arguments of np.{name} besides the file must be known when the "
                            "program is compiled")  # fmt: skip
    if given.get("usemask"):
        raise machine.error("masked arrays are not supported", "leave out usemask")
    given = {key: _plain(value) if key != "converters" else value for key, value in given.items()
             if value is not None or key == "dtype"}  # fmt: skip
    function = machine.prelude.get("late_text_array")
    return calls.call_value(machine, function, (name, source, given), {})


def file_readers(machine: Machine) -> dict[str, Callable[..., Any]]:
    """For the prelude."""

    def known_load(file: Any) -> Any:
        """np.load of what is data of the program, None of what is not."""
        if _is_late(machine, file):
            return None
        return load(machine.readable(text_of(machine, file)), machine.backend.array)

    return {"known_load": known_load}


def _is_late(machine: Machine, source: Any) -> bool:
    """Whether it is a file of the run, or lines of text that only run time knows."""
    if is_path(machine, source):
        path = text_of(machine, source)
        return is_of_run(machine, path) or not machine.data.exists(path)
    return texts.has_run_time(source) or classes.defines(type(source), "_ask_for_arrays")


def _plain(value: Any) -> Any:
    """An argument as NumPy takes it; fields of a dtype stay tuples."""
    return list(value) if type(value) is List else arrays.plain(value)


def _called(machine: Machine, value: Any) -> Any:
    """Functions of the program as NumPy can call them."""
    if isinstance(value, dict):
        return {key: _called(machine, one) for key, one in value.items()}
    return None if value is None else lambda text: arrays.plain(
        calls.call_value(machine, value, (text,), {}))  # fmt: skip
