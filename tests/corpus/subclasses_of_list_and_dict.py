# args: 3 foo ba
import sys

class Stack(list):
    def push(self, x):
        self.append(x)
    def peek(self):
        return self[-1]
    def append(self, x):
        super().append(x * 2)

class Config(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)
    def __missing__(self, key):
        return f"<{key}>"
    def __setitem__(self, k, v):
        super().__setitem__(k.lower(), v)

def fill(s, words):
    for w in words:
        s.push(len(w))
    return s

n = int(sys.argv[1])
stacks = []
for i in range(n):
    if i % 2:
        s = Stack()
    else:
        s = Stack([i])
    fill(s, sys.argv[2:])
    stacks.append(s)
for s in stacks:
    print(s, len(s), s.peek(), sum(s), isinstance(s, list), type(s).__name__)
c = Config()
for w in sys.argv[2:]:
    c[w] = len(w)
print(c, c["nope"], c.get("nope"), sorted(c))
confs = []
for i in range(n):
    k = Config(a=i)
    k["B"] = i * 2
    confs.append(k)
for k in confs:
    print(k.a, k["b"], k, len(k), k == {"a": 1, "b": 2}, k["zzz"])
    try:
        k.other
    except AttributeError as e:
        print("no", e)
