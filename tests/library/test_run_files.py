"""Files that a program opens while it runs are CPython's, below one folder: compared with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import fleet
from fleet.diagnostics import FleetError

PROGRAMS = Path(__file__).parent / "file_programs"
ARGUMENTS = {
    "texts": ["abc", "5", "folder", "gone.txt"], "arrays": ["4", "table.csv", "turned.npy"],
    "folders": ["out"], "modes": ["4", "gone"], "loaded": ["4", "q.npy"], "tables": ["4", "a"],
    "paths": ["out"],
}  # fmt: skip


def _folder(path: Path) -> Path:
    (path / "folder").mkdir(parents=True)
    return path


def _files(folder: Path) -> dict[str, bytes]:
    """What is below a folder, by name; of folders nothing but that they are there."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
            for path in folder.rglob("*")}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "executor"),
    [("texts", "ast"), ("texts", "ir"), ("texts", "vm"), ("texts", "emu"), ("arrays", "ast"),
     ("arrays", "emu"), ("folders", "ast"), ("folders", "emu"), ("modes", "ast"), ("modes", "emu"),
     ("loaded", "ast"), ("loaded", "emu"), ("tables", "ast"), ("tables", "emu"),
     ("paths", "emu")],
)  # fmt: skip
def test_what_is_written_and_read_is_what_cpython_writes_and_reads(
    name: str, executor: str, tmp_path: Path
) -> None:
    program = PROGRAMS / f"{name}.py"
    theirs, ours = _folder(tmp_path / "theirs"), _folder(tmp_path / "ours")
    expected = subprocess.run(
        [sys.executable, "-X", "utf8", program, *ARGUMENTS[name]], cwd=theirs,
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    got = fleet.run(program, *ARGUMENTS[name], on=executor, root=ours)
    assert got.stdout == expected.stdout
    assert got.status == expected.returncode
    assert got.stderr.splitlines()[-1:] == expected.stderr.splitlines()[-1:]
    assert _files(ours) == _files(theirs) != {}


def _run(tmp_path: Path, text: str, *arguments: str, on: str = "ir", **options: object) -> str:
    program = tmp_path / "program" / "program.py"
    program.parent.mkdir(exist_ok=True)
    program.write_text(text, encoding="utf-8")
    result = fleet.run(program, *arguments, on=on, **options)
    return result.stdout + result.stderr


@pytest.mark.parametrize("executor", ["ast", "ir", "vm", "emu"])
def test_without_a_root_there_are_no_files(executor: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("secret", encoding="utf-8")
    text = "import sys\ntry:\n    print(open(sys.argv[1]).read())\nexcept OSError:\n    print(1)\n"
    with pytest.raises(FleetError, match="this run has none") as caught:
        _run(tmp_path, text, str(tmp_path / "x"), on=executor)
    assert "--root" in (caught.value.hint or "")


def test_without_a_root_nothing_is_there_that_is_not_data(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("secret", encoding="utf-8")
    text = f"import os\nprint(os.path.exists({str(tmp_path / 'x')!r}), os.path.isdir('/'))\n"
    assert _run(tmp_path, text, on="ast") == _run(tmp_path, text) == "False False\n"


@pytest.mark.parametrize("path", ["../secret", "/../secret", "link", "inside/../../secret"])
def test_nothing_outside_the_root_is_reached(path: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    root = tmp_path / "root"
    (root / "inside").mkdir(parents=True)
    (root / "link").symlink_to(tmp_path / "secret")
    found = _run(tmp_path, "import sys\nprint(open(sys.argv[1]).read())\n", path, root=root)
    assert found.endswith(f"FileNotFoundError: [Errno 2] No such file or directory: {path!r}\n")


def test_a_file_beside_the_program_is_read_when_it_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "data.txt").write_text("3\n4\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    text = """
import numpy as np
with open("data.txt") as f:
    a = np.zeros(int(f.readline()))
    print(a.shape, f.read(), [line for line in open("data.txt")])
"""
    assert _run(tmp_path, text) == "(3,) 4\n ['3\\n', '4\\n']\n"
    with pytest.raises(FleetError, match="was read or looked for when the program was built"):
        _run(tmp_path, text + "open('data.txt', 'w')\n")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("np.load(sys.argv[1])", "without its dtype and rank"),
        ("np.load(sys.argv[1]).astype(float) + 1", "without its dtype and rank"),
        ("np.genfromtxt(sys.argv[1], names=True)", "names=True"),
        ("np.genfromtxt(sys.argv[1], dtype=None)", "dtype=None"),
        ("np.loadtxt(sys.argv[1])", "and rank 1 .* built for dtype float64 and rank 2"),
    ],
)
def test_arrays_of_which_too_little_is_known(line: str, message: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    np.savetxt(root / "x", np.arange(3))
    with pytest.raises(FleetError, match=message):
        _run(tmp_path, f"import sys\nimport numpy as np\nprint({line})\n", "x", root=root)
