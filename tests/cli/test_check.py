"""`fleet check` lists all that a program uses and Fleet cannot build, in one run."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.checking import check
from fleet.cli import main
from fleet.diagnostics import FleetError
from fleet.frontend import build_ir
from fleet.limits import Limits

UNSUPPORTED = ["np.busday_count(x)", "np.from_dlpack(x)", "np.datetime_as_string(x)",
               "__import__('os')"]  # fmt: skip
"""Values that are rejected wherever they are evaluated."""

PLACES = {
    "at the top": "held = {}\n",
    "in a function": "def f():\n    return {}\nheld = f()\n",
    "in a method": "class A:\n    def f(self):\n        return {}\nheld = A().f()\n",
    "in a loop": "for i in range(len(sys.argv)):\n    held = {}\n",
    "in a run-time branch": "if len(sys.argv) > 5:\n    held = {}\nelse:\n    held = 1\n",
    "in a lambda": "held = (lambda: {})()\n",
    "in an argument": "print(1, {})\nheld = 2\n",
    "in a comprehension": "held = [{} for k in range(2)]\n",
}
HEAD = "import sys\nimport numpy as np\nx = np.arange(4.0)\n"


def messages(source: str, path: Path) -> list[tuple[int, str]]:
    path.write_text(source, encoding="utf-8")
    return [(error.location.line, error.message) for error in check(path)]


def alone(source: str, path: Path) -> str:
    """What a build says."""
    path.write_text(source, encoding="utf-8")
    with pytest.raises(FleetError) as rejected:
        build_ir(path)
    return rejected.value.message


@pytest.mark.parametrize("place", PLACES)
def test_what_stands_in_one_program_is_found_as_if_each_stood_alone(
    place: str, tmp_path: Path
) -> None:
    path, source, expected = tmp_path / "program.py", HEAD, []
    for number, value in enumerate(UNSUPPORTED):
        part = PLACES[place].format(value).replace("held", f"held{number}")
        line = source.count("\n") + 1 + part[: part.index(value)].count("\n")
        expected.append((line, alone(HEAD + part, path)))
        source += part + f"print(held{number}, held{number} + 1)\n"
    assert messages(source, path) == expected


def test_what_follows_from_an_error_is_no_error(tmp_path: Path) -> None:
    source = HEAD + """
v = np.busday_offset(x)
total = 0
for part in v:
    total += part.sum()
    if part[0] > 2:
        break
while total < 3:
    total = total + v[0]
d = {v: 1}
d.update(v.items())
w = [p * 2 for p in v if p > 1]
print(f"{v:.2f}", w, len(v), d, *v)
assert v, "nothing"
with v as u:
    u.x = 1
try:
    del v[0]
except v.Error as e:
    print(e)
print(np.datetime_as_string(total))
"""
    assert [line for line, _ in messages(source, tmp_path / "program.py")] == [5, 24]


def test_what_is_not_evaluated_is_read(tmp_path: Path) -> None:
    source = HEAD + """
import torch

def never(a):
    import pandas
    async def inner():
        pass
    return np.busday_offset(a) + __import__(a)

if False:
    np.datetime_as_string(x)
np.ones(2)
sys.exit()
np.from_dlpack(x)
"""
    lines = [line for line, _ in messages(source, tmp_path / "program.py")]
    assert lines == [5, 8, 9, 11, 11, 14, 17]


def test_each_name_of_an_import_is_told(tmp_path: Path) -> None:
    source = "import sys, torch, numpy as np, pandas\nprint(np.ones(2), torch.x, pandas.y)\n"
    assert [line for line, _ in messages(source, tmp_path / "program.py")] == [1, 1]


def test_files_that_a_program_imports_are_looked_at(tmp_path: Path) -> None:
    aside = "y = np.datetime_as_string(x)\ndef f():\n    np.from_dlpack(x)\n"
    (tmp_path / "aside.py").write_text(HEAD + aside)
    path = tmp_path / "program.py"
    path.write_text("import aside\nimport torch\nprint(aside.y + 1, aside.nothing)\n")
    found = [(Path(error.location.file).name, error.location.line) for error in check(path)]
    assert found == [("aside.py", 4), ("aside.py", 6), ("program.py", 2)]


def test_a_recursion_or_loop_that_hangs_on_what_is_unknown_ends(tmp_path: Path) -> None:
    source = HEAD + """
n = np.busday_offset(x)
def f(k):
    return 1 if k == n else f(k - 1) + f(k - 2)
items = [1]
while len(items) > 0:
    n.shrink(items)
print(f(5))
"""
    assert [line for line, _ in messages(source, tmp_path / "program.py")] == [5]


def test_a_program_without_problems(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + "print(x.sum())\n", encoding="utf-8")
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: nothing to change\n"


def test_the_command_shows_places_and_advice(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + "v = np.ones(3, 'g')\nasync def f():\n    pass\n", encoding="utf-8")
    assert main(["check", str(path)]) == 1
    shown = capsys.readouterr().out
    assert f"{path}:4:5: error: " in shown and f"\n      ^{14 * '~'}\n  help: " in shown
    assert shown.endswith(f"{path}: 2 problems\n")


@pytest.mark.parametrize("name", ["queens", "dijkstra", "recursive_fft", "closest_pair"])
def test_a_check_finds_what_a_build_says(name: str) -> None:
    path = Path(__file__).parents[1] / "corpus" / f"{name}.py"
    try:
        build_ir(path, Limits(steps=50_000))
    except FleetError as error:
        assert error.message in [each.message for each in check(path, Limits(steps=50_000))]
    else:
        assert check(path, Limits(steps=50_000)) == []
