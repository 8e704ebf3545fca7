# args: 6
# stdin: 0 1 7
# stdin: 1 2 3
# stdin: 0 2 1
# stdin: 3 4 2
# stdin: 4 5 9
# stdin: 3 5 4
# stdin: 2 3 6
import sys


class UnionFind:
    def __init__(self, n):
        self.parent = list(range(n))
        self.rank = [0] * n
        self.sets = n

    def find(self, x):
        while self.parent[x] != x:
            self.parent[x] = self.parent[self.parent[x]]
            x = self.parent[x]
        return x

    def union(self, a, b):
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        if self.rank[a] < self.rank[b]:
            a, b = b, a
        self.parent[b] = a
        if self.rank[a] == self.rank[b]:
            self.rank[a] += 1
        self.sets -= 1
        return True


edges = []
for line in sys.stdin:
    u, v, w = map(int, line.split())
    edges.append((w, u, v))
edges.sort()
uf = UnionFind(int(sys.argv[1]))
tree, total = [], 0
for w, u, v in edges:
    if uf.union(u, v):
        tree.append((u, v))
        total += w
print(total, tree, uf.sets)
groups = {}
for i in range(int(sys.argv[1])):
    groups.setdefault(uf.find(i), []).append(i)
print(groups, uf.parent)
