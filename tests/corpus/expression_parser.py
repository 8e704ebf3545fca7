# args: 2*(3+4)-10/5
import sys


class Parser:
    def __init__(self, text):
        self.text = text
        self.pos = 0

    def peek(self):
        return self.text[self.pos] if self.pos < len(self.text) else ""

    def take(self):
        char = self.peek()
        self.pos += 1
        return char

    def expression(self):
        value = self.term()
        while self.peek() in ("+", "-"):
            if self.take() == "+":
                value += self.term()
            else:
                value -= self.term()
        return value

    def term(self):
        value = self.factor()
        while self.peek() in ("*", "/"):
            if self.take() == "*":
                value *= self.factor()
            else:
                value /= self.factor()
        return value

    def factor(self):
        if self.peek() == "(":
            self.take()
            value = self.expression()
            self.take()
            return value
        digits = ""
        while self.peek().isdigit():
            digits += self.take()
        return int(digits)


text = sys.argv[1]
print(text, "=", Parser(text).expression())
