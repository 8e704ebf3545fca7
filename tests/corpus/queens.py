# args: 5
import sys


def place(row, n, columns, left, right, queens, found):
    if row == n:
        found.append(list(queens))
        return
    for column in range(n):
        if column in columns or row + column in left or row - column in right:
            continue
        queens.append(column)
        place(
            row + 1, n, columns | {column}, left | {row + column}, right | {row - column},
            queens, found,
        )  # fmt: skip
        queens.pop()


n = int(sys.argv[1])
found = []
place(0, n, set(), set(), set(), [], found)
print(len(found), "solutions")
for column in found[0]:
    print("." * column + "Q" + "." * (n - column - 1))
