# args: kitten sitting
import sys


def distance(a, b):
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            current.append(
                min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (x != y))
            )
        previous = current
    return previous[-1]


a, b = sys.argv[1], sys.argv[2]
print(f"distance({a!r}, {b!r}) = {distance(a, b)}")
