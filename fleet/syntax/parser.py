"""Statements, and the way in: the text of a program to its tree.

In: Python 3.11 source. Out: `parse` gives a Module whose nodes carry their places, or raises a
FleetError for whatever CPython's compiler would refuse. The one idea: Python's grammar can be read
with one token of look-ahead everywhere but in two places (`match` as a name, `with` before a
bracket), so each rule is a method, and nothing is ever parsed twice but such a `with`.
(Python Language Reference, chapters 7 and 8.)
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

from fleet.diagnostics import FleetError, ProgramWarning
from fleet.recursion import recursion_room
from fleet.syntax import tree
from fleet.syntax.lexer import Token, tokenize
from fleet.syntax.parser_base import DEL, STORE
from fleet.syntax.parser_checks import check_placement
from fleet.syntax.parser_expressions import AUGMENTED, BIT_OR
from fleet.syntax.parser_patterns import PatternParser
from fleet.syntax.parser_scopes import check_scopes
from fleet.syntax.source import Source

_AFTER_NAME_MATCH = frozenset((
    "=", ".", ",", ")", "]", "}", ":", ";", ":=", "/", "//", "%", "@", "&", "|", "^", "<",
    ">", "==", "!=", "<=", ">=", "<<", ">>",
))

_CONTINUING = {
    "elif": "block of 'if'",
    "else": "block of 'if', 'for', 'while' or 'except'",
    "except": "block of 'try'",
    "finally": "block of 'try' or 'except'",
}


def parse(source: str, file: str = "<string>") -> tree.AST:
    """The Module that a program's text stands for. Raises FleetError.

    What CPython's compiler warns of is a ProgramWarning of Python's `warnings`.
    """
    text = Source(source, file)
    return parse_token_list(tokenize(text), text)


def parse_token_list(tokens: list[Token], text: Source) -> tree.AST:
    """The same of a program's tokens. text: where they stand."""
    with recursion_room(tree.FRAMES):
        module = Parser(tokens, text).module()
        doubts = check_placement(module)
        check_scopes(module)
    for number, (line, doubt) in enumerate(doubts):
        warning = ProgramWarning(doubt, text.lines[line - 1], number)
        warnings.warn_explicit(warning, None, text.file, line)
    return module


def parse_expression(source: str, file: str = "<string>") -> tree.AST:
    """The node of a single expression. Raises FleetError."""
    text = Source(source, file)
    with recursion_room(tree.FRAMES):
        body = Parser(tokenize(text), text).single_expression()
        whole = tree.Expression(body)
        check_placement(whole)
        check_scopes(whole)
    return body


