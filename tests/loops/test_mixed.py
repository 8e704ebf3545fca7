"""Lists of ints, floats and None print what they do in CPython, and loops over them are kernels."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_mixed import Mixed

from fleet.driver import build
from tests.compiled_once import CompiledOnce, difference
from tests.evaluator.three_ways import by_cpython
from tests.work import launches

PROGRAM = """
import math
import sys

n = int(sys.argv[1])
inf = float("inf")


def dijkstra(near, start):
    dist, parent, done = [inf] * n, [None] * n, [False] * n
    dist[start] = 0
    for _ in range(n):
        u = -1
        for v in range(n):
            if not done[v] and (u == -1 or dist[v] < dist[u]):
                u = v
        if dist[u] == inf:
            break
        done[u] = True
        for v in range(n):
            if near[u][v] != inf and dist[u] + near[u][v] < dist[v]:
                dist[v] = dist[u] + near[u][v]
                parent[v] = u
    return dist, parent


def coins(values, amount):
    fewest = [inf] * (amount + 1)
    fewest[0] = 0
    for value in values:
        for x in range(value, amount + 1):
            fewest[x] = min(fewest[x], fewest[x - value] + 1)
    return fewest[amount] if fewest[amount] != inf else -1


def chain(sizes):
    count = len(sizes) - 1
    cost = [[0] * count for _ in range(count)]
    for length in range(2, count + 1):
        for i in range(count - length + 1):
            j = i + length - 1
            cost[i][j] = inf
            for k in range(i, j):
                here = cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1]
                if here < cost[i][j]:
                    cost[i][j] = here
    return cost[0][count - 1]


def between_all(near):
    dist = [[0 if i == j else near[i][j] for j in range(n)] for i in range(n)]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                dist[i][j] = min(dist[i][j], dist[i][k] + dist[k][j])
    return dist


near = [[math.inf] * n for _ in range(n)]
for i in range(n):
    for k in range(1, 3):
        near[i][(i * k + k) % n] = i * 7 % 5 + k
dist, parent = dijkstra(near, 0)
print(dist, parent)
print(coins([5, 3], n), coins([4, 6], 2 * n + 1), chain([i * 7 % 9 + 1 for i in range(n + 1)]))
whole = between_all(near)
print(whole[n - 1], max(dist), min(dist), sum(dist))
halves = []
for i in range(n):
    halves.append(i // 2 if i % 2 == 0 else i / 2)
print(halves, sum(halves), sorted(halves)[:3])
"""


def test_loops_over_them_take_as_many_launches_however_long_they_are(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path, elf = tmp_path / "program.py", str(tmp_path / "out.elf")
    path.write_text(PROGRAM)
    build(str(path), elf)
    counts = set()
    for n in ("5", "12"):
        count, printed = launches(elf, [n], capfd)
        assert printed == by_cpython(path, [n])[0]
        counts.add(count)
    assert len(counts) == 1


def test_every_executor_prints_what_cpython_prints(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    program = CompiledOnce(path)
    for on in ("ast", "ir", "vm"):
        assert difference(program.run(on, ["6"], ""), by_cpython(path, ["6"], "")) is None, on


@pytest.mark.parametrize("seed", range(12))
def test_random_programs_with_them(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "mixed.py"
    path.write_text(Mixed(seed).program())
    program = CompiledOnce(path)
    for on, n in (("emu", "1"), ("emu", "7"), ("ir", "4")):
        found = difference(program.run(on, [n], ""), by_cpython(path, [n], ""))
        assert found is None, (on, n, path.read_text())
