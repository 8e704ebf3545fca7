"""Programs with something for every layer to do wrong, and judges that are installed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.comparison import bisect

NORMALISE = """\
import sys
import numpy as np

n = int(sys.argv[1])
a = np.arange(n * 6, dtype=np.float32).reshape(n, 6) / 7
centred = a - a.mean(axis=1, keepdims=True)
scaled = centred / np.sqrt((centred * centred).sum(axis=1, keepdims=True) + 1)
mixed = np.tanh(scaled.T @ a - scaled[0, 0])
print(mixed)
print(n * 3 - 2, np.exp(scaled[0] * np.float32(0.5)) - 1)
"""

SPILLING = """\
import sys
import numpy as np

n = int(sys.argv[1])
x = np.arange(n * 40, dtype=np.float32).reshape(40, n)
rows = [x[i] * 2 + i for i in range(40)]
s = rows[0]
for row in rows[1:]:
    s = np.sqrt(s * row)
t = s
for row in rows:
    t = t - row / s
print(t)
"""


@pytest.fixture
def normalise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A program and its arguments."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "normalise.py").write_text(NORMALISE)
    return ["normalise.py", "5"]


@pytest.fixture
def spilling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A program, one kernel of which has more buffers than there are registers."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spilling.py").write_text(SPILLING)
    return ["spilling.py", "5"]


MOST_RUNS = 150
"""Of the program, and of kernels on all layers, for programs of about ten kernels."""


@pytest.fixture
def bisected(capsys: pytest.CaptureFixture[str]) -> Callable[[list[str]], str]:
    """What `fleet bisect` finds; it must find something, in few executions."""

    def run(argv: list[str]) -> str:
        assert bisect(argv) == 1
        text = capsys.readouterr().out
        count = int(re.search(r"^(\d+) executions: ", text, re.MULTILINE)[1])
        assert count <= MOST_RUNS, text
        return text

    return run
