# args: 3h 2c 3c 9d 2c
import sys, heapq, bisect
from functools import total_ordering
@total_ordering
class Card:
    def __init__(self, t): self.rank, self.suit = int(t[:-1]), t[-1]
    def __eq__(self, o): return (self.rank, self.suit) == (o.rank, o.suit)
    def __lt__(self, o): return (self.rank, self.suit) < (o.rank, o.suit)
    def __hash__(self): return hash((self.rank, self.suit))
    def __repr__(self): return f"{self.rank}{self.suit}"
class Weird:
    def __init__(self, n): self.n = n
    def __gt__(self, o): return self.n > o.n
    def __repr__(self): return f"W{self.n}"
cards = [Card(a) for a in sys.argv[1:]]
pairs = [(c, i) for i, c in enumerate(cards)]
print(sorted(pairs), max(pairs), min(pairs))
print(sorted((len(str(c)), c) for c in cards))
print(sorted(([c] for c in cards), reverse=True))
h = []
for i, c in enumerate(cards): heapq.heappush(h, (i % 2, c))
print([heapq.heappop(h) for _ in range(len(h))])
print((1, cards[0]) < (1, cards[1]), (1, cards[0]) >= (1, cards[1]), [cards[0]] > [cards[1]])
q = [(0, c) for c in cards]; heapq.heapify(q); print(heapq.nsmallest(2, q), heapq.nlargest(1, q), q[0])
s = sorted(cards); print(bisect.bisect_left(s, cards[0]), s)
ws = [(1, Weird(c.rank)) for c in cards]
print(sorted(ws), max(ws))
ks = sorted(cards, key=lambda c: (c.suit, Weird(c.rank))); print(ks)
class Plain: pass
bad = [(1, Plain()) for _ in cards]
try: print(sorted(bad))
except TypeError as e: print(e)
try: print(sorted([(1, cards[0]), (1, 5)]))
except AttributeError as e: print(e)
try: print(sorted([(1, Plain()), (1, len(cards))]))
except TypeError as e: print(e)
