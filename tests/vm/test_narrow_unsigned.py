"""Unsigned ints narrower than a register: shifts, quotients and remainders as NumPy has them."""

from __future__ import annotations

import io
import itertools
import sys
from pathlib import Path

import numpy as np
import pytest

from fleet.driver import bytecode_of
from fleet.host import Host
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine

PROGRAM = """
import sys
import numpy as np
a = np.array({values}, np.{dtype})[int(sys.argv[1])]
b = np.array({values}, np.{dtype})[int(sys.argv[2])]
print(a >> b, a << b, a // b, a % b, a >> 3, a < b, a + b, a * b, np.maximum(a, b))
print(float(a), np.ones(2) - a)
"""
COUNT = 4


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "uint64"])
def test_scalars(dtype: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = np.iinfo(dtype).max
    source = PROGRAM.format(dtype=dtype, values=[int(top), int(top // 2 + 1), 3, 7])
    path = tmp_path / "program.py"
    path.write_text(source, encoding="utf-8")
    module, bytecode, arrays = bytecode_of(str(path))
    device = LoopDevice(module)
    bytecode.link(device.addresses(arrays))
    for arguments in itertools.product(map(str, range(COUNT)), repeat=2):
        out, expected = io.StringIO(), io.StringIO()
        Machine(bytecode, device, Host([str(path), *arguments], stdout=out)).run()
        monkeypatch.setattr(sys, "argv", [str(path), *arguments])
        monkeypatch.setattr(sys, "stdout", expected)
        with np.errstate(over="ignore"):
            exec(source, {})
        monkeypatch.undo()
        assert out.getvalue() == expected.getvalue()
