# args: 3 4
import sys, copy
rows = []
for a in sys.argv[1:]:
    rows.append([int(a)])
rows.append([7])
x = copy.copy(rows[0]); x.append(5)
y = copy.deepcopy(rows); y[0].append(9)
print(rows, x, y)
class P:
    def __init__(self, v): self.v = v; self.l = [v]
ps = []
for a in sys.argv[1:]:
    ps.append(P(a))
q = copy.copy(ps[0]); q.v = "z"; q.l.append(1)
r = copy.deepcopy(ps[1]); r.l.append(3)
print(ps[0].v, ps[0].l, q.v, q.l, r.l, ps[1].l)
