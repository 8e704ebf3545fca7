"""The patterns of `match` statements.

In: a cursor after `case`. Out: pattern nodes. The one idea: patterns are a small language of their
own, in which a name captures and a dotted name compares. (Python Language Reference 8.6.)
"""

from __future__ import annotations

from fleet.syntax import tree
from fleet.syntax.parser_base import LOAD
from fleet.syntax.parser_expressions import ExpressionParser

_SINGLETONS = {"None": None, "True": True, "False": False}
_ADD, _SUB, _MINUS = tree.Add(), tree.Sub(), tree.USub()


class PatternParser(ExpressionParser):
    """Adds `patterns`, which reads all that may stand between `case` and `if` or `:`."""

    def patterns(self) -> tree.AST:
        """A pattern, or several with commas between them, which are a sequence."""
        start = self.index
        first = self.star_or_pattern()
        if self.text != ",":
            if isinstance(first, tree.MatchStar):
                self.reject(first, "a starred pattern cannot stand alone",
                            "`*rest,` is a sequence")
            return first
        items = [first]
        while self.accept(",") and self.text not in (":", "if"):
            items.append(self.star_or_pattern())
        return self.node(tree.MatchSequence(items), start)

    def star_or_pattern(self) -> tree.AST:
        start = self.index
        if not self.accept("*"):
            return self.pattern()
        name = self.name("expected a name after '*'")
        return self.node(tree.MatchStar(None if name == "_" else name), start)

    def pattern(self) -> tree.AST:
        """Alternatives, and a name for what they match."""
        start = self.index
        first = self.closed_pattern()
        if self.text == "|":
            options = [first]
            while self.accept("|"):
                options.append(self.closed_pattern())
            first = self.node(tree.MatchOr(options), start)
        if not self.accept("as"):
            return first
        token = self.tokens[self.index]
        name = self.name("expected a name after 'as'")
        if name == "_":
            self.fail("'_' cannot be the name of what is matched", "choose another name", token)
        return self.node(tree.MatchAs(first, name), start)

    def closed_pattern(self) -> tree.AST:
        start, text = self.index, self.text
        if self.kind == "NAME":
            return self.named_pattern()
        if self.kind in ("NUMBER", "STRING") or text == "-":
            return self.node(tree.MatchValue(self.literal_pattern()), start)
        if text in _SINGLETONS:
            self.advance()
            return self.node(tree.MatchSingleton(_SINGLETONS[text]), start)
        if text == "(" or text == "[":
            return self.group_or_sequence()
        if text == "{":
            return self.mapping_pattern()
        self.unexpected("a pattern")

    def named_pattern(self) -> tree.AST:
        """A capture, the wildcard `_`, a dotted value or a class."""
        start = self.index
        name = self.name_or_attribute()
        if self.text == "(":
            return self.class_pattern(name, start)
        if isinstance(name, tree.Attribute):
            return self.node(tree.MatchValue(name), start)
        return self.node(tree.MatchAs(None, None if name.id == "_" else name.id), start)

    def name_or_attribute(self) -> tree.AST:
        start = self.index
        value = self.node(tree.Name(self.name("expected a name"), LOAD), start)
        while self.accept("."):
            attr = self.name("expected the name of an attribute after '.'")
            value = self.node(tree.Attribute(value, attr, LOAD), start)
        return value

    def literal_pattern(self) -> tree.AST:
        """A string, or a real or complex number with its sign."""
        start = self.index
        if self.kind == "STRING":
            value = self.strings()
            if isinstance(value, tree.JoinedStr):
                self.reject(value, "an f-string cannot be a pattern", "compare in a guard: `if`")
            return value
        negative = self.accept("-")
        if self.kind != "NUMBER":
            self.unexpected("a number")
        left = self.number()
        if negative:
            left = self.node(tree.UnaryOp(_MINUS, left), start)
        if self.text not in ("+", "-"):
            return left
        real = left.operand if negative else left
        if isinstance(real.value, complex):
            self.reject(real, "a complex number in a pattern starts with its real part",
                        "write `1 + 2j`")
        op = _ADD if self.advance() == "+" else _SUB
        if self.kind != "NUMBER":
            self.unexpected("an imaginary number")
        right = self.number()
        if not isinstance(right.value, complex):
            self.reject(right, "a pattern does not compute; this is no imaginary number",
                        "write the result, or compare in a guard: `if`")
        return self.node(tree.BinOp(left, op, right), start)

    def group_or_sequence(self) -> tree.AST:
        start = self.index
        closing = ")" if self.advance() == "(" else "]"
        if self.accept(closing):
            return self.node(tree.MatchSequence([]), start)
        first = self.star_or_pattern()
        if closing == ")" and self.text == ")" and not isinstance(first, tree.MatchStar):
            self.advance()
            return first
        if closing == ")" and self.text != ",":
            if isinstance(first, tree.MatchStar):
                self.reject(first, "a starred pattern cannot stand alone",
                            "`*rest,` is a sequence")
            self.close(")")
        items = [first]
        if self.accept(","):
            items += self.separated(self.star_or_pattern, closing)
        else:
            self.close(closing)
        return self.node(tree.MatchSequence(items), start)

    def mapping_pattern(self) -> tree.AST:
        start = self.index
        self.advance()
        keys, patterns, rest = [], [], None
        while self.text != "}":
            if self.accept("**"):
                token = self.tokens[self.index]
                rest = self.name("expected a name after '**'")
                if rest == "_":
                    self.fail("'**_' has no effect in a pattern", "leave it out", token)
                self.accept(",")
                break
            keys.append(self.mapping_key())
            self.expect(":", f"expected ':' after a key, found {self.found()}")
            patterns.append(self.pattern())
            if not self.accept(","):
                break
        self.close("}")
        return self.node(tree.MatchMapping(keys, patterns, rest), start)

    def mapping_key(self) -> tree.AST:
        start = self.index
        if self.text in _SINGLETONS:
            return self.atom()
        if self.kind != "NAME":
            if self.kind not in ("NUMBER", "STRING") and self.text != "-":
                self.unexpected("a literal or a dotted name as the key")
            return self.literal_pattern()
        key = self.name_or_attribute()
        if isinstance(key, tree.Name):
            self.fail("a key in a pattern cannot be a plain name",
                      "use a literal, or a dotted name", self.tokens[start])
        return key

    def class_pattern(self, cls: tree.AST, start: int) -> tree.AST:
        self.advance()
        patterns, names, named = [], [], []
        while self.text != ")":
            if self.kind == "NAME" and self.peek() == "=":
                names.append(self.name("expected a name"))
                self.advance()
                named.append(self.pattern())
            else:
                patterns.append(self.pattern())
                if names:
                    self.reject(patterns[-1], "a positional pattern follows one with a name",
                                "put positional patterns first")
            if not self.accept(","):
                break
        self.close(")")
        return self.node(tree.MatchClass(cls, patterns, names, named), start)
