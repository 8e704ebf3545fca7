"""What a program does at build time: what CPython does, in little work, and nothing stays."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from fleet import frontend
from fleet.evaluator.state.machine import Machine
from tests.evaluator.three_ways import assert_equal_outcomes
from tests.work import calls

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = sorted((ROOT / "benchmarks" / "known").glob("*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_whose_work_is_done_at_build_time_prints_what_cpython_prints(
    path: Path
) -> None:
    assert_equal_outcomes(path, [])


WORDS = 'words = ["ab", "c", "def", "a"] * COUNT\n'
BODIES = {
    "a loop": ("for word in words:\n    word", 17),
    "arithmetic": ("n = 0\nfor word in words:\n    n = n + len(word) * 2", 37),
    "a branch": ("n = 0\nfor word in words:\n    if word == 'c':\n        n += 1", 24),
    "a call": ("def f(x):\n    return x\nfor word in words:\n    f(word)", 34),
    "a dictionary": ("d = {}\nfor word in words:\n    d[word] = d.get(word, 0) + 1", 38),
    "an attribute": ("class A: pass\na = A()\na.x = 0\nfor word in words:\n    a.x = word", 28),
    "a method": ("class A:\n    def f(self, x):\n        return x\na = A()\n"
                 "for word in words:\n    a.f(word)", 39),
    "an instance": ("class A:\n    def __init__(self, x):\n        self.x = x\n"
                    "for word in words:\n    A(word)", 69),
    "a comprehension": ("[word for word in words]", 16),
    "a generator": ("any(word == 'x' for word in words)", 34),
    "an exception": ("for word in words:\n    try:\n        int(word)\n"
                     "    except ValueError:\n        pass", 104),
}  # fmt: skip
"""Code over a list of texts, and the most calls of functions, Python's and C's, that one of them
may take: a little more than it takes."""


@pytest.mark.parametrize("name", BODIES)
def test_one_item_takes_few_calls(name: str, tmp_path: Path) -> None:
    body, most = BODIES[name]
    work = []
    for count in (100, 100, 200):  # the first one reads the prelude
        path = tmp_path / "program.py"
        path.write_text(WORDS.replace("COUNT", str(count)) + body + "\n", encoding="utf-8")
        work.append(calls(frontend.build_ir, path))
    assert (work[2] - work[1]) / 400 <= most


def test_nothing_of_a_program_stays_when_the_next_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines: list[weakref.ref[Machine]] = []
    start = frontend._start

    def note(m: Machine, backend: object) -> None:
        machines.append(weakref.ref(m))
        start(m, backend)

    monkeypatch.setattr(frontend, "_start", note)
    path = tmp_path / "program.py"
    path.write_text(
        "import functools\nimport numpy as np\n"
        "class A:\n    def __init__(self, x):\n        self.x = x\n"
        "    @functools.lru_cache\n    def f(self):\n        return [self.x for _ in 'ab']\n"
        "print(A(3).f(), str(A(4).x), np.random.default_rng(3).random())\n",
        encoding="utf-8",
    )
    frontend.build_ir(path)
    path.write_text("pass\n", encoding="utf-8")
    frontend.build_ir(path)
    gc.collect()
    *before, _ = machines
    assert before
    assert not [machine for machine in before if machine() is not None]
