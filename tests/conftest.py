"""What all tests share: finding the independent judges (objdump, mlir-opt, qemu) or skipping."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""What tests start would compile Fleet anew, which takes four times as long as to load it."""


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: Python need not look for garbage there, nor as often
    among what programs make: this takes a fifth of the time of all tests else."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


@pytest.fixture(autouse=True)
def recursion_limit() -> Iterator[None]:
    """Programs that recurse deep leave Python's limit raised in their process."""
    before = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(before)


@pytest.fixture
def tool() -> Callable[..., str]:
    """`tool("llvm-mc-19", "llvm-mc")`: the path of the first one found, else skip."""

    def find(*names: str) -> str:
        for name in names:
            path = shutil.which(name)
            if path is not None:
                return path
        pytest.skip(f"needs {' or '.join(names)}, which this machine does not have")

    return find


@pytest.fixture
def later_tool() -> Callable[[str], str]:
    """A program of Debian 13, such as GNU as 2.44: where `tools/trixie.sh` puts them, else skip."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trixie/bin"

    def find(name: str) -> str:
        path = shutil.which(name, path=folder)
        if path is None:
            pytest.skip(f"needs {name} of Debian 13, which tools/trixie.sh would unpack")
        return path

    return find
