# stdin: 1.0,2.0,ann
# stdin: 2.5,-1.0,bob
# stdin: 4.0,0.5,ann
"""A table of numbers and names from standard input, in groups."""

import sys

import numpy as np

lines = sys.stdin.readlines()
rows = [tuple(line.strip().split(",")) for line in lines]
table = np.loadtxt(lines, delimiter=",", usecols=(0, 1))
names = np.array([row[-1] for row in rows])
for name in np.unique(names):
    chosen = names == name
    print(f"{name}: {chosen.sum()} {table[chosen].mean(axis=0)}")
order = sorted(range(len(rows)), key=lambda i: -table[i, 1])
print(order, *table[order, 0], *np.frombuffer(rows[0][2].encode(), np.uint8))
people = np.array([(row[2], float(row[0])) for row in rows], [("name", "U5"), ("size", float)])
print(np.sort(people, order=["name", "size"]))
height, width = table.shape
print((table + 1).reshape(width, height), table.T.reshape(height, width) * 2)
