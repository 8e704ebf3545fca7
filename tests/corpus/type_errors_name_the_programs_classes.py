# args: 3
import sys
n = int(sys.argv[1])
class Metres(float):
    pass
class Count(int):
    pass
class Stack(list):
    pass
class Bag(set):
    pass
class Table(dict):
    pass
class Name(str):
    pass
xs = [Metres(i + 0.5) for i in range(n)]
cs = [Count(i + 2) for i in range(n)]
ss = [Stack([i]) for i in range(n)]
bs = [Bag([i]) for i in range(n)]
ts = [Table({i: i}) for i in range(n)]
ns = [Name(f"n{i}") for i in range(n)]
def attempt(what):
    try:
        print(what())
    except TypeError as error:
        print(error)
for x, c, s, b, t, w in zip(xs, cs, ss, bs, ts, ns):
    attempt(lambda: x + "a")
    attempt(lambda: "a" + x)
    attempt(lambda: [] - c)
    attempt(lambda: s + 1)
    attempt(lambda: [1] + x)
    attempt(lambda: s * 1.5)
    attempt(lambda: s * x)
    attempt(lambda: s - s)
    attempt(lambda: b - 1)
    attempt(lambda: b | [1])
    attempt(lambda: t | 1)
    attempt(lambda: t + 1)
    attempt(lambda: w + 1)
    attempt(lambda: w + c)
    attempt(lambda: w - 1)
    attempt(lambda: w < 1)
    attempt(lambda: 1 < w)
    attempt(lambda: s < 1)
    attempt(lambda: x < "a")
    attempt(lambda: s["a"])
    attempt(lambda: s[x])
    attempt(lambda: c[0])
    attempt(lambda: -s)
    attempt(lambda: ~x)
    attempt(lambda: 1 in w)
    attempt(lambda: [] in b)
    attempt(lambda: x << 1)
    attempt(lambda: c & 1.5)
    attempt(lambda: "%d" % w)
    attempt(lambda: w % 1)
    attempt(lambda: b[0])
    attempt(lambda: t[[]])
    attempt(lambda: x @ x)
for c, b, x in zip(cs, bs, xs):
    attempt(lambda: len(c))
    attempt(lambda: list(c))
    attempt(lambda: 1 in c)
    attempt(lambda: [*x])
    attempt(lambda: iter(x))
    attempt(lambda: hash(b))
    attempt(lambda: len(b) + (0 in b))
    attempt(lambda: int([c][0]) + round(x))
    print(bool(c), bool(x), isinstance(c, int), hasattr(c, "__len__"), hasattr(b, "__getitem__"))
    for unpacked in (c, x):
        try:
            p, q = unpacked
        except TypeError as error:
            print(error)
