# args: 5
import sys


def solve(n, row=0, cols=(), d1=(), d2=()):
    if row == n:
        yield cols
        return
    for col in range(n):
        if col not in cols and row + col not in d1 and row - col not in d2:
            yield from solve(n, row + 1, cols + (col,), d1 + (row + col,), d2 + (row - col,))


n = int(sys.argv[1])
solutions = list(solve(n))
print(len(solutions))
for s in solutions[:2]:
    for c in s:
        print("." * c + "Q" + "." * (n - c - 1))
    print()
