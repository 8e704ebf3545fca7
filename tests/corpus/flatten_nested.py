# args: 1 2,3 4,5,6
import sys


def flatten(x):
    if isinstance(x, list):
        for item in x:
            yield from flatten(item)
    else:
        yield x


nested = [[int(v) for v in arg.split(",")] for arg in sys.argv[1:]]
print(nested, list(flatten(nested)))
print(list(flatten([1, [2, [3, [4, nested]]]])))
