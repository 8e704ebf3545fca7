# args: 3 a b c d e
import sys
from collections import deque


class Ring:
    def __init__(self, size):
        self.items = [None] * size
        self.start = self.count = 0

    def push(self, item):
        place = (self.start + self.count) % len(self.items)
        self.items[place] = item
        if self.count < len(self.items):
            self.count += 1
        else:
            self.start = (self.start + 1) % len(self.items)

    def __iter__(self):
        for k in range(self.count):
            yield self.items[(self.start + k) % len(self.items)]


size = int(sys.argv[1])
ring, last = Ring(size), deque(maxlen=size)
for item in sys.argv[2:]:
    ring.push(item)
    last.append(item)
    print(list(ring), list(last) == list(ring))
