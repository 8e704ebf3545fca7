# args: ab cde
import sys
class Adder:
    def __init__(self, k): self.k = k
    def __call__(self, x): return self.k + x
ads = [Adder(len(w)) for w in sys.argv[1:]]
print([f(1) for f in ads], list(map(ads[0], [1, 2])), sorted([3, 1], key=ads[0]))
class Attr(dict):
    def __getattr__(self, k):
        try: return self[k]
        except KeyError: raise AttributeError(k)
    def __setattr__(self, k, v): self[k] = v
d = Attr(a=1)
d.b = sys.argv[1]
print(d.a, d.b, d)
for w in sys.argv[1:]:
    d[w] = len(w)
print(d)
class Lazy:
    def __init__(self, f): self.f = f
    def __getattr__(self, name):
        v = self.f()
        setattr(self, name, v)
        return v
z = Lazy(lambda: print("compute") or len(sys.argv))
print(z.value, z.value)
zs = [Lazy(lambda w=w: print("c", w) or len(w)) for w in sys.argv[1:]]
for z in zs: print(z.value, z.value)
class Compose:
    def __init__(self, *fs): self.fs = fs
    def __call__(self, x):
        for f in self.fs: x = f(x)
        return x
    def __or__(self, g): return Compose(*self.fs, g)
c = Compose(str.strip) | str.upper | (lambda s: s + "!")
print(c(" a "), [c(w) for w in sys.argv[1:]])
