# stdin: 1 + 2 * 3
# stdin: x = 2 ^ 3 ^ 2
# stdin: -x + sqrt(16)
# stdin: (1 +
# stdin: 4 / 0
# stdin: y + 1
# stdin: 2 $ 3
# stdin: foo(3)
# stdin: abs(-4) * (2 - 5)
import sys
from enum import Enum, auto
class TokenType(Enum):
    NUM = auto(); IDENT = auto(); OP = auto(); LPAREN = auto(); RPAREN = auto(); ASSIGN = auto(); EOF = auto()
class Token:
    def __init__(self, type, value, pos):
        self.type, self.value, self.pos = type, value, pos
    def __repr__(self):
        return f"Token({self.type.name}, {self.value!r})"
class LexError(Exception):
    pass
class ParseError(Exception):
    def __init__(self, msg, pos):
        super().__init__(msg)
        self.pos = pos
class Lexer:
    def __init__(self, text):
        self.text, self.pos = text, 0
    def peek(self):
        return self.text[self.pos] if self.pos < len(self.text) else ""
    def tokens(self):
        out = []
        while self.pos < len(self.text):
            c = self.peek()
            if c.isspace():
                self.pos += 1
            elif c.isdigit():
                start = self.pos
                while self.peek().isdigit() or self.peek() == ".":
                    self.pos += 1
                out.append(Token(TokenType.NUM, float(self.text[start:self.pos]), start))
            elif c.isalpha():
                start = self.pos
                while self.peek().isalnum():
                    self.pos += 1
                out.append(Token(TokenType.IDENT, self.text[start:self.pos], start))
            elif c in "+-*/^":
                out.append(Token(TokenType.OP, c, self.pos)); self.pos += 1
            elif c == "(":
                out.append(Token(TokenType.LPAREN, c, self.pos)); self.pos += 1
            elif c == ")":
                out.append(Token(TokenType.RPAREN, c, self.pos)); self.pos += 1
            elif c == "=":
                out.append(Token(TokenType.ASSIGN, c, self.pos)); self.pos += 1
            else:
                raise LexError(f"bad character {c!r} at {self.pos}")
        out.append(Token(TokenType.EOF, None, self.pos))
        return out
class Node:
    def accept(self, v):
        return getattr(v, "visit_" + type(self).__name__.lower())(self)
class Num(Node):
    def __init__(self, value): self.value = value
class Var(Node):
    def __init__(self, name): self.name = name
class BinOp(Node):
    def __init__(self, op, left, right): self.op, self.left, self.right = op, left, right
class Neg(Node):
    def __init__(self, operand): self.operand = operand
class Assign(Node):
    def __init__(self, name, value): self.name, self.value = name, value
class Call(Node):
    def __init__(self, name, arg): self.name, self.arg = name, arg
class Parser:
    PREC = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}
    def __init__(self, tokens):
        self.tokens, self.i = tokens, 0
    @property
    def cur(self): return self.tokens[self.i]
    def advance(self):
        t = self.cur
        self.i += 1
        return t
    def expect(self, type):
        if self.cur.type is not type:
            raise ParseError(f"expected {type.name}, got {self.cur.type.name}", self.cur.pos)
        return self.advance()
    def parse(self):
        if self.cur.type is TokenType.IDENT and self.tokens[self.i + 1].type is TokenType.ASSIGN:
            name = self.advance().value
            self.advance()
            node = Assign(name, self.expr(0))
        else:
            node = self.expr(0)
        self.expect(TokenType.EOF)
        return node
    def expr(self, min_prec):
        left = self.unary()
        while self.cur.type is TokenType.OP and self.PREC[self.cur.value] >= min_prec:
            op = self.advance().value
            q = self.PREC[op] if op == "^" else self.PREC[op] + 1
            right = self.expr(q)
            left = BinOp(op, left, right)
        return left
    def unary(self):
        if self.cur.type is TokenType.OP and self.cur.value == "-":
            self.advance()
            return Neg(self.unary())
        return self.primary()
    def primary(self):
        t = self.advance()
        if t.type is TokenType.NUM:
            return Num(t.value)
        if t.type is TokenType.IDENT:
            if self.cur.type is TokenType.LPAREN:
                self.advance()
                arg = self.expr(0)
                self.expect(TokenType.RPAREN)
                return Call(t.value, arg)
            return Var(t.value)
        if t.type is TokenType.LPAREN:
            node = self.expr(0)
            self.expect(TokenType.RPAREN)
            return node
        raise ParseError(f"unexpected {t!r}", t.pos)
class Evaluator:
    FUNCS = {"sqrt": lambda x: x ** 0.5, "abs": abs}
    def __init__(self): self.env = {"pi": 3.14159}
    def visit_num(self, n): return n.value
    def visit_var(self, n):
        if n.name not in self.env:
            raise NameError(f"undefined {n.name}")
        return self.env[n.name]
    def visit_neg(self, n): return -n.operand.accept(self)
    def visit_assign(self, n):
        self.env[n.name] = n.value.accept(self)
        return self.env[n.name]
    def visit_call(self, n): return self.FUNCS[n.name](n.arg.accept(self))
    def visit_binop(self, n):
        a, b = n.left.accept(self), n.right.accept(self)
        if n.op == "+": return a + b
        if n.op == "-": return a - b
        if n.op == "*": return a * b
        if n.op == "/": return a / b
        return a ** b
class Printer:
    def visit_num(self, n): return f"{n.value:g}"
    def visit_var(self, n): return n.name
    def visit_neg(self, n): return f"(-{n.operand.accept(self)})"
    def visit_assign(self, n): return f"{n.name} := {n.value.accept(self)}"
    def visit_call(self, n): return f"{n.name}[{n.arg.accept(self)}]"
    def visit_binop(self, n): return f"({n.left.accept(self)} {n.op} {n.right.accept(self)})"
def main():
    ev, pr = Evaluator(), Printer()
    for line in sys.stdin:
        line = line.strip()
        if not line: continue
        try:
            tree = Parser(Lexer(line).tokens()).parse()
            print(tree.accept(pr), "=", tree.accept(ev))
        except (LexError, ParseError) as e:
            print("syntax error:", e)
        except (NameError, ZeroDivisionError, KeyError) as e:
            print("runtime error:", type(e).__name__, e)
    print(sorted(ev.env))
main()
