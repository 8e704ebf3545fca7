# args: abc de
import sys
class V:
    def __init__(self, n): self.n = n
    def __index__(self): return self.n
class M:
    def __init__(self, w): self.w = w
    def keys(self): return list(self.w)
    def __getitem__(self, k): return ord(k)
class E(Exception): pass
vs = []
ms = []
for a in sys.argv[1:]:
    vs.append(V(len(a)))
    ms.append(M(a))
lst = list(range(100, 120))
for v in vs:
    print("ab" * v, list(range(v)), lst[v], bytearray(v), [0] * v, "hello world foo"[v], lst[v:], (1, 2) * v, v.n, hex(v), bin(v), chr(70 + v.n), bytes(v))
for m in ms:
    print(dict(m))
    d = {}
    d.update(m)
    print(d, {**m})
