"""What all tests share: finding the independent judges (objdump, mlir-opt, qemu) or skipping."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest


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
