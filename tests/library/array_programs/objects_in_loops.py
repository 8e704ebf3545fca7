import sys
import numpy as np
n = int(sys.argv[1])
a = np.array([None] * n, dtype=object)
for i in range(n):
    if i % 2:
        a[i] = i * 1.5
    elif i % 3:
        a[i] = f"s{i}"
print(a, len(a[a != None]))
b = a
k = 0
while k < 3:
    b = np.concatenate([b, np.array([k, None], dtype=object)])
    k += 1
print(b, b.shape)
c = np.empty(0, dtype=object)
for i in range(n):
    c = np.append(c, i)
print(c, c.sum())
x = np.zeros(3, dtype=object)
for i in range(n):
    x = np.roll(x, 1)
    x[0] = i
print(x)
best, where = None, None
for i, v in enumerate(a):
    if isinstance(v, float) and (best is None or v > best):
        best, where = v, i
print(best, where)
def pick(flag):
    return a[:2] if flag else a[-2:]
print(pick(n > 3), pick(n > 100))
t = (a, b)
print(t[0] is a, t[1].size)
d = {"a": a}
d["a"][0] = "changed"
print(a[0])
for p, q in zip(a, b):
    if p is not q:
        print("differs", p, q)
m = np.arange(n * 2).reshape(n, 2).astype(object)
m[:, 0] **= 20
print(m[-1], m.sum(axis=0))
e = [v for v in a if v is not None]
print(np.array(e, dtype=object))
try:
    a + 1
except TypeError as err:
    print("TypeError", err)
try:
    a[n]
except IndexError as err:
    print(err)
k = n
g = np.empty((3, 3), dtype=object)
for i in range(k):
    g[i % 3, i // 3 % 3] = i
print(g)
z = np.zeros(3, dtype=object)
for i in range(k):
    z = np.roll(z, 1)
    z[0] += i
print(z)
w = np.arange(4).astype(object)
for i in range(k):
    w = w * 3 + i
print(w)
v = np.array(["a", "b"], dtype=object)
while len(v) < k:
    v = np.append(v, v[-1] + "x")
print(v)
u = np.full(4, None)
if k > 3:
    u = np.array([1, 2, 3, 4], dtype=object)
print(u)
s = np.array([[1, 2], [3, 4]], dtype=object)
for i in range(k):
    s = s @ s % 1000007
print(s)
