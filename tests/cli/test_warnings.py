"""On stderr stands what CPython's compiler warns of in the program, and no warning of our own."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from command_line import CommandLine, fleet

import fleet.commands.parse as parse_command
from fleet.syntax.source import read_source

DOUBTFUL = """\
import sys
n = len(sys.argv)
if n is 1:
    print("one", n is not 1, not n is 2)
assert (n, "is a number")
def f(x):
    try:
        return [(1, 2) (3, 4)]
    except TypeError:
        return "none"
print(f(n))
"""


@pytest.mark.parametrize("command", [["build"], ["run", "--on", "ast"], ["run"]])
def test_warnings_are_printed_as_cpython_prints_them(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "doubtful.py").write_text(DOUBTFUL)
    reference = subprocess.run(
        [sys.executable, "doubtful.py"], cwd=tmp_path, capture_output=True, text=True
    )
    expected = re.sub(r"with '\w+' literal", "with a literal", reference.stderr)
    done = fleet(*command, "doubtful.py", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == expected.replace(f"{tmp_path.resolve()}/", "")
    assert done.stderr.count("SyntaxWarning") == 5


def test_they_are_printed_once_however_often_the_program_is_read(
    run: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("doubtful.py").write_text(DOUBTFUL)
    for command in (["build", "--dump", "stages"], ["run", "--on", "all"]):
        assert run(*command, "doubtful.py").stderr.count("SyntaxWarning") == 5
    assert run("parse", "doubtful.py").stderr == ""


def test_warnings_of_our_own_are_not_shown(
    run: CommandLine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def warn(path: str) -> str:
        warnings.warn("of ours", stacklevel=1)
        warnings.warn("of ours", SyntaxWarning, stacklevel=1)
        assert np.isinf(np.float32(1) / np.float32(0))
        return read_source(path)

    monkeypatch.setattr(parse_command, "read_source", warn)
    assert run("parse", "small.py").stderr == ""


def test_numpy_warns_of_known_values_and_of_those_of_run_time(
    run: CommandLine, place: Path
) -> None:
    Path("divide.py").write_text(
        "import sys\nimport numpy as np\n"
        "x = np.zeros(3)\nprint(x / x, np.float64(len(sys.argv)) / x[0], np.log(x), np.exp(1e9))\n"
    )
    place_of = re.compile(r"divide\.py:4: RuntimeWarning: (.*)\n  print")
    for on in ("ast", "ir", "vm", "emu"):
        result = run("run", "--on", on, "divide.py")
        assert result.status == 0
        assert place_of.findall(result.stderr) == [
            "invalid value encountered in divide", "divide by zero encountered in scalar divide",
            "divide by zero encountered in log", "overflow encountered in exp",
        ]  # fmt: skip


DIVISIONS = """\
import sys
import numpy as np
n = int(sys.argv[1])
b = np.arange(8, dtype=np.int16)
for i in range(n):
    z = b // (b - i)
print(z)
least = np.int8(-128) + np.zeros(4, np.int8)
for i in range(n):
    z = least // (np.zeros(4, np.int8) - np.int8(n > i))
print(z)
with np.errstate(divide="ignore"):
    for i in range(n):
        z = b % (b - i)
for i in range(n):
    if i % 3 == 2:
        z = b % (b - 1)
for i in range(n):
    z = b // (b + i + 1)
print(z)
"""


def test_numpy_warns_of_whole_arrays_that_are_divided_in_a_loop(tmp_path: Path) -> None:
    (tmp_path / "divisions.py").write_text(DIVISIONS)
    reference = subprocess.run(
        [sys.executable, "divisions.py", "3000"], cwd=tmp_path, capture_output=True, text=True
    )
    done = fleet("run", "--on", "emu", "divisions.py", "3000", cwd=tmp_path)
    assert done.stdout == reference.stdout
    assert done.stderr == reference.stderr.replace(f"{tmp_path.resolve()}/", "")
    assert done.stderr.count("RuntimeWarning") == 3
