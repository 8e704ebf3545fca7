# args: HIGH 2
import sys
from enum import IntEnum

class Priority(IntEnum):
    LOW = 1
    MID = 2
    HIGH = 3

name = sys.argv[1]
p = Priority[name]
print(p, p.name, p.value, p + 1, p > Priority.LOW, repr(p), f"{p}", f"{p.name:>6}")
q = Priority(int(sys.argv[2]))
print(q, q is Priority.MID, q == 2)
tasks = []
for w in sys.argv[1:]:
    if w.isdigit():
        tasks.append((Priority(int(w)), w))
    else:
        tasks.append((Priority[w], w))
tasks.sort()
print(tasks)
for pr, w in tasks:
    print(pr.name, pr.value, w, int(pr))
ps = [Priority.LOW]
for i in range(int(sys.argv[2])):
    ps.append(Priority.HIGH)
print(ps, sum(ps), max(ps), max(ps).name)
for p in sorted(ps, reverse=True):
    print(p.name, p is Priority.HIGH)
d = {}
for w in ps:
    d[w] = d.get(w, 0) + 1
print(d)
print(d[3])
try:
    Priority(int(sys.argv[2]) + 10)
except ValueError as e:
    print(e)
try:
    Priority[name + "x"]
except KeyError as e:
    print("no", e)
