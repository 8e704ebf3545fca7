# args: 4 5 6
import sys
from itertools import chain, count, islice
n = int(sys.argv[1])
a = [i * 2 for i in range(n)]
def tens(k):
    for i in range(k):
        yield i * 10
kept = []
for i in range(n):
    kept.append(zip(a, tens(i + 1)))
    kept.append(map(lambda x, y: x + y, a, tens(i)))
    kept.append(iter(sys.argv[1:]))
for one in kept:
    print(next(one, None), list(one))
odd = (p for p in count(2) if p % 2)
print(list(islice(odd, n)), next(odd))
it = iter(sys.argv[1:])
print(list(zip(it, it)))
c = chain(a, [7, 8], range(n))
print(list(zip(c, c)))
it = iter(a)
for x, y in zip(it, it):
    print(x, y)
def groups(items, k):
    return zip(*[iter(items)] * k)
for group in groups("abcdefg", 3):
    print(group)
class Rows:
    def __init__(self, rows):
        self.rows = [list(row) for row in rows]
    def added(self, other):
        return Rows([x + y for x, y in zip(r, s)] for r, s in zip(self.rows, other.rows))
rows = Rows([i, n] for i in range(n))
try:
    print(rows.added(rows).rows)
except ValueError as error:
    print(error)
