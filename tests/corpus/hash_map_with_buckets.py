# args: 5 apple=3 pear=4 fig=1 apple=9 kiwi=2 plum=8
import sys


class HashMap:
    def __init__(self, size):
        self.size = size
        self.buckets = [[] for _ in range(size)]
        self.count = 0

    def _index(self, key):
        h = 0
        for ch in key:
            h = (h * 31 + ord(ch)) % 1000003
        return h % self.size

    def put(self, key, value):
        bucket = self.buckets[self._index(key)]
        for i, (k, v) in enumerate(bucket):
            if k == key:
                bucket[i] = (key, value)
                return
        bucket.append((key, value))
        self.count += 1
        if self.count > self.size:
            self._grow()

    def _grow(self):
        old = self.buckets
        self.size *= 2
        self.buckets = [[] for _ in range(self.size)]
        self.count = 0
        for bucket in old:
            for k, v in bucket:
                self.put(k, v)

    def get(self, key, default=None):
        for k, v in self.buckets[self._index(key)]:
            if k == key:
                return v
        return default

    def remove(self, key):
        i = self._index(key)
        before = len(self.buckets[i])
        self.buckets[i] = [(k, v) for k, v in self.buckets[i] if k != key]
        removed = before - len(self.buckets[i])
        self.count -= removed
        return removed > 0

    def __len__(self):
        return self.count

    def __contains__(self, key):
        return self.get(key) is not None

    def items(self):
        for bucket in self.buckets:
            for pair in bucket:
                yield pair


table = HashMap(int(sys.argv[1]))
for word in sys.argv[2:]:
    k, v = word.split("=")
    table.put(k, int(v))
print(len(table), table.get("apple"), table.get("mango"), "fig" in table)
print(sorted(table.items()))
print(table.remove("pear"), table.remove("pear"), len(table))
print(table.buckets)
