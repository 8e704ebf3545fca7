"""`fleet build --march`: kernels for the profiles RVA22U64 and RVA23U64."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import CommandLine

PROGRAM = """\
import sys
import numpy as np

n = int(sys.argv[1])


def mixed(a, b, c):
    s = 0
    for i in range(len(a) - 2):
        if a[i] > b[i + 1]:
            s += a[i] * 3 + c[i * 2]
        else:
            s -= min(a[i + 2], b[i])
        s = s ^ (a[i] & ~b[i])
        if s > 1000000:
            s = s % 7919
    return s


a = np.arange(n) * 7919 % 1013
b = np.arange(n) * 104729 % 997
c = np.arange(2 * n) * 31 % 257
print(mixed(a, b, c), np.minimum(a, b).max(), np.where(a > b, a, b).sum())
d, e = (a * 97).astype(np.uint16), (b - 500).astype(np.int8)
t = 5
for i in range(n):
    t = max(t + int(d[i]) * int(e[i]), -3)
print(t, (d[::2] + e[::2]).sum(), np.sort(e)[:9])
"""


@pytest.mark.parametrize("size", [3, 700])
def test_kernels_of_a_profile_do_the_same_in_fewer_instructions(
    size: int, run: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    tool: Callable[..., str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("mixed.py").write_text(PROGRAM)
    expected = subprocess.run(
        [sys.executable, "mixed.py", str(size)], capture_output=True, text=True, check=True
    ).stdout
    counts = []
    for profile, names in ((None, ()), ("rva22u64", ("zba", "zbb")), ("rva23u64", ("zicond",))):
        options = () if profile is None else ("--march", profile)
        assert run("build", "mixed.py", "-o", "mixed.elf", *options).status == 0
        result = run("emu", "--stats", "mixed.elf", str(size))
        assert (result.status, result.stdout) == (0, expected)
        counts.append(json.loads(result.stderr)["instructions"])
        read = [tool("riscv64-linux-gnu-readelf"), "-A", "mixed.elf"]
        said = subprocess.run(read, capture_output=True, text=True, check=True).stdout
        assert "_v1p0" in said and all(f"_{name}1p0" in said for name in names)
        listing = run("dis", "mixed.elf").stdout
        assert ("sh3add" in listing) == (profile is not None)
        assert ("czero.eqz" in listing) == (profile == "rva23u64")
    assert counts[2] < counts[1] < counts[0]


def test_another_profile_is_refused(run: CommandLine) -> None:
    result = run("build", "nothing.py", "--march", "rva20u64")
    assert result.status == 2 and "rva22u64, rva23u64" in result.stderr.replace("'", "")
