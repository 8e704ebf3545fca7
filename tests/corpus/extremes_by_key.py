# args: 6
import sys
n = int(sys.argv[1])
a = [(i * 7 + 3) % 11 for i in range(n)]
t = "hello wonderful world"
words = t.split()
print(max(range(n), key=lambda i: a[i]), min(range(n), key=lambda i: (a[i], -i)), max(a, key=lambda x: -x))
print(max(a, key=lambda x: str(x)), min(a, key=str), max(range(n), key=a.__getitem__), min(a, key=abs))
print(max(range(n), key=lambda i: [a[i], i]), min([x for x in a if x > 100], key=lambda x: x, default=None))
print(max(range(n), key=lambda i: words[i % 3]), max((x for x in a), key=lambda x: x % 5))
def worse(i):
    print("asked", i)
    return -a[i] if i % 2 else a[i] / 2
print(max(range(n), key=worse))
try:
    print(max(range(n - n), key=worse))
except ValueError as e:
    print(e)
print(max(range(1, n), key=lambda i: a[i] > a[i - 1]))
import math
print(min(a, key=lambda x: math.hypot(x, 1)), max(range(n), key=lambda i: i if i != 2 else float("nan")))
m = [[(i * 3 + j * 5) % 7 for j in range(n)] for i in range(n)]
for i in range(n - 1):
    p = max(range(i, n), key=lambda r: abs(m[r][i]))
    m[i], m[p] = m[p], m[i]
print(m)
print(max(range(n), key=lambda i: a[i], default=3), max(range(n), key=lambda r: sum(m[r])), max(m, key=sum))
