"""Every kind of iterator, advanced wherever a program can advance it, as CPython does.

At build time some of what run time decides cannot be represented; it is then refused, never wrong.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from three_ways import by_ast, by_cpython, by_ir

from fleet.diagnostics import FleetError

NUMBERS = """
    iter([1,2,3]) iter((1,2,3)) iter(range(5)) iter({1:2,3:4}) iter({1:2,3:4}.values()) iter({1,2})
    reversed([1,2,3]) reversed((1,2)) reversed(range(3)) reversed({1:2}) map(abs,[-1,-2,-3])
    (k*k for k in [1,2,3]) (k for k in range(5) if k%2) iter([1,2].copy().pop,1)
    itertools.count() itertools.repeat(1,3) itertools.cycle([1,2,3]) itertools.islice([1,2,3],2)
    itertools.accumulate([1,2,3]) itertools.filterfalse(None,[0,0]) itertools.chain([1],[2,3])
    itertools.takewhile(bool,[1,2,0]) itertools.dropwhile(bool,[1,0,2]) itertools.tee([1,2])[0]
    itertools.compress([1,2,3],[1,0,1]) filter(None,[1,0,2]) itertools.starmap(max,[(1,2),(3,4)])
""".replace(" for ", "~for~").replace(" in ", "~in~").replace(" if ", "~if~").split()
NUMBERS = [text.replace("~", " ") for text in NUMBERS]
PAIRS = """
    zip([1,2,3],[4,5,6]) enumerate([4,5,6]) iter({1:2,3:4}.items()) itertools.product([1,2],[3,4])
    itertools.permutations([1,2,3],2) itertools.combinations([1,2,3],2)
    itertools.pairwise([1,2,3,4]) itertools.combinations_with_replacement([1,2],2)
    itertools.zip_longest([1],[2,3]) zip(itertools.count(),[1,2,3])
""".split()
SITUATIONS = {
    "at top level": "next(x, none)",
    "in a branch not taken": "if n > 90:\n{}",
    "in a branch taken": "if n < 90:\n{}",
    "on the other side": "if n > 90:\n    pass\nelse:\n{}",
    "in a call in a branch": "def body():\n{}\nif n < 90:\n    body()",
    "in a loop": "for _ in range(n):\n{}",
    "in no iteration": "for _ in range(n - 2):\n{}",
    "in a known loop": "for _ in range(2):\n{}",
    "on both sides": "if n > 90:\n{0}\nelse:\n{0}",
}
KNOWN = ("at top level", "in a known loop")
"""Where the iterator is afterwards does not depend on run time."""
UNREPRESENTABLE = {
    "chain": "it is a run-time choice which of the iterables it is in",
    "takewhile": "it looks at an item before it knows whether it comes",
    "dropwhile": "it looks at an item before it knows whether it comes",
    "filter": "it looks at an item before it knows whether it comes",
    "filterfalse": "it looks at an item before it knows whether it comes",
    "compress": "it looks at an item before it knows whether it comes",
    "(k for k in range(5) if": "it looks at an item before it knows whether it comes",
    "iter([1,2].copy().pop": "the list that its function changes has a run-time length",
    "pairwise": "the first item is read with the second",
    "tee": "what the others have yet to see has a run-time length",
    "zip_longest": "which of the iterables are at their end is a run-time matter",
}  # fmt: skip
"""Iterators that may be refused after a run-time branch or loop has advanced them, and why."""


def outcome_on_ir(path: Path) -> object:
    try:
        return by_ir(path, ["2"])
    except FleetError as error:
        return error


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("make", [*NUMBERS, *PAIRS])
def test_an_iterator_is_where_cpython_has_it(make: str, situation: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    body = SITUATIONS[situation].format(textwrap.indent("next(x, none)", "    "))
    none = "(0, 0)" if make in PAIRS else "0"
    head = f"import itertools\nimport sys\nn, none = int(sys.argv[1]), {none}\nx = {make}\n"
    path.write_text(f"{head}{body}\nprint(next(x, none))\n", encoding="utf-8")
    expected = by_cpython(path, ["2"])
    assert by_ast(path, ["2"]) == expected
    found = outcome_on_ir(path)
    if isinstance(found, FleetError) and situation not in KNOWN:
        assert any(kind in make for kind in UNREPRESENTABLE), str(found)
    else:
        assert found == expected


STRICT = """
    import sys
    one = [int(word) for word in sys.argv[1].split(",")]
    other = sys.argv[2].split(",")
    third = "xyzuvw"[:int(sys.argv[3])]
    total = 0
    try:
        for a, b in zip(one, other, strict=True):
            total += a
            print(a, b)
    except ValueError as error:
        print("error", error, total)
    try:
        print(list(zip(one, other, third, strict=True)))
    except ValueError as error:
        print("error", error)
    for k, (a, c) in enumerate(zip(one, third, strict=True)):
        print(k, a, c)
"""


def test_strict_zips_of_run_time_lengths_say_which_is_shorter(tmp_path: Path) -> None:
    path = tmp_path / "strict.py"
    path.write_text(textwrap.dedent(STRICT))
    for words in ("1,2,3 a,b,c 3", "1,2 a,b,c 2", "1,2,3 a,b 2", "1,2 a,b 1", "1,2 a,b 3"):
        arguments = words.split()
        expected = by_cpython(path, arguments)
        assert by_ast(path, arguments) == by_ir(path, arguments) == expected
