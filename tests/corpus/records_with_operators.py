# args: a bb bb ccc
import sys
from typing import NamedTuple
from collections import namedtuple
class Token(NamedTuple):
    kind: str
    value: str
    line: int = 1
    def __str__(self):
        return f"{self.kind}({self.value})@{self.line}"
class P(namedtuple("P", "x y")):
    __slots__ = ()
    def __add__(self, o):
        return P(self.x + o.x, self.y + o.y)
    def __repr__(self):
        return f"P<{self.x}, {self.y}>"
    def __eq__(self, o):
        return self.x == o.x
    def __hash__(self):
        return hash(self.x)
    def __lt__(self, o):
        return self.y < o.y
    def __bool__(self):
        return self.x > 1
    @property
    def norm(self):
        return abs(self.x) + abs(self.y)
toks = []
ps = []
for a in sys.argv[1:]:
    toks.append(Token("ID", a))
    ps.append(P(len(a), -len(a)))
print(toks, *toks, sep="|")
for t in toks:
    print(t, f"{t}", f"{t!r:>40}", t[0], t.value, t == ("ID", t.value, 1), t._replace(line=3))
print(ps, sum(ps, P(0, 0)), ps[0] + ps[1], ps[0] == ps[1], len(set(ps)), sorted(ps), max(ps), [p.norm for p in ps], [p for p in ps if p])
x, y = ps[0]
print(x, y, ps[0]._asdict(), ps.index(P(len(sys.argv[1]), 7)), P(2, 9) in ps, {p: 1 for p in ps})
