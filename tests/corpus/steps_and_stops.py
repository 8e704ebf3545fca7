# args: 1 0 5 2
# Loops stop where the first item decides, and go over whatever `__iter__` or `__getitem__` gives.
import sys


class Backward:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return reversed(self.items)


class Placed:
    def __init__(self, items):
        self.items = items

    def __getitem__(self, at):
        return self.items[at]


def is_large(x):
    print("asked", x)
    return x > 3


def first(*args):
    return int(args[0])


def doubled(*args):
    return int(args[0]) * 2


xs = [int(word) for word in sys.argv[1:]]
print(any(is_large(x) for x in xs), any(x == 0 or 10 // x > 4 for x in xs))
print(True in (is_large(x) for x in xs), next((x for x in xs if is_large(x)), None))
rows = [[x * y for y in xs] for x in xs]
print(any(x > 20 or 10 // (x - 10) > 99 for row in rows for x in row), all(
    x < 30 for row in rows for x in row))
for large in (is_large(x) for x in xs[:2]):
    print("got", large)
placed, backward = Placed(xs), Backward(xs)
print(list(placed), 5 in placed, 9 in placed, sum(placed), list(backward), 5 in backward)
print("-".join(Placed(sys.argv[1:])), [*placed], max(Placed(xs[1:])))
named = {"1": first, "5": doubled}
for word in sys.argv[1:]:
    rest = [word, "x"]
    try:
        found = named[word](*rest)
    except KeyError as error:
        print("no", error)
    finally:
        last = word
print(found, last)
for call in (lambda: first(*xs[0]), lambda: [*xs[0]], lambda: first(1, *None), lambda: {**xs[0]}):
    try:
        print(call())
    except TypeError as error:
        print(error)
try:
    print(list(zip(xs, xs[1:], strict=True)))
except ValueError as error:
    print(error)
