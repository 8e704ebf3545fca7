# args: ab ab cd abc
import sys
from collections.abc import Mapping

class Bag(Mapping):
    def __init__(self, pairs):
        self._d = dict(pairs)
    def __getitem__(self, k):
        return self._d[k]
    def __iter__(self):
        return iter(self._d)
    def __len__(self):
        return len(self._d)

bags = []
for a in sys.argv[1:]:
    bags.append(Bag([(a, len(a))]))
for one in bags:
    print([one == other for other in bags], [one != other for other in bags], one in bags[1:])
print(bags[0] == {sys.argv[1]: len(sys.argv[1])}, {sys.argv[1]: 2} == bags[0])
print(dict(bags[0]), bags[0].get("zz", 5), list(bags[0].items()), sys.argv[1] in bags[0])
print({**bags[0], "x": 1}, list(bags[0].keys()), list(bags[0].values()))
