# args: 3 a b c a d
import sys
from collections import OrderedDict
class LRU(OrderedDict):
    def __init__(self, size):
        super().__init__()
        self.size = size
    def __getitem__(self, k):
        v = super().__getitem__(k)
        self.move_to_end(k)
        return v
    def __setitem__(self, k, v):
        if k in self:
            self.move_to_end(k)
        super().__setitem__(k, v)
        if len(self) > self.size:
            oldest = next(iter(self))
            del self[oldest]
caches = []
for size in range(1, int(sys.argv[1]) + 1):
    c = LRU(size)
    for i, w in enumerate(sys.argv[2:]):
        c[w] = i
    caches.append(c)
for c in caches:
    print(list(c.items()), len(c), c.size)
    for k in list(c):
        c[k]
        break
    print(list(c))
