# stdin: push 3
# stdin: push 4
# stdin: add
# stdin: undo
# stdin: push 10
# stdin: neg
# stdin: undo
# stdin: undo
# stdin: undo
# stdin: undo
# stdin: undo
import sys


class Calculator:
    def __init__(self):
        self.stack = []
        self.undone = []

    def push(self, value):
        self.stack.append(value)
        self.undone.append((self.stack.pop, ()))

    def add(self):
        a, b = self.stack.pop(), self.stack.pop()
        self.stack.append(a + b)
        self.undone.append((self.restore, (b, a)))

    def negate(self):
        self.stack[-1] = -self.stack[-1]
        self.undone.append((self.negate_back, ()))

    def restore(self, *values):
        self.stack.pop()
        self.stack.extend(values)

    def negate_back(self):
        self.stack[-1] = -self.stack[-1]

    def undo(self):
        if not self.undone:
            return "nothing to undo"
        function, arguments = self.undone.pop()
        function(*arguments)
        return "undone"


calculator = Calculator()
for line in sys.stdin:
    verb, *rest = line.split()
    if verb == "push":
        calculator.push(int(rest[0]))
    elif verb == "add":
        calculator.add()
    elif verb == "neg":
        calculator.negate()
    elif verb == "undo":
        print(calculator.undo(), end=" ")
    print(calculator.stack)
