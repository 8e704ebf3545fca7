# args: 7
import sys


def rows(count):
    row = [1]
    for _ in range(count):
        yield row
        row = [1] + [a + b for a, b in zip(row, row[1:])] + [1]


count = int(sys.argv[1])
for row in rows(count):
    print(" ".join(f"{value:3d}" for value in row).center(4 * count))


def rows_before(n):
    if n == 1:
        return [[1]]
    rows = rows_before(n - 1)
    return rows + [[1, *(a + b for a, b in zip(rows[-1], rows[-1][1:])), 1]]


print(rows_before(int(sys.argv[1])))
