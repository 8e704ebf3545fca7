# args: 3 4
import math
import operator
import sys
class V:
    def __init__(self, x):
        self.x = x
    def __divmod__(self, other):
        return "divmod", self.x, other
    def __rdivmod__(self, other):
        return "rdivmod", self.x, other
    def __complex__(self):
        return complex(self.x, 1)
    def __float__(self):
        return self.x + 0.5
    def __index__(self):
        return 2
    def __floor__(self):
        return "floor"
    def __pow__(self, other, modulus=None):
        return "pow", self.x, other, modulus
    def __add__(self, other):
        return "add", self.x, other
    def __invert__(self):
        return "inverted"
    def __iadd__(self, by):
        self.x += by
        return self
    def __delitem__(self, key):
        print("delete", key)
    def __reversed__(self):
        return iter([1, self.x])
    def __bytes__(self):
        return b"vv"
    def __call__(self):
        return self.x
class W:
    pass
vs = [V(int(text)) for text in sys.argv[1:]]
vs.append(W())
for v in vs:
    print(callable(v), callable(vs), callable(v.__class__))
for v in vs[:-1]:
    print(divmod(v, 3), divmod(7, v), pow(v, 2), pow(v, 2, 5), complex(v), int(v), float(v))
    print(math.floor(v), math.sqrt(v), math.comb(5, v), list(reversed(v)), bytes(v), hex(v))
    print([10, 20, 30][v], "abcd"[:v], range(v), chr(v) == "\x02", operator.index(v))
    print(operator.add(v, 1), operator.inv(v), operator.iadd(v, 2).x)
    del v["key"]
try:
    divmod(vs[-1], 2)
except TypeError as error:
    print(error)
