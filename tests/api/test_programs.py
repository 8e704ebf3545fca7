"""build, run and lower: what the command line does, as functions, and nothing beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import fleet
from fleet.executors import OF_PROGRAMS
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.stages import EXECUTABLE_STAGES, STAGES

ROOT = Path(fleet.__file__).parents[1]
PROGRAM = """import sys
import numpy as np

x = np.arange(float(sys.argv[1])) * 2
print(x.sum(), input("name? "))
print("to stderr", file=sys.stderr)
if len(sys.argv) > 2:
    sys.exit(int(sys.argv[2]))
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


def expected(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(program), *arguments], capture_output=True, text=True, input="Ada\n"
    )


@pytest.mark.parametrize("executor", OF_PROGRAMS)
@pytest.mark.parametrize("arguments", [("4",), ("3", "5"), ("3", "0"), ("3", "x"), ("abc",)])
def test_a_run_is_what_cpython_does(program: Path, executor: str, arguments: tuple) -> None:
    want = expected(program, *arguments)
    got = fleet.run(program, *arguments, on=executor, input="Ada\n")
    assert (got.stdout, got.status) == (want.stdout, want.returncode)
    assert got.stderr.splitlines()[-1:] == want.stderr.splitlines()[-1:]
    if want.returncode:
        with pytest.raises(fleet.FleetError, match=f"status {want.returncode}"):
            got.check()
    else:
        assert got.check() is got


def test_an_executable_is_bytes_that_run(
    program: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    executable = fleet.build("program.py")
    assert bytes(executable)[:4] == b"\x7fELF" and len(executable) == len(bytes(executable))
    assert executable.kernels > 0
    result = executable.run("4", input="Ada\n")
    assert (result.stdout, result.stderr, result.status) == ("name? 12.0 Ada\n", "to stderr\n", 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["program.py"]
    assert capfd.readouterr() == ("", "")
    path = executable.write(tmp_path / "out.elf")
    assert path.read_bytes() == bytes(executable)
    done = subprocess.run(
        [sys.executable, "-m", "fleet", "emu", str(path), "4"], capture_output=True, text=True,
        input="Ada\n", cwd=ROOT,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("name? 12.0 Ada\n", "to stderr\n")


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_every_stage_can_be_had(program: Path, stage: str) -> None:
    lowered = fleet.lower(program, stage)
    assert lowered.stage == stage
    assert str(lowered) == lowered.text == print_op(lowered.module)
    if stage in EXECUTABLE_STAGES:
        assert print_op(parse_module(lowered.text, "<text>")) == lowered.text


def test_bytecode_and_assembly_are_texts(program: Path) -> None:
    assert fleet.lower(program, "bytecode").text.startswith("fleet bytecode\n")
    assert "\t.text\n" in str(fleet.lower(program, "assembly"))


def test_mistakes_are_fleet_errors(program: Path, tmp_path: Path) -> None:
    with pytest.raises(fleet.FleetError, match="nowhere.py"):
        fleet.run(tmp_path / "nowhere.py")
    with pytest.raises(fleet.FleetError, match="no executor 'gpu'"):
        fleet.run(program, on="gpu")
    with pytest.raises(fleet.FleetError, match="no stage 'end' can be run"):
        fleet.run(program, on="ir", stage="end")
    with pytest.raises(fleet.FleetError, match="no stage 'end'"):
        fleet.lower(program, "end")
    with pytest.raises(fleet.FleetError, match="cannot write"):
        fleet.build(program).write(tmp_path / "no" / "where.elf")
    program.write_text("import numpy as np\nnp.busday_count(np.eye(2))\n")
    for function in (fleet.build, fleet.run, fleet.lower):
        with pytest.raises(fleet.FleetError, match="busday_count is not supported") as caught:
            function(program)
        assert caught.value.location.line == 2


def test_limits_are_arguments(program: Path) -> None:
    program.write_text("class K: pass\nfor i in range(2000):\n    setattr(K, str(i), i)\n")
    with pytest.raises(fleet.FleetError, match="steps while the program is compiled"):
        fleet.build(program, budget=1000)
    fleet.build(program)


def test_importing_fleet_loads_no_more_of_it() -> None:
    code = (
        "import sys, fleet\n"
        "print(sorted(name for name in sys.modules if name.startswith('fleet')), "
        "'numpy' in sys.modules)\n"
        "assert set(fleet.__all__) <= set(dir(fleet))\n"
        "for name in fleet.__all__: getattr(fleet, name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("['fleet'] False\n", "")
    with pytest.raises(AttributeError, match="module 'fleet' has no attribute 'nothing'"):
        fleet.nothing  # noqa: B018
