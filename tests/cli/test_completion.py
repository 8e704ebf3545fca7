"""The completion scripts, each in its own shell, as somebody types there."""

from __future__ import annotations

import os
import pty
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import ENVIRONMENT, CommandLine

from fleet.cli import COMMANDS
from fleet.commands.completion import words_of
from fleet.stages import ALL_STAGES

TYPED = {
    "fleet re": {"replay", "readelf"},
    "fleet asm --ma": {"--march"},
    "fleet build small.py --unt": {"--until"},
    "fleet opt --numpy": {"--numpy-to-tosa"},
    "fleet build --until ": set(ALL_STAGES),
    "fleet run --on ": {"all", "ast", "emu", "ir", "onnx", "vm"},
    "fleet completion ": {"bash", "fish", "zsh"},
    "fleet emu sma": {"small.elf", "small.py"},
    "fleet emu two": {"two words.py"},
    "fleet build -o sma": {"small.elf", "small.py"},
}
"""Lines, and what the last word of each may become."""


def on_a_terminal(command: list[str], typed: str = "", **environment: str) -> None:
    """Run a shell whose user types this."""
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        command, env={**ENVIRONMENT, "TERM": "dumb", **environment},
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    try:
        os.close(theirs)
        os.write(ours, typed.encode())
        while True:  # a terminal that nobody reads fills up
            os.read(ours, 10_000)
    except OSError:  # nobody has it open any more
        assert shell.wait(20) == 0
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


def offers(completed: str) -> list[set[str]]:
    """What was inserted in each of the typed lines."""
    return [
        set(shlex.split(line)[len(shlex.split(typed)) - (typed[-1] != " ") :])
        for typed, line in zip(TYPED, completed.splitlines(), strict=True)
    ]


def bash(script: Path) -> list[set[str]]:
    """Alt-* inserts all that fits; the line is then made one that prints its words."""
    (script.parent / "bashrc").write_text(f"PS1=\nsource '{script}'\n")
    keys = [f"{line}\033*\001printf '%q ' \005 >> done; echo >> done\n" for line in TYPED]
    command = ["bash", "--noprofile", "--rcfile", "bashrc", "-i"]
    on_a_terminal(command, "".join(keys) + "exit 0\n", INPUTRC=os.devnull, HISTFILE="")
    return offers(Path("done").read_text())


ZSHRC = """\
autoload -Uz compinit && compinit -D -u
source SCRIPT
lines=("${(@f)$(<lines)}")
insert-all() { compstate[insert]=all }
complete-next() {
    BUFFER=$lines[1] CURSOR=$#lines[1]
    comppostfuncs=(insert-all)
    zle complete-word
    print -r -- "$BUFFER" >> done
    shift lines
    (( $#lines )) || exit 0
    zle kill-buffer
    zle accept-line
}
zle -N zle-line-init complete-next
"""


def zsh(script: Path) -> list[set[str]]:
    """Each time that a line is asked for, the next one is completed to all that fits."""
    Path(".zshrc").write_text(ZSHRC.replace("SCRIPT", f"'{script}'"))
    Path("lines").write_text("\n".join(TYPED))
    on_a_terminal(["zsh", "-d", "-i"], ZDOTDIR=str(script.parent))
    return offers(Path("done").read_text())


def fish(script: Path) -> list[set[str]]:
    """`complete -C` says what fits, and after a tab what it is for."""
    lines = [f"complete -C '{line}'; echo" for line in TYPED]
    done = subprocess.run(
        ["fish", "--no-config", "-c", "\n".join([f"source '{script}'", *lines])],
        env={**ENVIRONMENT, "HOME": str(script.parent)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    return [
        {line.partition("\t")[0] for line in part.splitlines()}
        for part in done.stdout.removesuffix("\n\n").split("\n\n")
    ]


SHELLS: dict[str, Callable[[Path], list[set[str]]]] = {"bash": bash, "zsh": zsh, "fish": fish}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_commands_options_values_and_files(
    run: CommandLine, place: Path, shell: str
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here")
    (place / "two words.py").touch()
    script = place / "completion"
    script.write_text(run("completion", shell).stdout)
    assert dict(zip(TYPED, SHELLS[shell](script), strict=True)) == TYPED


@pytest.mark.parametrize("shell", SHELLS)
def test_every_option_is_in_every_shells_script(run: CommandLine, shell: str) -> None:
    script = run("completion", shell).stdout
    for command in COMMANDS:
        assert f" {command} " in script or f"    {command})" in script
        for option in words_of(command).options:
            written = rf"""[ '"]{re.escape(option)}[\[ "]| {re.escape(option.lstrip('-'))} -d """
            assert re.search(written, script), (command, option)
