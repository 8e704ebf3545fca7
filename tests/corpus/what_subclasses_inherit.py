# args: abc defg
import sys
from collections import deque, Counter, OrderedDict, defaultdict
class L(list):
    def __getitem__(self, i):
        return super().__getitem__(i % len(self)) if isinstance(i, int) else super().__getitem__(i)
    def map(self, f): return L(f(x) for x in self)
class S(set):
    pass
class D(dict):
    def __missing__(self, k):
        self[k] = v = D()
        return v
class Q(deque):
    def peek(self): return self[0]
class T(str):
    def words(self): return [T(w) for w in self.split()]
class I(int):
    pass
class Tu(tuple):
    pass
class O(OrderedDict):
    def first(self): return next(iter(self))
class F(frozenset):
    pass
def work(x, y):
    return x + y, x * 2, x == y, x < y, len(x), y in x if not isinstance(x, str) else str(y) in x, sorted(x), x[0], x[-1], x[1:], list(x), x != y
alls = []
for a in sys.argv[1:]:
    l = L(a); l.append("z"); l.extend("yx"); l += ["w"]; l.sort(); l.insert(0, "0"); l[1] = "!"; del l[2]
    alls.append(l)
    print(l, l[7], l[-1], l[1:3], l.map(ord), l.pop(), l.index("x"), l.count("x"), "x" in l, l.copy(), type(l.copy()).__name__, reversed(l) is not None, bool(l), l * 2, [1] + l)
    s = S(a); s.add("q"); s.discard("a"); s |= {"r"}; s -= {"q"}
    print(sorted(s), len(s), s == set(s), sorted(s | {"k"}), sorted(s & set("ab")), s <= set("abcdefghr"), s.isdisjoint("zzz"), S() == set(), repr(S()), bool(S()))
    d = D(); d[a]["x"]["y"] = 1; d.setdefault("k", []).append(2); d.update(b=3); d.update({"c": 4})
    print(d, d["zz"], len(d), list(d), d.pop("b"), d.get("none"), "k" in d, d == {**d}, {**d}, dict(d) == d, sorted(d.items(), key=str), d | {"u": 1})
    q = Q(a, maxlen=4); q.append("e"); q.appendleft("s"); q.rotate(1)
    print(q, q.peek(), q.maxlen, len(q), q.popleft(), list(q), q[0], q == deque(q))
    t = T(a + " hello")
    print(t.words(), t.upper(), t + "x", "x" + t, t[0], t[1:], len(t), t == a + " hello", "hel" in t, t.replace("l", "L"), f"{t:>12}|", "%s" % t, t * 2, t.startswith(a), hash(t) == hash(str(t)), {t: 1}[a + " hello"], ",".join(t.words()), t.split("h"), t < "zzz", sorted([t, "b"]))
    i = I(len(a))
    print(i, i + 1, 1 + i, i * i, -i, i / 2, i // 2, i % 2, i ** 2, [0, 1, 2, 3, 4][i], "ab" * i, list(range(i)), i == len(a), i > 1, float(i), f"{i:03d}", i & 1, i << 2, bool(I()), abs(I(-3)), max(i, 2), sum([i, i]), divmod(i, 2), round(i), hex(i), chr(65 + i), str(i), repr(i), int(i) + 1, isinstance(i, int))
    u = Tu((len(a), a)); x, y = u
    print(u, x, y, u + (1,), u == (len(a), a), hash(u) == hash((len(a), a)), u[0], u[::-1], len(u), u < (9, "z"), {u: 1}[(len(a), a)], isinstance(u, tuple), u.index(a), u.count(5), sorted([u, (0, "q")]))
    o = O(); o[a] = 1; o["m"] = 2; o.move_to_end(a); print(o, o.first(), o.popitem(), list(o.items()), o == {"m": 2}, O(a=1) == O(a=1))
    f = F(a); print(sorted(f), len(f), f == frozenset(a), hash(f) == hash(frozenset(a)), sorted(f | {"1"}), {f: 2}[frozenset(a)])
    alls += [d, q, t, u, o, s]
for x in alls:
    print(type(x).__name__, len(x), isinstance(x, list), isinstance(x, dict), isinstance(x, (str, tuple)))
print(work(alls[0], alls[7] if len(alls) > 7 else alls[0]))
