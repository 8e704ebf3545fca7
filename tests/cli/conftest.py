"""Small programs, built once for all tests of the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import CommandLine

from fleet.binutils.assembling import assemble_file
from fleet.binutils.linking import link_files
from fleet.driver import build

PROGRAM = """\
import sys
import numpy as np

n = int(sys.argv[1])
x = np.arange(n, dtype=np.float32) * 2
print(x, np.exp(x).sum())
"""
ASSEMBLY = """\
    .globl  _start
_start:
    li      a0, 7
    li      a7, 93
    ecall
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a program, its executable and dumps, and an assembly file, object and ELF."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "small.py").write_text(PROGRAM)
    build(str(folder / "small.py"), folder / "small.elf", dump=folder / "stages")
    (folder / "seven.s").write_text(ASSEMBLY)
    assemble_file(str(folder / "seven.s"))
    link_files([str(folder / "seven.o")], str(folder / "seven.elf"))
    return folder


@pytest.fixture
def place(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, which is the current one."""
    folder = tmp_path / "place"
    shutil.copytree(built, folder)
    monkeypatch.chdir(folder)
    return folder
