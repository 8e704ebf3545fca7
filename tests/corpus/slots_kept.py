# args: hello 3
import sys
n = int(sys.argv[2])
class P:
    __slots__ = ("x", "y")
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def norm(self):
        return self.x * self.x + self.y * self.y
    def __repr__(self):
        return f"P({self.x}, {self.y})"
    def __lt__(self, other):
        return self.norm() < other.norm()
ps = []
for i in range(n):
    ps.append(P(n - i, i * 2))
print(ps, sum(p.x for p in ps), len(ps))
ps[0].x = 100
ps[1].y += n
print(sorted(ps), min(ps), [p.norm() for p in ps])
class Node:
    __slots__ = "value", "next"
    def __init__(self, value, next=None):
        self.value = value
        self.next = next
head = None
for i in range(n + 2):
    head = Node(i * i, head)
total, at = 0, head
while at is not None:
    total += at.value
    at = at.next
print(total)
