"""Queues and stacks that a `while` lengthens and shortens: a few launches, whatever is in them."""

from __future__ import annotations

import io
from pathlib import Path

from random_loops import run_cpython

from fleet.asm.objects.elf import read_elf
from fleet.driver import build
from fleet.emulation import EmulatedDevice
from fleet.host import Host
from fleet.vm.bytecode import SECTION, decode
from fleet.vm.machine import Machine

PROGRAM = """
import sys

n = int(sys.argv[1])
near = [[(i * 3 + 1) % n, (i * 5 + 2) % n, (i + 7) % n] for i in range(n)]


def reached(start):
    found = [-1] * n
    found[start] = 0
    queue = [start]
    for u in queue:
        for v in near[u]:
            if found[v] == -1:
                found[v] = found[u] + 1
                queue.append(v)
    return found, queue


found, queue = reached(0)
print(max(found), sum(found), len(queue), queue[:4])

waiting, first = [1], 0
seen = [False] * n
while first < len(waiting):
    u = waiting[first]
    first += 1
    if seen[u]:
        continue
    seen[u] = True
    for v in near[u]:
        if not seen[v]:
            waiting.append(v)
print(len(waiting), waiting[-3:], first)

stack, order, count = [0, 1], [], [0] * n
while stack:
    u = stack.pop()
    if count[u] > 1:
        continue
    count[u] += 1
    order.append(u)
    for v in near[u]:
        if count[v] == 0:
            stack.append(v)
print(len(order), order[:6], sum(count), stack)
"""
TAKEN_FROM_THE_FRONT = """
queue, k, total = [0, 3], 0, 0
while queue and k < n:
    u = queue.pop(0)
    total += u * k
    k += 1
    if u < n:
        queue.append(u + 2)
        queue.insert(1, u + k)
print(k, total, queue[:5])
"""
ANOTHER_LIST = """
items, i = [0] * 3, 0
for u in items:
    i += 1
    if i > n:
        break
    items.append(u)
    items = list(items)
print(i, items)
kept, i = [0], 0
for u in kept:
    i += 1
    if len(kept) > 2 and u % 2 == 0:
        kept = kept[:-1]
    kept.append(u // 2)
    if i > n:
        break
print(i, kept)
"""
"""The loops go over the lists that there were."""
STACKS_IN_COUNTED_LOOPS = """
import sys

n = int(sys.argv[1])
heights = [(i * 7 + i * i) % 11 for i in range(n)]


def greater(a):
    found, stack = [-1] * len(a), []
    for i in range(len(a)):
        while stack and a[stack[-1]] < a[i]:
            found[stack.pop()] = a[i]
        stack.append(i)
    return found, stack


def spans(prices):
    stack, result = [], []
    for i, price in enumerate(prices):
        while len(stack) > 0 and prices[stack[-1]] <= price:
            stack.pop()
        result.append(i + 1 if not stack else i - stack[-1])
        stack.append(i)
    return result


def water(height):
    stack, total = [], 0
    for i in range(len(height)):
        while stack and height[i] > height[stack[-1]]:
            top = stack.pop()
            if not stack:
                break
            width = i - stack[-1] - 1
            total += width * (min(height[i], height[stack[-1]]) - height[top])
        stack.append(i)
    return total


def rectangle(heights):
    stack, best = [-1], 0
    for i in range(len(heights)):
        while stack[-1] != -1 and heights[stack[-1]] >= heights[i]:
            h = heights[stack.pop()]
            best = max(best, h * (i - stack[-1] - 1))
        stack.append(i)
        if i % 5 == 4:
            stack.append(i)
            stack.pop()
    while stack[-1] != -1:
        h = heights[stack.pop()]
        best = max(best, h * (len(heights) - stack[-1] - 1))
    return best


def smaller(a, k):
    for j in range(k):
        kept = [j, j + 1]
        for x in a:
            while kept and kept[-1] > x:
                kept.pop()
                if len(kept) > 3:
                    kept.pop()
            kept.append(x)
            kept.append(x + j)
        print(j, len(kept), kept[-3:])


found, left = greater(heights)
print(found[:8], len(left), left[-2:], sum(found))
print(spans(heights)[:9], water(heights), rectangle(heights))
smaller(heights, 3)
windows, k = [], 4
queue, front = [], 0
for i in range(n):
    while len(queue) > front and heights[queue[-1]] <= heights[i]:
        queue.pop()
    queue.append(i)
    if queue[front] <= i - k:
        front += 1
    if i >= k - 1:
        windows.append(heights[queue[front]])
print(windows[:10], len(queue), front)
"""


def test_they_are_what_they_are_in_python(tmp_path: Path) -> None:
    for text in (PROGRAM + TAKEN_FROM_THE_FRONT + ANOTHER_LIST, STACKS_IN_COUNTED_LOOPS):
        compare(text, tmp_path)


def compare(text: str, folder: Path) -> None:
    path, elf = folder / "queues.py", str(folder / "queues.elf")
    path.write_text(text)
    build(str(path), elf)
    image = read_elf(elf)
    program = decode(image.data(image.section(SECTION)), elf)
    for argument in ("9", "300"):
        printed = io.StringIO()
        machine = Machine(program, EmulatedDevice(elf), Host([elf, argument], stdout=printed))
        machine.run()
        assert printed.getvalue() == run_cpython(path, argument).printed
        assert machine.statistics.launches.total() < 90
