"""Fleet: an ahead-of-time compiler from Python and NumPy to RISC-V vector machine code.

    import fleet

    fleet.run("program.py", "argument").stdout    # as `python -m fleet run`
    fleet.build("program.py").write("out.elf")    # as `python -m fleet build`

    fleet.export(f, x).write("f.mlir")            # as `python -m fleet export`

    @fleet.jit
    def f(x): ...                                 # compiled at the first call, runs on the emulator

What is imported here loads nothing of the compiler before it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fleet.api.exported import Exported, export
    from fleet.api.jit import CacheInfo, Jitted, jit
    from fleet.api.programs import Executable, Lowered, Result, build, lower, run
    from fleet.diagnostics import FleetError

__version__ = "0.1.0"

__all__ = [
    "CacheInfo", "Executable", "Exported", "FleetError", "Jitted", "Lowered", "Result", "build",
    "export", "jit", "lower", "run",
]  # fmt: skip

_HOMES = {
    "CacheInfo": "fleet.api.jit", "Jitted": "fleet.api.jit", "jit": "fleet.api.jit",
    "Exported": "fleet.api.exported", "export": "fleet.api.exported",
    "Executable": "fleet.api.programs", "Lowered": "fleet.api.programs",
    "Result": "fleet.api.programs", "build": "fleet.api.programs", "lower": "fleet.api.programs",
    "run": "fleet.api.programs", "FleetError": "fleet.diagnostics",
}  # fmt: skip
"""Name -> the module that it is from."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'fleet' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
