"""The text of a live Python object, as a tree of our own front end.

In: a function's code object, or a class. Out: its node, with the places of the file that it is
from. The one idea: Python knows where a function's text begins; only that block is parsed, behind
as many empty lines as there are before it, so that lines and columns are the file's.
"""

from __future__ import annotations

import functools
import inspect
import types
import warnings

from fleet.diagnostics import FleetError, Location
from fleet.syntax import tree
from fleet.syntax.parser import parse

_FUNCTIONS: tuple[type, ...] = (tree.FunctionDef, tree.AsyncFunctionDef)


def function_node(code: types.CodeType) -> tree.AST:
    """The FunctionDef or Lambda that a code object was compiled from. Raises FleetError."""
    if code.co_name == "<lambda>":
        return _lambda(code)
    lines = tuple(_lines(code))
    at = code.co_filename, code.co_firstlineno
    node = _block(*at, code.co_name, lines, code.co_freevars)
    is_function = isinstance(node, _FUNCTIONS)
    if not is_function or _parameters(node) != _parameters_of(code):
        raise _changed(code)
    return node


def class_node(cls: type) -> tree.AST:
    """The ClassDef of a class. Raises FleetError."""
    try:
        file = inspect.getsourcefile(cls) or inspect.getfile(cls)
        lines, first = inspect.getsourcelines(cls)
    except (OSError, TypeError):
        raise FleetError(
            f"the source of the class `{cls.__qualname__}` cannot be had",
            hint="define it in a file",
        ) from None
    node = _block(file, max(first, 1), cls.__name__, tuple(lines), ())
    is_class = isinstance(node, tree.ClassDef)
    if not is_class:
        raise FleetError(f"the source of the class `{cls.__qualname__}` has changed")
    return node


def place_of(code: types.CodeType) -> Location:
    """Where a function begins."""
    return Location(code.co_filename, code.co_firstlineno)


def _all_lines(code: types.CodeType) -> list[str]:
    try:
        lines, _ = inspect.findsource(code)
    except (OSError, TypeError, IndexError):
        lines = []
    if not 0 < code.co_firstlineno <= len(lines):
        raise FleetError(
            f"the source of the function `{code.co_name}` cannot be had (it is from "
            f"{code.co_filename})",
            hint="define it in a file: Fleet compiles a function from its text",
        )
    return lines


def _lines(code: types.CodeType) -> list[str]:
    """The lines of a function's definition, decorators first."""
    return inspect.getblock(_all_lines(code)[code.co_firstlineno - 1 :])


@functools.lru_cache(maxsize=1024)
def _block(
    file: str, first: int, name: str, lines: tuple[str, ...], variables: tuple[str, ...]
) -> tree.AST:
    """The definition in some lines of a file, the first of which has this number.

    variables: those of functions around it that it uses.
    """
    before = "\n" * (first - 1)
    indented = lines[0][:1].isspace() and first > 1
    if indented:
        before = "\n" * (first - 2) + f"def around({', '.join(variables)}):\n"
    body = _parse(before + "".join(lines), file).body
    if indented:
        body = body[0].body
    for node in body:
        if isinstance(node, tree.AST) and getattr(node, "name", None) == name:
            return node
    raise FleetError(f"`{name}` is not what its file has now", Location(file, first))


@functools.lru_cache(maxsize=256)
def _parse(text: str, file: str) -> tree.AST:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's own compiler has given them
        return parse(text, file)


def _lambda(code: types.CodeType) -> tree.AST:
    """A lambda is a part of a statement, and there may be several on a line."""
    module = _parse("".join(_all_lines(code)), code.co_filename)
    found: list[tree.AST] = [
        node for node in _walk(module)
        if isinstance(node, tree.Lambda) and node.location.line == code.co_firstlineno
        and _parameters(node) == _parameters_of(code)
    ]  # fmt: skip
    if not found:
        raise _changed(code)
    if len(found) > 1:
        raise FleetError(
            "there are several such lambdas on this line", place_of(code),
            hint="give each a line of its own, or use `def`",
        )  # fmt: skip
    return found[0]


def _walk(node: tree.AST) -> list[tree.AST]:
    nodes = [node]
    for one in nodes:
        nodes += tree.iter_child_nodes(one)
    return nodes


def _parameters(node: tree.AST) -> tuple[str, ...]:
    """Names as a code object orders them."""
    given = node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return (*names, *(one.arg for one in (given.vararg, given.kwarg) if one is not None))


def _parameters_of(code: types.CodeType) -> tuple[str, ...]:
    starred = [code.co_flags & flag for flag in (inspect.CO_VARARGS, inspect.CO_VARKEYWORDS)]
    count = code.co_argcount + code.co_kwonlyargcount + sum(map(bool, starred))
    return code.co_varnames[:count]


def _changed(code: types.CodeType) -> FleetError:
    return FleetError(
        f"the source of the function `{code.co_name}` is not what its file has now",
        place_of(code), hint="load the module again",
    )  # fmt: skip
