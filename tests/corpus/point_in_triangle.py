# args: 1 1 5 5 2 0.5
import sys
from collections import namedtuple

Point = namedtuple("Point", "x y")


def side(p, a, b):
    return (p.x - b.x) * (a.y - b.y) - (a.x - b.x) * (p.y - b.y)


def inside(p, a, b, c):
    signs = [side(p, a, b), side(p, b, c), side(p, c, a)]
    return not (any(s < 0 for s in signs) and any(s > 0 for s in signs))


corners = Point(0, 0), Point(4, 0), Point(2, 3)
numbers = [float(arg) for arg in sys.argv[1:]]
for x, y in zip(numbers[::2], numbers[1::2]):
    p = Point(x, y)
    print(p, inside(p, *corners))
