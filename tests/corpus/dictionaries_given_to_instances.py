# args: 300
import sys
n = int(sys.argv[1])
class P:
    def __init__(self, v):
        self.v = v
ps = [P(i) for i in range(n)]
for p in ps:
    p.__dict__ = {"v": p.v + 1, "w": 2}
print(sum(p.v for p in ps), ps[n - 1].w, sorted(vars(ps[n - 1])))
