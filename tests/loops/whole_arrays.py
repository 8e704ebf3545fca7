"""Loops around whole arrays, of every kind that is one kernel. The argument: how long they are."""

import sys

import numpy as np

n = int(sys.argv[1])
u = np.arange(n) * 7 % 11 * 0.5
v = np.arange(n) * 5 % 7 * 0.25
a = np.outer(u, v) * 7 % 11 + 1.0
for i in range(n):
    a[i, i] += 20

for _ in range(n):  # a stencil in place, over time
    v[1:-1] = 0.33 * (u[:-2] + u[1:-1] + u[2:])
    u[1:-1] = 0.33 * (v[:-2] + v[1:-1] + v[2:])
print(np.round(u, 6), np.round(v, 6))

b = a * 1
for i in range(n):  # LU
    for j in range(i + 1, n):
        b[j, i] /= b[i, i]
        b[j, i + 1 :] -= b[j, i] * b[i, i + 1 :]
print(np.round(b, 6))

d = a % 13
for k in range(n):  # shortest paths
    d = np.minimum(d, np.add.outer(d[:, k], d[k]))
print(d)

q, r = np.zeros((n, n)), np.zeros((n, n))
c = a * 1
for k in range(n):  # Gram-Schmidt
    r[k, k] = np.sqrt(np.dot(c[:, k], c[:, k]))
    q[:, k] = c[:, k] / r[k, k]
    for j in range(k + 1, n):
        r[k, j] = q[:, k] @ c[:, j]
        c[:, j] -= q[:, k] * r[k, j]
print(np.round(np.abs(q @ r - a).max(), 6))

x, y = u * 1, v * 1
for i in range(n):  # arrays that change places
    x[1:] = y[:-1] + i
    x, y = y, x
print(x, y)

h, w, z = u * 0, a / a.sum(), u * 0.5
for _ in range(n):  # a recurrent network over time
    h = np.tanh(w @ h + z * 0.1)
print(np.round(h, 6))

total, largest = 0.0, -1.0
for i in range(n):  # sums of slices, in pairs
    total += (u[: i + 1] * 0.1).sum()
    largest = max(largest, float(a[i].max() - a[:, i].min()))
print(total, largest)

t = a * 0
for i in range(n):  # branches that make arrays
    if i % 2:
        t[i] = a[i] * 2
        row = t[i] + 1
    else:
        row = a[:, i] * 3
    t[:, i] += row
print(np.round(t, 6))

k, low = 0, u * 1
while k < n and low.sum() > 0.5:  # until it is small
    low = np.where(low > 0.1, low * 0.5, low)
    k += 1
print(k < n, np.round(low.sum(), 6) > 0)

s = 0
for i in range(n):  # ints that a float does not hold
    s = (s + (3**i % 1000) * (i << 2) + (n * 2**55 + i) // (i + 1)) % 1000003
    total += (2**60 + i) / (i + 3) + np.exp(-u[i]) * np.sin(v[i])
print(s, np.round(total * 1e-18, 6))

for i in range(n):  # a message that nobody sees
    if s < 0:
        raise ValueError(f"{i} and {s}")
    s += i
print(s)

p = (np.arange(n * n).reshape(n, n) * 31 % 97 + 1).astype(float)
for k in range(n):  # shortest paths, of slices that are one element wide, of an array reshaped
    p = np.minimum(p, p[:, k : k + 1] + p[k : k + 1, :])
print(p)

g, h = a.copy(), u + 1
for c in range(n):  # elimination that exchanges rows
    best = c + np.argmax(np.abs(g[c:, c]))
    if best != c:
        g[[c, best]] = g[[best, c]]
        h[[c, best]] = h[[best, c]]
    for r in range(c + 1, n):
        factor = g[r, c] / g[c, c]
        g[r, c:] -= factor * g[c, c:]
        h[r] -= factor * h[c]
g[:, [0, -1]] = g[:, [-1, 0]]
print(np.round(g, 6), np.round(h, 6))

m = n + 1
q, x = np.ones((m, m)) + m * np.eye(m), np.zeros(m) + np.arange(m)
for _ in range(n):  # the power method, of arrays whose sizes are told in two ways
    y = q @ x
    x = y / np.linalg.norm(y)
print(np.round(x, 6))

f, g, h = u + 1, u - 1, u * 0 + 1
for i in range(2 * n):  # arrays that one way of a branch leaves as they were, or that change places
    if f[i % n] > g[i % n]:
        f, g = g, f
        h = h[::-1] + 1
    elif i % 3 == 0:
        f = f * 0.5 + h
    if i % 4 == 1:
        h[1:] = f[:-1]
    else:
        g, h = h, g * 0.25
print(np.round(f, 6), np.round(g, 6), np.round(h, 6))
