# args: b 3 a
import sys, operator, math
from functools import partial
class A:
    def __init__(self, x=0): self.x = x
    def show(self): return f"{type(self).__name__} {self.x}"
    @classmethod
    def make(cls): return cls(7)
    @staticmethod
    def stat(x): return x + 1
class B(A): pass
late = sys.argv[1]
class Machine:
    def __init__(self):
        self.table = {}
    def on(self, name, f):
        self.table.setdefault(name, []).append(f)
    def fire(self, name, *args):
        return [f(*args) for f in self.table.get(name, [])]
mac = Machine()
for w in sys.argv[1:]:
    mac.on(w, print)
    mac.on(w, lambda x, w=w: w + str(x))
    mac.on("b", str)
print(mac.fire("b", 5), mac.fire("zz", 1))
