"""The chapter on Python and the README's section print what they show."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import fleet

ROOT = Path(fleet.__file__).parents[1]
LINES = r"((?:(?!```).*\n)*)"
BLOCK = re.compile(rf"^```python\n{LINES}```\n+```text\n{LINES}```$", re.MULTILINE)
SEPARATOR = "\x1e"


def replayed(page: Path, folder: Path) -> list[tuple[str, str]]:
    """What a page shows and what it prints, block by block; its blocks are one script."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    script = f"print({SEPARATOR!r})\n\n".join(code for code, _ in blocks)
    (folder / "script.py").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"], capture_output=True, text=True, cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    printed = done.stdout.replace(f"{folder}/", "").split(f"{SEPARATOR}\n")
    return list(zip([shown for _, shown in blocks], printed, strict=True))


@pytest.mark.parametrize(("page", "least"), [
    ("docs/python.md", 6), ("README.md", 1), ("docs/assembler.md", 1),
])
def test_a_page_prints_what_it_shows(page: str, least: int, tmp_path: Path) -> None:
    rows = replayed(ROOT / page, tmp_path)
    assert len(rows) >= least
    for shown, printed in rows:
        assert printed == shown
