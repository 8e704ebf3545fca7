"""Builtin functions that reach out of the program."""

from __future__ import annotations

import io
from typing import Any

from fleet.evaluator.language import calls
from fleet.evaluator.language.imports import import_module
from fleet.evaluator.objects import (
    attributes,
)
from fleet.evaluator.objects.operations import python_type
from fleet.library.builtins.numbers_and_texts import NumbersAndTexts


class Outside(NumbersAndTexts):
    """print, open, input and exit."""

    def print(self, *values: Any, sep: Any = None, end: Any = None, file: Any = None,
              flush: bool = False) -> None:  # fmt: skip
        file = self.m.streams["stdout"] if file is None else file
        if python_type(file) is io.TextIOWrapper:
            self.m.backend.show(values, sep, end, file.name)
        else:
            self._print_to(file, values, " " if sep is None else sep, "\n" if end is None else end)

    def _print_to(self, file: Any, values: tuple, sep: Any, end: Any) -> None:
        """print() into an object of the program's, piece by piece."""
        if attributes.find_attribute(self.m, file, "write") is None:
            raise AttributeError(
                f"'{python_type(file).__name__}' object has no attribute 'write'"
            )
        write = attributes.get_attribute(self.m, file, "write")
        for piece in self._in_order(values, sep, end):
            calls.call_value(self.m, write, (piece,), {})

    def _in_order(self, values: tuple, sep: Any, end: Any) -> Any:
        for number, value in enumerate(values):
            if number:
                yield sep
            yield self.str(value)
        yield end

    print.takes_unions = True

    def open(self, *arguments: Any, **named: Any) -> Any:
        function = import_module(self.m, "io", self.m.node).get("open")
        return calls.call_value(self.m, function, arguments, named)

    def input(self, prompt: Any = "") -> Any:
        return self.m.backend.read_line(prompt)

    def exit(self, code: Any = None) -> None:
        raise self.m.raised(SystemExit(code))

    quit = exit
