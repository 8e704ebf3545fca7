# args: ab c
import sys
class Frozen:
    def __init__(self, **kw):
        for k, v in kw.items(): object.__setattr__(self, k, v)
    def __setattr__(self, k, v): raise AttributeError(f"cannot set {k}")
    def __delattr__(self, k): raise AttributeError(f"cannot delete {k}")
class Tracked:
    def __init__(self): self.log = []; self.x = 0
    def __setattr__(self, k, v):
        if k != "log": self.log.append((k, v))
        super().__setattr__(k, v)
    def __getattribute__(self, k):
        return super().__getattribute__(k)
class Lazy:
    def __init__(self, d): self.__dict__["_d"] = d
    def __getattr__(self, k):
        try: return self._d[k]
        except KeyError: raise AttributeError(k) from None
    def __setattr__(self, k, v): self._d[k] = v
fs, ts, ls = [], [], []
for a in sys.argv[1:]:
    fs.append(Frozen(name=a, n=len(a)))
    l = Lazy({"a": a})
    l.b = len(a)
    ls.append(l)
for f in fs:
    try:
        f.name = "x"
    except AttributeError as e:
        print(e, f.name, f.n)
    try:
        del f.n
    except AttributeError as e:
        print(e)
for l in ls:
    print(l.a, l.b, hasattr(l, "zz"))
