# args: 3 8
import sys
MISSING = object()
class Cache:
    def __init__(self): self.d = {}
    def get(self, k, default=MISSING):
        v = self.d.get(k, MISSING)
        if v is MISSING:
            if default is MISSING:
                raise KeyError(k)
            return default
        return v
c = Cache()
for a in sys.argv[1:]:
    c.d[a] = int(a)
print(c.get("3"), c.get(sys.argv[2]), c.get("x", 7))
try:
    c.get(sys.argv[1] + "q")
except KeyError as e:
    print("KeyError", e)
x = MISSING
for a in sys.argv[1:]:
    if x is MISSING or int(a) > x:
        x = int(a)
print(x, x is MISSING)
vals = [MISSING if a == "3" else a for a in sys.argv[1:]]
for v in vals:
    print("missing" if v is MISSING else v)
print(sum(1 for v in vals if v is not MISSING))
seen = []
for a in sys.argv[1:]:
    o = object()
    seen.append(o)
print(seen[0] is seen[1], seen[0] is seen[0])
