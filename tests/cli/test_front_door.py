"""What a newcomer meets: versions, help, `-` for streams, colours, the demo."""

from __future__ import annotations

import io
import os
import pty
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
from command_line import COMMAND, ENVIRONMENT, ROOT, CommandLine, fleet

from fleet import __version__
from fleet.cli import GROUPS
from fleet.files import standard_input

PROGRAM = "import sys\nimport numpy as np\nprint(np.arange(3) * int(sys.argv[1]))\n"


class Input(io.TextIOWrapper):
    """Standard input with this content."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    """Give the next command a standard input."""

    def give(content: bytes | str) -> None:
        standard_input.cache_clear()
        data = content.encode() if isinstance(content, str) else content
        monkeypatch.setattr("sys.stdin", Input(data))

    yield give
    standard_input.cache_clear()


def test_the_version_is_the_packages_and_names_what_it_needs(run: CommandLine) -> None:
    result = run("--version")
    assert result.status == 0
    assert result.stdout.startswith(f"fleet {__version__} (Python 3.")
    assert f"numpy {version('numpy')}, unicorn {version('unicorn')})" in result.stdout
    assert version("fleet-rv") == __version__


def test_the_overview_groups_commands_and_tells_exit_statuses(run: CommandLine) -> None:
    shown = run("--help").stdout
    at = [shown.index(f"\n{heading}:\n") for heading in GROUPS]
    assert at == sorted(at)
    for status in (0, 1, 2, 70, 130, 132, 133, 135, 139):
        assert f"\n  {status:<4} " in shown


def test_programs_of_the_folder_are_none_of_pythons_modules(tmp_path: Path) -> None:
    for name in ("random.py", "bisect.py", "decimal.py"):
        (tmp_path / name).write_text("print('the program', 2 + 2)\n")
    for name in ("random.py", "bisect.py"):
        ran = subprocess.run(
            [*COMMAND, "run", name], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True
        )
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "the program 4\n", "")


# -- standard input and output


@pytest.mark.parametrize("on", ["ast", "ir", "emu"])
def test_a_program_comes_from_standard_input(run: CommandLine, given, on: str) -> None:
    given(PROGRAM)
    result = run("run", "--on", on, "-", 4)
    assert (result.status, result.stdout, result.stderr) == (0, "[0 4 8]\n", "")


def test_its_errors_show_its_lines(run: CommandLine, given, place: Path) -> None:
    given("x = 1\nimport nowhere_at_all\n")
    message = run.rejects("build", "-")
    assert message.startswith("<stdin>:2:") and "import nowhere_at_all" in message
    given(b"x = 1\ny = '\xff'\n")
    assert run.rejects("tokens", "-").startswith("<stdin>:2:6: error: ")


def test_what_is_made_of_standard_input_has_a_name(run: CommandLine, given, place: Path) -> None:
    given(PROGRAM)
    assert run("build", "-").status == 0
    assert run("emu", "stdin.elf", 2).stdout == "[0 2 4]\n"
    given(".globl f\nf: ret\n")
    assert run("asm", "-").status == 0
    assert "<f>" in run("dis", "stdin.o").stdout


def test_executables_go_through_pipes(place: Path) -> None:
    line = "fleet build small.py -o - | fleet emu - 3; fleet asm seven.s -o - | fleet dis -"
    script = f'fleet() {{ {" ".join(COMMAND)} "$@"; }}; {line}'
    done = subprocess.run(
        ["bash", "-c", script], cwd=place, env=ENVIRONMENT, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.startswith("[0. 2. 4.] ") and "<_start>:" in done.stdout
    assert not (place / "-").exists()


def test_stages_and_traces_go_to_standard_output(run: CommandLine, given, place: Path) -> None:
    shown = run("build", "small.py", "--until", "linalg", "-o", "-").stdout
    assert shown.startswith('// Fleet dump: stage "linalg"')
    given(shown)
    again = run("run", "-", 3)
    assert again.stdout.startswith("[0. 2. 4.] "), again
    assert not list(place.glob("-*"))
    assert "ecall" in run("emu", "--trace", "-", "seven.elf").stdout


# -- small things


@pytest.mark.parametrize("what", ["5-1", "0-3"])
def test_a_range_of_instructions_that_has_none_is_an_error(
    run: CommandLine, place: Path, what: str
) -> None:
    message = run.rejects("emu", "--trace", "t.txt", "--trace-only", what, "seven.elf")
    assert f"there are no instructions {what}" in message


@pytest.mark.parametrize(
    "command",
    ["build small.py -o", "build small.py --until linalg -o", "asm seven.s -o", "link seven.o -o",
     "emu --trace"],
)  # fmt: skip
def test_a_file_on_a_full_disk_is_one_message(run: CommandLine, place: Path, command: str) -> None:
    guest = ["seven.elf"] if "emu" in command else []
    message = run.rejects(*command.split(), "/dev/full", *guest)
    assert message == "error: cannot write /dev/full: No space left on device\n"


def test_a_folder_is_its_main_program_whose_name_is_as_in_cpython(
    run: CommandLine, place: Path
) -> None:
    assert "without a __main__.py" in run.rejects("build", ".")
    assert "the name is empty" in run.rejects("build", "")
    (place / "whole").mkdir()
    (place / "whole" / "__main__.py").write_text("import part\nprint(__name__, __file__)\n")
    (place / "whole" / "part.py").write_text("print(__name__, __file__)\n")
    for name in ("whole", "whole/../whole/__main__.py", place / "whole" / "__main__.py"):
        python = subprocess.run([COMMAND[0], name], capture_output=True, text=True, check=True)
        assert run("run", "--on", "ast", name).stdout == python.stdout
    assert run("build", name, "-o", "whole.elf").status == 0
    assert run("emu", "whole.elf").stdout == python.stdout


def test_bad_text_is_placed_at_its_byte(run: CommandLine, place: Path) -> None:
    (place / "bad.s").write_bytes("  nop\n# ü \xe4\n".encode()[:-3] + b"\xe4\n")
    assert run.rejects("asm", "bad.s").startswith("bad.s:2:5: error: ")
    (place / "bad.mlir").write_bytes(b"module {\n  // \xc3(\n}\n")
    assert run.rejects("opt", "bad.mlir").startswith("bad.mlir:2:6: error: ")


def test_a_message_has_colours_only_on_a_terminal_that_wants_them(place: Path) -> None:
    def shown(**extra: str) -> str:
        ours, theirs = pty.openpty()
        environment = {**ENVIRONMENT, "TERM": "xterm", **extra}
        done = subprocess.run(
            [*COMMAND, "tokens", "absent.py"], cwd=place, env=environment, stderr=theirs, timeout=60
        )
        os.close(theirs)
        text = os.read(ours, 10000).decode()
        os.close(ours)
        assert done.returncode == 1
        return text

    assert "\033[1;31merror:\033[0m cannot read absent.py" in shown()
    assert "\033" not in shown(NO_COLOR="1")
    assert "\033" not in fleet("tokens", "absent.py", cwd=place).stderr


# -- the demo


def test_the_demo_builds_and_runs_what_comes_along(run: CommandLine) -> None:
    result = run("demo")
    assert result.status == 0
    python = subprocess.run(
        [COMMAND[0], str(ROOT / "models" / "gpt2.py"), "Beautiful is"],
        capture_output=True, text=True, check=True, env=ENVIRONMENT,
    )  # fmt: skip
    assert result.stdout == python.stdout
    assert "$ fleet build " in result.stderr and "$ fleet emu " in result.stderr
