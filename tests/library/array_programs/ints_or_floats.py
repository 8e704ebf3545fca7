"""Lists and numbers of which only run time knows whether they are ints or floats."""
import sys
import numpy as np

columns = {}
for argument in sys.argv[1:]:
    key, text = argument.split("=")
    columns.setdefault(key, []).append(float(text) if "." in text else int(text))
for key in sorted(columns):
    print(key, np.mean(columns[key]), np.sum(columns[key]), np.array(columns[key]) * 2)
values = np.sort(columns["a"])
if values.sum() > 4:
    values = values // 2
print(values, values.dtype, len(values))
try:
    first = columns["a"][0]
    print(np.arange(3) * first, np.float32(2) * first, np.arange(len(values)) + columns["b"])
except ValueError as error:
    print(error)
n = len(sys.argv)
whole, halves = np.arange(n), np.arange(n) / 2
one = (whole if n > 4 else halves).copy()
one[0] = 7
one[1:] += 2
other = one
other[2] = 9
for i in range(n):
    one[i] = one[i] * 2
print(one, other, whole, halves)
if n > 4:
    one = np.arange(n)
else:
    one = np.ones(n)
one[:2] -= 1
print(one, other)
order, left = [0], set(range(1, n))
while left:
    nearest = min(left, key=lambda j: (j * 3) % n)
    order.append(nearest)
    left.remove(nearest)
order = np.array(order)
print(np.concatenate([order[:2], order[2:][::-1]]), np.vstack((order, order[::-1])))
