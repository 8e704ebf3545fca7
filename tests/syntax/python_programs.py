"""Programs to try the lexer and parser on: real ones, random ones, and ones broken on purpose.

In: a seeded `random.Random`. Out: program texts. Random programs are random trees of CPython's
`ast` printed by `ast.unparse`; nothing makes them meaningful, so some are rejected by CPython too,
which is as good a test.
"""

from __future__ import annotations

import ast
import random
import re
import sysconfig
from functools import cache
from pathlib import Path

MODELS = Path(__file__).parents[2] / "models"
NAMES = ["a", "b", "x", "match", "case", "_", "é", "__p"]
CONSTANTS = [0, 7, 1.5, 1e300, 2j, "text", "q'\"\n\\", "é\0", b"by\xff", None, True, ..., 2**70]


@cache
def library() -> list[Path]:
    """The modules of the running interpreter's standard library, its tests included."""
    root = Path(sysconfig.get_paths()["stdlib"])
    return [path for path in sorted(root.rglob("*.py")) if "site-packages" not in path.parts]


def read(path: Path, most_lines: int) -> str | None:
    """A file's text as it is, or None where it is too long or not UTF-8 that CPython parses."""
    try:
        text = path.read_bytes().decode("utf-8")
        if text.count("\n") > most_lines:
            return None
        ast.parse(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return text


def sample(rng: random.Random, lines: int) -> list[tuple[Path, str]]:
    """Files of the library, drawn at random, of so many lines in all."""
    chosen = []
    for path in rng.sample(library(), len(library())):
        text = read(path, most_lines=2000)
        if text is None:
            continue
        chosen.append((path, text))
        lines -= text.count("\n")
        if lines <= 0:
            break
    return chosen


# Random trees


class TreeGenerator:
    """Random trees of CPython's `ast`, a few levels deep."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def program(self) -> str | None:
        """The text of a random module, or None where `ast.unparse` cannot print the tree."""
        module = ast.Module(self.body(3), [])
        try:
            return ast.unparse(ast.fix_missing_locations(module)) + "\n"
        except ValueError:
            return None

    def name(self) -> str:
        return self.rng.choice(NAMES)

    def maybe(self, make, *args):
        return make(*args) if self.rng.random() < 0.4 else None

    def several(self, make, *args, least: int = 0, most: int = 3) -> list:
        return [make(*args) for _ in range(self.rng.randint(least, most))]

    def body(self, depth: int) -> list[ast.stmt]:
        return self.several(self.statement, depth, least=1)

    def statement(self, depth: int) -> ast.stmt:
        rng, expr = self.rng, self.expression
        simple = [
            lambda: ast.Expr(expr(depth)),
            lambda: ast.Assign(self.several(self.target, 1, least=1), expr(depth)),
            lambda: ast.AugAssign(self.single_target(1), self.operator(), expr(depth)),
            lambda: ast.AnnAssign(
                *rng.choice([(ast.Name(self.name(), ast.Store()), expr(1)),
                             (ast.Attribute(expr(1), self.name(), ast.Store()), expr(1))]),
                self.maybe(expr, depth), 1),
            lambda: ast.Delete(self.several(self.single_target, 1, least=1)),
            lambda: ast.Return(self.maybe(expr, depth)),
            lambda: ast.Raise(expr(1), self.maybe(expr, 1)),
            lambda: ast.Assert(expr(depth), self.maybe(expr, 1)),
            lambda: ast.Import(self.several(self.alias, least=1)),
            lambda: ast.ImportFrom(self.maybe(self.name), self.several(self.alias, least=1),
                                   rng.randint(1, 4)),
            lambda: rng.choice([ast.Global, ast.Nonlocal])(self.several(self.name, least=1)),
            lambda: rng.choice([ast.Pass, ast.Break, ast.Continue])(),
        ]
        if depth == 0:
            return rng.choice(simple)()
        inner = depth - 1
        compound = [
            lambda: self.function(inner),
            lambda: ast.ClassDef(self.name(), self.several(expr, 1), self.several(self.keyword, 1),
                                 self.body(inner), self.several(expr, 1, most=1)),
            lambda: ast.If(expr(1), self.body(inner), self.maybe(self.body, inner) or []),
            lambda: ast.While(expr(1), self.body(inner), self.maybe(self.body, inner) or []),
            lambda: rng.choice([ast.For, ast.AsyncFor])(
                self.target(1), expr(1), self.body(inner), self.maybe(self.body, inner) or [],
                lineno=1),
            lambda: rng.choice([ast.With, ast.AsyncWith])(
                self.several(self.with_item, least=1), self.body(inner), lineno=1),
            lambda: self.try_statement(inner),
            lambda: ast.Match(expr(1), self.several(self.match_case, inner, least=1)),
        ]
        return rng.choice(rng.choice([simple, compound]))()

    def function(self, depth: int) -> ast.stmt:
        cls = self.rng.choice([ast.FunctionDef, ast.AsyncFunctionDef])
        made = cls(name=self.name(), args=self.arguments(True), body=self.body(depth),
                   decorator_list=self.several(self.expression, 1, most=1),
                   returns=self.maybe(self.expression, 1), type_params=[], lineno=1)
        return made

    def try_statement(self, depth: int) -> ast.stmt:
        cls = self.rng.choice([ast.Try, getattr(ast, "TryStar", ast.Try)])
        handlers = [
            ast.ExceptHandler(self.expression(1), self.maybe(self.name), self.body(depth))
            for _ in range(self.rng.randint(0, 2))
        ]
        last = self.body(depth) if not handlers else self.maybe(self.body, depth) or []
        orelse = (self.maybe(self.body, depth) or []) if handlers else []
        return cls(self.body(depth), handlers, orelse, last)

    def with_item(self) -> ast.withitem:
        return ast.withitem(self.expression(1), self.maybe(self.target, 1))

    def alias(self) -> ast.alias:
        return ast.alias(self.name(), self.maybe(self.name))

    def keyword(self, depth: int) -> ast.keyword:
        return ast.keyword(self.maybe(self.name), self.expression(depth))

    def arguments(self, annotated: bool) -> ast.arguments:
        def arg() -> ast.arg:
            annotation = self.maybe(self.expression, 1) if annotated else None
            return ast.arg(self.name() + str(self.rng.randint(0, 30)), annotation)

        positional, named = self.several(arg), self.several(arg, most=2)
        only = self.rng.randint(0, len(positional))
        return ast.arguments(
            positional[:only], positional[only:], self.maybe(arg), named,
            [self.maybe(self.expression, 1) for _ in named], self.maybe(arg),
            [self.expression(1) for _ in range(self.rng.randint(0, len(positional)))],
        )

    def single_target(self, depth: int) -> ast.expr:
        choices = [
            lambda: ast.Name(self.name(), ast.Store()),
            lambda: ast.Attribute(self.expression(depth), self.name(), ast.Store()),
            lambda: ast.Subscript(self.expression(depth), self.slice(depth), ast.Store()),
        ]
        return self.rng.choice(choices)()

    def target(self, depth: int) -> ast.expr:
        if depth == 0 or self.rng.random() < 0.6:
            return self.single_target(depth)
        elts = self.several(self.target, depth - 1)
        if elts and self.rng.random() < 0.3:
            elts[0] = ast.Starred(elts[0], ast.Store())
        return self.rng.choice([ast.Tuple, ast.List])(elts, ast.Store())

    def slice(self, depth: int) -> ast.expr:
        if self.rng.random() < 0.4:
            return ast.Slice(*(self.maybe(self.expression, max(depth - 1, 0)) for _ in range(3)))
        return self.expression(max(depth - 1, 0))

    def operator(self) -> ast.operator:
        return self.rng.choice(ast.operator.__subclasses__())()

    def element(self, depth: int) -> ast.expr:
        value = self.expression(depth)
        return ast.Starred(value, ast.Load()) if self.rng.random() < 0.1 else value

    def comprehension(self, depth: int) -> ast.comprehension:
        return ast.comprehension(self.target(1), self.expression(depth),
                                 self.several(self.expression, depth, most=2),
                                 int(self.rng.random() < 0.1))

    def formatted(self, depth: int) -> ast.expr:
        """Part of an f-string: text or a field."""
        if self.rng.random() < 0.5:
            return ast.Constant(self.rng.choice(["a", "{", "}}", "é", " ", "'"]))
        spec = ast.JoinedStr([ast.Constant(">"), ast.FormattedValue(self.expression(0), -1, None)])
        return ast.FormattedValue(self.expression(depth), self.rng.choice([-1, 114, 115, 97]),
                                  self.rng.choice([None, spec]))

    def expression(self, depth: int) -> ast.expr:
        rng = self.rng
        if depth <= 0 or rng.random() < 0.2:
            if rng.random() < 0.5:
                return ast.Name(self.name(), ast.Load())
            return ast.Constant(rng.choice(CONSTANTS))
        d = depth - 1
        e = self.expression
        generators = lambda: self.several(self.comprehension, d, least=1, most=2)  # noqa: E731
        choices = [
            lambda: ast.BoolOp(rng.choice([ast.And, ast.Or])(),
                               self.several(e, d, least=2, most=3)),
            lambda: ast.NamedExpr(ast.Name(self.name(), ast.Store()), e(d)),
            lambda: ast.BinOp(e(d), self.operator(), e(d)),
            lambda: ast.UnaryOp(rng.choice(ast.unaryop.__subclasses__())(), e(d)),
            lambda: ast.Lambda(self.arguments(False), e(d)),
            lambda: ast.IfExp(e(d), e(d), e(d)),
            lambda: ast.Dict([e(d), None], [e(d), e(d)]),
            lambda: ast.Set(self.several(self.element, d, least=1)),
            lambda: ast.ListComp(e(d), generators()),
            lambda: ast.SetComp(e(d), generators()),
            lambda: ast.DictComp(e(d), e(d), generators()),
            lambda: ast.GeneratorExp(e(d), generators()),
            lambda: ast.Await(e(d)),
            lambda: ast.Yield(self.maybe(e, d)),
            lambda: ast.YieldFrom(e(d)),
            lambda: ast.Compare(e(d), [c() for c in rng.sample(ast.cmpop.__subclasses__(), 2)],
                                [e(d), e(d)]),
            lambda: ast.Call(e(d), self.several(self.element, d), self.several(self.keyword, d)),
            lambda: ast.JoinedStr(self.several(self.formatted, d)),
            lambda: ast.Attribute(e(d), self.name(), ast.Load()),
            lambda: ast.Subscript(e(d), self.slice(d), ast.Load()),
            lambda: ast.List(self.several(self.element, d), ast.Load()),
            lambda: ast.Tuple(self.several(self.element, d), ast.Load()),
        ]
        return rng.choice(choices)()

    def match_case(self, depth: int) -> ast.match_case:
        guard = self.maybe(self.expression, 1)
        return ast.match_case(self.pattern(2), guard, self.body(depth))

    def pattern(self, depth: int) -> ast.pattern:
        rng = self.rng
        dotted = ast.Attribute(ast.Name("a", ast.Load()), self.name(), ast.Load())
        literals = [ast.Constant(3), ast.Constant("t"), dotted,
                    ast.UnaryOp(ast.USub(), ast.Constant(2)),
                    ast.BinOp(ast.Constant(1), ast.Add(), ast.Constant(2j))]
        simple = [
            lambda: ast.MatchValue(rng.choice(literals)),
            lambda: ast.MatchSingleton(rng.choice([None, True, False])),
            lambda: ast.MatchAs(None, self.maybe(self.name)),
        ]
        if depth == 0:
            return rng.choice(simple)()
        p = lambda: self.pattern(depth - 1)  # noqa: E731
        compound = [
            lambda: ast.MatchAs(p(), self.name()),
            lambda: ast.MatchOr([p(), p()]),
            lambda: ast.MatchSequence([p(), ast.MatchStar(self.maybe(self.name))]),
            lambda: ast.MatchSequence(self.several(p)),
            lambda: ast.MatchMapping([rng.choice(literals)], [p()], self.maybe(self.name)),
            lambda: ast.MatchClass(dotted, self.several(p), ["a", "b"][: (n := rng.randint(0, 2))],
                                   [p() for _ in range(n)]),
        ]
        return rng.choice(simple + compound)()


# Programs that use few names in many ways, for the rules of scopes


def scoping_program(rng: random.Random) -> str:
    """A few nested functions and classes that bind, declare and use the names x, y and z."""
    lines: list[str] = []
    simple = (
        "{0} = {1}", "{0}", "global {0}", "nonlocal {0}", "import {0}", "from m import {0}",
        "del {0}", "{0}: int", "{0}: int = {1}", "({0}): int = 1", "[{0} := {1} for {2} in {1}]",
        "[{0} for {0} in [{1} for {1} in {2}]]", "{0} += 1", "return", "return {0}", "yield {0}",
        "await {0}", "break", "continue", "[[{0} := 1 for {1} in {2}] for {0} in {1}]",
        "({0} async for {0} in {1})", "[{0} async for {0} in {1}]", "lambda {0}: ({1} := {0})",
        "[lambda {0}: ({1} := 1) for {1} in {2}]", "[{0} for {0} in ({1} := {2})]",
        "{0}.__debug__ = 1", "def f({0}, {1}): return {0}", "lambda {0}, *{1}: (yield)",
        "{0}: (yield) = 1", "{0}: ({1} := 3)", "[{0} for {1} in {2} for {0} in ({1} := {2})]",
        "{{{0}: (yield) for {1} in {2}}}", "*{0}, {1} = {2}", "*{0}, *{1} = {2}", "f({0}=1, {1}=2)",
        "nonlocal __class__", "import *", "from m import *", "[await {0} for {1} in {2}]",
        "({0} for {1} in await {2})", "yield from {0}", "from __future__ import annotations",
        "def g({0}: (yield)): pass", "__{0} = 1; global _C__{0}",
    )  # fmt: skip
    compound = (
        "def {0}():", "def f({0}, {1}=1):", "async def f({0}):", "class C:", "for {0} in {1}:",
        "while {0}:", "with {0} as {1}:", "if {0}:", "async with {0}:", "async for {0} in {1}:",
        "try:\n{i}    pass\n{i}except {0} as {1}:", "try:\n{i}    pass\n{i}except* {0}:",
        "try:\n{i}    {0} = 1\n{i}finally:", "match {0}:\n{i}  case {1}: pass\n{i}  case _:",
    )  # fmt: skip

    def block(depth: int) -> None:
        indent = "    " * depth
        for _ in range(rng.randint(1, 3)):
            names = [rng.choice("xyz") for _ in range(3)]
            if depth < 4 and rng.random() < 0.35:
                lines.append(indent + rng.choice(compound).format(*names, i=indent))
                block(depth + 1)
            else:
                lines.append(indent + rng.choice(simple).format(*names))

    block(0)
    return "\n".join(lines) + "\n"


# Programs broken on purpose

PIECES = """
( ) [ ] { } , : ; . = == := -> * ** / // @ += - ~ | < <= != ! $ ? \\ # ' " ''' f' rf" b' u' {x}
{x!r} {x:3} if else elif for in while with as try except except* finally def class return yield
await async lambda global nonlocal import from del pass break continue raise assert not and or
is None True ... match case _ x __debug__ 0 1 07 1e5 1_0 0x 1j 1__0 é 𝒳 print *a **k except:
""".split() + [
    "\n", "\n    ", " ", "  ", "\t", "\r\n", "\r", "\f", "\0", "\x1b", "\\\n", "yield from x",
    "*x, y", "(x for x in y)", "[x async for x in y]", "x := 1", "global x", "return 1",
    "from __future__ import annotations", "match x:\n  case ",
]  # fmt: skip
CHARACTERS = "()[]{},:;.=*'\"\\#\n \t\r\ffrbu01eEjx_é!@%"


def mutated(rng: random.Random, text: str) -> str:
    """The text with one to three words or characters deleted, inserted, doubled or swapped."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        by_word = rng.random() < 0.6
        items = re.findall(r"\w+|\s+|[^\w\s]+", text) if by_word else list(text)
        if not items:
            return text
        at, other = rng.randrange(len(items)), rng.randrange(len(items))
        new = rng.choice(PIECES if by_word else CHARACTERS)
        match rng.randrange(6):
            case 0:
                del items[at]
            case 1:
                items.insert(at, new)
            case 2:
                items.insert(at, items[other])
            case 3:
                items[at] = new
            case 4:
                items[at], items[other] = items[other], items[at]
            case 5:
                items[at] = items[other]
        text = "".join(items)
    return text


def excerpt(rng: random.Random, text: str) -> str:
    """A few lines of a program, from the start of a top-level statement."""
    lines = text.splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if re.match(r"[@a-z]", line)] or [0]
    start = rng.choice(starts)
    return "".join(lines[start : start + rng.choice((1, 3, 8, 20))])
