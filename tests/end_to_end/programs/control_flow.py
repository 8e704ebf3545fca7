# args: 9
import sys
import numpy as np
def f(n):
    if n <= 1:
        return 1
    return n * f(n - 1)
print(f(10))
k = int(sys.argv[1])
def g(k):
    s = 0
    for i in range(k):
        if i == 7:
            break
        if i % 2:
            continue
        s += i
    return s
print(g(k))
def early(k):
    for i in range(k):
        if i * i > 20:
            return i
    return -1
print(early(k))
d = {"a": 1, "b": 2}
for key, v in d.items():
    print(key, v * k)
print([i * k for i in range(3)], sum([k, 1]), max(k, 3), min(k, 3), abs(-k), k ** 2, k / 3, divmod(k, 3))
x = np.zeros((3, 3))
x[1, :] = k
x[:, 2] += 1
x *= 2
v = x[1]
v[0] = 100
print(x)
assert k > 0, "k must be positive"
while True:
    k -= 3
    if k < 0:
        break
print("k", k)
raise ValueError("done %d" % 3)
