import numpy as np
from collections import deque

buckets = np.empty(5, dtype=object)
for i in range(5):
    buckets[i] = []
for x in [12, 7, 33, 41, 8, 22, 17]:
    buckets[x % 5].append(x)
print(buckets)
print([len(b) for b in buckets], buckets[2])
for i, b in np.ndenumerate(buckets):
    print(i, b)
graph = np.full((3, 3), None)
graph[0, 1] = "a->b"
graph[1, 2] = "b->c"
print(graph)
print(graph != None, (graph != None).sum())
print(np.argwhere(graph != None).tolist(), graph[graph != None])
fs = np.array([abs, len, lambda x: x + 1], dtype=object)
print(fs[0](-3), fs[1]([1, 2]), fs[2](4), fs.shape)
cache = np.empty((2, 3), dtype=object)
print(cache[0, 0] is None, cache)
cache.fill(0)
cache[0] += 5
cache[:, 1] *= 3
print(cache, cache.sum(axis=0), cache.sum(axis=1), cache.max(), cache.mean(), cache.std())
sets = np.array([{1, 2}, {3}, set()])
print(sets, sets[0] | sets[1])
d = np.array({"a": 1})
print(d, d.shape, d.item()["a"], d[()]["a"])
x = np.array([1.5, "x", (1, 2), [3, 4], {"k": 1}], dtype=object)
print(x)
print(repr(x))
big = np.arange(2000).astype(object)
print(big)
print(
    np.array(
        [
            ["long text number one", "another long text here"],
            ["yet another long one", "and the last long text"],
        ],
        dtype=object,
    )
)
print(np.array([None] * 30))
