# args: 3/4 5/6 -1/2
import sys
from math import gcd


class Fraction:
    def __init__(self, n, d=1):
        if d == 0:
            raise ZeroDivisionError("denominator is zero")
        if d < 0:
            n, d = -n, -d
        g = gcd(n, d)
        self.n, self.d = n // g, d // g

    @classmethod
    def parse(cls, text):
        n, _, d = text.partition("/")
        return cls(int(n), int(d or 1))

    def __add__(self, o):
        return Fraction(self.n * o.d + o.n * self.d, self.d * o.d)

    def __mul__(self, o):
        return Fraction(self.n * o.n, self.d * o.d)

    def __lt__(self, o):
        return self.n * o.d < o.n * self.d

    def __str__(self):
        return f"{self.n}/{self.d}" if self.d != 1 else str(self.n)


numbers = [Fraction.parse(text) for text in sys.argv[1:]]
total, product = Fraction(0), Fraction(1)
for number in numbers:
    total += number
    product *= number
print(total, product, numbers[0] < numbers[1], max(numbers, key=lambda f: f.n / f.d))
