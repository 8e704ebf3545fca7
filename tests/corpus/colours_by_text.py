# args: red blue
import sys
from enum import Enum, auto

if sys.version_info >= (3, 11):
    from enum import StrEnum
else:
    class StrEnum(str, Enum):
        def _generate_next_value_(name, start, count, last_values):
            return name.lower()

        def __str__(self):
            return self.value

class Color(StrEnum):
    RED = auto()
    BLUE = auto()
    GREEN = "grn"

c = Color(sys.argv[1])
print(c, repr(c), c.name, c.upper(), c == "red", c + "!", len(c))
d = Color[sys.argv[1].upper()]
print(d is c, d.value)
cs = []
for w in sys.argv[1:]:
    cs.append(Color(w))
print(cs, ", ".join(cs), sorted(cs))
for x in cs:
    print(x.name, x.value, x, f"{x:>8}|", x is Color.RED)
try:
    Color(sys.argv[1] + "x")
except ValueError as e:
    print(e)
