"""What PyPI would give: a source distribution with all that the README needs, and its wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from command_line import ENVIRONMENT, ROOT

LEFT_OUT = (
    ".git", ".venv", "*_cache", "__pycache__", "*.egg-info", "build", "dist", "*.elf",
)  # fmt: skip
BACKEND = """\
import sys
import setuptools.build_meta as backend
print(getattr(backend, "build_" + sys.argv[1])(sys.argv[2]))
"""


def python(*arguments: str, cwd: Path, path: Path) -> str:
    """What Python prints, with one folder more to import from."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, timeout=300,
        env={**ENVIRONMENT, "PYTHONPATH": str(path), "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source distribution, unpacked, and the folder that its wheel is installed in."""
    folder = tmp_path_factory.mktemp("distribution")
    checkout, tools, target = folder / "checkout", folder / "tools", folder / "target"
    shutil.copytree(ROOT, checkout, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
    python("-m", "pip", "install", "-q", "--target", str(tools), "setuptools", "wheel",
           cwd=folder, path=folder)  # fmt: skip
    made = python("-c", BACKEND, "sdist", str(folder), cwd=checkout, path=tools)
    with tarfile.open(folder / made.split()[-1]) as archive:
        archive.extractall(folder)
    unpacked = folder / made.split()[-1].removesuffix(".tar.gz")
    made = python("-c", BACKEND, "wheel", str(folder), cwd=unpacked, path=tools)
    python("-m", "pip", "install", "-q", "--no-deps", "--target", str(target),
           str(folder / made.split()[-1]), cwd=folder, path=folder)  # fmt: skip
    return unpacked, target


def files(folder: Path) -> set[str]:
    return {
        os.path.relpath(os.path.join(root, name), folder)
        for root, _, names in os.walk(folder)
        for name in names
        if "__pycache__" not in root and not root.endswith((".egg-info", "_cache"))
    }


def test_the_source_distribution_has_what_the_readme_and_the_tests_need(
    installed: tuple[Path, Path],
) -> None:
    unpacked, _ = installed
    packed = files(unpacked)
    for part in ("fleet", "tests", "docs", "benchmarks", "models", "tools"):
        missing = {f"{part}/{name}" for name in files(ROOT / part)} - packed
        assert not missing
    assert {"Makefile", "README.md", "LICENSE", "setup.cfg", "pyproject.toml", ".ci/run"} <= packed


def test_the_wheel_has_a_working_demo(installed: tuple[Path, Path], tmp_path: Path) -> None:
    _, target = installed
    code = "import fleet; from fleet.__main__ import run; print(fleet.__file__); exit(run())"
    shown = python("-c", code, "demo", "Beautiful is", cwd=tmp_path, path=target)
    where, text = shown.split("\n", 1)
    assert Path(where).is_relative_to(target)
    assert text.startswith("Beautiful is better than ugly.\n")
    assert not list(tmp_path.iterdir())
