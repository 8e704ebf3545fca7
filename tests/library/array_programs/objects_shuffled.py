import sys
import numpy as np
n = int(sys.argv[1])
cache = np.full((n + 1, n + 1), None, dtype=object)
def binom(a, b):
    if b == 0 or a == b:
        return 1
    if cache[a, b] is None:
        cache[a, b] = binom(a - 1, b - 1) + binom(a - 1, b)
    return cache[a, b]
print(binom(n, n // 2))
print((cache != None).sum())
deck = np.array([f"{r}{s}" for s in "CDHS" for r in "A23"], dtype=object)
rng = np.random.default_rng(3)
rng.shuffle(deck)
print(deck)
hands = deck.reshape(3, 4)
print(hands, np.sort(hands, axis=1)[0])
print(rng.choice(deck, 3, replace=False), rng.permutation(deck)[:2])
print(np.array_split(deck, 5)[0], np.split(deck, 3)[1], np.hstack([deck[:2], "x"]))
names = np.array(["b", "a", "c"], dtype=object)
order = names.argsort()
print(order, names[order], np.take(names, [0, 2]), np.repeat(names, 2), np.vstack([names, names]).shape)
it = iter(names)
print(next(it), list(it))
print({k: v for k, v in zip(names, range(3))}, dict(enumerate(names)))
print(" ".join(names), sorted(set(names)), max(names), "a" in names.tolist())
a, b, c = names
print(a, b, c, *names)
x = np.arange(6).astype(object).reshape(2, 3)
x[x > 3] = "big"
print(x, x.T[0], x.flatten()[::2])
print(np.frompyfunc(lambda v: v if isinstance(v, str) else v * 2, 1, 1)(x))
