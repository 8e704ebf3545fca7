"""`sys` and `os.path`: the program's own streams, limits and facts of Python; paths as texts.

In: an evaluator. Out: tables of names. The one idea: what a program may assign (`sys.stdout`) is a
dictionary of the heap, so that a branch that is not taken leaves it as it was.
"""

from __future__ import annotations

import io
import operator
import os.path
import sys
from typing import Any

from fleet.evaluator.objects import members, operations
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.values import operators, texts
from fleet.evaluator.values.then import Then
from fleet.library.files import looking
from fleet.library.paths import path_functions
from fleet.library.standard_input import StandardInput


def path_table(machine: Machine) -> dict[str, Any]:
    """`os.path`."""
    names = """curdir pardir sep extsep altsep pathsep defpath devnull
        supports_unicode_filenames""".split()
    table = {name: getattr(os.path, name) for name in names} | path_functions(machine)
    for name in ("exists", "isfile", "isdir"):
        table[name] = looking(machine, name)
    return table


class Stream:
    """sys.stdout or sys.stderr."""

    def __init__(self, machine: Machine, name: str) -> None:
        self._machine = machine
        self.name = name

    def write(self, text: Any) -> Any:
        if not texts.is_text(text):
            kind = type(text).__name__
            raise TypeError(f"write() argument must be str, not {kind}")
        self._machine.backend.show((text,), "", "", self.name)
        if isinstance(text, str):
            return len(text)
        return operators.length(self._machine.backend.e, text)

    def writelines(self, lines: Any) -> None:
        for line in operations.known_items(self._machine, lines):
            self.write(line)

    def flush(self) -> None:
        pass


members.declare(Stream, io.TextIOWrapper, "write writelines flush")


def sys_table(machine: Machine) -> dict[str, Any]:
    """`sys`. Its streams are the machine's, since a program may exchange them."""

    def leave(code: Any = None) -> None:
        raise Raised(SystemExit(code), machine.location())

    for name in ("stdout", "stderr"):
        machine.streams[name] = machine.streams[f"__{name}__"] = Stream(machine, name)
    return {
        "argv": machine.backend.argv,
        "exit": leave,
        "stdin": StandardInput(machine),
        "maxsize": sys.maxsize,
        "byteorder": "little",
        "path": machine.search,
        "platform": "linux",
        "getrecursionlimit": lambda: machine.recursion_limit,
        "setrecursionlimit": lambda limit: _set_recursion_limit(machine, limit),
        "intern": lambda text: text,
    } | {name: getattr(sys, name) for name in _OF_PYTHON}


def _set_recursion_limit(machine: Machine, limit: Any) -> None:
    if isinstance(limit, Then):
        raise limit.needed_now("sys.setrecursionlimit()")
    if operator.index(limit) < 1:
        raise ValueError("recursion limit must be greater or equal than 1")
    if machine.regions:
        raise machine.error("sys.setrecursionlimit() in a run-time branch or loop is not supported",
                            "call it at the top of the program")  # fmt: skip
    machine.set_recursion_limit(operator.index(limit))
    if machine.backend.e is not None:
        at = machine.backend.e.plain(machine.backend.e.number(limit))
        machine.backend.e.host("recursion_limit", [at], ["int"], gives=False)


_OF_PYTHON = """float_info int_info hash_info version version_info hexversion maxunicode copyright
    float_repr_style getdefaultencoding getfilesystemencoding api_version
    builtin_module_names""".split()
for _name in ("int_info", "hash_info", "version_info"):
    _kind = type(getattr(sys, _name))
    members.declare(_kind, _kind, members.public(_kind))
