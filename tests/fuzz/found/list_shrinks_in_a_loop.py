"""A kernel lost what made a list shorter, its type being the same."""

import sys

n = int(sys.argv[1])
xs = [7, 7, 0, 1]
count = 0
while count < n - 1:
    count += 1
for _ in range(n):
    if len(xs) > 3:
        xs.pop()
ys = xs
ys[2] = n
print(xs, ys, count)
for _ in range(n):
    if len(xs) > 2:
        xs[0] = 5
        del xs[0]
print(xs)
for i in range(n):
    if len(xs) < 5:
        xs.append(i)
print(xs)
