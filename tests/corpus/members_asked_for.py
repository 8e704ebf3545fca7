# args: 2 RED
# args: 3 violet
"""Members of enumerations by value and by name, as the run has them, and flags put together."""

import sys
from enum import Enum, Flag, IntEnum, IntFlag


class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3
    CRIMSON = 1

    def next(self):
        return Color(self.value % 3 + 1)

    @property
    def label(self):
        return self.name.title() + "!"


class Level(IntEnum):
    LOW = 1
    HIGH = 5


class Access(Flag):
    R = 4
    W = 2
    X = 1


class Mode(IntFlag):
    R = 4
    W = 2
    X = 1


n, name = int(sys.argv[1]), sys.argv[2]
print(name in Color.__members__, Color(n) in Color)
if name in Color.__members__:
    print(Color[name].label, Color.__members__[name].next())
print(Color.__members__.get(name), Color.__members__.get(name + "x", n))
try:
    print(Color.__members__[name + "x"])
except KeyError as error:
    print("KeyError", error)
try:
    print(Color(n + 5))
except ValueError as error:
    print(error)
access = Access.R
if n > 1:
    access |= Access.X
if n > 2:
    access &= Access.X
print(access, access.value, Access.R in access, access == Access.X)
total = Mode(0)
for k in range(n):
    total |= Mode(1 << k % 3)
print(total, total & Mode.W, Mode.X in total, total.value, Mode(n) | 1)
counts = {level: 0 for level in Level}
counts[Level(1 + 4 * (n % 2))] += 1
print(counts, [level.name for level in Level if level >= n])
