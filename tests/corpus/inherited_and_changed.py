# args: ab Cde f abc zz
import sys
from collections import UserDict, UserList
class CaseInsensitive(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k.lower(), v)
    def __getitem__(self, k): return super().__getitem__(k.lower())
    def __contains__(self, k): return k.lower() in self.data
class Sorted(UserList):
    def append(self, x):
        super().append(x)
        self.data.sort()
class DefaultAttr(dict):
    def __missing__(self, k): return f"no {k}"
class Bag(dict):
    def add(self, k): self[k] = self.get(k, 0) + 1
    def __iadd__(self, ks):
        for k in ks: self.add(k)
        return self
    def most(self): return max(self, key=self.get)
class History(list):
    def __init__(self, limit):
        super().__init__()
        self.limit = limit
    def append(self, x):
        super().append(x)
        if len(self) > self.limit: del self[0]
class Path(str):
    def __truediv__(self, o): return Path(f"{self}/{o}")
    @property
    def parts(self): return self.split("/")
class Temperature(float):
    def __new__(cls, v, unit="C"):
        self = super().__new__(cls, v)
        self.unit = unit
        return self
    def __str__(self): return f"{float(self):.1f}{self.unit}"
    def to_f(self): return Temperature(self * 9 / 5 + 32, "F")
class Bits(int):
    def __getitem__(self, i): return self >> i & 1
    def __iter__(self): return (self[i] for i in range(self.bit_length()))
    def __len__(self): return self.bit_length()
hs = {}
ci, so, bag = CaseInsensitive(), Sorted(), Bag()
for a in sys.argv[1:]:
    ci[a] = len(a)
    so.append(a)
    bag += a
    hs.setdefault(len(a), History(2)).append(a)
    p = Path("root") / a / "x"
    t = Temperature(len(a))
    b = Bits(len(a))
    print(p, p.parts, t, t.to_f(), t < t.to_f(), list(b), b[0], len(b), p == f"root/{a}/x", t + 1)
print(ci, ci[sys.argv[1].upper()], sys.argv[1].upper() in ci, len(ci), so, bag, bag.most(), hs)
print(DefaultAttr(a=1)["a"], DefaultAttr()[sys.argv[1]], "%(x)s %(zz)s" % DefaultAttr(x=len(sys.argv)))
print({k: list(v) for k, v in hs.items()}, [h.limit for h in hs.values()], sum(len(h) for h in hs.values()))
