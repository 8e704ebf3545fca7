# args: 4 5
import operator
import sys
from collections import UserDict
from collections.abc import MutableMapping, Sequence
class Lower(MutableMapping):
    def __init__(self):
        self.held = {}
    def __getitem__(self, key):
        return self.held[key.lower()]
    def __setitem__(self, key, value):
        self.held[key.lower()] = value
    def __delitem__(self, key):
        del self.held[key.lower()]
    def __iter__(self):
        return iter(self.held)
    def __len__(self):
        return len(self.held)
kept = []
for text in sys.argv[1:]:
    lower = Lower()
    lower["A"] = int(text)
    lower.update({"B": 2}, c=3)
    kept.append(lower)
for lower in kept:
    print(lower.get("a"), lower.get("q", 7), sorted(lower.items()), "B" in lower, "z" in lower)
    print(lower.pop("B"), lower.pop("B", "gone"), list(lower.keys()), len(lower))
n = len(sys.argv)
def evens():
    for i in range(n):
        yield i * 2
print({1, 3}.isdisjoint(evens()), operator.indexOf(evens(), 4), operator.countOf(evens(), 2))
some = iter([1, n, 3, 5])
print(n in some, list(some), all(iter([n, 0])))
