# args: 4 a b c e
import sys
import numpy as np
class V:
    def __init__(self, x): self.x = x
    def __imul__(self, k):
        self.x *= k
        return self
    def __add__(self, o): return V(self.x + (o.x if isinstance(o, V) else o))
    def __radd__(self, o): return V(o - self.x)
    def __ior__(self, o): return NotImplemented
    def __or__(self, o): return "or"
    def __sub__(self, o): return NotImplemented
    def __imatmul__(self, o): return V(self.x * 100 + o)
n = int(sys.argv[1])
v = w = V(n)
v *= 2
v *= float(n)
print(v.x, v is w)
v += n
print(v.x, w.x)
v |= 1
print(v)
v = w
v @= n
print(v.x)
d = {"a": n, "b": "x", "c": [n], "e": 2.5}
for k in sys.argv[2:]:
    for op in ("+", "-", "*", "|", "/"):
        t = d[k]
        try:
            if op == "+": t += 1
            elif op == "-": t -= 1
            elif op == "*": t *= 2
            elif op == "|": t |= 1
            else: t /= 2
            print(k, op, t)
        except TypeError as e:
            print(k, op, e)
    u = 1
    try:
        u += d[k]
        print(u)
    except TypeError as e:
        print(e)
    s = "s"
    try:
        s += d[k]
        print(s)
    except TypeError as e:
        print(e)
x = w
try:
    x -= n
except TypeError as e:
    print(e)
try:
    x -= d[sys.argv[2]]
except TypeError as e:
    print(e)
a = np.arange(3)
a += n
print(a, d)

class A:
    def __init__(self, b): self.b = b
    def __iadd__(self, x):
        self.b += x
        return self
class B:
    def __init__(self, b): self.b = b
    def __add__(self, x):
        return B(self.b + x)
    def __radd__(self, x):
        return B(x - self.b)
things = []
for a in ("20", str(n)):
    things.append(A(float(a)) if len(a) > 1 else B(float(a)))
for t in things:
    u = t
    t += 5
    t += 2
    print(t.b, u.b, t is u)
x = 1
for t in things:
    try:
        x += t
        print(x.b)
        x = 2
    except TypeError as e:
        print(e)


class A:
    def __init__(self, x): self.x = x
    def __add__(self, o): return NotImplemented
    def __sub__(self, o): return NotImplemented
class B:
    def __init__(self, x): self.x = x
    def __radd__(self, o): return B(self.x + o.x)
held = []
for word in ("x", "y" * n):
    held.append(B(len(word)))
for one in held:
    a = A(10)
    a += one
    print(a.x, (A(1) + one).x)
    b = A(10)
    try:
        b -= one
    except TypeError as error:
        print(error)
