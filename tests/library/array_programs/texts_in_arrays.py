"""Arrays of texts: made, chosen from by run-time positions, compared, sorted, written to, printed."""

import sys

import numpy as np

n, word = int(sys.argv[1]), sys.argv[2]
a = np.array(["pear", "fig", "apple", "fig", "kiwi", "pear"])
print(a, a.dtype, repr(a[n]), [a[n], a[-1]], a[::-n], a == word, (a < word).sum(), word in a)
values, first, counts = np.unique(a, return_index=True, return_counts=True)
print(values[np.argmax(counts)], first, dict(zip(values.tolist(), counts.tolist())))
for value, count in zip(values, counts):
    print(f"{value:>8}: {count}", value.upper(), value == word)
print(np.argsort(a), np.concatenate([a[:2], ["x" * n]]), np.isin(a, [word, "kiwi"]))
print(np.where(np.arange(6) > n, a, "-"), np.full(n, word), np.zeros((n, 2), "U3").tolist())
table = a.reshape(2, -1)
table[0, n] = "too long for it"
table[table == "kiwi"] = word
print(a, table.T, np.sort(table), ",".join(a[[0, n]]), np.lexsort((a, np.arange(6) % 2)))
print(np.array([1, n, 3]).astype(str), np.array(["1", str(n)]).astype(float) * n)
print(np.char.upper(a[:n]) + "!", np.strings.find(a, "i"), np.char.str_len(a[n:]))
given = np.array(sys.argv[1:])
print(given, given.dtype, np.unique((word + " b a b").split()))
people = np.array(
    [("Rex", 9, 81.0), ("Fido", 3, 27.5), ("Ann", 3, 1.5)],
    dtype=[("name", "U10"), ("age", "i4"), ("weight", "f8")],
)
people["name"][n] = word
people[0] = ("Zed", n, 2.5)
print(people, people[n]["name"], people[people["name"] == "Zed"], people["name"])
print(np.sort(people, order=["age", "name"]), [one["name"] for one in people])
rng = np.random.default_rng(n)
print(rng.choice(a, 3), rng.permutation(["x", "y", "z"]), rng.choice([word, "other"], p=[0.5, 0.5]))
kept = np.arange(n + 2).astype(np.int8, casting="same_value")
for dtype in (np.uint8, np.float32, float, bool):
    try:
        print((kept - n * 0.1).astype(dtype, casting="same_value"))
    except ValueError as error:
        print(error)
try:
    print(np.array([word]).astype(int))
except ValueError as error:
    print(error)
pairs = (np.arange(12).reshape(6, 2) // 3 % n).view([("first", int), ("second", int)])
print(pairs.shape, np.unique(pairs), np.unique(pairs, return_counts=True)[1])
for without in (pairs, pairs[0, 0], a):
    try:
        print(without.no_such_attribute)
    except AttributeError as error:
        print(error)
print(hasattr(pairs, "nbytes"), hasattr(a, "no_such_attribute"))
fields = np.dtype([("name", "U8"), ("age", "i4"), ("score", "f8")])
rows = [tuple(line.split(",")) for line in f"{word},3,1.5 ab,{n},-2".split()]
read = np.zeros(len(rows), fields)
for i, (name, age, score) in enumerate(rows):
    read[i] = name, age, float(score)
print(read, np.array(rows, fields)[::-1], np.array([(r[0], int(r[1]), 0.5) for r in rows], fields)["age"])
labels = np.array([row[0] for row in rows])
for label in np.unique(labels):
    chosen = labels == label
    print(label, chosen.sum())
labels[:2] = rows[0][:2]
print(labels)
shares = np.array([float(row[2]) for row in rows])
ends = np.array([0, n])
part = slice(ends[0], ends[1])
print(shares[part], part, np.stack([np.ones(2)] * n)[part, 0], "abc"[part])
codes = np.frombuffer(f"{word}s".encode(), np.uint8)
print(codes, bytes(codes[::-1]).decode(), np.frombuffer(np.arange(n).tobytes(), int, offset=8))
for size in (2, 99):
    try:
        print(np.frombuffer(f"{word}{n}".encode(), np.int16, count=size - 1))
        codes[0] = 1
    except ValueError as error:
        print(error)
print(np.array([part.strip().upper() for part in f"{word} ;b".split(";")]))
print(isinstance(a, np.ndarray), a == 1, a != None, a == np.arange(6), 1.5 != a)
for call in (
    lambda: a + 1, lambda: 2.0 - a, lambda: a / 2, lambda: -a, lambda: a > 1,
    lambda: np.sqrt(a), lambda: np.power(a, 2), lambda: a == np.arange(7),
    lambda: np.where(a == "fig", a, 0), lambda: np.where(a == "fig", 1.5, a),
):  # fmt: skip
    try:
        print(call())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
grid = np.array([list(one) for one in (word, word[::-1])])
print(np.array([*word]), np.array(list(word)), np.array(sorted(word)), grid, grid.T[0], np.argwhere(grid == word[0]))
lines = np.array([list(one) for one in f"{word} {word}".split()])
print(lines.shape, ["".join(line) for line in lines], lines[0, -1], np.where(lines == word[0], 1, 0))
