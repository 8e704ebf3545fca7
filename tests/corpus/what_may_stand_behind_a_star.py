# args: 2
import sys
from collections import Counter, OrderedDict, defaultdict
n = int(sys.argv[1])
class P:
    def __init__(self, v): self.v = v
class M(float):
    pass
class D(dict):
    pass
class It:
    def __init__(self, v): self.v = v
    def __iter__(self):
        yield self.v
        yield 2
def f(*a):
    return len(a)
def g(**k):
    return sorted(k)
def attempt(what):
    try:
        print(what())
    except TypeError as error:
        print(error)
class Q:
    def m(self, *a, **k): return len(a), len(k)
things = [P(i) for i in range(n)] + [None] * n + [2.5] * n + [M(i) for i in range(n)] + [n, True, "ab", [1, 2] * n, (3,) * n, {"a": n}, D(b=n), Counter("x" * n), OrderedDict(c=n), [("k", n)]] + [It(i) for i in range(n)]
q = Q()
for x in things * (n > 0):
    attempt(lambda: [*x])
    attempt(lambda: (1, *x))
    attempt(lambda: f(*x))
    attempt(lambda: f(1, *x))
    attempt(lambda: g(**x))
    attempt(lambda: {"z": 1, **x})
    attempt(lambda: iter(x) is None)
    attempt(lambda: q.m(*x))
    attempt(lambda: q.m(**x))
    try:
        s = {*x}
        print(len(s))
    except TypeError as error:
        print(error)
    row = [0] * n
    try:
        row.extend(x)
    except TypeError as error:
        print(error)
    print(row)
    try:
        a, *b = x
        print(a, b)
    except TypeError as error:
        print(error)
