"""The table of commands: each loads by itself, helps, and has an example that works."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from command_line import ENVIRONMENT, ROOT, CommandLine

from fleet.cli import COMMANDS, load_command

COMPILER = (
    "fleet.syntax", "fleet.evaluator", "fleet.library", "fleet.passes", "fleet.codegen", "fleet.ir",
    "fleet.dialects",
)  # fmt: skip

VADD = """\
    .globl  vadd
vadd:                           # void vadd(float *x, const float *y, long n)
    vsetvli a3, a2, e32, m8, ta, ma
    vle32.v v8, (a0)
    vle32.v v16, (a1)
    vfadd.vv v8, v8, v16
    vse32.v v8, (a0)
    sub     a2, a2, a3
    slli    a3, a3, 2
    add     a0, a0, a3
    add     a1, a1, a3
    bnez    a2, vadd
    ret
"""
MAIN = ".globl _start\n_start: call vadd\n li a0, 0\n li a7, 93\n ecall\n"


def modules_after(statement: str) -> set[str]:
    """What is imported when a statement has been executed by a fresh Python."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return {name for name in done.stdout.splitlines()[-1].split() if name.startswith("fleet")}


def test_the_overview_loads_no_command() -> None:
    loaded = modules_after("from fleet.cli import main\nmain(['--help'])")
    assert not any(name.startswith("fleet.commands") for name in loaded)
    assert not any(name.startswith(COMPILER) for name in loaded)


@pytest.mark.parametrize("command", ["emu", "dis", "readelf", "asm", "link"])
def test_what_works_on_machine_code_loads_no_compiler(command: str) -> None:
    loaded = modules_after(f"from fleet.cli import main\nmain(['{command}', '--help'])")
    assert f"fleet.commands.{command}" in loaded
    assert not sorted(name for name in loaded if name.startswith(COMPILER))


def test_every_command_has_its_module_and_every_module_its_command() -> None:
    folder = ROOT / "fleet" / "commands"
    names = {path.stem for path in folder.glob("*.py")} - {"__init__", "options"}
    assert names == set(COMMANDS)


def test_the_overview_lists_every_command(run: CommandLine) -> None:
    shown = run("--help").stdout
    for name, text in COMMANDS.items():
        assert f"  {name} " in shown and text in shown


def test_a_misspelt_command_is_guessed(run: CommandLine) -> None:
    assert "did you mean 'build'?" in run("biuld", "x.py").stderr


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where every example has what it names."""
    folder = tmp_path_factory.mktemp("workshop")
    shutil.copytree(ROOT / "models", folder / "models")
    (folder / "vadd.s").write_text(VADD)
    (folder / "main.s").write_text(MAIN)
    np.save(folder / "x.npy", np.ones((2, 3), np.float32))
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_every_command_works(
    run: CommandLine, workshop: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workshop)
    for needed in NEEDS.get(name, []):
        if not (workshop / needed[-1]).exists():
            assert run(*needed[:-1]).status == 0
    shown = run(name, "--help").stdout
    for example in load_command(name).EXAMPLE.splitlines():
        assert f"  fleet {example}\n" in shown
        result = run(*shlex.split(example))
        assert result.status == 0, result
        talkative = ("--print-ir-", "--timing", "--trace-rewrites")
        talks = name == "demo" or any(word in example for word in talkative)
        assert (result.stderr != "") == talks


BUILD = ["build", "models/gpt2.py", "-o", "out.elf", "--dump", "stages", "out.elf"]
NEEDS = {
    "emu": [BUILD],
    "opt": [BUILD],
    "dis": [BUILD],
    "readelf": [["asm", "vadd.s", "vadd.o"]],
    "replay": [
        ["bisect", "--keep", "1", "--save", "softmax.npz", "models/softmax.py", "3", "softmax.npz"]
    ],
    "run": [
        [
            "export",
            "models/softmax.py",
            "--function",
            "softmax",
            "--arg",
            "f32[rows,cols]",
            "-o",
            "softmax.onnx",
            "softmax.onnx",
        ]
    ],
    "link": [["asm", "vadd.s", "vadd.o"], ["asm", "main.s", "main.o"]],
}
"""What an example takes for granted: commands, and the file that each makes."""
