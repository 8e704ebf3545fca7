"""What the library's modules in Python ask of files: now while the program is built, or then.

In: paths, modes, texts and arrays. Out: what a file holds, or run-time values from the host's
service `file`. The one idea, and the rule for programs: a file that is read by a name known when
the program is compiled, and is there then, below the program's folder, is data of the program and
read at once; every other file, and every one that is written, is the run's. The two never mix: a
file that was read at once cannot be written.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from fleet.evaluator.iterators.protocol import Positional
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects
from fleet.evaluator.values.emitter import SCALARS
from fleet.evaluator.values.ndarrays import arrays
from fleet.evaluator.values.then import Number, Object, Text
from fleet.host import SERVICES
from fleet.ir.types import TensorType, i64, ui8
from fleet.library.paths import is_path, text_of
from fleet.run_files import matching


def file_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """By name."""

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
        file, code, words = perform(m, "open", [path], ("object", "int", "str"), **given)
        if m.backend.e is None:
            file = m.backend.host.objects.name(file)
        return file, code, words

    def file_change(what: str, *given: Any) -> Any:
        """os.remove and the like: errno, what the system says, of which path."""
        for path in given[: 2 if what == "rename" else 1]:
            if isinstance(path, str):
                m.data.will_write(path)
        return perform(m, what, list(given), ("int", "str", "str"))

    def file_names(path: Any) -> Any:
        """What is in a folder: now of one that is data, unless the program changes it."""
        if isinstance(path, str) and m.data.is_folder(path) and not _at_root(m, path):
            return m.own(os.listdir(m.data.listed(path))), 0, ""
        found, code, words = perform(m, "listdir", [path], (list, "int", "str"))
        return m.own(found), code, words

    def file_size(path: Any) -> Any:
        if known_content(path) is not None:
            return os.path.getsize(m.readable(path)), 0, ""
        return perform(m, "getsize", [path], ("int", "int", "str"))

    def file_matches(path: Any, pattern: Any, hidden: bool) -> Any:
        """The paths below a folder that a pattern fits."""
        if isinstance(path, str) and isinstance(pattern, str) and (
                m.data.is_folder(path or ".") and not _at_root(m, path or ".")):  # fmt: skip
            m.data.listed(path or ".")
            return m.own(matching(_Data(m), path, pattern, hidden))
        found, _, _ = perform(m, "glob", [path, pattern, hidden], (list, "int", "str"))
        return m.own(found)

    def given(file: Any) -> Any:
        """A file as a service takes it; programs have no more of it than its name."""
        return m.backend.host.objects.named(file) if m.backend.e is None else file

    def file_ask(name: str, gives: str, *values: Any) -> Any:
        """What one of the run's files does: a text, bytes or a number."""
        return perform(m, name, [given(values[0]), *values[1:]], (gives,))[0]

    return {
        "file_lines": lambda file, gives: Lines(m, file_ask, file, gives),
        "known_content": known_content, "file_open": file_open, "file_change": file_change,
        "file_names": file_names, "file_size": file_size, "file_matches": file_matches,
        "file_ask": file_ask, "file_given": given,
        "os_strerror": os.strerror,
    }  # fmt: skip


def is_of_run(m: Machine, path: Any) -> bool:
    """Whether a path is that of a file of the run: one that only run time knows, or writes."""
    path = text_of(m, path) if is_path(m, path) else path
    if isinstance(path, Text):
        return True
    return isinstance(path, str) and (m.data.is_written(path) or _at_root(m, path))


class _Data:
    """Folders that are data of the program, as those of a run are looked at."""

    def __init__(self, m: Machine) -> None:
        self._m = m

    def status(self, path: str) -> os.stat_result:
        return os.stat(self._m.readable(path))

    def names(self, path: str) -> list[str]:
        return os.listdir(self._m.data.listed(path))


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
    """os.path.exists, isfile or isdir: of what is data of the program now, else of the run."""
    look = getattr(os.path, name)

    def function(path: Any) -> Any:
        path = text_of(m, path, f"os.path.{name}()")
        if isinstance(path, str) and m.data.exists(path) and not _at_root(m, path):
            return look(m.readable(path))
        return perform(m, name, [path], ("bool",))[0]

    function.__name__ = name
    return function


_TYPES: dict[Any, Any] = {
    **SCALARS, **dict.fromkeys(("str", "bytes"), TensorType((None,), ui8)),
    **dict.fromkeys(("object", list), i64),
}  # fmt: skip


_ATTEMPTED = ("object", "int", "bool", "str", "bytes")
_RAISES = ("OSError", "ValueError", "KeyError", "TypeError", "EOFError")
"""What a program may want to catch of reading and writing."""


def perform(m: Machine, name: str, values: Any, gives: Any, **options: Any) -> list[Any]:
    """What the service gives, as values of the program: of kinds of numbers and texts, an object
    or a list; of a pair of a kind and a type what the host holds."""
    e = m.backend.e
    if e is None:
        given = [arrays.plain(value) for value in values]
        try:
            return list(SERVICES["file"](m.backend.host, given, {"name": name, **options}))
        except KeyError as error:
            raise KeyError(error.key) from None  # the host has it as a traceback shows it
    operands = [objects.operand(e, value, False) for value in values]
    natives = [native for _, native in operands if native is not None]
    kinds = [kind for kind, _ in operands]
    results = [kind if isinstance(kind, tuple) else (
        "object" if kind is list else kind, _TYPES[kind]) for kind in gives]  # fmt: skip
    if len(results) == 1 and results[0][0] in _ATTEMPTED:
        made: Any = [e.attempt("file", natives, kinds, results[0], _RAISES, name=name, **options)]
    else:
        made = e.host("file", natives, kinds, results, name=name, **options)
    return [_value(e, kind, native) for kind, native in zip(gives, made, strict=True)]


def _value(e: Any, kind: Any, native: Any) -> Any:
    if isinstance(kind, tuple):
        return native
    if kind in ("str", "bytes"):
        return Text(e, kind, native)
    if kind in SCALARS:
        return Number(e, kind, native)
    return Object(e, kind if kind is list else None, native)
