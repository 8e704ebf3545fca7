"""What travels, recurses or is matched at run time does so in the executable as well."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from program_table import PROGRAMS
from three_ways import by_cpython, by_emu

from fleet.diagnostics import ProgramError
from fleet.driver import build
from fleet.emulation import emulate
from fleet.host import Host

NAMES = (
    "What may raise is followed by more that may", "A loop inside try is left by an exception",
    "An index array that leads outside", "A context manager swallows under a run-time condition",
    "Quicksort in place", "A recursion catches its own exceptions", "Mutual recursion",
    "A command line is matched", "Tokens and recursive descent",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_executable_does_what_cpython_does(name: str, tmp_path: Path) -> None:
    source, runs = PROGRAMS[name]
    path = tmp_path / "program.py"
    path.write_text(source, encoding="utf-8")
    for arguments in runs[:3]:
        assert by_emu(path, arguments) == by_cpython(path, arguments)


CHAINED = """
import sys

class Refused(Exception):
    def __str__(self):
        return f"<{self.args[0]}>"

def divided(n):
    try:
        return 1 // n if n else {}[n]
    except (ZeroDivisionError, KeyError) as error:
        raise ValueError("bad " + str(n)) from error

def deeper(n):
    try:
        return divided(n)
    except ValueError:
        raise Refused(n)

n = int(sys.argv[1])
if n == 3:
    try:
        int("x" * n)
    except ValueError:
        raise Refused("hidden") from None
last = None
for i in range(n):
    try:
        int("x" * i)
    except ValueError as error:
        last = error
if n == 2:
    raise RuntimeError("all failed") from last
deeper(n)
"""


def told(stderr: str) -> list[str]:
    """The lines of tracebacks without CPython's marks under expressions."""
    return [line for line in stderr.splitlines() if not re.fullmatch(r" +[~^]+", line)]


def test_a_traceback_begins_with_what_led_to_it(tmp_path: Path) -> None:
    path, elf = tmp_path / "program.py", str(tmp_path / "program.elf")
    path.write_text(CHAINED, encoding="utf-8")
    build(str(path), elf)
    for argument in ("0", "2", "3"):
        host = Host([str(path), argument], io.StringIO(), io.StringIO(), io.StringIO())
        with pytest.raises(ProgramError) as ends:
            emulate(elf, [argument], host=host)
        command = [sys.executable, str(path), argument]
        expected = subprocess.run(command, capture_output=True, text=True, check=False).stderr
        assert told(host.stderr.getvalue() + ends.value.render()) == told(expected)
