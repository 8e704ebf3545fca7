# args: 4
import copy
import sys
n = int(sys.argv[1])
a = [[i * 10 + j for j in range(n)] for i in range(n)]
for row in a[:3]:
    print(row)
for row in a[1:]:
    row[0] = -1
print(a[0], a[1], a[-2:], a[:2][0] is a[0], len(a[1:]), a[::-1])
b = a[1:3]
b[0][1] = 77
print(b, a[1], b[-1], [r[:2] for r in a[::2]])
for r, s in zip(a, a[1:]):
    print(r[0] + s[0], end=" ")
print()
for i, r in enumerate(a[1:], 1):
    a[i][1] = sum(r)
print(a[:2], a[1:][0][1], a[1:][1:][0])
s = 0
for i in range(n):
    for row in a[i:]:
        s += row[i]
print(s)
m = [[0] * n for _ in range(n)]
m[0][0] = 1.5
for row in m[:2]:
    print(row, sum(row))
print(m[:1], m[-1:])
def head(t, k):
    return t[:k]
print(head(a, 2), len(head(a, 1)))
a = [[i * 10 + j for j in range(n)] for i in range(n)]
b = a[:2]
a[0] = [5] * n
print(b, a[0])
a = [[i * 10 + j for j in range(n)] for i in range(n)]
b = a[:2]
if n > 3:
    b = a[1:]
for i in range(n):
    b = b[1:]
    print(len(b), b)
a = [[i * 10 + j for j in range(n)] for i in range(n)]
b = a[:2]
b.append([1] * n)
b[0] = 3
print(a, b)
c = copy.deepcopy(a[:1])
c[0][0] = 9
print(a[0], c)
a = [[i * 10 + j for j in range(n)] for i in range(n)]
def total(t):
    if not t:
        return 0
    return sum(t[0]) + total(t[1:])
print(total(a))
def walk(t, k):
    out = []
    for row in t[k:]:
        out.append(row)
    return out
w = walk(a, 1)
w[0][0] = -3
print(a, w)
a[:1] = [[7] * n]
print(a)
del a[1:]
print(a)
a = [[i * 10 + j for j in range(n)] for i in range(n)]
keep = []
for i in range(n):
    keep.append(a[i:i + 1])
    x = a[:i]
print(keep, x)
first, *rest = a[1:]
print(first, rest)
x = y = a[:2]
y[0][0] = 100
print(x is y, x, a[0], bool(a[n:]), not a[:0], a[:0], len(a[5:]))
for r in a[1:]:
    a.append([0] * n)
print(len(a))
for r in a[:2]:
    a[0], a[1] = a[1], a[0]
    print(r)
for r in reversed(a[:2]):
    print(r)
print([x for r in a[:2] for x in r], [list(c) for c in zip(*a[:2])])
