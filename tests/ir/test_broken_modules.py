"""Modules with something wrong: each is rejected, at the place and with the words that it says.

`broken/*.mlir` hold one after the other, in mlir-opt's way of expecting errors. Where mlir-opt is
installed it rejects all of upstream dialects, too.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import fleet.driver  # noqa: F401 - registers all dialects
from fleet.opt.session import SEPARATOR, Request, optimise

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.mlir"))
OURS = {"loop", "numpy", "rv", "vm"}
"""Files of dialects that MLIR does not have."""


def chunks(path: Path) -> list[str]:
    return path.read_text().split(f"{SEPARATOR}\n")


def test_there_are_many_of_many_kinds() -> None:
    assert sum(len(chunks(path)) for path in BROKEN) >= 200
    for path in BROKEN:
        for chunk in chunks(path):
            assert "// expected-error" in chunk


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_one_is_rejected_as_it_expects(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = Request(separator=SEPARATOR, expected=True)
    result = optimise(request, path.read_text(), str(path), path.parent)
    assert not result.failed, capsys.readouterr().err


@pytest.mark.parametrize(
    "path", [path for path in BROKEN if path.stem not in OURS], ids=lambda path: path.stem
)
def test_mlir_rejects_every_one(path: Path) -> None:
    tool = shutil.which("mlir-opt-19")
    if tool is None:
        pytest.skip("mlir-opt-19 is not installed")
    run = subprocess.run(
        [tool, "--split-input-file", path], capture_output=True, text=True, timeout=60
    )
    split = rf"within split at {re.escape(str(path))}:(\d+) offset :\d+:\d+: error"
    wrong = {int(line) for line in re.findall(split, run.stderr)}
    line = 1  # of the separator before the chunk
    for chunk in chunks(path):
        assert line in wrong, chunk
        line += chunk.count("\n") + (line > 1)
