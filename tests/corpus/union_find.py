# args: 8 0-1 2-3 1-3 5-6
import sys


class UnionFind:
    def __init__(self, n):
        self.parent = list(range(n))
        self.size = [1] * n

    def find(self, x):
        while self.parent[x] != x:
            self.parent[x] = self.parent[self.parent[x]]
            x = self.parent[x]
        return x

    def union(self, a, b):
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        if self.size[a] < self.size[b]:
            a, b = b, a
        self.parent[b] = a
        self.size[a] += self.size[b]
        return True


n = int(sys.argv[1])
sets = UnionFind(n)
for pair in sys.argv[2:]:
    a, b = map(int, pair.split("-"))
    print(pair, sets.union(a, b))
print([sets.find(i) for i in range(n)])
print(len({sets.find(i) for i in range(n)}), "sets")
