# args: 3
import sys
n = int(sys.argv[1])
class A:
    color = "red"
    size = 1
    def f(self): return "f"
    def __init__(self, n):
        if n > 2:
            self.color = "blue"
a = A(n)
print(a.color, a.size)
if n % 2:
    a.size = 2.5
    a.f = lambda: "own"
print(a.size, a.f(), sorted(vars(a)))
a.size += 1
print(a.size, A.size)
class D:
    def __getattr__(self, k): return k * 2
d = D()
if n > 3:
    d.x = 5
print(d.x, d.y)
d.x = 7
print(d.x)
