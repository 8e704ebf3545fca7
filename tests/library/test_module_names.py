"""Every public name of every module of Python's that programs can import is there, or refused by
its name when the program is built; no name is said not to exist that does."""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from fleet.diagnostics import FleetError
from fleet.evaluator.language.imports import INTERNAL, import_module
from fleet.evaluator.objects import attributes
from fleet.evaluator.state.machine import Machine
from fleet.frontend import library_machine
from fleet.library import tables

ELSEWHERE = {*INTERNAL, "numpy", "fire", "tqdm", "__future__"}
"""What is not Python's, or has no names to compare."""
PLACES = {"sys.argv", "sys.path", "csv.__doc__"}
"""Constants of the run, not of the module, and a text that is ours."""


def modules() -> list[str]:
    return sorted(
        name for name in set(_machine().modules) | set(tables.LIBRARY)
        if name.split(".")[0] not in ELSEWHERE
    )  # fmt: skip


@cache
def _machine() -> Machine:
    return library_machine()


def _public(real: ModuleType) -> list[str]:
    every = getattr(real, "__all__", None) or [n for n in dir(real) if not n.startswith("_")]
    return sorted(name for name in every if not isinstance(getattr(real, name), ModuleType))


def _is_the_same(ours: Any, real: Any) -> bool:
    """Whether a value may stand for the real one, as far as one can tell without calling it."""
    if isinstance(real, bool | int | float | complex | str | bytes | tuple | frozenset):
        return bool(ours == real) or ours != ours
    return callable(ours) == callable(real)


@pytest.mark.parametrize("name", modules())
def test_every_name_is_there_or_refused_by_its_name(name: str) -> None:
    machine, real = _machine(), importlib.import_module(name)
    module = import_module(machine, name, machine.tree)
    there = 0
    for each in _public(real):
        try:
            ours = attributes.get_attribute(machine, module, each)
        except FleetError as refused:
            assert refused.message == f"{name}.{each} is not supported"
            continue
        there += 1
        if f"{name}.{each}" not in PLACES:
            assert _is_the_same(ours, getattr(real, each)), f"{name}.{each}: {ours!r}"
    assert there, f"{name} has nothing"
