"""Every command and listing of the documentation gives what the page shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from replay import ROOT, Replay, blocks, pattern, session
from test_scripts import BLOCK

PAGES = ["README.md", "CONTRIBUTING.md"] + [
    f"docs/{name}.md" for name in (
        "assembler", "bytecode", "codegen", "emulator", "export", "frontend", "ir", "judges",
        "loops", "passes", "python", "walk-through",
    )
]  # fmt: skip
NEEDED = {
    "riscv64-linux-gnu-gcc": ("riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu"),
    "clang-19": ("clang-19", "clang-19"),
    "mlir-opt-19": ("mlir-opt-19 ", "mlir-19-tools"),
    "mlir-cpu-runner-19": ("mlir-cpu-runner-19 ", "mlir-19-tools"),
    "qemu-riscv64": ("  qemu  ", "qemu-user"),
    "riscv64-linux-gnu-objdump": ("  objdump  ", "binutils-riscv64-linux-gnu"),
}
"""Tools, by what stands in a session that needs them, and the packages that have them."""
IMPORTED = ("iree.compiler", "onnxruntime")
"""Packages of Python's that programs on pages import."""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_comes_out(page: str, tmp_path: Path) -> None:
    path = ROOT / page
    text = path.read_text(encoding="utf-8")
    found = list(blocks(path))
    run = "".join(block.text for block in found if block.is_session and not block.kind)
    for tool, (sign, package) in NEEDED.items():
        if sign in run and shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed ({package})")
    for package in IMPORTED:
        if f"import {package}" in text:
            pytest.importorskip(package)
    replay = Replay(tmp_path / "page")
    assert len(found) >= 3
    scripts = "".join(part for pair in BLOCK.findall(text) for part in pair)
    for block in found:
        place = f"{path.name}:{block.line}"
        assert block.is_checked or block.text in scripts, f"{place}: nothing says how it is made"
        replay.check(block)


def test_folders_and_files_that_pages_name_are_there() -> None:
    folders = ("fleet", "tests", "benchmarks", "models", "tools", "docs")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    there = [f"/{path.relative_to(ROOT)}{'/' * path.is_dir()}" for path in files]
    there += [f"/{folder}/" for folder in folders]
    missing = []
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        made = {f"{block.about}" for block in blocks(ROOT / page) if block.kind == "file"}
        named = set(re.findall(r"`([\w./-]+\.py|[\w/-]+/)`", text)) - made - {"prog.py", "/"}
        missing += [
            f"{page}: {name}" for name in sorted(named)
            if not any(path.endswith(f"/{name}") for path in there)
        ]  # fmt: skip
    assert not missing


def test_what_is_shown_is_compared_line_by_line() -> None:
    shown = ["a", "...", "b … c", "  took ~1.5 s", ""]
    assert re.fullmatch(pattern(shown), "a\nx\ny\nb 1 c\n  took 22.75 s\n\n")
    assert not re.fullmatch(pattern(shown), "a\nb 1 c\n  took long s\n\n")
    assert not re.fullmatch(pattern(shown), "a\nb 1 c\n  took 1 s\nmore\n\n")
    assert list(session("$ one\\\n  two\nout\n$ three\n")) == [
        ("one\\\n  two", ["out"]), ("three", []),
    ]  # fmt: skip


def test_a_page_that_shows_something_else_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Text.\n\n    $ echo one\n    two\n")
    replay = Replay(tmp_path / "folder")
    with pytest.raises(AssertionError, match=r"page.md:3: \$ echo one\nprints\none\nwhere"):
        replay.check(next(blocks(page)))


def test_a_part_of_a_file_may_be_indented_less_and_have_no_locations(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    replay = Replay(tmp_path / "folder")
    text = 'm {\n  a {\n    b loc("x"(callsite("f" at #l)))\n  } loc(#l)\n}\n'
    (replay.folder / "f.mlir").write_text(text)
    for shown, right in (("a {\n  b\n}", True), ("a {\nb\n}", False), ("b\n}", False)):
        page.write_text(f"<!-- from: f.mlir -->\n```mlir\n{shown}\n```\n")
        block = next(blocks(page))
        if right:
            replay.check(block)
        else:
            with pytest.raises(AssertionError, match="not in f.mlir"):
                replay.check(block)
