"""Layers and their rooms: imports run one way, and no files form a circle."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import fleet

ROOT = Path(fleet.__file__).parent


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in ROOT.rglob("*.py")}


def imports(module: str) -> set[str]:
    """The modules of Fleet that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= named & MODULES.keys() or {node.module} & MODULES.keys()
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & MODULES.keys()
    return found - {module}


def in_room(room: str) -> list[str]:
    return [name for name in MODULES if f"{name}.".startswith(f"fleet.{room}.")]


def test_no_files_import_each_other_in_a_circle() -> None:
    """For the sake of types alone neither."""
    graph = {name: imports(name) for name in MODULES}
    assert len(graph) > 300
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize(
    ("room", "forbidden"),
    [
        ("syntax", ("evaluator", "library", "ir", "dialects", "passes")),
        ("evaluator", ("library", "passes", "codegen", "vm", "frontend")),
        ("library", ("passes", "codegen", "vm", "frontend")),
        ("ir", ("syntax", "evaluator", "library", "dialects", "passes", "opt")),
        ("dialects", ("passes", "codegen", "vm", "emu", "judges", "api")),
        ("passes", ("codegen", "vm", "emu", "judges", "api")),
        ("codegen", ("passes", "vm", "emu", "judges", "api")),
        ("vm", ("syntax", "evaluator", "library", "passes", "codegen", "emu", "judges", "frontend",
                "api")),
        ("emu", ("syntax", "evaluator", "library", "ir", "passes", "codegen", "vm", "judges",
                 "api")),
        ("opt", ("syntax", "evaluator", "library", "passes", "codegen", "vm", "frontend", "api")),
        ("exporting", ("vm", "emu", "judges", "api", "commands")),
        ("commands", ("api",)),
    ],
)
def test_imports_between_rooms_run_one_way(room: str, forbidden: tuple[str, ...]) -> None:
    for name in in_room(room):
        for other in imports(name):
            assert other.partition(".")[2].split(".")[0] not in forbidden, f"{name} imports {other}"


@pytest.mark.parametrize("layer", ["passes", "passes.kernels", "codegen", "asm", "ir"])
def test_imports_between_the_rooms_of_a_layer_run_one_way(layer: str) -> None:
    depth = layer.count(".") + 2

    def room_of(name: str) -> str:
        parts = name.split(".")
        return parts[depth] if ROOT.joinpath(*parts[1 : depth + 1]).is_dir() else "."

    names = [name for name in in_room(layer) if name.count(".") >= depth]
    if layer == "ir":  # outside its rooms lie what they stand on, and the interpreter on top
        names = [name for name in names if room_of(name) != "."]
    graph: dict[str, set[str]] = {room_of(name): set() for name in names}
    assert len(graph) > 3
    for name in names:
        others = {other for other in imports(name) if other in names}
        graph[room_of(name)] |= {room_of(other) for other in others} - {room_of(name)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


EVALUATOR = ("values", "state", "objects", "control", "iterators", "language")
"""The evaluator's rooms, each of which stands on those before it."""


def test_imports_between_rooms_of_the_evaluator_run_one_way() -> None:
    for number, room in enumerate(EVALUATOR):
        later = EVALUATOR[number + 1 :]
        found = in_room(f"evaluator.{room}")
        assert found
        for name in found:
            rooms = {other.split(".")[2] for other in imports(name)
                     if other.startswith("fleet.evaluator.")}  # fmt: skip
            assert not rooms & set(later), f"{name} imports {rooms & set(later)}"
