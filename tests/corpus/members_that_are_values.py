# args: low high
import sys, heapq, json
from enum import Enum, IntEnum
from collections import Counter, defaultdict

class Level(str, Enum):
    LOW = "low"
    HIGH = "high"

class Num(int, Enum):
    ONE = 1
    TWO = 2
    def double(self):
        return self.value * 2

class Weight(float, Enum):
    LIGHT = 1.5
    HEAVY = 20.25
    @property
    def kg(self):
        return f"{self.value} kg"

class Sev(IntEnum):
    DEBUG = 10
    INFO = 20
    WARN = 30
    WARNING = 30
    def __str__(self):
        return f"<{self.name.lower()}>"
    @classmethod
    def parse(cls, text):
        return cls[text.upper()]

a = sys.argv[1:]
n = len(a)
x = Level[a[0].upper()]
print(x, repr(x), x == "low", x + "!", f"{x}", x.value, x.upper())
ls = [Level(w) for w in a]
print(ls, Counter(ls))
k = Num(n)
print(k, repr(k), k + 1, k.double(), f"{k}", k is Num.TWO)
ks = []
for w in a:
    ks.append(Num["ONE" if w == "low" else "TWO"])
print(ks, [q.double() for q in ks], sum(ks), max(ks) is Num.TWO, sorted(ks, reverse=True))
ws = []
for w in a:
    ws.append(Weight["LIGHT" if w == "low" else "HEAVY"])
print(ws, [w.kg for w in ws], sum(ws), min(ws).name)
sv = []
for w in a:
    sv.append(Sev.parse("debug" if w == "low" else "warning"))
print(sv)
for s in sv:
    print(s, s.name, s >= Sev.INFO, repr(s), s * 2, isinstance(s, int), isinstance(s, Sev))
    match s:
        case Sev.DEBUG:
            print("debugging")
        case Sev.WARN:
            print("warn!")
print(list(Sev)[n], list(Sev)[n].name)
by = defaultdict(list)
for i, w in enumerate(a):
    by[Sev.parse("info" if w == "high" else "debug")].append(i)
for key in sorted(by):
    print(key.name, by[key])
print(by[10], Sev.INFO in by, 20 in by, 30 in by)
heap = []
for w in a:
    heapq.heappush(heap, (Sev.WARN if w == "low" else Sev.DEBUG, w))
while heap:
    p, w = heapq.heappop(heap)
    print(p.name, w, p == 10)
out = {}
for w in a:
    out[w] = Num["ONE" if w == "low" else "TWO"]
print(out, json.dumps({w: int(q) for w, q in out.items()}))
best = Num.ONE
for q in ks:
    if q > best:
        best = q
print(best, best.name)
print(max(Num.ONE, ks[-1]).name)
nums = []
for q in ks:
    nums.append(q)
    nums.append(int(q))
print(nums)
nums = [1, 2]
for q in range(n):
    nums.append(Num.TWO)
print(nums)
