import sys


def sift(xs, lo, hi):
    while (child := 2 * lo + 1) < hi:
        if child + 1 < hi and xs[child] < xs[child + 1]:
            child += 1
        if xs[lo] >= xs[child]:
            return
        xs[lo], xs[child] = xs[child], xs[lo]
        lo = child


def last(n):
    at = 0
    while (found := at * 2 + n % 3) < 9:
        if found % 4 == n:
            break
        at = found + 1
    return found, at


n = int(sys.argv[1])
numbers = [1, 2, n, 4, 5, 3]
sift(numbers, 0, n % 7)
print(numbers, last(n), last(2))
