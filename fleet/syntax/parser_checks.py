"""What the grammar allows and the language does not: statements and expressions out of place.

In: a tree. Out: the warnings that CPython's compiler has, or a FleetError at the first `return`
outside a function, repeated keyword, unreachable case and so on. The one idea: the rules are those
that CPython's `compile` applies after parsing, so what passes here compiles there. (Names' own
rules: `parser_scopes`.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from fleet.diagnostics import FleetError
from fleet.syntax import parser_warnings, tree
from fleet.syntax.parser_base import TOO_DEEP
from fleet.syntax.visitor import Visitor

MAX_STATIC_BLOCKS = 20
_FUTURE = frozenset((
    "nested_scopes", "generators", "division", "absolute_import", "with_statement",
    "print_function", "unicode_literals", "generator_stop", "annotations",
))


def check_placement(root: tree.AST) -> list[tuple[int, str]]:
    """Rejects what stands where it means nothing. Raises FleetError.

    Gives warnings, each a line and a text.
    """
    check_depth(root)
    placement = _Placement(root)
    placement.visit(root)
    return placement.warnings


def check_depth(root: tree.AST) -> None:
    """Rejects a tree of more than MAX_DEPTH levels, such as a sum of thousands of terms."""
    level, deepest = [root], root
    for _ in range(tree.MAX_DEPTH):
        level = [child for node in level for child in tree.iter_child_nodes(node)]
        if not level:
            return
        deepest = next((node for node in level if isinstance(node, tree.Located)), deepest)
    reject(deepest, *TOO_DEEP)


def reject(node: tree.AST, message: str, hint: str | None = None) -> NoReturn:
    raise FleetError(message, node.location, hint=hint, source=node.source.text)


def has_future_annotations(root: tree.AST) -> bool:
    """Whether the module asks that annotations are not evaluated (PEP 563)."""
    return any(
        isinstance(node, tree.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in (root.body if isinstance(root, tree.Module) else ())
    )


@dataclass
class _Unit:
    """The piece of code being checked: what becomes one code object in CPython.

    blocks: the statements around the current one that a jump must leave, innermost last.
    coroutine: whether an `await` or `async for` was seen. returning: a `return` with a value.
    """

    kind: str
    blocks: list[str] = field(default_factory=list)
    coroutine: bool = False
    generator: bool = False
    returning: tree.AST | None = None


class _Placement(Visitor):
    """A walk over the tree. The methods named `visit_X` check the nodes of class X."""

    def __init__(self, root: tree.AST) -> None:
        self.unit = _Unit("module")
        self.future_annotations = has_future_annotations(root)
        self.last_future_line = _last_future_line(root)
        self.warnings: list[tuple[int, str]] = []

    def warn(self, node: tree.AST, text: str | None) -> None:
        if text is not None:
            self.warnings.append((node.lineno, text))

    # Units

    def visit_FunctionDef(self, node: tree.AST) -> None:
        self.visit_all(node.decorator_list)
        self.visit_parameters(node.args)
        if not self.future_annotations and node.returns:
            self.visit(node.returns)
        check_name(node.name, node)
        outer = self.unit
        self.unit = _Unit("function" if isinstance(node, tree.FunctionDef) else "async")
        self.visit_all(node.body)
        if self.unit.kind == "async" and self.unit.generator and self.unit.returning:
            reject(self.unit.returning, "an asynchronous generator cannot return a value",
                   "write `return` alone, or yield the value")
        self.unit = outer

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: tree.AST) -> None:
        self.visit_parameters(node.args)
        outer, self.unit = self.unit, _Unit("lambda")
        self.visit(node.body)
        self.unit = outer

    def visit_ClassDef(self, node: tree.AST) -> None:
        self.visit_all(node.decorator_list)
        self.visit_all(node.bases)
        self.check_keywords(node.keywords)
        check_name(node.name, node)
        outer, self.unit = self.unit, _Unit("class")
        self.visit_all(node.body)
        self.unit = outer

    def visit_parameters(self, args: tree.AST) -> None:
        self.visit_all(args.defaults)
        self.visit_all(args.kw_defaults)
        for arg in parameters(args):
            check_name(arg.arg, arg)
            if arg.annotation and not self.future_annotations:
                self.visit(arg.annotation)

    def visit_comprehension_expression(self, node: tree.AST) -> None:
        first, *rest = node.generators
        self.visit(first.iter)
        outer, self.unit = self.unit, _Unit("comprehension")
        self.unit.coroutine = any(clause.is_async for clause in node.generators)
        self.visit_all([first.target, *first.ifs, *rest])
        if isinstance(node, tree.DictComp):
            self.visit_all([node.key, node.value])
        else:
            self.visit(node.elt)
        inner, self.unit = self.unit, outer
        if inner.coroutine and not isinstance(node, tree.GeneratorExp):
            if outer.kind not in ("async", "comprehension"):
                reject(node, "an asynchronous comprehension needs an `async def` around it",
                       "move it into one, or use a plain `for`")
            outer.coroutine = True

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = (
        visit_comprehension_expression
    )

    # Leaving units, and blocks

    def visit_Return(self, node: tree.AST) -> None:
        if self.unit.kind not in ("function", "async"):
            reject(node, "'return' stands outside of any function",
                   "move it into a `def`, or end the program with sys.exit()")
        self.reject_in_group_handler(node, "return", self.unit.blocks)
        if node.value:
            self.unit.returning = self.unit.returning or node
            self.visit(node.value)

    def visit_Yield(self, node: tree.AST) -> None:
        kind = self.unit.kind
        if kind in ("module", "class"):
            reject(node, "'yield' stands outside of any function", "move it into a `def`")
        if isinstance(node, tree.YieldFrom) and kind == "async":
            reject(node, "'yield from' cannot stand in an `async def`",
                   "write `async for x in ...: yield x`")
        self.unit.generator = True
        if node.value:
            self.visit(node.value)

    visit_YieldFrom = visit_Yield

    def visit_Await(self, node: tree.AST) -> None:
        if self.unit.kind not in ("async", "comprehension"):
            reject(node, "'await' stands outside of any `async def`", "make the function async")
        self.unit.coroutine = True
        self.visit(node.value)

    def visit_Break(self, node: tree.AST) -> None:
        word = "break" if isinstance(node, tree.Break) else "continue"
        blocks = self.unit.blocks
        if "loop" not in blocks:
            reject(node, f"'{word}' stands outside of any loop",
                   "move it into a `for` or `while`, or leave a function with `return`")
        innermost = len(blocks) - 1 - blocks[::-1].index("loop")
        self.reject_in_group_handler(node, word, blocks[innermost:])

    visit_Continue = visit_Break

    def reject_in_group_handler(self, node: tree.AST, word: str, blocks: list[str]) -> None:
        if "except*" in blocks:
            reject(node, f"'{word}' cannot leave an `except*` block",
                   "set a variable there, and test it after the `try`")

    def within(self, block: str, nodes: list[tree.AST], owner: tree.AST) -> None:
        """Visits the statements of a block."""
        blocks = self.unit.blocks
        if len(blocks) >= MAX_STATIC_BLOCKS:
            reject(owner, f"more than {MAX_STATIC_BLOCKS} loops, `with` and `try` are nested",
                   "move the inner ones into a function")
        blocks.append(block)
        self.visit_all(nodes)
        blocks.pop()

    def visit_For(self, node: tree.AST) -> None:
        if isinstance(node, tree.AsyncFor):
            self.require_async(node, "async for")
        self.visit_all([node.iter, node.target])
        self.within("loop", node.body, node)
        self.visit_all(node.orelse)

    visit_AsyncFor = visit_For

    def visit_While(self, node: tree.AST) -> None:
        self.visit(node.test)
        self.within("loop", node.body, node)
        self.visit_all(node.orelse)

    def visit_With(self, node: tree.AST) -> None:
        if isinstance(node, tree.AsyncWith):
            self.require_async(node, "async with")
        depth = len(self.unit.blocks)
        for item in node.items:
            self.visit(item)
            self.within("with", [], node)
            self.unit.blocks.append("with")
        self.visit_all(node.body)
        del self.unit.blocks[depth:]

    visit_AsyncWith = visit_With

    def require_async(self, node: tree.AST, word: str) -> None:
        if self.unit.kind != "async":
            reject(node, f"'{word}' stands outside of any `async def`", "make the function async")
        self.unit.coroutine = True

    def visit_Try(self, node: tree.AST) -> None:
        for handler in node.handlers[:-1]:
            if handler.type is None:
                reject(handler, "a bare 'except:' catches all, so the ones after it are in vain",
                       "put it last")
        if node.finalbody:
            self.within("finally", [], node)
            self.unit.blocks.append("finally")
        if node.handlers:
            self.within("try", node.body, node)
        else:
            self.visit_all(node.body)
        self.visit_all(node.orelse)
        for handler in node.handlers:
            self.visit_handler(handler, "except*" if isinstance(node, tree.TryStar) else "except")
        if node.finalbody:
            self.unit.blocks.pop()
            self.within("finally", node.finalbody, node)

    visit_TryStar = visit_Try

    def visit_handler(self, node: tree.AST, kind: str) -> None:
        if node.type:
            self.visit(node.type)
        check_name(node.name, node)
        self.unit.blocks.append(kind)
        self.within("cleanup", node.body, node)
        self.unit.blocks.pop()

    # Names that cannot be assigned, and the like

    def visit_Name(self, node: tree.AST) -> None:
        if not isinstance(node.ctx, tree.Load):
            check_name(node.id, node)

    def visit_Attribute(self, node: tree.AST) -> None:
        if not isinstance(node.ctx, tree.Load):
            check_name(node.attr, node)
        self.visit(node.value)

    def visit_Tuple(self, node: tree.AST) -> None:
        if isinstance(node.ctx, tree.Store):
            stars = [n for n, one in enumerate(node.elts) if isinstance(one, tree.Starred)]
            if len(stars) > 1:
                reject(node.elts[stars[1]], "two starred targets cannot share the values",
                       "keep one of them")
            if stars and stars[0] >= 256:
                reject(node.elts[stars[0]], "more than 255 targets stand before a starred one")
        self.visit_all(node.elts)

    visit_List = visit_Tuple

    def visit_Call(self, node: tree.AST) -> None:
        self.warn(node, parser_warnings.of_call(node))
        self.visit(node.func)
        self.visit_all(node.args)
        self.check_keywords(node.keywords)

    def check_keywords(self, keywords: list[tree.AST]) -> None:
        seen: set[str] = set()
        for keyword in keywords:
            if keyword.arg is not None:
                check_name(keyword.arg, keyword)
                if keyword.arg in seen:
                    reject(keyword, f"the argument '{keyword.arg}' is given twice",
                           "remove one of them")
                seen.add(keyword.arg)
            self.visit(keyword.value)

    def visit_AnnAssign(self, node: tree.AST) -> None:
        self.visit(node.target)
        if node.value:
            self.visit(node.value)
        if self.unit.kind in ("module", "class") and not self.future_annotations:
            self.visit(node.annotation)

    def visit_Import(self, node: tree.AST) -> None:
        for alias in node.names:
            check_name(alias.asname or alias.name.partition(".")[0], alias)

    def visit_ImportFrom(self, node: tree.AST) -> None:
        if node.module == "__future__":
            if node.lineno > self.last_future_line:
                reject(node, "imports from __future__ stand at the top of the file",
                       "move it above every other statement")
            for alias in node.names:
                if self.unit.kind == "module" and alias.name not in _FUTURE:
                    reject(alias, f"Python's future has no '{alias.name}'", "remove it")
        for alias in node.names:
            check_name(alias.asname or alias.name, alias)

    # Expressions that are hardly meant

    def visit_Compare(self, node: tree.AST, negated: bool = False) -> None:
        self.warn(node, parser_warnings.of_comparison(node, negated))
        self.visit_all(tree.iter_child_nodes(node))

    def visit_UnaryOp(self, node: tree.AST) -> None:
        inner, negated = node, False
        while isinstance(inner, tree.UnaryOp) and isinstance(inner.op, tree.Not):
            inner, negated = inner.operand, not negated
        if isinstance(inner, tree.Compare) and len(inner.ops) == 1:
            self.visit_Compare(inner, negated)
        else:
            self.visit(node.operand)

    def visit_Subscript(self, node: tree.AST) -> None:
        self.warn(node, parser_warnings.of_subscript(node))
        self.visit(node.value)
        self.visit(node.slice)

    def visit_Assert(self, node: tree.AST) -> None:
        self.warn(node, parser_warnings.of_assert(node))
        self.visit_all([node.test, node.msg])

    # Patterns

    def visit_Match(self, node: tree.AST) -> None:
        self.visit(node.subject)
        for case in node.cases:
            last = case is node.cases[-1]
            captures(case.pattern, may_match_all=last or case.guard is not None)
            self.visit_all([case.guard, *case.body])


def _last_future_line(root: tree.AST) -> int:
    """The line of the last import from __future__ that stands where such imports may stand."""
    line = -1
    body = root.body if isinstance(root, tree.Module) else []
    for index, node in enumerate(body):
        match node:
            case tree.Expr(tree.Constant(str())) if index == 0:
                continue
            case tree.ImportFrom("__future__"):
                line = node.lineno
            case _:
                break
    return line


def parameters(args: tree.AST) -> list[tree.AST]:
    """All parameters, `*` and `**` ones last."""
    named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    return named + [arg for arg in (args.vararg, args.kwarg) if arg is not None]


def check_name(name: str | None, node: tree.AST) -> None:
    if name == "__debug__":
        reject(node, "'__debug__' is a constant and cannot be assigned", "choose another name")


def captures(pattern: tree.AST, may_match_all: bool = True) -> list[str]:
    """The names that a pattern binds. Raises FleetError where the pattern makes no sense.

    may_match_all: whether a pattern that always matches may stand here; only the last may.
    """
    names: list[str | None] = []
    match pattern:
        case tree.MatchAs(None, name):
            if not may_match_all:
                what = "'_'" if name is None else f"the name '{name}'"
                reject(pattern, f"{what} matches everything, so the patterns after it are in vain",
                       "put it last; to compare with a variable, use a dotted name or a guard")
            names = [name]
        case tree.MatchAs(inner, name):
            names = [*captures(inner, may_match_all), name]
        case tree.MatchStar(name):
            names = [name]
        case tree.MatchSequence(patterns):
            stars = [n for n, one in enumerate(patterns) if isinstance(one, tree.MatchStar)]
            if len(stars) > 1:
                reject(patterns[stars[1]], "two starred patterns cannot share the items",
                       "keep one of them")
            if stars and stars[0] >= 256:
                reject(patterns[stars[0]], "more than 255 patterns stand before a starred one")
            names = [name for one in patterns for name in captures(one)]
        case tree.MatchMapping(keys, patterns, rest):
            _check_distinct_keys(keys)
            names = [*(name for one in patterns for name in captures(one)), rest]
        case tree.MatchClass(_, patterns, attributes, named):
            seen: set[str] = set()
            for attribute in attributes:
                check_name(attribute, pattern)
                if attribute in seen:
                    reject(pattern, f"the attribute '{attribute}' is matched twice",
                           "remove one of them")
                seen.add(attribute)
            names = [name for one in [*patterns, *named] for name in captures(one)]
        case tree.MatchOr(patterns):
            return _captures_of_alternatives(patterns, may_match_all)
    bound: dict[str, None] = {}
    for name in names:
        if name is None:
            continue
        check_name(name, pattern)
        if name in bound:
            reject(pattern, f"the pattern binds '{name}' twice", "choose another name for one")
        bound[name] = None
    return list(bound)


def _captures_of_alternatives(patterns: list[tree.AST], may_match_all: bool) -> list[str]:
    first: list[str] = []
    for number, one in enumerate(patterns):
        bound = captures(one, may_match_all and one is patterns[-1])
        if number == 0:
            first = bound
        elif set(bound) != set(first):
            reject(one, "the alternatives of a pattern bind different names",
                   "bind the same names in each")
    return first


def _check_distinct_keys(keys: list[tree.AST]) -> None:
    seen = set()
    for key in keys:
        if isinstance(key, tree.Attribute):
            continue
        value = _literal(key)
        if value in seen:
            reject(key, f"the key {value!r} is matched twice", "remove one of them")
        seen.add(value)


def _literal(node: tree.AST) -> object:
    """The value of a literal pattern: a constant, its negation, or a complex number's sum."""
    match node:
        case tree.Constant(value):
            return value
        case tree.UnaryOp(_, tree.Constant(value)):
            return -value
        case tree.BinOp(left, tree.Add(), right):
            return _literal(left) + _literal(right)
        case tree.BinOp(left, _, right):
            return _literal(left) - _literal(right)
