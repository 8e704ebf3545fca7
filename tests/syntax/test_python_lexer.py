"""The lexer against CPython's `tokenize`, and against text that is no Python."""

from __future__ import annotations

import io
import random
import sys
import tokenize as reference
from encodings.aliases import aliases

import pytest
from python_programs import MODELS, mutated, sample

from fleet.diagnostics import FleetError
from fleet.syntax.lexer import Token, print_tokens, tokenize
from fleet.syntax.parser_dump import parse_tokens
from fleet.syntax.source import decode_source

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
PURE_TOKENIZE = sys.version_info < (3, 12)  # later ones split f-strings and move some NLs
SMALL = [
    "",
    "\n",
    "x",
    "x = 1\n",
    "if x:\n    y\n  # comment\n\n    z\n",
    "if x:\n  if y:\n    z\n\n\nw\n",
    "x = (1,\n  # inside\n\n  2)\n",
    "x = 'a\\\nb' + \"\"\"c\n d\"\"\" \\\n  + r'\\\\'\n",
    "# only a comment",
    "def f():\r\n    return 0x_ff + 1_000.5e-3j + .5 + 0o17 + 0b1\r\n",
    "a<<=b**c//d->e:=f...g!=h@=i\n",
    "\f\nif x:\n\f  y\n",
    "é = 'ü' + f'{x!r:>{w}}' + Rb'z' + u'v'\n",
    "class A:\n\tdef f(self): pass\n\n\tx = 1\ny = 2",
    "1if x else 2\n",
]


def reference_tokens(text: str) -> list[tuple]:
    found = reference.generate_tokens(io.StringIO(text, newline="").readline)
    return [(reference.tok_name[t.type], t.string, *t.start, *t.end) for t in found]


def without_layout(tokens: list[tuple], text: str) -> list[tuple]:
    """Tokens other than line ends and indentation; the parts of an f-string as one STRING."""
    lines = text.split("\n")
    kept, depth, start = [], 0, (0, 0)
    for kind, word, *span in tokens:
        if kind == "FSTRING_START":
            start = start if depth else tuple(span[:2])
            depth += 1
        elif kind == "FSTRING_END":
            depth -= 1
            if not depth:
                (line, column), (end_line, end_column) = start, span[2:]
                covered = lines[line - 1 : end_line]
                covered[-1] = covered[-1][:end_column]
                covered[0] = covered[0][column:]
                kept.append(("STRING", "\n".join(covered), *start, *span[2:]))
        elif not depth and kind not in ("NL", "NEWLINE", "INDENT", "DEDENT", "ENDMARKER"):
            kept.append((kind, word, *span))
    return kept


def assert_same_tokens(text: str, name: str) -> None:
    ours: list[tuple] = list(tokenize(text, name))
    theirs = reference_tokens(text)
    if not PURE_TOKENIZE:
        ours, theirs = without_layout(ours, text), without_layout(theirs, text)
    for mine, want in zip(ours, theirs, strict=False):
        assert tuple(mine) == want, name
    assert len(ours) == len(theirs), name


@pytest.mark.parametrize("text", SMALL)
def test_tokens_of_small_programs_equal_those_of_tokenize(text: str) -> None:
    if not PURE_TOKENIZE and ("\r" in text or "\f" in text):
        pytest.skip("this version's tokenize does not keep carriage returns and form feeds")
    assert_same_tokens(text, "small")


def test_tokens_of_the_standard_library_equal_those_of_tokenize() -> None:
    files = 0
    for path, text in sample(random.Random(11), 20_000):
        if "\r" in text or "\f" in text:
            continue
        try:
            ours = tokenize(text, str(path))
        except FleetError:
            assert not PURE_TOKENIZE, path  # an f-string of Python 3.12
            continue
        assert ours
        try:
            assert_same_tokens(text, str(path))
        except AssertionError:
            if PURE_TOKENIZE or not newer_fstrings(text):
                raise
        files += 1
    assert files > 10


def newer_fstrings(text: str) -> bool:
    """Whether an f-string holds its own quotes, which Python 3.11 reads as its end."""
    return any(
        token.text[-1] == word[-1] and token.text != word
        for token, (_, word, *_) in zip(
            (t for t in tokenize(text) if t.kind == "STRING"),
            (t for t in without_layout(reference_tokens(text), text) if t[0] == "STRING"),
            strict=False,
        )
    )


def test_tokens_of_the_models_equal_those_of_tokenize() -> None:
    for path in MODELS.glob("**/*.py"):
        assert_same_tokens(path.read_text(encoding="utf-8"), str(path))


