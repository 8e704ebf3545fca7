# args: 70 41
import sys

import numpy as np

n, wanted = int(sys.argv[1]), int(sys.argv[2])
a = np.arange(n) * 37 % 71
x = (a - 35) / 7.0
items = [i * i % 97 for i in range(n)]


def first_index(values, value):
    for i in range(len(values)):
        if values[i] == value:
            return i
    return -1


def is_sorted(values):
    for i in range(1, len(values)):
        if values[i - 1] > values[i]:
            return False
    return True


def is_prime(k):
    for d in range(2, k):
        if k % d == 0:
            return False
        if d * d > k:
            return True
    return k > 1


for value in (wanted, 0, 1000, a[n - 1], a[0]):
    print(first_index(a, value), first_index(items, int(value)))
print(is_sorted(a), is_sorted(items), is_sorted(np.sort(a)), is_sorted(sorted(items)))
print([k for k in range(n) if is_prime(k)])

found = -1
for i in range(n):
    if x[i] > 4.5 and a[i] % 2 == 0:
        found = i
        break
else:
    found = -2
print(found)

first_negative = None
last = 0
for i in range(n):
    last = i
    if x[i] < 0:
        first_negative = i
        break
print(first_negative, last)

hits, where = 0, 0
for i in range(n):
    if a[i] == wanted or a[i] == 3:
        hits += 1
        where = i
        if hits == 2:
            break
print(hits, where)

x[n // 2] = np.nan
clean = True
for value in x:
    if value != value:
        clean = False
        break
print(clean)

matrix = a[: n // 7 * 7].reshape(7, -1)
for i in range(7):
    at = -1
    for j in range(matrix.shape[1]):
        if matrix[i, j] * 2 > 100 + i:
            at = j
            break
    print(i, at)

duplicate = None
for i in range(n):
    for j in range(i):
        if items[i] == items[j]:
            duplicate = i, j
            break
    if duplicate:
        break
print(duplicate)

try:
    for i in range(2 * n):
        if a[i] == 1000:
            print("no")
            break
except IndexError as error:
    print(error)
