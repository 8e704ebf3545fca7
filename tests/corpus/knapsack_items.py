# args: 10
# stdin: 2 3 4 5
# stdin: 3 4 5 6
import sys
from typing import NamedTuple


class Item(NamedTuple):
    weight: int
    value: int


def knapsack(items: list[Item], capacity: int):
    best = [0] * (capacity + 1)
    keep = [[False] * (capacity + 1) for _ in items]
    for i, item in enumerate(items):
        for c in range(capacity, item.weight - 1, -1):
            candidate = best[c - item.weight] + item.value
            if candidate > best[c]:
                best[c] = candidate
                keep[i][c] = True
    chosen, c = [], capacity
    for i in reversed(range(len(items))):
        if keep[i][c]:
            chosen.append(i)
            c -= items[i].weight
    return best[capacity], chosen[::-1]


capacity = int(sys.argv[1])
weights = [int(x) for x in input().split()]
values = [int(x) for x in input().split()]
assert len(weights) == len(values), "weights and values differ in number"
items = [Item(w, v) for w, v in zip(weights, values)]
total, chosen = knapsack(items, capacity)
print("best", total)
for i in chosen:
    print(f"  item {i}: {items[i]}")
print(sorted(items, key=lambda it: (-it.value / it.weight, it.weight)))
print(max(items), items[0]._replace(value=99))
