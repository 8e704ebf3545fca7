# args: ab cd
import sys, json
class AttrDict(dict):
    __getattr__ = dict.get
    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__
class D2(dict):
    def __getattr__(self, k):
        try:
            return self[k]
        except KeyError:
            raise AttributeError(k) from None
    def __setattr__(self, k, v):
        self[k] = v
class D3(dict):
    def __init__(self, *a, **k):
        super().__init__(*a, **k)
        self.__dict__ = self
out = []
for a in sys.argv[1:]:
    d = AttrDict()
    d.name = a
    d["size"] = len(a)
    out.append(d)
    e = D2(x=1)
    e.y = a
    out.append(e)
    f = D3(z=a)
    f.w = 3
    out.append(f)
for d in out:
    print(d, type(d).__name__, len(d), sorted(d.items(), key=str))
print(out[0].name, out[0].size, out[0].nope, out[1].x, out[1].y, out[2].z, out[2].w, out[2]["w"])
print(json.dumps(out))
print(json.dumps(out[1], indent=1, sort_keys=True))
class Matrix(list):
    def __matmul__(self, o):
        return Matrix([[sum(a * b for a, b in zip(r, c)) for c in zip(*o)] for r in self])
    def __str__(self):
        return "\n".join(" ".join(map(str, r)) for r in self)
    @property
    def T(self):
        return Matrix([list(c) for c in zip(*self)])
n = int(sys.argv[1][1:]) if sys.argv[1][1:].isdigit() else 3
m = Matrix([[i * j + 1 for j in range(n)] for i in range(n)])
ms = [m]
for i in range(n):
    ms.append(ms[-1] @ m)
print(ms[-1])
print(ms[1].T, ms[0] == m, ms[0][0])
