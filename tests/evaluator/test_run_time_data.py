"""Lists, dicts, sets and texts that only run time knows: random programs, costs, what is kept."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from fleet.diagnostics import FleetError
from fleet.driver import build
from fleet.emulation import emulate
from fleet.frontend import build_ir
from fleet.host import Host
from fleet.ir.interpreter import Interpreter
from fleet.objects import names
from fleet.objects.services import SERVICES
from tests.evaluator.generate_data import ARGUMENTS, Writer
from tests.evaluator.three_ways import by_ast, by_cpython, by_emu, outcome_of

REJECTED = {17}
"""Seeds whose programs may be rejected; none may give another answer."""


@pytest.mark.parametrize("seed", range(18))
def test_random_programs_on_containers_do_what_cpython_does(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(Writer(seed).program(), encoding="utf-8")
    try:
        module = build_ir(path)
    except FleetError:
        assert seed in REJECTED
        return
    for arguments in ARGUMENTS:
        expected = by_cpython(path, arguments)
        found = outcome_of(path, arguments, lambda host: Interpreter(module, host).run())
        assert found == expected, path.read_text(encoding="utf-8")
    assert by_ast(path, ARGUMENTS[1]) == by_cpython(path, ARGUMENTS[1])


@pytest.mark.parametrize("seed", range(100, 103))
def test_random_programs_on_containers_run_as_machine_code(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(Writer(seed).program(), encoding="utf-8")
    assert by_emu(path, ARGUMENTS[1]) == by_cpython(path, ARGUMENTS[1])


LOOPS = {
    "append": "xs = []\nfor i in range(n):\n    xs.append(str(i))\nprint(len(xs))",
    "dict": "d = {}\nfor i in range(n):\n    d[str(i)] = i\nprint(len(d), d['7'])",
    "set": "s = set()\nfor i in range(n):\n    s.add(i % 50)\nprint(len(s))",
    "queue": "from collections import deque\nq = deque()\nfor i in range(n):\n    q.append((i, i))"
             "\nwhile q:\n    q.popleft()\nprint(len(q))",
    "sort": "xs = []\nfor i in range(n):\n    xs.append((i * 7 % 11, str(i)))\nxs.sort()\n"
            "print(xs[0])",
}  # fmt: skip


@pytest.mark.parametrize("name", LOOPS)
def test_an_operation_on_a_container_takes_as_many_instructions_whatever_its_size(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(f"import sys\nn = int(sys.argv[1])\n{LOOPS[name]}\n", encoding="utf-8")
    counts = [asked(path, n) for n in (100, 200, 400)]
    assert counts[2] - counts[1] == 2 * (counts[1] - counts[0])


def asked(path: Path, n: int) -> int:
    """How often a run asks the host's objects for something."""
    calls = 0
    host = Host([str(path), str(n)], io.StringIO(), io.StringIO(), io.StringIO())

    def counted(service: object) -> object:
        def serve(*arguments: object) -> object:
            nonlocal calls
            calls += 1
            return service(*arguments)

        return serve

    host.services = {
        name: counted(service) if name in SERVICES else service
        for name, service in host.services.items()
    }
    Interpreter(build_ir(path), host).run()
    return calls


def test_names_of_objects_that_nothing_has_any_more_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "FEW", 100)
    path = tmp_path / "program.py"
    path.write_text(
        "import sys\nn = int(sys.argv[1])\nkept = []\nfor i in range(n):\n"
        "    word = str(i) + 'x'\n    kept.append((word, [i]))\n    pair = kept[i]\n"
        "    pair[1].append(len(pair))\nprint(kept[0], kept[-1], len(kept))\n"
    )
    build(str(path), str(tmp_path / "program.elf"))
    host = Host(["", "700"], io.StringIO(), io.StringIO(), io.StringIO())
    emulate(str(tmp_path / "program.elf"), ["700"], host=host)
    assert host.stdout.getvalue() == "('0x', [0, 2]) ('699x', [699, 2]) 700\n"
    kept = [name for name in range(names.FIRST, names.FIRST + 10_000)
            if host.objects.named(name) is not None]  # fmt: skip
    assert max(kept) - names.FIRST > 300
    assert len(kept) < 250
