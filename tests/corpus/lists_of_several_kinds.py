# args: 4
import sys
n = int(sys.argv[1])
a = [1.5] * n
a.extend([1, 2])
print(a)
b = [1] * n + [0.5]
print(b)
b += a
print(b, len(b))
c = [None] * n
c.extend(range(n))
print(c)
c += b
print(c + [3], [None] + c, c + a)
d = [2] * n
d.extend(x / 2 for x in range(n))
print(d)
e = [0] * n
e += [1.5] * n
e += (2, None)
print(e)
d = [float('inf')] * n
d[0] = 3
for i in range(1, n):
    if i % 4 == 1:
        d[i] = i - 5
    elif i % 4 == 2:
        d[i] = i / 4
print(max(d), min(d), sum(d[:3]), sorted(d), any(d), all(d), 3 in d, 2.5 in d, d.index(3), d.count(float('inf')))
print(len(d), [x for x in d if x != float('inf')], max(x for x in d if x < 1e9), list(enumerate(d))[:3])
print(d == [3] * n, d[1:3], d[-1], d[::-1][:2], list(reversed(d))[:2], tuple(d)[:2], str(d)[:10], f"{d[0]} {d[1]:.2f}")
e = d[:]
e[0] = 2.5
f = d.copy()
f[1] = None
print(d[:2], e[:2], f[:3], e is d, bool(d), not d)
p = [None] * n
print(p.count(None), p[:2])
for i in range(n - 1):
    if p[i] is None:
        p[i + 1] = i
    else:
        p[i] = 0.5
print(p, p.index(0.5), None in p, sum(1 for x in p if x is None), sorted(x for x in p if x is not None))
path = []
v = n - 1
while v is not None and v > 0:
    path.append(v)
    v = p[v]
    if isinstance(v, float):
        v = None
print(path, v)
a, *b = d
print(a, b, d + [1], 2 * d, max(d, key=lambda x: -x), min(d, default=0))
m = [[None] * n for _ in range(2)]
m[0][0] = 1
m[1][n - 1] = 2.5
for row in m:
    print(row, [x is None for x in row])
k = [[0] * n for _ in range(n)]
for i in range(n):
    k[i][i] = float('inf')
    k[i][0] = None if i == 1 else i
print(k, k[0][0] == k[1][1], [r[0] for r in k])
k[0], k[1] = k[1], k[0]
for r in k:
    print(*r)

print(k, len(k), k[-1])
