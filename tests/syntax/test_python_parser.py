"""The parser against CPython's `ast` and `compile`: the same trees, and the same programs refused.

`trees` says what is compared on which version of CPython.
"""

from __future__ import annotations

import ast
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from python_programs import (
    MODELS,
    TreeGenerator,
    excerpt,
    mutated,
    sample,
    scoping_program,
)
from trees import EXACT, OTHERWISE, accepted, assert_same_tree, assert_same_verdict, ours, parsed
from work import calls

from fleet.diagnostics import FleetError
from fleet.syntax import tree
from fleet.syntax.lexer import tokenize
from fleet.syntax.parser import Parser, parse, parse_expression
from fleet.syntax.parser_dump import parse_dump
from fleet.syntax.source import Source, decode_source

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
HERE = Path(__file__).parent

EXPRESSIONS = (HERE / "expressions.txt").read_text(encoding="utf-8").splitlines()
STATEMENTS = [
    line.replace("⏎", "\n").replace("⇥", "\t").replace("␌", "\f")
    for line in (HERE / "statements.txt").read_text(encoding="utf-8").splitlines()
]


# The same trees


def test_trees_of_the_standard_library_equal_those_of_ast() -> None:
    files = newer = 0
    for path, text in sample(random.Random(3), 25_000):
        try:
            assert_same_tree(text, str(path))
        except FleetError:
            if accepted(text):
                newer += 1
        files += 1
    assert files > 10
    assert newer <= (0 if EXACT else files / 10), "rejected, beyond the syntax of later versions"


def test_trees_of_the_models_equal_those_of_ast() -> None:
    for path in MODELS.glob("**/*.py"):
        assert_same_tree(path.read_text(encoding="utf-8"), str(path))


def test_random_trees_come_back_from_their_text() -> None:
    generator, kept = TreeGenerator(random.Random(1)), 0
    for _ in range(400):
        text = generator.program()
        if not text or not parsed(text):
            continue
        source = Source(text, "random.py")
        try:
            module = Parser(tokenize(source), source).module()
        except FleetError:  # `ast.unparse` writes what its own version reads
            assert not EXACT and OTHERWISE.search(text), text
            continue
        assert_same_tree(text, "random.py", module)
        kept += 1
    assert kept > 100


@pytest.mark.parametrize("template", ["{}", "x = {}\n", "(\n {}\n)", "f({})", "async def f(): {}"])
def test_expressions_mean_what_they_mean_to_cpython(template: str) -> None:
    for expression in EXPRESSIONS:
        assert_same_verdict(template.format(expression))


def test_statements_mean_what_they_mean_to_cpython() -> None:
    for text in STATEMENTS:
        for program in (text, text + "\n", f"while 0:\n {text}".replace("\n", "\n  ")):
            assert_same_verdict(program)


@pytest.mark.parametrize("indent", [None, 0, 1, 4])
def test_dump_prints_what_ast_dump_prints(indent: int | None) -> None:
    text = (MODELS / "gpt2.py").read_text(encoding="utf-8")
    for attributes in (False, True):
        dumped = tree.dump(parse(text), indent=indent, include_attributes=attributes)
        if EXACT:
            module = ast.parse(text)
            assert dumped == ast.dump(module, indent=indent, include_attributes=attributes)
        again = parse_dump(dumped)
        assert tree.dump(again, indent=indent, include_attributes=attributes) == dumped


def test_every_constant_survives_dump_and_parse_dump() -> None:
    for text in ["1e999", "-1e999j", "'\\ud800\\0é'", "b'\\xff'", "0x" + "f" * 5000, "1_0.5e-7",
                 "...", "u'a'", "(True, False, None)", "f'{x!r:{y}}'", "0j", "''"]:
        body = parse_expression(text)
        dumped = tree.dump(body)
        assert tree.dump(parse_dump(dumped)) == dumped


