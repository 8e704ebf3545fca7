"""Clocks, the working folder and the environment are those of the run, on every executor."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from every_executor import EXECUTORS, run_on

from fleet.diagnostics import FleetError
from fleet.frontend import build_ir, run_ast
from fleet.host import Host
from fleet.ir.interpreter import Interpreter

CLOCKS = """
import time
print(time.time() > 1e9, time.perf_counter() >= 0, time.monotonic() <= time.monotonic())
print(abs(time.time() - time.time()) < 1000)
"""
FOLDER = """
import os
print(os.getcwd())
print(os.path.basename(__file__), os.path.exists(__file__))
"""
VARIABLES = """
import os
print(os.environ.get("FLEET_A", "none"), os.getenv("FLEET_B", "none"), os.environ["FLEET_A"])
"""


@pytest.mark.parametrize("executor", EXECUTORS)
def test_clocks(executor: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(CLOCKS, encoding="utf-8")
    assert run_on(executor, path, []) == ("True True True\nTrue\n", "", 0)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_folder_is_that_of_the_run(
    executor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "program.py"
    path.write_text(FOLDER, encoding="utf-8")

    def leave() -> None:
        monkeypatch.chdir("/usr")

    out, _, _ = run_on(executor, path, [], before_run=leave)
    assert out == f"{os.getcwd()}\nprogram.py True\n"
    assert os.getcwd() == "/usr"


@pytest.mark.parametrize("name", ["program.py", "./program.py", "down/../program.py", None])
def test_a_program_has_the_file_that_cpython_says(
    name: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "program.py"
    path.write_text("print(__file__)\n", encoding="utf-8")
    (tmp_path / "down").mkdir()
    monkeypatch.chdir(tmp_path)
    given = str(path) if name is None else name
    expected = subprocess.run([sys.executable, given], capture_output=True, text=True, check=True)
    host = Host(stdout=io.StringIO())
    run_ast(given, host=host)
    built = Host(stdout=io.StringIO())
    Interpreter(build_ir(given), built).run()
    assert host.stdout.getvalue() == built.stdout.getvalue() == expected.stdout


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_environment_is_that_of_the_run(
    executor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "program.py"
    path.write_text(VARIABLES, encoding="utf-8")
    monkeypatch.setenv("FLEET_A", "at build")
    monkeypatch.setenv("FLEET_B", "at build")

    def change() -> None:
        monkeypatch.setenv("FLEET_A", "at run")
        monkeypatch.delenv("FLEET_B")

    assert run_on(executor, path, [], before_run=change)[0] == "at run none at run\n"


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_variable_that_is_not_set_is_a_key_error(executor: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("import os\nprint(os.environ['FLEET_NOT_SET'])\n", encoding="utf-8")
    out, error, status = run_on(executor, path, [])
    assert (out, error, status) == ("", "KeyError: 'FLEET_NOT_SET'", 1)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("os.environ.get('A')", "without a text for when it is not set"),
        ("os.getenv('A')", "without a text for when it is not set"),
        ("'A' in os.environ", "`in os.environ` is not supported"),
        ("os.environ['A'] = 'b'", "setting environment variables is not supported"),
    ],
)
def test_what_depends_on_whether_a_variable_is_set(
    body: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(f"import os\n{body}\n", encoding="utf-8")
    with pytest.raises(FleetError, match=message):
        build_ir(path)
