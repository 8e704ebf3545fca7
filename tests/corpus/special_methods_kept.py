# args: 3 -4
import sys
class V:
    def __init__(self, x): self.x = x
    def __neg__(self): return V(-self.x)
    def __abs__(self): return abs(self.x)
    def __float__(self): return float(self.x)
    def __int__(self): return int(self.x)
    def __bool__(self): return self.x > 0
    def __len__(self): return abs(self.x)
    def __invert__(self): return V(~self.x)
    def __round__(self, n=0): return round(self.x / 3, n)
    def __call__(self, y): return self.x + y
    def __getitem__(self, i): return self.x * i
    def __hash__(self): return hash(self.x)
    def __eq__(self, o): return isinstance(o, V) and self.x == o.x
    def __repr__(self): return f"V({self.x})"
    def __format__(self, spec): return f"<{self.x:{spec}}>"
class W(V): pass
vs = [V(int(a)) for a in sys.argv[1:]] + [W(7)]
for v in vs:
    print(-v, ~v, abs(v), float(v), int(v), bool(v), len(v), round(v, 1), v(1), v[2])
    print(f"{v:5d}|{v!r:>8}|{v}", str(v), "%s %r" % (v, v), "{:>3}".format(v))
print(vs, V(3) in vs, vs[0] == V(3), vs[0] != vs[1])
