# args: 3 ab ab cde
import sys
n = int(sys.argv[1])
def memo(f):
    hits = 0
    cache = {}
    def g(x):
        nonlocal hits
        if x in cache:
            hits += 1
            return cache[x]
        cache[x] = f(x)
        return cache[x]
    def stat():
        return hits
    return g, stat
ms = {}
for w in sys.argv[1:]:
    ms[w] = memo(lambda x, w=w: w * x)
for w, (f, st) in ms.items():
    print(f(2), f(2), f(1), st())
def averager():
    total = 0.0
    count = 0
    def add(v):
        nonlocal total, count
        total += v
        count += 1
        return total / count
    return add
avs = {}
for w in sys.argv[1:]:
    avs.setdefault(w, averager())
    print(w, avs[w](len(w)), avs[w](3))
