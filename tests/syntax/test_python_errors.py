"""What the user sees of a syntax error: its place (here between « and »), message and hint."""

from __future__ import annotations

import re

import pytest

from fleet.diagnostics import FleetError
from fleet.syntax.parser import parse

LINE_BREAK = re.compile(r"\r\n|\r|\n")
ERRORS = [
    ("«f()» = 1", "cannot assign to the result of a call"),
    ("x = «yield» = 1", "cannot assign to a yield expression"),
    ("«x == 1» = 2", "cannot assign to a comparison", "use '=' to assign"),
    ("«(a, b)» += 1", "cannot update several targets"),
    ("«a, b»: int = 1", "cannot annotate several targets"),
    ("del «f()»", "cannot delete"),
    ("with a as «f()»: b", "cannot assign to"),
    ("«True» = 1", "cannot assign to True"),
    ("a «:=» 1", "expected the end of the statement", "put the expression in parentheses"),
    ("(«a.b» := 1)", "':=' cannot assign to an attribute"),
    ("x = «(»1,\n2", "'(' is never closed"),
    ("x = (1«]»", "does not close the '(' of line 1"),
    ("x = «)»", "closes nothing"),
    ("x = «'abc»", "not closed on its line", "close it with '"),
    ("x = «'''»abc\n", "triple-quoted string is never closed"),
    ("x = «012»", "leading zeros", "write 12, or 0o12"),
    ("x = «1__0»", "not a number"),
    ("x = é«€»", "U+20AC"),
    ("'''a\f\u2028b\r'''\r\n«f()» = 1", "cannot assign"),
    ("if a «!»b: c", "", "write 'not'"),
    ("a & «&» b", "expected an expression", "write 'and'"),
    ("a <«>» b", "expected an expression", "the operator is '!='"),
    ("if x «=» 1: pass", "expected ':' after the condition of 'if'", "use '=='"),
    ("while x «print»(1)", "expected ':'", "put a ':'"),
    ("print «'x'»", "expected the end of the statement", "print is a function"),
    ("f(1 «2»)", "expected ')'", "comma or an operator missing"),
    ("f'{a «b»}'", "expected '}'", "comma or an operator missing"),
    ("f'{(a «b»)}'", "expected ')'"),
    ("f'«{»'", "never closed"),
    ("f'a«}»'", "single '}'", "'}}'"),
    ("f'{a«!»x}'", "conversion", "!r (repr)"),
    ("f'«{»}'", "need an expression"),
    ("f'{a«\\»n}'", "backslash"),
    ("x = «'\\x1'»", "two hexadecimal digits", "double the backslash"),
    ("x = «b'é'»", "ASCII", "\\x"),
    ("x = b'a' «'b'»", "bytes and text cannot be one literal"),
    ("f(a=1, «2»)", "positional argument follows keyword arguments"),
    ("f(a=1, «a=2»)", "'a' is given twice"),
    ("f(x for x in y«,» 1)", "a generator expression needs parentheses"),
    ("def f(a, «a»): pass", "two parameters are called 'a'"),
    ("def f(a=1, «b»): pass", "without a default"),
    ("«return 1»", "'return' stands outside of any function"),
    ("«break»", "'break' stands outside of any loop"),
    ("class A:\n  «yield»", "'yield' stands outside"),
    ("def f():\n  «await x»", "'await' stands outside of any `async def`"),
    ("«else»: x", "does not follow the statement that it belongs to", "block of 'if'"),
    ("try: x\n«y»", "expected 'except' or 'finally'"),
    ("try: x\nexcept a«,» b: y", "several exceptions need parentheses"),
    ("def f():\n«pass»", "needs an indented block", "`pass`"),
    ("x\n«  »y", "starts no block", "align it"),
    ("if x:\n    y\n«  »z", "an indentation that no block has"),
    ("if x:\n\ty\n«        »z", "tabs and spaces", "spaces alone"),
    ("def f():\n  x = 1\n  «global x»", "'x' is assigned before it is declared global"),
    ("«nonlocal x»", "outside of any function"),
    ("def f():\n  «nonlocal x»", "no function around this one binds 'x'"),
    ("match x:\n  case «a»: b\n  case c: d", "the name 'a' matches everything", "put it last"),
    ("match x:\n  case «[a, a]»: b", "binds 'a' twice"),
    ("x = «*a»", "a starred expression cannot stand alone", "is a tuple"),
    ("[0 for x in y if («x» := 1)]", "loop's target", "choose another name"),
    ("x = 1\n«from __future__ import annotations»", "stand at the top of the file"),
    ("import «if»", "expected the name of a module", "'if' is a keyword"),
]


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case[0])
def test_an_error_shows_its_place_and_what_to_do(case: tuple[str, ...]) -> None:
    marked, message, *hint = case
    text = marked.replace("«", "").replace("»", "")
    before, rest = marked.split("«")
    start, end = before, before + rest.split("»")[0]
    with pytest.raises(FleetError) as caught:
        parse(text, "program.py")
    error = caught.value
    place = error.location
    assert message in error.message
    if hint:
        assert hint[0] in error.hint
    assert place.file == "program.py"
    first, last = (LINE_BREAK.split(one) for one in (start, end))
    assert (place.line, place.column) == (len(first), len(first[-1]))
    assert (place.end_line, place.end_column) == (len(last), len(last[-1]))
    assert error.render().split("\n")[1] == "  " + LINE_BREAK.split(text)[place.line - 1]
