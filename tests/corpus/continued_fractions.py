# args: 22/7 3/7 355/113 1/2
"""Generators that go on from an instance to the next, and are handed on to others."""
import sys


class Ratio:
    def __init__(self, num, den=1):
        self.num, self.den = num, den

    @classmethod
    def parse(cls, text):
        num, _, den = text.partition("/")
        return cls(int(num), int(den))

    def __repr__(self):
        return f"{self.num}/{self.den}"


class Largest:
    def __init__(self, items):
        self.best = None
        for item in items:
            self.offer(item)

    def offer(self, item):
        if self.best is None or item.num * self.best.den > self.best.num * item.den:
            self.best = item


def continued(ratio):
    while True:
        whole, rest = divmod(ratio.num, ratio.den)
        yield whole
        if not rest:
            return
        ratio = Ratio(ratio.den, rest)


def terms(ratio):
    found = []
    while True:
        whole, rest = divmod(ratio.num, ratio.den)
        found.append(whole)
        if not rest:
            return found
        ratio = Ratio(ratio.den, rest)


def convergents(items):
    h0, h1, k0, k1 = 0, 1, 1, 0
    for item in items:
        h0, h1 = h1, item * h1 + h0
        k0, k1 = k1, item * k1 + k0
        yield Ratio(h1, k1)


ratios = [Ratio.parse(text) for text in sys.argv[1:]]
for ratio in ratios:
    print(ratio, list(continued(ratio)), list(convergents(continued(ratio))))
print(terms(Ratio(len(ratios) * 7, len(ratios) + 9)))
print(Largest(Ratio.parse(text) for text in sys.argv[1:]).best)

n = len(ratios)
one = Ratio(1) if n > 3 else None
two = Ratio(2) if n > 4 else "two"
for at in range(n):
    print([one, two, None][at % 3], end=" ")
print()
