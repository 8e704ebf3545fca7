# args: 3 1 2 3 1
import sys
from dataclasses import dataclass, field
@dataclass(frozen=True, order=True)
class P:
    x: int
    tag: str = field(default="", compare=False)
@dataclass
class U:
    x: int
ps = [P(int(a), a) for a in sys.argv[1:]]
print(len(set(ps)), {p: p.x for p in ps}, P(3) in set(ps), ps.index(P(2)), sorted(ps))
print(set(ps))
us = [U(int(a)) for a in sys.argv[1:]]
try:
    print(set(us))
except TypeError as e:
    print(e)
seen = {}
for p in ps:
    seen[p] = seen.get(p, 0) + 1
print(seen, us[0] == us[3], us[0] == us[1], us.count(U(1)))
