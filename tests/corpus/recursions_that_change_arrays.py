# args: 7
import sys

import numpy as np

n = int(sys.argv[1])
a = np.arange(n * 9) * 7919 % 1009


def quick(lo, hi):
    if lo >= hi:
        return
    pivot = a[hi]
    i = lo
    for j in range(lo, hi):
        if a[j] < pivot:
            a[i], a[j] = a[j], a[i]
            i += 1
    a[i], a[hi] = a[hi], a[i]
    quick(lo, i - 1)
    quick(i + 1, hi)


quick(0, len(a) - 1)
print(a)


def queens(row, columns, rising, falling):
    if row == n:
        return 1
    count = 0
    for c in range(n):
        x, y, z = 1 << c, 1 << (row + c), 1 << (row - c + n)
        if columns & x or rising & y or falling & z:
            continue
        count += queens(row + 1, columns | x, rising | y, falling | z)
    return count


print(queens(0, 0, 0, 0))
grid = (np.arange(n * n) * 7 % 11 % 3).reshape(n, n)


def fill(i, j, old, new):
    if i < 0 or j < 0 or i >= n or j >= n or grid[i, j] != old:
        return 0
    grid[i, j] = new
    found = 1
    for d in range(-1, 2, 2):
        found += fill(i + d, j, old, new)
        found += fill(i, j + d, old, new)
    return found


largest = 0
for i in range(n):
    for j in range(n):
        if grid[i, j] < 3:
            largest = max(largest, fill(i, j, grid[i, j], 3 + i))
print(largest)
print(grid)
order = np.arange(n - 2)
seen = np.zeros(8)


def permute(k):
    if k == len(order):
        place = 0
        for i in range(k):
            place = (place * 3 + order[i]) % 8
        seen[place] += 0.5
        return
    for i in range(k, len(order)):
        order[k], order[i] = order[i], order[k]
        permute(k + 1)
        order[k], order[i] = order[i], order[k]


permute(0)
print(order, seen)
pegs = np.zeros((3, n), dtype=np.int64)
height = np.array([n, 0, 0])
pegs[0] = np.arange(n, 0, -1)


def move(k, source, target):
    moves = 0
    if k > 0:
        other = 3 - source - target
        moves += move(k - 1, source, other)
        height[source] -= 1
        pegs[target, height[target]] = pegs[source, height[source]]
        pegs[source, height[source]] = 0
        height[target] += 1
        moves += 1 + move(k - 1, other, target)
    return moves


print(move(n, 0, 2), height)
print(pegs)
weights = np.arange(2, 2 + n) * 3 % 13
chosen = np.zeros(n, dtype=bool)


def sums(i, left):
    if left == 0:
        return 1, int(chosen.sum())
    if left < 0 or i == n:
        return 0, 0
    found, most, skip = 0, 0, 0
    while skip < 2:
        chosen[i] = skip == 0
        ways, used = sums(i + 1, left - weights[i] * (1 - skip))
        found += ways
        if used > most:
            most = used
        skip += 1
    chosen[i] = False
    return found, most


for left in range(12, 15):
    print(*sums(0, left))
hits = np.zeros(n)


def fall(k):
    hits[k] += 1 / (3 - k)
    for i in range(2):
        if k < n:
            fall(k + 1 + i)


fall(0)
print(hits)
