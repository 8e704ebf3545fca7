"""Dictionaries of arrays with keys of which only run time knows."""
import sys
import numpy as np
names = sys.argv[1:]
d = {}
for i, name in enumerate(names):
    if name in d:
        d[name] = d[name] + 10
    else:
        d[name] = np.arange(3) * (i + 1)
for name, a in d.items():
    print(name, a, a.sum())
print([a.max() for a in d.values()])
print(d.get("zz"), d.get(names[0]), d.get("zz", np.zeros(2, int)))
best = max(d, key=lambda k: d[k].sum())
print(best, sorted(d.items(), key=lambda kv: -kv[1][1])[0][0])
x = d.pop(names[0])
print(x * 2, len(d), d)
y = d.setdefault("new", np.ones(3, int))
print(y, d["new"], sorted(d))
total = np.zeros(3, int)
for v in d.values():
    total += v
print(total, np.sum(list(d.values()), axis=0), np.stack(list(d.values())).shape)
e = dict(d)
e["q"] = np.full(3, 2)
print(e, len(d))


class Model:
    def __init__(self):
        self.params = {}

    def add(self, name, shape):
        self.params[name] = np.ones(shape)

    def scale(self, by):
        for key in self.params:
            self.params[key] = self.params[key] * by


model = Model()
for name in sorted(d):
    model.add(name, 3)
model.scale(2.5)
print(model.params)
written = {}
for name in names:
    written[name] = np.zeros(2)
for i, name in enumerate(names):
    written[name] += i
    written[name][0] -= 1
print(written, [array.tolist() for array in written.values()])
weights = {"W": np.ones((2, 3)), "b": np.zeros(3)}
speeds, first = {}, {}
for name in names:
    for key in weights:
        step = weights[key] * 0.1 + 1
        if key not in first:
            first[key] = np.zeros_like(step)
        first[key] += step
        speeds[key] = 0.9 * speeds.get(key, 0) + step
        weights[key] = weights[key] - 0.1 * speeds[key]
print(weights["W"][0], speeds["b"], first["W"].shape)
counts = {}
for name in names:
    counts[name] = counts.get(name, np.zeros(2)) + 1
print(counts)
