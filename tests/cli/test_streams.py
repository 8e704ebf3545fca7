"""Standard streams: closed, broken, full, terminals; and interrupts."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import COMMAND, ENVIRONMENT, fleet

PRINTERS = [
    ["tokens", "small.py"],
    ["opt", "stages/02-numpy.mlir"],
    ["dis", "--bytecode", "small.elf"],
    ["--help"],
]
every_printer = pytest.mark.parametrize("command", PRINTERS, ids=" ".join)


def shell(line: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `fleet` is the command."""
    script = f'fleet() {{ "{sys.executable}" -m fleet "$@"; }}\n{line}'
    return subprocess.run(
        ["bash", "-c", script], cwd=place, env=ENVIRONMENT, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip


@every_printer
def test_a_reader_that_goes_away_is_no_error_worth_a_message(
    place: Path, command: list[str]
) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [*COMMAND, *command], cwd=place, env=ENVIRONMENT, stdout=write,
            stderr=subprocess.PIPE, text=True, timeout=60,
        )  # fmt: skip
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


@every_printer
def test_a_full_disk_is_one_message(place: Path, command: list[str]) -> None:
    done = shell(f"fleet {' '.join(command)} > /dev/full", place)
    assert done.returncode == 1
    assert done.stderr == "error: cannot write standard output: No space left on device\n"


@pytest.mark.parametrize("command", ["--help", "opt --help", "build -h"])
def test_help_for_a_full_disk_is_one_message(place: Path, command: str) -> None:
    done = shell(f"fleet {command} > /dev/full", place)
    assert done.returncode == 1
    assert done.stderr == "error: cannot write standard output: No space left on device\n"


@every_printer
def test_closed_standard_output_loses_the_text_alone(place: Path, command: list[str]) -> None:
    done = shell(f"fleet {' '.join(command)} >&-", place)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("executor", ["ast", "emu"])
def test_a_program_that_prints_to_nobody_ends_with_a_message_at_most(
    place: Path, executor: str
) -> None:
    done = shell(f"fleet run --on {executor} small.py 3 >&-", place)
    assert (done.returncode, done.stderr) == (0, "")
    done = shell(f"fleet run --on {executor} small.py 3 > /dev/full", place)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("No space left on device")
    done = shell(f"fleet run --on {executor} small.py 3 2>&- | cat", place)
    assert done.stdout.startswith("[0. 2. 4.]")


def test_a_guest_that_prints_to_nobody_is_told_so(place: Path) -> None:
    (place / "hello.s").write_text(
        ".globl _start\n_start: li a0, 1\n la a1, text\n li a2, 3\n li a7, 64\n ecall\n"
        " li a7, 93\n ecall\n.data\ntext: .ascii \"hi\\n\"\n"
    )
    done = shell("fleet asm hello.s && fleet link hello.o -o hello.elf; fleet emu hello.elf", place)
    assert (done.stdout, done.returncode) == ("hi\n", 3)
    assert "internal error" not in shell("fleet emu hello.elf > /dev/full", place).stderr
    assert "internal error" not in shell("fleet emu hello.elf >&-", place).stderr


def test_texts_are_printed_whatever_the_terminals_encoding(place: Path) -> None:
    (place / "names.py").write_text("x = 'ünï → 語'\nprint(x)\n", encoding="utf-8")
    for command in ("tokens", "parse"):
        done = subprocess.run(
            [*COMMAND, *command.split(), "names.py"], cwd=place,
            env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"},
            capture_output=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "語" in done.stdout.decode("utf-8")


BEGIN = ".globl _start\n_start: li a7, 64\n li a0, 1\n addi a1, sp, -64\n li a2, 1\n ecall\n"
LOOPS = {
    "scalar guest": "1: j 1b\n",
    "vector guest": " li a0, 8\n1: vsetvli a1, a0, e32, m1, ta, ma\n vadd.vi v1, v1, 1\n j 1b\n",
    "guest that waits for input": " li a7, 63\n li a0, 0\n li a2, 1\n ecall\n",
}
LOOP = """\
import sys
n = int(sys.argv[1])
print("begin", flush=True)
k = 0
while k < n:
    k = (k + 1) % 3
print(k)
"""


def interrupted(command: list[str], place: Path) -> tuple[int, str]:
    """Status and errors of a command that gets Ctrl-C soon after its first output."""
    process = subprocess.Popen(
        [*COMMAND, *command], cwd=place, env=ENVIRONMENT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout.read(1)
        time.sleep(0.2)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                return -1, "still running"
        _, errors = process.communicate(timeout=5)
        return process.returncode, errors
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("name", LOOPS)
def test_ctrl_c_ends_a_guest_that_never_would(place: Path, name: str) -> None:
    (place / "loop.s").write_text(BEGIN + LOOPS[name])
    assert fleet("asm", "loop.s", cwd=place).returncode == 0
    assert fleet("link", "loop.o", "-o", "loop.elf", cwd=place).returncode == 0
    assert interrupted(["emu", "loop.elf"], place) == (130, "fleet emu: interrupted\n")


@pytest.mark.parametrize("executor", ["ast", "ir", "vm", "emu"])
def test_ctrl_c_ends_a_program_on_every_executor(place: Path, executor: str) -> None:
    (place / "loop.py").write_text(LOOP)
    ended = interrupted(["run", "--on", executor, "loop.py", "5"], place)
    assert ended == (130, "fleet run: interrupted\n")


def on_a_terminal(command: list[str], place: Path) -> tuple[int, str]:
    """Status and standard error of a command whose standard error is a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *command], cwd=place, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    text = b""
    while select.select([ours], [], [], 30)[0]:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # how Linux says that the other side is closed
            break
        if not piece:
            break
        text += piece
    os.close(ours)
    return process.wait(30), text.decode()


def test_progress_is_shown_on_a_terminal_and_nowhere_else(place: Path) -> None:
    status, shown = on_a_terminal(["build", "small.py", "-o", "out.elf"], place)
    assert status == 0
    assert "\revaluating the program (" in shown
    *_, cleared, summary, end = shown.replace("\r\n", "\n\r").split("\r")
    assert summary.startswith("out.elf: ") and end == ""
    assert cleared.strip() == ""
    quiet = fleet("build", "small.py", "-o", "out.elf", cwd=place)
    assert (quiet.stdout, quiet.stderr) == ("", "")


def test_an_error_on_a_terminal_starts_on_a_clean_line(place: Path) -> None:
    (place / "wrong.py").write_text("import sys\nimport numpy as np\nnp.busday_count(sys.argv)\n")
    status, shown = on_a_terminal(["build", "wrong.py", "-o", "out.elf"], place)
    assert status == 1
    last = next(part for part in shown.split("\r") if "error:" in part)
    assert last.startswith("wrong.py:3:")


def test_verbose_says_what_was_built(place: Path) -> None:
    done = fleet("build", "small.py", "-o", "out.elf", "-v", cwd=place)
    assert done.stderr.startswith("out.elf: ")
