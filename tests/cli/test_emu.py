"""`fleet emu`: limits, counts and where programs were, of those that Fleet built and of others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import CommandLine, fleet

from fleet.driver import build
from fleet.emu.machine import EXECUTORS

PROGRAM = """\
import sys
import numpy as np

a = np.zeros(100, np.float32)
i = int(sys.argv[1])
while i < 1:
    i = i * 1
while i < 2:
    a = np.tanh(a) + np.sqrt(a) * 2
    i = int(sys.argv[1])
print(a.sum())
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Endless in bytecode for 0, in launches for 1, as the host is asked in between."""
    folder = tmp_path_factory.mktemp("endless")
    (folder / "endless.py").write_text(PROGRAM)
    build(str(folder / "endless.py"), folder / "endless.elf")
    return folder / "endless.elf"


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("limit", [1000, 5000, 20_000])
def test_the_limit_is_on_machine_code_and_bytecode_together(
    program: Path, run: CommandLine, executor: str, limit: int
) -> None:
    options = ["--stats", "--executor", executor, "--max-instructions", limit]
    for argument, line in ((0, 6), (1, 9)):
        result = run("emu", *options, program, argument)
        assert result.status == 139
        stats = json.loads(result.stderr.splitlines()[0])
        assert stats["instructions"] + stats["bytecode_instructions"] == limit
        assert f"more than {limit} instructions" in result.stderr
        assert f"endless.py:{line}" in result.stderr


def test_both_executors_have_the_same_counts_and_profiles(program: Path, run: CommandLine) -> None:
    totals, profiles = [], []
    for executor in EXECUTORS:
        options = ["--executor", executor, "--max-instructions", 30_000]
        result = run("emu", "--stats", *options, program, 1)
        stats = json.loads(result.stderr.splitlines()[0])
        parts = stats.pop("executors")
        assert set(parts) == {"unicorn", "native", "reference"}
        assert parts[executor]["vector_instructions"] > 0.8 * stats["vector_instructions"]
        for name in ("instructions", "vector_instructions", "elements", "loads", "stores"):
            assert sum(part[name] for part in parts.values()) == stats[name] > 0
        for clock in ("seconds", "device_seconds"):
            del stats[clock]
        totals.append(stats)
        profiles.append(run("emu", "--profile", *options, program, 1).stderr)
    assert totals[0] == totals[1]
    assert profiles[0] == profiles[1]
    assert "source line" in profiles[0] and "endless.py:9" in profiles[0]


def test_strace_is_refused_for_bytecode(program: Path, run: CommandLine) -> None:
    message = run.rejects("emu", "--strace", program, 1)
    assert "makes no system calls" in message and "leave out --strace" in message


def test_breakpoints_are_reached_by_kernels(program: Path, run: CommandLine) -> None:
    limit = ["--max-instructions", 5000]
    stats = json.loads(run("emu", "--stats", *limit, program, 1).stderr.splitlines()[0])
    (kernel, count), *_ = stats["launches_by_kernel"].items()
    result = run("emu", "--break", kernel, *limit, program, 1)
    assert f"break {kernel} (1) at " in result.stderr
    assert count < result.stderr.count(f"break {kernel} (") < count + 3
    assert "no symbol 'nothing'" in run.rejects("emu", "--break", "nothing", program, 1)


def test_a_program_recurses_as_deeply_as_in_cpython(place: Path) -> None:
    (place / "deep.py").write_text(
        "import sys\n"
        "def depth(n):\n"
        "    return 0 if n == 0 else 1 + depth(n - 1)\n"
        "print(depth(int(sys.argv[1])))\n"
    )
    build("deep.py", place / "deep.elf")
    # In a process of its own: to load the compiler makes room for recursion, too.
    shown = fleet("emu", "deep.elf", 997, cwd=place)
    assert (shown.stderr, shown.stdout) == ("", "997\n")
    shown = fleet("emu", "deep.elf", 999, cwd=place)
    assert shown.stderr.endswith("\nRecursionError: maximum recursion depth exceeded\n")
