"""Commands that are methods by name, looked for with getattr, and what else is asked of names."""
# args: hello size what cost hello
import sys
from functools import partial


class Shell:
    """Commands are its methods."""

    def __init__(self, words):
        self.words = words
        self.log = []

    @property
    def cost(self):
        return 2 * len(self.words)

    def do_hello(self, *who):
        """Greet."""
        return f"hello {' and '.join(who) or 'nobody'}"

    def do_size(self, *rest):
        """Count the words."""
        return len(self.words) + len(rest)

    def run(self, line):
        verb, *rest = line.split()
        method = getattr(self, "do_" + verb, None)
        self.log.append(verb)
        return "what is " + verb if method is None else method(*rest)


class Shape:
    def __init__(self, n):
        self.n = n

    @classmethod
    def named(cls, word):
        return next((one for one in cls.__subclasses__() if one.__name__.lower() == word), cls)


class Cost(Shape):
    pass


class Size(Shape):
    def area(self):
        return self.n**2


def scale(a, b, *, plus=0):
    """a times b."""
    return a * b + plus


words = sys.argv[1:]
shell = Shell(words)
for word in words:
    print(shell.run(f"{word} Ann Bob"), hasattr(shell, f"do_{word}"), getattr(shell, word, "-"))
print(shell.log)
shapes = [Shape.named(word)(at) for at, word in enumerate(words)]
print(next((one.area() for one in shapes if isinstance(one, Size)), None))
print(next((one for one in shapes if one.n > 9), "none so large"))
print([hasattr(one, "ar" + words[0][0].replace("h", "ea")) for one in shapes])
held = {word: partial(scale, len(word), plus=at) for at, word in enumerate(words)}
print({word: make(10) for word, make in held.items()}, held["what"](b=1, plus=0))
known = [shell.do_hello, shell.do_size, scale]
print([f.__doc__ for f in known if f.__name__ != "do_" + words[0]])
print(getattr(shell, words[1]))
