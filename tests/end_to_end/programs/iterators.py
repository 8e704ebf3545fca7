# args: 3
import itertools
import sys
from collections import Counter, deque

n = int(sys.argv[1])
it = iter([1, 2, 3, 4, 5])
if n > 2:
    next(it)
print(next(it), list(it))
for x in (source := iter([4, 5, 6, 7])):
    if x > n + 1:
        break
print("left", [y * 10 for y in source])
xs = []
growing = True
while growing:
    if len(xs) < n:
        xs.append(len(xs))
    else:
        growing = False
print(xs, next((x for x in xs if x > 0), -1))
pairs = itertools.product([1, 2], [3, 4])
for _ in range(n):
    next(pairs)
print(next(pairs))
counts, queue = Counter("hello"), deque([1, 2, 3])
if n > 2:
    counts["l"] += n
    queue[0] = 9
print(counts["l"], counts["h"], queue[0], len(queue))


class Tally:
    total = 0


for i in range(n):
    Tally.total += i
print(Tally.total, sum(itertools.islice(itertools.count(n), 3)))
