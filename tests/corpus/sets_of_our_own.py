# args: ab ab cd
import sys
from collections.abc import Set
class Few(Set):
    def __init__(self, items):
        self.items = list(items)
    def __contains__(self, x):
        return x in self.items
    def __iter__(self):
        return iter(self.items)
    def __len__(self):
        return len(self.items)
sets = []
for a in sys.argv[1:]:
    sets.append(Few(a))
print(sets[0] == sets[1])
print(sorted(sets[0] & sets[-1]), sorted(sets[0] - sets[1]))
print(sets[0] < sets[-1], sets[0] <= sets[1], sets[0] != sets[1], sets[0].isdisjoint(sets[1]))
