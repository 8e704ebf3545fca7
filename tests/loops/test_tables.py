"""Lists of equally long lists of numbers are tables: loops over them are kernels, aliases alias."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.driver import build
from tests.compiled_once import CompiledOnce, difference
from tests.evaluator.three_ways import by_cpython
from tests.loops.random_tables import program
from tests.work import launches

PROGRAMS_OF_STUDENTS = """
import sys


def zeros(n, m):
    return [[0] * m for _ in range(n)]


def matmul(a, b):
    n, m, p = len(a), len(b), len(b[0])
    c = [[0.0 for _ in range(p)] for _ in range(n)]
    for i in range(n):
        for j in range(p):
            for k in range(m):
                c[i][j] += a[i][k] * b[k][j]
    return c


def longest_common(a, b):
    t = zeros(len(a) + 1, len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            if a[i - 1] == b[j - 1]:
                t[i][j] = t[i - 1][j - 1] + 1
            else:
                t[i][j] = max(t[i - 1][j], t[i][j - 1])
    return t[-1][-1]


def shortest(n, far):
    dist = [[far] * n for _ in range(n)]
    for i in range(n):
        dist[i][i] = 0
        dist[i][(3 * i + 1) % n] = i + 2
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if dist[i][k] + dist[k][j] < dist[i][j]:
                    dist[i][j] = dist[i][k] + dist[k][j]
    return dist


def life(grid, steps):
    n, m = len(grid), len(grid[0])
    for _ in range(steps):
        new = zeros(n, m)
        for y in range(n):
            for x in range(m):
                near = 0
                for dy in (-1, 0, 1):
                    for dx in (-1, 0, 1):
                        if dy or dx:
                            near += grid[(y + dy) % n][(x + dx) % m]
                new[y][x] = 1 if near == 3 or (near == 2 and grid[y][x]) else 0
        grid = new
    return grid


def relaxed(n, steps):
    old = [[float(y == 0) for x in range(n)] for y in range(n)]
    new = [row[:] for row in old]
    for _ in range(steps):
        for y in range(1, n - 1):
            for x in range(1, n - 1):
                new[y][x] = 0.25 * (old[y - 1][x] + old[y + 1][x] + old[y][x - 1] + old[y][x + 1])
        old, new = new, old
    return old


def solve(a, n):
    for i in range(n):
        best = i
        for k in range(i + 1, n):
            if abs(a[k][i]) > abs(a[best][i]):
                best = k
        a[i], a[best] = a[best], a[i]
        a[i] = [x / a[i][i] for x in a[i]]
        for k in range(n):
            if k != i:
                f = a[k][i]
                for j in range(i, n + 1):
                    a[k][j] -= f * a[i][j]
    total = 0.0
    for row in a:
        total += row[n]
    return total


def fill(grid, seen, y, x):
    if y < 0 or y >= len(grid) or x < 0 or x >= len(grid[0]):
        return 0
    if not grid[y][x] or seen[y][x]:
        return 0
    seen[y][x] = True
    return (1 + fill(grid, seen, y + 1, x) + fill(grid, seen, y - 1, x)
            + fill(grid, seen, y, x + 1) + fill(grid, seen, y, x - 1))


n = int(sys.argv[1])
a = [[i * j % 7 + 0.5 for j in range(n)] for i in range(n)]
b = []
for i in range(n):
    row = []
    for j in range(n):
        row.append(i - j * 0.25)
    b.append(row)
c = matmul(a, b)
trace = 0.0
for i in range(n):
    trace += c[i][i]
print(trace, c[0], len(c))
print(longest_common([i * 7 % 5 for i in range(n)], [i * 11 % 3 for i in range(n + 2)]))
print(shortest(n, 10**9))
g = life([[(x * y + x) % 3 % 2 for x in range(n + 1)] for y in range(n)], n)
alive = 0
for row in g:
    for x in row:
        alive += x
print(alive, g)
system = [[(i * j) % 5 + (9.0 if i == j else 0.5) for j in range(n)] + [1.0] for i in range(n)]
print(f"{solve(system, n):.9f}")
print(relaxed(n, 5)[1])
print(fill([[(x * y + x) % 4 != 1 for x in range(n)] for y in range(n)],
           [[False] * n for _ in range(n)], 0, 0))
"""


def test_what_students_write_takes_as_many_launches_however_large_it_is(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path, elf = tmp_path / "program.py", str(tmp_path / "out.elf")
    path.write_text(PROGRAMS_OF_STUDENTS)
    build(str(path), elf)
    counts = set()
    for n in ("4", "9"):
        count, printed = launches(elf, [n], capfd)
        assert printed == by_cpython(path, [n])[0]
        counts.add(count)
    assert len(counts) == 1


NAMES_OF_ROWS = """
import sys
n = int(sys.argv[1])


def table():
    return [[i * 10 + j for j in range(3)] for i in range(n)]


a = table()
row = a[1]
row[2] = 7
a[1][0] += row[2]
print(a, row, row is a[1], row is a[0], a[1] is a[n - 4])
best = a[0]
for r in a:
    if r[0] > best[0]:
        best = r
best[1] = -5
for i in range(n):
    if i % 2:
        row = a[i]
    row[0] += 1
print(a, best, row)

b = [[i * 10 + j for j in range(3)] for i in range(n)]
old = b[0]
b[0] = [0, 0, 0]
b[0][1] = 4
old[0] = -1
print(b, old)

c = [[i * 10 + j for j in range(3)] for i in range(n)]
c[0] = c[1]
c[0][2] = 100
one = [5, 6, 7]
c[2] = one
one[0] = 50
c[2][1] = 60
print(c, one)
c[n - 1] = [1, 2]
print(c)

d = [[i * 10 + j for j in range(3)] for i in range(n)]
row = d[0]
for i in range(n):
    row[1] += 1
    row = d[i]
    if i == 2:
        d[i] = [0, i, 1]
print(d, row)

e = [[0] * 3] * 3
e[0][n % 3] = 1
print(e)

f = [[i * 10 + j for j in range(3)] for i in range(n)]
for i in range(n // 2):
    f[i], f[n - 1 - i] = f[n - 1 - i], f[i]
print(f)
row = f[0]
f[0], f[1] = f[1], f[0]
row[0] = -9
print(f)

def raising(n):
    t = [[0.0, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 0.5]]
    row = t[0]
    if t[-2][n % 2] > 0.0:
        row[-1] = t[n - 3][n % 2] * 0.5 - row[1]
    else:
        row[n - 2] += 0.25
    copied = [each[:] for each in t]
    for each in copied:
        t[0][0] = max(copied[0][n - 4], -1.0)
    return t, copied


try:
    print(raising(n))
except IndexError as error:
    print(error)

g = [[0] * i for i in range(n)]
for i in range(n):
    for j in range(i):
        g[i][j] = i * j
print(g)

h = []
for i in range(n):
    if i % 2 == 0:
        h.append([i, i + 1])
print(h, len(h))
for r in h:
    r[0] *= 2
h.append([n, n])
copy = [r[:] for r in h]
copy[0][0] = 99
print(h, copy, h[-1], h[0] == copy[0], h[1] == copy[1])

k = [[1, 2], [3, 4]]
for i in range(n):
    k.append([i, i])
k[0].append(5)
print(k, [1 if i == n else 0.5 for i in range(3)])

m = [[0] * 2 for _ in range(n)]
for i in range(n):
    m[i][i % 2] += i * 0.5
print(m)
"""

MADE_IN_BRANCHES = """
import sys
n = int(sys.argv[1])
t = []
if n > 2:
    for i in range(n):
        t.append([i, i * i])
print(t, len(t))
u = []
for k in range(n):
    for i in range(2):
        u.append([k, i])
print(u)
w = []
for i in range(n):
    if i == 3:
        break
    w.append([i, 0])
print(w)
x = []
for i in range(n):
    if i % 2:
        continue
    r = [i] * 3
    x.append(r)
    r[1] = -1
print(x)
old, new = [[1.0] * n for _ in range(n)], [[0.0] * n for _ in range(n)]
for step in range(3):
    for i in range(1, n - 1):
        for j in range(1, n - 1):
            new[i][j] = old[i - 1][j] + old[i][j + 1]
    old, new = new, old
print(old, new)
"""

FAILING = """
import sys
n = int(sys.argv[1])
t = [[0] * n for _ in range(n)]
for at in (0, 1, 2):
    try:
        for i in range(n):
            t[i][i + at] = i + 1
            t[i + at][i] += 1
    except IndexError as error:
        print(error, t)
for i in range(n):
    t[n - 1 - i][2 * i] = 5
"""


def test_what_names_a_row_names_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(NAMES_OF_ROWS)
    compiled = CompiledOnce(path)
    for executor in ("ir", "emu"):
        assert difference(compiled.run(executor, ["5"]), by_cpython(path, ["5"])) is None


@pytest.mark.parametrize("argument", ["1", "5"])
def test_rows_come_from_where_a_path_makes_them(argument: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(MADE_IN_BRANCHES)
    assert CompiledOnce(path).run("emu", [argument]) == by_cpython(path, [argument])


def test_a_subscript_out_of_range_raises_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(FAILING)
    assert CompiledOnce(path).run("emu", ["4"]) == by_cpython(path, ["4"])


@pytest.mark.parametrize("seed", range(6))
def test_a_random_function_prints_what_it_prints_in_cpython(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(program(range(seed, seed + 1)))
    compiled = CompiledOnce(path)
    for arguments in (["4", "3"], ["5", "6"]):
        assert difference(compiled.run("emu", arguments), by_cpython(path, arguments)) is None
