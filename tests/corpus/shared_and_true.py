# args: 3
# What is shared stays shared in copies; instances say whether they are true, and what adds to them.
from __future__ import annotations

import bisect
import copy
import functools
import sys


class Size:
    def __init__(self, v):
        self.v = v

    def __len__(self):
        return self.v

    def __add__(self, other):
        return Size(self.v + other.v) if isinstance(other, Size) else NotImplemented

    __radd__ = __add__

    def __repr__(self):
        return f"Size({self.v})"


class Flag(Size):
    def __bool__(self):
        return self.v > 1


@functools.singledispatch
def show(x):
    return f"? {x}"


@show.register
def _(x: int):
    return f"int {x}"


n = int(sys.argv[1])
rows = [[i] for i in range(n)]
made = copy.deepcopy([rows, rows[-1]])
made[1].append(7)
both = copy.deepcopy({"a": rows[0], "b": [rows[0], n]})
both["a"].append(9)
print(made, rows, both)
sizes, flags = [Size(i) for i in range(n)], [Flag(i) for i in range(n)]
print(all(sizes), any(flags), list(filter(None, sizes)), [x for x in flags if x], not flags[0])
print(sum(sizes, Size(1)), sum(sizes[1:], sizes[0]))
try:
    print(sum(sizes))
except TypeError as error:
    print(error)
print("FDCBA"[bisect.bisect((60, 70, 80, 90), n * 28)], (1, n, 3).index(n), show(n), show("x"))
print(show.registry[int].__annotations__, Size(n).__len__.__func__.__get__(sizes[1])())
