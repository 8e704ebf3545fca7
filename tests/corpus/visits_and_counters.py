# args: 5 2
import sys
class Node:
    def __init__(self, value):
        self.value = value
        self.children = []
        self.visit = None
    def walk(self):
        if self.visit:
            self.visit(self)
        for c in self.children:
            c.walk()
def shout(node):
    print("node", node.value)
def count(node):
    global total
    total += node.value
total = 0
n = int(sys.argv[1])
root = Node(n)
cur = root
for i in range(n):
    child = Node(i)
    child.visit = shout if i % 2 else count
    cur.children.append(child)
    if i % int(sys.argv[2]) == 0:
        cur = child
root.walk()
print(total)
def make_counter():
    seen = []
    def hit(x):
        seen.append(x)
        return len(seen)
    return hit
hits = {}
for w in ["a", "b", "a", "c", "a"]:
    key = w * int(sys.argv[2])
    if key not in hits:
        hits[key] = make_counter()
    print(key, hits[key](w))
