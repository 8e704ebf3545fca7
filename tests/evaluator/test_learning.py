"""What one evaluation of a program teaches, the next ones need not find out piece by piece."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet import frontend

CLASSES = """
import sys
class A:
    def __init__(self, x):
        self.x = x
class B:
    __slots__ = ("x",)
    def __init__(self, x):
        self.x = x
kept = {}
for text in sys.argv[1:]:
    kept[text] = [A(text), B(text)]
print([one.x for pair in kept.values() for one in pair])
"""


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Has an entry for each evaluation that begins."""
    found: list[int] = []
    build = frontend._build

    def counted(m: frontend.Machine, enter: frontend.Enter) -> frontend.Operation:
        found.append(len(found))
        return build(m, enter)

    monkeypatch.setattr(frontend, "_build", counted)
    return found


def test_that_the_run_has_instances_is_learnt_with_the_classes_of_them(
    begun: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(CLASSES, encoding="utf-8")
    frontend.build_ir(path)
    assert len(begun) <= 4  # the dictionary is the run's, then the lists, then what they hold
