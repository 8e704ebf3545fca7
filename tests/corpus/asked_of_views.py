# args: q rr
import sys
n = len(sys.argv)
d = {"a": n, "b": 2, 3: "x"}
print(2 in d.values(), n in d.values(), 99 in d.values(), "x" in d.values(), ("a", n) in d.items(), ("b", 3) in d.items(), "a" in d.keys(), n in d.keys(), sys.argv[1] in d.keys())
e = {}
print(n in e.values(), n in e.keys(), (n, 1) in e.items())
for w in sys.argv[1:]: e[w] = len(w)
print(1 in e.values(), n in e.values(), ("q", 1) in e.items(), sys.argv[1] in e.keys(), (sys.argv[1], 1) in e.items())
