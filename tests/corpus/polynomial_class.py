# args: 2
import sys


class Polynomial:
    def __init__(self, *coefficients):
        self.c = list(coefficients)

    def __call__(self, x):
        result = 0
        for c in reversed(self.c):
            result = result * x + c
        return result

    def __add__(self, other):
        n = max(len(self.c), len(other.c))
        a = self.c + [0] * (n - len(self.c))
        b = other.c + [0] * (n - len(other.c))
        return Polynomial(*[x + y for x, y in zip(a, b)])

    def __mul__(self, other):
        out = [0] * (len(self.c) + len(other.c) - 1)
        for i, a in enumerate(self.c):
            for j, b in enumerate(other.c):
                out[i + j] += a * b
        return Polynomial(*out)

    def derivative(self):
        return Polynomial(*[k * c for k, c in enumerate(self.c)][1:])

    def __str__(self):
        terms = [f"{c}x^{k}" for k, c in enumerate(self.c) if c]
        return " + ".join(terms) or "0"


p, q = Polynomial(1, 2), Polynomial(0, 1, 3)
x = int(sys.argv[1])
print(p, "|", q, "|", p + q, "|", p * q)
print(p(x), q(x), (p * q)(x) == p(x) * q(x), q.derivative())
