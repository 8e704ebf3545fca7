import sys
import numpy as np
n = int(sys.argv[1])
a = np.zeros((n, 3)); b = np.zeros((n + 1, 3)); c = np.zeros((n + 1, 4)); v = np.zeros(n); w = np.zeros(n + 2); k = np.zeros((2, n, n + 1)); q = np.zeros((3, n + 1, n))
def t(f):
    try:
        f()
    except (ValueError, IndexError, TypeError) as e:
        print(type(e).__name__, e)
def s1(): a[:] = b
def s2(): a[:, 0] = w
def s3(): v[:] = a
def s4(): a[:] = np.zeros((2, n, 3))
def i1():
    global v
    v += w
def i2():
    global v
    v += a
def i3():
    global a
    a *= b
def i4():
    z = np.zeros((n, 1))
    z += a
t(lambda: a + b); t(lambda: a * c); t(lambda: v + w); t(s1); t(s2); t(s3); t(s4); t(i1); t(i2); t(i3); t(i4)
t(lambda: a @ c); t(lambda: k @ k); t(lambda: k @ q); t(lambda: np.where(v > 0, w, 0)); t(lambda: np.broadcast_to(v, (n + 1,))); t(lambda: np.broadcast_to(v, (2, n + 1)))
t(lambda: np.concatenate([a, b], axis=1)); t(lambda: np.concatenate([a, v])); t(lambda: np.stack([v, w])); t(lambda: np.vstack([v, w])); t(lambda: a.reshape(n, 4)); t(lambda: a.reshape(-1, 4)); t(lambda: a.reshape(n + 1, -1))
t(lambda: a[n]); t(lambda: a[:, n + 5]); t(lambda: a[[0, n]]); t(lambda: a[np.ones(n + 1, bool)]); t(lambda: a[[0, 1], [0, 1, 2]]); t(lambda: a[0, 0, 0])
t(lambda: np.dot(a, a)); t(lambda: np.dot(v, w)); t(lambda: np.zeros((0, n)).max(0)); t(lambda: np.array([]).argmin()); t(lambda: np.zeros(n - n).max())
t(lambda: v.reshape(n - 1, n - 1)); t(lambda: np.take(v, [n])); t(lambda: a.transpose(0)); t(lambda: np.swapaxes(a, 0, 2)); t(lambda: np.squeeze(a, 0)); t(lambda: np.linspace(0, 1, -n)); t(lambda: np.zeros(-n))
t(lambda: np.outer(v, w) + a); t(lambda: np.append(a, c, axis=0)); t(lambda: np.delete(v, n)); t(lambda: np.insert(v, n + 1, 0)); t(lambda: np.compress(np.ones(n + 1, bool), v)); t(lambda: np.repeat(v, np.arange(n + 1))); t(lambda: np.put(np.zeros(n), [n], 1)); t(lambda: np.searchsorted(a, 1)); t(lambda: np.bincount(np.array([-1, n]))); t(lambda: np.put_along_axis(np.zeros((n, 3)), np.zeros(3, int), 0, 0))
t(lambda: np.transpose(a, (0, 0))); t(lambda: np.add(v, 1, out=np.zeros(n, int))); t(lambda: np.zeros(n, int) << 1.5)