class Parser(PatternParser):
    """The methods are named after statements; each leaves the cursor on the next statement."""

    def module(self) -> tree.AST:
        body: list[tree.AST] = []
        while self.kind != "ENDMARKER":
            body += self.statements()
        return tree.Module(body, [])

    def single_expression(self) -> tree.AST:
        value = self._tuple_of(self.expression)
        if self.kind == "NEWLINE":
            self.advance()
        if self.kind != "ENDMARKER":
            self.fail(f"expected the end of the expression, found {self.found()}")
        return value

    def statements(self) -> list[tree.AST]:
        """One compound statement, or the simple statements of one line."""
        if self.kind == "INDENT":
            self.unexpected("a statement")
        if self.text in _CONTINUING:
            self.fail(f"'{self.text}' does not follow the statement that it belongs to",
                      f"a {_CONTINUING[self.text]} comes before it, equally indented")
        compound = _COMPOUND.get(self.text)
        if compound is not None:
            return [compound(self)]
        if self.text == "match" and self.at_match_statement():
            return [self.match_statement()]
        found = [self.simple_statement()]
        while self.accept(";") and self.kind != "NEWLINE":
            found.append(self.simple_statement())
        if self.kind != "NEWLINE":
            self.end_of_statement_missing()
        self.advance()
        return found

    def block(self, owner: str) -> list[tree.AST]:
        """What follows a ':', on its line or indented below it."""
        if self.text != ":":
            hint = "use '==' to compare" if self.text == "=" else "put a ':' before the block"
            self.fail(f"expected ':' after {owner}, found {self.found()}", hint)
        self.advance()
        if self.kind != "NEWLINE":
            if self.text in _COMPOUND:
                self.fail(f"'{self.text}' cannot start on the line of another statement",
                          "put it on a line of its own, indented")
            return self.statements()
        self.start_indented(owner)
        body: list[tree.AST] = []
        while self.kind != "DEDENT":
            body += self.statements()
        self.advance()
        return body

    def start_indented(self, owner: str) -> None:
        self.advance()
        if self.kind != "INDENT":
            self.fail(f"{owner} needs an indented block", "indent its statements, or write `pass`")
        self.advance()

    def end_of_statement_missing(self) -> None:
        before = self.tokens[self.index - 1]
        hint = None
        if before.text in ("print", "exec") and self.starts_expression():
            hint = f"{before.text} is a function: write {before.text}(...)"
        elif before.text in ("True", "False", "None") and self.text == "=":
            hint = "choose another name"
        elif self.starts_expression():
            hint = "is there an operator, a comma or a bracket missing before it?"
        elif self.text == ":=":
            hint = "use '=' in a statement, or put the expression in parentheses"
        self.fail(f"expected the end of the statement, found {self.found()}", hint)

    # Simple statements

    def simple_statement(self) -> tree.AST:
        simple = _SIMPLE.get(self.text)
        if simple is not None:
            return simple(self)
        if self.text in _COMPOUND:
            self.fail(f"'{self.text}' cannot start after ';'", "put it on a line of its own")
        return self.expression_statement()

    def expression_statement(self) -> tree.AST:
        """An expression, or an assignment of one of the three kinds."""
        start = self.index
        value = self.yield_or(self.star_expressions)
        if self.text == "=":
            targets = []
            while self.accept("="):
                targets.append(self.target(value, STORE, "assign to"))
                value = self.yield_or(self.star_expressions)
            return self.node(tree.Assign(targets, value, None), start)
        if self.text in AUGMENTED:
            self.single_target(value, "update")
            op = AUGMENTED[self.advance()]
            return self.node(
                tree.AugAssign(value, op, self.yield_or(self.star_expressions)), start
            )
        if self.text == ":":
            return self.annotated_assignment(value, start)
        return self.node(tree.Expr(value), start)

    def annotated_assignment(self, target: tree.AST, start: int) -> tree.AST:
        self.single_target(target, "annotate")
        self.advance()
        annotation = self.expression()
        value = self.yield_or(self.star_expressions) if self.accept("=") else None
        simple = int(isinstance(target, tree.Name) and self.kinds[start] == "NAME")
        return self.node(tree.AnnAssign(target, annotation, value, simple), start)

    def single_target(self, node: tree.AST, verb: str) -> None:
        if isinstance(node, (tree.Tuple, tree.List)):
            self.reject(node, f"cannot {verb} several targets at once",
                        "write a statement for each")
        self.target(node, STORE, verb)

    def pass_statement(self) -> tree.AST:
        return self.keyword_alone(tree.Pass())

    def break_statement(self) -> tree.AST:
        return self.keyword_alone(tree.Break())

    def continue_statement(self) -> tree.AST:
        return self.keyword_alone(tree.Continue())

    def keyword_alone(self, node: tree.AST) -> tree.AST:
        self.advance()
        return self.node(node, self.index - 1)

    def return_statement(self) -> tree.AST:
        start = self.index
        self.advance()
        value = self.star_expressions() if self.starts_expression() else None
        return self.node(tree.Return(value), start)

    def raise_statement(self) -> tree.AST:
        start = self.index
        self.advance()
        error = self.expression() if self.starts_expression() else None
        cause = self.expression() if error is not None and self.accept("from") else None
        return self.node(tree.Raise(error, cause), start)

    def assert_statement(self) -> tree.AST:
        start = self.index
        self.advance()
        test = self.expression()
        message = self.expression() if self.accept(",") else None
        return self.node(tree.Assert(test, message), start)

    def del_statement(self) -> tree.AST:
        start = self.index
        self.advance()
        targets = [self.del_target()]
        while self.accept(",") and self.starts_expression():
            targets.append(self.del_target())
        return self.node(tree.Delete(targets), start)

    def del_target(self) -> tree.AST:
        return self.target(self.star_expression(), DEL, "delete")

    def global_statement(self) -> tree.AST:
        return self.names_statement(tree.Global)

    def nonlocal_statement(self) -> tree.AST:
        return self.names_statement(tree.Nonlocal)

    def names_statement(self, cls: type[tree.AST]) -> tree.AST:
        start = self.index
        keyword = self.advance()
        names = [self.name(f"expected a name after '{keyword}'")]
        while self.accept(","):
            names.append(self.name("expected a name after ','"))
        return self.node(cls(names), start)

    def import_statement(self) -> tree.AST:
        start = self.index
        self.advance()
        names = [self.import_alias(self.dotted_name)]
        while self.accept(","):
            names.append(self.import_alias(self.dotted_name))
        return self.node(tree.Import(names), start)

    def import_from_statement(self) -> tree.AST:
        start = self.index
        self.advance()
        level = 0
        while self.text in (".", "..."):
            level += len(self.advance())
        module = None if level and self.text == "import" else self.dotted_name()
        self.expect("import", f"expected 'import', found {self.found()}")
        if self.text == "*":
            self.advance()
            names = [self.node(tree.alias("*", None), self.index - 1)]
        elif self.accept("("):
            names = [self.imported_name()]
            if self.accept(","):
                names += self.separated(self.imported_name, ")")
            else:
                self.close(")")
        else:
            names = [self.imported_name()]
            while self.accept(","):
                if self.kind == "NEWLINE":
                    self.fail("a name is missing after ','",
                              "remove the comma, or put the names in parentheses")
                names.append(self.imported_name())
        return self.node(tree.ImportFrom(module, names, level), start)

    def imported_name(self) -> tree.AST:
        return self.import_alias(lambda: self.name("expected a name to import"))

    def import_alias(self, read_name: Callable[[], str]) -> tree.AST:
        start = self.index
        name = read_name()
        alias = self.name("expected a name after 'as'") if self.accept("as") else None
        return self.node(tree.alias(name, alias), start)

    def dotted_name(self) -> str:
        parts = [self.name("expected the name of a module")]
        while self.accept("."):
            parts.append(self.name("expected a name after '.'"))
        return ".".join(parts)

    # Compound statements

    def if_statement(self) -> tree.AST:
        start = self.index
        keyword = self.advance()
        self.deeper()
        test = self.named_expression()
        body = self.block(f"the condition of '{keyword}'")
        orelse = [self.if_statement()] if self.text == "elif" else self.else_block()
        self.depth -= 1
        return self.node(tree.If(test, body, orelse), start)

    def else_block(self) -> list[tree.AST]:
        return self.block("'else'") if self.accept("else") else []

    def while_statement(self) -> tree.AST:
        start = self.index
        self.advance()
        test = self.named_expression()
        body = self.block("the condition of 'while'")
        return self.node(tree.While(test, body, self.else_block()), start)

    def for_statement(self, cls: type[tree.AST] = tree.For, start: int | None = None) -> tree.AST:
        start = self.index if start is None else start
        self.advance()
        target = self.loop_target()
        iterable = self.star_expressions()
        body = self.block("the header of 'for'")
        return self.node(cls(target, iterable, body, self.else_block(), None), start)

    def with_statement(
        self, cls: type[tree.AST] = tree.With, start: int | None = None
    ) -> tree.AST:
        start = self.index if start is None else start
        self.advance()
        items = self.with_items()
        return self.node(cls(items, self.block("the header of 'with'"), None), start)

    def with_items(self) -> list[tree.AST]:
        """The items of a `with`, whose parentheses may belong to it or to an expression."""
        if self.text != "(" or not self.bracket_ends_header():
            return self.bare_with_items()
        index, depth = self.index, self.depth
        try:
            self.advance()
            items = [self.with_item()]
            if self.accept(","):
                return items + self.separated(self.with_item, ")")
            self.close(")")
            return items
        except FleetError as as_items:
            self.go_back(index, depth)
            try:
                return self.bare_with_items()
            except FleetError as as_expression:
                raise max(
                    as_items, as_expression,
                    key=lambda error: (error.location.line, error.location.column),
                ) from None

    def bare_with_items(self) -> list[tree.AST]:
        items = [self.with_item()]
        while self.accept(","):
            items.append(self.with_item())
        return items

    def with_item(self) -> tree.AST:
        context = self.expression()
        target = None
        if self.accept("as"):
            value = self.starred(BIT_OR) if self.text == "*" else self.operators(BIT_OR)
            target = self.target(value, STORE, "assign to")
        return tree.withitem(context, target)

    def bracket_ends_header(self) -> bool:
        """Whether the ':' of the header follows the bracket that opens here."""
        depth, index = 0, self.index
        while True:
            text = self.tokens[index].text
            if text in ("(", "[", "{"):
                depth += 1
            elif text in (")", "]", "}"):
                depth -= 1
                if depth == 0:
                    return self.tokens[index + 1].text == ":"
            index += 1

    def try_statement(self) -> tree.AST:
        start = self.index
        self.advance()
        body = self.block("'try'")
        handlers: list[tree.AST] = []
        group: bool | None = None
        while self.text == "except":
            first = self.tokens[self.index]
            starred = self.peek() == "*"
            if group is not None and starred != group:
                self.fail("'except' and 'except*' cannot serve one 'try'",
                          "use one of them throughout", first)
            group = starred
            handlers.append(self.except_handler(starred))
        orelse = self.else_block() if handlers else []
        finalbody = self.block("'finally'") if self.accept("finally") else []
        if not handlers and not finalbody:
            self.fail(f"expected 'except' or 'finally' after the block of 'try', "
                      f"found {self.found()}", "a 'try' needs one of them")
        cls = tree.TryStar if group else tree.Try
        return self.node(cls(body, handlers, orelse, finalbody), start)

    def except_handler(self, starred: bool) -> tree.AST:
        start = self.index
        self.advance()
        if starred:
            self.advance()
        caught = name = None
        if starred or self.text != ":":
            caught = self.expression()
            if self.text == ",":
                self.fail("several exceptions need parentheses", "write `except (A, B):`")
            if self.accept("as"):
                name = self.name("expected a name after 'as'")
        body = self.block("'except'")
        return self.node(tree.ExceptHandler(caught, name, body), start)

    def def_statement(
        self,
        cls: type[tree.AST] = tree.FunctionDef,
        start: int | None = None,
        decorators: list[tree.AST] | None = None,
    ) -> tree.AST:
        start = self.index if start is None else start
        self.advance()
        name = self.name("expected the name of the function")
        self.expect("(", f"expected '(' after the name of a function, found {self.found()}")
        args = self.parameters(")", annotated=True)
        self.close(")")
        returns = self.expression() if self.accept("->") else None
        body = self.block("the header of 'def'")
        return self.node(cls(name, args, body, decorators or [], returns, None), start)

    def class_statement(self, decorators: list[tree.AST] | None = None) -> tree.AST:
        start = self.index
        self.advance()
        name = self.name("expected the name of the class")
        bases: list[tree.AST] = []
        keywords: list[tree.AST] = []
        if self.text == "(":
            opening = self.tokens[self.index]
            bases, keywords = self.call_arguments()
            if bases and isinstance(bases[0], tree.GeneratorExp) and (
                bases[0].location.column == opening.column
                and bases[0].location.line == opening.line
            ):
                self.reject(bases[0], "a generator expression cannot be a base class")
        body = self.block("the header of 'class'")
        return self.node(tree.ClassDef(name, bases, keywords, body, decorators or []), start)

    def decorated(self) -> tree.AST:
        decorators = []
        while self.accept("@"):
            decorators.append(self.named_expression())
            if self.kind != "NEWLINE":
                self.end_of_statement_missing()
            self.advance()
        if self.text == "def":
            return self.def_statement(decorators=decorators)
        if self.text == "class":
            return self.class_statement(decorators)
        if self.text == "async" and self.peek() == "def":
            return self.async_statement(decorators)
        self.fail(f"expected a function or class after a decorator, found {self.found()}")

    def async_statement(self, decorators: list[tree.AST] | None = None) -> tree.AST:
        start = self.index
        self.advance()
        if self.text == "def":
            return self.def_statement(tree.AsyncFunctionDef, start, decorators)
        if self.text == "for":
            return self.for_statement(tree.AsyncFor, start)
        if self.text == "with":
            return self.with_statement(tree.AsyncWith, start)
        self.fail(f"expected 'def', 'for' or 'with' after 'async', found {self.found()}")

    def at_match_statement(self) -> bool:
        """Whether `match` is the keyword here: its line then ends in ':', as no other could."""
        if self.peek() in _AFTER_NAME_MATCH:
            return False
        index = self.index + 1
        while self.kinds[index] != "NEWLINE":
            index += 1
        return self.tokens[index - 1].text == ":"

    def match_statement(self) -> tree.AST:
        start = self.index
        self.advance()
        subject = self.star_named_expressions()
        self.expect(":", f"expected ':' after the subject of 'match', found {self.found()}")
        if self.kind != "NEWLINE":
            self.fail("the cases of a 'match' stand on lines of their own")
        self.start_indented("'match'")
        cases = [self.case_block()]
        while self.kind != "DEDENT":
            cases.append(self.case_block())
        self.advance()
        return self.node(tree.Match(subject, cases), start)

    def case_block(self) -> tree.AST:
        self.expect("case", f"expected 'case', found {self.found()}",
                    "the block of a 'match' consists of cases")
        pattern = self.patterns()
        guard = self.named_expression() if self.accept("if") else None
        return tree.match_case(pattern, guard, self.block("'case'"))


_SIMPLE = {
    "pass": Parser.pass_statement,
    "break": Parser.break_statement,
    "continue": Parser.continue_statement,
    "return": Parser.return_statement,
    "raise": Parser.raise_statement,
    "assert": Parser.assert_statement,
    "del": Parser.del_statement,
    "global": Parser.global_statement,
    "nonlocal": Parser.nonlocal_statement,
    "import": Parser.import_statement,
    "from": Parser.import_from_statement,
}
_COMPOUND = {
    "if": Parser.if_statement,
    "while": Parser.while_statement,
    "for": Parser.for_statement,
    "with": Parser.with_statement,
    "try": Parser.try_statement,
    "def": Parser.def_statement,
    "class": Parser.class_statement,
    "@": Parser.decorated,
    "async": Parser.async_statement,
}
