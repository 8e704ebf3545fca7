"""What `argparse` in Python asks CPython's own for: the texts of usage and help.

In: declarations, known now. Out: texts, or CPython's error for what cannot be declared. The one
idea: a parser of CPython's is made anew whenever a text is asked for, so it is nobody's state.
"""

from __future__ import annotations

import argparse
import functools
from typing import Any

from fleet.evaluator.state.machine import Machine

_FORMATTERS = """HelpFormatter RawDescriptionHelpFormatter RawTextHelpFormatter
    ArgumentDefaultsHelpFormatter MetavarTypeHelpFormatter""".split()


def command_line_primitives(m: Machine) -> dict[str, Any]:
    """For `argparse`."""

    def unsupported(what: str) -> None:
        raise m.error(f"{what} is not supported")

    formatters = {name: getattr(argparse, name) for name in _FORMATTERS}
    return formatters | {
        "parser_text": _parser_text, "program_name": lambda: m.path.name,
        "unsupported": unsupported, "empty_places_are_taken": _empty_places_are_taken,
    }  # fmt: skip


@functools.cache
def _empty_places_are_taken() -> bool:
    """How CPython's own, which has changed here, takes an option between words."""
    parser = argparse.ArgumentParser()
    parser.add_argument("first")
    parser.add_argument("rest", nargs="*")
    parser.add_argument("-v", action="store_true")
    return not parser.parse_known_args(["a", "-v", "b"])[0].rest


def _parser_text(which: str, options: dict[str, Any], groups: list, rows: list) -> str:
    """which: `usage`, `help`, or `prefix`, with which the usage of commands begins.

    groups: (kind, title, description, whether one is required);
    rows: (the number of the group, or None, flags, the other arguments)."""
    parser = argparse.ArgumentParser(**options)
    made: list[Any] = []
    for kind, title, description, required in groups:
        if kind == "exclusive":
            made.append(parser.add_mutually_exclusive_group(required=required))
        else:
            made.append(parser.add_argument_group(title, description))
    for group, flags, given in rows:
        if isinstance(flags, list):
            commands = parser.add_subparsers(**{
                name: value for name, value in given.items() if name != "parser_class"})
            for name, more in flags:
                commands.add_parser(name, **more)
            continue
        owner = parser if group is None else made[group]
        owner.add_argument(*flags, **{name: _plain(name, value) for name, value in given.items()})
    if which == "prefix":
        return str(commands._prog_prefix)
    return parser.format_usage() if which == "usage" else parser.format_help()


def _plain(name: str, value: Any) -> Any:
    """An argument of add_argument() as CPython's own takes it."""
    if name == "type":
        return _Named(getattr(value, "__name__", "type"))
    if name == "choices":
        return list(value)
    if name == "action" and isinstance(value, type):
        return argparse.BooleanOptionalAction
    return value


class _Named:
    """Stands for a type of the program's: what has its name."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, word: str) -> str:
        return word