def test_a_token_list_prints_and_reads_back() -> None:
    for text in SMALL:
        tokens = tokenize(text)
        assert parse_tokens(print_tokens(tokens)) == tokens


def test_a_token_list_looks_as_python_m_tokenize_prints_it() -> None:
    lines = print_tokens(tokenize("if x:\n")).splitlines()
    assert lines[0] == "1,0-1,2:            NAME           'if'           "
    assert lines[3] == "1,5-1,6:            NEWLINE        '\\n'           "


@pytest.mark.parametrize("line", ["1,0-1,1: FOO 'a'", "1,0: NAME 'a'", "1,0-1,1: NAME '\\x'", "x"])
def test_what_is_no_token_list_is_rejected_with_its_line(line: str) -> None:
    with pytest.raises(FleetError) as caught:
        parse_tokens(print_tokens([Token("NAME", "a", 1, 0, 1, 1)]) + line)
    assert caught.value.location.line == 2


def test_words_that_python_has_not_are_rejected_where_they_stand() -> None:
    for text, column in [("a $ b", 2), ("a = 'é' + ?", 10), ("x = 0777", 4), ("y = 1__0", 4),
                         ("z = 0b12", 4), ("a\u00a0b", 1), ("'abc", 0), ("x = \\ y", 4),
                         ("(a]", 2), ("a)", 1), ("x = (", 4), ("1_", 0), ("1e+", 0), ("0xg", 0)]:
        with pytest.raises(FleetError) as caught:
            tokenize(text, "bad.py")
        assert (caught.value.location.line, caught.value.location.column) == (1, column), text
        assert caught.value.hint, text


def test_indentation_must_be_consistent() -> None:
    for text, line in [("if x:\n    y\n  z\n", 3), ("if x:\n\ty\n        z\n", 3),
                       ("if x:\n        y\n\tz\n", 3)]:
        with pytest.raises(FleetError) as caught:
            tokenize(text)
        assert caught.value.location.line == line


def test_lexing_broken_text_raises_nothing_but_fleet_errors() -> None:
    rng = random.Random(5)
    for _ in range(2000):
        text = mutated(rng, mutated(rng, rng.choice(SMALL)))
        try:
            tokens = tokenize(text)
        except FleetError as error:
            assert error.render()
        else:
            assert tokens[-1].kind == "ENDMARKER"


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"x = '\xc3\xa9'\n", "x = 'é'\n", "utf-8"),
        (b"\xef\xbb\xbfx\n", "x\n", "utf-8-sig"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", None, "iso-8859-1"),
        (b"#!/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'\n", None, "cp1252"),
        (b"x = 1\n# coding: latin-1\n", "x = 1\n# coding: latin-1\n", "utf-8"),
    ],
)
def test_bytes_are_decoded_as_they_declare(data: bytes, text: str | None, encoding: str) -> None:
    assert decode_source(data, "f.py") == (text or data.decode(encoding), encoding)
    assert reference.detect_encoding(io.BytesIO(data).readline)[0] == encoding


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [(b"a\nx = '\xff'\n", 2, 5), (b"# coding: klingon\n", 1, 10), (b"\n# coding: rot13\n", 2, 10),
     (b"\xef\xbb\xbf# coding: latin-1\n", 1, 10), (b"# coding: hex\n61\n", 1, 10),
     (b"# \xc3\xa9 \xff\n", 1, 4), (b"# coding: cp932\ny = '\x82\xa0\x82\x01'\n", 2, 6),
     (b"# coding: utf-7\n'+AA'\n", 2, 1)],
)
def test_bytes_that_are_no_text_are_rejected(data: bytes, line: int, column: int) -> None:
    with pytest.raises(FleetError) as caught:
        decode_source(data, "f.py")
    place = caught.value.location
    assert (place.line, place.column) == (line, column)
    assert caught.value.render().count("\n") == 3


@pytest.mark.parametrize("codec", sorted(set(aliases.values())))
def test_every_codec_of_python_reads_a_program_or_is_refused(codec: str) -> None:
    """CPython takes a few that turn ASCII into something else; ours are what CPython takes, too."""
    program = f"# coding: {codec}\nx = 1\n".encode()
    try:
        text, _ = decode_source(program, "f.py")
    except FleetError as error:
        assert f"# coding: {codec}" in error.render()
    else:
        assert text.encode() == program
        compile(program, "f.py", "exec")
