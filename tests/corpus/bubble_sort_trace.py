# args: 4 3 2 1
import sys

items = list(map(int, sys.argv[1:]))
swaps = 0
for end in range(len(items) - 1, 0, -1):
    changed = False
    for i in range(end):
        if items[i] > items[i + 1]:
            items[i], items[i + 1] = items[i + 1], items[i]
            swaps += 1
            changed = True
    print(items)
    if not changed:
        break
print(swaps, "swaps")
