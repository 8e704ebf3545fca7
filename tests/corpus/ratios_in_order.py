# args: 1/2 3/4 -5/6 2
import sys
from functools import total_ordering, reduce
from math import gcd


@total_ordering
class Ratio:
    __slots__ = ("num", "den")

    def __init__(self, num, den=1):
        if den == 0:
            raise ZeroDivisionError(f"Ratio({num}, 0)")
        if den < 0:
            num, den = -num, -den
        g = gcd(num, den)
        self.num = num // g
        self.den = den // g

    @classmethod
    def parse(cls, text):
        if "/" in text:
            a, b = text.split("/")
            return cls(int(a), int(b))
        return cls(int(text))

    def __add__(self, other):
        return Ratio(self.num * other.den + other.num * self.den, self.den * other.den)

    def __sub__(self, other):
        return self + -other

    def __neg__(self):
        return Ratio(-self.num, self.den)

    def __mul__(self, other):
        return Ratio(self.num * other.num, self.den * other.den)

    def __truediv__(self, other):
        return Ratio(self.num * other.den, self.den * other.num)

    def __eq__(self, other):
        return (self.num, self.den) == (other.num, other.den)

    def __lt__(self, other):
        return self.num * other.den < other.num * self.den

    def __hash__(self):
        return hash((self.num, self.den))

    def __float__(self):
        return self.num / self.den

    def __str__(self):
        return str(self.num) if self.den == 1 else f"{self.num}/{self.den}"

    def __repr__(self):
        return f"Ratio({self.num}, {self.den})"


values = [Ratio.parse(a) for a in sys.argv[1:]]
print(*values)
print(sorted(values), max(values))
print(reduce(lambda a, b: a + b, values), sum(map(float, values)))
a, b = values[0], values[1]
print(a + b, a - b, a * b, a / b, -a, a < b, a >= b, a == Ratio(2, 4))
try:
    print(a / Ratio(0))
except ZeroDivisionError as error:
    print("ZeroDivisionError:", error)
