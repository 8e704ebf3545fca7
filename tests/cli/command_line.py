"""Running commands as a user does, in this process or in one of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from fleet.cli import main

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    "PYTHONPATH": str(ROOT),
    "OPENBLAS_NUM_THREADS": "1",
}
COMMAND = [sys.executable, "-m", "fleet"]


@dataclass(frozen=True)
class Result:
    status: int
    stdout: str
    stderr: str


class CommandLine:
    """Runs commands in this process, and so quickly."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: object) -> Result:
        self._capture.readouterr()
        status = main([str(argument) for argument in arguments])
        out, err = self._capture.readouterr()
        return Result(status, out, err)

    def rejects(self, *arguments: object) -> str:
        """The message of a command that must fail with exit status 1."""
        result = self(*arguments)
        assert result.status == 1, result
        assert_one_message(result.stderr)
        return result.stderr


def assert_one_message(text: str) -> None:
    """One rejection, in one place, and no traceback of ours."""
    assert text.count("error: ") == 1, text
    assert "Traceback" not in text
    assert "internal error" not in text


def fleet(*arguments: object, cwd: Path = ROOT, **options: object) -> subprocess.CompletedProcess:
    """Run a command in a process of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, **options,
    )  # fmt: skip
