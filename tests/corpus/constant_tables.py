# args: apple a x + square b a r
import sys
PRICES = {"apple": 1.5, "pear": 2.25}
NAMES = {1: "one", 2: "two", 3: "three"}
MIXED = {"a": 1, "b": "two", "c": None, "d": (1, 2.5)}
BIG = {"x": 1 << 70, "y": 1}
PAIRS = {(0, 1): "up", (1, 0): "right"}
FLAGS = {True: "yes", False: "no"}
OPS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "max": max}
ROWS = {"r": [1, 2], "s": [3]}
VOWELS = set("aeiou")
WORDS = frozenset(["the", "a", "an", "of"])
NESTED = {"a": {"b": 1}, "c": {"d": 2}}


def attempt(what):
    try:
        print(what())
    except (KeyError, TypeError) as error:
        print(type(error).__name__, error)


words = sys.argv[1:]
n = len(words)
for word in words:
    attempt(lambda: PRICES[word] * 2)
    attempt(lambda: MIXED[word])
    attempt(lambda: BIG[word])
    attempt(lambda: OPS[word](n, 2))
    attempt(lambda: ROWS[word])
    attempt(lambda: NESTED[word])
    print(PRICES.get(word), PRICES.get(word, 0), MIXED.get(word, "?"), word in PRICES, word in WORDS)
    print([c in VOWELS for c in word], [c for c in word if c not in VOWELS], len(word) in NAMES)
    print(NAMES.get(len(word)), NAMES.get(len(word), word))
    attempt(lambda: NAMES[len(word)].upper())
    print(PAIRS.get((len(word) % 2, 1 - len(word) % 2)), FLAGS[word == "a"])
    attempt(lambda: PRICES[[word]])
    op = OPS.get(word)
    print(op(3, n) if op else "none")
print(sorted(PRICES), list(NAMES.items()), sum(PRICES.values()), sorted(OPS), len(WORDS))
for name, price in PRICES.items():
    print(f"{name}: {price:.2f}")
ROWS[words[0]] = [n]
print(ROWS)
counts = {"a": 0, "b": 0}
for word in words:
    if word in counts:
        counts[word] += 1
    print(counts.get(word), counts)
seen = {}
seen["z"] = 1
print(seen.get(words[0]))
seen["y"] = 2
print(seen.get(words[0]), "y" in seen, words[0] in seen)
stages = {"one": 1}
for word in words:
    print(stages.get(word, 0))
    stages["two"] = len(word)
print(stages)


class Shape:
    sides = {"triangle": 3, "square": 4}

    def of(self, name):
        return self.sides[name] if name in self.sides else -1


print([Shape().of(word) for word in words])
