"""Paths as texts: what `os.path` and `pathlib` make of them, now or then.

In: texts, known now or at run time, and objects that have a `__fspath__`. Out: texts, and tuples of
them. The one idea: a path is a text and nothing else, so what is made of it is the host's own
function of texts, done now where they are known and by the host's service otherwise.
"""

from __future__ import annotations

import os.path
import posixpath
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fleet.evaluator.objects import special_methods
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects
from fleet.evaluator.values.then import Number, Object, Text, Then
from fleet.objects.paths import PATH_METHODS

_TEXTS = "join dirname basename normpath normcase".split()
_PAIRS = "split splitext splitdrive".split()
_HERE = "abspath realpath relpath commonpath commonprefix".split()
"""Those that ask where the program is, or take a list."""


def text_of(m: Machine, path: Any, what: str = "this") -> Any:
    """The text of a path. Raises TypeError."""
    if isinstance(path, str) or isinstance(path, Text) and path.kind == "str":
        return path
    method = special_methods.method_of(path, "__fspath__")
    if method is not None:
        return special_methods.call(m, method, path)
    if isinstance(path, Object):
        return objects.function(m.backend.e, "path.given", [path], "str")
    if isinstance(path, bytes | Text):
        raise m.error(f"{what} takes a path as a str or Path here")
    kind = path.type_name if isinstance(path, Then) else type(path).__name__
    raise TypeError(f"expected str, bytes or os.PathLike object, not {kind}")


def is_path(m: Machine, value: Any) -> bool:
    """Whether a value is a path, or an object that has one."""
    return isinstance(value, str) or isinstance(value, Text) and value.kind == "str" or (
        isinstance(value, Object) and value.kind is None
        or special_methods.method_of(value, "__fspath__") is not None)  # fmt: skip


def path_functions(m: Machine) -> dict[str, Any]:
    """Functions of `os.path` that only look at texts."""

    def of_texts(name: str) -> Callable[..., Any]:
        real = getattr(posixpath, name)

        def function(*paths: Any) -> Any:
            texts = [text_of(m, path, f"os.path.{name}") for path in paths]
            if not any(isinstance(text, Then) for text in texts):
                return real(*texts)
            if name in _PAIRS:
                return tuple(
                    objects.function(m.backend.e, "path_part", [name, at, *texts], "str")
                    for at in range(2)
                )
            if name == "isabs":
                return texts[0].startswith("/") if isinstance(texts[0], str) else (
                    objects.function(m.backend.e, "os.path.isabs", texts, "bool"))  # fmt: skip
            return objects.function(m.backend.e, f"os.path.{name}", texts, "str")

        function.__name__ = name
        if name == "join":
            function.spread = lambda whole: objects.function(
                m.backend.e, "called_with", ["os.path.join", whole], "str")
        return function

    def of_known(name: str) -> Callable[..., Any]:
        real = getattr(os.path, name)

        def function(path: Any, *more: Any) -> Any:
            if isinstance(path, list | tuple):
                given: Any = [text_of(m, one, f"os.path.{name}") for one in path]
            else:
                given = text_of(m, path, f"os.path.{name}")
            more = tuple(text_of(m, one, f"os.path.{name}") for one in more)
            known = given if isinstance(given, list) else [given]
            if any(isinstance(text, Then) for text in (*known, *more)):
                raise m.error(f"os.path.{name} of a path that only run time knows is not supported")
            return real(given, *more)

        function.__name__ = name
        return function

    return {name: of_texts(name) for name in (*_TEXTS, *_PAIRS, "isabs")} | {
        name: of_known(name) for name in _HERE}  # fmt: skip


def path_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """For `pathlib`."""

    def path_of(path: Any) -> Any:
        return text_of(m, path, "open()")

    def path_text(name: str, *given: Any) -> Any:
        """What PurePosixPath's `name` gives, as a text, a bool or a tuple of texts."""
        function, gives = PATH_METHODS[name]
        if not any(isinstance(one, Then) for one in given):
            return function(*given)
        found = objects.function(m.backend.e, f"path.{name}", list(given), gives)
        return found if isinstance(found, Text | Number) else found

    def path_now(name: str, text: Any) -> Any:
        """`resolve` or `absolute`."""
        if isinstance(text, Then):
            raise m.error(f"Path.{name}() of a path that only run time knows is not supported")
        return str(getattr(Path(text), name)())

    return {"path_of": path_of, "path_text": path_text, "path_now": path_now}
