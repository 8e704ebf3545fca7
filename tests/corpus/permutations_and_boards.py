# args: 4
import sys

n = int(sys.argv[1])


def permutations(items):
    if len(items) <= 1:
        return [items]
    result = []
    for i in range(len(items)):
        rest = items[:i] + items[i + 1:]
        for p in permutations(rest):
            result.append([items[i]] + p)
    return result


found = permutations(list(range(1, n + 1)))
print(len(found), found[0], found[-1])


def subsets(items):
    result = [[]]
    for x in items:
        result += [s + [x] for s in result]
    return result


print(subsets(list(range(n))))


def combine(start, k, path, out):
    if len(path) == k:
        out.append(path[:])
        return
    for i in range(start, n + 1):
        path.append(i)
        combine(i + 1, k, path, out)
        path.pop()


out = []
combine(1, 2, [], out)
print(out)


def queens(row, cols, placed):
    if row == n:
        return [placed]
    boards = []
    for c in range(n):
        if all(c != pc and abs(c - pc) != row - pr for pr, pc in enumerate(placed)):
            boards += queens(row + 1, cols | {c}, placed + [c])
    return boards


for board in queens(0, set(), []):
    for c in board:
        print("." * c + "Q" + "." * (n - c - 1))
    print()
