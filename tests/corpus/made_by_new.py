# args: a b ab a
import sys
class Single:
    _one = None
    def __new__(cls, *a):
        if cls._one is None:
            cls._one = super().__new__(cls)
            cls._one.n = 0
        return cls._one
    def hit(self):
        self.n += 1
class Fly:
    _pool = {}
    def __new__(cls, name):
        if name not in cls._pool:
            obj = super().__new__(cls)
            obj.name = name
            obj.uses = 0
            cls._pool[name] = obj
        return cls._pool[name]
    def __init__(self, name):
        self.uses += 1
class P:
    def __new__(cls, x):
        self = object.__new__(cls)
        self.x = x
        return self
    def __init__(self, x):
        self.y = x * 2
ps = []
for a in sys.argv[1:]:
    Single().hit()
    Fly(a)
    ps.append(P(len(a)))
print(Single().n)
for k, v in Fly._pool.items():
    print(k, v.uses)
for p in ps:
    print(p.x, p.y)
