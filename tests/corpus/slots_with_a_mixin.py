# args: hello 3
import sys
n = int(sys.argv[2])
class Mixin:
    __slots__ = ()
    def hello(self):
        return "hello " + str(self.a)
class M(Mixin):
    __slots__ = ["a", "b"]
    def __init__(self, a):
        self.a = a
ms = {}
for i in range(n):
    ms[i] = M(i * 10)
print([v.hello() for v in ms.values()], M.__slots__)
try:
    ms[0].c = 1
    print("no")
except AttributeError as e:
    print("AttributeError", e)
try:
    print(ms[0].b)
except AttributeError as e:
    print("AttributeError", e)
m = M(1)
try:
    m.hello = 5
except AttributeError as e:
    print("AttributeError", e)
ms[n] = m
m.b = n
print(ms[n].b, ms[n] is m)
