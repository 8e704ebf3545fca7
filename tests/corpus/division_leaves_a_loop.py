# stdin: 1 0
# stdin: 1 2
import sys
class E(Exception): pass
class P:
    def __init__(self, words):
        self.words = words
        self.at = 0
    def next(self):
        w = self.words[self.at]
        self.at += 1
        return w
    def term(self):
        v = self.factor()
        while self.at < len(self.words):
            v /= self.factor()
        return v
    def factor(self):
        w = self.next()
        if w == "(":
            v = self.term()
            return v
        return float(w)
for line in sys.stdin:
    try:
        print(P(line.split()).term())
    except ZeroDivisionError:
        print("division by zero")
    except E as x:
        print("E", x)
