"""`fleet completion`: print a script with which a shell completes commands and their options.

In: the parsers of all commands. Out: a script that holds all of it, so that a shell that completes
starts no Python. The one idea: what may come next is a question of the command and, of the word
before, whether it is an option with a value; a table answers it, and each shell reads that table.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fleet.cli import COMMANDS, command_parser, load_command
from fleet.commands.options import show

EXAMPLE = "completion bash"

FILES = "FILES"
"""Stands for any name of a file, where a value has no choices of its own."""


@dataclass
class Words:
    """What a command takes."""

    options: dict[str, str] = field(default_factory=dict)
    """Each spelling of each option, and what it is for."""

    values: dict[str, list[str]] = field(default_factory=dict)
    """The choices of the options that take a value; empty where it may be anything."""

    arguments: list[str] = field(default_factory=list)
    """The choices of what is no option; empty where it may be any file."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="the shell that reads the script")


def run(options: argparse.Namespace) -> int:
    show(SHELLS[options.shell]({name: words_of(name) for name in COMMANDS}))
    return 0


def words_of(name: str) -> Words:
    """What a command takes, as its parser has it."""
    command = load_command(name)
    words = Words(dict(getattr(command, "SPELLINGS", {})))
    for action in command_parser(name, command)._actions:
        choices = [str(choice) for choice in action.choices or ()]
        if not action.option_strings:
            words.arguments += choices
        elif action.help is not argparse.SUPPRESS:
            text = " ".join((action.help or "").split()).partition(" (%")[0]
            for option in action.option_strings:
                words.options[option] = text
                if action.nargs != 0:
                    words.values[option] = choices
    return words


def bash(commands: Mapping[str, Words]) -> str:
    cases = []
    for name, words in commands.items():
        values = [
            f"            {option}) values=\"{' '.join(choices) or FILES}\" ;;"
            for option, choices in words.values.items()
        ]
        cases += [
            f"    {name})",
            f"        options=\"{' '.join(words.options)}\"",
            f"        values=\"{' '.join(words.arguments) or FILES}\"",
            *(["        case $before in", *values, "        esac"] if values else []),
            "        ;;",
        ]
    return _BASH.replace("COMMANDS", " ".join(commands)).replace("CASES", "\n".join(cases))


_BASH = """\
# Completion of `fleet` in bash: source this file, or put it among bash-completion's.
_fleet() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
    local options="" values=""
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "COMMANDS --help --version" -- "$word"))
        return
    fi
    case ${COMP_WORDS[1]} in
CASES
    esac
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$word"))
    elif [ "$values" = FILES ]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    else
        COMPREPLY=($(compgen -W "$values" -- "$word"))
    fi
}
complete -F _fleet fleet
"""


def zsh(commands: Mapping[str, Words]) -> str:
    described = [f"        {_quoted(name + ':' + COMMANDS[name])}" for name in commands]
    cases = []
    for name, words in commands.items():
        specs = []
        for option, text in words.options.items():
            value = ""
            if option in words.values:
                choices = words.values[option]
                value = f":value:({' '.join(choices)})" if choices else ":value:_files"
            specs.append(_quoted(f"{option}[{_plain(text)}]{value}"))
        rest = f"({' '.join(words.arguments)})" if words.arguments else "_files"
        specs.append(_quoted(f"*:argument:{rest}"))
        cases += [
            f"        {name})",
            "            _arguments \\",
            " \\\n".join(f"                {spec}" for spec in specs),
            "            ;;",
        ]
    return _ZSH.replace("DESCRIBED", "\n".join(described)).replace("CASES", "\n".join(cases))


_ZSH = """\
#compdef fleet
# Completion of `fleet` in zsh: put this file as `_fleet` into a folder of $fpath.
_fleet() {
    local -a commands
    commands=(
DESCRIBED
    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
CASES
    esac
}
if [ "$funcstack[1]" = _fleet ]; then
    _fleet "$@"
else
    compdef _fleet fleet
fi
"""


def fish(commands: Mapping[str, Words]) -> str:
    lines = ["# Completion of `fleet` in fish: put this file into ~/.config/fish/completions."]
    for name in commands:
        lines.append(
            f"complete -c fleet -f -n __fish_use_subcommand -a {name} -d {_fish(COMMANDS[name])}"
        )
    for name, words in commands.items():
        seen = f"complete -c fleet -n '__fish_seen_subcommand_from {name}'"
        for option, text in words.options.items():
            kind = "-l" if option.startswith("--") else "-s" if len(option) == 2 else "-o"
            line = f"{seen} {kind} {option.lstrip('-')} -d {_fish(text)}"
            if option in words.values:
                choices = words.values[option]
                line += f" -x -a {_fish(' '.join(choices))}" if choices else " -r"
            lines.append(line)
        if words.arguments:
            lines.append(f"{seen} -f -a {_fish(' '.join(words.arguments))}")
        else:
            lines.append(f"{seen} -F")
    return "\n".join(lines) + "\n"


SHELLS: dict[str, Callable[[Mapping[str, Words]], str]] = {"bash": bash, "zsh": zsh, "fish": fish}


def _quoted(text: str) -> str:
    """In single quotes, for bash and zsh."""
    return "'" + text.replace("'", "'\\''") + "'"


def _plain(text: str) -> str:
    """Without what ends a description in zsh's specifications."""
    return text.replace("[", "(").replace("]", ")").replace(":", ",")


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
