"""What the library's modules in Python ask of files: now while the program is built, or then.

In: paths, modes, texts and arrays. Out: what a file holds, or run-time values from the host's
service `file`. The one idea, and the rule for programs: a file that is read by a name known when
the program is compiled, and is there then, below the program's folder, is data of the program and
read at once; every other file, and every one that is written, is the run's. The two never mix: a
file that was read at once cannot be written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import numpy as np

from fleet.evaluator.iterators.protocol import Positional
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects
from fleet.evaluator.values.emitter import SCALARS, tensor_type
from fleet.evaluator.values.ndarrays import arrays, tensors
from fleet.evaluator.values.sizes import length
from fleet.evaluator.values.then import Number, Object, Tensor, Text
from fleet.host import SERVICES
from fleet.ir.types import TensorType, i64, ui8


def file_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """By name."""

    def path_of(path: Any) -> Any:
        """The text of a path. Raises TypeError."""
        if isinstance(path, PurePath):
            return str(path)
        if isinstance(path, Text) and path.kind == "str" or isinstance(path, str):
            return path
        if isinstance(path, Object):
            return objects.function(m.backend.e, "text_given", [path, "__fspath__"], "str")
        if isinstance(path, int | bytes | Text | Number):
            raise m.error("open() takes the path of a file as a str or Path here")
        kind = type(path).__name__
        raise TypeError(f"expected str, bytes or os.PathLike object, not {kind}")

    def known_content(path: Any) -> bytes | None:
        """What a file holds that is data of the program; None for one of run time."""
        if not isinstance(path, str) or not m.data.is_there(path) or _at_root(m, path):
            return None
        return m.readable(path).read_bytes()

    def file_open(path: Any, options: Any) -> Any:
        """The file, errno and what the system says of it."""
        given = {name: value for name, value in options.items() if value is not None}
        if any(not isinstance(value, str) for value in given.values()):
            raise m.error("open() takes a mode, an encoding, errors and a newline that are known "
                          "when the program is compiled")  # fmt: skip
        if set(given["mode"]) & set("wax+") and isinstance(path, str):
            m.data.will_write(path)
        results = [("object", i64), ("int", i64), ("str", TensorType((None,), ui8))]
        found = _perform(m, "open", [path], results, **given)
        file, code, words = found
        e = m.backend.e
        if e is None:
            return m.backend.host.objects.name(file), code, words
        return Object(e, None, file), Number(e, "int", code), Text(e, "str", words)

    def given(file: Any) -> Any:
        """A file as a service takes it; programs have no more of it than its name."""
        return m.backend.host.objects.named(file) if m.backend.e is None else file

    def path_change(name: str, path: Any) -> Any:
        """Remove a file or make a folder: errno and what the system says of it."""
        if isinstance(path, str):
            m.data.will_write(path)
        found = _perform(m, name, [path], [("int", i64), ("str", TensorType((None,), ui8))])
        if m.backend.e is None:
            return found
        return Number(m.backend.e, "int", found[0]), Text(m.backend.e, "str", found[1])

    def file_ask(name: str, gives: str, *values: Any) -> Any:
        """What one of the run's files does: a text, bytes or a number."""
        type = TensorType((None,), ui8) if gives in ("str", "bytes") else SCALARS[gives]
        (found,) = _perform(m, name, [given(values[0]), *values[1:]], [(gives, type)])
        e = m.backend.e
        if e is None:
            return found
        return Text(e, gives, found) if gives in ("str", "bytes") else Number(e, gives, found)

    def file_array(name: str, rank: int, dtype: Any, file: Any, options: Any) -> Any:
        """An array of this rank that np.`name` reads of one of the run's files."""
        dtype = np.dtype(dtype)
        if dtype.kind not in "biufc":
            raise m.error(f"np.{name} of a file that only run time knows gives no {dtype} array",
                          "numbers and bools are read")  # fmt: skip
        shape = (None,) * rank
        (found,) = _perform(m, name, [given(file)], [("array", tensor_type(shape, dtype))],
                            rank=rank, dtype=dtype.name, options=json.dumps(options))  # fmt: skip
        if m.backend.e is None:
            return found
        dims = tuple(length() for _ in shape)
        return tensors.wrap(m.backend.e, Tensor(found, dims, dtype))

    return {
        "file_lines": lambda file, gives: Lines(m, file_ask, file, gives),
        "path_of": path_of, "known_content": known_content, "file_open": file_open,
        "file_ask": file_ask, "file_array": file_array, "path_change": path_change,
        "os_strerror": os.strerror,
    }  # fmt: skip


def is_of_run(m: Machine, path: Any) -> bool:
    """Whether a path is that of a file of the run: one that only run time knows, or writes."""
    if isinstance(path, Text) and path.kind == "str" or isinstance(path, Object):
        return True
    return isinstance(path, str | PurePath) and (
        m.data.is_written(path) or _at_root(m, str(path)))  # fmt: skip


class Lines(Positional):
    """Over the lines that are left of one of the run's files."""

    def __init__(self, m: Machine, ask: Callable[..., Any], file: Any, gives: str) -> None:
        super().__init__(m)
        self._ask = ask
        self._file = file
        self._gives = gives

    def ends_at_run_time(self) -> bool:
        return self.m.backend.e is not None

    def more(self) -> Any:
        return self._ask("more", "bool", self._file)

    def take(self) -> Any:
        return self._ask("readline", self._gives, self._file, -1)


def _at_root(m: Machine, path: str) -> bool:
    """Where the program runs at once, every path is known: those of the run go first."""
    root = None if m.backend.e is not None else m.backend.host.root
    return root is not None and SERVICES["file"](m.backend.host, [path], {"name": "exists"})[0]


def looking(m: Machine, name: str) -> Callable[[Any], Any]:
    """os.path.exists, isfile or isdir: now of a known path, unless the program writes there."""
    look = getattr(os.path, name)

    def function(path: Any) -> Any:
        if isinstance(path, str | PurePath) and not (
                m.data.is_written(path) or _at_root(m, str(path))):  # fmt: skip
            return look(m.readable(path))
        path = str(path) if isinstance(path, PurePath) else path
        (found,) = _perform(m, name, [path], [("bool", SCALARS["bool"])])
        return found if m.backend.e is None else Number(m.backend.e, "bool", found)

    function.__name__ = name
    return function


def _perform(m: Machine, name: str, values: Any, results: Any, **options: Any) -> Any:
    e = m.backend.e
    if e is None:
        given = [arrays.plain(value) for value in values]
        return SERVICES["file"](m.backend.host, given, {"name": name, **options})
    operands = [objects.operand(e, value, False) for value in values]
    natives = [native for _, native in operands if native is not None]
    return e.host("file", natives, [kind for kind, _ in operands], results, name=name, **options)
