# args: 2
import sys
n = int(sys.argv[1])
def attempt(what):
    try:
        print(what())
    except TypeError as error:
        print(error)
def one(x):
    a, b = x
    return a
def two(x):
    a, *b = x
    return a
for x in (n, n * 0.5, None, 3, len, print, one):
    attempt(lambda: one(x))
    attempt(lambda: two(x))
    attempt(lambda: sorted(x))
    attempt(lambda: list(x))
    attempt(lambda: [*x])
    attempt(lambda: sum(x))
    attempt(lambda: max(x))
    attempt(lambda: set(x))
    attempt(lambda: tuple(x))
    attempt(lambda: "".join(x))
