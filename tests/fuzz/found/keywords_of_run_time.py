import sys
from dataclasses import dataclass
from typing import NamedTuple

n = int(sys.argv[1])
given = {}
for k in range(n):
    given["abcdefgh"[k]] = k


@dataclass
class Row:
    a: int
    b: int = 7
    c: str = "none"


class Pair(NamedTuple):
    a: int
    b: int = 9


def some(p, /, a=5, *, c="see", **more):
    return p, a, c, more


def all_of(**named):
    return list(named.items())


print(some(1, **given), some(2, z=0, **given, y=n))
print(all_of(**given), dict([("q", 1)], **given, w=2))
for make in (Row, Pair):
    try:
        print(make(**given))
    except TypeError as error:
        print(error)
try:
    print(all_of(**given, b=1))
    print("{a}-{b:>{c}}|{w}".format(w=n, **given))
except (TypeError, KeyError) as error:
    print(error)
