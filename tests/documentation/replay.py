"""Replaying a page of the documentation: what it shows is what comes out.

In: a page in Markdown. Out: what it shows and what was found, block by block. The one idea: a page
stays plain Markdown; what a block is follows from its form, or from a comment before it:

    $ command                 blocks with such lines, fenced or indented, are run by a shell; the
                              lines after are what it prints, errors as well
    >>> expression            is evaluated
    <!-- file: NAME -->       the fenced block is written to this file
    <!-- from: PATH -->       it is a part of this file, of the project or of what commands made,
                              indented less, it may be; of a `mlir` file without its locations
    <!-- varies: REASON -->   it is shown, not run

In what is shown, a line `...` or `…` stands for any lines, `…` within a line for any text, and
`~1.25` for a figure that varies from run to run or machine to machine. Spaces within a line are any
number from two on. A block that is none of these and is not of a script (`test_scripts.py`) fails.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import fleet

ROOT = Path(fleet.__file__).parents[1]
PROMPT = "$ "
_COMMENT = re.compile(r"<!-- (file|from|varies): (.*?) -->")
_FENCE = re.compile(r"(`{3,})(\w*)$")
_ANY_LINES = ("...", "…")
_VARIES = re.compile(r"~[\d,.]*\d")
_LOCATION = re.compile(r" loc\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)")
PATIENCE = 120


@dataclass
class Block:
    """Shown text: the line that it begins at, what the comment before it says, its language."""

    page: str
    line: int
    text: str
    kind: str = ""
    about: str = ""
    language: str = ""

    @property
    def is_session(self) -> bool:
        return any(line.startswith(PROMPT) for line in self.text.splitlines())

    @property
    def is_checked(self) -> bool:
        return bool(self.kind) or self.is_session or self.text.startswith(">>> ")


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of code of a page."""
    lines = page.read_text(encoding="utf-8").splitlines()
    at, comment = 0, ("", "")
    while at < len(lines):
        line = lines[at]
        found, fence = _COMMENT.fullmatch(line), _FENCE.fullmatch(line)
        begin = at
        if found:
            comment = found[1], found[2]
            at += 1
        elif fence:
            at = lines.index(fence[1], at + 1)
            text = "\n".join(lines[begin + 1 : at]) + "\n"
            yield Block(page.name, begin + 2, text, *comment, fence[2])
            at, comment = at + 1, ("", "")
        elif line.startswith("    ") and (begin == 0 or not lines[begin - 1].strip()):
            while at < len(lines) and (lines[at].startswith("    ") or not lines[at].strip()):
                at += 1
            text = "\n".join(each[4:] for each in lines[begin:at]).rstrip("\n") + "\n"
            yield Block(page.name, begin + 1, text, *comment)
            comment = "", ""
        else:
            if line.strip():
                comment = "", ""
            at += 1


def session(text: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a block and the lines that are shown after each."""
    command: list[str] = []
    shown: list[str] = []
    for line in text.splitlines():
        if line.startswith(PROMPT):
            if command:
                yield "\n".join(command), shown
            command, shown = [line[len(PROMPT) :]], []
        elif command and not shown and _goes_on("\n".join(command)):
            command.append(line)
        else:
            shown.append(line)
    yield "\n".join(command), shown


def _goes_on(command: str) -> bool:
    return command.endswith("\\") or command.count('"') % 2 == 1


def pattern(shown: list[str], before: str = "") -> str:
    """What these lines stand for, as a regular expression; `before` stands before each of them."""
    parts = []
    for line in shown:
        if line.strip() in _ANY_LINES:
            parts.append(r"(?:.*\n)*?")
            continue
        escaped = ""
        for piece in re.split(rf"(…|{_VARIES.pattern})", line.rstrip()):
            if piece == "…":
                escaped += ".*"
            elif _VARIES.fullmatch(piece):
                escaped += r"[\d,.]*\d"
            else:
                escaped += re.sub(r"(?:\\ ){2,}", " +", re.escape(piece))
        parts.append(rf"{before if escaped else ''}{escaped}[ \t]*\n")
    return "".join(parts)


class Replay:
    """One page in a folder of its own, which has the examples, the models and what it makes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "docs" / "examples", folder, dirs_exist_ok=True)
        shutil.copytree(ROOT / "models", folder / "models")
        (folder / "benchmarks").symlink_to(ROOT / "benchmarks")
        (folder / "fleet").symlink_to(ROOT / "fleet")
        tools = folder / ".tools"
        tools.mkdir()
        for name, words in (("fleet", "-m fleet"), ("python", "")):
            tool = tools / name
            tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
            tool.chmod(0o755)
        self.environment = {
            **os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
            "OPENBLAS_NUM_THREADS": "1",
        }  # fmt: skip

    def check(self, block: Block) -> None:
        """Fails where a block is not what it says that it is."""
        place = f"{block.page}:{block.line}"
        if block.kind == "varies":
            return
        if block.kind == "file":
            (self.folder / block.about).write_text(block.text, encoding="utf-8")
        elif block.kind == "from":
            text = self._file(block.about).read_text(encoding="utf-8")
            if block.language == "mlir":
                text = _LOCATION.sub("", text)
            first, *others = block.text.splitlines()
            found = re.search(
                rf"^(?P<indent>[ \t]*){pattern([first])}{pattern(others, '(?P=indent)')}", text,
                re.MULTILINE,
            )  # fmt: skip
            assert found, f"{place}: not in {block.about}"
        elif block.text.startswith(">>> "):
            examples = doctest.DocTestParser().get_doctest(block.text, {}, place, None, 0)
            assert doctest.DocTestRunner().run(examples).failed == 0
        elif block.is_session:
            for command, shown in session(block.text):
                printed = self.run(command)
                expected = pattern(shown)
                assert re.fullmatch(expected, printed), (
                    f"{place}: $ {command}\nprints\n{printed}where the page shows\n"
                    + "\n".join(shown)
                )

    def _file(self, name: str) -> Path:
        made = self.folder / name
        return made if made.exists() else ROOT / name

    def run(self, command: str) -> str:
        """What a command prints."""
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.environment, timeout=PATIENCE,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        text = done.stdout.decode("utf-8", "replace").replace(f"{self.folder}/", "")
        text = "\n".join(line.rstrip() for line in text.splitlines())
        return text + "\n" if text else ""
