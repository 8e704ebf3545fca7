# args: 3 8
import sys
class P:
    def __init__(self, x, y): self.x, self.y = x, y
    def __iter__(self):
        yield self.x
        yield self.y
    def __str__(self): return "({}, {})".format(*self)
    def __eq__(self, o): return tuple(self) == tuple(o)
    def __abs__(self): return sum(c * c for c in self) ** 0.5
p = P(int(sys.argv[1]), int(sys.argv[2]))
print(p, abs(p), p == P(3, 8), list(p))
x, y = p
print(x, y, "{}-{}".format(*p))
ps = []
for a in sys.argv[1:]:
    ps.append(P(int(a), 1))
for q in ps:
    print(q, *q)
print(max(ps, key=lambda q: q.x))
