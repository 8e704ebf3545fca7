"""Ctrl-C at any moment of a build: one line, status 130, and nothing that is half written.

Moments are counted in calls of functions, so that they are the same on every machine.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from command_line import ENVIRONMENT, CommandLine

from fleet import driver

MOMENTS = 60

pytestmark = pytest.mark.skipif(
    signal.getsignal(signal.SIGINT) is not signal.default_int_handler,
    reason="this process was started with interrupts ignored",
)


@contextmanager
def counting(interrupt_at: int | None = None) -> Iterator[Callable[[], int]]:
    """Count events, calls and returns, and send SIGINT to ourselves at one of them."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += 1
        if count == interrupt_at:
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)

    sys.setprofile(note)
    try:
        yield lambda: count
    finally:
        sys.setprofile(None)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_whole(folder: Path, before: dict[str, bytes], expected: dict[str, bytes]) -> None:
    """What stands in the folder is as it was, or as it is after a build."""
    for name, content in files(folder).items():
        if name.endswith(".npz"):
            with np.load(folder / name) as archive:
                assert all(archive[key].size for key in archive)
        else:
            assert content in (before.get(name), expected.get(name)), name


def test_a_build_can_be_interrupted_at_any_moment(run: CommandLine, place: Path) -> None:
    (place / "small.py").write_text(
        "import sys\nimport numpy as np\nw = np.arange(8000.0)\n"
        "print((w * len(sys.argv)).sum())\n"
    )
    command = ["build", "small.py", "-o", "out.elf", "--dump", "dumps"]
    assert run(*command).status == 0
    with counting() as count:
        assert run(*command).status == 0
        total = count()
    expected = files(place)
    (place / "out.elf").write_bytes(b"before")
    before = files(place)
    for moment in range(MOMENTS):
        with counting(100 + moment * (total - 1000) // MOMENTS):
            result = run(*command)
        assert result.status == 130
        assert result.stderr == "fleet build: interrupted\n"
        assert_whole(place, before, expected)
        assert files(place).keys() <= expected.keys()


def test_writing_can_be_interrupted_at_any_moment(
    run: CommandLine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["build", "small.py", "-o", "out.elf"]
    assert run(*command).status == 0
    expected = files(place)
    write = driver.write_executable
    at = 0

    def interrupted(*arguments: object) -> int:
        with counting(at):
            return write(*arguments)

    monkeypatch.setattr(driver, "write_executable", interrupted)
    statuses = []
    for at in range(1, 1000, 14):  # noqa: B007 - `interrupted` reads it
        (place / "out.elf").write_bytes(b"before")
        before = files(place)
        result = run(*command)
        statuses.append(result.status)
        assert set(files(place)) == set(before)
        assert_whole(place, before, expected)
        if result.status == 0:
            break
        assert (result.status, result.stderr) == (130, "fleet build: interrupted\n")
    assert len(statuses) > 10 and statuses[-1] == 0


LOADING = """
import atexit, signal, sys
moment, where = int(sys.argv[1]), sys.argv[2]
sys.argv[1:] = sys.argv[3:]
count = 0
def note(frame, event, argument):
    global count
    count += 1
    if count == moment:
        sys.setprofile(None)
        signal.raise_signal(signal.SIGINT)
if where == "end":
    atexit.register(signal.raise_signal, signal.SIGINT)
from fleet.__main__ import run
if where == "loading":
    sys.setprofile(note)
sys.exit(run())
"""


def building(place: Path, moment: int, where: str) -> subprocess.CompletedProcess:
    arguments = [str(moment), where, "build", "small.py", "-o", "out.elf"]
    return subprocess.run(
        [sys.executable, "-c", LOADING, *arguments],
        cwd=place, env=ENVIRONMENT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("moment", [4, 10, 1000, 20000, 60000])
def test_loading_the_compiler_can_be_interrupted(place: Path, moment: int) -> None:
    (place / "out.elf").write_bytes(b"before")
    done = building(place, moment, "loading")
    assert done.returncode == 130
    assert done.stderr in ("fleet: interrupted\n", "fleet build: interrupted\n")
    assert (place / "out.elf").read_bytes() == b"before"


def test_an_interrupt_at_pythons_end_changes_nothing(place: Path) -> None:
    done = building(place, 0, "end")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_interrupt_while_a_generator_is_closed_is_not_lost(
    run: CommandLine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closing() -> Iterator[int]:
        try:
            yield 1
        finally:
            signal.raise_signal(signal.SIGINT)  # Python drops what is raised here

    def command(options: object) -> int:
        generator = closing()
        next(generator)
        del generator
        for _ in range(1 << 31):  # it has to end, if nothing interrupts it
            pass
        return 0

    monkeypatch.setattr("fleet.commands.tokens.run", command)
    (place / "small.py").write_text("1\n")
    assert run("tokens", "small.py").status == 130
