"""`fleet build --march` with Zvfhmin or Zvfh: float16 in two bytes, bit for bit as NumPy has it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import CommandLine

PROGRAM = (Path(__file__).parent / "halves_bit_by_bit.py").read_text(encoding="utf-8")

SHORT = """\
import sys
import numpy as np

n = int(sys.argv[1])
np.seterr(all="ignore")
x = np.linspace(-3, 3, n).astype(np.float16)
y = np.linspace(1, 9, n).astype(np.float16)
for _ in range(10):
    y = x * y + x / y - np.float16(0.5)
    y = np.where(y < x, -y, np.sqrt(abs(y)))
print(y[:: n // 4], y.sum())
"""


def _expected(name: str, *arguments: str) -> str:
    command = [sys.executable, name, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("march", [None, "rva23u64", "rva22u64_v_zvfh"])
def test_all_bits_are_those_of_numpy(
    march: str | None, run: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = () if march is None else ("--march", march)
    Path("bits.py").write_text(PROGRAM)
    assert run("build", "bits.py", "-o", "bits.elf", *options).status == 0
    for size in ("0", "300"):
        result = run("emu", "bits.elf", size)
        assert (result.status, result.stdout) == (0, _expected("bits.py", size))


def test_fewer_instructions_the_more_the_machine_knows_of_float16(
    run: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("short.py").write_text(SHORT)
    expected = _expected("short.py", "4000")
    counts = []
    for march, has in ((None, ("vle32.v",)), ("rva23u64", ("vfwcvt.f.f.v", "vfncvt.f.f.w")),
                       ("rva23u64_zvfh", ("vfmul.vv", "vse16.v"))):  # fmt: skip
        options = () if march is None else ("--march", march)
        assert run("build", "short.py", "-o", "short.elf", *options).status == 0
        result = run("emu", "--stats", "short.elf", "4000")
        assert (result.status, result.stdout) == (0, expected)
        counts.append(json.loads(result.stderr)["instructions"])
        listing = run("dis", "short.elf").stdout
        assert all(name in listing for name in has)
        assert ("vle16.v" in listing) == (march is not None)
    assert counts[2] * 5 < counts[0] and counts[2] < counts[1] < counts[0] / 3


@pytest.mark.parametrize("march", ["rv64gc", "rv32gcv", "rva23u64_zwhatever", "rva20u64"])
def test_an_architecture_without_vectors_is_refused(march: str, run: CommandLine) -> None:
    result = run("build", "nothing.py", "--march", march)
    assert result.status == 2 and "Traceback" not in result.stderr
    assert "--march" in result.stderr
