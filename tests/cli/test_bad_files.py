"""Files that cannot be read, are not what they should be, or cannot be written."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from command_line import CommandLine, assert_one_message

READERS = [
    ["build", "FILE", "-o", "out.elf"],
    ["run", "--on", "ast", "FILE"],
    ["run", "--on", "ir", "FILE"],
    ["run", "--on", "emu", "FILE"],
    ["tokens", "FILE"],
    ["parse", "FILE"],
    ["opt", "FILE"],
    ["asm", "FILE", "-o", "out.o"],
    ["link", "FILE", "-o", "out.elf"],
    ["emu", "FILE"],
    ["dis", "FILE"],
    ["dis", "--bytecode", "FILE"],
    ["readelf", "FILE"],
]


def names(command: list[str]) -> str:
    return " ".join(word for word in command if word not in ("FILE", "-o", "out.elf", "out.o"))


def with_file(command: list[str], file: str) -> list[str]:
    return [file if word == "FILE" else word for word in command]


every_reader = pytest.mark.parametrize("command", READERS, ids=names)


@every_reader
@pytest.mark.parametrize("file", ["missing", "folder", "loop", "seven.s/inside", "nul\0name", ""])
def test_a_file_that_cannot_be_read_is_named(
    run: CommandLine, place: Path, command: list[str], file: str
) -> None:
    (place / "folder").mkdir()
    (place / "loop").symlink_to("loop")
    message = run.rejects(*with_file(command, file))
    assert "cannot read" in message
    assert not Path("out.elf").exists() and not Path("out.o").exists()


@every_reader
def test_a_binary_file_is_rejected(run: CommandLine, place: Path, command: list[str]) -> None:
    Path("binary").write_bytes(bytes(range(256)) * 20)
    assert "binary" in run.rejects(*with_file(command, "binary"))


@pytest.mark.parametrize("command", READERS[-5:], ids=names)
def test_an_empty_file_is_no_elf_file(run: CommandLine, place: Path, command: list[str]) -> None:
    Path("empty").touch()
    assert "empty" in run.rejects(*with_file(command, "empty"))


@pytest.mark.parametrize("command", READERS[-5:], ids=names)
def test_an_executable_for_another_machine_is_rejected(
    run: CommandLine, place: Path, command: list[str]
) -> None:
    shutil.copy(shutil.which("true"), "other.elf")
    assert "other.elf is not for RISC-V" in run.rejects(*with_file(command, "other.elf"))


WRITERS = [
    (["build", "small.py", "-o", "OUT"], b"\x7fELF"),
    (["asm", "seven.s", "-o", "OUT"], b"\x7fELF"),
    (["link", "seven.o", "-o", "OUT"], b"\x7fELF"),
    (["opt", "stages/02-numpy.mlir", "-o", "OUT"], b"// Fleet dump: "),
]
every_writer = pytest.mark.parametrize(("command", "start"), WRITERS, ids=lambda value: value[0])


def to(command: list[str], output: str) -> list[str]:
    return [output if word == "OUT" else word for word in command]


def contents(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@every_writer
@pytest.mark.parametrize("output", ["no/such/folder/x", "folder", "seven.s/x", "x" * 300, ""])
def test_what_cannot_be_written_leaves_everything_as_it_was(
    run: CommandLine, place: Path, command: list[str], start: bytes, output: str
) -> None:
    (place / "folder").mkdir()
    before = contents(place)
    run(*to(command, output))  # warm: caches that a run leaves are no concern here
    message = run.rejects(*to(command, output)) if output or command[0] == "link" else ""
    assert "cannot write" in message or not output
    if output:
        assert contents(place) == before


@every_writer
def test_a_failing_write_leaves_the_old_file_and_no_temporary_one(
    run: CommandLine, place: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], start: bytes
) -> None:
    def fail(old: object, new: object) -> None:
        raise OSError(28, "No space left on device")

    Path("kept").write_text("as it was")
    before = contents(place)
    monkeypatch.setattr(os, "replace", fail)
    assert "cannot write kept: No space left on device" in run.rejects(*to(command, "kept"))
    assert contents(place) == before


@every_writer
def test_a_rejected_input_leaves_the_old_output(
    run: CommandLine, place: Path, command: list[str], start: bytes
) -> None:
    Path(command[1]).write_text("this is ) not good (")
    Path("kept").write_text("as it was")
    before = contents(place)
    run.rejects(*to(command, "kept"))
    assert contents(place) == before


@every_writer
def test_output_through_a_link_keeps_the_link(
    run: CommandLine, place: Path, command: list[str], start: bytes
) -> None:
    Path("real").touch()
    Path("link").symlink_to("real")
    assert run(*to(command, "link")).status == 0
    assert Path("link").is_symlink()
    assert Path("real").read_bytes().startswith(start)


@every_writer
def test_a_device_is_written_to_and_not_replaced(
    run: CommandLine, place: Path, command: list[str], start: bytes
) -> None:
    assert run(*to(command, os.devnull)).status == 0
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@every_writer
def test_permissions_follow_the_umask(
    run: CommandLine, place: Path, command: list[str], start: bytes
) -> None:
    old = os.umask(0o027)
    try:
        assert run(*to(command, "out")).status == 0
    finally:
        os.umask(old)
    executable = command[0] in ("build", "link")
    assert stat.S_IMODE(Path("out").stat().st_mode) == (0o750 if executable else 0o640)


@pytest.mark.parametrize(
    "command",
    [
        ["build", "small.py", "-o", "small.py"],
        ["build", "small.py", "-o", "./small.py"],
        ["asm", "seven.s", "-o", "seven.s"],
        ["asm", "seven.o"],
        ["link", "seven.o", "-o", "seven.o"],
        ["link", "seven.o", "-o", "alias.o"],
    ],
    ids=" ".join,
)
def test_an_input_is_never_overwritten(
    run: CommandLine, place: Path, command: list[str]
) -> None:
    Path("alias.o").symlink_to("seven.o")
    before = contents(place)
    run.rejects(*command)
    assert contents(place) == before


def test_opt_may_write_to_the_file_that_it_read(run: CommandLine, place: Path) -> None:
    assert run("opt", "stages/02-numpy.mlir", "-o", "stages/02-numpy.mlir").status == 0
    assert Path("stages/02-numpy.mlir").read_text().startswith("// Fleet dump: ")


@pytest.mark.parametrize("dump", ["small.py", "small.py/stages", ""])
def test_dumps_that_cannot_be_written_are_reported(
    run: CommandLine, place: Path, dump: str
) -> None:
    message = run("build", "small.py", "-o", "out.elf", "--dump", dump).stderr
    if dump:
        assert_one_message(message)
        assert not Path("out.elf").exists()


def test_a_dump_over_an_older_one_is_whole(run: CommandLine, place: Path) -> None:
    before = contents(place / "stages")
    assert run("build", "small.py", "-o", "out.elf", "--dump", "stages").status == 0
    assert contents(place / "stages").keys() == before.keys()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut off"),
        pytest.param(lambda data: bytes(data[:60]) + b"\0" * 40 + data[100:], id="overwritten"),
        pytest.param(lambda data: b"PK" + b"x" * 500, id="noise"),
    ],
)
def test_damaged_weights_beside_a_program_raise_a_python_exception(
    run: CommandLine, place: Path, damage: Callable[[bytes], bytes]
) -> None:
    Path("weights.py").write_text("import numpy as np\nprint(np.load('w.npz')['a'] + 1)\n")
    np.savez("w.npz", a=np.arange(50.0))
    Path("w.npz").write_bytes(damage(Path("w.npz").read_bytes()))
    assert run("build", "weights.py").status == 0
    for command in (["emu", "weights.elf"], ["run", "--on", "ast", "weights.py"]):
        result = run(*command)
        assert (result.status, result.stdout) == (1, "")
        assert 'File "weights.py", line 2' in result.stderr
        raised = result.stderr.splitlines()[-1].partition(":")[0]
        assert raised in ("EOFError", "OSError", "ValueError", "zipfile.BadZipFile")


@pytest.mark.parametrize("command", [["build"], ["run", "--on", "ast"], ["tokens"], ["parse"]])
@pytest.mark.parametrize("file", [".", "..", "", "/"])
def test_a_folder_or_nothing_is_no_program(
    run: CommandLine, place: Path, command: list[str], file: str
) -> None:
    before = sorted(place.iterdir())
    assert "cannot read" in run.rejects(*command, file)
    assert sorted(place.iterdir()) == before


@pytest.mark.parametrize("codec", ["rot13", "klingon", "hex", "undefined", "utf-16"])
def test_a_program_in_no_encoding_is_rejected_once(
    run: CommandLine, place: Path, codec: str
) -> None:
    Path("odd.py").write_text(f"# coding: {codec}\nprint(1)\n")
    for command in (["build"], ["run", "--on", "ast"], ["parse"]):
        assert "odd.py:1:11: error: " in run.rejects(*command, "odd.py")
