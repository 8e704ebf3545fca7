"""Dumps of trees as `tree.dump` writes them, read in one pass.

In: the text of `tree.dump`. Out: its root, or None for a text that has to be read with care, be it
only to say what is wrong with it. The one idea: a regular expression finds the beginning of each
value (a node, a list, a constant) with the field that it is for and all brackets that close behind
it; so there is a step for each value and not for each token, and the open ones are a stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from fleet.diagnostics import FleetError
from fleet.syntax import tree

_VALUE = re.compile(
    r"""(\s*(?:(\w+)=)?(?:([A-Za-z]\w*)\(|(\[)|"""
    r"""(b?'(?:[^'\\\n]|\\.)*'|b?"(?:[^"\\\n]|\\.)*"|-?[\d.][\w.+-]*|None|True|False|Ellipsis|-?infj?))"""
    r"""([)\]]*),?)"""
)
_CONSTANTS = {"None": None, "True": True, "False": False}


class _Kind:
    """What is to know of a node's class: the type of each field and attribute, and what a node has
    that is not given it (None: it has to be)."""

    __slots__ = ("cls", "defaults", "types")

    def __init__(self, cls: type[tree.AST]) -> None:
        self.cls = cls
        self.types = {**cls._types, **dict.fromkeys(cls._attributes, "int")}
        self.defaults = [(name, wanted[-1]) for name, wanted in cls._types.items()]

    def node(self, fields: dict[str, Any]) -> tree.AST | None:
        """The node with these fields; None where one is missing."""
        made = self.cls.__new__(self.cls)
        for name, value in fields.items():
            setattr(made, name, value)
        if len(fields) != len(self.types):
            for name, ending in self.defaults:
                if name not in fields:
                    if ending not in "?*":
                        return None
                    setattr(made, name, [] if ending == "*" else None)
        return made


_KINDS = {
    name: _Kind(cls) for name, cls in tree.CLASSES.items() if "_types" in vars(cls)
}


class _Open:
    """A node or list that is being read, and the field that it is for.

    item: the type of a list's elements; kind: that of a node.
    """

    __slots__ = ("field", "fields", "item", "items", "kind")

    def __init__(self, field: str, kind: _Kind | None, item: str) -> None:
        self.field = field
        self.kind = kind
        self.item = item
        self.items: list[Any] = []
        self.fields: dict[str, Any] = {}


def read_quickly(text: str, constant: Callable[[str], Any]) -> tree.AST | None:
    """The tree of a text that is spelled as `tree.dump` does it.

    constant: what a constant means that is neither a plain string nor a natural number.
    """
    found = _VALUE.findall(text)
    if not found or sum([len(row[0]) for row in found]) != len(text.rstrip()):
        return None
    opened: list[_Open] = []
    holder = _Open("", None, "AST")
    root = holder
    last = len(found) - 1
    for number, (whole, field, name, bracket, literal, closing) in enumerate(found):
        if holder.kind is None:
            wanted = None if field else holder.item
        else:
            wanted = None if field in holder.fields else holder.kind.types.get(field)
        is_whole = literal or closing
        if wanted is None or (whole[-1] == ",") != bool(is_whole and number != last):
            return None
        if literal:
            if literal.isdigit():
                value = int(literal)
            else:
                try:
                    value = _constant(literal, constant)
                except FleetError:
                    return None
            if wanted != "int" and (wanted[-1] == "*" or not fits(value, wanted)):
                return None
            if wanted == "int" and type(value) is not int:
                return None
            if holder.kind is None:
                holder.items.append(value)
            else:
                holder.fields[field] = value
        else:
            kind = _KINDS.get(name)
            if kind is None and name or bool(bracket) != (wanted[-1] == "*"):
                return None
            if kind is not None and not issubclass(kind.cls, _class_of(wanted)):
                return None
            opened.append(holder)
            holder = _Open(field, kind, wanted[:-1])
            if len(opened) > 2 * tree.MAX_DEPTH:
                return None
        for mark in closing:
            if not opened or (mark == ")") != (holder.kind is not None):
                return None
            done, holder = holder, opened.pop()
            made = done.items if done.kind is None else done.kind.node(done.fields)
            if made is None:
                return None
            if holder.kind is None:
                holder.items.append(made)
            else:
                holder.fields[done.field] = made
    return root.items[0] if holder is root and len(root.items) == 1 else None


@cache
def _class_of(wanted: str) -> type:
    kind = wanted.rstrip("?")
    return tree.AST if kind == "AST" else tree.CLASSES.get(kind, int)


def _constant(literal: str, careful: Callable[[str], Any]) -> Any:
    """The value of a constant that is no natural number."""
    if literal[0] in "'\"" and "\\" not in literal:
        return literal[1:-1]
    return _CONSTANTS[literal] if literal in _CONSTANTS else careful(literal)


def fits(value: Any, wanted: str) -> bool:
    """Whether a value is of a type of the table (see `tree`)."""
    kind = wanted.rstrip("?")
    if value is None and kind != wanted:
        return True
    if kind == "constant":
        return not isinstance(value, tree.AST)
    if kind in ("str", "int"):
        return type(value).__name__ == kind
    return isinstance(value, tree.AST if kind == "AST" else tree.CLASSES[kind])
