"""The work of lexer, parser and checks grows with the text and no faster, and trees stay right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from trees import assert_same_tree
from work import calls

from fleet.syntax.lexer import _Lexer
from fleet.syntax.parser import parse

GROWING = {
    "lines": lambda n: "x = x + 1\n" * n,
    "list": lambda n: f"a = [{', '.join(map(str, range(n)))}]\n",
    "dict": lambda n: f"d = {{{', '.join(f'{i!r}: {i}' for i in map(str, range(n)))}}}\n",
    "f-strings": lambda n: 'y = f"é{x}b{x + 1:>{x}}"\n' * n,
    "fields": lambda n: 'y = f"' + 'é{x}' * n + '"\n',
    "wide characters on one line": lambda n: 'a = [' + '"é", ' * n + ']\n',
    "adjacent strings": lambda n: 'a = (' + '"é" ' * n + ')\n',
    "closures": lambda n: "def f():\n" + "".join(f" v{i} = lambda: v{i}\n" for i in range(n)),
    "nonlocals": lambda n: "def f():\n a = 1\n" + " def g():\n  nonlocal a\n  a = 2\n" * n,
    "captures": lambda n: f"match x:\n case [{', '.join(f'a{i}' for i in range(n))}]: pass\n",
    "cases": lambda n: "match x:\n" + "".join(f" case {i}: pass\n" for i in range(n)),
    "stars after keywords": lambda n: (
        f"f({', '.join(f'a{i}={i}' for i in range(n))}{', *a' * n})\n"),
    "with": lambda n: "with (a as b, c as d): pass\n" * n,
    "joined lines": lambda n: "x = " + "1, \\\n" * n + "2\n",
}  # fmt: skip


@pytest.mark.parametrize("text", GROWING.values(), ids=GROWING)
def test_twice_the_text_is_twice_the_work(text: Callable[[int], str]) -> None:
    small, large = text(300), text(600)
    assert calls(parse, large) < 2.1 * calls(parse, small)


@pytest.mark.parametrize("text", GROWING.values(), ids=GROWING)
def test_its_tree_is_cpythons(text: Callable[[int], str]) -> None:
    assert_same_tree(text(30), "growing.py")


def test_a_text_is_searched_for_unreadable_characters_once(monkeypatch) -> None:
    searched = []
    whole = _Lexer.reject_unreadable
    monkeypatch.setattr(
        _Lexer, "reject_unreadable", lambda lexer: (searched.append(lexer), whole(lexer))
    )
    parse('y = f"{x}{x}"\n' * 50)
    assert len(searched) == 1


def test_an_operand_that_ends_its_expression_takes_few_calls() -> None:
    """An item of a list of numbers: one method for each thing there is to do."""
    small, large = GROWING["list"](1000), GROWING["list"](2000)
    assert calls(parse, large) - calls(parse, small) < 60 * 1000
