"""`import`: modules of the library, and the program's own files beside it.

In: the statements' nodes. Out: names bound to modules and to what is in them. The one idea: a
module in Python, ours or the program's, is evaluated once, in a scope of its own, where it is first
imported; which modules have been is a dictionary of the heap, so that an evaluation that is undone
leaves none behind.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fleet.diagnostics import Frame
from fleet.evaluator.objects import attributes, operations
from fleet.evaluator.objects.functions import docstring
from fleet.evaluator.objects.modules import LibraryModule, Module, UserModule
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.scopes import Names, Scope
from fleet.evaluator.values.then import Unusable, is_run_time_list
from fleet.syntax import tree
from fleet.syntax.parser import parse
from fleet.syntax.source import read_source

INTERNAL = ("primitives", "file_system")
"""Modules that only those of our library import."""
"""What the prelude is written in; programs cannot import it."""
_FIRST = frozenset(sys.builtin_module_names) | {"abc", "codecs", "io", "os", "site", "stat"}
"""Modules that CPython has imported before it looks for files beside the program."""


def import_(m: Machine, node: tree.AST) -> None:
    for alias in node.names:
        module = import_module(m, alias.name, alias)
        top = alias.name.split(".")[0]
        if alias.asname is None and "." in alias.name:
            module = import_module(m, top, alias)
        m.scope.assign(m.heap, alias.asname or top, module)


def import_from(m: Machine, node: tree.AST) -> None:
    if node.module == "__future__" and not node.level:
        lazy = any(alias.name == "annotations" for alias in node.names)
        m.scope.module.lazy = m.scope.module.lazy or lazy
    module = import_module(m, _absolute(m, node), node)
    for alias in node.names:
        m.node = alias
        if alias.name == "*":
            for name in module.public():
                supported = module.has(name) or isinstance(module, UserModule)
                value = _member(m, module, name) if supported else Unusable(
                    f"{module.name}.{name} is not supported", None)  # fmt: skip
                m.scope.assign(m.heap, name, value)
        else:
            m.scope.assign(m.heap, alias.asname or alias.name, _member(m, module, alias.name))


def _member(m: Machine, module: Module, name: str) -> Any:
    """What `from module import name` binds."""
    if isinstance(module, UserModule) and not module.has(name):
        found = _find(m, f"{module.name}.{name}")
        if found is not None:
            return found
    if not attributes.has_attribute(m, module, name):
        raise m.raised(_not_there(module, name))
    return operations.usable(m, m.native(module.get, name))


def _not_there(module: Module, name: str) -> ImportError:
    where = f"({module.file})" if isinstance(module, UserModule) else "(unknown location)"
    whose, why = f"'{module.name}'", ""
    if isinstance(module, UserModule) and module.loading:
        whose = f"partially initialized module {whose}"
        why = "most likely due to a circular import) ("
    return ImportError(
        f"cannot import name '{name}' from {whose} {where[:1]}{why}{where[1:]}", name=module.name)


def _absolute(m: Machine, node: tree.AST) -> str:
    """The full name of the module that `from ... import` names."""
    if not node.level:
        return node.module
    package = m.scope.module.values.get("__package__")
    if not package:
        raise m.raised(ImportError("attempted relative import with no known parent package"))
    parts = package.split(".")
    if node.level > len(parts):
        raise m.raised(ImportError("attempted relative import beyond top-level package"))
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, node.module] if node.module else parts)


def import_module(m: Machine, name: str, node: tree.AST) -> Any:
    """A module by its full name, and the packages around it."""
    m.node = node
    parts = name.split(".")
    module: Any = None
    for count in range(1, len(parts) + 1):
        full = ".".join(parts[:count])
        module = _find(m, full)
        if module is None:
            raise _unknown(m, full, parts[0], node)
    return module


def _find(m: Machine, name: str) -> Any:
    """A module, evaluated if it has not been; None where there is none."""
    if name in m.loaded:
        return m.loaded[name]
    file = _user_file(m, name)
    if file is not None:
        return _load_user(m, name, file)
    if name in INTERNAL and m.outside is None:
        return None
    found = m.modules.get(name)
    if found is not None:
        return found
    path = m.library.get(name)
    return None if path is None else load_library(m, name, path)


def _user_file(m: Machine, name: str) -> Path | None:
    """The program's own file of that name: a module, or a package's `__init__`."""
    if m.outside is not None or name.split(".")[0] in _FIRST:
        return None
    if is_run_time_list(m.search) or not all(isinstance(one, str) for one in m.search):
        raise m.error("sys.path must be known when the program is compiled")
    for folder in m.search:
        base = Path(folder).resolve().joinpath(*name.split("."))
        for path in (base / "__init__.py", base.with_name(base.name + ".py")):
            if path.is_file():
                return path
    base = m.files.joinpath(*name.split("."))
    return base if base.is_dir() else None


def _load_user(m: Machine, name: str, path: Path) -> UserModule:
    if m.regions:
        raise m.error(
            f"`{name}` is imported in a run-time branch, loop or recursion, where its own "
            "statements cannot be evaluated",
            "import it at the top of the program",
        )
    is_package = path.is_dir() or path.name == "__init__.py"
    program = tree.Module([], [])
    if path.is_file():
        m.readable(path)
        program = m.policy.trees.get(path) or parse(read_source(path), str(path))
        m.policy.trees[path] = m.sources[str(path)] = program
        m.on_file(program)
    preload(m, program)
    scope = Scope("module", None, Names(), "<module>")
    scope.values |= {
        "__name__": name, "__doc__": docstring(program), "__file__": str(path),
        "__package__": name if is_package else name.rpartition(".")[0],
    }  # fmt: skip
    module = UserModule(name, scope.values, str(path))
    m.heap.touch(m.loaded)
    m.loaded[name] = module
    try:
        _evaluate(m, scope, program)
    except BaseException:
        m.heap.touch(m.loaded)
        m.loaded.pop(name, None)
        raise
    module.loading = False
    parent, _, own = name.rpartition(".")
    if parent:
        package = m.loaded[parent].values
        m.heap.touch(package)
        package[own] = module
    return module


def _evaluate(m: Machine, scope: Scope, program: tree.AST) -> None:
    with m.place_kept():
        caller, location = m.scope, m.location()
        m.scope, m.frame = scope, Frame("<module>", location)
        m.callers.append(caller)
        try:
            m.run_body(program.body)
        finally:
            m.callers.pop()


@functools.cache
def _library_tree(path: Path) -> tree.AST:
    return parse(path.read_text(encoding="utf-8"), str(path))


def load_library(m: Machine, name: str, path: Path) -> LibraryModule:
    """A module of our library, from now on importable."""
    module = m.modules[name] = evaluated(m, name, path)
    return module


def supplement(m: Machine, name: str, path: Path) -> Callable[[str], Any]:
    """Names that a table lacks, from a file that is evaluated when one is asked for."""

    def find(wanted: str) -> Any:
        if wanted not in _defined_in(path):
            return None
        return supplemented(m, name, path).get(wanted)

    return find


def supplemented(m: Machine, name: str, path: Path) -> LibraryModule:
    """What is in that file."""
    if name not in m.supplements:
        m.supplements[name] = evaluated(m, name, path)
    return m.supplements[name]


@functools.cache
def _defined_in(path: Path) -> frozenset[str]:
    return frozenset(node.name for node in _library_tree(path).body
                     if isinstance(node, tree.FunctionDef | tree.ClassDef)
                     and not node.name.startswith("_"))  # fmt: skip


def evaluated(m: Machine, name: str, path: Path) -> LibraryModule:
    """Evaluate a file of our library; what it is made of is not the program's."""
    program = m.sources[str(path)] = _library_tree(path)
    preload(m, program)
    scope = Scope("module", None, Names(), "<library>")
    scope.values |= {"__name__": name, "__doc__": docstring(program)}
    imported = {
        alias.asname or alias.name for node in program.body
        if isinstance(node, tree.Import | tree.ImportFrom) for alias in node.names
    }  # fmt: skip
    module = LibraryModule(
        name, scope.values, imported, lambda what: m.error(f"{what} is not supported"))
    journals, m.heap.journals = m.heap.journals, []  # it defines what no branch could undo
    try:
        with m.place_kept():
            m.outside, m.scope = m.location(), scope
            m.run_body(program.body)
    finally:
        m.heap.journals = journals
    return module


def preload(m: Machine, program: tree.AST) -> None:
    """Evaluate the modules of our library that a file imports anywhere, before all else.

    They belong to no branch or loop of the program then.
    """
    for node in tree.walk(program):
        if isinstance(node, tree.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, tree.ImportFrom) and not node.level:
            names = [node.module]
        else:
            continue
        for name in names:
            if (name in m.library and name not in m.modules and _user_file(m, name) is None):
                load_library(m, name, m.library[name])


def _unknown(m: Machine, name: str, top: str, node: tree.AST) -> Exception:
    """Of a module that is neither the program's nor ours."""
    known = sorted((set(m.modules) | set(m.library)) - set(INTERNAL))
    is_nowhere = top not in sys.stdlib_module_names and top not in known
    if is_nowhere and m.catches(ModuleNotFoundError) and importlib.util.find_spec(top) is None:
        return m.raised(ModuleNotFoundError(f"No module named '{name}'", name=name))
    return m.error(
        f"the module `{name}` is not supported",
        f"these are: {', '.join(known)}; and files beside the program", node,
    )
