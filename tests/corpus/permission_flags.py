# args: bob=rw ann=x cy=
import sys
from enum import Flag, IntFlag, auto
class P(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W

def parse(text):
    out = P(0)
    for c in text:
        out |= P[c.upper()]
    return out

grants = {}
for w in sys.argv[1:]:
    name, _, rights = w.partition("=")
    grants[name] = parse(rights)
for name, p in grants.items():
    print(name, p, p.value, P.R in p, P.W in p, bool(p), not p, p & P.RW, p ^ P.X, ~p)
    print([q.name for q in P if q in p], [q.name for q in p], p == P.RW, p.name)
    if p & P.X:
        print("run")
    p &= ~P.R
    print(p, len(p))

class M(IntFlag):
    A = 1
    B = 2
    C = 4
mode = M(int(sys.argv[2][-1:] == "x") + 4)
print(mode, repr(mode), mode | M.B, M.B | mode, mode & M.C, bool(mode & M.A), mode + 1, M.C in mode, mode == 5)
ms = [mode, M.A]
for i in range(len(sys.argv)):
    ms.append(M(i))
print(ms)
try:
    print(P(int(len(sys.argv)) + 30))
except ValueError as e:
    print(e)
