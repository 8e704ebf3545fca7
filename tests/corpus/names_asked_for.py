# args: 4 a b c
import sys
import math
Y: int = 5
def f(a, b=2, *rest, **kw):
    x = a + b
    z = lambda: x
    for i in range(2): pass
    total = [k for k in (1, 2)]
    print(list(locals()), locals()["x"])
    return sorted(vars())
print(f(int(sys.argv[1])))
def g(n, m="q"):
    args = locals()
    t = 3
    return args
print(g(int(sys.argv[1])))
class Node:
    def __init__(self, left, right=None):
        for k, v in list(locals().items()):
            if k != "self":
                setattr(self, k, v)
n = Node(3)
print(n.left, n.right, vars(n))
print([k for k, v in globals().items() if callable(v)], [k for k in dir() if not k.startswith("_")])
def test_a(): return "a"
def test_b(): return "b"
for name, fn in sorted(globals().items()):
    if name.startswith("test_"):
        print(name, fn())
print(f"{Y} {math.pi:.2f}", "{Y}".format(**globals()))
def outer(p):
    q = 1
    def inner(r):
        s = p + q
        return list(locals()), s
    return inner(5)
print(outer(2))
for w in sys.argv[1:]:
    key = "test_" + w
    fn = globals().get(key)
    print(w, fn() if fn else "none", key in globals())
    if key in globals():
        print(globals()[key]())
