# args: 3 x y 4 x
import sys
from abc import ABC, abstractmethod
class Expr(ABC):
    @abstractmethod
    def eval(self, env): ...
    @abstractmethod
    def diff(self, v): ...
    def simplify(self): return self
    def __add__(self, o): return Add(self, wrap(o))
    def __radd__(self, o): return Add(wrap(o), self)
    def __mul__(self, o): return Mul(self, wrap(o))
    def __rmul__(self, o): return Mul(wrap(o), self)
def wrap(x): return x if isinstance(x, Expr) else Const(x)
class Const(Expr):
    def __init__(self, v): self.v = v
    def eval(self, env): return self.v
    def diff(self, v): return Const(0)
    def __str__(self): return str(self.v)
class Var(Expr):
    def __init__(self, n): self.n = n
    def eval(self, env): return env[self.n]
    def diff(self, v): return Const(1 if v == self.n else 0)
    def __str__(self): return self.n
class Add(Expr):
    def __init__(self, a, b): self.a, self.b = a, b
    def eval(self, env): return self.a.eval(env) + self.b.eval(env)
    def diff(self, v): return Add(self.a.diff(v), self.b.diff(v))
    def simplify(self):
        a, b = self.a.simplify(), self.b.simplify()
        if isinstance(a, Const) and isinstance(b, Const): return Const(a.v + b.v)
        if isinstance(a, Const) and a.v == 0: return b
        if isinstance(b, Const) and b.v == 0: return a
        return Add(a, b)
    def __str__(self): return f"({self.a} + {self.b})"
class Mul(Expr):
    def __init__(self, a, b): self.a, self.b = a, b
    def eval(self, env): return self.a.eval(env) * self.b.eval(env)
    def diff(self, v): return Add(Mul(self.a.diff(v), self.b), Mul(self.a, self.b.diff(v)))
    def simplify(self):
        a, b = self.a.simplify(), self.b.simplify()
        for x, y in ((a, b), (b, a)):
            if isinstance(x, Const):
                if x.v == 0: return Const(0)
                if x.v == 1: return y
        return Mul(a, b)
    def __str__(self): return f"({self.a} * {self.b})"
x, y = Var("x"), Var("y")
e = Const(int(sys.argv[1]))
for w in sys.argv[2:]:
    if w == "x": e = e * x + 1
    elif w == "y": e = 2 * y + e
    else: e = e + int(w)
print(e, e.eval({"x": 2, "y": 3}))
d = e.diff("x")
print(d)
print(d.simplify(), d.simplify().eval({"x": 1, "y": 1}))
