"""Tests that run side by side count and show what they do in one process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

FILES = {
    "test_good.py": "def test_says(): print('said')\ndef test_path(tmp_path): tmp_path.touch()",
    "test_bad.py": "def test_bad():\n    print('before the failure')\n    assert 1 + 1 == 3",
    "test_skipped.py": "import pytest\n@pytest.mark.skip(reason='not now')\ndef test_s(): pass",
    "test_raising.py": (
        "import pytest\n@pytest.fixture\ndef broken(): raise OSError('no')\n"
        "def test_error(broken): pass\n@pytest.mark.xfail\ndef test_x(): assert False"
    ),
}


def run(folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.side_by_side", "-p", "no:cacheprovider",
         "-rs", "--color=no", "--rootdir", str(folder), *flags, str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text + "\n")


def counts(text: str) -> str:
    return text.splitlines()[-1].split(" in ")[0].strip("= ")


def test_both_ways_count_the_same(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    alone, together = run(tmp_path, "--processes=1"), run(tmp_path, "--processes=3")
    assert counts(alone.stdout) == "1 failed, 2 passed, 1 skipped, 1 xfailed, 1 error"
    assert counts(together.stdout) == counts(alone.stdout)
    assert together.returncode == alone.returncode == 1
    for line in ("E       assert (1 + 1) == 3", "E   OSError: no", "before the failure"):
        assert line in together.stdout
    assert "said" not in together.stdout
    assert "test_skipped.py:2: not now" in together.stdout


def test_the_first_failure_ends_it(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    ended = run(tmp_path, "--processes=2", "-x")
    assert ended.returncode == 1
    assert "stopping after 1 failures" in ended.stdout


def test_a_process_that_dies_is_named(tmp_path: Path) -> None:
    dies = "import os\ndef test_dies(): os._exit(0)"
    write(tmp_path, {**FILES, "test_dies.py": dies})
    ended = run(tmp_path, "--processes=2")
    assert ended.returncode == 3
    assert "died in" in ended.stdout + ended.stderr
    assert "test_dies.py::test_dies" in ended.stdout + ended.stderr
