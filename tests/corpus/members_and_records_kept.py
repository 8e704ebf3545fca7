# args: coin push x 3
import sys
from enum import Enum, auto
from typing import NamedTuple
from collections import namedtuple
class S(Enum):
    A = auto()
    B = "b"
    def twice(self):
        return self.name * 2
class Tok(NamedTuple):
    kind: str
    n: int
    def show(self):
        return f"{self.kind}:{self.n}"
P = namedtuple("P", "x y")
class MyErr(Exception):
    def __init__(self, code):
        super().__init__(f"code {code}")
        self.code = code
states = []; toks = []; ps = []; errs = []
for i, a in enumerate(sys.argv[1:]):
    if a == "coin":
        states.append(S.A)
    elif a == "push":
        states.append(S.B)
    toks.append(Tok(a, i))
    ps.append(P(i, a))
    try:
        if a == "x":
            raise MyErr(i)
        int(a)
        {}[a]
    except (MyErr, ValueError, KeyError) as e:
        errs.append(e)
print(states, states[0] is S.A, states[1] == S.B, states[0].name, states[1].value, states[1].twice(), states[0])
print(S.A in states, states.count(S.A), {s: 1 for s in states})
for t in toks:
    print(t, t.kind, t[1], t.show(), len(t))
    k, n = t
print(sorted(toks), max(ps), ps[0].y, [p.x for p in ps])
for e in errs:
    print(repr(e), e, type(e).__name__, isinstance(e, ValueError), isinstance(e, MyErr), e.args)
print(errs[2].code)
for v in [*states, *toks][:2]:
    print(type(v).__name__)
