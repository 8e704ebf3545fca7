# args: ab c
import sys
class Proxy:
    def __init__(self, target):
        self._target = target
        self.calls = 0
    def __getattr__(self, name):
        print("get", name)
        return getattr(self._target, name)
class Dog:
    def __init__(self, name): self.name = name
    def bark(self, n=1): return self.name + " woof" * n
    def rename(self, name): self.name = name
p = Proxy(Dog("rex"))
print(p.bark(2), p.name)
p.rename("max")
print(p.bark())
ps = []
for w in sys.argv[1:]:
    ps.append(Proxy(Dog(w)))
for q in ps:
    print(q.bark(), q.name)
    q.rename("x" + q.name)
    print(q.bark(3))
l = Proxy([1, 2, 3])
l.append(4)
print(l.count(2), l._target)
qs = [Proxy(w) for w in sys.argv[1:]]
print([q.upper() for q in qs])
class Logged:
    def __init__(self, obj): self.__dict__["obj"] = obj
    def __getattr__(self, n):
        v = getattr(self.obj, n)
        if callable(v):
            def wrap(*a):
                print("->", n, a)
                return v(*a)
            return wrap
        return v
    def __setattr__(self, n, v):
        print("set", n, v)
        setattr(self.obj, n, v)
g = Logged(Dog("g"))
print(g.bark(2), g.name)
g.name = "h"
print(g.bark())
for w in sys.argv[1:]:
    g = Logged(Dog(w))
    print(g.bark(1), g.name)
gs = [Logged(Dog(w)) for w in sys.argv[1:]]
for g in gs:
    print(g.bark(1), g.name)
