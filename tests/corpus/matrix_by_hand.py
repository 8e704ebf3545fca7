# args: 2
import sys


def multiply(a, b):
    return [
        [sum(a[i][k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))]
        for i in range(len(a))
    ]


def transpose(m):
    return [list(row) for row in zip(*m)]


def show(m):
    for row in m:
        print(" ".join(f"{value:6.1f}" for value in row))
    print()


factor = float(sys.argv[1])
a = [[1, 2, 3], [4, 5, 6]]
b = [[factor * value for value in row] for row in transpose(a)]
show(b)
show(multiply(a, b))
