"""How much work loops are that print now and then, look for something, or sort in place."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from fleet.asm.objects.elf import read_elf
from fleet.driver import build
from fleet.emulation import emulate
from fleet.host import Host
from fleet.vm.bytecode import SECTION, decode
from tests.work import launches

REPORTING = """
import sys
n, every = int(sys.argv[1]), int(sys.argv[2])
total, longest = 0, 0
for i in range(1, n):
    m, steps = i, 0
    while m != 1:
        m = m // 2 if m % 2 == 0 else 3 * m + 1
        steps += 1
    total += steps
    if i % every == 0:
        longest = max(longest, steps)
        print(i, total, longest)
print(total)
"""

SEARCH = """
import sys
import numpy as np
n = int(sys.argv[1])
a = np.zeros(n)
a[n - 1] = 1.0
at = -1
for i in range(n):
    if a[i] > 0.5:
        at = i
        break
print(at)
"""

SORT = (Path(__file__).parents[1] / "corpus" / "merge_sort_in_place.py").read_text()
SUBSETS = (Path(__file__).parents[1] / "corpus" / "subset_sums.py").read_text()


def _built(text: str, folder: Path) -> str:
    program, elf = folder / "program.py", folder / "program.elf"
    program.write_text(text)
    build(str(program), str(elf))
    return str(elf)


def _counted(
    elf: str, arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> dict[str, int]:
    out = io.StringIO()
    emulate(elf, arguments, stats=True, host=Host([elf, *arguments], out, io.StringIO()))
    return json.loads(capfd.readouterr().err.splitlines()[-1])


def test_a_loop_is_launched_once_for_each_time_that_it_prints(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    elf = _built(REPORTING, tmp_path)
    for n, every in ((200, 50), (400, 50), (400, 399), (400, 1000)):
        count, shown = launches(elf, [str(n), str(every)], capfd)
        assert count == (n - 1) // every + 1
        assert len(shown.splitlines()) == (n - 1) // every + 1


def test_a_search_takes_no_step_an_element(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    elf = _built(SEARCH, tmp_path)
    few, many = (_counted(elf, [str(n)], capfd) for n in (2000, 4000))
    assert many["instructions"] - few["instructions"] < 2000 * 2


def test_a_merge_in_place_copies_what_it_merges(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    elf = _built(SORT, tmp_path)
    few, many = (_counted(elf, [str(n)], capfd) for n in (1000, 4000))
    assert many["instructions"] < 6 * few["instructions"]


def test_a_recursion_lengthens_a_list_where_it_is(tmp_path: Path) -> None:
    elf = _built(SUBSETS, tmp_path)
    image = read_elf(elf)
    program = decode(image.data(image.section(SECTION)), elf)
    recursion = next(each for each in program.functions if "recursion" in each.name)
    code = [item.mnemonic for item in recursion.code]
    copies = [at for at, name in enumerate(code) if name == "copy"]
    grown = [at for at in copies if code[at - 1] == "alloc" and code[at + 1] == "free"]
    assert grown and len(grown) * 2 >= len(copies)