@pytest.mark.parametrize(
    ("text", "column"),
    [("Name()", 0), ("Name(id=3, ctx=Load())", 8), ("Foo()", 0), ("expr()", 0), ("[", 0), ("", 0),
     ("Name(id='a', ctx=Add())", 17), ("Name(id='a', id='b', ctx=Load())", 13), ("Load(x=1)", 5),
     ("Module(body=[Load()])", 13), ("Constant(value='\\x')", 15), ("Load() Load()", 7),
     ("List(elts=3, ctx=Load())", 10), ("Constant(value=Load())", 15), ("Pass(lineno='a')", 12)],
)
def test_what_is_no_dump_is_rejected_where_it_goes_wrong(text: str, column: int) -> None:
    with pytest.raises(FleetError) as caught:
        parse_dump(text)
    assert caught.value.location.column == column


def test_locations_count_characters_and_name_the_file() -> None:
    module = parse("é = 'ü' + x\n", "accents.py")
    name = module.body[0].value.right
    assert name.col_offset == 12
    location = name.location
    assert (str(location), location.end_line, location.end_column) == ("accents.py:1:11", 1, 11)


def test_match_statements_take_nodes_apart() -> None:
    match parse_expression("f(x, y=2)"):
        case tree.Call(tree.Name("f"), [tree.Name("x")], [tree.keyword("y", tree.Constant(2))]):
            pass
        case other:
            raise AssertionError(other)


def test_parse_expression_reads_one_expression() -> None:
    assert tree.dump(parse_expression("a, b")) == ast.dump(ast.parse("a, b", mode="eval").body)
    for text in ("a\nb", "a = 1", "", "pass", "*a", "yield"):
        with pytest.raises(FleetError):
            parse_expression(text)


# The same programs refused


def test_programs_broken_on_purpose_are_refused_when_cpython_refuses_them() -> None:
    rng = random.Random(2)
    files = [text for _, text in sample(rng, 30_000)] + ["\n".join(STATEMENTS + EXPRESSIONS)]
    verdicts = [assert_same_verdict(mutated(rng, excerpt(rng, rng.choice(files))))
                for _ in range(4000)]
    assert 500 < sum(verdicts) < 3500


def test_names_are_scoped_as_cpython_scopes_them() -> None:
    rng = random.Random(4)
    assert sum(assert_same_verdict(scoping_program(rng)) for _ in range(1500)) > 200


def test_random_trees_are_refused_when_cpython_refuses_them() -> None:
    generator = TreeGenerator(random.Random(6))
    for _ in range(150):
        text = generator.program()
        if text:
            assert_same_verdict(text)


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="blocks may nest more deeply from 3.13 on")
@pytest.mark.parametrize("depth", [18, 19, 20, 21])
@pytest.mark.parametrize(
    "header",
    ["while x:", "for x in y:", "with x:", "with x, y:", "try: pass\n{i}finally:",
     "try: pass\n{i}except x:", "try: pass\n{i}except* x:", "try: pass\n{i}except: pass\n{i}else:",
     "try: x\n{i}except: y\n{i}finally:", "while x: pass\n{i}else:", "if x:", "def f():"],
)
def test_blocks_nest_as_deeply_as_in_cpython(header: str, depth: int) -> None:
    assert_same_verdict(blocks("while x:", depth, header))


def test_the_future_that_changes_the_grammar_is_refused() -> None:
    with pytest.raises(FleetError):  # CPython reads `<>` for `!=` from there on; we do not
        parse("from __future__ import barry_as_FLUFL\n")


# Bad input of every kind


def test_random_bytes_raise_nothing_but_fleet_errors() -> None:
    rng = random.Random(7)
    alphabet = bytes(range(256)) + b" \n()[]{}'\"\\#:=,.abcif01" * 10
    for _ in range(1500):
        data = bytes(rng.choices(alphabet, k=rng.randrange(60)))
        try:
            parse(decode_source(data, "noise.py")[0], "noise.py")
        except FleetError as error:
            assert error.render()


@pytest.mark.parametrize(
    "text", ["a\0b", "\0", "'\ud800'", "# \udfff\n", "\ufeffx", "x = \x1b", "\r\r", "a\rb", "\f"]
)
def test_odd_characters_get_the_verdict_of_cpython(text: str) -> None:
    assert (ours(text) is not None) == accepted(text)


