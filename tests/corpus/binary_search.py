# args: 23
import sys


def search(items, wanted):
    lo, hi = 0, len(items) - 1
    steps = 0
    while lo <= hi:
        steps += 1
        middle = (lo + hi) // 2
        if items[middle] == wanted:
            return middle, steps
        if items[middle] < wanted:
            lo = middle + 1
        else:
            hi = middle - 1
    return None, steps


table = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31]
wanted = int(sys.argv[1])
place, steps = search(table, wanted)
if place is None:
    print(wanted, "is not there,", steps, "steps")
else:
    print(wanted, "is at", place, "after", steps, "steps")
