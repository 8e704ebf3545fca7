# args: a b cc
import sys
d = {}
for a in sys.argv[1:]:
    d[a] = len(a)
st = ["x"]
st.extend(n for n in d if n != "b")
print(st)
k = [1, 2]
k.extend(v * 2 for v in d.values() if v)
print(k)
s = {"q"}
s.update(n for n in d)
print(sorted(s), sorted(s.union(n + "1" for n in d)), sorted(s.difference(n for n in d)))
e = {"z": 0}
e.update((n, i) for i, n in enumerate(d))
print(e)
e.update(zip(d, d.values()))
e.update(map(lambda n: (n, 1), d))
print(e)
k.extend(map(len, d))
k.extend(range(len(d)))
k.extend(filter(None, [0, 1, len(d)]))
print(k)
def gen(n):
    for i in range(n):
        if i % 2:
            yield i
k.extend(gen(len(d)))
k += (i for i in gen(5))
k[1:2] = (i for i in gen(len(d)))
print(k)
from collections import deque
q = deque([1])
q.extend(gen(len(d)))
q.extendleft(len(n) for n in d)
print(q)
k = [len(a) for a in sys.argv[1:]]
def gen(n):
    for i in range(n):
        if i % 2:
            yield i
k += (i for i in gen(5))
print(k)
k += gen(len(k))
print(k)
k[1:2] = (i * 10 for i in gen(len(k)))
print(k)
j = [1]
j += gen(len(k))
j[:1] = map(str, gen(4))
print(j)
xs = [len(a) for a in sys.argv[1:]]
q = deque([1])
q.extend(xs)
print(q)
q.extendleft(xs)
print(q, deque(xs))
args = sys.argv[1:]
n = len(args)
def fresh(): return deque(["a", "b", "c", "d"])
q = fresh(); print(args[0] in q, q.count(args[0]))
q = fresh(); q.rotate(n); print(q)
q = fresh(); q.insert(n, "z"); print(q)
q = fresh(); q[n % 4] = "y"; print(q, q[-n % 4])
q = fresh(); del q[n % 4]; print(q)
for a in args:
    q = fresh()
    try:
        print(q.index(a))
        q.remove(a)
        print(q)
    except ValueError as e:
        print(e)
q = deque(args, maxlen=2); q.append("k"); print(q, q.maxlen)
q = deque(maxlen=n); q.extend(range(5)); print(q)
while q:
    print(q.popleft(), end=" ")
print(len(q), bool(q))
