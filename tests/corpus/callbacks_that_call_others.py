# args: ab bc c
import sys
handlers = {}
def on(name, f):
    handlers.setdefault(name, []).append(f)
for a in sys.argv[1:]:
    on(a, lambda v, a=a: print("handler", a, v))
    on(a[0], lambda v: f"{a}:{v}")
for name, hs in handlers.items():
    for h in hs:
        print(name, h(len(name)))
table = {}
for a in sys.argv[1:]:
    def cb(x, name=a):
        return name + str(x)
    table[a] = cb
for k in sorted(table):
    print(table[k](7))
from functools import partial
ps = []
for i, a in enumerate(sys.argv[1:]):
    ps.append(partial(lambda p, q: p * q, i + 1))
print([p(5) for p in ps])
def compose(*fs):
    def run(x):
        for f in fs:
            x = f(x)
        return x
    return run
pipe = [compose(*[lambda v, k=k: v + k for k in range(i)]) for i in range(len(sys.argv))]
print([p(0) for p in pipe])
