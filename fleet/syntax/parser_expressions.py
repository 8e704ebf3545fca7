"""Expressions: tokens to expression nodes, by precedence climbing.

In: a cursor at an expression. Out: its node. The one idea: one method, `operators`, reads all
binary operators, looping over those that bind at least as tightly as its caller asks for, so the
language's fifteen levels of precedence are a table. (Python Language Reference, chapter 6.)
"""

from __future__ import annotations

from typing import NoReturn

from fleet.syntax import tree
from fleet.syntax.lexer import Token
from fleet.syntax.parser_base import LOAD, STORE, Cursor, describe
from fleet.syntax.parser_strings import parse_strings

OR, AND, NOT, COMPARE, BIT_OR = 1, 2, 3, 4, 5
_BINARY = {
    "|": (BIT_OR, tree.BitOr()),
    "^": (6, tree.BitXor()),
    "&": (7, tree.BitAnd()),
    "<<": (8, tree.LShift()),
    ">>": (8, tree.RShift()),
    "+": (9, tree.Add()),
    "-": (9, tree.Sub()),
    "*": (10, tree.Mult()),
    "@": (10, tree.MatMult()),
    "/": (10, tree.Div()),
    "%": (10, tree.Mod()),
    "//": (10, tree.FloorDiv()),
}
_BOOLEAN = {"or": (OR, tree.Or()), "and": (AND, tree.And())}
_COMPARISON = {
    "==": tree.Eq(),
    "!=": tree.NotEq(),
    "<": tree.Lt(),
    "<=": tree.LtE(),
    ">": tree.Gt(),
    ">=": tree.GtE(),
    "is": tree.Is(),
    "in": tree.In(),
    "not": tree.NotIn(),
}
_UNARY = {"-": tree.USub(), "+": tree.UAdd(), "~": tree.Invert()}
_NOT, _IS_NOT, _POW = tree.Not(), tree.IsNot(), tree.Pow()
AUGMENTED = {f"{sign}=": op for sign, (_, op) in _BINARY.items()} | {"**=": _POW}
_LEVELS = (
    {sign: level for sign, (level, _) in (_BINARY | _BOOLEAN).items()}
    | dict.fromkeys(_COMPARISON, COMPARE)
)
_SINGLETONS = {"None": None, "True": True, "False": False, "...": ...}
_STARTING = frozenset((
    "(", "[", "{", "-", "+", "~", "not", "lambda", "await", "None", "True", "False", "...", "*",
))


_WORDS_AND_NUMBERS = frozenset(("NAME", "NUMBER"))
_GOING_ON = frozenset((".", "(", "[", "**"))
_AFTER_EXPRESSION = frozenset((",", ")", "]", "}", ":", "=", "\n"))
"""Tokens that bind more tightly than any unary operator; tokens before which an expression ends."""


