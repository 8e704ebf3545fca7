"""NumPy's functions in Python: every name that they use is one, and is defined once."""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from pathlib import Path

import numpy as np

from fleet.library.numpy.prelude_names import FOLDER, index

FILES = [path for path in sorted(FOLDER.rglob("[!_]*.py")) if path.parent.name != "random"]
GIVEN = {"unsupported"}
"""What the scope of the prelude holds beside its files' names, NumPy's and Python's."""


def _top_level(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [part.id for target in node.targets for part in ast.walk(target)
                      if isinstance(part, ast.Name) and type(part.ctx) is ast.Store]  # fmt: skip
    return names


def _bound(module: ast.Module) -> set[str]:
    """All names that a file binds anywhere."""
    found: set[str] = set()
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.arg():
                found.add(node.arg)
            case ast.Name(ctx=ast.Store()):
                found.add(node.id)
            case ast.alias():
                found.add(node.asname or node.name)
            case ast.ExceptHandler() if node.name:
                found.add(node.name)
    return found


def test_no_name_of_the_prelude_is_defined_twice() -> None:
    counts = Counter(name for path in FILES for name in _top_level(path))
    assert [name for name, count in counts.items() if count > 1] == []
    assert counts.keys() == index().keys()


def test_every_name_that_the_prelude_uses_is_defined() -> None:
    missing = []
    for path in FILES:
        module = ast.parse(path.read_text(encoding="utf-8"))
        own = _bound(module)
        missing += [
            f"{path.name}:{node.lineno}: {node.id}" for node in ast.walk(module)
            if isinstance(node, ast.Name) and node.id not in own and node.id not in index()
            and node.id not in GIVEN and not hasattr(builtins, node.id)
            and not hasattr(np, node.id)
        ]  # fmt: skip
    assert missing == []


def test_no_import_hides_a_name_of_the_prelude() -> None:
    """Its files share one scope, so an import would be what other files, and programs, get."""
    defined = index()
    hidden = []
    for path in FILES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom):
                names = [one.asname or one.name for one in node.names]
                hidden += [(path.name, name) for name in names if name in defined]
    assert hidden == []