def blocks(header: str, depth: int, *more: str) -> str:
    """A `pass` within so many blocks; `{i}` in a header stands for its indentation."""
    headers = [header] * depth + list(more)
    lines = [" " * n + one.format(i=" " * n) for n, one in enumerate(headers)]
    return "\n".join([*lines, " " * len(headers) + "pass"])


NESTED: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "(" * n + ")" * n,
    "open brackets": lambda n: "[" * n,
    "dicts": lambda n: "{0:" * n + "0" + "}" * n,
    "calls": lambda n: "f(" * n + ")" * n,
    "call chain": lambda n: "f" + "()" * n,
    "signs": lambda n: "-" * n + "1",
    "not": lambda n: "not " * n + "x",
    "powers": lambda n: "x**" * n + "x",
    "lambdas": lambda n: "lambda:" * n + "x",
    "conditionals": lambda n: "x if y else " * n + "x",
    "sums": lambda n: "x+" * n + "x",
    "attributes": lambda n: "x" + ".y" * n,
    "elif": lambda n: "if x: y\n" + "elif x: y\n" * n,
    "blocks": lambda n: blocks("if x:", n),
    "else blocks": lambda n: blocks("if x: y\n{i}else:", n),
    "f-string fields": lambda n: "f'" + "{" * n + "'",
    "f-string brackets": lambda n: "f'{" + "(" * n + ")" * n + "}'",
    "patterns": lambda n: "match x:\n case " + "[" * n + "]" * n + ": pass",
    "targets": lambda n: "(" * n + "a" + ",)" * n + " = x",
    "comprehensions": lambda n: "[x for x in " * n + "y" + "]" * n,
    "loops": lambda n: blocks("while x:", n),
    "functions": lambda n: blocks("def f():", n),
}


@pytest.mark.parametrize("kind", NESTED)
def test_deep_nesting_is_parsed_or_refused(kind: str) -> None:
    limit = sys.getrecursionlimit()
    for depth in (1, 15, 90, 300, 990, 10_000):
        if depth > 1000 and kind in ("blocks", "else blocks", "loops", "functions"):
            continue
        module = ours(NESTED[kind](depth) + "\n")
        if module is not None:
            assert tree.dump(parse_dump(tree.dump(module))) == tree.dump(module)
        assert module is not None or depth > 15 or kind in ("open brackets", "f-string fields")
    assert sys.getrecursionlimit() == limit


FLAT: dict[str, Callable[[int], str]] = {
    "statements": lambda n: "x = f(a, b=1)[2:3] + y.z\n" * n,
    "one list": lambda n: "x = [" + "1, " * n + "]\n",
    "one dict": lambda n: "x = {" + "'a': b, " * n + "}\n",
    "one string": lambda n: "x = '" + "a\\n" * n + "'\n",
    "strings": lambda n: "x = (" + "'a' " * n + ")\n",
    "one f-string": lambda n: "x = f'" + "{a!r:>3}b" * n + "'\n",
    "one text": lambda n: 'x = """' + "a'\n" * n + '"""\n',
    "open text": lambda n: '"""' + "a\\'\n" * n,
    "with brackets": lambda n: "with (a, (b, c)): d\nwith (a) as b, c: d\n" * n,
    "match names": lambda n: "match[x] = match * (case)\nmatch (x, y)\n" * n,
    "targets": lambda n: "a, (b, *c) = " * n + "x\n",
    "names": lambda n: "global a\n" + "".join(f"x{i} = x{i - 1}\n" for i in range(n)),
    "comments": lambda n: "# c\n\n" * n,
    "joined lines": lambda n: "x = 1" + " \\\n + 1" * min(n, 900) + " \\\n" * n + "\n",
}


@pytest.mark.parametrize("kind", FLAT)
def test_work_grows_with_the_length_alone(kind: str) -> None:
    small, large = (calls(ours, FLAT[kind](n)) for n in (300, 2400))
    assert large < 8.5 * small
