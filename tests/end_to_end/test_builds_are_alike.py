"""A program built again is the same file: nothing hangs on where Python has put its objects."""

from __future__ import annotations

from pathlib import Path

from fleet.driver import build

CORPUS = Path(__file__).parents[1] / "corpus"


def test_a_program_built_again_is_the_same_file(tmp_path: Path) -> None:
    made, kept = set(), []
    for number in range(5):
        elf = tmp_path / "program.elf"
        build(str(CORPUS / "conv_net_forward.py"), elf)
        made.add(elf.read_bytes())
        kept.append([object() for _ in range(1000 * number)])  # so that addresses differ
    assert len(made) == 1
