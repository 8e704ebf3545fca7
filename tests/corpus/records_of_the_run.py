"""Dataclasses, named tuples and members that lists of the run hold: copied, added up, compared."""
# args: 3 1 2
import math
import sys
from dataclasses import asdict, astuple, dataclass, field, fields, replace
from enum import IntEnum
from typing import NamedTuple


class Level(IntEnum):
    LOW = 1
    MIDDLE = 2
    HIGH = 3

    def __str__(self):
        return "~-+^"[self]


@dataclass
class Point:
    x: int
    y: int = 0


@dataclass(frozen=True)
class Item:
    name: str
    where: Point
    tags: list = field(default_factory=list)

    def __add__(self, other):
        return replace(self, name=self.name + other.name)

    def __radd__(self, other):
        return self if other == 0 else NotImplemented


class Money:
    def __init__(self, cents=0):
        self.cents = cents

    def __add__(self, other):
        return Money(self.cents + other.cents)

    def __radd__(self, other):
        return Money(other) + self

    @property
    def shown(self):
        return f"{self.cents / 100:.2f}"

    @shown.setter
    def shown(self, text):
        self.cents = round(100 * float(text))


class Fixed(Money):
    @property
    def shown(self):
        return "fixed"


class Pair(NamedTuple):
    first: int
    second: float


items, purse, levels = [], [], []
for at, arg in enumerate(sys.argv[1:]):
    items.append(Item(f"i{arg}", Point(int(arg), at), [arg, at]))
    purse.append(Fixed(int(arg)) if at == 1 else Money(int(arg)))
    levels.append(Level(int(arg)))
by_name = {item.name: item for item in items}
one = by_name["i" + sys.argv[1]]
print(asdict(one), astuple(one), [f.name for f in fields(one)])
print(replace(one, name="new"), one == replace(one))
print(sum(items[1:], items[0]), sum(items).name)
for coin in purse:
    try:
        coin.shown = "1.5"
    except AttributeError as error:
        print(error)
print(sum(purse).shown, [coin.cents for coin in purse])
print([f"{level}{level:2}" for level in levels], max(levels).name)
a, b, c = map(int, sys.argv[1:])
pairs = [Pair(a, 0.5), Pair(b, c / 2)]
print(max(pairs), sorted(pairs), pairs[0] < pairs[1], min((a, "x"), (b, "y")))
print(math.prod(range(1, a + 3)), math.prod(float(x) for x in sys.argv[1:]))
extreme = {"low": min, "high": max}["high" if a > b else "low"]
print(extreme(*[coin.cents for coin in purse]), math.gcd(*[a * 6 for a in (a, b, c)]))
ys = list(range(a + 3))
ys[1:a] *= 2
ys[:b] += [7]
print(ys)
