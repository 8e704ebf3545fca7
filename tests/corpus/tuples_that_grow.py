# args: 4 3 2
import sys
from functools import lru_cache
n = int(sys.argv[1])
# growing in while
t = ()
while sum(t) < n * 3:
    t += (len(t) + 1,)
print(t, max(t), t[::-1], t.index(2), 2 in t)
# in a conditional
def build(k, acc=()):
    """backtracking with tuples"""
    if k == 0:
        return [acc]
    out = []
    for x in range(acc[-1] if acc else 1, k + 1):
        out += build(k - x, acc + (x,))
    return out
for p in build(n):
    print(p, len(p))
@lru_cache(maxsize=None)
def lcs(a, b):
    if not a or not b: return ()
    if a[0] == b[0]: return (a[0],) + lcs(a[1:], b[1:])
    return max(lcs(a[1:], b), lcs(a, b[1:]), key=len)
print(lcs(tuple(sys.argv[1:]), ("3", "2", "x")))
class Stack:
    def __init__(self, items=()): self.items = items
    def push(self, x): return Stack(self.items + (x,))
    def pop(self): return self.items[-1], Stack(self.items[:-1])
    def __len__(self): return len(self.items)
    def __repr__(self): return f"Stack{self.items}"
s = Stack()
for i in range(n): s = s.push(i * i)
print(s, len(s))
while len(s):
    x, s = s.pop()
    print(x, end=" ")
print()
def queens(n, row=0, cols=()):
    if row == n: return 1
    return sum(queens(n, row + 1, cols + (c,)) for c in range(n) if all(c != d and abs(c - d) != row - r for r, d in enumerate(cols)))
print(queens(n + 1))
def hanoi(n, a, b, c, moves=()):
    if n == 0: return moves
    moves = hanoi(n - 1, a, c, b, moves)
    moves += ((a, c),)
    return hanoi(n - 1, b, a, c, moves)
m = hanoi(n, "A", "B", "C")
print(len(m), m[:3], m[-1])
state = (0, 0)
seen = {state}
frontier = [(state, ())]
goal = n - 2
while frontier:
    (a, b), path = frontier.pop(0)
    if goal in (a, b):
        print("found", path); break
    for name, new in (("fill a", (5, b)), ("fill b", (a, 3)), ("a->b", (a - min(a, 3 - b), b + min(a, 3 - b))), ("b->a", (a + min(b, 5 - a), b - min(b, 5 - a))), ("empty b", (a, 0))):
        if new not in seen:
            seen.add(new); frontier.append((new, path + (name,)))
r = ()
for w in sys.argv[1:]:
    r = (w, r)
print(r)
