# args: x=1 y=22 z
import sys
class P:
    def __init__(self, n): self.n = n
class S:
    __slots__ = ("a",)
    def __init__(self, a): self.a = a
ps = []
for a in sys.argv[1:]:
    k, _, v = a.partition("=")
    p = P(len(v))
    if v:
        p.x = v
    ps.append(p)
for p in ps:
    print(p.n, sorted(vars(p)), hasattr(p, "x"), getattr(p, "x", None))
s = [S(i) for i in range(len(ps))]
try:
    print(vars(s[0]))
except (TypeError, AttributeError) as e:
    print(type(e).__name__, e)
class Shape:
    def __repr__(self):
        args = ", ".join(f"{k}={v!r}" for k, v in vars(self).items())
        return f"{type(self).__name__}({args})"
class Circle(Shape):
    def __init__(self, r): self.r = r
class Rect(Shape):
    def __init__(self, w, h=None):
        self.w = w
        self.h = w if h is None else h
shapes = []
for a in "1.5 2".split() + sys.argv[4:]:
    shapes.append(Circle(float(a)) if len(a) > 1 else Rect(float(a)))
for s in shapes:
    print(s)
print(shapes)
