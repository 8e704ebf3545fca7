"""Our trees beside those of CPython's `ast`, and which programs each of the two refuses.

Our grammar is CPython 3.11's, so 3.11 is the exact judge, positions included. Of another version is
compared what both have: it prints trees in another way, has fields for what is new (`type_params`),
and places the pieces of f-strings elsewhere, empty ones among them. Which programs it refuses
differs where `OTHERWISE` says so.
"""

from __future__ import annotations

import ast
import re
import sys

from fleet.diagnostics import FleetError
from fleet.syntax import tree
from fleet.syntax.parser import parse

VERSION = sys.version_info[:2]
EXACT = VERSION == (3, 11)
OTHERWISE = re.compile(
    r"except\s*\*|\[.*\*|\*\w+: \*"  # new in 3.11: groups, stars in subscripts (PEP 654 and 646)
    if VERSION < (3, 11)
    else r"(?i:\b(?:f|rf|fr)['\"])"  # f-strings are of the grammar (PEP 701)
    r"|\btype\b|(?:def|class) \w+\s*\["  # parameters of types (PEP 695)
    r"|__future__",  # only at the beginning, and of that module
    re.DOTALL,
)
"""In programs that another version of CPython may judge in another way than 3.11."""


def ours(text: str) -> tree.AST | None:
    """Our tree of a program, or None where we reject it."""
    try:
        return parse(text, "program.py")
    except FleetError as error:
        assert error.location is not None and error.location.line >= 1, text
        assert error.render()
        return None


def accepted(text: str) -> bool:
    """Whether CPython compiles a program."""
    try:
        compile(text, "program.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, OverflowError):
        return False
    return True


def parsed(text: str) -> bool:
    """Whether CPython parses a program, which it need not compile."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def assert_same_verdict(text: str) -> bool:
    """CPython and we both accept or both reject; and if so, to the same tree."""
    mine, theirs = ours(text), accepted(text)
    if (mine is not None) != theirs:
        verdict = f"CPython {'accepts' if theirs else 'rejects'}:\n{text}"
        assert not EXACT and OTHERWISE.search(text), verdict
    elif mine is not None:
        assert_same_tree(text, "program.py", mine)
    return theirs


def reference_dump(text: str) -> str:
    return ast.dump(ast.parse(text), include_attributes=True)


def neutral(node: object, positions: bool = True) -> object:
    """A tree, theirs or ours, as nested tuples without what differs between Python's versions."""
    if isinstance(node, list):
        return [neutral(item, positions) for item in node]
    fields = getattr(tree.CLASSES.get(type(node).__name__), "_fields", None)
    if fields is None:
        return node if node == node else repr(node)
    within = positions and type(node).__name__ != "JoinedStr"
    place = tuple(getattr(node, name, None) for name in tree.Located._attributes)
    if type(node).__name__ == "JoinedStr":  # later versions keep empty pieces of text
        node.values = [one for one in node.values if getattr(one, "value", None) != ""]
    return (
        type(node).__name__,
        place if positions else None,
        [neutral(getattr(node, name, None), within) for name in fields if name != "kind"],
    )


def assert_same_tree(text: str, name: str, mine: tree.AST | None = None) -> None:
    mine = mine or parse(text, name)
    if EXACT:
        assert tree.dump(mine, include_attributes=True) == reference_dump(text), text
    else:
        assert neutral(mine) == neutral(ast.parse(text)), text
