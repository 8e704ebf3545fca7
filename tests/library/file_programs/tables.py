"""Arrays as text, with all that readers can be told; sys.argv: rows, a name."""

import sys
import numpy as np
n = int(sys.argv[1])
a = np.arange(n * 3).reshape(n, 3) / 7
np.savetxt("a.txt", a)
np.savetxt("v.txt", a[:, 0], fmt="%.4f")
np.savetxt("i.csv", (a * 7).astype(int), fmt="%d", delimiter=",", header="a,b,c", comments="", footer="end\nof", newline="\r\n")
np.savetxt("m.txt", a, fmt=["%.1f", "%d", "%e"], header="h")
np.savetxt("m2.txt", a, fmt="%.1f;%5d;%e")
with open("hand.txt", "w") as f:
    np.savetxt(f, a, fmt="%g")
    f.write("# a comment\n")
    np.savetxt(f, a[:1], fmt="%g")
with open("b.txt", "wb") as f:
    np.savetxt(f, a, fmt="%g")
print(np.loadtxt("a.txt").shape, np.loadtxt("v.txt"), np.loadtxt("hand.txt").sum())
x, y, z = np.loadtxt("a.txt", unpack=True)
print(x, y, z.mean())
x, z = np.loadtxt("a.txt", usecols=(0, 2), unpack=True)
print(x @ z)
print(np.loadtxt("i.csv", delimiter=",", skiprows=1, dtype=int, comments=["#", "end", "of"]))
print(np.loadtxt("i.csv", delimiter=",", skiprows=1, dtype=np.int32, max_rows=2, usecols=-1))
print(np.loadtxt("v.txt", ndmin=2).shape, np.loadtxt("a.txt", max_rows=1), np.loadtxt("a.txt", max_rows=1, usecols=1))
t = np.loadtxt("a.txt", dtype=[("x", float), ("y", "f4"), ("z", float)])
print(t["x"], t["y"].dtype, t[1], t.dtype.names)
p, q, r = np.loadtxt("a.txt", dtype="f8,f4,f8", unpack=True)
print(p.sum(), q.dtype)
def percent(s):
    return float(s.rstrip("%")) / 100
with open("pc.txt", "w") as f:
    for i in range(n):
        print(f"{i * 10}% {i} low", file=f)
print(np.loadtxt("pc.txt", converters={0: percent}, usecols=(0, 1)))
print(np.loadtxt("pc.txt", converters={0: percent, 2: lambda s: 1.0 if s == "low" else 2.0}))
print(np.loadtxt("v.txt", converters=lambda s: float(s) * 2))
g = np.genfromtxt("i.csv", delimiter=",", skip_header=1, skip_footer=2)
print(g)
with open("miss.csv", "w") as f:
    f.write("1,2,3\n4,,6\n7,NA,9\n")
print(np.genfromtxt("miss.csv", delimiter=","))
print(np.genfromtxt("miss.csv", delimiter=",", filling_values=-1, missing_values="NA"))
print(np.genfromtxt("miss.csv", delimiter=",", filling_values={1: 5.0}, usecols=(1, 2)))
s = np.genfromtxt("miss.csv", delimiter=",", names="a,b,c")
print(s["b"], s.dtype)
s = np.genfromtxt("miss.csv", delimiter=",", dtype=[("a", int), ("b", float), ("c", int)])
print(s["a"], s[0])
with open("a.txt") as f:
    print(f.readline()[:5], np.loadtxt(f).shape)
lines = open("a.txt").readlines()
print(np.loadtxt(lines[1:]).shape)
print(np.loadtxt(sys.argv[2] + ".txt", dtype=np.float32))
try:
    np.loadtxt("gone.txt")
except FileNotFoundError as e:
    print(e)
try:
    np.loadtxt("pc.txt")
except ValueError as e:
    print(e)
np.loadtxt("gone" + sys.argv[2])