class ExpressionParser(Cursor):
    """The methods are named after the grammar's rules; each leaves the cursor after its text.

    is_field: whether the text is the field of an f-string, in virtual parentheses.
    """

    is_field = False

    def starts_expression(self) -> bool:
        return self.text in _STARTING or self.kind in ("NAME", "NUMBER", "STRING")

    # Levels of the grammar, loosest first

    def star_expressions(self) -> tree.AST:
        """`a`, `a, b` or `*a, b`: a tuple without brackets where there is a comma."""
        return self._tuple_of(self.star_expression)

    def star_named_expressions(self) -> tree.AST:
        return self._tuple_of(self.star_named_expression)

    def _tuple_of(self, item) -> tree.AST:
        start = self.index
        first = item()
        if self.text == ",":
            elts = [first]
            while self.accept(",") and self.starts_expression():
                elts.append(item())
            return self.node(tree.Tuple(elts, LOAD), start)
        if isinstance(first, tree.Starred) and self.text != "=":
            self.reject(first, "a starred expression cannot stand alone",
                        "it stands in a tuple, list, set or call: `*values,` is a tuple")
        return first

    def star_expression(self) -> tree.AST:
        return self.starred(BIT_OR) if self.text == "*" else self.expression()

    def star_named_expression(self) -> tree.AST:
        return self.starred(BIT_OR) if self.text == "*" else self.named_expression()

    def starred(self, level: int) -> tree.AST:
        """`*value`, whose operators bind at least as tightly as `level`; 0 for any expression."""
        start = self.index
        self.advance()
        value = self.operators(level) if level else self.expression()
        return self.node(tree.Starred(value, LOAD), start)

    def named_expression(self) -> tree.AST:
        """`name := value` or any expression."""
        start = self.index
        value = self.expression()
        if self.text != ":=":
            return value
        if not isinstance(value, tree.Name) or self.index != start + 1:
            self.reject(value, f"':=' cannot assign to {describe(value)}",
                        "it assigns to a plain name without brackets")
        value.ctx = STORE
        self.advance()
        return self.node(tree.NamedExpr(value, self.expression()), start)

    def yield_or(self, otherwise) -> tree.AST:
        return self.yield_expression() if self.text == "yield" else otherwise()

    def yield_expression(self) -> tree.AST:
        start = self.index
        self.advance()
        if self.accept("from"):
            return self.node(tree.YieldFrom(self.expression()), start)
        value = self.star_expressions() if self.starts_expression() else None
        return self.node(tree.Yield(value), start)

    def expression(self) -> tree.AST:
        """A conditional expression, a lambda, or operators."""
        if self.kind in _WORDS_AND_NUMBERS and self.texts[self.index + 1] in _AFTER_EXPRESSION:
            return self.atom()
        self.deeper()
        start = self.index
        if self.text == "lambda":
            value = self.lambda_expression()
        else:
            value = self.operators(OR)
            if self.text == "if":
                self.advance()
                test = self.operators(OR)
                self.expect("else", f"expected 'else', found {self.found()}",
                            "a conditional expression is `a if condition else b`")
                value = self.node(tree.IfExp(test, value, self.expression()), start)
        self.depth -= 1
        return value

    def lambda_expression(self) -> tree.AST:
        start = self.index
        self.advance()
        args = self.parameters(":", annotated=False)
        self.expect(":", "expected ':' after the parameters of a lambda")
        return self.node(tree.Lambda(args, self.expression()), start)

    def operators(self, level: int) -> tree.AST:
        """Operators that bind at least as tightly as `level`, and their operands."""
        start = self.index
        if self.text == "not" and level <= NOT:
            self.advance()
            self.deeper()
            left = self.node(tree.UnaryOp(_NOT, self.operators(NOT)), start)
            self.depth -= 1
        else:
            left = self.unary()
        while True:
            sign = self.text
            found = _LEVELS.get(sign, 0)
            if found < level or not found:
                return left
            if sign in _BINARY:
                self.advance()
                right = self.operators(found + 1)
                left = self.node(tree.BinOp(left, _BINARY[sign][1], right), start)
            elif sign in _BOOLEAN:
                values = [left]
                while self.accept(sign):
                    values.append(self.operators(found + 1))
                left = self.node(tree.BoolOp(_BOOLEAN[sign][1], values), start)
            elif sign == "not" and self.peek() != "in":
                return left
            else:
                left = self.comparison(left, start)

    def comparison(self, left: tree.AST, start: int) -> tree.AST:
        ops, comparators = [], []
        while self.text in _COMPARISON:
            sign = self.text
            if sign == "not" and self.peek() != "in":
                break
            self.advance()
            op = _COMPARISON[sign]
            if sign == "not":
                self.advance()
            elif sign == "is" and self.accept("not"):
                op = _IS_NOT
            ops.append(op)
            comparators.append(self.operators(BIT_OR))
        return self.node(tree.Compare(left, ops, comparators), start)

    def unary(self) -> tree.AST:
        """Signs, `await`, the power operator, and what they apply to."""
        start = self.index
        if self.kind in _WORDS_AND_NUMBERS and self.texts[start + 1] not in _GOING_ON:
            return self.atom()
        if self.text in _UNARY:
            self.deeper()
            op = _UNARY[self.advance()]
            value = self.node(tree.UnaryOp(op, self.unary()), start)
            self.depth -= 1
            return value
        if self.text == "await":
            self.advance()
            value = self.node(tree.Await(self.primary()), start)
        else:
            value = self.primary()
        if self.text == "**":
            self.deeper()
            self.advance()
            value = self.node(tree.BinOp(value, _POW, self.unary()), start)
            self.depth -= 1
        return value

    def primary(self) -> tree.AST:
        """An atom and the attributes, calls and subscripts that follow it."""
        start = self.index
        value = self.atom()
        while True:
            if self.text == ".":
                self.advance()
                attr = self.name("expected the name of an attribute after '.'")
                value = self.node(tree.Attribute(value, attr, LOAD), start)
            elif self.text == "(":
                args, keywords = self.call_arguments()
                value = self.node(tree.Call(value, args, keywords), start)
            elif self.text == "[":
                self.advance()
                index = self.subscripts()
                self.expect("]", f"expected ',' or ']', found {self.found()}")
                value = self.node(tree.Subscript(value, index, LOAD), start)
            else:
                return value

    def atom(self) -> tree.AST:
        start, text, kind = self.index, self.text, self.kind
        if kind == "NAME":
            return self.node(tree.Name(self.name("expected a name"), LOAD), start)
        if kind == "NUMBER":
            return self.number()
        if kind == "STRING":
            return self.strings()
        if text in _SINGLETONS:
            self.advance()
            return self.node(tree.Constant(_SINGLETONS[text], None), start)
        if text == "(":
            return self.parenthesised()
        if text == "[":
            return self.list_display()
        if text == "{":
            return self.dict_or_set()
        self.unexpected("an expression")

    # Atoms

    def number(self) -> tree.AST:
        start = self.index
        return self.node(tree.Constant(self.number_value(), None), start)

    def strings(self) -> tree.AST:
        """Adjacent string literals, which are one string."""
        start = self.index
        while self.kind == "STRING":
            self.advance()
        place = self.node(tree.Constant(None, None), start)
        return parse_strings(self.tokens[start : self.index], place, self.field)

    def field(self, tokens: list[Token]) -> tree.AST:
        """The expression of an f-string's replacement field, from its own tokens."""
        inner = type(self)(tokens, self.source, self.depth)
        inner.is_field = True
        value = inner.atom()
        if inner.kind != "ENDMARKER":
            inner.unexpected("the end of the field")
        return value

    def parenthesised(self) -> tree.AST:
        """A tuple, a generator expression, or an expression in brackets."""
        start = self.index
        self.advance()
        if self.accept(")"):
            return self.node(tree.Tuple([], LOAD), start)
        if self.text == "yield":
            value = self.yield_expression()
            self.close(")")
            return value
        first = self.star_named_expression()
        if self.text in ("for", "async"):
            generators = self.comprehension_clauses(first)
            self.close(")")
            return self.node(tree.GeneratorExp(first, generators), start)
        if self.accept(","):
            elts = [first, *self.separated(self.star_named_expression, ")")]
            return self.node(tree.Tuple(elts, LOAD), start)
        if isinstance(first, tree.Starred):
            self.reject(first, "a starred expression cannot stand alone in parentheses",
                        "`(*values,)` is a tuple")
        self.close(")")
        return first

    def list_display(self) -> tree.AST:
        start = self.index
        self.advance()
        if self.accept("]"):
            return self.node(tree.List([], LOAD), start)
        first = self.star_named_expression()
        if self.text in ("for", "async"):
            generators = self.comprehension_clauses(first)
            self.close("]")
            return self.node(tree.ListComp(first, generators), start)
        elts = [first]
        if self.accept(","):
            elts += self.separated(self.star_named_expression, "]")
        else:
            self.close("]")
        return self.node(tree.List(elts, LOAD), start)

    def dict_or_set(self) -> tree.AST:
        start = self.index
        self.advance()
        if self.text == "}" or self.text == "**":
            return self.dict_display(start, [], [])
        first = self.star_named_expression()
        bare_walrus = isinstance(first, tree.NamedExpr) and self.kinds[start + 1] == "NAME"
        if self.text == ":" and not isinstance(first, tree.Starred) and not bare_walrus:
            self.advance()
            value = self.expression()
            if self.text in ("for", "async"):
                generators = self.comprehension_clauses(first)
                self.close("}")
                return self.node(tree.DictComp(first, value, generators), start)
            if self.text != "}":
                self.expect(",", f"expected ',' or '}}', found {self.found()}")
            return self.dict_display(start, [first], [value])
        if self.text in ("for", "async"):
            generators = self.comprehension_clauses(first)
            self.close("}")
            return self.node(tree.SetComp(first, generators), start)
        elts = [first]
        if self.accept(","):
            elts += self.separated(self.star_named_expression, "}")
        else:
            self.close("}")
        return self.node(tree.Set(elts), start)

    def dict_display(self, start: int, keys: list, values: list) -> tree.AST:
        """The rest of a dict display, after its first item or its opening bracket."""

        def item() -> None:
            if self.accept("**"):
                keys.append(None)
                values.append(self.operators(BIT_OR))
                if self.text in ("for", "async"):
                    self.fail("'**' cannot be used in a dict comprehension",
                              "write `{key: value for ...}`")
                return
            keys.append(self.expression())
            self.expect(":", f"expected ':' after a key, found {self.found()}",
                        "an item of a dict is `key: value`")
            values.append(self.expression())

        self.separated(item, "}")
        return self.node(tree.Dict(keys, values), start)

    def comprehension_clauses(self, element: tree.AST) -> list[tree.AST]:
        if isinstance(element, tree.Starred):
            self.reject(element, "'*' cannot be used in a comprehension",
                        "nest another `for` clause")
        clauses = []
        while self.text in ("for", "async"):
            is_async = int(self.accept("async"))
            self.expect("for", "expected 'for' after 'async'")
            target = self.loop_target()
            iterable = self.operators(OR)
            conditions = []
            while self.accept("if"):
                conditions.append(self.operators(OR))
            clauses.append(tree.comprehension(target, iterable, conditions, is_async))
        return clauses

    def loop_target(self) -> tree.AST:
        """The target of a `for`, and the `in` after it."""
        target = self._tuple_of(
            lambda: self.starred(BIT_OR) if self.text == "*" else self.operators(BIT_OR)
        )
        self.target(target, STORE, "assign to")
        self.expect("in", f"expected 'in' after the target of a 'for', found {self.found()}")
        return target

    def subscripts(self) -> tree.AST:
        """What stands in the brackets of `a[...]`."""
        start = self.index
        first = self.starred(BIT_OR) if self.text == "*" else self.subscript()
        if self.text != "," and not isinstance(first, tree.Starred):
            return first
        elts = [first]
        while self.accept(",") and self.text != "]":
            elts.append(self.starred(BIT_OR) if self.text == "*" else self.subscript())
        return self.node(tree.Tuple(elts, LOAD), start)

    def subscript(self) -> tree.AST:
        start = self.index
        parts: list[tree.AST | None] = [None, None, None]
        if self.text != ":":
            parts[0] = self.named_expression()
            if self.text != ":":
                return parts[0]
            if isinstance(parts[0], tree.NamedExpr) and self.tokens[start].text != "(":
                self.unexpected("',' or ']'")
        for number in (1, 2):
            if self.accept(":") and self.text not in (":", "]", ","):
                parts[number] = self.expression()
        return self.node(tree.Slice(*parts), start)

    # Calls and parameters

    def call_arguments(self) -> tuple[list[tree.AST], list[tree.AST]]:
        """The brackets of a call: positional arguments, and keywords with `**` among them."""
        opening = self.index
        self.advance()
        args: list[tree.AST] = []
        keywords: list[tree.AST] = []
        unpacked = False
        while self.text != ")":
            sign = self.text
            self.argument(args, keywords)
            unpacked = unpacked or sign == "**"
            if unpacked and sign == "*":
                self.reject(args[-1], "an argument with '*' cannot follow one with '**'",
                            "put it before")
            if self.text in ("for", "async"):
                return [self.generator_argument(opening, args, keywords)], []
            if not self.accept(","):
                break
        self.close(")")
        return args, keywords

    def argument(self, args: list[tree.AST], keywords: list[tree.AST]) -> None:
        start = self.index
        if self.accept("**"):
            keywords.append(self.node(tree.keyword(None, self.expression()), start))
        elif self.text == "*":
            args.append(self.starred(0))
        elif self.kind == "NAME" and self.peek() == "=":
            name = self.name("expected a name")
            self.advance()
            keywords.append(self.node(tree.keyword(name, self.expression()), start))
        else:
            value = self.named_expression()
            args.append(value)
            if self.text == "=":
                self.fail("only a plain name can be given a value in a call",
                          "use '==' to compare")
            if keywords:
                after = "'**' arguments" if keywords[-1].arg is None else "keyword arguments"
                self.reject(value, f"a positional argument follows {after}",
                            "put positional arguments first, or name this one")

    def generator_argument(
        self, opening: int, args: list[tree.AST], keywords: list[tree.AST]
    ) -> tree.AST:
        """`f(x for x in y)`: the only argument, whose brackets are those of the call."""
        alone = len(args) == 1 and not keywords and self.tokens[opening + 1].text != "*"
        generators = self.comprehension_clauses(args[0]) if alone else []
        if not alone or self.text == ",":
            self.fail("a generator expression needs parentheses here",
                      "only the sole argument of a call can go without")
        self.close(")")
        return self.node(tree.GeneratorExp(args[0], generators), opening)

    def parameters(self, closing: str, annotated: bool) -> tree.AST:
        """The parameters of a function (in brackets, annotated) or a lambda."""
        made = tree.arguments([], [], None, [], [], None, [])
        keyword_only = False
        while self.text != closing:
            if self.text == "/":
                if made.posonlyargs or keyword_only or not made.args:
                    self.fail("'/' cannot stand here", "it stands once, after a parameter "
                              "and before any '*'")
                self.advance()
                made.posonlyargs, made.args = made.args, []
            elif self.text == "**":
                self.advance()
                made.kwarg = self.parameter(annotated)
                if self.text == "=":
                    self.fail("a '**' parameter has no default")
                self.accept(",")
                if self.text != closing:
                    self.fail("no parameter follows the one with '**'", "put it last")
                break
            elif self.text == "*":
                if keyword_only:
                    self.fail("'*' stands only once among parameters")
                keyword_only = True
                self.advance()
                if self.text == ",":
                    if self.peek() in (closing, "**"):
                        self.fail("a named parameter follows a bare '*'")
                else:
                    made.vararg = self.parameter(annotated, star=True)
                    if self.text == "=":
                        self.fail("a '*' parameter has no default")
            elif keyword_only:
                made.kwonlyargs.append(self.parameter(annotated))
                made.kw_defaults.append(self.expression() if self.accept("=") else None)
            else:
                made.args.append(self.parameter(annotated))
                if self.accept("="):
                    made.defaults.append(self.expression())
                elif made.defaults:
                    self.reject(made.args[-1], "a parameter without a default follows one with",
                                "give it a default, or put it before")
            if not self.accept(","):
                break
        return made

    def parameter(self, annotated: bool, star: bool = False) -> tree.AST:
        start = self.index
        name = self.name("expected the name of a parameter")
        annotation = None
        if annotated and self.accept(":"):
            annotation = self.starred(BIT_OR) if star and self.text == "*" else self.expression()
        return self.node(tree.arg(name, annotation, None), start)

    def close(self, bracket: str) -> None:
        """Goes past a closing bracket, or says what stands before it."""
        if self.text != bracket:
            self.missing_operator(bracket)
        self.advance()

    def missing_operator(self, bracket: str) -> NoReturn:
        texts = [token.text for token in self.tokens[: self.index]]
        opened = sum(texts.count(one) for one in "([{") - sum(texts.count(one) for one in ")]}")
        if self.is_field and opened == 1:
            bracket = "}"
        hint = "is there a comma or an operator missing?" if self.starts_expression() else None
        self.fail(f"expected '{bracket}', found {self.found()}", hint)
