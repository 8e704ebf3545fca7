# args: a b
import sys
class P:
    def __init__(self, n): self.n = n
ps = [P(a) for a in sys.argv[1:]]
for f in (lambda p: p + 1, lambda p: 1 + p, lambda p: p[0], lambda p: p(), lambda p: len(p), lambda p: 3 < p, lambda p: p > 3, lambda p: [x for x in p], lambda p: -p, lambda p: int(p), lambda p: "a" + p, lambda p: p @ p, lambda p: p < p, lambda p: p.x, lambda p: sum(ps), lambda p: max(ps), lambda p: ",".join([p]), lambda p: {}[p], lambda p: p in p, lambda p: float(p), lambda p: abs(p), lambda p: p[1:2], lambda p: (1, p) < (1, 2), lambda p: (1, 2) < (1, p)):
    try: f(ps[0])
    except TypeError as e: print("T", e)
    except AttributeError as e: print("A", e)
    except KeyError as e: print("K")
