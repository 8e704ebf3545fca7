"""Random programs on lists, dicts, sets, texts and deques that change as only run time knows.

In: a seed. Out: a program whose argument decides what it does. The one idea: every statement is a
row of a table, with places for numbers, names and conditions; errors are answers like others, so
nothing keeps a subscript in range.
"""

from __future__ import annotations

import random
import textwrap

HEAD = """
import sys
from collections import Counter, defaultdict, deque
n = int(sys.argv[1])
ws = sys.argv[2:]
xs = [3, 1, 2]
ys = [k * k % 7 for k in range(n + 1)]
names = ["b", "a", "cc"]
d = {"a": 1, "b": 2}
s = {1, 2, 5}
t = "Hello, wörld"
q = deque([1, 2, 3])
c = Counter("abca")
g = defaultdict(list)
m = [[0, 1], [2, 3, 4]]
x = 1
"""

SHOW = """
print(xs, ys, names)
print(d, sorted(s), repr(t))
print(q, sorted(c.items()), dict(g))
print(m, x, ws)
"""

SIMPLE = """
xs.append({i})
xs.append(x)
xs.insert({i}, {j})
xs.sort()
xs.sort(reverse={c})
xs.reverse()
xs.extend(ys)
xs += [{i}, n]
xs[{i}] = {j}
xs[{i}:{j}] = [n, {k}]
del xs[{i}]
x = xs.pop()
x = xs.pop({i})
x = sum(xs)
x = max(xs, default=0) - min(ys)
x = len(xs) + len(d) + len(s) + len(t)
x = xs.index({j}) if {j} in xs else -1
x = xs.count({j})
ys = xs[::-1]
ys = xs + [x]
ys = sorted(xs, key=lambda v: (-v % 5, v))
ys = [v + 1 for v in xs if v % 2 == {i} % 2]
ys = list(map(abs, xs))
ys.append(n)
names.append(t[{i}:{j}])
names.append({w})
names.sort(key=len)
names = [w.upper() for w in names if {w} not in w]
names[{i}] = {w} * {j}
names = t.split({w})
names = sorted(set(names))
x = names.count({w})
d[{w}] = x
d[{w}] = d.get({w}, {i}) + 1
d.pop({w}, None)
x = d[{w}]
del d[{w}]
d.setdefault({w}, n)
d.update({{{w}: {i}}})
d = {{k: v for k, v in d.items() if v != {i}}}
d = {{v: k for k, v in enumerate(names)}}
x = sum(d.values())
names = list(d)
s.add(x)
s.add({i})
s.discard({i})
s |= {{n, {i}}}
s = s & set(xs)
s = {{v % 5 for v in xs}}
x = len(s - set(ys))
t = t.replace({w}, str(x))
t = t.upper() if {c} else t.lower()
t = t + str(x)
t = t[::-1]
t = t[{i}]
t = t.center({j} + 5, "*")
t = ",".join(names)
t = f"{{x:>{j}}}|{{t!r}}|{{d}}"
t = "%d-%s" % (len(t), t[:{j}])
t = "".join(sorted(t))
x = t.find({w})
x = ord(t[{i}])
x = t.count({w})
q.append(x)
q.appendleft({i})
x = q.popleft()
x = q.pop()
q.rotate({i})
q.extend(xs)
c[{w}] += 1
c.update(t)
x = c[{w}]
names = [w for w, _ in c.most_common({j})]
g[{w}].append(x)
g[{w}].extend(ys)
x = len(g[{w}])
m.append([x])
m[{i}].append(x)
m[{i}][{j}] = n
x = m[{i}][{j}]
m = [row + [{i}] for row in m]
m = [list(row) for row in zip(*m)]
x = sum(len(row) for row in m)
x = x * {i} + n
x = x % 97
x, n = n, x % 11
ws.append({w})
x = len(ws)
names = names + ws
a, b = names[:2]; names = [b, a]
first, *xs = xs
print(x, t)
print(*xs, sep={w})
print(xs == ys, x in s, {w} in d, {w} in t)
""".strip().splitlines()

HEADS = """
if {c}:
if x > {i}:
if {w} in d:
if xs:
if t.startswith({w}):
for v in xs[:]:
for v in range(n):
for w in names[:]:
for k, v in list(d.items()):
for ch in t[:{j}]:
for v in sorted(s):
while x > {i} and len(xs) < 9:
try:
""".strip().splitlines()


class Writer:
    """Writes one program."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def program(self) -> str:
        lines = [line for _ in range(self.random.randint(3, 7)) for line in self.statement(2)]
        return HEAD + "\n".join(lines) + SHOW

    def statement(self, depth: int) -> list[str]:
        if depth and self.random.random() < 0.45:
            head = self.filled(self.random.choice(HEADS))
            body = [line for _ in range(self.random.randint(1, 3))
                    for line in self.statement(depth - 1)]  # fmt: skip
            if head.startswith("while"):
                body += ["x -= 1 + abs(x) // 2", "xs.append(x)"]
            lines = [head, *textwrap.indent("\n".join(body), "    ").splitlines()]
            if head == "try:":
                errors = self.random.choice(["KeyError", "IndexError", "ValueError", "Exception",
                                             "(LookupError, ValueError)"])  # fmt: skip
                lines += [f"except {errors} as error:", "    print(type(error).__name__)"]
            return lines
        return [self.filled(self.random.choice(SIMPLE))]

    def filled(self, row: str) -> str:
        choose = self.random.choice
        return row.format(
            i=choose([0, 1, 2, -1, 4]), j=choose([1, 2, 3]), k=choose([0, 7]),
            w=choose(['"a"', '"b"', '"l"', '"zz"', '","', '""']),
            c=choose(["n > 2", "n % 2 == 0", "len(xs) > 3", "True", "len(ws) > 1"]),
        )  # fmt: skip


ARGUMENTS = (["0"], ["3", "a", "bb"], ["5", "b"])
