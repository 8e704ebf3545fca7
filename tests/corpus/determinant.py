# args: 3
import sys


def minor(m, i, j):
    return [row[:j] + row[j + 1 :] for k, row in enumerate(m) if k != i]


def det(m):
    if len(m) == 1:
        return m[0][0]
    return sum((-1) ** j * m[0][j] * det(minor(m, 0, j)) for j in range(len(m)))


x = int(sys.argv[1])
m = [[2, x, 1], [0, 3, -1], [4, 1, x]]
print(det(m))
print(det([[1, 2], [3, 4]]))
