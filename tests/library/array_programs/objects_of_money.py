import sys
import numpy as np
class Money:
    def __init__(self, cents):
        self.cents = cents
    def __add__(self, o):
        return Money(self.cents + (o.cents if isinstance(o, Money) else o))
    __radd__ = __add__
    def __mul__(self, k):
        return Money(self.cents * k)
    def __rmul__(self, k):
        return self * k
    def __eq__(self, o):
        return isinstance(o, Money) and self.cents == o.cents
    def __lt__(self, o):
        return self.cents < o.cents
    def __ge__(self, o):
        return self.cents >= o.cents
    def __le__(self, o):
        return self.cents <= o.cents
    def __repr__(self):
        return f"${self.cents / 100:.2f}"
prices = np.array([Money(int(a)) for a in sys.argv[1:]])
qty = np.arange(1, len(prices) + 1)
print(prices * qty, qty * prices, (prices * qty).sum(), prices.max(), prices.min())
print(np.sort(prices), prices.argsort(), prices == Money(250), prices.cumsum())
print(np.dot(prices, qty), prices + prices[::-1], sum(prices, Money(0)))
prices[1:3] = Money(1)
print(prices, np.where(qty > 2, prices, Money(0)))
m = prices[:4].reshape(2, 2)
print(m, m.sum(axis=0), m.T.tolist())
m += Money(5)
print(m, prices)
tot = np.frompyfunc(lambda p: p.cents, 1, 1)(prices).astype(np.int64)
print(tot, tot.dtype, tot.mean())
