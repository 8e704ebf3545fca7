# args: a bb
import sys
class A: pass
class B(A): pass
rules = []
for a in sys.argv[1:]:
    rules.append({"type": int if len(a) > 1 else str})
    rules.append({"type": (int, float)})
    rules.append({"type": A})
vals = [3, "x", 2.5, B(), None]
for r in rules:
    t = r["type"]
    print([isinstance(v, t) for v in vals], isinstance(len(sys.argv), t), isinstance(sys.argv[1], r["type"]))
things = []
for a in sys.argv[1:]:
    things.append(B())
    things.append(a)
for t in things:
    print([isinstance(t, r["type"]) for r in rules])
try:
    isinstance(3, things[1])
except TypeError as e:
    print(e)
